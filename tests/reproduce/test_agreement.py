"""The verdict on a simulation: right as often as stated, and not blind."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse.reproduce import agreement


def test_binomial_tails_against_scipy():
    law = np.array([0.0, 1e-6, 0.3, 0.5, 1 - 1e-6, 1.0])
    for hits in (0, 1, 3, 9, 10):
        found = agreement.probability_tails(np.full(6, hits / 10), 10, law)
        below, above = stats.binom.cdf(hits, 10, law), stats.binom.sf(hits - 1, 10, law)
        assert found == pytest.approx(np.minimum(1, 2 * np.minimum(below, above)), rel=1e-9, abs=1e-300)
        assert agreement.excess_tails(np.full(6, hits / 10), 10, law) == pytest.approx(above, rel=1e-9, abs=1e-300)


def test_false_alarms_are_as_rare_as_stated():
    """At a thousandth in the place of the millionth: exactly, over all outcomes, never above the level."""
    for p in (0.003, 0.2, 0.5, 0.97):
        outcomes = np.arange(201)
        chance = stats.binom.pmf(outcomes, 200, p)
        tails = agreement.probability_tails(outcomes / 200, 200, np.full(201, p))
        assert chance[tails < 1e-3].sum() <= 1e-3
        assert chance[tails < 0.2].sum() > 0.02


def test_what_is_wrong_is_seen():
    chances = agreement.probability_tails(np.array([0.5, 0.55]), 5000, np.array([0.5, 0.5]))
    assert not agreement.agrees(chances)
    assert agreement.agrees(chances[:1])
    assert not agreement.agrees(agreement.mean_tails(np.array([1.1]), 100, np.array([1.0]), np.array([0.1])))


def test_more_comparisons_take_more_to_fail():
    chance = np.array([2e-8])
    assert not agreement.agrees(chance, 1)
    assert agreement.agrees(chance, 100)
    assert agreement.agrees(np.array([]))


def test_impossible_events():
    assert agreement.probability_tails(np.array([0.1]), 10, np.array([0.0]))[0] == 0.0
    assert agreement.probability_tails(np.array([0.9]), 10, np.array([1.0]))[0] == 0.0
