"""Fresh data with their own weight: presence, drift and rates against chains in full and against simulation.

The simulations here are written from the definition, in plain numpy; the package's own are compared beside them. Every
|z| stays below 5.6, which 50 comparisons exceed with probability 1e-6; another weight does not.
"""

import numpy as np
import pytest
from scipy.stats import binom, poisson

from modelcollapse import Categorical, Corpus, InputError, Known, NoAnswerError, Parameters, Poisson, Recursion, solve
from modelcollapse.laws.fresh_loop import optimal_weight
from modelcollapse.laws.immigration import effective_sizes
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule, Weighted
from modelcollapse.laws.presence.fresh_step import binomial_quadrature
from modelcollapse.statistics import Diversity, ForgettingTime, NonZero, SquaredError, Survival, Vocabulary
from modelcollapse.workflows import FreshCount, WeightedMix

LIMIT, RUNS = 5.6, 200_000


def chain_in_full(sizes, fresh, weights, x):
    """Pr(present), generation by generation: the law of the draws that are not fresh, given the fresh ones."""
    new, found, law = binom.pmf(np.arange(fresh + 1), fresh, x), [], np.ones(1)
    chances = np.array([x])
    for n, weight in zip(sizes, weights, strict=True):
        old = np.arange(n - fresh + 1)
        rows = binom.pmf(old, n - fresh, chances[:, None])
        law = law @ rows
        found.append(1 - (1 - x) ** fresh * law[0])
        models = weight * np.arange(fresh + 1)[:, None] / fresh + (1 - weight) * old / (n - fresh)
        chances, law = np.clip(models, 0, 1).ravel(), (new[:, None] * law).ravel()
    return np.array(found)


@pytest.mark.parametrize(
    ("n", "fresh", "weight"), [(40, 8, 0.3), (40, 1, 0.9), (40, 37, 0.5), (60, 6, 0.98), (150, 3, 0.001)]
)
def test_presence_against_the_chain_in_full(n, fresh, weight):
    x = np.array([0.3 / n, 1 / n, 4 / n, 0.2, 0.6])
    found = FreshEquation(FreshSchedule((n,), (Weighted(fresh, weight),))).survival(x, np.arange(1, 9))
    for symbol, chance in enumerate(x):
        expected = chain_in_full([n] * 8, fresh, [weight] * 8, chance)
        np.testing.assert_allclose(found[:, symbol], expected, rtol=1e-11)
    wrong = chain_in_full([n] * 8, fresh, [weight * 1.01] * 8, 1 / n)
    assert np.abs(found[:, 1] / wrong - 1).max() > 1e-6


def test_the_optimal_weight_follows_the_sizes():
    sizes, x = [30, 12, 25, 9], 0.08
    recursion = Recursion(Categorical(), Known([x, 1 - x]), sizes, WeightedMix(4))
    found = solve(recursion, Survival([0]), 4, method="exact")["survival"]
    expected = chain_in_full(sizes, 4, [optimal_weight(4, n - 4) for n in sizes], x)
    np.testing.assert_allclose(found.value[:, 0], expected, rtol=1e-12)
    assert found.source == "fresh_ancestry"


@pytest.mark.parametrize("n", [300, 10**6, 10**12])
def test_with_the_weight_of_their_number_it_is_fresh_count(n):
    x, at, count = np.array([0.5, 3.0, 20.0]) / n, np.array([1, 2, 10, 20]), n // 3
    ours, plain = (FreshEquation(FreshSchedule((n,), (flow,))) for flow in (Weighted(count, count / n), count))
    np.testing.assert_allclose(ours.survival(x, at), plain.survival(x, at), rtol=1e-10)


def test_vocabulary_and_diversity_with_the_weight_of_their_number():
    ours, plain = (
        solve(Recursion(Categorical(), Corpus([1, 3, 26]), 30, workflow), [Vocabulary(), Diversity()], [1, 2, 9])
        for workflow in (WeightedMix(10, 1 / 3), FreshCount(10))
    )
    for name in ("vocabulary", "diversity"):
        np.testing.assert_allclose(ours[name].value, plain[name].value, rtol=1e-11)
    np.testing.assert_allclose(ours["vocabulary"].sd, plain["vocabulary"].sd, rtol=1e-9)


def test_leaps_are_single_steps():
    equation = FreshEquation(FreshSchedule((300,), (Weighted(3, 0.2),)))
    x, at = np.array([1, 5, 20, 90, 200]) / 300, np.array([10, 64, 65, 500, 3000])
    np.testing.assert_allclose(equation.survival(x[:3], at), equation.survival(x, at)[:, :3], rtol=1e-12)


def test_quadrature_where_one_fresh_draw_outweighs_all_others():
    """E z^M for z down to 0, in the survival that it enters: 20 nodes, enough elsewhere, are seen to be too few."""
    m, worst = 10**5, {20: 0.0, 32: 0.0}
    for mean in np.geomspace(1e-3, 30, 40):
        x = mean / m
        absent = (1 - x) ** m
        for z in (0.3, 0.01, 1e-6, 1e-20):
            truth = -np.expm1(m * np.log1p(-x * (1 - z)))
            for nodes in worst:
                number, chances = binomial_quadrature(m, np.array([x]), nodes)
                error = abs((chances * -np.expm1(number * np.log(z))).sum() - truth) * absent
                worst[nodes] = max(worst[nodes], error / (-np.expm1(m * np.log1p(-x)) + absent * truth))
    assert worst[32] < 1e-12 < 1e-9 < worst[20]


def simulated(sizes, fresh, weights, x, runs, seed):
    """Presence among the draws, and the model, generation by generation, shape (generation, run)."""
    rng, model, present, models = np.random.default_rng(seed), np.full(runs, x), [], []
    for n, weight in zip(sizes, weights, strict=True):
        new, old = rng.binomial(fresh, x, runs), rng.binomial(n - fresh, model)
        model = weight * new / fresh + (1 - weight) * old / (n - fresh)
        present.append(new + old > 0)
        models.append(model)
    return np.array(present), np.array(models)


@pytest.mark.parametrize(("weight", "caught"), [(0.5, False), (0.52, True), (0.48, True)])
def test_symbols_against_simulation(weight, caught):
    sizes, x = [40, 12, 25, 25, 25, 25], 0.06
    recursion = Recursion(Categorical(), Known([x, 1 - x]), sizes, WeightedMix(5, weight))
    found = solve(recursion, [Survival([0]), SquaredError()], len(sizes), method="exact")
    present, models = simulated(sizes, 5, [0.5] * 6, x, 2 * RUNS, 7)
    chance, error = found["survival"].value[:, 0], 2 * (models - x) ** 2
    z = np.abs(present.mean(axis=1) - chance) / np.sqrt(chance * (1 - chance) / present.shape[1])
    drift = np.abs(error.mean(axis=1) - found["squared_error"].value) / error.std(axis=1) * np.sqrt(error.shape[1])
    assert (max(z.max(), drift.max()) > LIMIT) == caught


@pytest.mark.parametrize(("weight", "caught"), [("optimal", False), (0.75, True)])
def test_the_engine_against_the_laws(weight, caught):
    """c = 5/15: the optimal weight is 0.434."""
    asked = [Survival([0]), SquaredError(), Diversity()]
    exact = solve(Recursion(Categorical(), Known([0.1, 0.9]), 20, WeightedMix(5)), asked, 8, method="exact")
    other = Recursion(Categorical(), Known([0.1, 0.9]), 20, WeightedMix(5, weight))
    runs = solve(other, asked, 8, method="simulate", replicates=RUNS, rng=5)
    chance = exact["survival"].value
    z = np.abs(runs["survival"].value - chance) / np.sqrt(chance * (1 - chance) / RUNS)
    worst = [z.max()]
    for name in ("squared_error", "diversity"):
        spread = runs[name].sd / np.sqrt(RUNS)
        worst.append((np.abs(runs[name].value - exact[name].value) / spread).max())
    assert all((each > LIMIT) == caught for each in worst)


def test_least_squared_error_of_frequencies():
    """The best weight for frequencies is the root of (1 - 1/n_s) w^2 + (c + 1/n_s) w = c: a little below that of means.

    Frequencies that have drifted spread less, and so do the data drawn from them.
    """
    fresh, others = 6, 10
    c, once = fresh / others, 1 / others
    best = (np.sqrt((c + once) ** 2 + 4 * (1 - once) * c) - c - once) / (2 * (1 - once))

    def limit(weight):
        recursion = Recursion(Categorical(), Known([0.2, 0.8]), fresh + others, WeightedMix(fresh, weight))
        return solve(recursion, SquaredError(), [10**6], method="exact")["squared_error"].value[0]

    assert limit(best) < min(limit(best * 1.001), limit(best * 0.999), limit("optimal"))
    assert limit("optimal") == pytest.approx(limit(best), rel=2e-3)
    assert best < optimal_weight(fresh, others)
    assert limit("optimal") < limit(fresh / (fresh + others))


def test_poisson_rates_against_the_chain_of_counts():
    """The law of the draws that are not fresh, and fresh ones, on 0..cap each."""
    sizes, fresh, weight, rate, cap = [9, 9, 9, 9, 9], 3, 0.6, 0.2, 24
    new, count = poisson.pmf(np.arange(cap), fresh * rate), np.arange(cap)
    law, rates, expected = np.ones(1), np.array([rate]), []
    for n in sizes:
        law = law @ poisson.pmf(count, (n - fresh) * rates[:, None])
        expected.append(1 - new[0] * law[0])
        rates = (weight * count[:, None] / fresh + (1 - weight) * count / (n - fresh)).ravel()
        law = (new[:, None] * law).ravel()
    for size in (9, sizes):
        recursion = Recursion(Poisson(), Parameters(rate=rate), size, WeightedMix(fresh, weight))
        found = solve(recursion, NonZero(), 5, method="exact")["nonzero"]
        assert found.source == "immigration"
        np.testing.assert_allclose(found.value, expected, rtol=1e-7)
    wrong = Recursion(Poisson(), Parameters(rate=rate), 9, WeightedMix(fresh, 0.61))
    assert np.abs(solve(wrong, NonZero(), 5)["nonzero"].value / expected - 1).max() > 1e-4


def test_poisson_rates_against_simulation():
    def exact(weight):
        recursion = Recursion(Poisson(), Parameters(rate=0.1), 20, WeightedMix(4, weight))
        return solve(recursion, NonZero(), 10, method="exact")["nonzero"].value

    recursion = Recursion(Poisson(), Parameters(rate=0.1), 20, WeightedMix(4, 0.5))
    run = solve(recursion, NonZero(), 10, method="simulate", replicates=RUNS, rng=4)["nonzero"].value
    spread = np.sqrt(exact(0.5) * (1 - exact(0.5)) / RUNS)
    assert np.abs((run - exact(0.5)) / spread).max() < LIMIT
    assert np.abs((run - exact(0.45)) / spread).max() > LIMIT


def test_effective_sizes_bound_the_absence_of_symbols():
    schedule, at = FreshSchedule((50,), (Weighted(5, 0.4),)), np.array([1, 2, 5, 30])
    x = np.array([0.001, 0.02, 0.3])
    absent = 1 - FreshEquation(schedule).survival(x, at)
    assert np.all(absent <= np.exp(-effective_sizes(schedule, at)[:, None] * x) * (1 + 1e-12))
    long = FreshSchedule((50,) * 30, (Weighted(5, 0.4),))
    np.testing.assert_allclose(effective_sizes(long, at), effective_sizes(schedule, at), rtol=1e-13)
    same = FreshSchedule((50,), (Weighted(5, 0.1),))
    np.testing.assert_allclose(effective_sizes(same, at), effective_sizes(FreshSchedule((50,), (5,)), at), rtol=1e-13)


def test_there_are_no_times_and_no_generation_without_other_draws():
    recursion = Recursion(Categorical(), Known([0.1, 0.9]), 50, WeightedMix(5))
    with pytest.raises(NoAnswerError):
        solve(recursion, ForgettingTime([0]), [], method="exact")
    with pytest.raises(InputError, match="below the smallest sample size, 8"):
        Recursion(Categorical(), Known([0.1, 0.9]), [50, 8], WeightedMix(8))
