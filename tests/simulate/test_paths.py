"""Paths against the sums of the same simulation."""

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, InputError, Known, Parameters, Recursion, solve
from modelcollapse.simulate.paths import paths
from modelcollapse.statistics import MeanVariance, Survival

COIN = Recursion(Categorical(), Known([0.1, 0.9]), 20)


def test_paths_have_the_law_of_the_recursion():
    """|z| < 5.5 at four generations: false-alarm rate 2e-7; a shift by one generation is seen."""
    found = paths(COIN, lambda seen: seen.model[:, 0], 5, 40_000, np.random.default_rng(1))
    assert found.shape == (5, 40_000)
    law = solve(COIN, Survival([0]), 6, method="exact")["survival"].value[:, 0]
    z = np.abs((found > 0).mean(axis=1) - law[:5]) / np.sqrt(law[:5] * (1 - law[:5]) / 40_000)
    assert z.max() < 5.5
    shifted = np.abs((found > 0).mean(axis=1) - law[1:]) / np.sqrt(law[1:] * (1 - law[1:]) / 40_000)
    assert shifted.max() > 5.5


def test_a_path_is_one_run():
    """Zero is for ever in each of them, and a Gaussian's mean square over many is 1."""
    found = paths(COIN, lambda seen: seen.model[:, 0], 30, 200, np.random.default_rng(2))
    assert np.all((found[1:] == 0) | (found[:-1] > 0))
    normal = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 50)
    scales = paths(normal, lambda seen: seen.model[:, 1], 1, 20_000, np.random.default_rng(3))
    assert (scales**2).mean() == pytest.approx(solve(normal, MeanVariance(), [1])["mean_variance"].value[0], abs=0.01)


def test_refuses_what_would_not_fit():
    with pytest.raises(InputError, match=r"keep at most 10,000,000"):
        paths(COIN, lambda seen: seen.model[:, 0], 10_000, 10_000, np.random.default_rng(1))
    with pytest.raises(InputError, match=r"`replicates` is 0"):
        paths(COIN, lambda seen: seen.model[:, 0], 10, 0, np.random.default_rng(1))
