"""N-gram models against a plain Python twin, against the exact unigram law, and their stated rules one by one."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from modelcollapse import Categorical, Corpus, InputError, Known, Recursion, solve
from modelcollapse.families import NGram
from modelcollapse.families import text as text_batches
from modelcollapse.samplers import Amplification, Temperature, TopK, TopP
from modelcollapse.simulate.loop import snapshots
from modelcollapse.start import Empirical
from modelcollapse.statistics import Survival, Vocabulary
from modelcollapse.text_corpus import END, TextCorpus
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshMix
from tests.reference import naive_text

SENTENCES = [
    [0, 1, 2, 0, 1, 3],
    [0, 1, 2, 4, 4, 1],
    [5, 1, 2, 0, 4],
    [0],
    [6, 1, 2, 0, 1, 2, 0, 7, 5, 1],
    [5, 1, 4, 4, 4, 1, 3, 0, 1, 2],
]
TEXT = TextCorpus.from_sentences(SENTENCES)


def sentences_of(text, row=0):
    """A batch as lists of words."""
    found, sentence = [], []
    for token in text.tokens[text.rows[row] : text.rows[row + 1]].tolist():
        if token == END:
            found.append(sentence)
            sentence = []
        else:
            sentence.append(token)
    assert sentence == []
    return found


def table_of(model):
    """How often what followed which context, in each replicate."""
    weights = np.ones(len(model.tokens)) if model.weights is None else model.weights
    found = Counter()
    for key, weight in zip(zip(model.contexts(), model.tokens, model.following, strict=True), weights, strict=True):
        found[tuple(map(int, key))] += weight
    return found


texts = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=9), min_size=1, max_size=6)


@given(sentences=texts, order=st.integers(1, 16))
def test_contexts_are_the_tokens_before(sentences, order):
    """Equal numbers stand for equal contexts and no others; the beginning is one of its own."""
    text = TextCorpus.from_sentences(sentences)
    contexts = text.contexts(order)
    expected = []
    for sentence in sentences:
        padded = [naive_text.BEGIN] * (order - 1) + sentence
        expected += [tuple(padded[place : place + order - 1]) for place in range(len(sentence) + 1)]
    pairs = set(zip(expected, contexts.ids.tolist(), strict=True))
    assert len(pairs) == len({context for context, _ in pairs}) == len({number for _, number in pairs})
    assert contexts.root == contexts.ids[0]
    assert 0 <= contexts.ids.min() <= contexts.ids.max() < contexts.number


def excess(text, sentences, order):
    """Chi-square of what follows each context, by its value of false-alarm rate 1e-6: above 1 is another law."""
    truth, observed = naive_text.followers(sentences, order), naive_text.followers(text, order)
    statistic, freedom = 0.0, 0
    for context, tokens in observed.items():
        law, seen = Counter(truth[context]), Counter(tokens)
        if order == 1:  # how often a sentence ends has a test of its own
            del law[naive_text.END], seen[naive_text.END]
        if not set(seen) <= set(law):
            return np.inf
        expected = {token: seen.total() * count / law.total() for token, count in law.items()}
        statistic += sum((seen[token] - mean) ** 2 / mean for token, mean in expected.items())
        freedom += len(law) - 1
    return statistic / chi2.isf(1e-6, freedom)


@pytest.mark.parametrize("order", [1, 2, 3, 8])
def test_generation_1_has_the_law_of_the_model(order):
    """Successors of every context of 60,000 words against counts in plain Python; false-alarm rate 1e-6 each.

    The table of a model of the order below, or of a text with one word exchanged, is caught.
    """

    def drawn(family):
        batch = family.sample(family.initial(TEXT, 1), 60_000, np.random.default_rng(1))
        return sentences_of(batch)[:-1]  # the last one is cut

    assert excess(drawn(NGram(order)), SENTENCES, order) < 1
    assert excess(drawn(NGram(order)), [*SENTENCES[:-1], [5, 1, 4, 0, 4, 1, 3, 0, 1, 2]], order) > 1
    if 1 < order < 8:  # contexts of 7 words are all of a sentence here, and so are those of 6
        assert excess(drawn(NGram(order - 1)), SENTENCES, order) > 1


@pytest.mark.parametrize(("order", "longest"), [(1, None), (2, None), (2, 3), (3, None), (16, 4)])
def test_the_recursion_is_that_of_the_twin(order, longest):
    """Vocabulary, sentences and their lengths after 3 generations of 25 words: |z| < 5.5, false-alarm rate 1e-6.

    One generation more, or one word more, is caught.
    """
    family, runs = NGram(order, longest), 3000

    def ours(generations, size):
        *_, last = snapshots(Recursion(family, TEXT, size), generations, runs, np.random.default_rng(2))
        texts = [sentences_of(last.drawn, row) for row in range(runs)]
        return np.array([measures(text) for text in texts])

    def measures(text):
        words = [word for sentence in text for word in sentence]
        return (
            len(set(words)),
            len(text),
            len(text[0]),
            sum(a == b for s in text for a, b in itertools.pairwise(s)),
        )

    theirs = np.array(
        [measures(naive_text.recursion(SENTENCES, order, 25, 3, seed, longest)[-1]) for seed in range(runs)]
    )

    def largest_z(found):
        spread = np.sqrt((found.var(axis=0) + theirs.var(axis=0)) / runs)
        return np.max(np.abs(found.mean(axis=0) - theirs.mean(axis=0)) / np.maximum(spread, 1e-12))

    assert largest_z(ours(3, 25)) < 5.5
    assert max(largest_z(ours(4, 25)), largest_z(ours(3, 40))) > 5.5


def test_order_1_obeys_the_exact_law_of_words():
    """Words of a unigram model are drawn independently: vocabulary and survival by the law; |z| < 5.7, level 1e-6."""
    generations, size = [1, 2, 5, 12], 30
    text = Recursion(NGram(1), TEXT, size)
    words = Recursion(Categorical(), Corpus(TEXT.counts), size)
    asked = [Vocabulary(), Survival()]
    found = solve(text, asked, generations, method="simulate", replicates=6000, rng=3)
    exact = solve(words, asked, generations, method="exact")
    late = solve(words, asked, [2, 3, 6, 13], method="exact")

    def largest_z(truth):
        value, law = found["vocabulary"], truth["vocabulary"]
        z = [np.abs(value.value - law.value) / (law.sd / np.sqrt(6000))]
        chance = truth["survival"].value
        z.append(np.abs(found["survival"].value - chance) / np.sqrt(np.maximum(chance * (1 - chance), 1e-12) / 6000))
        return max(np.max(each) for each in z)

    assert largest_z(exact) < 5.7
    assert largest_z(late) > 5.7  # a generation too late


@pytest.mark.parametrize("order", [1, 2, 3, 16])
@pytest.mark.parametrize("workflow", [Accumulate(), AccumulateSubsample(), FixedReal(2.0), FreshMix(0.3)])
def test_every_context_that_is_reached_is_followed_by_something(order, workflow):
    """Also after cuts, and in pools of any kind; the number of words stays what it is."""
    for size in (1, 2, 7, 40):
        for snapshot in snapshots(Recursion(NGram(order), TEXT, size, workflow), 6, 20, np.random.default_rng(4)):
            np.testing.assert_array_equal(snapshot.drawn.words(), size)
            model = snapshot.model
            reached = model.contexts() // model.frame.contexts * model.frame.contexts + model.following
            reached = np.append(reached[model.following >= 0], model.frame.root)
            assert np.all(np.diff(model.starts)[reached] > 0)


def test_generated_ngrams_stand_in_the_text():
    text = sentences_of(NGram(3).sample(NGram(3).initial(TEXT, 1), 5000, np.random.default_rng(5)))
    allowed = naive_text.followers(SENTENCES, 3)
    for context, tokens in naive_text.followers(text[:-1], 3).items():
        assert set(tokens) <= set(allowed[context])


def test_a_sentence_is_cut_where_the_size_or_the_limit_says():
    family = NGram(2, longest=3)
    text = sentences_of(family.sample(family.initial(TEXT, 1), 100, np.random.default_rng(6)))
    assert sum(map(len, text)) == 100
    assert max(map(len, text)) == 3
    assert min(map(len, text)) >= 1


def test_cycles_end():
    """The likeliest successor of 0 is 0, for ever: the size ends the sentence, or the limit."""
    circle = TextCorpus.from_sentences([[0, 0, 0, 0, 0]])
    for longest, expected in ((None, [[0] * 20]), (7, [[0] * 7, [0] * 7, [0] * 6])):
        family = NGram(2, longest)
        greedy = family.shaped(family.initial(circle, 1), TopK(1))
        assert sentences_of(family.sample(greedy, 20, np.random.default_rng(1))) == expected


@pytest.mark.parametrize("order", [1, 2, 16])
def test_one_word(order):
    alone = TextCorpus.from_sentences([["alone"]] * 16)
    found = solve(Recursion(NGram(order), alone, 9), Vocabulary(), [1, 5], method="simulate", replicates=20, rng=1)
    assert np.all(found["vocabulary"].value == 1)


def test_weights_count_as_copies():
    family, twice = NGram(2), TextCorpus.from_sentences(SENTENCES + SENTENCES)
    model = family.fit(family.merge([family.corpus(TEXT, 3)], [2.0]))
    assert table_of(model) == table_of(family.initial(twice, 3))
    np.testing.assert_allclose(model.frequencies(), family.initial(TEXT, 3).frequencies(), rtol=1e-14)
    np.testing.assert_array_equal(family.counts(family.merge([family.corpus(TEXT, 1)], [2.0]))[0], 2 * TEXT.counts)


def test_weighted_draws_follow_the_weights():
    """A text of weight 3 beside another: shares of words of 40,000, |z| < 5.5; the unweighted law is caught."""
    family, other = NGram(1), TextCorpus.from_sentences([[7, 7, 7, 7, 6, 6]] * 4)
    batch = family.merge([family.corpus(TEXT, 1), family.corpus(other, 1)], [1.0, 3.0])
    drawn = family.sample(family.fit(batch), 40_000, np.random.default_rng(7)).counts()[0] / 40_000
    for weight, caught in ((3.0, False), (1.0, True)):
        law = TEXT.counts + weight * other.counts
        law = law / law.sum()
        assert (np.max(np.abs(drawn - law) / np.sqrt(law * (1 - law) / 40_000)) > 5.5) == caught


def test_a_part_is_made_of_whole_sentences():
    family = NGram(2)
    batch = family.merge([family.corpus(TEXT, 4)], [2.0])
    part = family.subsample(batch, 30, np.random.default_rng(8))
    for row in range(4):
        sentences = sentences_of(part, row)
        assert sum(map(len, sentences)) == 30
        assert all(sentence in SENTENCES for sentence in sentences[:-1])
        assert any(sentence[: len(sentences[-1])] == sentences[-1] for sentence in SENTENCES)
        assert all(sentences[:-1].count(sentence) <= 2 for sentence in SENTENCES)
    assert len({tuple(map(tuple, sentences_of(part, row))) for row in range(4)}) > 1
    with pytest.raises(InputError, match="at most the 76 data"):
        family.subsample(batch, 77, np.random.default_rng(8))
    halves = family.merge([family.corpus(TEXT, 1)], [0.5])
    with pytest.raises(InputError, match="whole numbers"):
        family.subsample(halves, 3, np.random.default_rng(8))


@pytest.mark.parametrize("sampler", [Temperature(0.5), Temperature(3.0), TopK(1), TopK(2), TopP(0.6)], ids=repr)
def test_samplers_shape_what_follows_each_context(sampler):
    family = NGram(2)
    shaped = family.shaped(family.initial(TEXT, 2), sampler)
    found = table_of(shaped)
    for row in range(2):
        for context in range(TEXT.contexts(2).number):
            key = row * TEXT.contexts(2).number + context
            name = (naive_text.BEGIN,) if context == TEXT.contexts(2).root else (context,)
            law = Counter(END if t == naive_text.END else t for t in naive_text.followers(SENTENCES, 2)[name])
            tokens = sorted(law)
            expected = sampler.adjust(np.array([law[token] / law.total() for token in tokens]))
            got = {token: weight for (where, token, _), weight in found.items() if where == key}
            assert set(got) == {t for t, p in zip(tokens, expected, strict=True) if p > 0}
            np.testing.assert_allclose([got.get(t, 0) for t in tokens], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: NGram(0), "`order`"),
        (lambda: NGram(17), "`order`"),
        (lambda: NGram(2.5), "`order`"),
        (lambda: NGram(2, longest=0), "`longest`"),
        (lambda: Recursion(NGram(3), TextCorpus.from_sentences([[0, 1]]), 5), "fewer than the order of the model, 3"),
        (lambda: Recursion(NGram(2), Known([0.5, 0.5]), 5), "read_text"),
        (lambda: Recursion(NGram(2), Empirical(Corpus([1, 2]), 5), 5), "read_text"),
        (lambda: Recursion(NGram(2), TEXT, 5, sampler=Amplification(2.0)), "`sampler`"),
        (lambda: TextCorpus.from_sentences([]), "`words`"),
        (lambda: TextCorpus.from_sentences([[], []]), "`words`"),
        (lambda: TextCorpus.from_sentences(["the cat"]), "Split it"),
        (lambda: TextCorpus.from_sentences([[0, -1]]), "`words`"),
        (lambda: TextCorpus.from_sentences([[0.5]]), "`words`"),
        (lambda: TextCorpus([0, 1], [1]), "`ends`"),
        (lambda: TextCorpus([0, 1], [0, 2]), "`ends`"),
        (lambda: TextCorpus([0, 5], [2], ["a", "b"]), "`vocabulary`"),
        (
            lambda: solve(Recursion(NGram(2), TEXT, 10**10), Vocabulary(), 1, method="simulate", replicates=1, rng=1),
            "`sample_size`",
        ),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()


def test_words_are_counted_piece_by_piece(monkeypatch):
    monkeypatch.setattr(text_batches, "_PIECE", 1)
    family = NGram(2)
    batch = family.sample(family.initial(TEXT, 1), 500, np.random.default_rng(1))
    words = Counter(word for sentence in sentences_of(batch) for word in sentence)
    assert batch.counts().tolist() == [[words[symbol] for symbol in range(TEXT.symbols)]]
    assert batch.counts().sum() == 500


def test_empty_sentences_are_passed_over():
    assert TextCorpus.from_sentences([[], [0, 1], [], [1]]).ends.tolist() == [2, 3]


def test_no_sentence_is_empty_and_a_sampler_that_leaves_no_word_is_refused():
    """A model of order 1 draws the end of a sentence like a word, but not as its first."""
    alone = TextCorpus.from_sentences([[0]] * 5 + [[1]])
    text = sentences_of(NGram(1).sample(NGram(1).initial(alone, 1), 4000, np.random.default_rng(1)))
    assert min(map(len, text)) == 1
    assert abs(len(text) / 4000 - 0.5) < 5.5 * np.sqrt(0.25 / 4000)  # of 12 tokens 6 are ends
    for sampler in (TopK(1), Temperature(0.01)):  # the second leaves a word one in 1e7 times: a very long wait
        with pytest.raises(InputError, match="hardly anything but the end"):
            Recursion(NGram(1), alone, 5, sampler=sampler)
