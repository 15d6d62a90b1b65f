"""Intervals: against SciPy's own, and their coverage."""

import numpy as np
import pytest
from scipy.stats import binomtest, t

from modelcollapse.simulate.intervals import batch_means, clopper_pearson, standard_deviation
from modelcollapse.statistics import Sums


def sums_of(values, undefined=None):
    """The sums of one block, values of shape (replicate, ...)."""
    return Sums.of_block(len(values), np.nansum(values, axis=0), np.nansum(values**2, axis=0), undefined)


def test_clopper_pearson_is_scipys():
    hits = np.array([0.0, 1, 7, 49, 50])
    low, high = clopper_pearson(Sums.of_block(50, hits, hits))
    for i, hit in enumerate(hits.astype(int)):
        expected = binomtest(hit, 50).proportion_ci(0.95, "exact")
        np.testing.assert_allclose(
            [low[i], high[i]], [expected.low, expected.high], rtol=1e-8
        )  # SciPy searches to 1e-10


def test_batch_means_are_students_interval_of_the_blocks():
    rng = np.random.default_rng(1)
    blocks = rng.normal(3.0, 2.0, size=(20, 50, 2))
    total = sum((sums_of(block) for block in blocks[1:]), start=sums_of(blocks[0]))
    means = blocks.mean(axis=1)
    low, high = batch_means(total)
    for column in range(2):
        expected = t.interval(0.95, 19, means[:, column].mean(), means[:, column].std(ddof=1) / np.sqrt(20))
        np.testing.assert_allclose([low[column], high[column]], expected, rtol=1e-10)
    np.testing.assert_allclose(standard_deviation(total), blocks.reshape(1000, 2).std(axis=0, ddof=1), rtol=1e-10)


def test_batch_means_cover():
    """4,000 intervals of exponential means: 95 % +- 5 standard errors; the interval of half the width is caught."""
    values = np.random.default_rng(2).exponential(size=(20, 100, 4000))
    total = sum((sums_of(block) for block in values[1:]), start=sums_of(values[0]))
    low, high = batch_means(total)
    limit = 5 * np.sqrt(0.95 * 0.05 / 4000)
    assert abs(((low < 1) & (high > 1)).mean() - 0.95) < limit
    half = (high - low) / 4
    middle = (low + high) / 2
    assert abs((np.abs(middle - 1) < half).mean() - 0.95) > limit


def test_one_block_has_no_interval():
    low, high = batch_means(sums_of(np.array([[1.0], [2.0]])))
    assert low == -np.inf
    assert high == np.inf


def test_replicates_without_a_value_are_left_out():
    first = sums_of(np.array([1.0, np.nan, 3.0]), np.array(1))
    second = sums_of(np.array([2.0, 2.0, 5.0]), np.array(0))
    both = first + second
    assert both.defined == 5
    assert both.total / both.defined == pytest.approx(2.6)
    assert standard_deviation(both) == pytest.approx(np.std([1, 3, 2, 2, 5], ddof=1))


def test_sums_add_up():
    one = Sums.of_block(2, np.array([1.0]), np.array([3.0]))
    two = Sums.of_block(3, np.array([2.0]), np.array([5.0]))
    both = one + two
    assert (both.replicates, both.total[0], both.squares[0], both.blocks) == (5, 3.0, 8.0, 2)
    assert both.between[0] == pytest.approx(0.5 + 4 / 3)
