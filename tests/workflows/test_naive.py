"""The engine against the twin that was written from the definitions, workflow by workflow."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Categorical, Corpus, Gaussian, Parameters, Recursion
from modelcollapse.simulate.loop import snapshots
from modelcollapse.start import Empirical
from modelcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)
from tests.reference import naive_recursion

CASES = [
    (Replace(), {}),
    (Accumulate(), {}),
    (AccumulateSubsample(), {}),
    (FreshMix(0.3), {"fresh": 0.3}),
    (FreshCount(2), {"count": 2}),
    (WeightedMix(2, 0.7), {"count": 2, "weight": 0.7}),
    (FixedReal(), {}),
]
EVERY = pytest.mark.parametrize(("workflow", "details"), CASES, ids=lambda each: getattr(each, "name", ""))
SIZES = [6, 9, 5]
CORPUS = [1, 2, 5]


def last(recursion, replicates, seed):
    *_, snapshot = snapshots(recursion, len(SIZES), replicates, np.random.default_rng(seed))
    return snapshot


def same_law(left, right):
    """Chi-square of two samples of outcomes; the p-value."""
    outcomes, codes = np.unique(np.concatenate([left, right]), return_inverse=True)
    tables = [np.bincount(part, minlength=len(outcomes)) for part in (codes[: len(left)], codes[len(left) :])]
    often = tables[0] + tables[1] >= 20
    rows = [np.append(table[often], table[~often].sum()) for table in tables]
    kept = (rows[0] + rows[1]) > 0
    return stats.chi2_contingency([row[kept] for row in rows]).pvalue


@EVERY
def test_categorical(workflow, details):
    """Draws of generation 3 and the model fitted there, 20,000 times each; p below 1e-7 never, wrong sizes always."""
    recursion = Recursion(Categorical(), Corpus(CORPUS), SIZES, workflow)
    snapshot = last(recursion, 20_000, 1)
    rng = naive_recursion.seeded(2)
    corpus = [symbol for symbol, count in enumerate(CORPUS) for _ in range(count)]
    truth = [count / 8 for count in CORPUS]
    runs = [naive_recursion.categorical(truth, corpus, SIZES, workflow.name, rng, **details) for _ in range(20_000)]
    drawn = np.array([batches[-1].count(0) * 100 + batches[-1].count(1) for batches, _ in runs])
    assert same_law(drawn, snapshot.drawn[:, 0] * 100 + snapshot.drawn[:, 1]) > 1e-7
    models = np.array([round(model[0] * 5000) * 10_000 + round(model[1] * 5000) for _, model in runs])
    ours = np.round(snapshot.model * 5000).astype(int)
    assert same_law(models, ours[:, 0] * 10_000 + ours[:, 1]) > 1e-7
    wrong = last(Recursion(Categorical(), Corpus(CORPUS), [6, 9, 6], workflow), 20_000, 1)
    assert same_law(drawn, wrong.drawn[:, 0] * 100 + wrong.drawn[:, 1]) < 1e-7


@pytest.mark.parametrize(("workflow", "details"), CASES[:6], ids=lambda each: getattr(each, "name", ""))
def test_gaussian(workflow, details):
    """Mean and scale at generation 3: two-sample Kolmogorov-Smirnov, p below 1e-7 never, another ddof always."""
    recursion = Recursion(Gaussian(), Parameters(mean=1.0, scale=2.0), SIZES, workflow)
    model = last(recursion, 20_000, 3).model
    rng = naive_recursion.seeded(4)
    runs = np.array([naive_recursion.gaussian(1.0, 2.0, SIZES, workflow.name, rng, **details) for _ in range(20_000)])
    for column in range(2):
        assert stats.ks_2samp(runs[:, column], model[:, column]).pvalue > 1e-7
    other = last(Recursion(Gaussian(ddof=0), Parameters(mean=1.0, scale=2.0), SIZES, workflow), 20_000, 3).model
    assert stats.ks_2samp(runs[:, 1], other[:, 1]).pvalue < 1e-7


def test_gaussian_beside_fixed_real_data():
    """Seven real data stay in every fit; four are told apart."""
    truth, sizes = Parameters(mean=1.0, scale=2.0), [6, 9, 5]
    rng = naive_recursion.seeded(6)
    runs = [naive_recursion.gaussian(1.0, 2.0, sizes, "fixed-real", rng, real_data=7) for _ in range(20_000)]
    expected = np.array(runs)

    def model(real, generations):
        recursion = Recursion(Gaussian(), Empirical(truth, real), sizes[:generations], FixedReal())
        *_, snapshot = snapshots(recursion, generations, 20_000, np.random.default_rng(5))
        return snapshot.model

    right = model(7, 3)
    for column in range(2):
        assert stats.ks_2samp(expected[:, column], right[:, column]).pvalue > 1e-7
    assert stats.ks_2samp(expected[:, 1], model(4, 3)[:, 1]).pvalue < 1e-7


def test_another_weight_is_told_apart():
    """The negative control of the weighted case: 0.3 is not 0.7, for symbols and for scales."""
    rng = naive_recursion.seeded(7)
    truth, corpus = [count / 8 for count in CORPUS], [0, 1, 1, 2, 2, 2, 2, 2]
    runs = [naive_recursion.categorical(truth, corpus, SIZES, "", rng, count=2, weight=0.3) for _ in range(20_000)]
    models = np.array([model[0] for _, model in runs])
    ours = last(Recursion(Categorical(), Corpus(CORPUS), SIZES, WeightedMix(2, 0.7)), 20_000, 1).model[:, 0]
    assert same_law(np.round(models * 5000), np.round(ours * 5000)) < 1e-7
    runs = [naive_recursion.gaussian(1.0, 2.0, SIZES, "", rng, count=2, weight=0.3) for _ in range(20_000)]
    normal = Recursion(Gaussian(), Parameters(mean=1.0, scale=2.0), SIZES, WeightedMix(2, 0.7))
    assert stats.ks_2samp(np.array(runs)[:, 1], last(normal, 20_000, 3).model[:, 1]).pvalue < 1e-7
