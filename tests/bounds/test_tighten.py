"""Tightening: clipped to the possible, monotone where the answer is, and still bounds."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, Recursion, solve
from modelcollapse.bounds import Bound, Bracket
from modelcollapse.reference import MODELCOLLAPSE
from modelcollapse.statistics import Diversity, NotFixed, Survival, TotalCollapse, Vocabulary
from modelcollapse.workflows import Recipe, Workflow

COIN = Recursion(Categorical(), Known([0.001, 0.999]), 10_000)


def curve(asked, statistic, generations, source, kind, tighten):
    found = solve(asked, statistic, generations, method="bounds", tighten=tighten).of(statistic.name)
    return next(b for b in found if (b.source, b.kind) == (source, kind))


def test_upper_keeps_its_least_value():
    stated, tight = (
        curve(COIN, Survival([0]), 400, "suresh_2024.theorem_1", "upper", t).value[:, 0] for t in (False, True)
    )
    np.testing.assert_allclose(tight, np.minimum(np.minimum.accumulate(stated), 1.0), rtol=1e-15)
    assert tight[-1] == stated.min() == stated[68]
    assert stated[-1] > 1


def test_generations_before_those_asked_for_count():
    alone = curve(COIN, Survival([0]), [400], "suresh_2024.theorem_1", "upper", True)
    assert alone.value[0, 0] == pytest.approx(0.424, abs=6e-4)
    assert alone.provenance.reason.endswith("; tightened")


def test_lower_of_what_falls_keeps_its_later_values():
    coin = Recursion(Categorical(), Known([0.2, 0.8]), 100)
    two_sided = curve(coin, NotFixed([0]), 200, "suresh_2024.theorem_1_two_sided", "lower", True).value
    assert two_sided.min() == 0
    assert np.all(np.diff(two_sided, axis=0) <= 0)


def test_what_rises_is_tightened_the_other_way():
    asked = Recursion(Categorical(), Corpus([1, 1, 1]), 5)
    source = "seddik_2024.several_symbols"
    lower, upper = (curve(asked, TotalCollapse(), 50, source, kind, True).value for kind in ("lower", "upper"))
    for values in (lower, upper):
        assert np.all(np.diff(values) >= 0)
        assert np.all((values >= 0) & (values <= 1))
    assert curve(asked, TotalCollapse(), 50, source, "lower", False).value[0] < 0


def test_vocabulary_is_at_least_1():
    asked = Recursion(Categorical(), Corpus([1] * 30), 30)
    source = "suresh_2024.corollary_1"
    assert curve(asked, Vocabulary(), [500], source, "lower", False).value[0] < 1
    assert curve(asked, Vocabulary(), [500], source, "lower", True).value[0] == 1
    assert curve(asked, Vocabulary(), [500], source, "upper", True).value[0] <= 30


class Wild(Bound):
    """A bound that jumps about, on both sides of what is possible."""

    name = "modelcollapse.wild"
    statement, validity, basis, reference = "jumps", "nowhere", "derived here", MODELCOLLAPSE

    def bracket(self, recursion, statistic, generations):
        value = 5 * np.sin(generations.astype(float))
        return Bracket(value - 5, value + 5)


class Unknown(Workflow):
    """A workflow in which nothing is known to be monotone."""

    name = "unknown"

    def recipe(self, generation):
        return Recipe({generation - 1: 1.0}, {generation: 1.0})


def test_under_other_workflows_curves_are_clipped_only():
    asked = Recursion(Categorical(), Known([0.5, 0.5]), 5, Unknown())
    found = solve(asked, Diversity(), 30, method="bounds", bounds=[Wild()], tighten=True).of("diversity")
    expected = np.clip(5 * np.sin(np.arange(1.0, 31)) + 5, 0, 1)
    np.testing.assert_allclose(found[1].value, expected)
    replaced = Recursion(Categorical(), Known([0.5, 0.5]), 5)
    found = solve(replaced, Diversity(), 30, method="bounds", bounds=[Wild()], tighten=True).of("diversity")
    np.testing.assert_allclose(found[1].value, np.minimum.accumulate(expected))


def test_very_many_generations_are_sampled():
    """A selection is still a bound, and at least as good as the generations asked for."""
    tight = curve(COIN, Survival([0]), [10, 10**9], "suresh_2024.theorem_1", "upper", True).value[:, 0]
    assert 0.4238 < tight[1] < 0.424


@pytest.mark.parametrize("method", ["auto", "exact", "simulate", "asymptotic"])
def test_only_bounds_are_tightened(method):
    with pytest.raises(InputError, match="`tighten`"):
        solve(COIN, Survival(), 3, method=method, tighten=True)
