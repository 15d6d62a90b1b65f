import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from modelcollapse import CountTable, forecast
from modelcollapse.report import page_data as page_data_module
from modelcollapse.report.charts import vocabulary_chart
from modelcollapse.report.page import forecast_page, save_page
from modelcollapse.report.page_data import page_data, shown
from modelcollapse.workflows import Accumulate, AccumulateSubsample, WeightedMix

EVIL = ["</script><script>alert(1)</script>", "<!--", "<img src=x onerror=alert(1)>", "q\"'&amp;", "]]>", "${data}"]
ODD = ["\u202egnp", "nul\x00l", "\ud800", "line\u2028end", "\u05d0\u05d1", "w" * 5000]


class Reader(HTMLParser):
    """Tags with their attributes, text outside of scripts, and the content of every script."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.scripts, self.inside = [], "", [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1] += data
        elif self.inside != "style":
            self.text += data


def read(result):
    reader = Reader(forecast_page(result))
    return reader, json.loads(reader.scripts[0])


@pytest.fixture(scope="module")
def page(short):
    return read(short)


def rows(data):
    return [[word, *numbers] for numbers, words in data["words"] for word in words]


def test_every_word_has_the_numbers_of_its_count(short, page):
    by_word = {row[0]: row[1:] for row in rows(page[1])}
    by_count = short.by_count
    for word, count in zip(short.table.words, short.table.counts.tolist(), strict=True):
        place = by_count.count.tolist().index(count)
        times = [None if np.isinf(value) else value for value in by_count.forgotten[:, place]]
        assert by_word[word] == [count, *times, by_count.survival[place]]


def test_groups_are_in_the_table_and_single_words_are_not_twice(short, page):
    words = [row[0] for row in rows(page[1])]
    assert len(words) == len(set(words)) == short.table.types + 1
    assert words[-1] == "a pair (2 words)"


def test_rarest_first_and_alphabetical_within_a_count(page):
    single = [(row[1], row[0]) for row in rows(page[1])][:-1]
    assert single == sorted(single)


def test_numbers_in_words(short, page):
    text = page[0].text
    assert f"after 60 generations: {short.mean[-1]:.3g} of {short.table.types} words" in text
    assert f"Generation {int(short.half_gone)}" in text
    assert "Not in the corpus: unknown." in text
    assert "normal approximation" in text
    assert "Good and Turing" in text
    assert "relative, at most 1e-10" in text
    assert f"{short.table.tokens:,} tokens" in text


def test_citations(page):
    assert "@inproceedings{suresh_2024," in page[0].text
    assert "@software{modelcollapse," in page[0].text


def test_headings_language_and_title(page):
    tags = page[0].tags
    assert ("html", {"lang": "en"}) in tags
    assert [tag for tag, _ in tags if re.fullmatch("h[1-6]", tag)] == ["h1"] + ["h2"] * 7
    identifiers = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    labels = {attributes["aria-labelledby"] for _, attributes in tags if "aria-labelledby" in attributes}
    assert labels <= set(identifiers)


def test_nothing_is_loaded_from_elsewhere(page):
    loading = {"script", "link", "img", "iframe", "object", "embed", "source", "video", "audio", "base"}
    addresses = [attributes.get("src") or attributes.get("href") for tag, attributes in page[0].tags if tag in loading]
    assert [address for address in addresses if address] == ["data:,"]


def test_no_address_of_a_library_host(short):
    text = forecast_page(short)
    assert re.findall(r"jsdelivr|unpkg|cdnjs|googleapis|@import", text) == []


def test_policy_lets_only_our_two_scripts_run(page):
    policy = next(a["content"] for tag, a in page[0].tags if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none';")
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in page[0].scripts[1:]]
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    assert "'unsafe-inline'" not in policy.split("script-src")[1]


def test_no_word_breaks_out():
    words = EVIL + ODD
    table = CountTable.from_counts(words, range(1, len(words) + 1), name="<b>&amp;</b>", skipped={"<i>": 3})
    result = forecast(table, 3, words={"<u>": words[:2], "plain": ["<nope>"]})
    reader, data = read(result)
    assert len(reader.scripts) == 3
    assert {tag for tag, _ in reader.tags}.isdisjoint({"b", "i", "u", "img", "nope"})
    assert {row[0] for row in rows(data)} >= {shown(word) for word in words}
    assert "<b>&amp;</b>" in reader.text
    assert "3 <i>" in reader.text
    forecast_page(result).encode("utf-8")


def test_shown():
    assert shown("nul\x00l\ud800") == "nul\ufffdl\ufffd"
    assert shown("w" * 100) == "w" * 59 + "…"
    assert shown("می‌خواهم") == "می‌خواهم"  # a joiner is part of the spelling


def test_the_table_is_cut_and_says_so(table, monkeypatch):
    monkeypatch.setattr(page_data_module, "MOST_WORDS", 75)
    frequent = table.words[0]
    reader, data = read(forecast(table, 5, words=[frequent]))
    words = [row[0] for row in rows(data)]
    assert len(words) == 76
    assert words[-1] == frequent
    assert "the 75 words most at risk and those asked for, of 209;" in reader.text


def test_the_cut_prefers_rare_words_in_the_order_of_the_forecast(table, monkeypatch):
    monkeypatch.setattr(page_data_module, "MOST_WORDS", 75)
    result = forecast(table, 5, top=75)
    text, words = page_data(result)
    assert words == 75
    assert [row[0] for row in rows(json.loads(text))] == [word.word for word in result.words]


def test_long_words_do_not_blow_up_the_page(table, monkeypatch):
    monkeypatch.setattr(page_data_module, "_MOST_CHARACTERS", 2000)
    text, words = page_data(forecast(table, 5))
    assert 10 < words < table.types
    assert len(json.loads(text)["words"]) > 0


def test_between_computed_counts_the_numbers_are_lower_limits():
    counts = list(range(1, 1001))
    result = forecast(CountTable.from_counts([f"w{c}" for c in counts], counts), 5)
    reader, data = read(result)
    known = set(result.by_count.count.tolist())
    assert len(known) < 1000
    for row in rows(data):
        assert len(row) == (6 if row[1] in known else 7)
    assert "lower limit" in reader.text
    assert f"{len(known)} of the 1,000 different counts are drawn" in reader.text


def test_page_is_small_and_the_same_every_time(short, tmp_path):
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    save_page(short, first)
    save_page(short, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size < 3_000_000


@pytest.mark.parametrize(
    ("workflow", "said"),
    [
        (Accumulate(0.1), "each is new real text with chance 0.1, else written by the one before, and all text so far"),
        (AccumulateSubsample(), "as many of all text so far, corpus included, are learned from"),
        (WeightedMix(2, 0.5), "2 of them are new real text, which together have the weight 0.5 in the fit"),
    ],
)
def test_a_page_says_what_its_workflow_learns_from(workflow, said):
    table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    found = forecast(table, generations=3, workflow=workflow, words=["of"])
    reader = read(found)[0]
    assert reader.text.count(said) == 2
    assert f"(the workflow '{workflow.name}')" in reader.text
    assert "nothing else" not in reader.text
    assert "Law of thumb" not in reader.text
    assert [attributes.get("class") for tag, attributes in reader.tags if tag == "table"] == ["timeless"] * 2
    subtitle = " ".join(vocabulary_chart(found).title.subtitle)
    assert said in subtitle
    assert max(map(len, vocabulary_chart(found).title.subtitle)) <= 80
    replaced = read(forecast(table, generations=3))[0]
    assert "from nothing else (the workflow 'replace')" in replaced.text
    assert "Law of thumb" in replaced.text
