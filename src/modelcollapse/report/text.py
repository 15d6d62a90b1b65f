"""A forecast as text for a terminal: what happens, in words, with the numbers that matter."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from modelcollapse.comparing import Comparison
from modelcollapse.forecasting import CountForecast, Forecast, WordForecast
from modelcollapse.forecasting.unseen_words import ASSUMPTIONS
from modelcollapse.report.wording import generation, percent, plural, shorten, table_lines
from modelcollapse.report.workflow_words import real_data


def forecast_text(forecast: Forecast) -> str:
    """Return the readable summary of a forecast.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5], name="a note")
    >>> print(forecast_text(forecast(table, generations=2)).splitlines()[0])
    a note: 11 tokens, 3 different words, 1 of them seen once (33.3 %)
    """
    parts = [
        _opening(forecast),
        _vocabulary(forecast),
        _by_count(forecast),
        _words("Words asked for", forecast.listed, forecast),
        _words("Most at risk", forecast.words, forecast),
        comparison_text(forecast.comparison),
        unseen_text(forecast),
        _closing(forecast),
    ]
    return "\n\n".join(part for part in parts if part)


def _opening(forecast: Forecast) -> str:
    table = forecast.table
    once = f"{table.singletons:,} of them seen once ({percent(table.singletons / table.types)})"
    first = f"{table.name}: {plural(table.tokens, 'token')}, {plural(table.types, 'different word')}, {once}"
    size = plural(forecast.sample_size, "token")
    learns = f"Each generation of model learns from {size}"
    second = f"{learns} written by the one before, and from nothing else."
    return f"{first}\n{second if forecast.forgets else f'{learns}; {real_data(forecast.workflow)}.'}"


def _vocabulary(forecast: Forecast) -> str:
    rows = _milestones(forecast.generation.tolist())
    types = forecast.table.types
    cells = [
        (
            f"{int(forecast.generation[i]):,}",
            f"{forecast.mean[i]:,.1f}",
            f"{forecast.sd[i]:,.1f}",
            f"{forecast.low[i]:,.0f} - {forecast.high[i]:,.0f}",
            percent(forecast.mean[i] / types),
            percent(forecast.lost_mass[i]),
        )
        for i in rows
    ]
    gone = "forgotten by then" if forecast.forgets else "absent"
    heads = ("generation", "words left", "sd", "90 % interval*", "of vocabulary", "text lost**")
    return "\n".join(
        [
            "Vocabulary, expected",
            *table_lines(heads, cells),
            "  *  normal approximation, mean +- 1.645 sd; mean and sd are exact",
            f"  ** share of the corpus's text made of words that are {gone}",
            _half_gone(forecast),
        ]
    )


def _half_gone(forecast: Forecast) -> str:
    half = forecast.half_gone
    if math.isinf(half):
        never, by = ("never", "") if forecast.forgets else ("not", f" by generation {int(forecast.generation[-1]):,}")
        return f"Half of the vocabulary is {never} expected to be gone{by}."
    noun = f"generation {int(half):,}"
    return f"Half of the vocabulary is gone by {noun}."


def _by_count(forecast: Forecast) -> str:
    by_count = forecast.by_count
    examples = _examples(forecast)
    cells = [
        (
            f"{int(by_count.count[i]):,}",
            f"{int(by_count.words[i]):,}",
            shorten(examples[int(by_count.count[i])]),
            *(generation(by_count.forgotten[level, i]) for level in range(3)),
            generation(by_count.thumb[i]),
            _chance(by_count.survival[i], int(by_count.count[i]), forecast),
        )
        for i in _spread(by_count)
    ]
    heads = ("count", "words", "such as", "5 %", "half", "95 %", "thumb", _left(forecast))
    if not forecast.forgets:
        without = [(*row[:3], row[-1]) for row in cells]
        title = "Whether a word is there, by how often it occurs; what is absent may come back, so nothing has a time"
        return "\n".join([title, *table_lines((*heads[:3], heads[-1]), without, left=2)])
    return "\n".join(
        [
            "When a word is forgotten, by how often it occurs (generation by which 5 %, half, 95 % of runs lost it)",
            *table_lines(heads, cells, left=2),
            f"  thumb: the law of thumb for the half, {_thumb(forecast)}",
        ]
    )


def _thumb(forecast: Forecast) -> str:
    if forecast.sample_size == forecast.table.tokens:
        return "2.885 x count"
    return f"2.885 x count x {forecast.sample_size / forecast.table.tokens:.4g} (sample size / corpus)"


def _words(title: str, words: Sequence[WordForecast], forecast: Forecast) -> str:
    missing = forecast.missing if title == "Words asked for" else ()
    if not words and not missing:
        return ""
    cells = [
        (
            shorten(word.word) + (f" ({plural(len(word.members), 'word')})" if word.members else ""),
            f"{word.count:,}",
            generation(word.early),
            generation(word.median),
            generation(word.late),
            _chance(word.survival, word.count, forecast),
        )
        for word in words
    ]
    heads = ("word", "count", "5 %", "half", "95 %", _left(forecast))
    rows: Sequence[Sequence[str]] = cells if forecast.forgets else [(*row[:2], row[-1]) for row in cells]
    shown: Sequence[str] = heads if forecast.forgets else (*heads[:2], heads[-1])
    lines = [title, *table_lines(shown, rows, left=0)] if cells else [title]
    if missing:
        lines.append(f"  not in the corpus: {', '.join(map(shorten, missing))}")
    return "\n".join(lines)


def _chance(survival: float, count: int, forecast: Forecast) -> str:
    """Return a chance to survive: only a word that is the whole corpus is sure to, whatever rounding says."""
    return percent(survival if count == forecast.table.tokens else min(survival, 1.0 - 1e-12))


def _closing(forecast: Forecast) -> str:
    table = forecast.table
    unseen = (
        "Words that the corpus itself has not seen are counted under 'Words never seen' alone."
        if forecast.unseen is not None
        else f"Not counted: words that the corpus itself has not seen. By Good and Turing's estimate they make up "
        f"{percent(table.unseen_mass)} of the language it was drawn from, and are lost before generation 1."
    )
    simulated = forecast.comparison is not None and any(c.kind != "exact" for c in forecast.comparison.curves)
    nothing = "no simulation, except of the workflow set beside that has no law" if simulated else "no simulation"
    exact = f"Computed from the exact law '{_law(forecast)}', relative error at most {forecast.error:.0e}; {nothing}."
    caveat = "Words are taken as drawn one by one: see the page of the documentation on what this does not say."
    return "\n".join([unseen, f"{exact} {caveat}"])


def comparison_text(comparison: Comparison | None) -> str:
    """Return workflows side by side as a table, or nothing where none are compared."""
    if comparison is None:
        return ""
    rows = _milestones(comparison.generation.tolist())[-3:]
    types, priced = comparison.table.types, any(curve.cost is not None for curve in comparison.curves)
    heads = ["workflow", *(f"left at {int(comparison.generation[i]):,}" for i in rows), "fresh tokens", "synthetic"]
    heads += ["trained on", *(["cost"] if priced else []), "by"]
    cells = [
        [
            curve.label,
            *(percent(curve.mean[i] / types) for i in rows),
            *map(_tokens, (curve.fresh, curve.synthetic, curve.trained)),
            *([f"{curve.cost:,.6g}"] if curve.cost is not None else []),
            "exact law" if curve.kind == "exact" else "simulation",
        ]
        for curve in comparison.curves
    ]
    return "\n".join(["Workflows side by side; tokens of all generations together", *table_lines(heads, cells, left=0)])


def _tokens(number: float) -> str:
    return f"{number:,.0f}" if number < 1e12 else f"{number:.4g}"


def unseen_text(forecast: Forecast) -> str:
    """Return what is left of all words, those included that the corpus never saw, or nothing if it was not asked."""
    unseen = forecast.unseen
    if unseen is None:
        return ""
    found, rows = unseen.estimate, _milestones(forecast.generation.tolist())
    cells = [
        (
            f"{int(forecast.generation[i]):,}",
            percent(unseen.share[i]),
            f"{percent(unseen.share_low[i])} - {percent(unseen.share_high[i])}",
            percent(unseen.lost_mass[i]),
        )
        for i in rows
    ]
    half = "from the start, in the corpus itself" if unseen.half_gone == 0 else f"by generation {unseen.half_gone:,.0f}"
    return "\n".join(
        [
            f"Words never seen: at least {found.words:,.0f} more, 95 % interval {found.low:,.0f} to {found.high:,.0f} "
            "(Chao)",
            f"They make up {percent(found.mass)} of the language's text, 95 % interval {percent(found.mass_low)} to "
            f"{percent(found.mass_high)} (Good and Turing)",
            *table_lines(("generation", "of all words", "95 % interval", "of the language's text lost"), cells),
            "Half of all words is not expected to be gone."
            if math.isinf(unseen.half_gone)
            else f"Half of all words is gone {half}.",
            *(f"  assumed: {assumption}" for assumption in ASSUMPTIONS),
        ]
    )


def _law(forecast: Forecast) -> str:
    return str(forecast.provenance["source"])


def _left(forecast: Forecast) -> str:
    return f"left at {int(forecast.generation[-1]):,}"


def _milestones(generations: list[int]) -> list[int]:
    """Rows at 1, 2, 5, 10, 20, 50, ... and the last."""
    rows, wanted = [], 1
    for row, value in enumerate(generations):
        if value >= wanted or row == len(generations) - 1:
            rows.append(row)
        while wanted <= value:
            wanted = _next_round(wanted)
    return rows


def _next_round(value: int) -> int:
    leading = int(str(value)[0])
    return value * 5 // 2 if leading == 2 else value * 2


def _spread(by_count: CountForecast, rows: int = 12) -> list[int]:
    """Rows spread evenly over the logarithm of the count."""
    logs = np.log(by_count.count)
    targets = np.linspace(logs[0], logs[-1], rows)
    nearest = np.abs(logs[None, :] - targets[:, None]).argmin(axis=1)
    return np.unique(nearest).tolist()


def _examples(forecast: Forecast) -> dict[int, str]:
    """The first word, in the order of the alphabet, of every count."""
    counts = np.asarray(forecast.table.counts)
    first = np.searchsorted(-counts, -forecast.by_count.count, side="left")
    pairs = zip(forecast.by_count.count.tolist(), first.tolist(), strict=True)
    return {count: forecast.table.words[place] for count, place in pairs}
