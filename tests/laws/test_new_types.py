"""How many types there are if fresh draws are new ones: enumeration, the law of presence, simulation, and Ewens."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import InputError, NoAnswerError
from modelcollapse.branching import branching_numbers
from modelcollapse.laws import new_types
from modelcollapse.laws.immigration import effective_sizes
from modelcollapse.laws.new_types import LARGEST_FOR_SPREAD, ewens_partition, ewens_types, number_of_types
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from tests.reference.line_types import law_of_types


@pytest.mark.parametrize("n", [2, 3, 6])
@pytest.mark.parametrize("share", [Fraction(0), Fraction(1, 10), Fraction(2, 3)])
@pytest.mark.parametrize("generation", [1, 2, 3, 8])
def test_against_enumeration(n, share, generation):
    law = law_of_types(n, share, generation)
    mean = sum(types * chance for types, chance in law.items())
    variance = sum(types**2 * chance for types, chance in law.items()) - mean**2
    found = number_of_types(n, float(share), generation)
    assert found.mean == pytest.approx(float(mean), rel=1e-13)
    assert found.sd**2 == pytest.approx(float(variance), rel=1e-10, abs=1e-12)
    if generation > 1:
        assert number_of_types(n, float(share) + 1e-3, generation).mean != pytest.approx(float(mean), rel=1e-5)


@pytest.mark.parametrize("n", [2, 20, LARGEST_FOR_SPREAD])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.8])
@pytest.mark.parametrize("generation", [2, 7, 1000, None])
def test_the_mean_is_the_slope_of_presence(n, share, generation):
    """Lines of descent, counted, and the law of the frequency, carried forward by splines: nothing in common."""
    if share == 0.0 and generation is None:
        assert number_of_types(n, share) == (1.0, 0.0)
        return
    slope = new_types._slope_of_presence(n, share, generation)
    assert number_of_types(n, share, generation).mean == pytest.approx(slope, rel=1e-10)
    assert new_types._slope_of_presence(n, share + 1e-4, generation) != pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("generation", [5, 100, None])
def test_large_samples(generation):
    """Lines hardly ever meet in threes: the Poisson limit with immigration, off by the order of 1/n."""
    n, share = 10**10, 0.02
    at = np.array([10**5 if generation is None else generation])
    limit = effective_sizes(FreshSchedule((n,), (share,)), at)[0]
    found = number_of_types(n, share, generation)
    assert found.mean == pytest.approx(limit, rel=1e-8)
    assert found.sd is None
    assert number_of_types(10**6, share, generation).mean / 10**6 == pytest.approx(limit / n, rel=1e-4)


def simulated(n, share, generation, runs, rng):
    """The number of types in each run, types being labels that are never used twice."""
    label = np.tile(np.arange(n), (runs, 1))
    for k in range(1, generation):
        parent = rng.integers(n, size=(runs, n))
        label = np.take_along_axis(label, parent, axis=1)
        fresh = rng.random((runs, n)) < share
        label[fresh] = (k * n + np.broadcast_to(np.arange(n), (runs, n)))[fresh]
    ordered = np.sort(label, axis=1)
    return 1 + (np.diff(ordered, axis=1) != 0).sum(axis=1)


@pytest.mark.parametrize(("n", "share", "generation"), [(50, 0.05, 4), (50, 0.05, 60), (120, 0.005, 30)])
def test_against_simulation(n, share, generation):
    """3,000 runs; mean and spread within 5 standard errors, a false alarm in 10^6; a share 10 % off is caught."""
    runs = 3_000
    seen = simulated(n, share, generation, runs, np.random.default_rng(7))
    right, wrong = number_of_types(n, share, generation), number_of_types(n, 1.1 * share, generation)
    assert abs(seen.mean() - right.mean) < 5 * right.sd / np.sqrt(runs)
    assert abs(seen.std() / right.sd - 1) < 5 / np.sqrt(2 * runs) * 1.2  # kurtosis is near that of a normal law
    if generation > 10:
        assert abs(seen.mean() - wrong.mean) > 5 * wrong.sd / np.sqrt(runs)


@pytest.mark.parametrize("share", [0.0005, 0.005, 0.05, 0.3, 0.8, 0.99])
def test_ewens_is_near(share):
    """3 % at 200 draws; with 2 n a for c, as the diffusion has it, 15 % at a share of 0.3."""
    exact, limit = number_of_types(200, share), ewens_types(200, share)
    assert 0 < 1 - limit.mean / exact.mean < 0.03
    assert 0 < 1 - limit.sd / exact.sd < 0.03
    c = 400 * share
    of_diffusion = (c / (c + np.arange(200))).sum()
    assert of_diffusion < limit.mean
    assert (1 - of_diffusion / exact.mean > 0.15) == (share >= 0.3)


@pytest.mark.parametrize("na", [0.25, 1.0])
def test_how_far_ewens_is_off_in_the_limit(na):
    """All draws of a generation hold more types than the formula says, by c times a constant of the numbers g_k."""
    g = branching_numbers(np.arange(1, 10**5 + 1))
    constant = g[:-1].sum() / 2 + np.log(g[-1])
    assert constant == pytest.approx(0.10032, abs=5e-6)
    gaps = []
    for n in (4_000, 40_000, 400_000):
        c = n * (na / n) * (2 - na / n) / (1 - na / n) ** 2
        gaps.append((number_of_types(n, na / n).mean - ewens_types(n, na / n).mean) / c / constant - 1)
    assert abs(gaps[2]) < 3e-4 < 1e-3 < abs(gaps[0])
    assert abs(gaps[1]) < abs(gaps[0]) / 5


@pytest.mark.parametrize("share", [0.002, 0.1, 0.7])
def test_ewens_of_a_few_of_the_draws(share):
    """Two draws exactly, which the c of the diffusion is not; more, the nearer the fewer of the 500 they are."""
    n = LARGEST_FOR_SPREAD
    mean, square = new_types._limit_of_moments(n, share)
    pair = ewens_types(n, share, 2)
    assert pair.mean == pytest.approx(mean[2], rel=1e-12)
    assert pair.sd**2 == pytest.approx(square[2] - mean[2] ** 2, rel=1e-9)
    assert 1 + 2 * n * share / (2 * n * share + 1) != pytest.approx(mean[2], rel=1e-6)
    errors = [abs(ewens_types(n, share, m).mean / mean[m] - 1) for m in (5, 50, n)]
    assert errors[0] < errors[1] < errors[2] < 0.03
    assert errors[0] < 1e-3


def partitions(n, largest=None):
    """Every way to write n as a sum."""
    if n == 0:
        yield []
    for part in range(min(n, largest or n), 0, -1):
        for rest in partitions(n - part, part):
            yield [part, *rest]


@pytest.mark.parametrize("share", [0.01, 0.2, 0.9])
def test_partitions(share):
    """Probabilities add up, give Ewens' number of types, and the exact chance of two draws to be of one type."""
    n = 9
    law = [(counts, ewens_partition(counts, n, share)) for counts in partitions(n)]
    assert sum(chance for _, chance in law) == pytest.approx(1, rel=1e-12)
    assert sum(len(counts) * chance for counts, chance in law) == pytest.approx(ewens_types(n, share).mean, rel=1e-12)
    same = sum(chance * sum(c * (c - 1) for c in counts) / (n * (n - 1)) for counts, chance in law)
    kept = (1 - share) ** 2
    assert same == pytest.approx(kept / n / (1 - kept * (1 - 1 / n)), rel=1e-12)


def test_one_type_alone_against_simulation():
    """All of 60 draws of one type: 4,000 runs, 5 standard errors (a false alarm in 10^6) plus 0.01; 2 a is caught."""
    n, share, runs = 60, 0.005, 4_000
    alone = np.mean(simulated(n, share, 600, runs, np.random.default_rng(11)) == 1)
    chance = ewens_partition([n], n, share)
    allowed = 5 * np.sqrt(chance * (1 - chance) / runs) + 0.01
    assert abs(alone - chance) < allowed
    assert abs(alone - ewens_partition([n], n, 2 * share)) > allowed


def test_ends():
    assert number_of_types(1, 0.3, 5) == number_of_types(1, 0.0) == (1.0, 0.0)
    assert number_of_types(7, 1.0) == number_of_types(7, 0.2, 1) == ewens_types(7, 1.0) == (7.0, 0.0)
    assert ewens_types(7, 0.0) == (1.0, 0.0)
    assert number_of_types(300, 1e-9).mean == pytest.approx(ewens_types(300, 1e-9).mean, rel=1e-6)


def test_what_rounding_loses_is_not_answered():
    with pytest.raises(NoAnswerError, match="rounding; ask about an earlier generation"):
        number_of_types(10**6, 1e-10)
    assert number_of_types(10**6, 1e-10, 10).mean < 10**6


@pytest.mark.parametrize(
    "call",
    [
        lambda: number_of_types(0, 0.1),
        lambda: number_of_types(10, -0.1),
        lambda: number_of_types(10, 0.1, 0),
        lambda: ewens_types(10, 1.1),
        lambda: ewens_types(10**7 + 1, 0.1),
        lambda: ewens_partition([2, 0], 9, 0.1),
        lambda: ewens_partition([2, 1], 9, 0.0),
        lambda: ewens_partition([2, 1], 9, 1.0),
        lambda: ewens_partition([10**8], 10**9, 0.1),
        lambda: ewens_partition([3, 2], 4, 0.1),
        lambda: ewens_types(10, 0.1, 11),
    ],
)
def test_refused(call):
    with pytest.raises(InputError):
        call()
