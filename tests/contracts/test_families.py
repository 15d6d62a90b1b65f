"""What every family promises, tried over the list of families."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from modelcollapse import InputError, NoAnswerError
from modelcollapse.families import (
    FAMILIES,
    Categorical,
    Components,
    Exponential,
    Gaussian,
    Laplace,
    LinearRegression,
    Logistic,
    Mixture,
    NGram,
    NormalMixture,
    Poisson,
    ScaleFamily,
    ScipyDistribution,
    ShiftedExponential,
    Smoothed,
    SmoothedNGram,
    Student,
    Uniform,
    UniformRange,
)
from modelcollapse.families.text_family import TextFamily
from modelcollapse.start import Corpus, Known, Parameters
from modelcollapse.text_corpus import TextCorpus

# A start that suits each family; a family without one fails the first test.
TEXT = TextCorpus.from_sentences([[0, 1, 2, 0], [3, 1, 2, 1, 4], [0, 1, 0, 2]])
PLACED = Parameters(location=5.0, scale=2.0)
STARTS = {
    Categorical: Corpus([3, 0, 5, 1, 11]),
    Smoothed: Corpus([3, 2, 5, 1, 11]),
    Poisson: Parameters(rate=3.0),
    Gaussian: Parameters(mean=5.0, scale=2.0),
    Exponential: Parameters(scale=2.0),
    ShiftedExponential: PLACED,
    Uniform: Parameters(scale=2.0),
    UniformRange: PLACED,
    Laplace: PLACED,
    Logistic: PLACED,
    Student: PLACED,
    Mixture: Parameters(mean=5.0, scale=2.0),
    NormalMixture: Components([0.5, 0.5], means=[-1.0, 1.0], covariances=[3.0, 3.0]),
    LinearRegression: Parameters(weight=2.0),
    ScipyDistribution: PLACED,
    NGram: TEXT,
    SmoothedNGram: TEXT,
}
ALIEN = dict.fromkeys([Categorical, Smoothed], Parameters(rate=3.0))
# Families whose estimate from a pool is the mean of the estimates, weighted by their numbers of data.
LINEAR = {Categorical, Poisson, Exponential}
# Relative accuracy of estimates that are found by iteration.
FIT_ACCURACY = {Logistic: 1e-10, Student: 1e-7, NormalMixture: 1e-9, ScipyDistribution: 1e-4}


def numbers(family, model):
    """A model as one array, replicates along the first axis: of text, the frequencies of its words."""
    return family.frequencies(model) if isinstance(family, TextFamily) else model


EVERY = pytest.mark.parametrize("family", [family() for family in FAMILIES], ids=lambda family: family.name)


@EVERY
def test_is_a_frozen_value_with_a_start(family):
    assert type(family) in STARTS
    assert is_dataclass(family)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        family.something = 1
    assert family.to_dict()["name"] == family.name
    assert set(family.to_dict()) == {"name", *(field.name for field in fields(family))}
    assert family == type(family)()
    assert hash(family) == hash(type(family)())


@EVERY
def test_sample_and_fit_keep_the_replicates_apart(family):
    model = family.initial(STARTS[type(family)], replicates=7)
    batch = family.sample(model, 50, np.random.default_rng(1))
    fitted = numbers(family, family.fit(batch))
    assert fitted.shape == numbers(family, model).shape
    assert len({row.tobytes() for row in fitted}) > 1
    sizes = np.arange(3, 10)
    again = family.fit(family.sample(model, sizes, np.random.default_rng(1)))
    assert numbers(family, again).shape == fitted.shape


@EVERY
def test_the_generator_decides(family):
    model = family.initial(STARTS[type(family)], replicates=3)
    first, second, other = (
        numbers(family, family.fit(family.sample(model, 50, np.random.default_rng(seed)))) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@EVERY
def test_merged_batches_weigh_as_their_data(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    rng = np.random.default_rng(3)
    small, large = family.sample(model, 10, rng), family.sample(model, 30, rng)
    pooled = family.fit(family.merge([small, large], [1, 1]))
    thrice = family.fit(family.merge([small, large], [3, 1]))
    again = family.fit(family.merge([small, large, small, small], [1, 1, 1, 1]))
    accuracy = FIT_ACCURACY.get(type(family), 1e-12)
    np.testing.assert_allclose(numbers(family, thrice), numbers(family, again), rtol=accuracy)
    if type(family) in LINEAR:
        np.testing.assert_allclose(pooled, (family.fit(small) + 3 * family.fit(large)) / 4, rtol=1e-12)
        np.testing.assert_allclose(thrice, (family.fit(small) + family.fit(large)) / 2, rtol=1e-12)


@EVERY
def test_an_empty_batch_adds_nothing(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    some, none = (family.sample(model, size, np.random.default_rng(3)) for size in (10, 0))
    both = family.fit(family.merge([some, none], [1, 1]))
    np.testing.assert_allclose(numbers(family, both), numbers(family, family.fit(some)), rtol=1e-12)


@EVERY
def test_all_of_a_batch_is_a_subsample(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    batch = family.sample(model, 40, np.random.default_rng(4))
    whole = family.subsample(batch, 40, np.random.default_rng(5))
    np.testing.assert_array_equal(numbers(family, family.fit(whole)), numbers(family, family.fit(batch)))


@EVERY
def test_a_start_of_another_kind_is_refused(family):
    with pytest.raises(InputError, match="`start`"):
        family.initial(ALIEN.get(type(family), Corpus([1, 2])), 1)


@EVERY
def test_inputs_are_left_alone(family):
    model = family.initial(STARTS[type(family)], replicates=2)
    before = np.array(numbers(family, model))
    batch = family.sample(model, 20, np.random.default_rng(5))
    fitted = np.array(numbers(family, family.fit(batch)))
    family.merge([batch, batch], [1, 2])
    family.subsample(batch, 7, np.random.default_rng(5))
    np.testing.assert_array_equal(numbers(family, model), before)
    np.testing.assert_array_equal(numbers(family, family.fit(batch)), fitted)


@EVERY
def test_counts_its_values(family):
    start = STARTS[type(family)]
    assert family.values_per_replicate(start) == family.initial(start, 1).size


@EVERY
def test_location_and_scale_are_read_off(family):
    if not isinstance(family, ScaleFamily):
        return
    model = family.initial(STARTS[type(family)], replicates=4)
    assert family.location(model).shape == (4, 1)
    assert np.all(family.location(model) == (5.0 if len(family.parameters) == 2 else 0.0))
    np.testing.assert_array_equal(family.scale(model), np.full(4, 2.0))


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


def test_poisson_follows_its_law():
    """Sums of 5 data of rate 0.6 against Poisson(3), chi-square over 0..7 and the rest; false-alarm rate 1e-6."""
    model = Poisson().initial(Parameters(rate=0.6), 40_000)
    batch = Poisson().sample(model, 5, np.random.default_rng(6))
    observed = np.bincount(np.minimum(batch.total[:, 0], 8).astype(int), minlength=9)

    def chi_square(mean):
        law = np.exp(-mean) * np.cumprod([1.0, *(mean / np.arange(1, 8))])
        expected = 40_000 * np.append(law, 1 - law.sum())
        return ((observed - expected) ** 2 / expected).sum()

    limit = 42.7  # 8 degrees of freedom
    assert chi_square(3.0) < limit
    assert chi_square(3.1) > limit


def test_poisson_subsample_thins_the_sum():
    """Given the sum of 20 data, that of 5 of them is binomial: mean and variance of 100,000; |z| < 5."""
    family = Poisson()
    batch = family.sample(family.initial(Parameters(rate=2.0), 1), 20, np.random.default_rng(1))
    total = float(batch.total[0, 0])
    many = type(batch)(np.full((100_000, 1), total), np.full((100_000, 1), 20.0))
    part = family.subsample(many, 5, np.random.default_rng(2))
    assert np.all(part.size == 5)
    variance = total * 0.25 * 0.75
    assert abs(part.total.mean() - total / 4) < 5 * np.sqrt(variance / 100_000)
    assert abs(part.total.var() / variance - 1) < 5 * np.sqrt(2 / 100_000)


def test_poisson_refuses_what_it_cannot_do():
    family = Poisson()
    batch = family.sample(family.initial(Parameters(rate=2.0), 1), 20, np.random.default_rng(1))
    with pytest.raises(NoAnswerError, match="subsample"):
        family.subsample(family.merge([batch, batch], [1, 1]), 5, np.random.default_rng(1))
    with pytest.raises(InputError, match="`rate`"):
        family.initial(Parameters(rate=-1.0), 1)
    with pytest.raises(InputError, match="`start`"):
        family.initial(Parameters(rate=1.0, scale=2.0), 1)
    with pytest.raises(InputError, match="9e\\+18"):
        family.sample(family.initial(Parameters(rate=1e30), 1), 20, np.random.default_rng(1))
