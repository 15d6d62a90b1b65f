"""Errata of the original's language models: its counting and its word rules, written out here on small texts."""

import re

import numpy as np
import pytest

from modelcollapse.reproduce.documentation_text import documentation_paragraphs
from modelcollapse.reproduce.errata import errata_of
from modelcollapse.text_corpus import TextCorpus

LONGEST = 50


def passage(rng):
    """Forty lines of three sentences of about eight words, by a law like Zipf's."""
    law = np.arange(1.0, 301.0) ** -1.0
    return [
        [word for _ in range(3) for word in [*(f"w{i}" for i in rng.choice(300, 8, p=law / law.sum())), "."]]
        for _ in range(40)
    ]


def written(lines, target, counted, rng):
    """Lines of a bigram model of `lines`, of at most fifty words, until as many words are counted as asked for."""
    follows = {}
    for line in lines:
        for before, after in zip([None, *line], [*line, None], strict=True):
            follows.setdefault(before, []).append(after)
    text, total = [], 0
    while total < target:
        line, word = [], None
        while len(line) < LONGEST and (word := follows[word][rng.integers(len(follows[word]))]) is not None:
            line.append(word)
        text.append(line)
        total += counted(line)
    return text


def first_sentence(line):
    """What the original counts."""
    sentences = [each for each in re.split(r"(?<=\.)\s", " ".join(line)) if each]
    return sum(word != "." for word in sentences[0].split())


def words(lines):
    return [word for line in lines for word in line if word != "."]


def test_counting_first_sentences_makes_samples_too_large_and_hides_the_loss():
    """More than 1.5 times the words that were to be written, at every generation, and more of the vocabulary."""
    rng, excess, kept = np.random.default_rng(21), [], []
    for _ in range(30):
        start = passage(rng)
        target, left = len(words(start)), []
        for counted in (first_sentence, lambda line: len(words([line]))):
            text = start
            for _ in range(5):
                text = written(text, target, counted, rng)
                if counted is first_sentence:
                    excess.append(len(words(text)) / target)
            left.append(len(set(words(text))) / len(set(words(start))))
        kept.append(left[0] - left[1])
    assert min(excess) > 1.5
    assert np.mean(kept) > 0.1
    assert np.mean(kept) > 6 * np.std(kept) / np.sqrt(len(kept))


def test_an_empty_sentence_stops_the_original():
    """It takes the first of no sentences; here an empty sentence is passed over."""
    with pytest.raises(IndexError):
        first_sentence([])
    assert TextCorpus.from_sentences([["a"], [], ["b"]]).tokens == 2


def test_two_word_rules_count_two_vocabularies():
    """A text may lose a word of the model and none of those that are counted, so ratios are of different things."""
    model, counted = re.compile(r"\w+|[^\w\s]"), re.compile(r"\w+")
    text = "The end is near; the end, I say, is near"
    later = "the end is near; the end, I say, is near"
    tokens = [set(model.findall(each)) for each in (text, later)]
    found = [set(counted.findall(each.lower())) for each in (text, later)]
    assert (len(tokens[0]), len(tokens[1])) == (9, 8)
    assert len(found[0]) == len(found[1]) == 6


def test_the_sizes_of_both_on_the_topics_of_python():
    """The effects that `errata_of` tells, by a scan of letters instead of regular expressions."""
    tokens, lowered, all_words, firsts = set(), set(), 0, 0
    for paragraph in documentation_paragraphs():
        word, sentence_over = "", False
        for i, letter in enumerate(paragraph + "\n"):
            if letter.isalnum() or letter == "_":
                word += letter
                continue
            if word:
                tokens.add(word)
                lowered.add(word.lower())
                all_words += 1
                firsts += not sentence_over
                word = ""
            if not letter.isspace():
                tokens.add(letter)
            if letter in ".!?" and (paragraph + "\n")[i + 1 : i + 2].isspace() and i + 1 < len(paragraph):
                sentence_over = True
    growth = float(re.search(r"(\d\.\d\d) times", errata_of("ngram")[0].effect).group(1))
    assert growth == pytest.approx(all_words / firsts, abs=0.006)
    sizes = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d", errata_of("ngram")[1].effect)]
    assert sizes == [len(tokens), len({word.lower() for word in lowered})]
    assert len(tokens) > 1.1 * len(lowered)
