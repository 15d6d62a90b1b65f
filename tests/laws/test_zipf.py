"""Zipf's law in closed form against the exact law of a long, finite list."""

import numpy as np
import pytest

from modelcollapse import Categorical, InputError, Known, Recursion, solve
from modelcollapse.branching import branching_numbers
from modelcollapse.laws.zipf import expected_lost_mass, expected_vocabulary
from modelcollapse.statistics import LostMass, Vocabulary


@pytest.fixture(scope="module")
def exact():
    """b = 1.5, n = 20,000, the first 200,000 ranks and one symbol for all others, undone to first order.

    All others, of mass r, would be n r g_k symbols present instead of the one, and r is all but lost.
    """
    ranks, k = np.arange(1, 200_001), np.array([1, 5, 20, 100])
    law = ranks**-1.5 / 2.6123753486854883
    rest = 1 - law.sum()
    found = solve(Recursion(Categorical(), Known(np.append(law, rest)), 20_000), [Vocabulary(), LostMass()], k)
    return found["vocabulary"].value - 1 + 20_000 * rest * branching_numbers(k), found["lost_mass"].value + rest


def test_golden_values():
    """Literature 2.7, with the means of its simulation."""
    k = np.array([1, 5, 20, 100])
    found = expected_vocabulary(1.5, 20_000, k)
    assert found.round().tolist() == [1041, 479, 212, 76]
    np.testing.assert_allclose(found, [1035, 468, 203, 70], rtol=0.09)


def test_vocabulary(exact):
    found = expected_vocabulary(1.5, 20_000, np.array([1, 5, 20, 100]))
    np.testing.assert_allclose(found, exact[0], atol=1.0)
    np.testing.assert_allclose((found - exact[0])[:3], 0.5, atol=0.03)  # Euler's half, which the integral leaves out


def test_lost_mass(exact):
    found = expected_lost_mass(1.5, 20_000, np.array([1, 5, 20, 100]))
    np.testing.assert_allclose(found, exact[1], rtol=0.02)


def test_exponents_of_the_generation():
    """Vocabulary ~ k^{-1/b}, lost mass ~ k^{1 - 1/b}."""
    k = np.array([10**6, 10**7])
    for b in (1.2, 2.0):
        words, lost = (f(b, 10**12, k) for f in (expected_vocabulary, expected_lost_mass))
        assert np.log10(words[1] / words[0]) == pytest.approx(-1 / b, abs=1e-5)
        assert np.log10(lost[1] / lost[0]) == pytest.approx(1 - 1 / b, abs=1e-5)


@pytest.mark.parametrize("exponent", [1.0, 0.5, float("nan"), float("inf"), None, "b"])
def test_refused_exponent(exponent):
    with pytest.raises(InputError, match="`exponent`"):
        expected_vocabulary(exponent, 100, np.array([1]))
