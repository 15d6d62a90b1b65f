"""Smoothed categorical models: estimates by hand, and the law that add-a smoothing has."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Categorical, Corpus, InputError, Known, NoAnswerError, Recursion, solve
from modelcollapse.families import Additive, GoodTuring, Smoothed
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics import Diversity, ForgettingTime, Survival
from modelcollapse.workflows import FreshMix

COUNTS = np.array([[0, 1, 1, 2, 6], [0, 0, 0, 0, 10], [1, 1, 1, 1, 1]])


def test_additive_by_hand():
    known = Additive(0.5).estimate(COUNTS)
    np.testing.assert_allclose(known[0], np.array([0.5, 1.5, 1.5, 2.5, 6.5]) / 12.5)
    unknown = Additive(0.5, alphabet="unknown").estimate(COUNTS)
    np.testing.assert_allclose(unknown[0], np.array([0, 1.5, 1.5, 2.5, 6.5]) / 12)
    np.testing.assert_allclose(unknown[1], [0, 0, 0, 0, 1])
    np.testing.assert_allclose(Additive(0.0).estimate(COUNTS), COUNTS / COUNTS.sum(axis=1, keepdims=True))


def test_good_turing_by_hand():
    found = GoodTuring().estimate(COUNTS)
    np.testing.assert_allclose(found[0], [0.2, *(0.8 * COUNTS[0, 1:] / 10)])  # two of ten tokens occur once
    np.testing.assert_allclose(found[1], [0, 0, 0, 0, 1])  # none does: nothing is given away
    np.testing.assert_allclose(found[2], np.full(5, 0.2))  # nobody to give to
    np.testing.assert_allclose(GoodTuring().estimate(np.array([[0, 1, 1]])), [[0.5, 0.25, 0.25]])
    np.testing.assert_allclose(GoodTuring().estimate(np.array([[0, 0, 1]])), [[0, 0, 1]])


@pytest.mark.parametrize(("amount", "caught"), [(0.5, False), (0.6, True)])
def test_adding_a_is_mixing_with_the_uniform_law(amount, caught):
    """With a = 1/2, m = 4, n = 6, later counts are those of draws of which a share a m / (n + a m) is uniform.

    Chi-square of 200,000 against a forward chain of that mixture is below its 1e-6 limit.
    """
    n, m, share = 6, 4, 0.5 * 4 / (6 + 0.5 * 4)
    recursion = Recursion(Smoothed(Additive(amount)), Known([0.25] * 4), n)
    *_, last = snapshots(recursion, 3, 200_000, np.random.default_rng(1))
    law = np.zeros(n + 1)  # of the first symbol's count, from the uniform start
    law[:] = stats.binom.pmf(np.arange(n + 1), n, 1 / m)
    for _ in range(2):
        chances = share / m + (1 - share) * np.arange(n + 1) / n
        law = law @ stats.binom.pmf(np.arange(n + 1)[None, :], n, chances[:, None])
    observed = np.bincount(last.drawn[:, 0], minlength=n + 1)
    chi_square = ((observed - 200_000 * law) ** 2 / (200_000 * law)).sum()
    assert (chi_square > stats.chi2.isf(1e-6, n)) == caught


def test_nothing_is_lost_for_good():
    recursion = Recursion(Smoothed(Additive(0.5)), Corpus([1, 2, 5]), 8)
    assert not recursion.family.absorbing
    with pytest.raises(NoAnswerError, match="may come back"):
        solve(recursion, ForgettingTime(), 5, method="simulate")
    late = solve(recursion, Survival(), [200], method="simulate", replicates=2000, rng=1)["survival"].value
    assert np.all(late > 0.3)
    bare = Recursion(Smoothed(Additive(0.5, alphabet="unknown")), Corpus([1, 2, 5]), 8)
    assert bare.family.absorbing
    assert solve(bare, Survival(), [2000], method="simulate", replicates=200, rng=1)["survival"].value.sum() < 1.2


def test_no_law_of_maximum_likelihood_answers():
    recursion = Recursion(Smoothed(), Known([0.5, 0.5]), 10)
    assert solve(recursion, Diversity(), 3)["diversity"].source == "smoothed_moments"
    other = Recursion(Smoothed(GoodTuring()), Known([0.5, 0.5]), 10)
    assert solve(other, Diversity(), 3, replicates=50, rng=1)["diversity"].kind == "estimate"
    assert solve(recursion, Survival(), 3, method="bounds").of("survival") == ()
    assert Recursion(Categorical(), Known([0.5, 0.5]), 10, FreshMix(0.1)).family.absorbing


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Additive(-1), "`amount`"),
        (lambda: Additive(float("inf")), "`amount`"),
        (lambda: Additive(1, alphabet="greek"), "`alphabet`"),
        (lambda: Smoothed("laplace"), "`smoothing`"),
        (lambda: Recursion(Smoothed(), Corpus([1, 0]), 5).family.initial(Corpus([1, 0]), 1), "probability 0"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()
