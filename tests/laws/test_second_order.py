"""The second-order Poisson limit against the exact law."""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.laws.second_order import coefficients
from modelcollapse.statistics import Survival


def error(n, p, generations):
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n)
    found = solve(recursion, Survival([0]), generations, method="asymptotic").of("survival")
    limit = next(r for r in found if r.source == "second_order")
    exact = solve(recursion, Survival([0]), generations, method="exact")["survival"]
    return np.abs(limit.value - exact.value)[:, 0]


@pytest.mark.parametrize(("p", "n", "worst"), [(0.001, 10_000, 7e-7), (0.01, 100, 8.7e-4), (0.2, 100, 2.0e-2)])
def test_largest_error_to_generation_200(p, n, worst):
    """Literature 2.4; beyond generation n the law answers no more, so the recursion is asked in full there."""
    g, a, b = coefficients(200)
    limit = 1 - np.exp(-n * p * g) * (1 - n * a * p**2 - b * p)
    exact = solve(Recursion(Categorical(), Known([p, 1 - p]), n), Survival([0]), 200)["survival"].value[:, 0]
    assert np.abs(limit - exact).max() == pytest.approx(worst, rel=0.03)


def test_error_is_of_second_order():
    """With n p and k fixed the error falls like 1/n^2; without the correction it would fall like 1/n."""
    assert error(1000, 0.005, [10])[0] / error(10_000, 0.0005, [10])[0] == pytest.approx(100, rel=0.05)


def test_coefficients_near_their_limits():
    _, a, b = coefficients(100_000)
    assert a[-1] * 1e5 == pytest.approx(2 / 3, rel=1e-3)
    assert b[-1] == pytest.approx(1 / 3, rel=1e-3)


def test_declines_beyond_generation_n():
    recursion = Recursion(Categorical(), Known([0.2, 0.8]), 50)
    sources = [r.source for r in solve(recursion, Survival(), [51], method="asymptotic").of("survival")]
    assert sources == ["kimura"]
