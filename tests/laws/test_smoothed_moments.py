"""Diversity and squared error under add-a smoothing: every outcome in fractions, simulation, and both ends."""

from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.families import Additive, GoodTuring, Smoothed
from modelcollapse.laws.smoothed_moments import SmoothedMomentsLaw
from modelcollapse.statistics import Diversity, SquaredError
from modelcollapse.workflows import Accumulate

P = (Fraction(1, 10), Fraction(3, 10), Fraction(6, 10))
AMOUNT = Fraction(1, 2)


def enumerated(sizes, amount=AMOUNT):
    """Diversity and squared error of each generation, over every outcome of every draw."""
    models, found = {P: Fraction(1)}, []
    for n in sizes:
        after = {}
        for model, chance in models.items():
            for counts in (c for c in product(range(n + 1), repeat=3) if sum(c) == n):
                ways = Fraction(factorial(n))
                for y, q in zip(counts, model, strict=True):
                    ways *= q**y / factorial(y)
                fitted = tuple((y + amount) / (n + 3 * amount) for y in counts)
                after[fitted] = after.get(fitted, 0) + chance * ways
        models = after
        diversity = sum(c * (1 - sum(q * q for q in model)) for model, c in models.items())
        error = sum(c * sum((q - p) ** 2 for q, p in zip(model, P, strict=True)) for model, c in models.items())
        found.append((float(diversity), float(error)))
    return np.array(found).T


def exact(size, generations, amount=0.5, p=P):
    recursion = Recursion(Smoothed(Additive(amount)), Known([float(each) for each in p]), size)
    found = solve(recursion, [Diversity(), SquaredError()], generations, method="exact")
    assert found["diversity"].source == found["squared_error"].source == "smoothed_moments"
    return found["diversity"].value, found["squared_error"].value


@pytest.mark.parametrize("sizes", [[1, 1, 1], [2, 2, 2], [3, 1, 2], [4, 4]])
def test_against_every_outcome(sizes):
    np.testing.assert_allclose(exact(sizes, range(1, len(sizes) + 1)), enumerated(sizes), rtol=1e-14)


def test_another_amount_is_caught():
    assert np.min(np.abs(np.array(exact([2, 2, 2], [1, 2, 3])) / enumerated([2, 2, 2], Fraction(2, 5)) - 1)) > 1e-3


def test_against_simulation():
    """|z| < 5.6, a false alarm of 2e-8 for each of ten; one draw more is caught."""
    p, runs, at = [0.02, 0.08, 0.3, 0.6], 100_000, [1, 2, 5, 20, 100]
    recursion = Recursion(Smoothed(Additive(0.3)), Known(p), 40)
    simulated = solve(recursion, [Diversity(), SquaredError()], at, method="simulate", replicates=runs, rng=5)
    seen = [simulated[name] for name in ("diversity", "squared_error")]

    def scores(size):
        return [(s.value - e) / s.sd * runs**0.5 for s, e in zip(seen, exact(size, at, 0.3, p), strict=True)]

    assert np.max(np.abs(scores(40))) < 5.6
    assert np.max(np.abs(scores(41))) > 5.6


def test_without_smoothing_it_is_replace():
    plain = Recursion(Categorical(), Known([float(p) for p in P]), 7)
    found = solve(plain, [Diversity(), SquaredError()], [1, 10, 1000], method="exact")
    diversity, error = exact(7, [1, 10, 1000], amount=0.0)
    np.testing.assert_allclose(diversity, found["diversity"].value, rtol=1e-12)
    np.testing.assert_allclose(error, found["squared_error"].value, rtol=1e-12)


def test_where_it_ends():
    """Diversity settles at w (2 - w) (1 - 1/m) over what one generation loses, and keeps its digits."""
    n, a = 1000, 1e-9
    w = a * 3 / (n + a * 3)
    limit = w * (2 - w) * (2 / 3) / (1 - (1 - w) ** 2 * (1 - 1 / n))
    diversity, error = exact(n, [10**6], amount=a)
    assert diversity[0] == pytest.approx(limit, rel=1e-8)
    assert error[0] <= 2.0


@pytest.mark.parametrize(
    ("smoothing", "workflow"),
    [(GoodTuring(), None), (Additive(0.5, alphabet="unknown"), None), (Additive(0.5), Accumulate())],
)
def test_what_it_does_not_cover(smoothing, workflow):
    details = {} if workflow is None else {"workflow": workflow}
    recursion = Recursion(Smoothed(smoothing), Known([0.5, 0.5]), 10, **details)
    assert SmoothedMomentsLaw().answer(recursion, Diversity(), np.array([1])) is None
