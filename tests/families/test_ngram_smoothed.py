"""Smoothed n-gram models against formulas written out in plain Python, and what follows from what is given away."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy.stats import chi2

from modelcollapse import InputError, Recursion, solve
from modelcollapse.families import AbsoluteDiscounting, AddToNGrams, KneserNey, NGram, SmoothedNGram
from modelcollapse.families.ngram_shaped import evened
from modelcollapse.samplers import Amplification, Plain, Temperature, TopK, TopP
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics import EntropyRate, Perplexity, Vocabulary
from modelcollapse.text_corpus import END, TextCorpus
from tests.families.test_ngram import SENTENCES, TEXT, sentences_of

BEGIN = "<s>"
SMOOTHINGS = [
    AddToNGrams(amount=0.3),
    AddToNGrams("unknown", amount=2.0),
    AbsoluteDiscounting(discount=0.6),
    AbsoluteDiscounting("unknown"),
    AbsoluteDiscounting(discount=0.0),
    KneserNey(),
    KneserNey("unknown", discount=0.4),
]
EVERY = pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
ALONE = TextCorpus.from_sentences([[0]] * 5 + [[1]])
ORDERS = pytest.mark.parametrize("order", [1, 2, 3, 4])


class Twin:
    """The textbook: counts of every length of context in dictionaries, and a recursion over the lengths."""

    def __init__(self, sentences, order, smoothing, symbols):
        self.order, self.smoothing = order, smoothing
        self.counts = [defaultdict(Counter) for _ in range(order)]
        for sentence in sentences:
            padded = [BEGIN] * (order - 1) + sentence + [END]
            for place in range(order - 1, len(padded)):
                for length in range(order):
                    self.counts[length][tuple(padded[place - length : place])][padded[place]] += 1
        seen = {word for sentence in sentences for word in sentence}
        self.alphabet = {END, *(range(symbols) if smoothing.alphabet == "known" else seen)}
        if isinstance(smoothing, KneserNey):
            for length in range(order - 1):
                self.counts[length] = defaultdict(Counter)
                for context, followers in Twin.raw(sentences, order, length + 1).items():
                    for token in followers:
                        self.counts[length][context[1:]][token] += 1

    @staticmethod
    def raw(sentences, order, length):
        return Twin(sentences, order, AbsoluteDiscounting(), 0).counts[length]

    def chance(self, history, token, length=None):
        length = self.order - 1 if length is None else length
        if isinstance(self.smoothing, AddToNGrams):
            followers = self.counts[length].get(history, Counter())
            return (
                (followers[token] + self.smoothing.amount)
                / (followers.total() + self.smoothing.amount * len(self.alphabet))
                * (token in self.alphabet)
            )
        shorter = (
            (token in self.alphabet) / len(self.alphabet)
            if length == 0
            else self.chance(history[1:], token, length - 1)
        )
        followers = self.counts[length].get(history)
        if followers is None:
            return shorter
        discount = self.smoothing.discount
        taken = sum(min(count, discount) for count in followers.values())
        return (max(followers[token] - discount, 0) + taken * shorter) / followers.total()


def places_of(sentences, order):
    """History and token of each place."""
    for sentence in sentences:
        padded = [BEGIN] * (order - 1) + sentence + [END]
        for place in range(order - 1, len(padded)):
            yield tuple(padded[place - order + 1 : place]), padded[place]


@EVERY
@ORDERS
def test_chances_are_those_of_the_textbook(smoothing, order):
    """Of the corpus under models of other texts, one for each replicate: contexts seen and not seen."""
    family = SmoothedNGram(order, smoothing)
    batch = NGram(2).sample(NGram(2).initial(TEXT, 3), np.array([6, 20, 60]), np.random.default_rng(1))
    found = family.chances(family.fit(batch), TEXT)
    for row in range(3):
        twin = Twin(sentences_of(batch, row), order, smoothing, TEXT.symbols)
        expected = [twin.chance(history, token) for history, token in places_of(SENTENCES, order)]
        np.testing.assert_allclose(found[row], expected, rtol=1e-12, atol=1e-15)


@EVERY
def test_chances_of_all_tokens_add_up_to_1(smoothing):
    twin = Twin(SENTENCES[:3], 3, smoothing, TEXT.symbols)
    for history in [(BEGIN, BEGIN), (0, 1), (1, 2), (7, 7), (BEGIN, 6)]:
        assert sum(twin.chance(history, token) for token in range(-1, TEXT.symbols)) == pytest.approx(1, abs=1e-12)


@EVERY
@ORDERS
def test_draws_follow_the_chances(smoothing, order):
    """Successors of every history of 30,000 words; false-alarm rate 1e-6 each. Maximum likelihood is caught."""
    family = SmoothedNGram(order, smoothing)
    batch = family.sample(family.initial(TEXT, 1), 30_000, np.random.default_rng(2))
    observed = defaultdict(Counter)
    for history, token in places_of(sentences_of(batch)[:-1], order):
        observed[history][token] += 1

    def excess(twin):
        statistic, freedom = 0.0, 0
        for history, seen in observed.items():
            # The first token of a sentence is drawn again where it would be the end.
            tokens = [t for t in range(-1, TEXT.symbols) if not (t == END and (order == 1 or set(history) == {BEGIN}))]
            law = np.array([twin.chance(history, token) for token in tokens])
            number = np.array([seen[token] for token in tokens])
            expected = number.sum() * law / law.sum()
            if np.any((law == 0) & (number > 0)):
                return np.inf
            large = expected > 5
            if large.sum() > 1:
                rest = [number[~large].sum(), expected[~large].sum()]
                cells = [*zip(number[large], expected[large], strict=True)] + ([rest] if rest[1] > 5 else [])
                statistic += sum((a - b) ** 2 / b for a, b in cells)
                freedom += len(cells) - (1 if rest[1] > 5 or rest[1] == 0 else 0)
        return statistic / chi2.isf(1e-6, freedom)

    if order == 1:
        for history in observed:
            del observed[history][END]
    assert excess(Twin(SENTENCES, order, smoothing, TEXT.symbols)) < 1
    if smoothing.gives and order > 1:
        assert excess(Twin(SENTENCES, order, AbsoluteDiscounting(discount=0.0), TEXT.symbols)) > 1


@EVERY
@pytest.mark.parametrize("order", [1, 3])
@pytest.mark.parametrize("sampler", [Temperature(0.5), Temperature(3.0), TopK(2), TopP(0.6)], ids=repr)
def test_samplers_shape_what_follows_each_context(smoothing, order, sampler, monkeypatch):
    """Shaped laws of every history written, three lists at a time; draws by chi-square, false-alarm rate 1e-6 each."""
    monkeypatch.setattr("modelcollapse.families.ngram_shaped.VALUES_AT_A_TIME", 3 * (TEXT.symbols + 1))
    family = SmoothedNGram(order, smoothing)
    batch = NGram(2).sample(NGram(2).initial(TEXT, 2), np.array([20, 60]), np.random.default_rng(1))
    shaped = family.shaped(family.fit(batch), sampler)
    written = family.sample(shaped, 4000, np.random.default_rng(5))
    for row in range(2):
        twin, observed = Twin(sentences_of(batch, row), order, smoothing, TEXT.symbols), defaultdict(Counter)
        for history, token in places_of(sentences_of(written, row)[:-1], order):
            observed[history][token] += 1
        statistic = freedom = 0.0
        for history, seen in observed.items():
            chances = evened(np.array([twin.chance(history, token) for token in range(-1, TEXT.symbols)]))
            law = sampler.adjust(chances)
            number = np.array([seen[token] for token in range(-1, TEXT.symbols)])
            assert not np.any(number[law == 0])
            if order == 1 or set(history) == {BEGIN}:  # ends were drawn again
                law[0] = number[0] = 0
            expected = number.sum() * law / law.sum()
            if (large := expected > 5).sum() > 1:
                rest, given = expected[~large].sum(), number[~large].sum()
                statistic += ((number - expected)[large] ** 2 / expected[large]).sum()
                statistic += (given - rest) ** 2 / rest if rest > 5 else 0.0
                freedom += large.sum() - (rest <= 5)
        assert freedom > 0 or not isinstance(sampler, Temperature)  # the others may leave a single word
        assert statistic <= chi2.isf(1e-6, max(freedom, 1))


def test_shaping_that_leaves_all_as_it_is_changes_no_law():
    """Mean vocabulary of 1,500 runs, |z| < 5.5 (false-alarm rate 1e-6), under samplers that leave the model alone."""

    def vocabulary(sampler, seed):
        recursion = Recursion(SmoothedNGram(3), TEXT, 40, sampler=sampler)
        seen = list(snapshots(recursion, 4, 1500, np.random.default_rng(seed)))
        return np.array([np.count_nonzero(each.drawn.counts(), axis=1) for each in seen])

    plain, same, all_ = (vocabulary(*each) for each in ((Plain(), 1), (Temperature(1.0), 2), (TopK(1000), 3)))
    for other in (same, all_):
        error = np.sqrt((plain.var(axis=1) + other.var(axis=1)) / 1500)
        assert np.all(np.abs(plain.mean(axis=1) - other.mean(axis=1)) < 5.5 * error)


def test_back_off_writes_what_maximum_likelihood_writes():
    """A discount of 0: contexts that are reached were seen. |z| < 5.5, false-alarm rate 1e-6; a discount is caught."""

    def vocabularies(family):
        seen = list(snapshots(Recursion(family, TEXT, 40), 6, 2000, np.random.default_rng(4)))
        return np.array([np.count_nonzero(seen[k - 1].drawn.counts(), axis=1) for k in (3, 6)])

    plain, back, other = map(
        vocabularies, [NGram(3), SmoothedNGram(3, AbsoluteDiscounting(discount=0.0)), SmoothedNGram(3)]
    )

    def largest_z(found):
        spread = np.sqrt((found.var(axis=1) + plain.var(axis=1)) / 2000)
        return np.max(np.abs(found.mean(axis=1) - plain.mean(axis=1)) / spread)

    assert largest_z(back) < 5.5
    assert largest_z(other) > 5.5


@pytest.mark.parametrize("alphabet", ["known", "unknown"])
def test_a_known_alphabet_is_never_lost(alphabet):
    """200 runs of 60 generations of 30 words: words that were absent come back under a known alphabet alone."""
    family = SmoothedNGram(2, KneserNey(alphabet))
    assert family.absorbing == (alphabet == "unknown")
    seen = snapshots(Recursion(family, TEXT, 30), 60, 200, np.random.default_rng(5))
    present = [each.drawn.counts() > 0 for each in seen]
    returned = np.any(~present[29] & present[59], axis=1).mean()
    assert (returned > 0.5) if alphabet == "known" else (returned == 0)


def test_weights_count_as_copies():
    family = SmoothedNGram(3, AbsoluteDiscounting(discount=0.5))
    twice = TextCorpus.from_sentences(SENTENCES + SENTENCES)
    weighted = family.fit(family.merge([family.corpus(TEXT, 2)], [2.0]))
    expected = family.chances(family.initial(twice, 2), TEXT)
    np.testing.assert_allclose(family.chances(weighted, TEXT), expected, rtol=1e-12)


def test_perplexity_is_finite_and_entropy_rate_is_refused():
    recursion = Recursion(SmoothedNGram(3), TEXT, 40)
    found = solve(recursion, Perplexity(0.0), [1, 5], method="simulate", replicates=20, rng=1)["perplexity"]
    assert found.undefined is None
    with pytest.raises(Exception, match="entropy_rate is not known of the ngram-smoothed family"):
        solve(recursion, EntropyRate(), 1, method="simulate", replicates=5, rng=1)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: SmoothedNGram(0), "`order`"),
        (lambda: SmoothedNGram(17), "`order`"),
        (lambda: SmoothedNGram(2, longest=0), "`longest`"),
        (lambda: SmoothedNGram(2, smoothing=1.0), "`smoothing`"),
        (lambda: AddToNGrams(amount=-1.0), "`amount`"),
        (lambda: AddToNGrams("some"), "`alphabet`"),
        (lambda: KneserNey(discount=1.5), "`discount`"),
        (lambda: AbsoluteDiscounting(discount=float("nan")), "`discount`"),
        (lambda: Recursion(SmoothedNGram(2), TEXT, 5, sampler=Amplification(0.5)), "`sampler`"),
        (lambda: Recursion(SmoothedNGram(1), ALONE, 5, sampler=TopK(1)), "hardly anything but the end"),
        (lambda: Recursion(SmoothedNGram(1), ALONE, 5, sampler=Temperature(0.01)), "hardly anything but the end"),
        (lambda: Recursion(SmoothedNGram(5), TextCorpus.from_sentences([[0, 1]]), 5), "fewer than the order"),
        (
            lambda: solve(Recursion(SmoothedNGram(2), TextCorpus([0, 2], [2]), 5), Vocabulary(), 1, rng=1),
            "do not occur",
        ),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()
