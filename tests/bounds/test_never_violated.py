"""Every bound about counts against the exact law, on a wide grid."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.bounds import BOUNDS
from modelcollapse.statistics import NonZero, NotFixed, Survival, TotalCollapse, Vocabulary
from tests.bounds.grid import GENERATIONS, LAW, PREFIXES, SIZES, recursion, violation

# The names of bounds about counts begin like this; the others are about scales.
COUNTS = (
    "suresh_2024.theorem_1",
    "suresh_2024.theorem_2",
    "suresh_2024.corollary_1",
    "seddik_2024.",
    "modelcollapse.ancestry_bracket",
    "modelcollapse.sharp_theorem_1",
    "modelcollapse.diversity",
    "modelcollapse.g_bracket",
)


def check(asked, statistic, generations=GENERATIONS):
    exact = solve(asked, statistic, generations, method="exact")[statistic.name]
    for tighten in (False, True):
        bounds = solve(asked, statistic, generations, method="bounds", tighten=tighten).of(statistic.name)
        assert bounds
        for bound in bounds:
            assert violation(bound, exact) <= 0, (bound.source, bound.kind, tighten)


@pytest.mark.parametrize("statistic", [Survival(PREFIXES), NotFixed(PREFIXES)], ids=lambda s: s.name)
@pytest.mark.parametrize("n", SIZES)
def test_symbols(n, statistic):
    check(recursion(n), statistic)


@pytest.mark.parametrize("n", [2, 5, 50, 400, 10**6])
def test_vocabulary_and_total_collapse(n):
    asked = [recursion(n), Recursion(Categorical(), Known([0.01, 0.99]), n)]
    asked += [Recursion(Categorical(), Corpus([1] * symbols), n) for symbols in (2, 3, 200)]
    for each in asked:
        check(each, Vocabulary())
        check(each, TotalCollapse())


@pytest.mark.parametrize("count", [1e-9, 0.01, 1.0, 10.0, 1e4])
def test_poisson(count):
    asked = Recursion(Poisson(), Parameters(rate=count / 10), 10)
    check(asked, NonZero())
    check(asked, NonZero(), [10**5, 10**8, 10**12])


@pytest.mark.parametrize("sizes", [[5] * 30, list(range(1, 41)), [100, 3, 50, 1, 7, 200, 4] * 4, [3, 400] * 15])
def test_varying_sizes(sizes):
    asked = Recursion(Categorical(), Known(LAW), sizes)
    check(asked, Survival(PREFIXES), len(sizes))
    check(asked, NotFixed(PREFIXES), len(sizes))


def test_late_generations():
    for n in (3, 100):
        check(recursion(n), Survival(PREFIXES), [n, 10 * n, 1000 * n])


def test_every_bound_about_counts_takes_part():
    questions = [(recursion(50), each) for each in (Survival(), NotFixed(), Vocabulary(), TotalCollapse())]
    questions.append((Recursion(Poisson(), Parameters(rate=1.0), 10), NonZero()))
    answers = [solve(asked, each, 2, method="bounds").of(each.name) for asked, each in questions]
    about_counts = {b.name for b in BOUNDS if b.name.startswith(COUNTS)}
    assert {b.source for found in answers for b in found} == about_counts


@pytest.mark.parametrize(("kind", "shift"), [("lower", 1.001), ("upper", 0.999)])
def test_negative_control(kind, shift):
    """A curve a thousandth too sharp is caught somewhere."""
    statistic = Survival(PREFIXES)
    exact = solve(recursion(20), statistic, GENERATIONS)["survival"]
    bounds = solve(recursion(20), statistic, GENERATIONS, method="bounds").of("survival")
    sharp = next(b for b in bounds if b.source == "modelcollapse.ancestry_bracket" and b.kind == kind)
    assert violation(sharp, exact) <= 0
    wrong = np.clip(sharp.value * shift, 0, 1)
    object.__setattr__(sharp, "value", wrong)
    assert violation(sharp, exact) > 0
