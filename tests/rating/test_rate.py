"""The rate of one recursion: golden values, bounds beside the truth, quantiles, rate constants."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from modelcollapse import Categorical, InputError, Known, Recursion
from modelcollapse.families import (
    FAMILIES,
    Exponential,
    Gaussian,
    Laplace,
    NormalMixture,
    ScaleFamily,
    ScipyDistribution,
    Uniform,
)
from modelcollapse.laws.scale_rates import critical_amplification
from modelcollapse.rating import curve_of, interval_of, rate
from modelcollapse.rating.questions import of_poisson, of_scale, of_symbol, scale_families
from modelcollapse.report.rate_rows import rate_columns
from modelcollapse.report.rate_text import rate_text
from modelcollapse.samplers import Amplification, Plain
from modelcollapse.statistics import ForgettingTime, Survival
from modelcollapse.workflows import FreshMix

EXACT = {
    "symbol": lambda sizes: of_symbol(sizes, probability=0.02),
    "poisson": lambda sizes: of_poisson(sizes, rate=0.5),
    "gaussian": lambda sizes: of_scale(Gaussian, sizes, 0.3),
    "gaussian, ddof 0": lambda sizes: of_scale(Gaussian, sizes, 0.3, ddof=0),
    "gaussian, dimension 3": lambda sizes: of_scale(Gaussian, sizes, 0.3, dimension=3),
    "exponential": lambda sizes: of_scale(Exponential, sizes, 0.3),
    "uniform": lambda sizes: of_scale(Uniform, sizes, 0.3),
}
EVERY = pytest.mark.parametrize("name", EXACT)
SIZES = pytest.mark.parametrize("sizes", [20, [20, 10, 30, 15, 8]], ids=["constant", "schedule"])


def answer(question, generations, **details):
    return rate(question.recursion, question.statistic, question.time_statistic, generations, **details)


def test_golden_symbol():
    found = answer(of_symbol(100, count=1), [10, 50, 100])
    np.testing.assert_allclose(curve_of(found.exact), [0.16138936, 0.04112184, 0.02304409], rtol=1e-6)
    assert found.quantiles == {0.1: 1, 0.5: 2, 0.9: 18}


def test_golden_poisson():
    found = answer(of_poisson(10, rate=1.0), [10, 100])
    np.testing.assert_allclose(curve_of(found.exact), [0.82138922, 0.17751588], rtol=1e-6)
    assert found.quantiles == {0.1: 8, 0.5: 27, 0.9: 188}


@pytest.mark.parametrize(("fresh", "right"), [(0.1, True), (0.101, False)])
def test_moments_where_the_tail_has_no_law(fresh, right):
    """Given mu and s, a draw has the mean (1 - a) mu and the variance v = a + (1 - a) s + a (1 - a) mu^2."""
    asked = of_scale(Gaussian, 100, 0.5)
    recursion = replace(asked.recursion, workflow=FreshMix(fresh))
    found = rate(recursion, asked.statistic, asked.time_statistic, 20)
    assert found.law is None
    expected, drift, variance, a = [], 0.0, 1.0, 0.1
    for _ in range(20):
        variance = a + (1 - a) * variance + a * (1 - a) * drift
        drift = variance / 100 + (1 - a) ** 2 * drift
        expected.append((variance, drift))
    written = found.to_dict()["moments"]
    ours = np.transpose([written["mean_variance"], written["mean_squared_drift"]])
    assert np.allclose(ours, expected, rtol=1e-12) == right
    assert "two_moments" in rate_text(found)
    assert rate_columns(found)["mean_squared_drift"] == written["mean_squared_drift"]


def test_moments_are_left_out_where_there_is_a_law_or_none_of_them():
    assert answer(of_scale(Gaussian, 100, 0.5), 3).moments == ()
    assert answer(of_scale(Laplace, 10, 0.5), 3).moments == ()
    asked = of_scale(Exponential, 10, 0.5)
    found = rate(replace(asked.recursion, workflow=FreshMix(0.1)), asked.statistic, asked.time_statistic, 3)
    assert found.to_dict()["moments"] is None
    assert "moments" not in rate_text(found)


def test_golden_gaussian():
    found = answer(of_scale(Gaussian, 10, 0.1), 200)
    bounds = {bound.name: bound for bound in found.bounds}
    assert curve_of(found.exact)[-1] == pytest.approx(0.00403833, abs=5e-9)
    theorem = bounds["suresh_2024.theorem_3"]
    assert theorem.upper[-1] == pytest.approx(0.0593, abs=5e-5)
    assert theorem.upper_slack.final_factor == pytest.approx(14.68, abs=0.01)
    assert found.pace.per_generation == pytest.approx(-0.0576032352, abs=1e-10)
    assert found.pace.generations_to_lose_half == pytest.approx(math.log(2) / 0.0576032352, rel=1e-9)


@EVERY
@SIZES
def test_bounds_hold_and_their_slack_is_theirs(name, sizes):
    found = answer(EXACT[name](sizes), 5)
    truth = curve_of(found.exact)
    for bound in found.bounds:
        for curve, slack, sign in ((bound.lower, bound.lower_slack, -1), (bound.upper, bound.upper_slack, 1)):
            assert (curve is None) == (slack is None)
            if curve is not None:
                gap = sign * (np.clip(curve, 0, 1) - truth)
                assert gap.min() > -1e-9
                assert slack.largest_gap == pytest.approx(gap.max(), abs=1e-12)
                assert gap[slack.at - 1] == pytest.approx(gap.max(), abs=1e-12)


@EVERY
@SIZES
def test_simulation_agrees(name, sizes):
    """A pointwise interval of 95 % each, widened to 4.5 standard errors: a false alarm in 10^4 such tests."""
    found = answer(EXACT[name](sizes), 5, simulate=3000, rng=7)
    low, high = interval_of(found.simulated)
    mean, truth = curve_of(found.simulated), curve_of(found.exact)
    width = 2.3 * np.maximum(high - mean, mean - low) + 1e-3
    assert np.all(np.abs(mean - truth) < width)
    assert found.replicates == 3000


@EVERY
@SIZES
def test_json_is_plain_and_aligned(name, sizes):
    data = answer(EXACT[name](sizes), 5, simulate=20, rng=1).to_dict()
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert data["generation"] == [1, 2, 3, 4, 5]
    curves = [data["exact"], *(data["simulated"][key] for key in ("mean", "low", "high"))]
    curves += [bound[side] for bound in data["bounds"].values() for side in ("lower", "upper") if bound[side]]
    assert {len(curve) for curve in curves} == {5}
    assert set(data["quantiles"]) == {"0.1", "0.5", "0.9"}


@EVERY
def test_quantiles_of_a_schedule_are_those_of_its_curve(name):
    sizes = [20] * 40
    found = answer(EXACT[name](sizes), 40)
    over = 1 - curve_of(found.exact)
    for level, k in found.quantiles.items():
        expected = 1 + int(np.argmax(over >= level)) if np.any(over >= level) else np.inf
        assert k == expected
    assert found.quantiles_within == 40


@EVERY
def test_quantiles_do_not_depend_on_the_horizon(name):
    short, long = (answer(EXACT[name](20), horizon) for horizon in (3, 60))
    assert short.quantiles == long.quantiles
    assert short.quantiles_within is None


def test_a_family_without_a_law_is_simulated_and_says_so():
    question = of_scale(ScipyDistribution, 10, 0.5, distribution="norm")
    bare = answer(question, 30)
    assert (bare.exact, bare.quantiles_source) == (None, None)
    assert bare.to_dict()["exact"] is None
    assert set(bare.quantiles.values()) == {np.inf}
    found = answer(question, 30, simulate=200, rng=1)
    assert found.quantiles_source == "simulation"
    assert 1 <= found.quantiles[0.1] <= found.quantiles[0.5] <= 30
    assert found.to_dict()["method"] == "simulate"
    assert found.to_dict()["provenance"]["entropy"] == 1


def test_a_sampled_law_is_an_estimate():
    found = answer(of_scale(Laplace, 10, 0.5), 30)
    data = found.to_dict()
    assert (data["exact"], data["exact_error"], data["method"]) == (None, None, "sampled")
    assert set(data["estimate"]) == {"mean", "low", "high"}
    low, mean, high = (np.array(data["estimate"][key]) for key in ("low", "mean", "high"))
    assert np.all((low <= mean) & (mean <= high))
    assert (found.quantiles_source, found.quantiles_within) == ("sampled_step", None)
    assert found.quantiles[0.5] == 1 + np.argmax(1 - mean >= 0.5)
    assert data["rate"]["interval"][0] < data["rate"]["per_generation"] < data["rate"]["interval"][1] < 0
    assert found.agreement() is None
    exact = answer(of_scale(Gaussian, 10, 0.5), 3).to_dict()
    assert (exact["estimate"], exact["rate"]["interval"]) == (None, None)


def test_the_seed_decides():
    question = of_symbol(20, count=1)
    first, again, other = (curve_of(answer(question, 5, simulate=200, rng=s).simulated) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_far_horizon_has_few_rows():
    found = answer(of_poisson(10, rate=1.0), 10**9)
    assert found.generation[[0, -1]].tolist() == [1, 10**9]
    assert len(found.generation) < 500


@pytest.mark.parametrize(("n", "ddof", "factor"), [(10, 1.0, 0.9), (100, 0.0, 1.3), (5, 1.0, 1e-3)])
def test_pace_under_biased_sampling(n, ddof, factor):
    """Against the digamma function, and against runs of the recursion written out; another lambda is caught."""
    question = of_scale(Gaussian, n, 0.5, ddof=ddof)
    recursion = replace(question.recursion, sampler=Amplification(factor))
    found = rate(recursion, question.statistic, question.time_statistic, 20).pace
    assert found.per_generation == pytest.approx(
        0.5 * (special.digamma((n - 1) / 2) - math.log((n - ddof) / 2) + math.log(factor)), rel=1e-12
    )
    steps = 0.5 * np.log(factor * np.random.default_rng(1).chisquare(n - 1, size=400_000) / (n - ddof))
    error = steps.std() / math.sqrt(steps.size)
    assert abs(steps.mean() - found.per_generation) < 5 * error  # false alarms: 6e-7
    assert abs(steps.mean() + 0.05 - found.per_generation) > 5 * error
    falls = found.per_generation < 0
    assert found.generations_to_lose_half == (pytest.approx(math.log(2) / -found.per_generation) if falls else math.inf)


def test_at_the_critical_amplification_a_scale_stays():
    question = of_scale(Gaussian, 10, 0.5)
    recursion = replace(question.recursion, sampler=Amplification(critical_amplification(10)))
    found = rate(recursion, question.statistic, question.time_statistic, 5).pace
    assert found.per_generation == pytest.approx(0.0, abs=1e-14)
    wide = replace(of_scale(Gaussian, 10, 0.5, dimension=3).recursion, sampler=Amplification(0.5))
    spectrum = rate(wide, question.statistic, question.time_statistic, 5).pace.spectrum
    plain = rate(replace(wide, sampler=Plain()), question.statistic, question.time_statistic, 5).pace.spectrum
    np.testing.assert_allclose(spectrum, np.add(plain, 0.5 * math.log(0.5)), rtol=1e-14)


def test_paces():
    symbol = answer(of_symbol(50, count=1), 2).pace
    assert symbol.per_generation == pytest.approx(math.log1p(-1 / 50))
    assert symbol.median_by_thumb == pytest.approx(2.885, abs=1e-3)
    assert answer(of_symbol(50, count=40), 2).pace.median_by_thumb is None
    assert answer(of_symbol(1, probability=0.5), 2).pace.per_generation is None
    varying = answer(of_symbol([10, 20], probability=0.1), 2).pace
    assert varying.per_generation == pytest.approx((math.log1p(-0.1) + math.log1p(-0.05)) / 2)
    assert varying.generations_to_lose_half is None
    assert answer(of_scale(Uniform, 10, 0.1), 2).pace.per_generation == pytest.approx(-0.1)
    assert answer(of_scale(Uniform, [10, 20], 0.1), 2).pace.per_generation == pytest.approx(-0.075)
    assert answer(of_poisson(10, rate=1.0), 2).pace.per_generation is None


def test_every_family_with_a_scale_has_a_question():
    for family in scale_families().values():
        question = of_scale(family, 20, 0.5)
        assert question.recursion.family.name == family.name
    with_scale = {family for family in FAMILIES if issubclass(family, ScaleFamily)}
    # Starts from components, a list of which no option could hold: it is asked from Python.
    assert with_scale - set(scale_families().values()) == {NormalMixture}


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: of_symbol(10, count=11), "`count` is 11"),
        (lambda: of_symbol(10, count=-1), "`count` is -1"),
        (lambda: of_symbol(10), "both missing"),
        (lambda: of_symbol(10, count=1, probability=0.1), "both given"),
        (lambda: of_symbol([10, 20], count=1), "`count` is 1"),
        (lambda: of_symbol(10, probability=math.nan), "`probability` is nan"),
        (lambda: of_symbol(0, count=0), "`sample_size` is 0"),
        (lambda: of_poisson(10, rate=-1.0), "`rate` is -1"),
        (lambda: of_scale(Gaussian, 10, 0.0), "`threshold` is 0"),
        (lambda: of_scale(Gaussian, 10, math.inf), "`threshold` is inf"),
        (lambda: answer(of_symbol(10, count=1), 0), "`generations` is 0"),
        (lambda: answer(of_symbol([10, 10], probability=0.1), 3), "`generations` reach 3"),
        (lambda: answer(of_symbol(10, count=1), 3, simulate=-1), "`simulate` is -1"),
        (lambda: answer(of_poisson(10, rate=1.0), 10**9, simulate=1), "`generations` is 1000000000"),
        (lambda: answer(of_scale(Gaussian, 1, 0.1), 3), "`sample_size` is 1"),
        (lambda: answer(of_scale(Gaussian, 4, 0.1, dimension=4), 3), "`sample_size` is 4"),
        (lambda: rate(Recursion(Categorical(), Known([0.5, 0.5]), 5), Survival(), ForgettingTime(), 3), "one symbol"),
    ],
)
def test_refusals(make, match):
    with pytest.raises(InputError, match=match):
        make()
