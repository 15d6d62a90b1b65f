"""Every family with an exact law, every statistic that it answers: simulation against law.

More than a million replicate-generations each, through the door. Every |z| stays below 5.7, which 60 comparisons exceed
with probability below 1e-6. A sample size off by one, another ddof and a shifted generation are caught.
"""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Gaussian, NoAnswerError, Parameters, Poisson, Recursion, solve
from modelcollapse.families import Exponential, ShiftedExponential, Uniform, UniformRange
from modelcollapse.statistics import (
    STATISTICS,
    CollapsingVariance,
    MeanForgettingTime,
    NotCollapsed,
    ScaleTail,
    Statistic,
    Survival,
)

LIMIT, REPLICATES, HORIZON, SIZE = 5.7, 100_000, 12, 14
PLACED = Parameters(location=5.0, scale=2.0)
NORMAL = Parameters(mean=5.0, scale=2.0)
CASES = {
    "categorical": (Categorical(), Corpus([1, 3, 10])),
    "poisson": (Poisson(), Parameters(rate=0.3)),
    "gaussian": (Gaussian(), NORMAL),
    "gaussian, maximum likelihood": (Gaussian(ddof=0), NORMAL),
    "gaussian, two dimensions": (Gaussian(dimension=2), NORMAL),
    "exponential": (Exponential(), Parameters(scale=2.0)),
    "exponential-shifted": (ShiftedExponential(), PLACED),
    "uniform": (Uniform(), Parameters(scale=2.0)),
    "uniform-range": (UniformRange(), PLACED),
}
SCHEDULE = [14, 9, 20, 14, 7, 16, 11, 14, 25, 8, 14, 10]


def with_a_law(recursion):
    """Every statistic along generations that an exact law answers and a simulation observes."""
    found = []
    for kind in STATISTICS:
        statistic = ScaleTail(0.7) if kind is ScaleTail else kind()
        if "generation" not in statistic.dimensions or type(statistic).observer is Statistic.observer:
            continue
        try:
            solve(recursion, statistic, 2, method="exact")
            statistic.observer(recursion)
        except (NoAnswerError, ValueError):
            continue
        found.append(statistic)
    return found


def worst(simulated, truth, statistics, shift=0):
    """The largest |z| of all statistics, generations and symbols."""
    generations = np.arange(1, HORIZON + 1)
    answers = solve(simulated, statistics, generations, method="simulate", replicates=REPLICATES, rng=17)
    largest = 0.0
    for statistic in statistics:
        exact = solve(truth, statistic, generations + shift, method="exact")[statistic.name].value
        found = answers[statistic.name]
        spread = np.sqrt(exact * (1 - exact)) if statistic.is_probability else found.sd
        normal = (exact > 1e-3) & (exact < 1 - 1e-3) if statistic.is_probability else spread > 1e-12
        z = np.abs(found.value - exact)[normal] / spread[normal] * np.sqrt(REPLICATES)
        largest = max(largest, z.max(initial=0.0))
    return largest


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("sizes", [SIZE, SCHEDULE], ids=["one size", "schedule"])
def test_simulation_agrees_with_the_law(case, sizes):
    recursion = Recursion(*CASES[case], sizes)
    statistics = with_a_law(recursion)
    assert statistics
    assert worst(recursion, recursion, statistics) < LIMIT


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("wrong", [SIZE - 1, SIZE + 1])
def test_a_wrong_sample_size_is_caught(case, wrong):
    truth = Recursion(*CASES[case], SIZE)
    assert worst(Recursion(*CASES[case], wrong), truth, with_a_law(truth)) > LIMIT


@pytest.mark.parametrize("case", CASES)
def test_a_shifted_generation_is_caught(case):
    truth = Recursion(*CASES[case], SIZE)
    assert worst(truth, truth, with_a_law(truth), shift=1) > LIMIT


@pytest.mark.parametrize(("ddof", "other"), [(0, 1), (1, 0), (1, 2)])
def test_another_ddof_is_caught(ddof, other):
    truth = Recursion(Gaussian(ddof=ddof), NORMAL, SIZE)
    assert worst(Recursion(Gaussian(ddof=other), NORMAL, SIZE), truth, with_a_law(truth)) > LIMIT


@pytest.mark.parametrize(
    ("recursion", "statistic", "route"),
    [
        (Recursion(Categorical(), Corpus([10, 9990]), 10_000), Survival([0]), "counts above 0, compiled"),
        (Recursion(Poisson(), Parameters(rate=1.0), 10), None, "counts above 0, compiled"),
        (Recursion(Gaussian(), NORMAL, 10), NotCollapsed(CollapsingVariance(0.5)), "mean and scale, compiled"),
        (Recursion(Gaussian(dimension=3), NORMAL, 10), ScaleTail(0.7), "products of triangular factors, compiled"),
        (Recursion(Categorical(), Corpus([1] * 3000), 5000), None, "survivors, compiled"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_kernels_give_the_same_bits_on_any_number_of_threads(recursion, statistic, route):
    asked = statistic or with_a_law(recursion)[0 if isinstance(recursion.family, Poisson) else 1]
    replicates = {"survivors, compiled": 700, "products of triangular factors, compiled": 250_000}.get(route, 2**21)
    one, two = (
        solve(recursion, asked, [10], method="simulate", replicates=replicates, rng=3, n_jobs=n)[asked.name]
        for n in (1, 2)
    )
    assert route in one.provenance.reason
    np.testing.assert_array_equal(one.value, two.value)
    np.testing.assert_array_equal(one.low, two.low)


def test_what_is_not_simulated_says_so():
    with pytest.raises(NoAnswerError, match="not simulated"):
        solve(Recursion(*CASES["categorical"], SIZE), MeanForgettingTime(), 5, method="simulate")
