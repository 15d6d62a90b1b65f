"""A workflow whose parameters make it replace is answered as replace is; no other one is."""

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, Known, Parameters, Poisson, Recursion, Replace, solve
from modelcollapse.errors import NoAnswerError
from modelcollapse.families import Exponential, Laplace, LinearRegression
from modelcollapse.rating.pace import pace
from modelcollapse.statistics import CollapseTime, NonZero, ScaleTail, SquaredError, Survival
from modelcollapse.workflows import WORKFLOWS, Accumulate, FreshCount, FreshMix

UNIT = {"location": 0.0, "scale": 1.0}
ASKED = [
    (Categorical(), Known([0.02, 0.98]), Survival([0])),
    (Poisson(), Parameters(rate=0.3), NonZero()),
    (Gaussian(), Parameters(mean=0.0, scale=1.0), ScaleTail(0.5)),
    (Exponential(), Parameters(scale=1.0), ScaleTail(0.5)),
    (Laplace(), Parameters(**UNIT), ScaleTail(0.5)),
    (LinearRegression(2), Parameters(weight=0.0), SquaredError()),
]
FAMILIES = pytest.mark.parametrize(
    ("family", "start", "statistic"), ASKED, ids=lambda x: x.name if hasattr(x, "name") else ""
)
NOTHING_FRESH = pytest.mark.parametrize("workflow", [FreshMix(0.0), FreshCount(0)], ids=lambda w: w.name)


@FAMILIES
@NOTHING_FRESH
def test_nothing_fresh_is_replace(family, start, statistic, workflow):
    """The same law, the same bounds and the same rate constant, to the last digit."""
    alike, replaced = (Recursion(family, start, 12, each) for each in (workflow, Replace()))
    method = "sampled" if isinstance(family, Laplace) else "exact"
    found, expected = (solve(r, statistic, [1, 7, 40], method=method)[statistic.name] for r in (alike, replaced))
    assert found.source == expected.source
    np.testing.assert_array_equal(found.value, expected.value)
    bounds, known = (solve(r, statistic, [1, 7, 40], method="bounds") for r in (alike, replaced))
    assert [b.source for b in bounds.of(statistic.name)] == [b.source for b in known.of(statistic.name)]
    assert pace(alike, statistic, 40) == pace(replaced, statistic, 40)


@FAMILIES
@pytest.mark.parametrize("workflow", [FreshMix(0.01), FreshCount(1), Accumulate()], ids=lambda w: w.name)
def test_anything_else_is_not(family, start, statistic, workflow):
    """The negative control: one fresh draw in a hundred is another law, or none."""
    replaced = solve(Recursion(family, start, 12), statistic, [40], method="sampled")[statistic.name].value
    recursion = Recursion(family, start, 12, workflow)
    assert recursion.workflow == workflow
    try:
        found = solve(recursion, statistic, [40], method="sampled")[statistic.name].value
    except NoAnswerError:
        return
    assert not np.allclose(found, replaced, rtol=1e-6)


@NOTHING_FRESH
def test_times_exist_where_nothing_is_fresh(workflow):
    normal = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 100, workflow)
    times = solve(normal, CollapseTime(0.5), [], method="exact")["collapse_time"].value
    np.testing.assert_array_equal(
        times, solve(Recursion(*_parts(normal)), CollapseTime(0.5), [])["collapse_time"].value
    )


def _parts(recursion):
    return recursion.family, recursion.start, recursion.sample_size, Replace()


@pytest.mark.parametrize("workflow", [kind() for kind in WORKFLOWS], ids=lambda w: w.name)
def test_the_simplest_is_settled(workflow):
    """It has no simpler one, and draws from and trains on the same data."""
    for each in (workflow, FreshMix(0.0), FreshCount(0)):
        simple = each.simplest()
        assert simple.simplest() == simple
        assert [simple.recipe(k) for k in (1, 2, 9)] == [each.recipe(k) for k in (1, 2, 9)]
