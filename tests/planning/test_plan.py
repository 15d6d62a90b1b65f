"""Plans: the answer keeps what was asked and the step below does not, by routes that share nothing with the search."""

import warnings
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Categorical, Corpus, CountTable, InputError, Recursion, embedded, forecast, solve
from modelcollapse.planning import Prices, Setting, plan, plan_scale
from modelcollapse.planning.target import Text, Words, _effective_draws, _settled
from modelcollapse.report import plan_words
from modelcollapse.statistics import Survival, Vocabulary
from modelcollapse.workflows import FreshMix
from tests.reference import dense_chain

TOPICS = CountTable.from_counts([f"w{i}" for i in range(40)], [600, 200, 100, 50, 20, 10, 5, 2, 1, 1, 1] + [1] * 29)


def kept_by_dense_chain(table, size, generation):
    """Expected share of the words present, from the transition matrix of the count of one word."""
    probability, words = np.unique(np.asarray(table.counts) / table.tokens, return_counts=True)
    return float(dense_chain.survival(size, probability, [generation])[0] @ words) / table.types


def test_the_answer_is_enough_and_one_less_is_not_by_a_dense_chain():
    found = plan(TOPICS, 10, keep=0.3)
    size = found.answer.setting.sample_size
    assert size < 2000
    assert kept_by_dense_chain(TOPICS, size, 10) >= 0.3 > kept_by_dense_chain(TOPICS, size - 1, 10)
    assert found.answer.kept.mean == pytest.approx(kept_by_dense_chain(TOPICS, size, 10), rel=1e-9)


def test_the_embedded_corpus_needs_fifty_times_its_size():
    """Put back into the forecast, the size keeps 95 %; with one percent less, it does not."""
    table = embedded()
    size = plan(table, 50, keep=0.95).answer.setting.sample_size
    assert 45 < size / table.tokens < 55
    kept = [forecast(table, 50, sample_size=n).mean[-1] / table.types for n in (size, size - 1, round(0.99 * size))]
    assert kept[0] >= 0.95 > kept[1] > kept[2]


def test_fresh_data_alone_cannot_keep_words_that_occur_once():
    found = plan(embedded(), 50, keep=0.95, vary="fresh")
    assert found.answer is None
    assert "3,937 of the 12,544 words occur once" in found.reason
    assert "86.07 %" in found.reason
    one_sample = forecast(embedded(), 1).mean[0] / embedded().types
    assert round(100 * one_sample, 2) == 86.07


def test_relative_is_of_one_faithful_resample():
    found = plan(TOPICS, 10, keep=0.9, relative=True).answer
    recursion = Recursion(Categorical(), Corpus(TOPICS.counts), found.setting.sample_size)
    first, last = solve(recursion, Vocabulary(), [1, 10])["vocabulary"].value
    assert last / first == pytest.approx(found.kept.mean, rel=1e-12)
    assert found.kept.mean >= 0.9


def test_confidence_holds_in_a_simulation():
    """Kept with 95 %: seen in 20,000 runs, false alarm below 1e-6; the plan without confidence fails the same test."""

    def share_of_runs(found, keep):
        size = found.answer.setting.sample_size
        runs, rng = 20_000, np.random.default_rng(5)
        counts = np.tile(np.asarray(TOPICS.counts) / TOPICS.tokens, (runs, 1))
        for _ in range(5):
            counts = rng.multinomial(size, counts) / size
        return float(((counts > 0).mean(axis=1) >= keep).mean())

    sure, average = (plan(TOPICS, 5, keep=0.5, confidence=q) for q in (0.95, None))
    # The normal approximation may be off by two percent for forty words.
    assert share_of_runs(sure, 0.5) > 0.95 - 0.02 - 5 * np.sqrt(0.05 * 0.95 / 20_000)
    assert share_of_runs(average, 0.5) < 0.8


@pytest.mark.parametrize("chosen", [{"min_count": 2}, {"words": ["w0", "w3", "w20", "w21", "W22"]}])
def test_chosen_words_by_survival_of_each(chosen):
    """Mean and variance against sums over single words and over pairs."""
    table = CountTable.from_counts([f"w{i}" for i in range(24)], [20, 9, 5, 3] + [1] * 20)
    found = plan(table, 8, keep=0.6, confidence=0.9, **chosen)
    index = [i for i, w in enumerate(table.words) if w in {"w0", "w3", "w20", "w21", "w22"}]
    index = np.flatnonzero(np.asarray(table.counts) >= 2).tolist() if "min_count" in chosen else index
    recursion = Recursion(Categorical(), Corpus(table.counts), found.answer.setting.sample_size)
    single = solve(recursion, Survival(index), [8])["survival"].value[0]
    variance = float(np.sum(single * (1 - single)))
    for i, a in enumerate(index):
        for j, b in enumerate(index[:i]):
            either = solve(recursion, Survival([[a, b]]), [8])["survival"].value[0, 0]
            variance += 2 * (single[i] + single[j] - either - single[i] * single[j])
    low = (single.sum() - stats.norm.ppf(0.9) * np.sqrt(variance)) / len(index)
    assert found.answer.kept.mean == pytest.approx(single.mean(), rel=1e-9)
    assert found.answer.kept.low == pytest.approx(low, rel=1e-8)


def test_chosen_words_when_the_rest_may_vanish():
    """The word that stands for the rest is taken out of the variance, not only out of the mean."""
    counts, chosen = np.array([5, 3, 2, 1, 1]), np.array([True, True, True, False, False])
    target = Words(counts, 0.5, 6, chosen, confidence=0.8)
    recursion = Recursion(Categorical(), Corpus(counts), 30)
    pairs = solve(recursion, Survival([[0], [1], [2], [0, 1], [0, 2], [1, 2]]), [6])["survival"].value[0]
    s, either = pairs[:3], pairs[3:]
    both = [s[0] + s[1] - either[0], s[0] + s[2] - either[1], s[1] + s[2] - either[2]]
    variance = s @ (1 - s) + 2 * (both[0] - s[0] * s[1] + both[1] - s[0] * s[2] + both[2] - s[1] * s[2])
    low = (s.sum() - stats.norm.ppf(0.8) * np.sqrt(variance)) / 3
    assert target.kept(Setting(30)).low == pytest.approx(low, rel=1e-8)


def test_text_is_one_less_the_lost_mass():
    found = plan(TOPICS, 20, keep=0.98, of="text").answer
    recursion = Recursion(Categorical(), Corpus(TOPICS.counts), found.setting.sample_size)
    alive = solve(recursion, Survival(), [20])["survival"].value[0]
    assert found.kept.mean == pytest.approx(float(alive @ TOPICS.counts) / TOPICS.tokens, rel=1e-9)
    assert found.kept.mean >= 0.98


def test_growth_by_a_schedule_put_back():
    found = plan(TOPICS, 12, keep=0.6, relative=True, vary="growth").answer
    sizes = found.setting.sizes(12)
    assert sizes[0] == TOPICS.tokens
    assert sizes[1] == round(TOPICS.tokens * found.setting.growth)
    kept = solve(Recursion(Categorical(), Corpus(TOPICS.counts), sizes), Vocabulary(), [1, 12])["vocabulary"].value
    assert kept[1] / kept[0] == pytest.approx(found.kept.mean, rel=1e-9)
    less = Setting(TOPICS.tokens, growth=round(found.setting.growth - 1e-4, 4)).sizes(12)
    kept = solve(Recursion(Categorical(), Corpus(TOPICS.counts), less), Vocabulary(), [1, 12])["vocabulary"].value
    assert kept[1] / kept[0] < 0.6


@pytest.mark.parametrize("ddof", [0.0, 1.0])
def test_a_scale_by_simulated_chi_squares(ddof):
    """Pr(scale_20 > 0.5) at the answer is 0.9, from 400,000 products of chi-squares: |z| < 5, false alarm 6e-7."""
    size = plan_scale(20, keep=0.5, confidence=0.9, ddof=ddof).answer.setting.sample_size

    def share(n):
        steps = np.random.default_rng(1).chisquare(n - 1, size=(400_000, 20)) / (n - ddof)
        return float((np.log(steps).sum(axis=1) > 2 * np.log(0.5)).mean())

    error = np.sqrt(0.1 * 0.9 / 400_000)
    assert share(size) > 0.9 - 5 * error
    assert share(size - 2) < 0.9
    assert plan_scale(20, keep=0.5, confidence=0.9, ddof=0.0).answer.setting.sample_size > 40


def test_maximum_likelihood_needs_more():
    unbiased, likelihood = (plan_scale(100, ddof=d).answer.setting.sample_size for d in (1.0, 0.0))
    assert likelihood > unbiased


def test_scale_with_growth():
    found = plan_scale(30, keep=0.5, vary="growth", sample_size=40, confidence=0.9).answer
    sizes = np.array(found.setting.sizes(30))
    steps = np.random.default_rng(2).chisquare(sizes - 1, size=(200_000, 30)) / (sizes - 1)
    share = float((np.log(steps).sum(axis=1) > 2 * np.log(0.5)).mean())
    assert abs(share - found.kept.low) < 5 * np.sqrt(0.09 / 200_000)


@pytest.mark.parametrize(
    ("setting", "generations"), [(Setting(200), 30), (Setting(200, growth=1.1), 12), (Setting(500, fresh=1.0), 9)]
)
def test_rough_law_is_near_for_rare_words(setting, generations):
    target = Words(np.array([1] * 100 + [100]), 0.5, generations, np.ones(101, dtype=bool))
    assert target.roughly(setting) == pytest.approx(target.kept(setting).mean, rel=0.1)


def test_effective_draws_are_n_g():
    """g_10 = .1722546249 without fresh data; with them the map has a limit."""
    assert _effective_draws(Setting(1000), 10) == pytest.approx(172.2546249, rel=1e-9)
    settled = [_effective_draws(Setting(1000, fresh=0.2), k) for k in (10**4, 10**5)]
    assert settled[0] == pytest.approx(settled[1], rel=1e-3)


def test_prices():
    assert Prices(3.0, 1.0).of(Setting(10, fresh=0.25), 4) == 60.0
    point = plan(TOPICS, 5, keep=0.5, prices=Prices(2.0, 1.0)).answer
    assert point.cost == point.setting.sample_size * 5


def test_curve_rises_and_holds_the_answer():
    found = plan(TOPICS, 10, keep=0.5)
    kept = [point.kept.mean for point in found.curve]
    assert kept == sorted(kept)
    assert found.answer.setting in [point.setting for point in found.curve]


def test_missing_words_are_named():
    found = plan(TOPICS, 5, keep=0.5, words=["w0", "nowhere"])
    assert found.missing == ("nowhere",)
    assert found.target.number == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"keep": 1.0}, "`keep` is 1.0, .* below 1. Nothing random is kept for certain"),
        ({"keep": float("nan")}, "`keep` is nan"),
        ({"keep": 0}, "`keep` is 0"),
        ({"generations": 0}, "`generations` is 0"),
        ({"vary": "speed"}, "`vary` is 'speed', .* 'sample-size', 'fresh', 'growth'"),
        ({"vary": "fresh,fresh"}, "`vary`"),
        ({"vary": "growth,fresh"}, "two levers"),
        ({"of": "letters"}, "`of` is 'letters'"),
        ({"min_count": 10**6}, "`min_count` is 1000000, but must be at most 600, the largest count"),
        ({"words": ["nowhere"]}, r"`words` is \['nowhere'\], but must be words of which the corpus has one"),
        ({"confidence": 0.4}, "`confidence` is 0.4"),
        ({"confidence": 0.9, "of": "text"}, "`confidence` is 0.9"),
        ({"min_count": 2, "of": "text"}, "`min_count` and `words`"),
        ({"sample_size": 0, "vary": "fresh"}, "`sample_size` is 0"),
        ({"fresh": 1.5}, "`fresh` is 1.5"),
        ({"growth": 0.5}, "`growth` is 0.5"),
        ({"vary": "growth", "generations": 10**5}, "operator of its own"),
        ({"vary": "growth", "growth": 1.2}, "`growth` is 1.2, .* left out where 'growth' varies"),
        ({"vary": "fresh", "fresh": 0.1}, "`fresh` is 0.1, .* left out"),
        ({"sample_size": 5}, "`sample_size` is 5, .* left out"),
        ({"vary": "fresh", "growth": 50.0}, r"`growth` is 50\.0, but must be at most 12\.\d+ for 10 generations"),
        ({"growth": 1000.0, "generations": 1000}, r"`growth` is 1000\.0, but must be at most 1\.0304"),
    ],
)
def test_refused(arguments, message):
    arguments = {"generations": 10, **arguments}
    with pytest.raises(InputError, match=message):
        plan(TOPICS, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vary": "fresh"}, "no exact law"),
        ({"vary": "growth"}, "`sample_size` is missing"),
        ({"confidence": 1.0}, "`confidence` is 1.0"),
        ({"keep": 2.0}, "`keep` is 2.0"),
        ({"sample_size": 1, "vary": "growth"}, "`sample_size` is 1"),
        ({"sample_size": 50}, "`sample_size` is 50, .* left out"),
        ({"growth": 40.0}, "`growth` is 40.0, but must be at most 25"),
    ],
)
def test_refused_scales(arguments, message):
    with pytest.raises(InputError, match=message):
        plan_scale(10, **arguments)


def test_growing_sizes_end_at_the_largest():
    """Sizes that are tried and shown never lead a growing text beyond what the laws allow."""
    found = plan(TOPICS, 4, keep=0.999, growth=1000.0)
    assert found.answer.kept.mean >= 0.999
    assert max(point.setting.last_size(4) for point in found.curve) <= 10**13


def test_a_reason_counts_the_words_that_matter():
    found = plan(TOPICS, 5, keep=0.99, vary="fresh", min_count=2)
    assert "of the 8 words asked for: a sample" in found.reason
    assert "occur once" not in found.reason
    assert plan(TOPICS, 5, words=["w0"]).target.what == "the word asked for"


def test_the_cheapest_where_some_sizes_are_never_enough():
    """Relative to a resample and for sure, not even fresh data alone are enough at some sizes of the search."""
    table = CountTable.from_counts([f"w{i}" for i in range(50)], [1] * 50)
    asked = {"keep": 0.9, "vary": "sample-size,fresh", "relative": True, "confidence": 0.95}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = plan(table, 30, prices=Prices(10.0, 1.0), **asked)
    assert found.answer.kept.low >= 0.9
    assert found.answer.cost == min(point.cost for point in found.curve)


def test_text_target_alone():
    target = Text(np.array([3, 1]), 0.5, 2)
    assert target.to_dict()["of"] == "text"
    with pytest.raises(InputError, match=r"`fresh_price` is -1\.0"):
        Prices(fresh=-1.0)


def test_the_least_fresh_share_put_back():
    """Relative to one faithful resample, through the forward law of the chain of one word, for each count."""
    found = plan(TOPICS, 10, keep=0.8, relative=True, vary="fresh").answer
    shares = (found.setting.fresh, round(found.setting.fresh - 0.01, 6))
    kept = [share_kept_with_fresh_data(TOPICS, a, 10) for a in shares]
    assert kept[0] == pytest.approx(found.kept.mean, rel=1e-8)
    assert kept[0] >= 0.8 > kept[1]


def share_kept_with_fresh_data(table, fresh, generation):
    """Words present, of those that a resample keeps: the binomial chain of each count, written out."""
    n = table.tokens
    counts, words = np.unique(np.asarray(table.counts), return_counts=True)
    present, resampled = [], []
    for count in counts:
        x = count / n
        law = np.zeros(n + 1)
        law[count] = 1.0
        chance = fresh * x + (1 - fresh) * np.arange(n + 1) / n
        matrix = stats.binom.pmf(np.arange(n + 1)[None, :], n, chance[:, None])
        for _ in range(generation):
            law = law @ matrix
        present.append(1.0 - law[0])
        resampled.append(1.0 - (1.0 - x) ** n)
    return float(words @ present) / float(words @ resampled)


def test_the_frontier_is_just_enough_everywhere_and_the_answer_the_cheapest():
    found = plan(TOPICS, 10, keep=0.7, vary="fresh,sample-size", prices=Prices(fresh=5.0, synthetic=1.0))
    assert len(found.curve) >= 5
    for point in found.curve:
        assert 0.7 <= point.kept.low < 0.702
        less = Setting(point.setting.sample_size, fresh=max(point.setting.fresh - 1e-3, 0.0))
        if 0 < point.setting.fresh < 1:
            assert found.target.kept(less).low < 0.7
    assert found.answer.cost == min(point.cost for point in found.curve)
    sizes = [point.setting.sample_size for point in found.curve]
    shares = [point.setting.fresh for point in found.curve]
    assert sizes == sorted(sizes)
    assert shares == sorted(shares, reverse=True)
    falls = [before - after for before, after in pairwise(shares)]
    assert max(falls) < 0.4  # five points alone leave one of 0.67, which a line would cut short
    unpriced = plan(TOPICS, 10, keep=0.7, vary="fresh,sample-size")
    assert unpriced.answer is None
    assert "give prices" in unpriced.reason


def test_growth_cannot_bring_back_what_the_first_generation_loses():
    """That is the reason; relative to one faithful resample it cannot be."""
    first = plan(TOPICS, 5, keep=0.99, vary="growth")
    kept = (
        100
        * solve(Recursion(Categorical(), Corpus(TOPICS.counts), TOPICS.tokens), Vocabulary(), 1)["vocabulary"].value[0]
        / TOPICS.types
    )
    assert first.answer is None
    assert f"the first generation alone, of {TOPICS.tokens:,} tokens, keeps only {kept:.4g} %" in first.reason
    assert "--relative" in first.reason
    later = plan(TOPICS, 50, keep=0.999, vary="growth", relative=True)
    assert later.answer is None
    assert "more tokens in each generation than in the one before" in later.reason
    assert "first sample (--sample-size)" in later.reason


def test_what_was_asked_for_is_not_rounded():
    assert plan_words.verdict(plan(TOPICS, 5, keep=0.9996)).startswith("To keep 99.96 % of the words for 5 generations")


@pytest.mark.parametrize("fresh", [0.05, 0.3, 0.9])
def test_a_long_horizon_under_fresh_data_is_that_at_which_all_has_settled(fresh):
    """Against the law at the horizon itself; a tenth of the way there it is seen that it has not settled."""
    counts, horizon = np.repeat([1, 2, 5, 40], [300, 100, 50, 5]), 3000
    setting = Setting(700, fresh)
    settled = _settled(setting)
    assert settled < horizon
    found = Words(counts, 0.9, horizon, np.ones(455, dtype=bool), confidence=0.9).kept(setting)
    recursion = Recursion(Categorical(), Corpus(counts), 700, FreshMix(fresh))
    law = solve(recursion, Vocabulary(), [max(int(settled / 10), 1), horizon], method="exact")["vocabulary"]
    assert found.mean == pytest.approx(law.value[1] / 455, rel=1e-12)
    assert found.low == pytest.approx((law.value[1] - stats.norm.ppf(0.9) * law.sd[1]) / 455, rel=1e-11)
    assert abs(law.value[0] / law.value[1] - 1) > 1e-9
    assert _settled(Setting(700, 0.0)) == _settled(Setting(700, fresh, 1.1)) == _settled(Setting(700, 1e-6)) == np.inf
