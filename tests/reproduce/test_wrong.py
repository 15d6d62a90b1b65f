"""Negative controls: a figure whose simulation, law or bound is wrong says so."""

import dataclasses

import numpy as np
import pytest

from modelcollapse import Recursion
from modelcollapse.families import Gaussian, Poisson
from modelcollapse.reproduce import panel as panel_module
from modelcollapse.reproduce.bernoulli_survival import BernoulliSurvival, bernoulli
from modelcollapse.reproduce.gaussian_tail import GaussianTail
from modelcollapse.reproduce.poisson_survival import PoissonSurvival
from modelcollapse.reproduce.zipf import Zipf
from modelcollapse.start import Parameters


def wrong_verdicts(panel, replicates=5000, **changes):
    """What a panel says when something about it is changed."""
    data = dataclasses.replace(panel, **changes).compute(replicates, 1)
    return [verdict.statement for verdict in data.verdicts if not verdict.holds]


CASES = {
    "bernoulli, n 20 % too large": (BernoulliSurvival().panels()[1], bernoulli(0.01, 120)),
    "poisson, rate 30 % too large": (
        PoissonSurvival().panels()[0],
        Recursion(Poisson(), Parameters(rate=1.3), 10),
    ),
    "gaussian, the other estimator": (
        GaussianTail().panels()[0],
        Recursion(Gaussian(ddof=0), Parameters(mean=0.0, scale=1.0), 10),
    ),
    "gaussian, n = 11": (GaussianTail().panels()[0], Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 11)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_simulation_is_seen(case):
    panel, simulated = CASES[case]
    assert wrong_verdicts(panel) == []
    (statement,) = wrong_verdicts(panel, simulated=simulated)
    assert "agree with the exact law" in statement


def test_a_shifted_generation_is_seen():
    """The start that is itself a sample is one generation ahead: without the shift the figure is wrong."""
    panel = Zipf().panels()[0]
    assert wrong_verdicts(panel, 200) == []
    assert len(wrong_verdicts(panel, 200, shift=0)) == 1
    other = BernoulliSurvival().panels()[1]
    assert len(wrong_verdicts(other, 5000, shift=1, shown=range(1, 20))) == 1


@pytest.mark.parametrize("kind", ["lower", "upper"])
def test_a_wrong_bound_is_seen(kind, monkeypatch):
    """A bound that is drawn a tenth too tight is reported with the generation."""
    honest = panel_module.solve

    def solve(*args, **details):
        found = honest(*args, **details)
        if details.get("method") != "bounds":
            return found
        factor = 1.1 if kind == "lower" else 0.9
        changed = [
            dataclasses.replace(r, value=r.value * factor)
            if r.source == "modelcollapse.ancestry_bracket" and r.kind == kind
            else r
            for r in found.of("survival")
        ]
        return type(found)(changed)

    monkeypatch.setattr(panel_module, "solve", solve)
    (statement,) = wrong_verdicts(BernoulliSurvival().panels()[1])
    assert statement == f"the exact law is {'above' if kind == 'lower' else 'below'} modelcollapse.ancestry_bracket"


def test_without_a_law_the_bounds_are_what_is_checked(monkeypatch):
    """Then the simulation must keep the upper bounds, and one that is far above them is seen."""
    panel = GaussianTail().panels()[0]
    monkeypatch.setattr(panel_module.Panel, "_law", lambda *_: None)
    data = panel.compute(1000, 1)
    assert all(verdict.holds for verdict in data.verdicts)
    statements = [verdict.statement for verdict in data.verdicts]
    assert [s.split()[3] for s in statements].count("below") == 5
    assert [s.split()[3] for s in statements].count("above") == 1
    assert all("loose by about" in verdict.detail for verdict in data.verdicts)
    wide = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 100)
    assert len(wrong_verdicts(panel, 1000, simulated=wide)) == 5
    narrow = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 2)
    assert len(wrong_verdicts(panel, 1000, simulated=narrow, shown=range(1, 30))) == 1


def test_a_bound_that_is_no_number_is_wrong(monkeypatch):
    honest = panel_module.solve

    def solve(*args, **details):
        found = honest(*args, **details)
        if details.get("method") != "bounds":
            return found
        return type(found)([dataclasses.replace(r, value=r.value * np.nan) for r in found.of("nonzero")])

    monkeypatch.setattr(panel_module, "solve", solve)
    assert len(wrong_verdicts(PoissonSurvival().panels()[0], 100)) == 4


def test_trajectories_of_another_size_are_seen(monkeypatch):
    from modelcollapse.reproduce import bernoulli_trajectories as module

    honest = module.paths
    monkeypatch.setattr(module, "paths", lambda recursion, *rest: honest(bernoulli(module.P, 10_000), *rest))
    figure = module.BernoulliTrajectories()
    assert not figure.compute(25, np.random.SeedSequence(1)).holds
