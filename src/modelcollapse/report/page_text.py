"""What the page says in words, escaped for HTML."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

import numpy as np

from modelcollapse import __version__
from modelcollapse.forecasting import Forecast, WordForecast
from modelcollapse.reference import (
    CHAO_1984,
    CHAO_1987,
    ESTY_1983,
    GOOD_1953,
    MOHLE_1999,
    SURESH_2024,
    Reference,
)
from modelcollapse.report.chart_style import times
from modelcollapse.report.page_data import group_name, shown
from modelcollapse.report.text import comparison_text, unseen_text
from modelcollapse.report.wording import generation, percent
from modelcollapse.report.workflow_words import real_data

_NAMES = {"processor": "processor", "python": "Python"}


def title(forecast: Forecast) -> str:
    """Return the name of the corpus, as plain text."""
    return shown(forecast.table.name)


def headlines(forecast: Forecast) -> str:
    """Return the answer in short: a number and what it means, four times."""
    table, last = forecast.table, f"{int(forecast.generation[-1]):,}"
    mean, low, high = (float(column[-1]) for column in (forecast.mean, forecast.low, forecast.high))
    noun = "generation" if last == "1" else "generations"
    half = generation(forecast.half_gone)
    gone = "forgotten" if forecast.forgets else "absent"
    pairs = [
        (
            percent(mean / table.types),
            f"of the vocabulary is expected to be left after {last} {noun}: {_number(mean)} of {table.types:,} words "
            f"(90 % interval {_number(low)} to {_number(high)}, normal approximation)",
        ),
        ("Never" if forecast.forgets else f"Not by {last}", "is half of the vocabulary expected to be gone")
        if math.isinf(forecast.half_gone)
        else (f"Generation {half}", "is the first at which half of the vocabulary is expected to be gone"),
        (
            percent(float(forecast.lost_mass[-1])),
            f"of the corpus's text is expected to be made of words that are {gone} after {last} {noun}",
        ),
        _rarest(forecast) if forecast.forgets else _rarest_present(forecast),
    ]
    return "\n".join(f"<li><strong>{escape(a)}</strong> <span>{escape(b)}</span></li>" for a, b in pairs)


def _rarest_present(forecast: Forecast) -> tuple[str, str]:
    by_count = forecast.by_count
    text = f"is the chance of a word that occurs {times(int(by_count.count[0]))} to be there after {_horizon(forecast)}"
    return percent(float(by_count.survival[0])), f"{text} generations; what is absent may come back"


def lede(forecast: Forecast) -> str:
    """Return what the page is about."""
    size = f"{forecast.sample_size:,}"
    if forecast.forgets:
        first = f"A model learns how often each word of this corpus occurs and writes a text of {size} words; the next "
        return escape(
            f"{first}model learns from that text alone; and so on. A word that one model does not write is lost for "
            "ever. This page says how many words are lost, which, and when."
        )
    return escape(
        f"A model learns how often each word of this corpus occurs. The next one learns from {size} words; "
        f"{real_data(forecast.workflow)}; and so on. This page says how many words are there, and which are not."
    )


def second_title(forecast: Forecast) -> str:
    """Return the heading of the second chart."""
    return "When a word is forgotten" if forecast.forgets else "Which words are there"


def comparison(forecast: Forecast) -> str:
    """Return workflows side by side, or nothing where none are compared."""
    if forecast.comparison is None:
        return ""
    return "\n".join(
        [
            '<section aria-labelledby="comparison-title">',
            '<h2 id="comparison-title">Workflows side by side</h2>',
            '<div class="chart" id="comparison-chart"></div>',
            f"<pre>{escape(comparison_text(forecast.comparison))}</pre>",
            "</section>",
        ]
    )


def unseen(forecast: Forecast) -> str:
    """Return what is left of all words, unseen ones included, or nothing if it was not asked."""
    if forecast.unseen is None:
        return ""
    return "\n".join(
        [
            '<section aria-labelledby="unseen-title">',
            '<h2 id="unseen-title">With the words that the corpus never saw</h2>',
            f"<pre>{escape(unseen_text(forecast))}</pre>",
            "</section>",
        ]
    )


def _rarest(forecast: Forecast) -> tuple[str, str]:
    by_count = forecast.by_count
    common = int(np.argmin(np.abs(by_count.count - 100 * by_count.count[0])))
    first, second = (generation(by_count.forgotten[1, i]) for i in (0, common))
    text = f"is when half of the words that occur {times(int(by_count.count[0]))} are gone"
    if common:
        text += f"; of those that occur {times(int(by_count.count[common]))}, generation {second}"
    if math.isinf(by_count.forgotten[1, 0]):
        return "Never", f"are words that occur {times(int(by_count.count[0]))} forgotten with chance 50 %"
    return f"Generation {first}", text.replace("generation never", "never")


def _number(words: float) -> str:
    return f"{words:,.0f}" if words >= 100 else f"{words:.3g}"


def vocabulary_caption(forecast: Forecast) -> str:
    """Return what the first chart shows."""
    table = forecast.table
    return escape(
        f"Line: the share of the {table.types:,} different words of the corpus that is expected to be still present; "
        "exact. Band: 90 % interval by normal approximation, from the exact standard deviation; where the vocabulary "
        "is large it is hardly wider than the line."
    )


def forgetting_caption(forecast: Forecast) -> str:
    """Return what the second chart shows."""
    if not forecast.forgets:
        return escape(
            f"The chance of a word of so many occurrences to be there at generation {_horizon(forecast)}; exact. A dot "
            "is a count, its area grows with the number of words. What is absent may come back, so no word has a time."
        )
    by_count = forecast.by_count
    parts = [
        "A word of so many occurrences is forgotten with chance 50 % by the generation on the line, and with chance "
        "5 % to 95 % within the band; exact. Dashed: the law of thumb.",
        "A dot is a count, its area grows with the number of words.",
    ]
    if not np.isfinite(by_count.forgotten).all():
        parts.append("Where the band or the line ends, the word may also outlive all others and is never forgotten.")
    shown_counts = len(by_count.count)
    distinct = len(forecast.table.distinct()[0])
    if shown_counts < distinct:
        parts.append(f"{shown_counts:,} of the {distinct:,} different counts are drawn.")
    return escape(" ".join(parts))


def timeless(forecast: Forecast) -> str:
    """Return what hides a table's columns of times where nothing is lost for ever, so that no word has any."""
    return "" if forecast.forgets else ' class="timeless"'


def listed(forecast: Forecast) -> str:
    """Return the table of the words asked for, or nothing if none were."""
    if not forecast.listed and not forecast.missing:
        return ""
    heads = (
        "Word",
        "Count",
        "Lost by (5\u00a0%)",
        "Lost by (50\u00a0%)",
        "Lost by (95\u00a0%)",
        f"Left at {_horizon(forecast)}",
    )
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "\n".join(map(_listed_row, forecast.listed))
    table = (
        '<div class="scroll" role="region" aria-labelledby="listed-title" tabindex="0">\n'
        f"<table{timeless(forecast)}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )
    missing = ", ".join(f"<bdi>{escape(shown(word))}</bdi>" for word in forecast.missing)
    return "\n".join(
        [
            '<section id="listed" aria-labelledby="listed-title">',
            '<h2 id="listed-title">The words you asked for</h2>',
            table if forecast.listed else "",
            f'<p class="note">Not in the corpus: {missing}.</p>' if missing else "",
            "</section>",
        ]
    )


def _listed_row(word: WordForecast) -> str:
    values = (f"{word.count:,}", *map(generation, (word.early, word.median, word.late)), percent(word.survival))
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    members = escape(", ".join(map(shown, word.members)))
    hint = f' title="{members}"' if members else ""
    return f'<tr><th scope="row"{hint}><bdi>{escape(group_name(word))}</bdi></th>{cells}</tr>'


def words_note(forecast: Forecast, words: int) -> str:
    """Return how to read the table of words, and what it leaves out."""
    times_of = "the generations by which it is lost with chance 5, 50 and 95 %, and " if forecast.forgets else ""
    parts = [f"For each word: {times_of}the chance that it is there at generation {_horizon(forecast)}."]
    if words < forecast.table.types:
        asked = " and those asked for" if forecast.listed else ""
        parts.append(
            f"The table holds the {words:,} words most at risk{asked}, of {forecast.table.types:,}; "
            "the more frequent ones are left out."
        )
    if len(forecast.by_count.count) < len(forecast.table.distinct()[0]):
        parts.append("A number after ≥ is the exact one of the next rarer count that was computed: a lower limit.")
    return escape(" ".join(parts))


def computed(forecast: Forecast) -> str:
    """Return what was computed and from what, as a list of terms."""
    table = forecast.table
    skipped = "; ".join(f"{number:,} {what}" for what, number in table.skipped.items())
    versions = forecast.provenance.get("versions", {})
    rows = {
        "Corpus": f"{shown(table.name, 1000)}: {table.tokens:,} tokens, {table.types:,} different words, "
        f"{table.singletons:,} of them seen once",
        "Passed over": shown(skipped, 1000) if skipped else "",
        "Each generation": _learned_from(forecast),
        "Generations": f"1 to {_horizon(forecast)}",
        "Method": f"exact, by the law '{forecast.provenance.get('source', 'ancestry')}'; no simulation",
        "Error": f"of the expected vocabulary and of the chances, relative, at most {forecast.error:.0e}; the 90 % "
        "interval is a normal approximation",
        "Law of thumb": "the generation by which a word is forgotten with chance 50 % is about 2.885 n p, where n is "
        "the sample size and p the word's share of the corpus; 2.885 × count if the sample is as large as the corpus"
        if forecast.forgets
        else "",
        "Versions": ", ".join(f"{_NAMES.get(name, name)} {value}" for name, value in versions.items()),
    }
    return "\n".join(f"<dt>{term}</dt>\n<dd>{escape(text)}</dd>" for term, text in rows.items() if text)


def _learned_from(forecast: Forecast) -> str:
    size, name = f"{forecast.sample_size:,}", forecast.workflow.name
    written = "tokens written by the one before, and from nothing else"
    said = written if forecast.forgets else f"tokens; {real_data(forecast.workflow)}"
    return f"learns how often each word occurs in {size} {said} (the workflow '{name}')"


def limits(forecast: Forecast) -> str:
    """Return the caveats, as list items."""
    return _items(
        [
            _not_counted(forecast),
            "Words are drawn one by one and independently. In documents a rare word comes in bursts; "
            "a model that writes in bursts too forgets it sooner.",
            "The model is the table of word frequencies itself. A language model shares what it knows between words "
            "and smooths: it can forget faster or slower.",
            "Every generation learns from the one before alone. Fresh human text, or keeping the older data, slows "
            "the loss or ends it."
            if forecast.forgets
            else "Real data are the corpus, or drawn from its law, every time: language does not change.",
            "More, with numbers, on the page 'What this does and does not say about a language model' of the "
            "documentation.",
        ]
    )


def _not_counted(forecast: Forecast) -> str:
    share = percent(forecast.table.unseen_mass)
    where = "and are not counted here" if forecast.unseen is None else "and are counted in their own section alone"
    return (
        f"Words that the corpus itself has not seen are lost before generation 1 {where}. By Good and Turing's "
        f"estimate they make up {share} of the language it comes from."
    )


def references(forecast: Forecast) -> str:
    """Return the sources, as list items."""
    uses = {
        SURESH_2024: "the rate at which words are forgotten",
        MOHLE_1999: "the duality behind the exact law",
        GOOD_1953: "the share of unseen words",
    }
    if forecast.unseen is not None:
        uses |= {
            CHAO_1984: "the number of unseen words",
            CHAO_1987: "its variance and interval",
            ESTY_1983: "the interval of their share",
        }
    return "\n".join(f"<li>{_source(source)} <span>({escape(use)})</span></li>" for source, use in uses.items())


def _source(source: Reference) -> str:
    return f'<a href="{escape(source.url)}">{escape(str(source))}</a>'


def bibtex() -> str:
    """Return the entries to cite: the paper and the software."""
    software = (
        "@software{modelcollapse,\n"
        "  author = {{The modelcollapse developers}},\n"
        "  title = {modelcollapse: exact laws of recursive training},\n"
        f"  version = {{{__version__}}},\n"
        "  year = {2026},\n"
        "  license = {Apache-2.0}\n}"
    )
    return f"{SURESH_2024.bibtex()}\n\n{software}"


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"<li>{escape(text)}</li>" for text in texts)


def _horizon(forecast: Forecast) -> str:
    return f"{int(forecast.generation[-1]):,}"
