"""The text kernel against NumPy and against a twin in plain Python: what it sorts, what it writes, by which law."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse import Recursion
from modelcollapse.families import NGram
from modelcollapse.families.text import text_of
from modelcollapse.families.transitions import learnt
from modelcollapse.families.writing import NO_LIMIT
from modelcollapse.rating.text import rate_text
from modelcollapse.samplers import TopK
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts import text as shortcut
from modelcollapse.simulate.shortcuts.text import TextKernel, compiled
from modelcollapse.start import Empirical
from modelcollapse.statistics import Vocabulary
from modelcollapse.text_corpus import END, TextCorpus
from modelcollapse.workflows import Accumulate
from tests.families.test_ngram import SENTENCES, TEXT, excess, sentences_of, table_of
from tests.reference import naive_text

texts = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=9), min_size=1, max_size=6)


def texts_of(recursion, horizon, key):
    """Snapshots of every generation of one run."""
    return list(TextKernel().snapshots(recursion, horizon, set(range(1, horizon + 1)), np.uint64(key)))


@given(sentences=texts, order=st.integers(1, 16))
def test_sorting_is_that_of_numpy(sentences, order):
    text = text_of(TextCorpus.from_sentences(sentences), order, 1)
    starts, entries = np.empty(text.frame.contexts + 1, np.int32), np.empty(len(text.tokens), np.uint64)
    compiled()[0](text.tokens, text.contexts, starts, entries)
    model = learnt(text)
    np.testing.assert_array_equal(starts, model.starts)
    np.testing.assert_array_equal((entries & np.uint64(2**32 - 1)).astype(np.uint32).view(np.int32), model.tokens)
    np.testing.assert_array_equal((entries >> np.uint64(32)).astype(np.uint32).view(np.int32), model.following)


@given(sentences=texts, order=st.integers(1, 16), size=st.integers(1, 300), longest=st.sampled_from([1, 2, 5, None]))
def test_what_is_written_is_text_in_its_contexts(sentences, order, size, longest):
    """Words in number, sentences in length, contexts as they would be counted, models as NumPy fits them."""
    start = TextCorpus.from_sentences([*sentences, [0] * 16])
    for seen in texts_of(Recursion(NGram(order, longest), start, size), 3, 1):
        written = sentences_of(seen.drawn)
        assert sum(map(len, written)) == size
        assert min(map(len, written)) >= 1
        assert longest is None or max(map(len, written)) <= longest
        assert table_of(seen.model) == table_of(learnt(seen.drawn))
        both = TextCorpus.from_sentences([*sentences, [0] * 16, *written]).contexts(order).ids
        known = dict(zip(both[: len(start.running)].tolist(), start.contexts(order).ids.tolist(), strict=True))
        np.testing.assert_array_equal(
            [known[number] for number in both[len(start.running) :].tolist()], seen.drawn.contexts
        )


@pytest.mark.parametrize("order", [1, 2, 3, 8])
def test_generation_1_has_the_law_of_the_model(order):
    """60,000 words from lanes that are all in use; false-alarm rate 1e-6. A text with one word exchanged is caught."""
    (seen,) = texts_of(Recursion(NGram(order), TEXT, 60_000), 1, 1)
    written = sentences_of(seen.drawn)[:-1]  # the last one is cut
    assert excess(written, SENTENCES, order) < 1
    assert excess(written, [*SENTENCES[:-1], [5, 1, 4, 0, 4, 1, 3, 0, 1, 2]], order) > 1


@pytest.mark.parametrize(("order", "longest"), [(1, None), (2, None), (3, None), (2, 3), (16, 4)])
def test_the_recursion_is_that_of_the_twin(order, longest):
    """3 generations of 40 words, 2,000 runs: |z| < 5.5 for counts of everything, false-alarm rate 1e-6.

    One generation more is caught, and so are sentences that are taken in the order in which they end.
    """
    runs, recursion = 2000, Recursion(NGram(order, longest), TEXT, 40)

    def measures(text):
        words = [word for sentence in text for word in sentence]
        repeats = sum(a == b for sentence in text for a, b in pairwise(sentence))
        return len(set(words)), len(text), len(text[0]), repeats, words.count(0), words.count(3)

    theirs = np.array([measures(naive_text.recursion(SENTENCES, order, 40, 3, s, longest)[-1]) for s in range(runs)])
    found = [texts_of(recursion, 4, key) for key in range(runs)]

    def largest_z(ours):
        ours = np.array(list(map(measures, ours)))
        spread = np.sqrt((ours.var(axis=0) + theirs.var(axis=0)) / runs)
        return np.max(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) / np.maximum(spread, 1e-12))

    assert largest_z(sentences_of(run[2].drawn) for run in found) < 5.5
    assert largest_z(sentences_of(run[3].drawn) for run in found) > 5.5
    assert largest_z(sorted(sentences_of(run[2].drawn), key=len) for run in found) > 5.5


def test_a_single_sentence_as_long_as_the_text():
    """No lane waits for another, and room grows where sentences are longer than thought."""
    rng = np.random.default_rng(1)
    start = TextCorpus(rng.integers(0, 50, 5000), [5000])
    for seen in texts_of(Recursion(NGram(2), start, 7000), 3, 1):
        assert seen.drawn.words() == 7000
    sort, write = compiled()
    text = text_of(start, 2, 1)
    starts, entries = np.empty(text.frame.contexts + 1, np.int32), np.empty(len(text.tokens), np.uint64)
    sort(text.tokens, text.contexts, starts, entries)
    found = []
    for typical in (1.0, 100.0, 5000.0):
        tokens, contexts = np.empty(12_000, np.int32), np.empty(12_000, np.int32)
        places = write(starts, entries, text.frame.root, 6000, NO_LIMIT, typical, 1, np.uint64(1), tokens, contexts)
        found.append(int((tokens[:places] != END).sum()))
    assert found == [6000] * 3


def test_texts_longer_than_the_room_of_their_lanes():
    """Sentences of 1 to 3,000 words, so that lanes wait for each other and are given more room."""
    rng = np.random.default_rng(2)
    lengths = np.concatenate([np.ones(2000, np.int64), rng.integers(2, 60, 1000), [3000, 2500, 1500]])
    start = TextCorpus(rng.integers(0, 40, lengths.sum()), np.cumsum(rng.permutation(lengths)))
    for order in (1, 3):
        for seen in texts_of(Recursion(NGram(order), start, 50_000), 2, 3):
            assert seen.drawn.words() == 50_000
            again = TextCorpus(seen.drawn.tokens[seen.drawn.is_word], _ends(seen.drawn.tokens)).contexts(order).ids
            pairs = set(zip(again.tolist(), seen.drawn.contexts.tolist(), strict=True))
            assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})
            model = learnt(seen.drawn)
            np.testing.assert_array_equal(seen.model.starts, model.starts)
            np.testing.assert_array_equal(seen.model.following, model.following)


def _ends(tokens):
    """How many words there are up to each end of a sentence."""
    return np.cumsum(tokens != END)[tokens == END]


@pytest.mark.parametrize("wanted", [{1, 2, 3, 4}, {2}, {1, 4}])
def test_a_snapshot_that_is_kept_stays_as_it_was(wanted):
    """Generations that nobody looks at are written over each other, and nothing that was shown is."""
    kept, copies = [], []
    for snapshot in TextKernel().snapshots(Recursion(NGram(2), TEXT, [90, 40, 90, 60]), 4, wanted, np.uint64(1)):
        if snapshot is not None:
            kept.append(arrays_of(snapshot))
            copies.append([array.copy() for array in kept[-1]])
    assert len(kept) == len(wanted)
    for then, now in zip(copies, kept, strict=True):
        for a, b in zip(then, now, strict=True):
            np.testing.assert_array_equal(a, b)
    every = [arrays_of(snapshot) for snapshot in texts_of(Recursion(NGram(2), TEXT, [90, 40, 90, 60]), 4, 1)]
    for generation, now in zip(sorted(wanted), kept, strict=True):
        for a, b in zip(every[generation - 1], now, strict=True):
            np.testing.assert_array_equal(a, b)


def arrays_of(snapshot):
    """All that a snapshot holds."""
    model, text = snapshot.model, snapshot.drawn
    return [model.starts, model.tokens, model.following, text.tokens, text.contexts]


def test_replicates_and_generations_are_told_apart():
    first, again, other = (texts_of(Recursion(NGram(1), TEXT, 200), 3, key) for key in (1, 1, 2))
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a.drawn.tokens, b.drawn.tokens)
        assert sentences_of(a.drawn) != sentences_of(c.drawn)
    assert sentences_of(first[0].drawn) != sentences_of(first[1].drawn)


def test_a_block_can_be_replayed_and_only_what_is_asked_is_shown():
    recursion, asked = Recursion(NGram(2), TEXT, 100), np.array([2, 5])
    seed = np.random.SeedSequence(5, spawn_key=(2,))
    first, again = (TextKernel().run_block(Experiment(recursion, [Vocabulary()], asked, 12), seed)[0] for _ in range(2))
    np.testing.assert_array_equal(first.total, again.total)
    assert first.replicates == 12
    shown = TextKernel().snapshots(recursion, 5, {2, 5}, np.uint64(1))
    assert [seen is not None for seen in shown] == [False, True, False, False, True]


def test_no_number_depends_on_threads(monkeypatch):
    monkeypatch.setattr(shortcut, "KERNEL_WORK", 1)
    recursion = Recursion(NGram(2), TEXT, 200)
    alone, among = (rate_text(recursion, 4, replicates=40, rng=3, n_jobs=jobs).vocabulary for jobs in (1, 3))
    assert "compiled" in alone.provenance.reason
    np.testing.assert_array_equal(alone.value, among.value)


def test_what_the_kernel_leaves_to_numpy():
    def covered(recursion, replicates=10**7):
        return TextKernel().covers(Experiment(recursion, [], np.array([1, 5]), replicates))

    assert covered(Recursion(NGram(2), TEXT, 50))
    assert covered(Recursion(NGram(2), TEXT, [50] * 5))
    assert not covered(Recursion(NGram(2), TEXT, 50), replicates=10)
    assert not covered(Recursion(NGram(2), TEXT, 50, Accumulate()))
    assert not covered(Recursion(NGram(2), TEXT, 50, sampler=TopK(2)))
    assert not covered(Recursion(NGram(2), Empirical(TEXT, 30), 50))
