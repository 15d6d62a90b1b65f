"""Survivors only: both routes against exact laws and against the multinomial law itself."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.presence import alias_table
from modelcollapse.simulate.shortcuts.survivors import Survivors, SurvivorsKernel, compiled
from modelcollapse.statistics import Diversity, LostMass, NotFixed, SquaredError, Survival, TotalCollapse, Vocabulary

LAW = 1 / np.arange(1, 201.0) ** 1.2
LAW /= LAW.sum()
GENERATIONS = np.array([1, 2, 5, 20, 50])
ASKED = [Vocabulary(), Diversity(), LostMass(), SquaredError(), Survival([0, 50, (3, 199)])]


def z_scores(route, simulated, truth, replicates):
    sums = route.run_block(Experiment(simulated, ASKED, GENERATIONS, replicates), np.random.SeedSequence(7))
    found = []
    for statistic, block in zip(ASKED, sums, strict=True):
        exact = solve(truth, statistic, GENERATIONS, method="exact")[statistic.name].value
        mean = block.total / replicates
        spread = np.sqrt(block.squares / replicates - mean**2)
        seen = spread > 0.05 * np.abs(mean)  # a symbol nearly always present has no normal law
        found.append((np.abs(mean - exact)[seen] / spread[seen] * np.sqrt(replicates)).ravel())
    return np.concatenate(found)


@pytest.mark.parametrize(("route", "replicates"), [(Survivors(), 4000), (SurvivorsKernel(), 1000)])
@pytest.mark.parametrize("n", [300, 20_000])
def test_agrees_with_the_law(route, replicates, n):
    """Up to 35 comparisons: |z| < 5.9 is exceeded with probability 1e-6 or less, heavier tails of means included."""
    recursion = Recursion(Categorical(), Known(LAW), n)
    assert z_scores(route, recursion, recursion, replicates).max() < 5.9


@pytest.mark.parametrize("route", [Survivors(), SurvivorsKernel()], ids=lambda route: route.name)
def test_a_wrong_sample_size_is_caught(route):
    truth, wrong = (Recursion(Categorical(), Known(LAW), n) for n in (20, 18))
    assert z_scores(route, wrong, truth, 1500).max() > 5.9


def test_sizes_may_vary():
    recursion = Recursion(Categorical(), Known(LAW), [400, 100, 300, 50, 200] * 10)
    assert z_scores(Survivors(), recursion, recursion, 3000).max() < 5.9


def drawn(counts, draws, n=None):
    """Counts after one generation of the kernel, many times."""
    step, (table, rows) = compiled(), alias_table(10, 0.0, poisson=True)
    size = int(np.sum(counts))
    found = np.zeros((draws, len(counts)), np.int64)
    for i in range(draws):
        now, symbols = np.array(counts), np.arange(len(counts))
        work = np.empty_like(now), np.empty(len(counts) // 32 + 1, np.int64)
        live = step(now, symbols, len(counts), size, i + 1, np.uint64(99), table, rows, *work)
        found[i, symbols[:live]] = now[:live]
    return found


def test_the_kernel_is_multinomial():
    """All 66 outcomes of three symbols and ten draws, chi-square: 1e-6. A wrong law is caught."""
    found = drawn([2, 3, 5], 60_000)
    assert np.all(found.sum(axis=1) == 10)
    code = found[:, 0] * 11 + found[:, 1]
    outcomes = [(a, b) for a in range(11) for b in range(11 - a)]

    def chi_square(law):
        expected = 60_000 * np.array([stats.multinomial.pmf([a, b, 10 - a - b], 10, law) for a, b in outcomes])
        observed = np.array([(code == a * 11 + b).sum() for a, b in outcomes])
        likely = expected > 5
        rest = expected[~likely].sum(), observed[~likely].sum()
        parts = (observed - expected)[likely] ** 2 / expected[likely]
        return parts.sum() + (rest[1] - rest[0]) ** 2 / rest[0], likely.sum()

    value, freedom = chi_square([0.2, 0.3, 0.5])
    limit = stats.chi2.isf(1e-6, freedom)
    assert value < limit
    assert chi_square([0.21, 0.3, 0.49])[0] > limit


def test_large_counts_of_the_kernel():
    """Counts beyond the tables: means, variances and a covariance of 20,000 draws, |z| < 5.2 each."""
    counts = np.array([100_000, 40_000, 500, 301, 3, *[1] * 70])
    found, n = drawn(counts, 20_000).astype(float), counts.sum()
    p = counts / n
    assert np.all(found.sum(axis=1) == n)
    variance = n * p * (1 - p)
    z = (found.mean(axis=0) - counts) / np.sqrt(variance / 20_000)
    assert np.abs(z).max() < 5.2
    relative = found[:, :4].var(axis=0) / variance[:4] - 1
    assert np.abs(relative).max() < 5.2 * np.sqrt(2 / 20_000)
    covariance = np.cov(found[:, 0], found[:, 1])[0, 1] / np.sqrt(variance[0] * variance[1])
    expected = -n * p[0] * p[1] / np.sqrt(variance[0] * variance[1])
    assert abs(covariance - expected) < 5.2 / np.sqrt(20_000)


def test_columns_shrink_and_name_their_symbols():
    recursion = Recursion(Categorical(), Corpus([0, 1, 1, 1, 50, 0, 47]), 20)
    *_, last = Survivors()._snapshots(Experiment(recursion, [], np.array([200]), 3), np.random.default_rng(1))
    assert set(last.columns) <= {1, 2, 3, 4, 6}
    assert len(last.columns) < 5
    assert np.all(last.drawn.sum(axis=1) == 20)
    asked = [TotalCollapse(), NotFixed([4]), Survival([0, 4])]
    result = solve(recursion, asked, [200], method="simulate", replicates=2000, rng=2)
    exact = solve(recursion, asked, [200])
    for statistic in asked:
        p, q = exact[statistic.name].value, result[statistic.name].value
        assert np.all(np.abs(q - p) <= 5 * np.sqrt(p * (1 - p) / 2000) + 1e-12)
