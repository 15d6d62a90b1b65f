"""Samples of what generations write: covariances by enumeration, estimates by other routes, intervals that cover."""

import itertools
import json
import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

from modelcollapse import CountTable, InputError, fit
from modelcollapse.errors import InputWarning
from modelcollapse.fitting.covariance import DriftCovariance
from modelcollapse.fitting.drift_likelihood import FRESH, RATE, DriftLikelihood
from modelcollapse.fitting.sample_checks import expected_types
from modelcollapse.fitting.samples import Samples
from verification.fit_coverage import Setting, fits, generations, tables, tally


def enumerated(generation, sizes, fresh, draws, p):
    """Covariance of the shares in samples over every path of a word's count, in units of p (1 - p)."""
    states = np.arange(draws + 1)
    step = binom.pmf(states[None, :], draws, (1 - fresh) * states[:, None] / draws + fresh * p)
    start = binom.pmf(states, draws, p)
    found = np.zeros((len(sizes), len(sizes)))
    for path in itertools.product(range(draws + 1), repeat=generation[-1]):
        chance = start[path[0]] * math.prod(step[i, j] for i, j in itertools.pairwise(path))
        share = np.array([path[k - 1] / draws for k in generation])
        found += chance * (np.outer(share - p, share - p) + np.diag(share * (1 - share) / sizes))
    return found / (p * (1 - p))


@pytest.mark.parametrize(("fresh", "p"), [(0.0, 0.3), (0.25, 0.3), (1.0, 0.05)])
def test_covariance_by_enumeration(fresh, p):
    generation, sizes = np.array([1, 3, 4]), np.array([7.0, 100.0, 2.0])
    model = DriftCovariance(generation, 1 / sizes)
    matrix = model.matrices(np.array([fresh]), np.array([1 / 5]))[0][0]
    assert matrix == pytest.approx(enumerated(generation, sizes, fresh, 5, p), rel=1e-11)
    wrong = model.matrices(np.array([fresh]), np.array([1 / 6]))[0][0]
    assert wrong != pytest.approx(matrix, rel=1e-2)


def test_derivatives_are_differences():
    model = DriftCovariance(np.array([1, 2, 5]), np.array([0.01, 0.02, 0.005]), 0.003)
    point, step = np.array([0.2, 0.01]), 1e-7
    matrix, *slopes = model.matrices(*point[:, None])
    for parameter in (FRESH, RATE):
        more, less = (point + sign * step * np.eye(2)[parameter] for sign in (1, -1))
        difference = (model.matrices(*more[:, None])[0] - model.matrices(*less[:, None])[0]) / (2 * step)
        assert slopes[parameter] == pytest.approx(difference, rel=1e-6, abs=1e-8)
    louder = DriftCovariance(model.generation, 1.5 * model.noise, 1.5 * model.shared).matrices(*point[:, None])[0]
    assert louder - matrix == pytest.approx(0.5 * slopes[2], rel=1e-12)


def likelihood_of(seed, held=None, cases=6):
    """Moments of normal deviations, 30 words each."""
    rng = np.random.default_rng(seed)
    model = DriftCovariance(np.arange(1, 6), np.full(5, 0.002))
    half = np.linalg.cholesky(model.matrices(np.array([0.15]), np.array([0.004]))[0][0])
    data = half @ rng.standard_normal((cases, 5, 30))
    return DriftLikelihood(model, data @ data.transpose(0, 2, 1) / 30, held)


def plain(likelihood, case, fresh, rate):
    """The log-likelihood, up to a constant, as the normal density of the data."""
    matrix = likelihood.covariance.matrices(np.array([fresh]), np.array([rate]))[0][0]
    return -0.5 * (np.linalg.slogdet(matrix)[1] + np.trace(np.linalg.solve(matrix, likelihood.moments[case])))


def test_maximum_is_that_of_another_optimiser():
    likelihood = likelihood_of(1)
    best = likelihood.maximum()
    for case, (fresh, rate) in enumerate(best):
        lows = [
            minimize(
                lambda x, case=case: -plain(likelihood, case, x[0], 0.01 * x[1]),
                [start, 0.5],
                bounds=[(0, 1), (0, 100)],
                method="L-BFGS-B",
                options={"ftol": 1e-15, "gtol": 1e-9},
            ).fun
            for start in (0.05, 0.3, 0.8)
        ]
        assert plain(likelihood, case, fresh, rate) == pytest.approx(-min(lows), abs=1e-8)
    assert likelihood.maximum(np.tile([0.9, 0.1], (6, 1))) == pytest.approx(best, rel=1e-3, abs=1e-6)


def test_ends_are_where_the_profile_has_dropped():
    likelihood = likelihood_of(2, cases=1)
    best = likelihood.maximum()
    other = {FRESH: RATE, RATE: FRESH}
    for parameter, upper in itertools.product((FRESH, RATE), (False, True)):
        end = likelihood.end(best, parameter, 0.02, upper=upper)
        assert (end > best[0, parameter]) == upper
        grid = np.linspace(0, 1, 2001) if other[parameter] == FRESH else np.linspace(0, 0.05, 5001)
        pairs = [(value, end) if parameter == RATE else (end, value) for value in grid]
        profile = max(plain(likelihood, 0, *pair) for pair in pairs)
        assert likelihood.value(best)[0] - profile == pytest.approx(0.02, abs=2e-5)
    assert likelihood.end(best, RATE, 1e9, upper=False) == 0.0
    assert likelihood.end(best, RATE, 1e9, upper=True) == 0.5
    assert likelihood.end(best, FRESH, 1e9, upper=True) == 1.0


def test_one_sample_is_the_temporal_method():
    """F = 1/n (1 - 1/S) + 1/S for one generation: solved by hand; below the noise the rate is 0."""
    origin = np.array([0.5, 0.3, 0.2])
    for counts in ([520, 290, 190], [501, 299, 200]):
        samples = Samples(np.array([counts]), np.array([1]), origin)
        moved = np.array(counts) / 1000 - origin
        measured = (moved**2).sum() / (origin * (1 - origin)).sum()  # Jorde and Ryman's: sum over sum
        moments = samples.deviations(0.0).moments
        assert moments[0, 0] == pytest.approx(measured, rel=1e-12)
        found = DriftLikelihood(samples.covariance, moments[None], 0.0).maximum()[0]
        by_hand = (measured - 1 / 1000) / (1 - 1 / 1000)
        assert found[RATE] == pytest.approx(max(by_hand, 0.0), rel=1e-6)


def hidden(draws, sizes, fresh, rng, origin):
    """Samples of given sizes from generations 1, 2, ..."""
    law, found = origin, []
    for size in sizes:
        law = rng.multinomial(draws, (1 - fresh) * law + fresh * origin) / draws
        found.append(rng.multinomial(size, law))
    return np.array(found)


def zipf(types):
    law = 1 / np.arange(1.0, types + 1)
    return law / law.sum()


@pytest.mark.parametrize("known", [True, False])
def test_moments_are_unbiased(known):
    """Whatever the weights: |z| < 5, false-alarm rate 6e-7 each; a rate of drift 10 % off is caught."""
    rng, draws, sizes = np.random.default_rng(5), 1000, (3000, 1000, 2000, 500)
    origin, runs = zipf(200), 2500
    gaps = {1.0: [], 1.1: []}
    for _ in range(runs):
        counts = hidden(draws, sizes, 0.0, rng, origin)
        samples = Samples(counts, np.arange(1, 5) - (not known), origin if known else None)
        found = samples.deviations(300.0)
        for factor, gap in gaps.items():
            matrix = samples.covariance.matrices(np.zeros(1), np.full(1, factor / draws))[0][0]
            gap.append(found.whole * np.mean(found.moments - matrix))
    scores = {factor: abs(np.mean(gap)) / np.std(gap) * np.sqrt(runs) for factor, gap in gaps.items()}
    assert scores[1.0] < 5 < scores[1.1]


def test_expected_types_by_simulation():
    """|z| < 5 for each sample; another effective size is caught."""
    rng, sizes, origin = np.random.default_rng(6), (5000, 300, 2000), zipf(300)
    found = np.array([(hidden(2000, sizes, 0.1, rng, origin) > 0).sum(axis=1) for _ in range(600)])
    samples = Samples(np.array([[size] + 299 * [0] for size in sizes]), np.arange(1, 4), origin)
    error = found.std(axis=0) / np.sqrt(600)

    def farthest(draws):
        return (np.abs(found.mean(axis=0) - expected_types(origin, samples, 0.1, 1 / draws)) / error).max()

    assert farthest(2000) < 5 < farthest(1800)
    assert expected_types(origin, samples, 0.0, 0.0) == pytest.approx(
        [(1 - np.exp(-size * origin)).sum() for size in sizes]
    )


def near(interval, truth):
    """Within 5 standard errors, 5/1.96 of the interval's half on the scale of 1/n: false-alarm rate 6e-7."""
    value, low, high = 1 / interval.value, 1 / interval.high, 1 / interval.low
    half = high - value if 1 / truth > value else value - low
    return abs(1 / truth - value) <= 5 / 1.96 * half


@pytest.mark.parametrize("sample", [4000, 100_000])
def test_recovers_what_made_the_samples(sample):
    """n = 10,000 and 15 % fresh data, from samples smaller and larger; read as training sets they tell less."""
    data = tables(generations(Setting(600, 10_000, 6, 0.15, sample=sample), np.random.default_rng(2)))
    found = fit(data, counts_are="sample", rng=1)
    assert found.dispersion is None
    assert near(found.sample_size, 10_000)
    assert not near(found.sample_size, 4000)
    assert not near(found.sample_size, 25_000)
    assert found.fresh.low - 0.1 < 0.15 < found.fresh.high + 0.1
    assert found.fits
    naive = fit(data, rng=1)
    assert naive.sample_size.high < 10_000


def test_intervals_cover():
    """60 sets: a true coverage of 95 % gives fewer than 46 with chance 1e-7. Fifths of the intervals do not."""
    setting = Setting(40, 600, 4, 0.2, sample=2000)
    found = list(fits(setting, 60, seed=5, replicates=59))
    total = tally(setting, iter(found))
    assert min(total.fresh, total.size) >= 46
    rates = [(1 / one.sample_size.value, 1 / one.sample_size.low) for one in found]
    assert sum(abs(rate - 1 / setting.tokens) < (high - rate) / 5 for rate, high in rates) < 46


def test_drift_that_noise_hides_has_no_upper_end():
    """Samples of 300 from training sets of 10^6: no size is too large, and that is said."""
    data = tables(generations(Setting(30, 1_000_000, 3, 0.0, sample=300), np.random.default_rng(1)))
    found = fit(data, counts_are="sample", rng=1)
    assert math.isinf(found.sample_size.high)
    assert found.sample_size.low < 1_000_000
    assert "the noise of the samples hides the drift" in found.sample_size_reason
    data = found.to_dict()
    assert data["sample_size"]["high_95"] is None
    assert data["sample_size_reason"] == found.sample_size_reason
    json.dumps(data, allow_nan=False)


def test_no_drift_at_all():
    """Counts closer to generation 0 than samples are: no estimate of the size, none of the share, no forecast."""
    words = ["a", "b", "c"]
    data = [CountTable.from_counts(words, counts) for counts in ([50, 30, 20], [501, 299, 200], [499, 301, 200])]
    found = fit(data, counts_are="sample", rng=1)
    assert math.isinf(found.sample_size.value)
    assert found.sample_size.low > 100
    assert (found.fresh, found.fresh_used, found.forecast) == (None, 0.0, None)
    assert "no drift is seen" in found.fresh_reason
    said = found.to_dict()
    assert (said["sample_size"]["value"], said["forecast"]) == (None, None)


def test_without_generation_0():
    data = tables(generations(Setting(400, 8000, 5, 0.0, sample=8000), np.random.default_rng(4)))[1:]
    found = fit(data, first=1, counts_are="sample", rng=1)
    assert near(found.sample_size, 8000)
    assert not near(found.sample_size, 4000)
    assert found.fresh is None
    assert len(found.observed.words) > data[0].types  # what the first sample lacked may have been there
    assert (found.vocabulary.observed == [table.types for table in data]).all()


def test_one_sample_far_from_generation_0():
    """Generations 0 and 4 alone: four steps of drift."""
    data = tables(generations(Setting(400, 8000, 4, 0.0, sample=20_000), np.random.default_rng(4)))
    found = fit([data[4]], zero=data[0], first=4, counts_are="sample", rng=1)
    assert near(found.sample_size, 8000)
    assert not near(found.sample_size, 2000)


def test_sees_samples_in_bursts():
    """Each draw of a sample counted five times: its noise is not that of independent draws."""
    setting = Setting(400, 20_000, 5, 0.0, sample=4000)
    counts = generations(setting, np.random.default_rng(7))
    bursts = [counts[0], *(5 * row for row in counts[1:])]
    found = fit(tables(bursts), counts_are="sample", rng=1)
    noise = next(check for check in found.checks if check.name == "sampling noise")
    assert noise.value > 0
    assert noise.p_value <= 0.02
    assert not found.fits
    assert fit(tables(counts), counts_are="sample", rng=1).fits


def test_seed_replays():
    data = tables(generations(Setting(30, 500, 3, 0.2, sample=900), np.random.default_rng(1)))
    one = fit(data, counts_are="sample", rng=7).to_dict()
    assert fit(data, counts_are="sample", rng=7).to_dict() == one
    assert fit(data, counts_are="sample", rng=8).to_dict()["sample_size"]["low_95"] != one["sample_size"]["low_95"]


def table(name, **counts):
    return CountTable.from_counts(list(counts), list(counts.values()), name=name)


FULL = table("full", a=50, b=30, c=15, d=5)
LESS = table("less", a=550, b=290, c=160)
BACK = table("back", a=52, b=31, c=14, d=4)


def test_a_word_that_a_sample_lacks_may_come_back():
    """Under replace too; as a training set it could not."""
    found = fit([FULL, LESS, BACK], counts_are="sample", fresh=0, rng=1)
    assert found.fresh_used == 0.0
    with pytest.raises(InputError, match="no word comes back"):
        fit([FULL, LESS, BACK], fresh=0)


def test_order_is_still_checked():
    with pytest.raises(InputError, match="out of order"):
        fit([LESS, FULL], counts_are="sample")


def test_other_tokenisation_without_generation_0():
    upper = table("upper", A=20, a=30, b=30, c=15)
    with pytest.warns(InputWarning, match="lacks, such as 'A' .* in lower case"):
        fit([FULL, upper, BACK], first=2, counts_are="sample", rng=1)
    with pytest.raises(InputError, match="80 % of its tokens are words that full lacks, such as 'x'"):
        fit([FULL, table("other", x=80, a=20)], first=2, counts_are="sample")


def test_samples_may_be_alike_by_chance_but_not_copies():
    small = [table("one", a=5, b=5), table("two", a=5, b=5)]
    found = fit([table("real", a=3, b=3), *small], counts_are="sample", rng=1)
    assert math.isinf(found.sample_size.high)
    many = CountTable.from_counts([f"w{i}" for i in range(200)], range(1, 201))
    with pytest.raises(InputError, match="was one file given twice"):
        fit([many, many], counts_are="sample")


def test_first_sample_of_one_word():
    with pytest.raises(InputError, match="holds one word, 'a'"):
        fit([table("one", a=9), table("two", a=5, b=1)], first=1, counts_are="sample")


def test_what_the_counts_are_is_checked():
    with pytest.raises(InputError, match="`counts_are` is 'shares', but must be 'training-set' or 'sample'"):
        fit([FULL, BACK], counts_are="shares")
