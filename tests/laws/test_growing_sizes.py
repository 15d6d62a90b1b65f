"""Growing sample sizes: against long schedules, the leading order, and the exact law of symbols."""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.errors import InputError
from modelcollapse.laws import growing_sizes
from modelcollapse.laws.growing_sizes import growing_for_ever, growing_geometrically
from modelcollapse.statistics import Diversity, NonZero, Survival


@pytest.mark.parametrize(("first", "exponent"), [(3, 2.0), (100, 1.5), (10, 3.0)])
def test_a_long_schedule_comes_down_to_it(first, exponent):
    """At generation 3,000 what may still be lost is of the order of the rest of the sum of 1/n_k."""
    sizes = np.ceil(first * np.arange(1, 3001) ** exponent).astype(int).tolist()
    rest = 3000 ** (1 - exponent) / first / (exponent - 1)
    kept = growing_for_ever(first, exponent)
    rate = 1 / first
    alive = solve(Recursion(Poisson(), Parameters(rate=rate), sizes), NonZero(), [3000])["nonzero"].value[0]
    size = -np.log1p(-alive) / rate
    assert 0 < size / kept.effective_size - 1 < kept.effective_size * rest
    diversity = solve(Recursion(Categorical(), Known([0.5, 0.5]), sizes), Diversity(), [3000])["diversity"].value[0]
    assert 0 < diversity / 0.5 / kept.diversity - 1 < 1.01 * rest


def test_leading_order_and_bound():
    """w is near 2/sum 1/n_k where that is far from n_1, and symbols survive at least as often."""
    sizes = np.ceil(1000 * np.arange(1, 1501) ** 1.1)
    kept = growing_for_ever(1000, 1.1)
    zeta = sum(1 / np.arange(1, 10**6) ** 1.1) + 10 * 10**-0.6
    assert kept.effective_size == pytest.approx(2000 / zeta, rel=0.05)
    recursion = Recursion(Categorical(), Known([0.01, 0.99]), [*map(int, sizes[:60])])
    assert solve(recursion, Survival([0]), [60])["survival"].value[0, 0] > -np.expm1(-0.01 * kept.effective_size)


@pytest.mark.parametrize(("first", "exponent"), [(5, 1.2), (1000, 2.0)])
def test_no_digit_depends_on_how_many_are_followed(first, exponent, monkeypatch):
    many = growing_for_ever(first, exponent)
    monkeypatch.setattr(growing_sizes, "_FOLLOWED", 30_000)
    fewer = growing_for_ever(first, exponent)
    assert fewer.effective_size == pytest.approx(many.effective_size, rel=1e-6)
    assert fewer.diversity == pytest.approx(many.diversity, rel=1e-6)


def test_linear_growth_keeps_nothing():
    assert growing_for_ever(10**6, 1.0) == (0.0, 0.0)
    assert growing_for_ever(1, 2.0).diversity == 0.0
    assert growing_for_ever(1, 2.0).effective_size > 0.5


@pytest.mark.parametrize("arguments", [(0, 2.0), (10, -1.0), (10, float("nan"))])
def test_refusals(arguments):
    with pytest.raises(InputError):
        growing_for_ever(*arguments)


@pytest.mark.parametrize(("first", "growth", "far"), [(1000, 1.1, 240), (3, 1.5, 60), (7, 1.05, 500), (1, 20.0, 9)])
def test_geometric_growth_is_what_a_long_schedule_comes_down_to(first, growth, far):
    sizes = [round(first * growth**k) for k in range(far)]
    kept = growing_geometrically(first, growth)
    alive = solve(Recursion(Poisson(), Parameters(rate=1 / first), sizes), NonZero(), [far])["nonzero"].value[0]
    assert -np.log1p(-alive) * first == pytest.approx(kept.effective_size, rel=1e-9)
    diversity = solve(Recursion(Categorical(), Known([0.5, 0.5]), sizes), Diversity(), [far])["diversity"].value[0]
    assert diversity / 0.5 == pytest.approx(kept.diversity, rel=1e-9)


def test_geometric_growth_by_simulation():
    """200,000 rates under n_k = 4 x 1.5^(k - 1): |z| < 5, false-alarm rate 6e-7; 2 n (g - 1)/g^2 for w is caught."""
    rng, runs = np.random.default_rng(8), 200_000
    rate = np.full(runs, 0.2)
    for k in range(40):
        size = round(4 * 1.5**k)
        rate = rng.poisson(size * rate) / size
    alive, error = (rate > 0).mean(), np.sqrt((rate > 0).var() / runs)
    assert abs(alive + np.expm1(-0.2 * growing_geometrically(4, 1.5).effective_size)) < 5 * error
    assert abs(alive + np.expm1(-0.2 * 2 * 4 * 0.5 / 1.5**2)) > 5 * error


def test_geometric_growth_at_its_ends():
    assert growing_geometrically(10**6, 1.0) == (0.0, 0.0)
    assert growing_geometrically(1, 1.3).diversity == 0.0
    slow = growing_geometrically(10**6, 1.0001)
    assert slow.effective_size == pytest.approx(200 * (1 - 4e-4 / 3), rel=1e-5)
    assert growing_geometrically(10, 1000.0).effective_size == pytest.approx(10.0, rel=1e-12)
    for growth in (0.9, 1.00001, 1001.0, float("nan")):
        with pytest.raises(InputError, match="`growth`"):
            growing_geometrically(10, growth)
