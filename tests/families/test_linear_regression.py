"""Linear regression: squares and products against the rows themselves and NumPy's least squares."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from modelcollapse import InputError, NoAnswerError, Parameters, Recursion
from modelcollapse.families import LinearRegression
from modelcollapse.families.data import Data
from modelcollapse.simulate.generic import values_held
from modelcollapse.simulate.loop import snapshots
from modelcollapse.start import Corpus, Empirical
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshCount, FreshMix, Replace

START = Parameters(weight=2.0)


def rows_of(family, weights, number, rng):
    """Rows of one replicate, drawn and kept; the response is last."""
    origin, values = family.draw(np.asarray(weights, dtype=float)[None, :], number, rng)
    return values[0] + origin[0]


def least_squares(rows, counts=None):
    root = np.ones(len(rows)) if counts is None else np.sqrt(counts)
    return np.linalg.lstsq(root[:, None] * rows[:, :-1], root * rows[:, -1], rcond=None)[0]


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_fit_is_that_of_the_rows(dimension):
    family, rng = LinearRegression(dimension, noise=0.3), np.random.default_rng(1)
    rows = rows_of(family, np.arange(1.0, dimension + 1.0), 9, rng)
    fitted = family.fit(family.summarise(Data(np.zeros((1, 1, dimension + 1)), rows[None])))[0]
    np.testing.assert_allclose(fitted, least_squares(rows), rtol=1e-12)
    counts = rng.integers(0, 4, size=9).astype(float) + np.r_[np.ones(dimension), np.zeros(9 - dimension)]
    weighted = family.fit(family.summarise(Data(np.zeros((1, 1, dimension + 1)), rows[None], counts[None])))[0]
    np.testing.assert_allclose(weighted, least_squares(rows, counts), rtol=1e-10)


def test_pools_of_several_models_are_those_of_their_rows():
    """Errors are taken from one origin; weights may be fractions, and batches may have fewer rows than features."""
    family, rng = LinearRegression(3, noise=0.5), np.random.default_rng(2)
    parts = [rows_of(family, weights, n, rng) for weights, n in (((1, 2, 3), 8), ((-4, 0, 2), 2), ((1e3, 1, 1), 1))]
    batches = [family.summarise(Data(np.zeros((1, 1, 4)), rows[None])) for rows in parts]
    # The same batches, as if each had been drawn from weights of its own.
    for place, origin in enumerate(([0.5, 2.0, 3.0], [-4.0, 0.0, 2.0], [1e3, 1.0, 1.0])):
        moved = batches[place].factor.copy()
        moved[:, -1, :] -= np.einsum("ri,rij->rj", np.array([origin]), moved[:, :-1, :])
        batches[place] = batches[place]._replace(origin=np.array([origin]), factor=moved)
    counts = np.repeat([0.25, 1.0, 2.0], [8, 2, 1])
    pooled = family.fit(family.merge(batches, [0.25, 1.0, 2.0]))[0]
    np.testing.assert_allclose(pooled, least_squares(np.concatenate(parts), counts), rtol=1e-10)


WORKFLOWS = [Replace(), Accumulate(), FreshMix(0.4), FreshCount(3), FixedReal(0.5), AccumulateSubsample(6)]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_compressed_batches_have_the_law_of_the_rows(workflow):
    """Three features, generation 3, 20,000 replicates: Kolmogorov-Smirnov of each weight, 1e-7; other noise is caught.

    What subsamples a pool keeps its rows either way: there it is a check of the plain route alone.
    """
    start = Empirical(START, 9) if isinstance(workflow, FixedReal) else START

    def weights(family, seed):
        recursion = Recursion(family, start, 8, workflow)
        *_, last = snapshots(recursion, 3, 20_000, np.random.default_rng(seed))
        return last.model

    ours = weights(LinearRegression(3), 1)
    theirs, wrong = (weights(LinearRegression(3, noise).uncompressed(), 2) for noise in (1.0, 1.25))
    assert min(ks_2samp(a, b).pvalue for a, b in zip(ours.T, theirs.T, strict=True)) > 1e-7
    assert min(ks_2samp(a, b).pvalue for a, b in zip(ours.T, wrong.T, strict=True)) < 1e-7


def test_a_part_of_a_batch_has_the_law_of_some_of_its_rows():
    """Weights of 6 of the 9 rows beside those of all: Kolmogorov-Smirnov of both and of their difference, 1e-7."""
    family, many = LinearRegression(2), 30_000
    kept = family.uncompressed()

    def both(model, seed, size):
        rng = np.random.default_rng(seed)
        batch = model.sample(model.initial(START, many), 9, rng)
        part, whole = model.fit(model.subsample(batch, size, rng)), model.fit(batch)
        return np.concatenate([part, whole, part - whole], axis=1)

    ours, theirs, wrong = both(family, 1, 6), both(kept, 2, 6), both(kept, 2, 7)
    assert min(ks_2samp(a, b).pvalue for a, b in zip(ours.T, theirs.T, strict=True)) > 1e-7
    assert min(ks_2samp(a, b).pvalue for a, b in zip(ours.T, wrong.T, strict=True)) < 1e-7


def test_small_errors_keep_their_digits_beside_large_weights():
    family = LinearRegression(2, noise=1e-6)
    recursion = Recursion(family, Parameters(weight=1e6), 20, Accumulate())
    *_, last = snapshots(recursion, 30, 200, np.random.default_rng(1))
    away = last.model - 1e6
    assert np.all(np.abs(away) < 1e-4)
    assert np.abs(away).max() > 1e-7


def test_blocks_make_room_for_the_squares():
    """A batch of 1,000 features has a million numbers, a model a thousand: blocks must be small."""
    wide = Recursion(LinearRegression(1000), START, 2000)
    assert values_held(wide, 5) > 10**6


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: LinearRegression(0), "`dimension` is 0"),
        (lambda: LinearRegression(1001), "`dimension` is 1001"),
        (lambda: LinearRegression(1.5), "`dimension` is 1.5"),
        (lambda: LinearRegression(2, 0.0), "`noise` is 0.0"),
        (lambda: LinearRegression(2, -1.0), "`noise` is -1.0"),
        (lambda: LinearRegression(2, float("nan")), "`noise` is nan"),
        (lambda: LinearRegression(2, float("inf")), "`noise` is inf"),
        (lambda: LinearRegression().initial(Corpus([1, 2]), 1), "`start`.*weight"),
        (lambda: LinearRegression().initial(Parameters(weight=1.0, scale=1.0), 1), "`start`.*weight"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()


def test_fewer_rows_than_features_have_no_fit():
    family, rng = LinearRegression(3), np.random.default_rng(1)
    model = family.initial(START, 2)
    two = family.sample(model, 2, rng)
    with pytest.raises(InputError, match="`sample_size` is 2, but must be at least 3"):
        family.fit(two)
    with pytest.raises(InputError, match="`sample_size` is 2"):
        family.fit(family.merge([two], [5.0]))
    assert np.isfinite(family.fit(family.merge([two, family.sample(model, 1, rng)], [1.0, 1.0]))).all()


def test_what_no_longer_knows_its_rows_is_not_subsampled():
    family, rng = LinearRegression(3), np.random.default_rng(1)
    model = family.initial(START, 2)
    batch, few = family.sample(model, 9, rng), family.sample(model, 3, rng)
    for held in (family.merge([batch, batch], [1, 1]), few):
        with pytest.raises(NoAnswerError, match="uncompressed"):
            family.subsample(held, 2, rng)
