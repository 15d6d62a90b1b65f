"""Samples of generations that were shuffled: how far their shares have moved, and together, tells the order."""

import itertools
import math
import warnings

import numpy as np
import pytest

from modelcollapse import fit
from modelcollapse.errors import InputWarning
from modelcollapse.fitting import likely_sample_order
from modelcollapse.fitting.likely_sample_order import _Fitted, _Seen, likelier_sample_order
from modelcollapse.fitting.sampled import settled
from modelcollapse.fitting.samples import Samples
from verification.fit_coverage import Setting, generations, tables

TOLD = [
    Setting(300, 6000, 5, 0.0, sample=60_000),
    Setting(300, 6000, 5, 0.1, sample=6000),
    Setting(3000, 6000, 4, 0.2, sample=6000),
    Setting(300, 6000, 6, 0.3, sample=60_000),
]
HIDDEN = [
    Setting(300, 6000, 5, 0.1, sample=600),
    Setting(300, 6000, 5, 0.8, sample=6000),
    Setting(5, 500, 6, 0.2, sample=500),
    Setting(100, 50_000, 3, 0.0, sample=1000),
    Setting(2000, 3000, 4, 1.0, sample=300),
]
SHUFFLED = {3: [2, 0, 1], 4: [2, 0, 3, 1], 5: [2, 0, 4, 1, 3], 6: [2, 5, 0, 4, 1, 3]}


def samples_of(counts, order=None):
    later = counts[1:] if order is None else counts[1:][order]
    return Samples(later, np.arange(1, len(counts)), counts[0] / counts[0].sum())


def drawn(setting, seed):
    return np.array(generations(setting, np.random.default_rng(seed)))


def likelier(samples):
    return likelier_sample_order(samples, settled(samples, None)[2])


@pytest.mark.parametrize("setting", TOLD)
def test_a_shuffled_order_is_put_right(setting):
    for seed, order in ((1, SHUFFLED[setting.steps]), (2, [1, 0, *range(2, setting.steps)])):
        found = likelier(samples_of(drawn(setting, seed), order))
        assert found.convinces
        assert [order[row] for row in found.rows] == list(range(setting.steps))


@pytest.mark.parametrize("setting", [*TOLD, *HIDDEN])
def test_samples_in_order_are_left(setting):
    """20 sets of each of nine settings, each taken for others with a chance of at most 1e-9: 1.8e-7 in all."""
    for seed in range(20):
        found = likelier(samples_of(drawn(setting, seed)))
        assert found is None or found.evidence < math.log(1e9)


def ratios(setting, other, sets):
    """Logarithms of what another order, or other values, have over the truth, as the evidence counts them."""
    found, steps = np.empty(sets), range(setting.steps)
    for seed in range(sets):
        seen = _Seen.of(samples_of(drawn(setting, seed)), 1.0 / (1.0 / setting.sample + 1.0 / setting.tokens))
        truth = _Fitted(tuple(steps), setting.fresh, 1.0 / setting.tokens, 1.0)
        found[seed] = seen.words * (seen.value(other) - seen.value(truth))
    return found


@pytest.mark.parametrize(
    ("setting", "rows"),
    [
        (Setting(300, 6000, 3, 0.8, sample=600), (1, 0, 2)),
        (Setting(20, 500, 3, 0.8, sample=500), (0, 2, 1)),
        (Setting(2, 300, 3, 0.5, sample=300), (2, 1, 0)),
    ],
)
def test_the_ratio_to_the_truth_has_a_mean_of_at_most_one(setting, rows):
    """Within five standard errors, a chance of 3e-7 a case; were words counted three times each, it would not hold."""
    logs = ratios(setting, _Fitted(rows, setting.fresh, 1.0 / setting.tokens, 1.0), 3000)
    once, thrice = np.exp(logs), np.exp(3.0 * logs)
    assert once.mean() < 1.0 + 5.0 * once.std() / math.sqrt(len(once))
    assert thrice.mean() > 1.0 + 5.0 * thrice.std() / math.sqrt(len(thrice))


def test_two_words_count_once():
    """Where one share grows the other falls: they are one word, and s words of one share s - 1."""
    for types in (2, 7):
        counts = np.full((3, types), 100)
        counts[1:, 0] += [[3], [5]][0]
        assert _Seen.of(samples_of(counts), 50.0).words == pytest.approx(types - 1)


def test_bursts_in_small_samples_do_not_pass_for_drift(monkeypatch):
    """Small samples of text in bursts of 20 lie far from generation 0: as later ones would, if noise were not told."""
    law = 1.0 / np.arange(1, 1001)
    counts = [np.maximum(1, np.round(3000 * law / law.sum())).astype(np.int64)]
    rng, hidden = np.random.default_rng(1), [counts[0] / counts[0].sum()]
    for size in (2000, 20_000, 100_000, 100_000):
        shares = rng.multinomial(3000, 0.8 * hidden[-1] + 0.2 * hidden[0]) / 3000
        hidden.append(shares)
        counts.append(20 * rng.multinomial(size // 20, shares))
    samples = samples_of(np.array(counts))
    assert likelier(samples) is None
    monkeypatch.setattr(likely_sample_order, "_BURSTS", 1)
    found = likelier(samples)
    assert found.gain > 10.0
    monkeypatch.setattr(_Seen, "heaviness", lambda *_: 1.0)
    assert likelier(samples).evidence > found.evidence + 5.0


def test_the_best_order_is_that_of_all_orders():
    """The search, which moves one sample after the other, against every order there is, at the same values."""
    samples = samples_of(drawn(TOLD[1], 3), SHUFFLED[5])
    seen = _Seen.of(samples, 3000.0)
    at = _Fitted(tuple(range(5)), 0.1, 1 / 6000, 1.0)
    orders = list(itertools.permutations(range(5)))
    heights = seen.heights(orders, at)
    for rows, height in zip(orders[::17], heights[::17], strict=True):
        assert seen.value(_Fitted(rows, at.fresh, at.rate, at.bursts)) == pytest.approx(height, rel=1e-12)
    assert likelier(samples).rows == orders[int(np.argmax(heights))]


def test_fit_warns_of_shuffled_samples_and_names_the_likelier_order():
    data = tables(generations(TOLD[1], np.random.default_rng(1)))
    given = [data[0], *(data[1 + row] for row in SHUFFLED[5])]
    named = ", ".join(table.name for table in data)
    with pytest.warns(InputWarning, match=rf"in the order {named} the counts would be e\^\d+ times as likely"):
        found = fit(given, counts_are="sample", rng=1, replicates=39)
    assert len(found.warnings) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit(data, counts_are="sample", rng=1, replicates=39).warnings == ()
        fit(given[1:], first=1, counts_are="sample", rng=1, replicates=39)  # without generation 0 nothing is known
    named = ", ".join(table.name for table in data[2:])
    shuffled = [data[3], data[5], data[2], data[4]]
    with pytest.warns(InputWarning, match=f"in the order {named} the"):
        fit(shuffled, zero=data[0], first=2, counts_are="sample", rng=1, replicates=39)


def test_one_sample_has_one_order():
    assert likelier_sample_order(samples_of(drawn(TOLD[1], 1)[:2]), 3000.0) is None
