"""Presence under add-a smoothing: against the chain in full, fresh mix with a uniform start, and simulation."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.families import Additive, GoodTuring, Smoothed
from modelcollapse.laws.smoothed_law import SmoothedAncestryLaw
from modelcollapse.statistics import LostMass, Survival, Vocabulary
from modelcollapse.workflows import FreshMix
from tests.reference.dense_chain import binomial_law

P = np.array([0.02, 0.08, 0.3, 0.6])


def absent(sizes, amount, members, p=P):
    """The chain of a set's count, (y + a r)/(n + a m) its chance in the next model."""
    law, before, found = np.ones(1), None, []
    for n in sizes:
        if before is None:
            chances = [p[members].sum()]
        else:
            chances = [(y + amount * len(members)) / (before + amount * len(p)) for y in range(before + 1)]
        law = law @ np.stack([binomial_law(n, np.longdouble(min(chance, 1.0))) for chance in chances])
        before = n
        found.append(law[0])
    return np.array(found)


@pytest.mark.parametrize("amount", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("sizes", [[12] * 15, [5, 20, 1, 9]])
def test_against_the_chain_in_full(amount, sizes):
    size = sizes[0] if len(set(sizes)) == 1 else sizes
    recursion = Recursion(Smoothed(Additive(amount)), Known(P), size)
    sets = [[0], [2], [0, 1], [1, 2, 3], [0, 1, 2, 3]]
    found = solve(recursion, Survival(sets), len(sizes), method="exact")["survival"]
    assert found.source == "smoothed_ancestry"
    for column, members in enumerate(sets):
        np.testing.assert_allclose(found.value[:, column], 1 - absent(sizes, amount, members), rtol=1e-11)


def test_vocabulary_and_lost_mass():
    sizes = [8, 11, 6]
    found = solve(Recursion(Smoothed(Additive(0.5)), Known(P), sizes), [Vocabulary(), LostMass()], 3, method="exact")
    single = np.array([absent(sizes, 0.5, [i]) for i in range(4)])
    variance = (single * (1 - single)).sum(axis=0)
    for i in range(4):
        for j in range(i):
            variance = variance + 2 * (absent(sizes, 0.5, [i, j]) - single[i] * single[j])
    np.testing.assert_allclose(found["vocabulary"].value, 4 - single.sum(axis=0), rtol=1e-11)
    np.testing.assert_allclose(found["vocabulary"].sd ** 2, variance, rtol=1e-9)
    np.testing.assert_allclose(found["lost_mass"].value, P @ single, rtol=1e-9)


def test_from_the_uniform_law_it_is_fresh_mix():
    """The share is a m/(n + a m); one tenth of a per cent more is seen."""
    m, amount = 50, 40.0
    rare = Known(np.full(m, 1 / m))
    at = [1, 3, 30]
    smoothed = solve(Recursion(Smoothed(Additive(amount)), rare, 400), Survival([0]), at)["survival"].value
    for factor, same in ((1.0, True), (1.001, False)):
        flow = factor * amount * m / (400 + amount * m)
        mixed = solve(Recursion(Categorical(), rare, 400, FreshMix(flow)), Survival([0]), at)["survival"].value
        assert (np.abs(smoothed / mixed - 1).max() < 1e-11) == same


def test_without_smoothing_it_is_replace():
    corpus = Corpus([1] * 30 + [2] * 9 + [40, 500])
    asked = [Survival([0, 30, (0, 1)]), Vocabulary(), LostMass()]
    smoothed = solve(Recursion(Smoothed(Additive(0.0)), corpus, 588), asked, [1, 10, 100], method="exact")
    plain = solve(Recursion(Categorical(), corpus, 588), asked, [1, 10, 100], method="exact")
    for statistic in asked:
        np.testing.assert_allclose(smoothed[statistic.name].value, plain[statistic.name].value, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(smoothed["vocabulary"].sd, plain["vocabulary"].sd, rtol=1e-6)


def test_against_simulation():
    """|z| below 5.5 at 25 numbers: false alarms below 1e-6; another amount is caught."""
    at, runs = [1, 2, 4, 8, 16], 200_000
    recursion = Recursion(Smoothed(Additive(0.5)), Known(P), 15)
    run = solve(recursion, [Survival(), Vocabulary()], at, method="simulate", replicates=runs, rng=2)

    def worst(amount):
        exact = solve(Recursion(Smoothed(Additive(amount)), Known(P), 15), [Survival([0, 1]), Vocabulary()], at)
        s, mean = exact["survival"].value, exact["vocabulary"]
        z = (run["survival"].value[:, :2] - s) / np.sqrt(s * (1 - s) / runs)
        return max(np.abs(z).max(), np.abs((run["vocabulary"].value - mean.value) / mean.sd * np.sqrt(runs)).max())

    assert worst(0.5) < 5.5
    assert worst(0.55) > 5.5


@pytest.mark.parametrize("smoothing", [GoodTuring(), Additive(1.0, alphabet="unknown")])
def test_other_smoothing_has_no_law(smoothing):
    recursion = Recursion(Smoothed(smoothing), Known(P), 12)
    assert SmoothedAncestryLaw().answer(recursion, Vocabulary(), np.array([3])) is None
