"""Where fresh data flow, words come back in any order: the likelihood tells which order the generations had."""

import itertools
import math
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import multinomial

from modelcollapse import fit
from modelcollapse.errors import InputWarning
from modelcollapse.fitting.likely_order import likelier_order
from verification.fit_coverage import Setting, generations, tables

SETTINGS = [
    Setting(1000, 20_000, 5, 0.0),
    Setting(1000, 20_000, 5, 0.2),
    Setting(1000, 20_000, 5, 0.5),
    Setting(1000, 20_000, 5, 0.2, dispersion=4),
    Setting(500, 1000, 8, 0.02),
]
SHUFFLED = {5: [0, 3, 1, 5, 2, 4], 8: [0, 7, 2, 5, 1, 8, 3, 6, 4]}


def counts_of(setting, seed):
    counts = np.array(generations(setting, np.random.default_rng(seed)))
    return counts[0] / counts[0].sum(), counts


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_shuffled_order_is_put_right(setting):
    origin, counts = counts_of(setting, 1)
    order = SHUFFLED[setting.steps]
    found = likelier_order(origin, counts[order])
    assert found.convinces
    assert [order[row] for row in found.rows] == list(range(setting.steps + 1))


@pytest.mark.parametrize("setting", SETTINGS)
def test_two_neighbours_that_changed_places_are_found(setting):
    origin, counts = counts_of(setting, 2)
    order = [0, 2, 1, *range(3, setting.steps + 1)]
    found = likelier_order(origin, counts[order])
    assert found.convinces
    assert [order[row] for row in found.rows] == list(range(setting.steps + 1))


@pytest.mark.parametrize("setting", [*SETTINGS, Setting(1000, 20_000, 5, 1.0), Setting(5, 500, 10, 0.2)])
def test_generations_in_order_are_left(setting):
    """100 sets of each of seven settings, each taken for others with a chance of at most 1e-9: 7e-7 in all."""
    for seed in range(100):
        found = likelier_order(*counts_of(setting, seed))
        assert found is None or found.evidence < math.log(1e9)


def exact_means(fresh, law=(0.5, 0.5), draws=6, steps=4):
    """Means of e^evidence and of e^gain over all histories of a few draws, by their probabilities."""
    law = np.array(law)
    outcomes = [c for c in itertools.product(range(draws + 1), repeat=len(law)) if sum(c) == draws]
    chance = np.array(
        [multinomial.pmf(outcomes, draws, (1 - fresh) * np.array(c) / draws + fresh * law) for c in outcomes]
    )
    first = multinomial.pmf(outcomes, draws, law)
    evidence = gain = 0.0
    for path in itertools.product(range(len(outcomes)), repeat=steps):
        probability = first[path[0]] * math.prod(chance[one, other] for one, other in itertools.pairwise(path))
        rows = np.array([np.rint(100 * law), *(outcomes[place] for place in path)])
        found = likelier_order(law, rows) if probability > 0.0 else None
        if found is not None:
            evidence += probability * math.exp(found.evidence)
            gain += probability * math.exp(found.gain)
    return evidence, gain


def test_the_evidence_has_a_mean_of_at_most_one_by_enumeration():
    """So Markov's inequality bounds false alarms; the gain alone, without what the choice costs, would break it."""
    evidence, gain = exact_means(0.6)
    assert 0.0 < evidence <= 1.0
    assert gain > 1.0


def test_without_the_dispersion_bursts_would_pass_for_another_order(monkeypatch):
    origin, counts = counts_of(Setting(200, 20_000, 5, 1.0, dispersion=100), 3)
    found = likelier_order(origin, counts)
    assert found is None or not found.convinces
    monkeypatch.setattr(
        "modelcollapse.fitting.likely_order.Residuals.of", lambda *_, **__: SimpleNamespace(dispersion=1.0)
    )
    assert likelier_order(origin, counts).convinces


def test_fit_warns_of_a_shuffled_order_and_names_the_likelier_one():
    data = tables(generations(SETTINGS[1], np.random.default_rng(1)))
    named = ", ".join(table.name for table in data)
    with pytest.warns(InputWarning, match=rf"in the order {named} the counts would be e\^\d+ times as likely"):
        found = fit([data[row] for row in SHUFFLED[5]], rng=1, replicates=39)
    assert len(found.warnings) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit(data, rng=1, replicates=39).warnings == ()
        fit(data[2:], zero=data[0], first=2, rng=1, replicates=39)
    with pytest.warns(InputWarning, match="times as likely"):
        fit([data[2], data[5], data[3], data[4]], zero=data[0], first=2, rng=1, replicates=39)


def test_two_generations_have_one_order():
    origin, counts = counts_of(SETTINGS[1], 1)
    assert likelier_order(origin, counts[:2]) is None
