"""Statistics of text against plain Python: tuples, sets and dictionaries."""

import math
from collections import Counter

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, NoAnswerError, Recursion, solve
from modelcollapse.families import NGram
from modelcollapse.samplers import TopK
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics import EntropyRate, NGramTypes, Perplexity, SentenceLength, VerbatimCopies
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows import FixedReal
from tests.families.test_ngram import SENTENCES, TEXT, sentences_of
from tests.reference import naive_text

ORDERS = pytest.mark.parametrize("order", [1, 2, 3, 5])


def observed(statistic, recursion, measure, generations=3, replicates=6):
    """What the observer says of each replicate, and what `measure` says of its sentences."""
    observer = statistic.observer(recursion)
    for seen in snapshots(recursion, generations, replicates, np.random.default_rng(1)):
        ours = observer.measure(seen)
        theirs = [measure(sentences_of(seen.drawn, row)) for row in range(replicates)]
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=1e-12)
        assert len(np.unique(ours, axis=0)) > 1


def runs_of(sentences, length):
    return [tuple(s[i : i + length]) for s in sentences for i in range(len(s) - length + 1)]


@ORDERS
def test_ngram_types(order):
    recursion = Recursion(NGram(order), TEXT, 40)
    observed(NGramTypes(), recursion, lambda text: [len(set(runs_of(text, n))) for n in range(1, order + 1)])
    observed(NGramTypes([4, 2]), recursion, lambda text: [len(set(runs_of(text, n))) for n in (4, 2)])


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_verbatim_copies(length):
    known = set(runs_of(SENTENCES, length))

    def share(text):
        copied = 0
        for s in text:
            starts = [i for i in range(len(s) - length + 1) if tuple(s[i : i + length]) in known]
            copied += len({i + j for i in starts for j in range(length)})
        return copied / sum(map(len, text))

    recursion = Recursion(NGram(2), TEXT, 60)
    if length > 1:
        observed(VerbatimCopies(length), recursion, share)
    else:  # every word stands in the corpus
        found = solve(recursion, VerbatimCopies(1), [1, 3], method="simulate", replicates=20, rng=1)
        assert np.all(found["verbatim_copies"].value == 1)


@ORDERS
def test_entropy_rate(order):
    def rate(text):
        table = naive_text.followers(text, order)
        total = sum(map(len, table.values()))
        return sum(
            -count / total * math.log(count / len(tokens))
            for tokens in table.values()
            for count in Counter(tokens).values()
        )

    observed(EntropyRate(), Recursion(NGram(order), TEXT, 60), rate)


@ORDERS
@pytest.mark.parametrize("uniform", [0.01, 0.5, 1.0])
def test_perplexity(order, uniform):
    def perplexity(text):
        table, surprise, tokens = naive_text.followers(text, order), 0.0, 0
        for context, followers in naive_text.followers(SENTENCES, order).items():
            for token in followers:
                seen = table.get(context, [])
                chance = seen.count(token) / len(seen) if seen else 0.0
                surprise -= math.log((1 - uniform) * chance + uniform / 9)
                tokens += 1
        return math.exp(surprise / tokens)

    if uniform < 1:
        observed(Perplexity(uniform), Recursion(NGram(order), TEXT, 60), perplexity)
    else:
        found = solve(Recursion(NGram(order), TEXT, 60), Perplexity(1.0), 1, method="simulate", replicates=20, rng=1)
        assert found["perplexity"].value == pytest.approx(9.0, rel=1e-12)


def test_a_model_that_finds_the_text_impossible_has_no_perplexity():
    """Such runs are counted and left out; if all are, there is no estimate."""
    sure = TextCorpus.from_sentences([[0, 1], [0, 2]] * 8)
    found = solve(Recursion(NGram(2), sure, 12), Perplexity(0.0), [1], method="simulate", replicates=400, rng=1)
    undefined = found["perplexity"].undefined[0]
    assert abs(undefined / 400 - 2 * 0.5**6) < 5.5 * math.sqrt(0.032 / 400)  # six sentences alike
    with pytest.raises(NoAnswerError, match="perplexity"):
        solve(Recursion(NGram(5), TEXT, 5), Perplexity(0.0), [4], method="simulate", replicates=50, rng=1)


def test_real_data_keep_the_text_possible():
    recursion = Recursion(NGram(2), TEXT, 40, FixedReal())
    found = solve(recursion, Perplexity(0.0), [1, 5], method="simulate", replicates=20, rng=1)["perplexity"]
    assert found.undefined is None


def test_sentence_length():
    edges = [1, 2, 4, 8]

    def shares(text):
        lengths = [len(sentence) for sentence in text]
        return [
            sum(a <= length < b for length in lengths) / len(lengths)
            for a, b in zip(edges, [2, 4, 8, 10**9], strict=True)
        ]

    recursion = Recursion(NGram(2), TEXT, 60)
    observed(SentenceLength(), recursion, shares)
    assert SentenceLength().coordinates(recursion) == {"length": ["1", "2-3", "4-7", "8+"]}
    assert SentenceLength([1]).coordinates(recursion) == {"length": ["1+"]}


def test_samplers_sharpen():
    """The likeliest successors alone: less entropy and fewer types than plain draws, more verbatim copies."""
    asked = [EntropyRate(), NGramTypes([2]), VerbatimCopies(4)]
    plain, sharp = (
        solve(Recursion(NGram(2), TEXT, 60, sampler=sampler), asked, 3, method="simulate", replicates=200, rng=1)
        for sampler in (TopK(50), TopK(2))
    )
    assert np.all(sharp["entropy_rate"].high < plain["entropy_rate"].low)
    assert np.all(sharp["ngram_types"].high < plain["ngram_types"].low)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: NGramTypes([0]), "`orders`"),
        (lambda: NGramTypes([17]), "`orders`"),
        (lambda: NGramTypes([]), "`orders`"),
        (lambda: Perplexity(-0.1), "`uniform`"),
        (lambda: Perplexity(float("nan")), "`uniform`"),
        (lambda: VerbatimCopies(0), "`length`"),
        (lambda: SentenceLength([2, 3]), "`least`"),
        (lambda: SentenceLength([1, 1]), "`least`"),
        (lambda: EntropyRate().coordinates(Recursion(Categorical(), Corpus([1, 2]), 5)), "write none"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()
