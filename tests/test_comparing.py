"""Workflows side by side: curves by the forecast's own law and by plain NumPy, tokens counted by hand."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, CountTable, InputError, NoAnswerError, Recursion, forecast
from modelcollapse.comparing import compare, label, named_workflow, tokens
from modelcollapse.laws import subsampled_law
from modelcollapse.planning import Prices
from modelcollapse.workflows import (
    WORKFLOWS,
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)

TABLE = CountTable.from_counts([f"w{i}" for i in range(60)], [40, 30, 20, 10] + [1] * 56)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_labels_lead_back(workflow):
    assert named_workflow(workflow.name) == workflow()
    assert named_workflow(label(workflow())) == workflow()


def plain_vocabulary(table, generations, fresh, runs, seed):
    """Words present under fresh mix, by drawing tokens; or of the pool so far where `fresh` is None."""
    n, truth = table.tokens, np.asarray(table.counts) / table.tokens
    rng, found = np.random.default_rng(seed), []
    for _ in range(runs):
        pool, model = np.asarray(table.counts).copy(), truth
        for _ in range(generations):
            law = model if fresh is None else fresh * truth + (1 - fresh) * model
            drawn = rng.multinomial(n, law)
            pool = pool + drawn
            model = pool / pool.sum() if fresh is None else drawn / n
        found.append((drawn > 0).sum())
    return np.mean(found), np.std(found) / np.sqrt(runs)


def test_fresh_mix_is_exact_and_agrees_with_drawn_tokens():
    """3,000 runs, |z| < 5: false alarm 6e-7; half the fresh share is caught."""
    exact, half = compare(TABLE, 8, [FreshMix(0.3), FreshMix(0.15)]).curves
    mean, error = plain_vocabulary(TABLE, 8, 0.3, 3000, 1)
    assert exact.kind == "exact"
    assert abs(exact.mean[-1] - mean) < 5 * error
    assert abs(half.mean[-1] - mean) > 20 * error
    assert exact.mean[-1] == pytest.approx(forecast(TABLE, 8, workflow=FreshMix(0.3)).mean[-1], rel=1e-12)


def test_accumulate_agrees_with_drawn_tokens():
    """Its interval, if it is simulated, may miss; the means are within 6 joint standard errors of 40 and 3,000 runs."""
    found = compare(TABLE, 8, [Accumulate()], rng=1).curves[0]
    mean, error = plain_vocabulary(TABLE, 8, None, 3000, 2)
    spread = error * np.sqrt(3000)
    assert abs(found.mean[-1] - mean) < 6 * spread * np.sqrt(1 / 40 + 1 / 3000)


def test_simulated_curves_repeat_by_their_seed(monkeypatch):
    monkeypatch.setattr(subsampled_law, "LONGEST", 3)
    first, again, other = (compare(TABLE, 4, [AccumulateSubsample()], rng=seed).curves[0] for seed in (1, 1, 2))
    assert first.kind == "estimate"
    assert np.array_equal(first.mean, again.mean)
    assert not np.array_equal(first.mean, other.mean)


@pytest.mark.parametrize(
    ("workflow", "counted"),
    [
        (Replace(), (0, 150, 150)),
        (FreshMix(0.2), (30, 120, 150)),
        (FreshCount(10), (30, 120, 150)),
        (FixedReal(), (0, 150, 150 + 3 * 80)),
        (Accumulate(), (0, 150, 130 + 180 + 230)),
        (Accumulate(0.2), (30, 120, 130 + 180 + 230)),
        (AccumulateSubsample(), (0, 150, 150)),
        (AccumulateSubsample(20), (0, 150, 60)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_tokens_by_hand(workflow, counted):
    """Three generations of 50 draws from a corpus of 80."""
    recursion = Recursion(Categorical(), Corpus([60, 20]), 50, workflow)
    assert tokens(recursion, 80, 3) == pytest.approx(counted)


def test_costs():
    priced = compare(TABLE, 3, [FreshMix(0.5)], sample_size=100, prices=Prices(fresh=2.0, synthetic=0.5)).curves[0]
    assert priced.cost == pytest.approx(3 * 100 * (0.5 * 2.0 + 0.5 * 0.5))


def test_a_forecast_sets_workflows_beside_its_own():
    found = forecast(TABLE, 5, workflow=FreshMix(0.1), compare=[Replace(), FreshMix(0.1), FixedReal()])
    assert [curve.label for curve in found.comparison.curves] == ["fresh-mix=0.1", "replace", "fixed-real=1"]
    assert found.comparison.curves[0].mean == pytest.approx(found.mean)
    data = found.to_dict()
    assert [entry["kind"] for entry in data["comparison"]] == ["exact"] * 3
    assert data["words"][0]["median_forgotten"] is None
    assert "come back" in data["times_reason"]
    assert forecast(TABLE, 5).to_dict()["times_reason"] is None


def test_half_gone_off_replace_is_read_off_the_curve():
    rare = CountTable.from_counts([f"w{i}" for i in range(101)], [1] * 100 + [10])
    found = forecast(rare, 40, workflow=FreshMix(0.01))
    first = found.generation[found.mean <= 50.5][0]
    assert found.half_gone == first
    assert np.isinf(forecast(rare, 40, workflow=FreshMix(0.9)).half_gone)


def test_a_forecast_without_a_law_says_how_to_compare():
    with pytest.raises(NoAnswerError, match="--compare accumulate-subsample"):
        forecast(TABLE, 5001, workflow=AccumulateSubsample())


def test_a_forecast_on_parts_of_all_text():
    """As many words as are trained on, in the text written next: fewer than when all text is trained on."""
    found = forecast(TABLE, 5, workflow=AccumulateSubsample())
    assert found.provenance["source"] == "subsampled_ancestry"
    whole = forecast(TABLE, 5, workflow=Accumulate())
    assert found.mean[:2] == pytest.approx(whole.mean[:2], rel=0.2)
    assert np.all(found.mean[1:] < whole.mean[1:])


def test_a_forecast_where_fresh_text_accumulates():
    """More is there than without fresh text, and than where nothing is kept."""
    found = forecast(TABLE, 30, workflow=Accumulate(0.3), compare=[Accumulate(), FreshMix(0.3)])
    assert found.provenance["source"] == "accumulated_fresh"
    own, kept, mixed = found.comparison.curves
    assert [curve.label for curve in (own, kept, mixed)] == ["accumulate=0.3", "accumulate", "fresh-mix=0.3"]
    assert np.all(own.mean[1:] > kept.mean[1:])
    assert np.all(own.mean[1:] > mixed.mean[1:])
    assert (own.fresh, own.trained) == (mixed.fresh, kept.trained)


@pytest.mark.parametrize("workflow", [FreshCount(1_234_567), FreshMix(0.1234567), WeightedMix(1_234_567, 0.3)])
def test_labels_keep_every_digit(workflow):
    assert named_workflow(label(workflow)) == workflow


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fresh", "one of replace, accumulate"),
        ("replace=2", "it takes no value"),
        ("weighted-mix=1,2,3", "weighted-mix=COUNT,WEIGHT: it takes count, weight"),
        ("weighted-mix=5,best", "`weight` is 'best'"),
        ("fresh-mix=2", "`fresh` is 2"),
        ("fresh-mix=x", "`fresh` is 'x'"),
        ("", "one of replace"),
    ],
)
def test_refused_names(text, message):
    with pytest.raises(InputError, match=message):
        named_workflow(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"generations": 10**6}, "`generations` is 1000000"),
        ({"workflows": []}, "`workflows` is empty"),
        ({"sample_size": -1}, "`sample_size` is -1"),
    ],
)
def test_refused(arguments, message):
    given = {"generations": 5, "workflows": [Replace()], **arguments}
    with pytest.raises(InputError, match=message):
        compare(TABLE, given.pop("generations"), given.pop("workflows"), **given)
