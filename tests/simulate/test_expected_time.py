"""What a simulation says before and while it takes long: nothing of it moves a number."""

import sys

import numpy as np
import pytest
import tqdm

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.families import Laplace, ScipyDistribution
from modelcollapse.simulate import expected_time
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.expected_time import expected_seconds, warning
from modelcollapse.statistics import MeanScale, ScaleTail

START = Parameters(location=0.0, scale=1.0)
GUMBEL = Recursion(ScipyDistribution(), START, 5)


@pytest.fixture
def clock(monkeypatch):
    """Each look at the clock is a second after the one before: five fits take one second."""
    looks = iter(range(1000))
    monkeypatch.setattr(expected_time.time, "perf_counter", lambda: float(next(looks)))


def laid_out(recursion, replicates, horizon):
    return Simulation(recursion, [MeanScale()], np.array([horizon]), replicates, entropy=1)


def test_time_goes_with_fits(clock):
    """0.2 seconds a fit: 600 of them are just two minutes, 601 are more."""
    assert expected_seconds(laid_out(GUMBEL, 50, 30)) == pytest.approx(300)
    assert warning(laid_out(GUMBEL, 600, 1)) is None
    text = warning(laid_out(GUMBEL, 50, 30))
    assert "1,500 fits, of about 0.2 seconds each: about 5 minutes in all" in text
    assert "601 fits" in warning(laid_out(GUMBEL, 601, 1))


def test_families_that_fit_all_replicates_at_once_are_not_tried(clock):
    assert expected_seconds(laid_out(Recursion(Laplace(), START, 5), 10**6, 1000)) is None


def test_what_cannot_be_fitted_is_left_to_the_run(clock):
    assert warning(laid_out(Recursion(ScipyDistribution("cauchy"), START, 2), 10**6, 10)) is None


@pytest.mark.parametrize("watched", [True, False])
def test_a_bar_counts_generations_and_moves_no_number(clock, watched, monkeypatch, capsys):
    steps = []

    class Bar(tqdm.tqdm):
        def update(self, n=1):
            steps.append((n, self.total))
            return super().update(n)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    ask = {"method": "simulate", "replicates": 101, "rng": 3}
    shown, silent = (solve(GUMBEL, ScaleTail(0.5), 6, progress=p, **ask)["scale_tail"].value for p in (True, False))
    np.testing.assert_array_equal(shown, silent)
    assert steps == ([(1, 6)] * 6 if watched else [])
    assert capsys.readouterr().err.count("606 fits") == 1
