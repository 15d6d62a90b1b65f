"""The data of the page: chart specifications and words, as JSON that no word can break out of."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np

from modelcollapse.forecasting import Forecast, WordForecast
from modelcollapse.provenance import plain
from modelcollapse.report.charts import comparison_chart, forgetting_chart, presence_chart, vocabulary_chart

MOST_WORDS = 20_000
_LONGEST_WORD = 60
_MOST_CHARACTERS = 1_500_000  # of the words in the page

# [count, early, median, late, survival, at least?] and the words it holds for
Group = tuple[list[Any], list[str]]


def page_data(forecast: Forecast) -> tuple[str, int]:
    """Return the JSON of the page and the number of words of the corpus in it.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> text, words = page_data(forecast(CountTable.from_counts(["</script>", "the"], [1, 3]), generations=2))
    >>> words, "<" in text
    (2, False)
    """
    most = MOST_WORDS
    words = _words(forecast, most)
    while len(words) > _MOST_CHARACTERS:
        most //= 2
        words = _words(forecast, most)
    charts = {
        "vocabulary": _page_spec(vocabulary_chart(forecast)),
        "forgetting": _page_spec(forgetting_chart(forecast) if forecast.forgets else presence_chart(forecast)),
    }
    if forecast.comparison is not None:
        charts["comparison"] = _page_spec(comparison_chart(forecast.comparison))
    forgets = "true" if forecast.forgets else "false"
    return f'{{"charts":{to_script_json(charts)},"forgets":{forgets},"words":{words}}}', min(most, forecast.table.types)


def to_script_json(value: Any) -> str:
    r"""Return ASCII JSON without a character that has a meaning in HTML.

    Examples
    --------
    >>> to_script_json(["</script>", "é"])
    '["\\u003c/script\\u003e","\\u00e9"]'
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def shown(word: str, longest: int = _LONGEST_WORD) -> str:
    """Return a word as the page shows it: control characters replaced, very long words cut."""
    cut = word if len(word) <= longest else word[: longest - 1] + "…"
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in cut)


def group_name(word: WordForecast) -> str:
    """Return a listed word, or the name of a group with its size."""
    size = len(word.members)
    return f"{shown(word.word)} ({size} {'words' if size > 1 else 'word'})" if size else shown(word.word)


def _words(forecast: Forecast, most: int) -> str:
    groups, seen = _most_at_risk(forecast, most)
    return to_script_json([*groups, *_listed(forecast.listed, seen)])


def _most_at_risk(forecast: Forecast, most: int) -> tuple[list[Group], set[str]]:
    """The rarest words by count, in alphabetical order within a count."""
    table = forecast.table
    ascending = np.asarray(table.counts)[::-1]
    groups: list[Group] = []
    first = 0
    while first < min(most, table.types):
        count = int(ascending[first])
        stop = int(np.searchsorted(ascending, count, side="right"))
        words = table.words[table.types - stop : table.types - first]
        groups.append((_numbers(forecast, count), list(words[: most - first])))
        first = stop
    seen = {word for _, words in groups for word in words}
    return [(numbers, list(map(shown, words))) for numbers, words in groups], seen


def _numbers(forecast: Forecast, count: int) -> list[Any]:
    """What holds for a word of a count; between two counts of the forecast, what holds at least."""
    by_count = forecast.by_count
    place = int(np.searchsorted(by_count.count, count, side="right")) - 1
    exact = int(by_count.count[place]) == count
    times = plain(by_count.forgotten[:, place])
    return [count, *times, float(by_count.survival[place]), *([] if exact else [1])]


def _listed(listed: Iterable[WordForecast], seen: set[str]) -> list[Group]:
    return [
        (plain([word.count, word.early, word.median, word.late, word.survival]), [group_name(word)])
        for word in listed
        if word.members or word.word not in seen
    ]


def _page_spec(chart: Any) -> dict[str, Any]:
    """A chart as wide as its place, under the page's own heading."""
    spec: dict[str, Any] = chart.to_dict()
    del spec["title"]
    spec["width"] = "container"
    spec["config"]["padding"] = {"left": 0, "top": 4, "right": 4, "bottom": 6}
    return spec
