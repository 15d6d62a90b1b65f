"""The compiled route of mixtures: the law of the generic loop, the known curve, and what it takes."""

import numpy as np
import pytest

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.families import ApproximateLikelihood, Gaussian, Mixture
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import GenericLoop
from modelcollapse.simulate.shortcuts.mixture import MixtureKernel
from modelcollapse.start import Empirical
from modelcollapse.statistics import CollapsingVariance, MeanScale, MeanSquaredDrift, NotCollapsed, ScaleTail
from modelcollapse.workflows import Accumulate

START = Parameters(mean=1.0, scale=1.0)
GENERATIONS = np.array([1, 4, 12])
ASKED = [ScaleTail(0.3), MeanScale(), MeanSquaredDrift()]


def means_and_errors(route, recursion, replicates, seed):
    """Mean and standard error of every statistic and generation."""
    found = route.run_block(Experiment(recursion, ASKED, GENERATIONS, replicates), np.random.SeedSequence(seed))
    means = np.array([sums.total / replicates for sums in found])
    squares = np.array([sums.squares / replicates for sums in found])
    return means, np.sqrt(np.maximum(squares - means**2, 0) / replicates)


def z_scores(compiled, generic):
    ours, error = means_and_errors(MixtureKernel(), compiled, 40_000, 1)
    theirs, their_error = means_and_errors(GenericLoop(), generic, 6000, 2)
    return np.abs(ours - theirs) / np.maximum(np.hypot(error, their_error), 1e-12)


@pytest.mark.parametrize("size", [2, 7, [5, 9, 4, 12] * 3])
def test_has_the_law_of_the_generic_loop(size):
    """27 comparisons, |z| < 5.6: 1e-6."""
    recursion = Recursion(Mixture(), START, size)
    assert z_scores(recursion, recursion).max() < 5.6


@pytest.mark.parametrize(("size", "mean"), [(8, 1.0), (7, 1.4)])
def test_another_size_or_start_is_caught(size, mean):
    wrong = Recursion(Mixture(), Parameters(mean=mean, scale=1.0), size)
    assert z_scores(wrong, Recursion(Mixture(), START, 7)).max() > 5.6


def curve(size=10):
    asked = Recursion(Mixture(), START, size), ScaleTail(0.1), [20, 40, 60]
    return solve(*asked, method="simulate", replicates=200_000, rng=1)["scale_tail"]


def test_the_known_curve():
    """n = 10, mean = scale = 1: .438, .0565, .0062, from as many other runs; |z| < 5.1 for three: 1e-6."""
    truth = np.array([0.438, 0.0565, 0.0062])
    error = np.sqrt(2 * truth * (1 - truth) / 200_000 + np.array([0.0005, 0.00005, 0.00005]) ** 2)
    found = curve()
    assert "mixtures, compiled" in found.provenance.reason
    assert (np.abs(found.value - truth) / error).max() < 5.1
    assert (np.abs(found.value - [0.58, 0.17, 0.04]) / error).min() > 20  # by a root from one start
    assert (np.abs(curve(9).value - truth) / error).max() > 20


def test_deep_collapse():
    """Below 1e-300 a scale is 0 at last; nothing is undefined, and the mean stays."""
    recursion = Recursion(Mixture(), START, 3)
    found = solve(recursion, [MeanScale(), MeanSquaredDrift()], [3000], method="simulate", replicates=2000, rng=1)
    assert "mixtures, compiled" in found["mean_scale"].provenance.reason
    assert found["mean_scale"].undefined is None
    assert found["mean_scale"].value[0] == 0.0
    assert np.isfinite(found["mean_squared_drift"].value).all()


def covered(recursion, statistics=(), generations=GENERATIONS, replicates=10**6):
    return MixtureKernel().covers(Experiment(recursion, statistics, generations, replicates))


def test_takes_what_it_can():
    assert covered(Recursion(Mixture(), START, 10), ASKED)
    assert covered(Recursion(Mixture(), START, list(range(2, 20))))
    assert not covered(Recursion(Mixture(), START, 10), replicates=1000), "not worth compiling"
    assert not covered(Recursion(Mixture(), START, 1))
    assert not covered(Recursion(Mixture(), START, 10**6))
    assert not covered(Recursion(Mixture(), START, 10), [NotCollapsed(CollapsingVariance(0.5))])
    assert not covered(Recursion(Mixture(), START, 10, workflow=Accumulate()))
    assert not covered(Recursion(Mixture(), Empirical(START, 10), 10))
    assert not covered(Recursion(Mixture(ApproximateLikelihood()), START, 10))
    assert not covered(Recursion(Gaussian(), START, 10))
