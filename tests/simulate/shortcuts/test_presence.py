"""Presence of single symbols and of rates: every route against the exact law, with wrong constants that are caught."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.families import Gaussian
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.presence import Presence, PresenceKernel
from modelcollapse.simulate.shortcuts.replicate_histogram import ReplicateHistogram
from modelcollapse.statistics import Diversity, NonZero, NotFixed, ScaleTail, Survival, Vocabulary
from modelcollapse.workflows import Accumulate

GENERATIONS = np.array([1, 2, 3, 7, 20, 50])
LIMIT = 5.6  # |z| of a binomial count, 24 comparisons at most: 1e-6


def z_scores(route, simulated, truth, replicates, statistics):
    """Deviations of a route's estimates for one recursion from the law of another, in standard errors."""
    sums = route.run_block(Experiment(simulated, statistics, GENERATIONS, replicates), np.random.SeedSequence(5))
    found = []
    for statistic, block in zip(statistics, sums, strict=True):
        exact = solve(truth, statistic, GENERATIONS, method="exact")[statistic.name].value
        error = np.sqrt(np.maximum(exact * (1 - exact), 1e-12) / replicates)
        likely = (exact * replicates > 20) & ((1 - exact) * replicates > 20)
        found.append(np.abs(block.total / replicates - exact)[likely] / error[likely])
    return np.concatenate(found)


def two(n, p):
    return Recursion(Categorical(), Known([p, 1 - p]), n)


@pytest.mark.parametrize(
    ("route", "n", "p"),
    [
        *((Presence(), n, p) for n, p in [(1, 0.5), (2, 0.3), (20, 0.5), (10_000, 0.001), (10**9, 1e-8)]),
        *((PresenceKernel(), n, p) for n, p in [(1, 0.5), (2, 0.3), (20, 0.5), (350, 0.9), (400, 0.6)]),
        *((PresenceKernel(), n, p) for n, p in [(10_000, 0.001), (10_000, 0.03), (2_000, 0.5), (10**9, 1e-8)]),
        *((ReplicateHistogram(), n, p) for n, p in [(1, 0.5), (20, 0.5), (100, 0.01)]),
    ],
    ids=lambda each: getattr(each, "name", str(each)),
)
def test_agrees_with_the_law(route, n, p):
    assert z_scores(route, two(n, p), two(n, p), 100_000, [Survival([0]), NotFixed([0])]).max(initial=0) < LIMIT


@pytest.mark.parametrize("route", [Presence(), PresenceKernel(), ReplicateHistogram()], ids=lambda route: route.name)
@pytest.mark.parametrize("wrong", [19, 21])
def test_a_wrong_sample_size_is_caught(route, wrong):
    assert z_scores(route, two(wrong, 0.3), two(20, 0.3), 200_000, [Survival([0])]).max() > LIMIT


@pytest.mark.parametrize("route", [Presence(), PresenceKernel(), ReplicateHistogram()], ids=lambda route: route.name)
def test_a_shifted_generation_is_caught(route):
    asked, law = [Survival([0])], two(20, 0.3)
    sums = route.run_block(Experiment(law, asked, GENERATIONS, 100_000), np.random.SeedSequence(5))[0]
    later = solve(law, asked, GENERATIONS + 1)["survival"].value
    error = np.sqrt(later * (1 - later) / 100_000)
    assert (np.abs(sums.total / 100_000 - later) / error).max() > LIMIT


@pytest.mark.parametrize(("n", "rate"), [(10, 1.0), (50, 0.02), (100, 30.0)])
def test_poisson_kernel_agrees_with_the_law(n, rate):
    recursion = Recursion(Poisson(), Parameters(rate=rate), n)
    assert z_scores(PresenceKernel(), recursion, recursion, 200_000, [NonZero()]).max(initial=0) < LIMIT
    other = Recursion(Poisson(), Parameters(rate=rate * 1.1), n)
    if n == 10:
        assert z_scores(PresenceKernel(), other, recursion, 200_000, [NonZero()]).max() > LIMIT


def test_several_symbols_and_sets_at_once():
    recursion = Recursion(Categorical(), Corpus([1, 2, 3, 14]), 20)
    asked = [Survival([0, (0, 1), 3]), NotFixed([3])]
    for route in (Presence(), PresenceKernel()):
        assert z_scores(route, recursion, recursion, 100_000, asked).max() < LIMIT


def test_a_transition_of_the_kernel_is_binomial():
    """From 1,000 of 10^9 the next count is Bin(10^9, 10^-6): seen through survival 400 and 1,500 generations on."""
    law = Recursion(Categorical(), Known([1e-6, 1 - 1e-6]), 10**9)
    late = np.array([400, 1500])
    sums = PresenceKernel().run_block(Experiment(law, [Survival([0])], late, 20_000), np.random.SeedSequence(1))[0]
    exact = solve(law, Survival([0]), late)["survival"].value
    z = (sums.total / 20_000 - exact) / np.sqrt(exact * (1 - exact) / 20_000)
    assert np.abs(z).max() < 5.1


def test_who_takes_which_question():
    """By the question and the amount of work alone."""

    def route(recursion, statistics, replicates):
        return Simulation(recursion, statistics, np.array([50]), replicates, entropy=1).route.name

    asked = [Survival([0])]
    assert route(two(10_000, 0.1), asked, 1000) == "counts above 0"
    assert route(two(10_000, 0.1), asked, 400_000) == "counts above 0, compiled"
    assert route(two(100, 0.1), asked, 100_000) == "histogram of replicates"
    assert route(two(10**12, 0.1), asked, 10**6) == "counts above 0"
    assert route(two(100, 0.1), [Survival(), Vocabulary()], 1000) == "survivors"
    assert route(two(100, 0.1), [Diversity()], 1000) == "survivors"
    assert route(Recursion(Categorical(), Known([0.1, 0.9]), 100, Accumulate()), asked, 1000) == "generic loop"
    assert route(Recursion(Poisson(), Parameters(rate=1.0), 10), [NonZero()], 1000) == "generic loop"
    assert route(Recursion(Poisson(), Parameters(rate=1.0), 10), [NonZero()], 10**6) == "counts above 0, compiled"
    scale = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 10)
    assert route(scale, [ScaleTail(0.1)], 1000) == "generic loop"
    assert route(scale, [ScaleTail(0.1)], 10**6) == "mean and scale, compiled"


def test_any_number_of_replicates_as_a_histogram():
    result = solve(two(100, 0.01), Survival([0]), 20, method="simulate", replicates=10**12, rng=1)["survival"]
    exact = solve(two(100, 0.01), Survival([0]), 20)["survival"]
    z = (result.value - exact.value) / np.sqrt(exact.value * (1 - exact.value) / 1e12)
    assert np.abs(z).max() < 5.2
    assert result.replicates == 10**12
