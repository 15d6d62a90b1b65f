"""Presence where fresh data flow: against the chain in full, lines of descent, a window, and simulation."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.errors import NoAnswerError
from modelcollapse.laws.fresh_law import FreshAncestryLaw
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.statistics import (
    ForgettingTime,
    LostMass,
    NotFixed,
    Survival,
    TotalCollapse,
    Vocabulary,
    VocabularyTime,
)
from modelcollapse.workflows import FixedReal, FreshCount, FreshMix, WeightedMix
from tests.reference import fresh_chain
from tests.reference.workflow_chain import follow

HORIZON = 40
EVERY = np.arange(1, HORIZON + 1)


def carried(n, share, x, generations=EVERY):
    return FreshEquation(FreshSchedule((n,), (share,))).survival(np.atleast_1d(x), np.asarray(generations))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 300])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_against_the_chain_in_full(n, share):
    for x in np.unique(np.minimum(np.array([0.01, 1.0, 5.0, 0.9 * n]) / n, 0.97)):
        expected = fresh_chain.survival([n] * HORIZON, [share] * HORIZON, x)
        np.testing.assert_allclose(carried(n, share, x)[:, 0], expected, rtol=1e-11)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.floats(0, 1),
    st.floats(1e-6, 1, exclude_max=True),
)
def test_against_lines_of_descent(sizes, share, x):
    """Going back: lines freeze at fresh draws and fall together otherwise; sizes may vary."""
    schedule = FreshSchedule(tuple(sizes), (share,))
    found = FreshEquation(schedule).survival(np.array([x]), np.array([len(sizes)]))[0, 0]
    expected = fresh_chain.lineage_survival(sizes, [share] * len(sizes), x)
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("n", "cap"), [(10**4, 900), (10**6, 900), (10**12, 900)])
@pytest.mark.parametrize("share", [0.01, 0.2])
def test_large_sample_sizes_against_the_window(n, cap, share):
    for count in (0.1, 1.0, 20.0):
        low, high = fresh_chain.window_bracket(n, share, count / n, HORIZON, cap)
        assert np.max(high / low - 1) < 1e-11
        np.testing.assert_allclose(carried(n, share, count / n)[:, 0], low, rtol=1e-10)


@pytest.mark.parametrize("n", [10**4, 10**6, 10**12])
@pytest.mark.parametrize("part", [1 / 128, 0.25])
def test_a_number_of_fresh_draws_against_the_window(n, part):
    for count in (0.1, 1.0, 20.0):
        low, high = fresh_chain.window_bracket(n, int(part * n), count / n, 20, 700)
        assert np.max(high / low - 1) < 1e-11
        np.testing.assert_allclose(carried(n, int(part * n), count / n, EVERY[:20])[:, 0], low, rtol=1e-10)


@pytest.mark.parametrize("sizes", [[4, 4, 4, 4], [3, 5, 2, 4]])
@pytest.mark.parametrize(
    "workflow", [FreshCount(0), FreshCount(1), FreshCount(2), FreshMix(0.3), FixedReal(2), WeightedMix(1, 0.7)]
)
def test_against_enumeration(workflow, sizes):
    counts = [1, 2, 5]
    recursion = Recursion(Categorical(), Corpus(counts), sizes, workflow)
    found = solve(recursion, Survival(), 4, method="exact")["survival"].value
    for symbol, count in enumerate(counts):
        facts = follow(workflow, Fraction(count, 8), (count, 8), sizes)
        np.testing.assert_allclose(found[:, symbol], [float(fact.present) for fact in facts], rtol=1e-12)


def test_all_draws_fresh_by_number():
    recursion = Recursion(Categorical(), Known([0.1, 0.9]), [6, 9, 6], FreshCount(6))
    found = solve(recursion, Survival([0]), 3, method="exact")["survival"].value[:, 0]
    np.testing.assert_allclose(found[[0, 2]], 1 - 0.9**6, rtol=1e-13)
    assert found[1] == pytest.approx(float(follow(FreshCount(6), Fraction(1, 10), (0, 0), [6, 9])[1].present))


@pytest.mark.parametrize("flow", [0.0, 0.01, 3])
def test_leaps_are_single_steps(flow):
    """Three symbols at once leap after 64 generations; five are carried step by step."""
    equation = FreshEquation(FreshSchedule((300,), (flow,)))
    x, at = np.array([1, 5, 20, 90, 200]) / 300, np.array([10, 64, 65, 500, 3000])
    np.testing.assert_allclose(equation.survival(x[:3], at), equation.survival(x, at)[:, :3], rtol=1e-12)


def test_far_generations():
    """Nothing fresh: the law of replace at a million; with fresh data: settled, and the same for ever."""
    n, x, at = 10**6, np.array([5e-6]), np.array([10**6])
    replaced = solve(Recursion(Categorical(), Known([5e-6, 1 - 5e-6]), n), Survival([0]), at)["survival"].value
    assert carried(n, 0.0, x, at)[0, 0] == pytest.approx(replaced[0, 0], rel=1e-8)
    settled = carried(n, 0.001, x, [10**5, 10**12])[:, 0]
    assert settled[1] == pytest.approx(settled[0], rel=1e-10)
    tiny = Recursion(Categorical(), Known([0.5, 0.5]), 100, FreshMix(1e-12))
    assert FreshAncestryLaw().answer(tiny, Survival([0]), np.array([10**12])) is None


@pytest.mark.parametrize("wrong", [{"share": 0.2001}, {"share": 0.1999}, {"generation": 1}, {"n": 10_001}])
def test_a_wrong_constant_is_seen(wrong):
    """The comparison above would catch a fresh share off by 1e-4, a generation too many, a draw too many."""
    n, share, x = 10_000 + ("n" in wrong), wrong.get("share", 0.2), 1e-3
    found = carried(n, share, x, EVERY + wrong.get("generation", 0))[:, 0]
    low, _ = fresh_chain.window_bracket(10_000, 0.2, x, HORIZON, 400)
    assert np.max(np.abs(found / low - 1)) > 1e-6


@pytest.mark.parametrize("n", [300, 10**6, 10**13])
def test_no_digit_depends_on_the_resolution(n):
    """The same splines with 18 nodes in each panel instead of 14."""
    x = np.array([0.3, 1.0, 7.0, 100.0, 1000.0]) / n
    x = x[x < 1]
    usual = carried(n, 0.05, x, [2, 10, 100])
    finer = FreshEquation(FreshSchedule((n,), (0.05,)), nodes_per_panel=18)
    np.testing.assert_allclose(usual, finer.survival(x, np.array([2, 10, 100])), rtol=3e-11)


def test_with_next_to_no_fresh_data_it_is_replace():
    """None at all is replace itself; of next to none this law speaks."""
    corpus = Corpus([1] * 9 + [2, 3, 50, 400])
    asked = [Survival(), Vocabulary(), LostMass(), NotFixed(), TotalCollapse()]
    mixed = solve(Recursion(Categorical(), corpus, 60, FreshMix(1e-300)), asked, [1, 5, 30, 200])
    replaced = solve(Recursion(Categorical(), corpus, 60), asked, [1, 5, 30, 200])
    for statistic in asked:
        assert mixed[statistic.name].source == "fresh_ancestry"
        assert replaced[statistic.name].source == "ancestry"
        np.testing.assert_allclose(mixed[statistic.name].value, replaced[statistic.name].value, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(mixed["vocabulary"].sd, replaced["vocabulary"].sd, rtol=1e-8)


def test_all_fresh_is_one_resample_at_every_generation():
    corpus = Corpus([1, 2, 97])
    result = solve(Recursion(Categorical(), corpus, 100, FreshMix(1.0)), Survival(), [1, 50])["survival"]
    np.testing.assert_allclose(result.value, [1 - (1 - corpus.probabilities) ** 100] * 2, rtol=1e-12)


def vocabulary_pair_by_pair(n, share, counts, generations):
    """Mean and variance of the number present, from the full chain of every symbol and every merged pair."""
    p = np.asarray(counts) / sum(counts)
    at = np.asarray(generations) - 1
    horizon = int(max(generations))

    def lost(x):
        return 1 - fresh_chain.survival([n] * horizon, [share] * horizon, min(x, 1.0))[at]

    single = np.array([lost(x) for x in p])
    variance = (single * (1 - single)).sum(axis=0)
    for i in range(len(p)):
        for j in range(i):
            variance = variance + 2 * (lost(p[i] + p[j]) - single[i] * single[j])
    return len(p) - single.sum(axis=0), variance


def test_vocabulary_pair_by_pair():
    counts, generations = [1, 1, 1, 2, 5, 15], [1, 2, 10, 40]
    mean, variance = vocabulary_pair_by_pair(25, 0.1, counts, generations)
    found = solve(Recursion(Categorical(), Corpus(counts), 25, FreshMix(0.1)), Vocabulary(), generations)["vocabulary"]
    np.testing.assert_allclose(found.value, mean, rtol=1e-11)
    np.testing.assert_allclose(found.sd**2, variance, rtol=1e-9)


def test_many_symbols_go_by_way_of_nodes():
    """More than 64 different probabilities are interpolated; each alone is carried itself."""
    corpus = Corpus(np.arange(1, 120))
    recursion = Recursion(Categorical(), corpus, 7000, FreshMix(0.05))
    together = solve(recursion, Survival(), [1, 7, 80])["survival"].value
    alone = solve(recursion, Survival([0, 4, 90, 118]), [1, 7, 80])["survival"].value
    np.testing.assert_allclose(together[:, [0, 4, 90, 118]], alone, rtol=1e-10)


def test_symbols_that_are_certain_make_no_difference(monkeypatch):
    counts = [1] * 50 + [3] * 20 + [5000, 80_000]
    recursion = Recursion(Categorical(), Corpus(counts), sum(counts), FreshMix(0.1))
    apart = solve(recursion, [Vocabulary(), Survival([0, 71])], 10)
    monkeypatch.setattr("modelcollapse.laws.presence.fresh_equation.FreshEquation.weakest", lambda *_: 0.0)
    together = solve(recursion, [Vocabulary(), Survival([0, 71])], 10)
    np.testing.assert_allclose(apart["vocabulary"].value, together["vocabulary"].value, rtol=1e-12)
    np.testing.assert_allclose(apart["vocabulary"].sd, together["vocabulary"].sd, rtol=1e-8)
    np.testing.assert_allclose(apart["survival"].value, together["survival"].value, rtol=1e-12)


def test_fixed_real_data_are_a_share_of_every_model():
    """Model k - 1 is the corpus (weight 2) and n_{k-1} draws; the first generation comes from the corpus alone."""
    counts, sizes = np.array([1, 3, 16]), [12, 30, 7, 7]
    shares = [0.5, *(40 / (40 + n) for n in sizes[:-1])]
    recursion = Recursion(Categorical(), Corpus(counts), sizes, FixedReal(weight=2.0))
    found = solve(recursion, Survival(), 4, method="exact")["survival"].value
    for symbol, count in enumerate(counts):
        np.testing.assert_allclose(found[:, symbol], fresh_chain.survival(sizes, shares, count / 20), rtol=1e-11)


REPLICATES = 200_000


@pytest.mark.parametrize(
    ("workflow", "wrong"),
    [(FreshMix(0.2), FreshMix(0.19)), (FreshCount(5), FreshMix(0.25)), (FixedReal(2), FixedReal(3))],
    ids=["fresh-mix", "fresh-count", "fixed-real"],
)
def test_against_simulation(workflow, wrong):
    """|z| below 5.6 at 20 numbers, false alarms below 1e-6; another share is caught."""
    asked = [Survival([0, 1]), Vocabulary(), LostMass()]
    start, generations = Corpus([1, 2, 5, 12]), [1, 2, 4, 8, 16]
    simulated = solve(
        Recursion(Categorical(), start, 20, workflow),
        asked,
        generations,
        method="simulate",
        replicates=REPLICATES,
        rng=5,
    )

    def worst(chosen):
        exact = solve(Recursion(Categorical(), start, 20, chosen), asked, generations, method="exact")
        alive = exact["survival"].value
        spread = [np.sqrt(alive * (1 - alive)), simulated["vocabulary"].sd, simulated["lost_mass"].sd]
        z = [
            (np.abs(exact[s.name].value - simulated[s.name].value) / sd * np.sqrt(REPLICATES)).ravel()
            for s, sd in zip(asked, spread, strict=True)
        ]
        return np.concatenate(z).max()

    assert worst(workflow) < 5.6
    assert worst(wrong) > 5.6


def test_simulated_spread_of_the_vocabulary():
    """The variance of 200,000 simulated numbers is within 5.6 of its own standard errors (kurtosis at most 4)."""
    recursion = Recursion(Categorical(), Corpus([1] * 8 + [5] * 2), 18, FreshMix(0.1))
    exact = solve(recursion, Vocabulary(), [1, 5, 12])["vocabulary"]
    simulated = solve(recursion, Vocabulary(), [1, 5, 12], method="simulate", replicates=REPLICATES, rng=6)
    ratio = simulated["vocabulary"].sd ** 2 / exact.sd**2 - 1
    assert np.abs(ratio).max() < 5.6 * np.sqrt(3 / REPLICATES)
    assert np.abs((simulated["vocabulary"].sd * 1.02) ** 2 / exact.sd**2 - 1).min() > 5.6 * np.sqrt(3 / REPLICATES)


@pytest.mark.parametrize("workflow", [FreshMix(0.1), FreshCount(3), FixedReal()], ids=lambda w: w.name)
def test_symbols_that_do_not_occur_and_symbols_that_are_all(workflow):
    recursion = Recursion(Categorical(), Corpus([0, 3, 7]), 10, workflow)
    asked = [Survival([0, (1, 2)]), NotFixed([0, (1, 2)]), Vocabulary(), LostMass()]
    found = solve(recursion, asked, [1, 20], method="exact")
    np.testing.assert_allclose(found["survival"].value, [[0.0, 1.0]] * 2, atol=1e-12)
    np.testing.assert_allclose(found["not_fixed"].value, 0.0, atol=1e-12)
    assert np.all(found["vocabulary"].value < 2)
    sole = solve(
        Recursion(Categorical(), Corpus([5]), 10, workflow), [Vocabulary(), TotalCollapse()], [7], method="exact"
    )
    assert (sole["vocabulary"].value[0], sole["vocabulary"].sd[0]) == pytest.approx((1.0, 0.0), abs=1e-6)
    assert sole["total_collapse"].value[0] == pytest.approx(1.0)


def test_a_long_schedule_keeps_few_operators():
    """Forty sizes, each of its own: forgotten operators are made anew."""
    sizes = [*range(30, 70), 30, 31]
    found = FreshEquation(FreshSchedule(tuple(sizes), (0.1,)))
    alive = found.survival(np.array([0.05]), np.array([len(sizes)]))[0, 0]
    assert alive == pytest.approx(fresh_chain.survival(sizes, [0.1] * len(sizes), 0.05)[-1], rel=1e-11)
    assert len(found._operators) <= 16


def test_there_are_no_times():
    recursion = Recursion(Categorical(), Known([0.1, 0.9]), 50, FreshMix(0.1))
    for statistic in (ForgettingTime([0]), VocabularyTime()):
        with pytest.raises(NoAnswerError):
            solve(recursion, statistic, [], method="exact")
