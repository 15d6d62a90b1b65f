"""What the kernels' routes promise whatever they simulate: replay, threads, limits, and that the dead stay dead."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, Known, Parameters, Recursion
from modelcollapse.families import Mixture
from modelcollapse.families.symbol_counts import multinomial_counts
from modelcollapse.samplers import Amplification, Temperature
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.gaussian import GaussianKernel, TriangularKernel
from modelcollapse.simulate.shortcuts.mixture import MixtureKernel
from modelcollapse.simulate.shortcuts.survivors import Survivors, SurvivorsKernel
from modelcollapse.statistics import MeanScale, Vocabulary
from modelcollapse.workflows import Accumulate

START = Parameters(mean=0.0, scale=1.0)
MANY = Known(np.full(2500, 1 / 2500))
GENERATIONS = np.array([1, 3, 8])
ROUTES = [
    (GaussianKernel(), Recursion(Gaussian(), START, 10), MeanScale()),
    (TriangularKernel(), Recursion(Gaussian(dimension=3), START, 10), MeanScale()),
    (MixtureKernel(), Recursion(Mixture(), START, 10), MeanScale()),
    (Survivors(), Recursion(Categorical(), MANY, 5000), Vocabulary()),
    (SurvivorsKernel(), Recursion(Categorical(), MANY, 5000), Vocabulary()),
]


@pytest.mark.parametrize(("route", "recursion", "statistic"), ROUTES, ids=lambda x: getattr(x, "name", ""))
def test_a_block_can_be_replayed(route, recursion, statistic):
    """From the same seed, used before or not."""
    seed = np.random.SeedSequence(5, spawn_key=(2,))
    block = Experiment(recursion, [statistic], GENERATIONS, 12)
    first, again = (route.run_block(block, seed)[0] for _ in range(2))
    np.testing.assert_array_equal(first.total, again.total)
    other = route.run_block(
        Experiment(recursion, [statistic], GENERATIONS, 12), np.random.SeedSequence(5, spawn_key=(3,))
    )[0]
    assert np.any(first.total != other.total)


@pytest.mark.parametrize(("route", "recursion", "statistic"), ROUTES, ids=lambda x: getattr(x, "name", ""))
def test_threads_change_no_bit(route, recursion, statistic):
    def block(number):
        seed = np.random.SeedSequence(5, spawn_key=(number,))
        return route.run_block(Experiment(recursion, [statistic], GENERATIONS, 40), seed)[0].total

    alone = [block(number) for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(block, reversed(range(6))))
    np.testing.assert_array_equal(alone, together[::-1])


def covered(route, family, start=START, size=10, replicates=10**7, **rest):
    """Whether a route answers."""
    return route.covers(Experiment(Recursion(family, start, size, **rest), [], GENERATIONS, replicates))


def test_gaussian_routes_take_what_they_can():
    one, several = GaussianKernel(), TriangularKernel()
    assert covered(one, Gaussian())
    assert covered(one, Gaussian(ddof=-2.0), size=list(range(3, 20)))
    assert covered(one, Gaussian(), sampler=Amplification(0.9))
    assert covered(one, Gaussian(), size=10**13)
    assert covered(several, Gaussian(dimension=4), size=6)
    assert not covered(one, Gaussian(dimension=2))
    assert not covered(several, Gaussian())


def test_gaussian_routes_leave_what_they_cannot():
    one, several = GaussianKernel(), TriangularKernel()
    assert not covered(one, Gaussian(), size=2), "a gamma shape below 1"
    assert not covered(several, Gaussian(dimension=4), size=5)
    assert not covered(one, Gaussian(), workflow=Accumulate())
    assert not covered(one, Gaussian(), replicates=1000), "not worth compiling"
    recursion = Recursion(Gaussian(), START, 10)
    assert not one.covers(Experiment(recursion, [], np.array([2**20]), 10**4)), "more generations than counters name"


def test_survivors_routes_take_what_they_can():
    assert covered(SurvivorsKernel(), Categorical(), MANY, 10**12)
    assert not covered(SurvivorsKernel(), Categorical(), MANY, 10**12 + 1)
    assert not covered(SurvivorsKernel(), Categorical(), MANY, [10, 20, 30, 40, 50, 60, 70, 80])
    assert not covered(SurvivorsKernel(), Categorical(), MANY, 100, replicates=10)
    assert not covered(SurvivorsKernel(), Categorical(), Known([0.5, 0.5]), 100)
    assert covered(Survivors(), Categorical(), MANY, [10, 20, 30, 40, 50, 60, 70, 80])
    for route in (Survivors(), SurvivorsKernel()):
        assert not covered(route, Categorical(), MANY, workflow=Accumulate())
        assert not covered(route, Categorical(), MANY, sampler=Temperature(0.9))
        assert not covered(route, Gaussian())


@pytest.mark.parametrize("n", [2**30, 2**31 - 1, 2**31])
def test_counts_at_the_limit_of_32_bits(n):
    """Poisson numbers of a symbol that has nearly all draws exceed n half of the time, before they are repaired."""
    law = np.full(2000, 1e-9)
    law[0] = 1 - law[1:].sum()
    recursion = Recursion(Categorical(), Known(law), n)
    alone = Experiment(recursion, [], np.arange(1, 6), 1)
    for number in range(10):
        seen = SurvivorsKernel()._snapshots(alone, np.random.SeedSequence(number))
        for snapshot in seen:
            assert snapshot.drawn.sum() == n
            assert snapshot.drawn.min() > 0


def test_no_dead_symbol_comes_back():
    """The last column is dead, and 10^13 draws times the rounding of sums of probabilities is a draw now and then."""
    rng, n, returned = np.random.default_rng(1), 10**13, 0
    for _ in range(60):
        counts = rng.multinomial(n, rng.dirichlet(np.full(100, 0.3)), size=50)
        counts[:, 0] += counts[:, -1]
        counts[:, -1] = 0
        model = counts / n
        found = multinomial_counts(n, model, rng)
        assert np.all(found.sum(axis=1) == n)
        assert not np.any(found[model == 0])
        returned += np.count_nonzero(rng.multinomial(n, model)[:, -1])
    assert returned > 0, "NumPy alone does otherwise: the test has teeth"


def test_no_dead_symbol_comes_back_by_the_family_either():
    """The generic loop draws through the family, whatever the sizes of the replicates."""
    rng, n = np.random.default_rng(1), 10**13
    model = np.concatenate([rng.dirichlet(np.full(99, 0.3), size=3000), np.zeros((3000, 1))], axis=1)
    sizes = np.where(np.arange(3000) % 2 == 0, n, n - 1)
    drawn = Categorical().sample(model, sizes, rng)
    assert np.array_equal(drawn.sum(axis=1), sizes)
    assert not drawn[:, -1].any()
