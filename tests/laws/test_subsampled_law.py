"""Presence under accumulate-subsample: against enumeration, lines of descent, a window, more nodes, and simulation."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws.presence import lattice
from modelcollapse.laws.presence.subsampled_equation import SubsampledEquation
from modelcollapse.laws.subsampled_law import SubsampledAncestryLaw
from modelcollapse.statistics import ChosenVocabulary, LostMass, NotFixed, Survival, TotalCollapse, Vocabulary
from modelcollapse.workflows import AccumulateSubsample
from tests.reference import pool_lines
from tests.reference.pool_spline import PooledEquation
from tests.reference.workflow_chain import follow


def equation(n, fitted, corpus, horizon):
    return SubsampledEquation(np.full(horizon, n), np.full(horizon, fitted), corpus)


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [2, 5, 1, 4]])
@pytest.mark.parametrize("part", [None, 1, 2, 6])
def test_against_enumeration(sizes, part):
    counts, workflow = [1, 2, 4], AccumulateSubsample(part)
    found = solve(Recursion(Categorical(), Corpus(counts), sizes, workflow), Survival(), 4, method="exact")["survival"]
    assert found.source == "subsampled_ancestry"
    for symbol, count in enumerate(counts):
        facts = follow(workflow, Fraction(count, 7), (count, 7), sizes)
        np.testing.assert_allclose(found.value[:, symbol], [float(f.present) for f in facts], rtol=1e-13)


@pytest.mark.parametrize("part", [None, 2])
def test_a_known_law_brings_no_data(part):
    workflow, sizes = AccumulateSubsample(part), [3, 4, 2, 5]
    facts = follow(workflow, Fraction(1, 5), (0, 0), sizes)
    found = solve(Recursion(Categorical(), Known([0.2, 0.8]), sizes, workflow), Survival([0]), 4, method="exact")
    value = found["survival"].value[:, 0]
    np.testing.assert_allclose(value, [float(fact.present) for fact in facts], rtol=1e-13)
    other = solve(Recursion(Categorical(), Corpus([1, 4]), sizes, workflow), Survival([0]), 4, method="exact")
    assert np.abs(value / other["survival"].value[:, 0] - 1).max() > 1e-3


@pytest.mark.parametrize(
    ("sizes", "fitted", "tokens"),
    [
        ([20] * 8, [20] * 8, 20),
        ([20] * 8, [20] * 8, 0),
        ([12] * 8, [25] * 8, 60),
        ([25] * 8, [9] * 8, 15),
        ([7, 30, 3, 18, 1, 22, 16], [6, 11, 23, 2, 19, 30, 12], 30),
        ([10, 30, 3, 18, 1, 22, 16], [6, 11, 23, 2, 19, 30, 12], 0),
    ],
)
def test_against_lines_of_descent(sizes, fitted, tokens):
    x = np.array([1, 3, 10]) / (tokens or 30)
    at = np.arange(1, len(sizes) + 1)
    found = SubsampledEquation(np.array(sizes), np.array(fitted), tokens).survival(x, at)
    expected = [[pool_lines.survival(sizes, fitted, tokens, each, k) for each in x] for k in at.tolist()]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_many_generations():
    n, tokens = 6, 6
    found = equation(n, n, tokens, 400).survival(np.array([1 / 6]), np.array([400]))[0, 0]
    assert found == pytest.approx(pool_lines.survival([n] * 400, [n] * 400, tokens, 1 / 6, 400), rel=1e-11)


@pytest.mark.parametrize("n", [100, 10**4, 10**8, 10**12])
@pytest.mark.parametrize(("ratio", "corpus"), [(1, 1), (2, 3), (5, 5)])
def test_a_window_of_the_pool(n, ratio, corpus):
    """Any sizes; another part, one draw more in a hundred, and another corpus are seen."""
    count, horizon, at = 4, 4, np.arange(1, 5)
    tokens, fitted = corpus * n, ratio * n
    low, lost = pool_lines.window(n, fitted, tokens, count, horizon, 220)
    assert lost.max() < 1e-12
    x = np.array([count / tokens])
    np.testing.assert_allclose(equation(n, fitted, tokens, horizon).survival(x, at)[:, 0], low, rtol=1e-11)
    more = n // 100
    for wrong in ((n + more, fitted, tokens), (n, fitted - more, tokens), (n, fitted, tokens + more)):
        assert np.abs(equation(*wrong, horizon).survival(x, at)[:, 0] / low - 1).max() > 1e-6


@pytest.mark.parametrize("n", [300, 10**12])
@pytest.mark.parametrize(("part", "corpus"), [(1.0, 1), (0.1, 1), (3.0, 3), (1.0, 0)])
def test_twice_the_nodes(n, part, corpus, monkeypatch):
    """Common and rare symbols alike: the error falls with the distance of the nodes, and is far below 1e-10."""
    at, x = np.array([1, 2, 6]), np.array([1 / n, 30 / n, 200 / n, 0.02, 0.5, 0.9])
    x = np.rint(x * n * max(corpus, 1)) / (n * max(corpus, 1))
    coarse = equation(n, int(part * n), corpus * n, 6).survival(x, at)
    monkeypatch.setattr(lattice, "_PER_COUNT", 40)
    monkeypatch.setattr(lattice, "_FINEST_ABOVE", 800)
    monkeypatch.setattr(lattice, "AROUND", 18)
    fine = equation(n, int(part * n), corpus * n, 6).survival(x, at)
    np.testing.assert_allclose(coarse, fine, rtol=1e-11)


def test_a_part_as_large_as_the_pool_is_the_pool():
    """Model 1 alone is fitted to all there is: generations 1 and 2 are those of accumulate, and the third is not."""
    n, tokens, at = 50, 70, np.array([1, 2, 3])
    sizes, x = np.full(3, n), np.array([1, 5, 30]) / tokens
    found = SubsampledEquation(sizes, np.array([n + tokens, n, n]), tokens).survival(x, at)
    whole = PooledEquation(sizes, tokens).survival(x, at)
    np.testing.assert_allclose(found[:2], whole[:2], rtol=1e-11)
    assert np.all(found[2, :2] < 0.99 * whole[2, :2])


def test_what_is_certain():
    """Pr(absent at k) <= exp(-x w), from a corpus and from a law."""
    n, x = 60, np.array([1, 3, 6, 30]) / 60
    for tokens, fitted in ((0, 60), (60, 60), (600, 30), (60, 100)):
        found = equation(n, fitted, tokens, 12)
        for k in (1, 2, 5, 12):
            at = np.array([k])
            assert np.all(1 - found.survival(x, at)[0] <= np.exp(-x * found.weakest(at)) + 1e-14)
            assert found.weakest(at) > 0.1 * n


def test_statistics_of_presence_from_enumeration():
    """Mean and variance of two symbols and a rest, the pair by merging."""
    counts, sizes, workflow = [1, 2, 3], [3, 4, 3], AccumulateSubsample()

    def absent(count):
        return np.array([float(1 - f.present) for f in follow(workflow, Fraction(count, 6), (count, 6), sizes)])

    single = np.array([absent(c) for c in counts])
    variance = (single * (1 - single)).sum(axis=0)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        variance = variance + 2 * (absent(counts[i] + counts[j]) - single[i] * single[j])
    recursion = Recursion(Categorical(), Corpus(counts), sizes, workflow)
    asked = [Vocabulary(), ChosenVocabulary([0, 2]), LostMass(), NotFixed([0]), TotalCollapse()]
    found = solve(recursion, asked, 3, method="exact")
    np.testing.assert_allclose(found["vocabulary"].value, (1 - single).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["vocabulary"].sd ** 2, variance, rtol=1e-9)
    np.testing.assert_allclose(found["chosen_vocabulary"].value, (1 - single)[[0, 2]].sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["lost_mass"].value, np.array(counts) @ single / 6, rtol=1e-10)
    alone = [absent(6 - c) for c in counts]
    np.testing.assert_allclose(found["total_collapse"].value, np.sum(alone, axis=0), rtol=1e-9)
    np.testing.assert_allclose(found["not_fixed"].value[:, 0], 1 - single[0] - alone[0], rtol=1e-9)


@pytest.mark.parametrize("kind", [Corpus, Known])
def test_the_vocabulary_is_the_sum_over_its_symbols(kind):
    """By way of nodes, as a corpus of many different counts goes, and symbol by symbol."""
    counts = np.arange(1, 121)
    start = Corpus(counts) if kind is Corpus else Known(counts / counts.sum())
    recursion = Recursion(Categorical(), start, 2000, AccumulateSubsample(1500))
    at = np.array([1, 2, 10])
    fitted = np.full(10, 1500)
    each = SubsampledEquation(np.full(10, 2000), fitted, 7260 if kind is Corpus else 0)
    seen = each.survival(start.probabilities, at)
    found = solve(recursion, [Vocabulary(), Survival()], at, method="exact")
    np.testing.assert_allclose(found["vocabulary"].value, seen.sum(axis=1), rtol=1e-11)
    np.testing.assert_allclose(found["survival"].value, seen, rtol=1e-10)


@pytest.mark.parametrize(("start", "part"), [(Corpus([1, 2, 17]), None), (Known([0.05, 0.1, 0.85]), 12)])
def test_against_simulation(start, part):
    """|z| below 5.4 at 15 numbers: false alarms below 1e-6. A draw too many or too few is caught, and another part."""
    at, runs = [1, 2, 5, 10, 20], 200_000

    def recursion(n, size=part):
        return Recursion(Categorical(), start, n, AccumulateSubsample(size))

    run = solve(recursion(20), Survival(), at, method="simulate", replicates=runs, rng=9)["survival"].value[:, :2]

    def worst(asked):
        p = solve(asked, Survival([0, 1]), at, method="exact")["survival"].value
        return np.abs((run - p) / np.sqrt(p * (1 - p) / runs)).max()

    assert worst(recursion(20)) < 5.4
    for wrong in (recursion(19), recursion(21), recursion(20, 9)):
        assert worst(wrong) > 5.4


def test_there_is_no_answer_where_no_part_can_be_drawn_or_generations_are_too_many():
    recursion = Recursion(Categorical(), Known([0.5, 0.5]), 5, AccumulateSubsample(6))
    assert SubsampledAncestryLaw().answer(recursion, Survival([0]), np.array([1])) is None
    long = Recursion(Categorical(), Corpus([1, 4]), 5, AccumulateSubsample())
    assert SubsampledAncestryLaw().answer(long, Survival([0]), np.array([5001])) is None
