"""The multinomial kernel over generations: sums, survivors, joint laws of small alphabets, moments of vocabularies."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.presence import alias_table
from modelcollapse.simulate.shortcuts.survivors import SurvivorsKernel, compiled
from modelcollapse.statistics import Vocabulary


def generations_of(counts, horizon, key, dtype=np.int64):
    """Yield symbols and counts of generations 1, 2, ...; the kernel works in place."""
    step, (table, rows) = compiled(), alias_table(10, 0.0, poisson=True)
    now, symbols, live, n = counts.astype(dtype), np.arange(len(counts)), len(counts), int(counts.sum())
    work = np.empty_like(now), np.empty(len(counts) // 32 + 1, np.int64)
    for k in range(1, horizon + 1):
        live = step(now, symbols, live, n, k, np.uint64(key), table, rows, *work)
        yield symbols[:live].copy(), now[:live].copy()


@pytest.mark.parametrize(
    ("n", "dtype"), [(5000, np.int32), (10**6, np.int32), (2**30, np.int32), (2**31 - 1, np.int64), (10**12, np.int64)]
)
def test_every_generation_adds_up_and_the_dead_stay_dead(n, dtype):
    law = 1 / np.arange(1, 3001.0) ** 1.3
    counts = np.random.default_rng(1).multinomial(n, law / law.sum())
    start = np.flatnonzero(counts)
    before = set(range(len(start)))
    for symbols, now in generations_of(counts[start], 40, 7, dtype):
        assert now.sum(dtype=np.int64) == n
        assert now.min() > 0
        assert np.all(np.diff(symbols) > 0)
        assert set(symbols) <= before
        before = set(symbols)


def outcomes(n, symbols):
    """All ways to split n draws."""
    return [c for c in product(range(n + 1), repeat=symbols) if sum(c) == n]


def joint_law(start, n, first_is_start=False):
    """Probability of each pair of successive counts, or, shifted, of the start itself and its successor."""
    states = outcomes(n, len(start))
    chance = np.array([[stats.multinomial.pmf(b, n, np.array(a) / n) for b in states] for a in states])
    begin = np.array([tuple(start) == a for a in states], float)
    return ((begin if first_is_start else begin @ chance)[:, None] * chance).ravel()


def chi_square(observed, law):
    """Statistic over its 1e-6 quantile; outcomes expected less than ten times together."""
    expected = law * observed.sum()
    likely = expected >= 10
    observed = np.append(observed[likely], observed[~likely].sum())
    expected = np.append(expected[likely], expected[~likely].sum())
    value = ((observed - expected) ** 2 / np.maximum(expected, 1e-3)).sum()
    return value / stats.chi2.isf(1e-6, likely.sum())


@pytest.mark.parametrize(
    ("start", "other"), [([1, 2, 3], [2, 2, 2]), ([4, 3], [3, 4]), ([1, 1, 1, 1], [2, 1, 1, 0])], ids=str
)
def test_two_generations_together(start, other):
    """Joint chi-square of generations 1 and 2: 1e-6. Generations shifted by one, and other starts, are caught."""
    start, draws, n = np.array(start), 30_000, sum(start)
    states = {c: i for i, c in enumerate(outcomes(n, len(start)))}
    observed = np.zeros((len(states), len(states)))
    for key in range(draws):
        found = []
        for symbols, now in generations_of(start, 2, key + 1):
            whole = np.zeros(len(start), int)
            whole[symbols] = now
            found.append(states[tuple(whole.tolist())])
        observed[found[0], found[1]] += 1
    assert chi_square(observed.ravel(), joint_law(start, n)) < 1
    assert chi_square(observed.ravel(), joint_law(start, n, first_is_start=True)) > 1
    assert chi_square(observed.ravel(), joint_law(np.array(other), n)) > 1


GENERATIONS = np.array([1, 2, 4, 8])


def vocabulary_z(truth, simulated, replicates=3000):
    """Mean and variance of the vocabulary against the exact law, in standard errors."""
    seed = np.random.SeedSequence(11)
    found = SurvivorsKernel().run_block(Experiment(simulated, [Vocabulary()], GENERATIONS, replicates), seed)[0]
    law = solve(truth, Vocabulary(), GENERATIONS, method="exact")["vocabulary"]
    mean = found.total / replicates
    variance = found.squares / replicates - mean**2
    z_mean = (mean - law.value) / law.sd * np.sqrt(replicates)
    # Vocabularies of many symbols are nearly normal: the variance of their variance is that of normal numbers.
    z_variance = (variance / law.sd**2 - 1) / np.sqrt(2 / replicates)
    return np.abs(z_mean).max(), np.abs(z_variance).max()


def uniform(symbols, n):
    """As many symbols, equally likely."""
    return Recursion(Categorical(), Known(np.full(symbols, 1 / symbols)), n)


@pytest.mark.parametrize(("symbols", "n"), [(40, 20), (300, 1000)])
def test_vocabulary_has_its_mean_and_variance(symbols, n):
    """Eight comparisons, |z| < 5.6: about 1e-7 for normal numbers, the rest of 1e-6 for what is not quite normal."""
    truth = uniform(symbols, n)
    assert max(vocabulary_z(truth, truth)) < 5.6


@pytest.mark.parametrize("n", [19, 21])
def test_one_draw_more_or_less_is_caught(n):
    assert vocabulary_z(uniform(40, 20), uniform(40, n))[0] > 5.6
