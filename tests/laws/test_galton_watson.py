"""Extinction of a Poisson rate: against the chain of sums, the generating function, and a simulation."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest

from modelcollapse import InputError, NoAnswerError, Parameters, Poisson, Recursion, solve
from modelcollapse.statistics import ExtinctionTime, NonZero
from modelcollapse.workflows import Accumulate


def alive(sizes, rate, generations):
    return solve(Recursion(Poisson(), Parameters(rate=rate), sizes), NonZero(), generations, method="exact")["nonzero"]


def by_chain(sizes, rate, most=400):
    """Pr(sum > 0) by the chain of sums, truncated: S_1 ~ Poisson(n_1 rate), S_{k+1} ~ Poisson(S_k n_{k+1}/n_k)."""

    def law(mean):
        counts = np.arange(most)
        if mean == 0:
            return (counts == 0).astype(float)
        return np.exp(counts * np.log(mean) - mean - np.cumsum(np.log(np.maximum(counts, 1))))

    sums = law(sizes[0] * rate)
    yield 1 - sums[0]
    for before, after in pairwise(sizes):
        rows = np.stack([law(s * after / before) for s in range(most)])
        sums = sums @ rows
        yield 1 - sums[0] - (1 - sums.sum())


def test_golden_values():
    golden = [0.9999546, 0.82138922, 0.31870964, 0.17751588, 0.03899108]
    np.testing.assert_allclose(alive(10, 1.0, [1, 10, 50, 100, 500]).value, golden, atol=5e-8)


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_against_the_chain_of_sums(rate):
    exact = list(by_chain([10] * 12, rate))
    np.testing.assert_allclose(alive(10, rate, 12).value, exact, rtol=1e-9)


def test_varying_sizes_against_the_chain_of_sums():
    sizes = [5, 9, 2, 2, 12]
    np.testing.assert_allclose(alive(sizes, 0.7, 5).value, list(by_chain(sizes, 0.7)), rtol=1e-9)


@pytest.mark.parametrize("rate", [1e-9, 0.5, 30.0])
def test_against_the_generating_function_with_40_digits(rate):
    """f(f(...f(0))) with f(s) = exp(s - 1), raised to the mean of the first sum: no g, no series."""
    with mpmath.workdps(40):
        s, exact = mpmath.mpf(0), {}
        for k in range(1, 3001):
            exact[k] = 1 - mpmath.exp(100 * mpmath.mpf(rate) * (s - 1))
            s = mpmath.exp(s - 1)
    generations = [1, 2, 10, 255, 256, 257, 3000]
    mine = alive(100, rate, generations)
    assert max(abs(float(v) / exact[k] - 1) for v, k in zip(mine.value, generations, strict=True)) < mine.error


def test_constant_schedule_is_the_constant_size():
    np.testing.assert_allclose(alive([20] * 50, 0.3, 50).value, alive(20, 0.3, 50).value, rtol=1e-13)


def test_survival_for_ever_needs_sizes_whose_inverses_sum():
    """n_j = j^2: Pr(alive) stays near 1 - exp(-2 rate / sum 1/n_j); a constant size does not."""
    sizes = [j**2 for j in range(30, 2030)]
    limit = 1 - np.exp(-2 * 0.02 / sum(1 / n for n in sizes))
    value = alive(sizes, 0.02, [1000, 2000]).value
    assert value[1] / value[0] > 0.98
    assert value[1] == pytest.approx(limit, rel=0.02)
    assert alive(900, 0.02, [2000]).value[0] < value[1] / 20


def test_simulation_with_varying_sizes():
    """100,000 replicates: |z| < 5."""
    recursion = Recursion(Poisson(), Parameters(rate=0.2), [10, 3, 30, 8])
    simulated = solve(recursion, NonZero(), 4, method="simulate", replicates=100_000, rng=3)["nonzero"]
    exact = alive([10, 3, 30, 8], 0.2, 4).value
    z = (simulated.value - exact) / np.sqrt(exact * (1 - exact) / 100_000)
    assert np.abs(z).max() < 5


@pytest.mark.parametrize(("n", "rate"), [(10, 1.0), (1, 0.3), (1000, 0.005), (10**5, 1.0)])
def test_extinction_quantiles_are_the_first_generation(n, rate):
    """Checked on the curve itself: reached at k, not at k - 1."""
    times = solve(Recursion(Poisson(), Parameters(rate=rate), n), ExtinctionTime(), [])["extinction_time"].value
    for level, k in zip((0.1, 0.5, 0.9), times.astype(int), strict=True):
        assert 1 - alive(n, rate, [k]).value[0] >= level
        assert k == 1 or 1 - alive(n, rate, [k - 1]).value[0] < level


def test_extinction_quantiles_of_enormous_counts():
    """2.885 c, whatever c; the rule of thumb with its next terms."""
    recursion = Recursion(Poisson(), Parameters(rate=1e12), 10**13)
    median = solve(recursion, ExtinctionTime([0.5]), [])["extinction_time"].value[0]
    y = 2 * 1e25 / np.log(2)
    assert median == pytest.approx(y - np.log(y) / 3, rel=1e-14)
    thousand = solve(Recursion(Poisson(), Parameters(rate=1.0), 1000), ExtinctionTime([0.5]), [])
    assert thousand["extinction_time"].value[0] == 2882


def test_rate_0_is_extinct_from_the_start():
    recursion = Recursion(Poisson(), Parameters(rate=0.0), 10)
    assert solve(recursion, NonZero(), 3)["nonzero"].value.tolist() == [0, 0, 0]
    assert solve(recursion, ExtinctionTime(), [])["extinction_time"].value.tolist() == [1, 1, 1]


def test_what_is_not_covered():
    schedule = Recursion(Poisson(), Parameters(rate=1.0), [5, 5])
    pooled = Recursion(Poisson(), Parameters(rate=1.0), [5, 5], Accumulate())
    with pytest.raises(NoAnswerError):
        solve(pooled, ExtinctionTime(), [], method="exact")
    with pytest.raises(InputError, match="one size per generation"):
        solve(schedule, NonZero(), 3)
    with pytest.raises(InputError, match="`levels`"):
        ExtinctionTime([1.0])


@pytest.mark.parametrize("wrong", [0, 2])
def test_negative_control(wrong):
    """A generation too few or too many is seen."""
    exact = list(by_chain([10] * 6, 0.5))
    assert abs(alive(10, 0.5, [5 - 1 + wrong]).value[0] / exact[4] - 1) > 0.01
