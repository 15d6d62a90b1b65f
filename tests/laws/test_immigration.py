"""Poisson rates with fresh data: against the chain of sums, published values and simulation."""

import numpy as np
import pytest
from scipy import special

from modelcollapse import Parameters, Poisson, Recursion, solve
from modelcollapse.branching import branching_numbers
from modelcollapse.errors import NoAnswerError
from modelcollapse.laws.immigration import effective_sizes
from modelcollapse.laws.immigration_law import ImmigrationLaw
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.statistics import ExtinctionTime, NonZero
from modelcollapse.workflows import FreshCount, FreshMix


def chain_of_sums(sizes, count, rate, cap=400):
    """Pr(sum != 0), generation by generation: the law of the sum on 0..cap."""
    total = np.arange(cap + 1)

    def poisson(mean):
        return np.exp(special.xlogy(total, mean) - mean - special.gammaln(total + 1))

    law, found, before = None, [], None
    for n in sizes:
        means = [n * rate] if law is None else count * rate + (n - count) * total / before
        rows = np.stack([poisson(mean) for mean in means])
        law = rows[0] if law is None else law @ rows
        found.append(1 - law[0])
        before = n
    return np.array(found)


@pytest.mark.parametrize(("sizes", "count"), [([10] * 30, 2), ([10] * 30, 0), ([12, 5, 30, 8, 8, 20], 3), ([4] * 9, 4)])
def test_against_the_chain_of_sums(sizes, count):
    size = sizes[0] if len(set(sizes)) == 1 else sizes
    recursion = Recursion(Poisson(), Parameters(rate=0.3), size, FreshCount(count))
    found = solve(recursion, NonZero(), len(sizes), method="exact")["nonzero"]
    assert found.source == ("immigration" if count else "galton_watson"), "without fresh data it is replace"
    np.testing.assert_allclose(found.value, chain_of_sums(sizes, count, 0.3), rtol=1e-11)
    other = chain_of_sums(sizes, count + 1 if count < min(sizes) else count - 1, 0.3)
    assert np.abs(found.value / other - 1).max() > 1e-3


def test_without_fresh_data_it_is_galton_watson():
    at = np.array([1, 2, 10, 1000])
    np.testing.assert_allclose(effective_sizes(FreshSchedule((7,), (0.0,)), at), 7 * branching_numbers(at), rtol=1e-13)


def test_one_pass_is_the_recursion_of_each_horizon():
    at = np.array([1, 2, 5, 40])
    once = effective_sizes(FreshSchedule((9,), (0.2,)), at)
    np.testing.assert_allclose(effective_sizes(FreshSchedule((9,) * 40, (0.2,)), at), once, rtol=1e-13)


def test_stationary_absence():
    """n = 200, a tenth fresh, n p = 10: .01836 in the limit of Poisson numbers."""
    recursion = Recursion(Poisson(), Parameters(rate=0.05), 200, FreshCount(20))
    assert 1 - solve(recursion, NonZero(), [10**9])["nonzero"].value[0] == pytest.approx(0.01836, abs=5e-6)


def test_later_than_followed_and_not_settled_there_is_no_answer():
    recursion = Recursion(Poisson(), Parameters(rate=0.05), 10**9, FreshCount(1))
    assert ImmigrationLaw().answer(recursion, NonZero(), np.array([10**7])) is None
    with pytest.raises(NoAnswerError):
        solve(recursion, ExtinctionTime(), [], method="exact")


def test_a_chance_of_fresh_data_has_the_limit_only():
    """400,000 runs: at n = 400 the limit is within 0.005; at n = 4 it is seen to be no law."""
    gaps = []
    for n in (4, 400):
        recursion = Recursion(Poisson(), Parameters(rate=2 / n), n, FreshMix(0.5))
        limit = solve(recursion, NonZero(), [1, 3, 10], method="asymptotic")["nonzero"].value
        run = solve(recursion, NonZero(), [1, 3, 10], method="simulate", replicates=400_000, rng=3)["nonzero"].value
        gaps.append(np.abs(limit - run).max())
    assert gaps[0] > 0.01 > 0.005 > gaps[1]


def test_against_simulation():
    """|z| below 5.3 at 5 generations: false alarms below 1e-6; one fresh datum more is caught."""
    at, runs = [1, 2, 4, 8, 16], 200_000

    def exact(count):
        recursion = Recursion(Poisson(), Parameters(rate=0.2), 10, FreshCount(count))
        return solve(recursion, NonZero(), at, method="exact")["nonzero"].value

    recursion = Recursion(Poisson(), Parameters(rate=0.2), 10, FreshCount(2))
    run = solve(recursion, NonZero(), at, method="simulate", replicates=runs, rng=4)["nonzero"].value
    spread = np.sqrt(exact(2) * (1 - exact(2)) / runs)
    assert np.abs((run - exact(2)) / spread).max() < 5.3
    assert np.abs((run - exact(3)) / spread).max() > 5.3
