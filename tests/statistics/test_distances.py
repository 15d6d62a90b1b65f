"""Entropy, distances and tails against dense chains and quadrature."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from modelcollapse import Categorical, Gaussian, Known, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import Additive, Smoothed
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import GenericLoop
from modelcollapse.statistics import (
    AnyIncreaseOfRisk,
    CatastrophicIncreaseOfRisk,
    CollapsingVariance,
    DisappearanceOfTail,
    Divergence,
    Entropy,
    FirstCollapse,
    Hellinger,
    MeanLocation,
    NotCollapsed,
    PoolSupport,
    Survival,
    TailMass,
    TotalVariation,
    Vocabulary,
)
from modelcollapse.workflows import Accumulate

P, N, GENERATIONS, REPLICATES = 0.3, 12, np.array([1, 3, 8, 20]), 100_000
COIN = Recursion(Categorical(), Known([P, 1 - P]), N)
NORMAL = Recursion(Gaussian(), Parameters(mean=3.0, scale=2.0), 10)


def law_of_the_count(n):
    """Law of the first symbol's count at each generation, by the dense chain."""
    step = stats.binom.pmf(np.arange(n + 1)[None, :], n, np.arange(n + 1)[:, None] / n)
    law, found = stats.binom.pmf(np.arange(n + 1), n, P), []
    for k in range(1, GENERATIONS[-1] + 1):
        if k in GENERATIONS:
            found.append(law)
        law = law @ step
    return np.array(found)


def plogp(p):
    return np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)


FUNCTIONS = {
    Entropy(): lambda x: -plogp(x) - plogp(1 - x),
    TotalVariation(): lambda x: np.abs(x - P),
    Hellinger(): lambda x: np.sqrt(np.maximum(1 - np.sqrt(x * P) - np.sqrt((1 - x) * (1 - P)), 0)),
    Divergence("to_start"): lambda x: plogp(x) + plogp(1 - x) - x * np.log(P) - (1 - x) * np.log(1 - P),
    TailMass(0.4): lambda x: x,
    PoolSupport(): lambda x: (x > 0).astype(float) + (x < 1),
}


@pytest.mark.parametrize("statistic", FUNCTIONS, ids=lambda statistic: statistic.name)
def test_means_over_symbols(statistic):
    """Every |z| below 5.3: exceeded with probability 1e-6 by 8 comparisons. A sample size off by one is caught."""
    found = solve(COIN, statistic, GENERATIONS, method="simulate", replicates=REPLICATES, rng=5)[statistic.name]
    error = np.maximum(found.sd, 1e-3) / np.sqrt(REPLICATES)
    expected = law_of_the_count(N) @ FUNCTIONS[statistic](np.arange(N + 1) / N)
    assert (np.abs(found.value - expected) / error).max() < 5.3
    if statistic.name != "tail_mass":  # its mean does not depend on the sample size
        wrong = law_of_the_count(N - 1) @ FUNCTIONS[statistic](np.arange(N) / (N - 1))
        assert (np.abs(found.value - wrong) / error).max() > 5.3


def test_columns_that_are_gone_count_as_absent():
    """The survivors' route and the generic loop, which keeps all columns, agree; |z| of the difference below 5.5."""
    law = Known(np.array([40, 30, 20, 5, 3, 1, 1]) / 100)
    recursion = Recursion(Categorical(), law, 15)
    asked = [Entropy(), TotalVariation(), Hellinger(), Divergence("to_start"), TailMass(0.1), Vocabulary()]
    shortcut = solve(recursion, asked, [10, 60], method="simulate", replicates=20_000, rng=1)
    assert "survivors" in shortcut["entropy"].provenance.reason
    sums = GenericLoop().run_block(Experiment(recursion, asked, np.array([10, 60]), 20_000), np.random.SeedSequence(2))
    for statistic, block in zip(asked, sums, strict=True):
        found = shortcut[statistic.name]
        z = (found.value - block.total / 20_000) / (np.maximum(found.sd, 1e-3) * np.sqrt(2 / 20_000))
        assert np.abs(z).max() < 5.5


def test_tail_mass_of_a_gaussian():
    """E over one generation, by quadrature over mean and scale; |z| below 5."""
    t, n = -stats.norm.ppf(0.05), 10

    def given_scale(s):
        # The mean is N(0, 1/n): together the datum is N(0, s^2 + 1/n).
        return 2 * stats.norm.sf(t / np.sqrt(s**2 + 1 / n)) * stats.chi.pdf(s * np.sqrt(n - 1), n - 1) * np.sqrt(n - 1)

    expected = quad(given_scale, 0, 5)[0]
    found = solve(NORMAL, TailMass(0.1), [1], method="simulate", replicates=REPLICATES, rng=1)["tail_mass"]
    assert abs(found.value[0] - expected) < 5 * found.sd[0] / np.sqrt(REPLICATES)
    assert abs(found.value[0] - 0.1) > 5 * found.sd[0] / np.sqrt(REPLICATES)


def test_mean_location_stays_and_its_spread_grows():
    found = solve(NORMAL, MeanLocation(), [5], method="simulate", replicates=REPLICATES, rng=1)["mean_location"]
    assert abs(found.value[0, 0]) < 5 * found.sd[0, 0] / np.sqrt(REPLICATES)
    assert found.sd[0, 0] == pytest.approx(np.sqrt(0.5), rel=0.05)


def test_pool_support_never_falls():
    recursion = Recursion(Categorical(), Known([0.05] * 20), 20, Accumulate())
    found = solve(recursion, [PoolSupport(), Vocabulary()], 12, method="simulate", replicates=500, rng=1)
    assert np.all(np.diff(found["pool_support"].value) >= 0)
    assert found["vocabulary"].value[-1] < found["pool_support"].value[-1]


def test_divergence_from_the_truth_over_symbols():
    with pytest.raises(NoAnswerError, match="infinite at every generation"):
        solve(COIN, Divergence("from_start"), 3, method="simulate", replicates=10)
    smoothed = Recursion(Smoothed(Additive(0.5)), Known([P, 1 - P]), N)
    found = solve(smoothed, Divergence("from_start"), [1], method="simulate", replicates=REPLICATES, rng=3)[
        "divergence"
    ]
    x = (np.arange(N + 1) + 0.5) / (N + 1)
    terms = P * np.log(P / x) + (1 - P) * np.log((1 - P) / (1 - x))
    expected = stats.binom.pmf(np.arange(N + 1), N, P) @ terms
    assert abs(found.value[0] - expected) < 5 * found.sd[0] / np.sqrt(REPLICATES)


def first_passage(definition, horizon):
    """Pr(no collapse up to each generation) of the coin, by the dense chain without the collapsed counts."""
    step = stats.binom.pmf(np.arange(N + 1)[None, :], N, np.arange(N + 1)[:, None] / N)
    law, found = stats.binom.pmf(np.arange(N + 1), N, P), []
    x = np.arange(N + 1) / N
    alive = ~definition(x)
    for _ in range(horizon):
        law = law * alive
        found.append(law.sum())
        law = law @ step
    return np.array(found)


def excess(x):
    with np.errstate(divide="ignore"):
        return P * np.log(P / x) + (1 - P) * np.log((1 - P) / (1 - x))


DEFINITIONS = [
    (CollapsingVariance(0.5), lambda x: 2 * x * (1 - x) <= 0.5 * 2 * P * (1 - P) + 1e-12),
    (CatastrophicIncreaseOfRisk(0.2), lambda x: excess(x) >= 0.2),
    (AnyIncreaseOfRisk(), lambda x: excess(x) > 1e-12),
    (DisappearanceOfTail(tail=0.4, left=0.5), lambda x: x <= 0.5 * P + 1e-12),
]


@pytest.mark.parametrize(("definition", "collapsed"), DEFINITIONS, ids=lambda each: getattr(each, "name", ""))
def test_first_passage(definition, collapsed):
    """Against the chain without its collapsed states, though three generations alone are asked for; |z| below 5.2."""
    asked = np.array([1, 4, 15])
    found = solve(COIN, NotCollapsed(definition), asked, method="simulate", replicates=REPLICATES, rng=4)
    expected = first_passage(collapsed, 15)[asked - 1]
    error = np.sqrt(np.maximum(expected * (1 - expected), 1e-9) / REPLICATES)
    assert (np.abs(found["not_collapsed"].value - expected) / error).max() < 5.2


def test_a_run_that_recovers_stays_collapsed():
    passage, horizon = NotCollapsed(CollapsingVariance(0.5)), 15
    found = solve(COIN, passage, horizon, method="simulate", replicates=5000, rng=4)["not_collapsed"].value
    assert np.all(np.diff(found) <= 0)
    alone = 1 - law_of_the_count(N) @ (lambda x: 2 * x * (1 - x) <= P * (1 - P))(np.arange(N + 1) / N)
    assert found[7] < alone[2] - 0.05


def test_quantiles_of_the_first_collapse():
    definition, collapsed = DEFINITIONS[0]
    curve = first_passage(collapsed, 40)
    expected = [int(np.argmax(curve <= 1 - level)) + 1 for level in (0.5, 0.9)]
    time = FirstCollapse(definition, levels=[0.5, 0.9])
    found = solve(COIN, time, 40, method="simulate", replicates=REPLICATES, rng=1)["first_collapse"]
    assert np.all(found.low <= expected)
    assert np.all(expected <= found.high)


def test_an_empty_tail_is_refused():
    with pytest.raises(NoAnswerError, match="the tail is empty"):
        solve(COIN, NotCollapsed(DisappearanceOfTail(tail=0.1)), 3, method="simulate", replicates=10)


def test_gaussian_definitions():
    for definition in (CollapsingVariance(0.1), CatastrophicIncreaseOfRisk(3.0), DisappearanceOfTail(0.05, 0.01)):
        found = solve(NORMAL, NotCollapsed(definition), [1, 100], method="simulate", replicates=2000, rng=1)
        assert found["not_collapsed"].value[0] > 0.9
        assert found["not_collapsed"].value[1] < 0.3
    assert solve(COIN, Survival([0]), 1).of("survival")[0].undefined is None
