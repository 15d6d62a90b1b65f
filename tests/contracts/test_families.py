"""What every family promises, tried over the list of families."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from modelcollapse.families import FAMILIES, Categorical
from modelcollapse.start import Corpus, Known

# A start that suits each family; a family without one fails the first test.
STARTS = {Categorical: Corpus([3, 0, 5, 1, 11])}
EVERY = pytest.mark.parametrize("family", [family() for family in FAMILIES], ids=lambda family: family.name)


@EVERY
def test_is_a_frozen_value_with_a_start(family):
    assert type(family) in STARTS
    assert is_dataclass(family)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        family.something = 1
    assert family.to_dict()["name"] == family.name
    assert set(family.to_dict()) == {"name", *(field.name for field in fields(family))}


@EVERY
def test_sample_and_fit_keep_the_replicates_apart(family):
    model = family.initial(STARTS[type(family)], replicates=7)
    batch = family.sample(model, 50, np.random.default_rng(1))
    fitted = family.fit(batch)
    assert fitted.shape == model.shape
    assert len({row.tobytes() for row in fitted}) > 1
    sizes = np.arange(1, 8)
    assert family.fit(family.sample(model, sizes, np.random.default_rng(1))).shape == model.shape


@EVERY
def test_the_generator_decides(family):
    model = family.initial(STARTS[type(family)], replicates=3)
    first, second, other = (family.fit(family.sample(model, 50, np.random.default_rng(seed))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@EVERY
def test_merged_batches_weigh_as_their_data(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    rng = np.random.default_rng(3)
    small, large = family.sample(model, 10, rng), family.sample(model, 30, rng)
    pooled = family.fit(family.merge([small, large], [1, 1]))
    np.testing.assert_allclose(pooled, (family.fit(small) + 3 * family.fit(large)) / 4, rtol=1e-12)
    doubled = family.fit(family.merge([small, large], [3, 1]))
    np.testing.assert_allclose(doubled, (family.fit(small) + family.fit(large)) / 2, rtol=1e-12)


@EVERY
def test_all_of_a_batch_is_a_subsample(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    batch = family.sample(model, 40, np.random.default_rng(4))
    whole = family.subsample(batch, 40, np.random.default_rng(5))
    np.testing.assert_array_equal(family.fit(whole), family.fit(batch))


@EVERY
def test_counts_its_values(family):
    start = STARTS[type(family)]
    assert family.values_per_replicate(start) == family.initial(start, 1).size


def test_categorical_follows_the_multinomial_law():
    """Chi-square over all 3 symbols and 40,000 draws; false-alarm rate 1e-6. A wrong law is caught."""
    truth = np.array([0.2, 0.3, 0.5])
    model = Categorical().initial(Known(truth), 1)
    counts = Categorical().sample(model, 40_000, np.random.default_rng(6))[0]

    def chi_square(law):
        return ((counts - 40_000 * law) ** 2 / (40_000 * law)).sum()

    limit = 27.6  # 2 degrees of freedom: exp(-27.6 / 2) = 1e-6
    assert chi_square(truth) < limit
    assert chi_square(np.array([0.215, 0.3, 0.485])) > limit
