"""Intervals: against SciPy's own, and their coverage."""

import numpy as np
from scipy.stats import binomtest

from modelcollapse.simulate.intervals import clopper_pearson, normal, standard_deviation
from modelcollapse.statistics import Sums


def test_clopper_pearson_is_scipys():
    hits = np.array([0.0, 1, 7, 49, 50])
    low, high = clopper_pearson(Sums(50, hits, hits))
    for i, hit in enumerate(hits.astype(int)):
        expected = binomtest(hit, 50).proportion_ci(0.95, "exact")
        np.testing.assert_allclose(
            [low[i], high[i]], [expected.low, expected.high], rtol=1e-8
        )  # SciPy searches to 1e-10


def test_normal_interval_and_deviation():
    values = np.array([[1.0, 4.0], [2.0, 4.0], [6.0, 4.0]])
    sums = Sums(3, values.sum(axis=0), (values**2).sum(axis=0))
    np.testing.assert_allclose(standard_deviation(sums), values.std(axis=0, ddof=1), atol=1e-12)
    low, high = normal(sums)
    np.testing.assert_allclose((high - low) / 2, 1.959964 * values.std(axis=0, ddof=1) / np.sqrt(3), rtol=1e-6)


def test_sums_add_up():
    one, two = Sums(2, np.array([1.0]), np.array([3.0])), Sums(3, np.array([2.0]), np.array([5.0]))
    both = one + two
    assert (both.replicates, both.total[0], both.squares[0]) == (5, 3.0, 8.0)
