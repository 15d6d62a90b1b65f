"""Accumulate with fresh data: enumeration, the law without fresh data, a window, more nodes, rates and simulation."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Gaussian, InputError, Known, Parameters, Recursion, solve
from modelcollapse.laws.accumulated_law import AccumulatedFreshLaw
from modelcollapse.laws.accumulated_pace import accumulated_pace
from modelcollapse.laws.frequency_variance import drift_shares
from modelcollapse.laws.presence import lattice
from modelcollapse.laws.presence.accumulated_equation import AccumulatedEquation
from modelcollapse.laws.two_moments import TwoMomentLaw
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import (
    Diversity,
    LostMass,
    MeanSquaredDrift,
    MeanVariance,
    NotFixed,
    SquaredError,
    Survival,
    TotalCollapse,
    Vocabulary,
)
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FreshMix, Replace
from tests.reference.fresh_chain import window_rows
from tests.reference.pool_spline import PooledEquation
from tests.reference.workflow_chain import follow

ASKED = [Survival(), Diversity(), SquaredError()]


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [2, 5, 1, 4]])
@pytest.mark.parametrize("fresh", [0.25, 0.6, 1.0])
def test_against_enumeration(sizes, fresh):
    counts, workflow = [1, 2, 4], Accumulate(fresh)
    each = [follow(workflow, Fraction(c, 7), (c, 7), sizes) for c in counts]
    found = solve(Recursion(Categorical(), Corpus(counts), sizes, workflow), ASKED, 4, method="exact")
    assert [found[s.name].source for s in ASKED] == ["accumulated_fresh", "frequency_variance", "frequency_variance"]
    present = np.array([[float(facts.present) for facts in one] for one in each]).T
    np.testing.assert_allclose(found["survival"].value, present, rtol=1e-13)
    squares = np.array([float(sum(facts.square for facts in now)) for now in zip(*each, strict=True)])
    np.testing.assert_allclose(found["diversity"].value, 1 - squares, rtol=1e-13)
    np.testing.assert_allclose(found["squared_error"].value, squares - 21 / 49, rtol=1e-12)


def test_a_known_law_brings_no_data():
    workflow, sizes = Accumulate(0.25), [3, 4, 2, 5]
    facts = follow(workflow, Fraction(1, 5), (0, 0), sizes)
    recursion = Recursion(Categorical(), Known([0.2, 0.8]), sizes, workflow)
    found = solve(recursion, [Survival([0]), SquaredError()], 4, method="exact")
    np.testing.assert_allclose(found["survival"].value[:, 0], [float(f.present) for f in facts], rtol=1e-13)
    variance = [2 * float(f.square - Fraction(1, 25)) for f in facts]
    np.testing.assert_allclose(found["squared_error"].value, variance, rtol=1e-12)


@pytest.mark.parametrize("wrong", [Accumulate(0.26), Accumulate(), FreshMix(0.25)])
def test_another_workflow_is_seen(wrong):
    facts = follow(Accumulate(0.25), Fraction(1, 6), (1, 6), [4, 4, 4])
    found = solve(Recursion(Categorical(), Corpus([1, 5]), 4, wrong), [Survival([0]), SquaredError()], 3)
    assert abs(found["survival"].value[2, 0] / float(facts[2].present) - 1) > 1e-4
    assert abs(found["squared_error"].value[2] / (2 * float(facts[2].square - Fraction(1, 36))) - 1) > 1e-3


@pytest.mark.parametrize("n", [40, 10**6, 10**12])
@pytest.mark.parametrize("tokens", [0, 1])
def test_without_fresh_data_it_is_the_law_of_accumulate(n, tokens):
    """Two computations that share no space of functions."""
    at, sizes = np.arange(1, 31), np.full(30, n)
    x = np.array([1, 7, 40]) / n
    found = AccumulatedEquation(sizes, 0.0, tokens * n).survival(x, at)
    np.testing.assert_allclose(found, PooledEquation(sizes, tokens * n).survival(x, at), rtol=2e-12)


@pytest.mark.parametrize("n", [100, 10**4, 10**12])
@pytest.mark.parametrize("fresh", [0.03, 0.5])
def test_a_window_of_the_pool(n, fresh):
    count, cap, at = 3, 150, np.arange(1, 6)
    law, held, found = np.eye(cap + 1)[count], n, []
    for k in range(5):
        share = fresh if k else 1.0
        chances = share * count / n + (1 - share) * np.minimum(np.arange(cap + 1) / held, 0.99)
        rows = window_rows(n, chances, cap)
        found.append(float(law @ (1 - rows[:, 0])))
        law = sum(np.pad(weight * rows[c], (c, 0))[: cap + 1] for c, weight in enumerate(law))
        held += n
    assert 1 - law.sum() < 1e-12
    x = np.array([count / n])
    np.testing.assert_allclose(AccumulatedEquation(np.full(5, n), fresh, n).survival(x, at)[:, 0], found, rtol=1e-11)
    for wrong in ((n + n // 100, fresh, n), (n, fresh * 1.01, n), (n, fresh, n + n // 100)):
        other = AccumulatedEquation(np.full(5, wrong[0]), wrong[1], wrong[2]).survival(x, at)[:, 0]
        assert np.abs(other / found - 1).max() > 1e-6


@pytest.mark.parametrize(("n", "corpus"), [(300, 1), (10**12, 1), (10**6, 0), (50, 20)])
def test_twice_the_nodes(n, corpus, monkeypatch):
    at = np.array([2, 8])
    x = np.rint(np.array([1 / n, 12 / n, 0.3]) * n * max(corpus, 1)) / (n * max(corpus, 1))
    coarse = AccumulatedEquation(np.full(8, n), 0.2, corpus * n).survival(x, at)
    monkeypatch.setattr(lattice, "_PER_COUNT", 40)
    monkeypatch.setattr(lattice, "_FINEST_ABOVE", 800)
    monkeypatch.setattr(lattice, "AROUND", 18)
    np.testing.assert_allclose(coarse, AccumulatedEquation(np.full(8, n), 0.2, corpus * n).survival(x, at), rtol=1e-11)


def test_what_is_certain():
    n, x = 60, np.array([1, 3, 6, 30]) / 60
    for tokens in (0, 60, 600):
        found = AccumulatedEquation(np.full(12, n), 0.3, tokens)
        for k in (1, 2, 5, 12):
            at = np.array([k])
            assert np.all(1 - found.survival(x, at)[0] <= np.exp(-x * found.weakest(at)) + 1e-14)
            assert found.weakest(at) > 0.4 * n


def test_statistics_of_presence_from_enumeration():
    """Mean and variance of two symbols and a rest, the pair by merging."""
    counts, sizes, workflow = [1, 2, 3], [3, 4, 3], Accumulate(0.2)

    def absent(count):
        return np.array([float(1 - f.present) for f in follow(workflow, Fraction(count, 6), (count, 6), sizes)])

    single = np.array([absent(c) for c in counts])
    variance = (single * (1 - single)).sum(axis=0)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        variance = variance + 2 * (absent(counts[i] + counts[j]) - single[i] * single[j])
    recursion = Recursion(Categorical(), Corpus(counts), sizes, workflow)
    found = solve(recursion, [Vocabulary(), LostMass(), NotFixed([0]), TotalCollapse()], 3, method="exact")
    np.testing.assert_allclose(found["vocabulary"].value, (1 - single).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["vocabulary"].sd ** 2, variance, rtol=1e-9)
    np.testing.assert_allclose(found["lost_mass"].value, np.array(counts) @ single / 6, rtol=1e-10)
    alone = [absent(6 - c) for c in counts]
    np.testing.assert_allclose(found["total_collapse"].value, np.sum(alone, axis=0), rtol=1e-9)
    np.testing.assert_allclose(found["not_fixed"].value[:, 0], 1 - single[0] - alone[0], rtol=1e-9)


@pytest.mark.parametrize("start", [Corpus([1, 2, 17]), Known([0.05, 0.1, 0.85])])
def test_symbols_against_simulation(start):
    """|z| below 5.5 at 20 numbers: false alarms below 1e-6. A draw too many or too few is caught, and another share."""
    at, runs = [1, 2, 5, 10, 20], 100_000

    def recursion(n, fresh=0.2):
        return Recursion(Categorical(), start, n, Accumulate(fresh))

    run = solve(recursion(20), [Survival(), SquaredError()], at, method="simulate", replicates=runs, rng=9)

    def worst(asked):
        exact = solve(asked, [Survival([0, 1]), SquaredError()], at, method="exact")
        p = exact["survival"].value
        seen = np.abs((run["survival"].value[:, :2] - p) / np.sqrt(p * (1 - p) / runs)).max()
        apart = np.abs(run["squared_error"].value - exact["squared_error"].value) / run["squared_error"].sd
        return max(seen, apart.max() * np.sqrt(runs))

    assert worst(recursion(20)) < 5.5
    for wrong in (recursion(19), recursion(21), recursion(20, 0.15)):
        assert worst(wrong) > 5.5


@pytest.mark.parametrize("ddof", [0.0, 1.0])
@pytest.mark.parametrize("start", [Parameters(mean=3.0, scale=2.0), Empirical(Parameters(mean=3.0, scale=2.0), 7)])
def test_gaussians_against_simulation(start, ddof):
    """|z| below 5.5 at 20 numbers. Another share, other sizes, and draws as if they were not amplified are caught."""
    runs, asked = 100_000, [MeanVariance(), MeanSquaredDrift()]

    def recursion(sizes=(9, 5, 12, 9, 6), fresh=0.3, factor=0.8):
        return Recursion(Gaussian(ddof=ddof), start, list(sizes), Accumulate(fresh), Amplification(factor))

    run = solve(recursion(), asked, 5, method="simulate", replicates=runs, rng=4)

    def worst(other):
        exact = solve(other, asked, 5, method="exact")
        z = [np.abs(run[s.name].value - exact[s.name].value) / run[s.name].sd for s in asked]
        return np.max(z) * np.sqrt(runs)

    assert worst(recursion()) < 5.5
    for wrong in (recursion(fresh=0.25), recursion(sizes=(6, 5, 12, 9, 6)), recursion(factor=1.0)):
        assert worst(wrong) > 5.5


def test_all_fresh_data_are_one_growing_sample():
    """Nothing is recursive: the squared error of n k real data, of symbols and of Gaussians."""
    recursion = Recursion(Categorical(), Known([0.3, 0.7]), 20, Accumulate(1.0))
    found = solve(recursion, SquaredError(), [1, 5, 1000], method="exact")["squared_error"].value
    np.testing.assert_allclose(found, 0.42 / (20 * np.array([1, 5, 1000])), rtol=1e-12)
    normal = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 20, Accumulate(1.0))
    moments = solve(normal, [MeanSquaredDrift(), MeanVariance()], [1, 5, 1000], method="exact")
    np.testing.assert_allclose(moments["mean_squared_drift"].value, 1 / (20 * np.array([1, 5, 1000])), rtol=1e-12)
    np.testing.assert_allclose(moments["mean_variance"].value, 1, rtol=1e-12)
    assert TwoMomentLaw().name in {moments[name].source for name in ("mean_squared_drift", "mean_variance")}


@pytest.mark.parametrize("fresh", [0.1, 0.25, 0.75, 1.0])
@pytest.mark.parametrize("start", [Known([0.5, 0.5]), Corpus([40, 60])])
def test_the_pace(fresh, start):
    """From generation to generation the slope comes closer to min(1, 2a); with a share a twentieth away it does not."""
    recursion = Recursion(Categorical(), start, 50, Accumulate(fresh))
    drifted = np.log10(drift_shares(recursion, np.array([10**3, 10**4, 10**5, 10**6]))[0])
    error = np.abs(-np.diff(drifted) - accumulated_pace(fresh).exponent)
    assert np.all(np.diff(error) < 1e-9)
    assert error[2] < 0.01
    if fresh < 0.5:
        assert abs(drifted[2] - drifted[3] - accumulated_pace(fresh + 0.05).exponent) > 0.05


def test_the_factors_above_and_at_one_half():
    n, at = 50, np.array([10**5, 10**6])
    for fresh, limit in ((0.75, 1 / (n * 0.5)), (1.0, 1 / n)):
        found = drift_shares(Recursion(Categorical(), Known([0.5, 0.5]), n, Accumulate(fresh)), at)[0] * at
        assert abs(found[1] / limit - 1) < 2e-3
        assert abs(found[1] / limit - 1) <= abs(found[0] / limit - 1) + 1e-12
    half = drift_shares(Recursion(Categorical(), Known([0.5, 0.5]), n, Accumulate(0.5)), at)[0] * at
    assert half[1] - half[0] == pytest.approx(np.log(10) / n, rel=1e-4)
    assert accumulated_pace(0.5).logarithm


def test_where_there_is_no_answer():
    recursion = Recursion(Categorical(), Corpus([1, 4]), 5, Accumulate(0.1))
    assert AccumulatedFreshLaw().answer(recursion, Survival([0]), np.array([5001])) is None
    assert drift_shares(recursion, np.array([10**6 + 1])) is None
    with pytest.raises(InputError, match=r"`fresh` is 1\.5"):
        Accumulate(1.5)


@pytest.mark.parametrize("workflow", [Accumulate(), Accumulate(1e-12), AccumulateSubsample()])
@pytest.mark.parametrize("n", [1, 2, 50, 10**9])
def test_symbols_however_rare(workflow, n):
    """Generation 2 is drawn from a model of generation 1 alone, as under replace; few fresh data change nothing."""
    for x in (1e-300, 1e-100, 1e-40, 1e-20, 1e-9):
        known = Known([x, 1.0 - x])
        found, plain = (
            solve(Recursion(Categorical(), known, n, each), Survival([0]), [1, 2], method="exact")["survival"].value
            for each in (workflow, Replace())
        )
        np.testing.assert_allclose(found, plain, rtol=1e-10 if workflow != Accumulate(1e-12) else 1e-9)


def test_few_symbols_and_many():
    """Few are carried one by one, many by way of all counts in common; the answers are the same."""
    counts = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 625]
    recursion = Recursion(Categorical(), Corpus(counts), 300, Accumulate())
    at = [1, 2, 10, 100]
    all_of_them = solve(recursion, Survival(), at, method="exact")["survival"].value
    some = solve(recursion, Survival([0, 4, 11]), at, method="exact")["survival"].value
    np.testing.assert_allclose(some, all_of_them[:, [0, 4, 11]], rtol=3e-12)
    fixed = solve(recursion, NotFixed([0, 4]), at, method="exact")["not_fixed"].value
    np.testing.assert_allclose(fixed, some[:, :2], rtol=1e-9)
