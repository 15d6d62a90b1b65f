"""The fit as a whole: it recovers what made the data, its intervals cover, it sees what does not fit."""

import json

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, CountTable, Recursion, embedded, fit, solve
from modelcollapse.fitting.chance import coverage
from modelcollapse.statistics import Vocabulary
from modelcollapse.workflows import FreshMix
from verification.fit_coverage import Setting, fits, generations, tables, tally


def bible(types=1500):
    """Counts of some of the words of the embedded corpus."""
    counts = np.asarray(embedded().counts)
    return counts[:: len(counts) // types].astype(np.int64)


def chain(origin, steps, rng, law_of, draws, factor=1):
    """Generations after the first, each `factor` times multinomial draws from what `law_of` makes of the last."""
    found = [origin]
    for _ in range(steps):
        found.append(factor * rng.multinomial(draws, law_of(found[-1] / found[-1].sum())))
    return found


def near(interval, truth):
    """Whether the truth is within 5 standard errors, 5/1.96 of the interval's half: false-alarm rate 6e-7."""
    half = interval.high - interval.value if truth > interval.value else interval.value - interval.low
    return abs(truth - interval.value) <= 5 / 1.96 * half


@pytest.mark.parametrize(("fresh", "factor"), [(0.0, 1), (0.15, 1), (0.15, 3)])
def test_recovers_what_made_the_data(fresh, factor):
    """Both within 5 standard errors; a share 5 points off and sizes half as large again are not."""
    origin = bible()
    start, size = origin / origin.sum(), int(origin.sum()) // factor
    counts = chain(origin, 5, np.random.default_rng(2), lambda p: (1 - fresh) * p + fresh * start, size, factor)
    found = fit(tables(counts), rng=1)
    assert near(found.fresh, fresh)
    assert near(found.sample_size, size)
    assert near(found.dispersion, factor)
    assert not near(found.fresh, fresh + 0.05)
    assert not near(found.sample_size, 1.5 * size)
    spread = np.maximum(found.vocabulary.high - found.vocabulary.low, 1)
    assert (np.abs(found.vocabulary.observed - found.vocabulary.mean) < 1.4 * spread).all()


def spread_of(found):
    return found.dispersion


def test_intervals_cover():
    """60 sets each: a true coverage of 95 % gives fewer than 46 with chance 1e-7. Thirds of them do not."""
    for setting in (Setting(40, 600, 4, 0.005), Setting(6, 300, 6, 0.3, 3)):
        found = list(fits(setting, 60, seed=5, replicates=79))
        total = tally(setting, iter(found))
        assert min(total.fresh, total.dispersion) >= 46
        thirds = [abs(one.value - setting.dispersion) < (one.high - one.value) / 3 for one in map(spread_of, found)]
        assert sum(thirds) < 46


def test_sees_low_temperature():
    """Common words gain, as under powers of the probabilities; the same without is no false alarm."""
    origin = bible(800)

    def sharpened(p):
        return p**1.05 / (p**1.05).sum()

    size = int(origin.sum())
    found = fit(tables(chain(origin, 4, np.random.default_rng(4), sharpened, size)), rng=1)
    assert not found.fits
    common = next(check for check in found.checks if check.name == "common words")
    assert common.value > 5
    assert common.p_value <= 0.01


def test_sees_steps_that_differ():
    origin = bible(800)
    rng, counts = np.random.default_rng(4), [origin]
    for draws, factor in ((20_000, 1), (5_000, 4), (20_000, 1)):
        counts.append(factor * rng.multinomial(draws, counts[-1] / counts[-1].sum()))
    found = fit(tables(counts), rng=1)
    assert next(check for check in found.checks if check.name == "steps").p_value <= 0.01
    assert not found.fits


def test_seed_replays_and_is_recorded():
    data = tables(generations(Setting(30, 500, 3, 0.2), np.random.default_rng(1)))
    one, other = fit(data, rng=7).to_dict(), fit(data, rng=7).to_dict()
    assert one == other
    fresh = fit(data).to_dict()
    assert fit(data, rng=fresh["provenance"]["entropy"]).to_dict() == fresh
    assert fit(data, rng=8).to_dict()["dispersion"]["low_95"] != one["dispersion"]["low_95"]
    json.dumps(one, allow_nan=False)


def test_two_generations_say_nothing_of_the_fresh_share():
    data = tables(generations(Setting(30, 500, 1, 0.2), np.random.default_rng(1)))
    found = fit(data, rng=1)
    assert found.fresh is None
    assert found.fresh_used == 0.0
    assert "it takes a third" in found.fresh_reason


def test_known_share_is_held():
    data = tables(generations(Setting(30, 500, 4, 0.2), np.random.default_rng(1)))
    found = fit(data, fresh=0.3, rng=1)
    assert found.fresh is None
    assert (found.fresh_used, found.fresh_reason) == (0.3, "given")
    free = fit(data, rng=1)
    assert free.fresh.low < 0.2 < free.fresh.high


def test_later_generations_with_and_without_the_first():
    """Generations 0, 3, 4, 5 tell the fresh share; 3, 4, 5 alone do not, and are fitted by replace."""
    data = tables(generations(Setting(200, 5000, 5, 0.1), np.random.default_rng(6)))
    found = fit(data[3:], zero=data[0], first=3, rng=1)
    assert found.observed.generation.tolist() == [3, 4, 5]
    assert near(found.fresh, 0.1)
    assert found.coverage.generation.tolist() == [3, 4, 5]
    whole = fit(data[1:], zero=data[0], rng=1)
    assert whole.fresh.value == fit(data, rng=1).fresh.value
    replaced = tables(generations(Setting(200, 5000, 5, 0.0), np.random.default_rng(6)))
    alone = fit(replaced[3:], first=3, rng=1)
    assert alone.fresh is None
    assert near(alone.dispersion, 1)
    assert alone.forecast.coordinates["generation"] == list(range(4, 11))


def test_forecast_is_the_doors():
    data = tables(generations(Setting(100, 2000, 4, 0.3), np.random.default_rng(6)))
    found = fit(data, generations=12, rng=1)
    size = round(2000 / found.dispersion.value * data[1].tokens / 2000)
    origin = np.asarray(data[0].counts)
    recursion = Recursion(Categorical(), Corpus(origin), size, FreshMix(found.fresh.value))
    other = solve(recursion, Vocabulary(), 12, method="simulate", replicates=4000, rng=3)["vocabulary"]
    error = np.hypot(other.sd / np.sqrt(4000), found.forecast.sd / np.sqrt(found.forecast.replicates or np.inf))
    assert np.abs((found.forecast.value - other.value) / error).max() < 5.5
    replaced = fit(tables(generations(Setting(100, 2000, 4, 0.0), np.random.default_rng(6))), fresh=0, rng=1)
    assert replaced.forecast.kind == "exact"


def test_sizes_may_differ():
    origin = bible(400)
    rng, counts = np.random.default_rng(9), [origin]
    for size in (30_000, 10_000, 20_000):
        counts.append(rng.multinomial(size, counts[-1] / counts[-1].sum()))
    found = fit(tables(counts), rng=1)
    assert near(found.sample_size, 20_000)
    assert found.forecast.value[0] == pytest.approx(found.vocabulary.mean[1], rel=0.02)


def test_chance_baseline_by_enumeration():
    """All 27 resamples of three tokens, a b b; and the formula for the mean in general."""
    origin = np.array([1, 2])
    presents = [len({i, j, k}) for i in (0, 1, 1) for j in (0, 1, 1) for k in (0, 1, 1)]
    found = coverage(origin, np.array([1]), np.array([[0, 3]]))
    assert found.observed[0] == 0.5
    assert found.chance[0] == pytest.approx(np.mean(presents) / 2, rel=1e-10)
    assert found.chance_sd[0] == pytest.approx(np.std(presents) / 2, rel=1e-8)
    assert found.score[0] == pytest.approx((0.5 - np.mean(presents) / 2) / (np.std(presents) / 2), rel=1e-6)


def test_chance_baseline_of_a_corpus():
    """E = 1 - mean of (1 - p)^n, the variance from pairs, one faithful resample is within 5 sd, another is not."""
    origin, size = bible(500), 40_000
    p = origin / origin.sum()
    faithful = np.random.default_rng(1).multinomial(size, p)
    found = coverage(origin, np.array([1]), faithful[None, :])
    absent = (1 - p) ** size
    pairs = np.maximum(1 - p[:, None] - p[None, :], 0.0) ** size - absent[:, None] * absent[None, :]
    np.fill_diagonal(pairs, absent * (1 - absent))
    assert found.chance[0] == pytest.approx(1 - absent.mean(), rel=1e-9)
    assert found.chance_sd[0] == pytest.approx(np.sqrt(pairs.sum()) / len(p), rel=1e-5)
    assert abs(found.score[0]) < 5
    sharpened = np.random.default_rng(1).multinomial(size, p**1.2 / (p**1.2).sum())
    assert coverage(origin, np.array([1]), sharpened[None, :]).score[0] < -5


def test_a_table_of_one_word_and_another():
    """The smallest data that can be fitted."""
    tiny = [CountTable.from_counts(["a", "b"], counts) for counts in ([1, 1], [2, 1])]
    found = fit(tiny, rng=1)
    assert np.isfinite([found.dispersion.low, found.dispersion.high, found.sample_size.value]).all()
