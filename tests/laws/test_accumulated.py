"""What accumulating keeps in the end: against the recursions of the laws, plain products, and a large sample."""

import math

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Gaussian, InputError, Known, Parameters, Recursion, solve
from modelcollapse.laws.accumulated import accumulated_diversity, accumulated_efficiency
from modelcollapse.statistics import Diversity, MeanVariance, SquaredError
from modelcollapse.workflows import Accumulate

AT = [1, 2, 7, 300]


@pytest.mark.parametrize("n", [1, 2, 5, 1000])
def test_diversity_of_the_pool(n):
    """The law of frequencies and, for a Gaussian with ddof = 0, that of two moments go step by step."""
    recursion = Recursion(Categorical(), Known([0.3, 0.7]), n, Accumulate())
    found = solve(recursion, Diversity(), AT, method="exact")["diversity"].value / 0.42
    expected = [accumulated_diversity(n, k) for k in AT]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    normal = Recursion(Gaussian(ddof=0.0), Parameters(mean=0.0, scale=1.0), max(n, 2), Accumulate())
    found = solve(normal, MeanVariance(), AT, method="exact")["mean_variance"].value
    np.testing.assert_allclose(found, [accumulated_diversity(max(n, 2), k) for k in AT], rtol=1e-12)


def test_from_a_corpus():
    recursion = Recursion(Categorical(), Corpus([2, 3]), 5, Accumulate())
    found = solve(recursion, Diversity(), AT, method="exact")["diversity"].value / 0.48
    np.testing.assert_allclose(found, [accumulated_diversity(5, k, corpus=True) for k in AT], rtol=1e-12)
    assert accumulated_diversity(5, 300) != pytest.approx(found[-1], rel=0.1)


@pytest.mark.parametrize("n", [1, 2, 3, 50, 10**6])
def test_plain_products(n):
    product = 1.0
    for j in range(2, 40):
        product *= 1 - 1 / (n * j * j)
        assert accumulated_diversity(n, j - 1, corpus=True) == pytest.approx(product, rel=1e-13)
        assert accumulated_diversity(n, j) == pytest.approx(product * (1 - 1 / n), rel=1e-13, abs=0)


@pytest.mark.parametrize(("n", "golden"), [(1, 0.0), (5, 0.7019979643), (20, 0.9197589714)])
def test_the_limit(n, golden):
    u = math.pi / math.sqrt(n)
    assert accumulated_diversity(n) == pytest.approx(math.sin(u) / u, rel=1e-13, abs=1e-15)
    assert accumulated_diversity(n) == pytest.approx(golden, abs=1e-10)
    assert accumulated_diversity(n, corpus=True) == pytest.approx(0.5 if n == 1 else math.sin(u) / u / (1 - 1 / n))
    assert accumulated_diversity(n, 10**15) == pytest.approx(accumulated_diversity(n), rel=1e-14)


def test_efficiency():
    """n real draws have the variance p (1 - p)/n; of 10^6 draws nothing is lost otherwise, up to 1/n."""
    recursion = Recursion(Categorical(), Known([0.5, 0.5]), 10**6, Accumulate())
    error = solve(recursion, SquaredError(), AT, method="exact")["squared_error"].value
    found = 0.5 / 10**6 / error
    np.testing.assert_allclose(found, [accumulated_efficiency(k) for k in AT], rtol=2e-6)
    assert accumulated_efficiency() == pytest.approx(6 / math.pi**2, rel=1e-15)
    assert accumulated_efficiency(10**12) == pytest.approx(6 / math.pi**2, rel=1e-11)
    assert abs(found[-1] - 6 / math.pi**2) > 1e-3  # 300 generations are not yet the limit


@pytest.mark.parametrize(
    "call",
    [
        lambda: accumulated_diversity(0),
        lambda: accumulated_diversity(5, 0),
        lambda: accumulated_diversity(5, 1, 1),
        lambda: accumulated_efficiency(0),
    ],
)
def test_refused(call):
    with pytest.raises(InputError):
        call()
