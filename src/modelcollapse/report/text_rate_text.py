"""A language model that learns from its own text, in words and tables for a terminal, and in columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelcollapse.rating.text import TextRate
from modelcollapse.report.text_rate_chart import linearity
from modelcollapse.report.wording import percent, plural, table_lines
from modelcollapse.result import Result

_MOST_ROWS = 20
_INTERVAL, _AGREE = "95 % interval", "runs agree"


def text_rate_text(rate: TextRate, *, sources: bool = True) -> str:
    """Return the readable summary, with or without the list of sources.

    Examples
    --------
    >>> from modelcollapse import Recursion
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> from modelcollapse.rating.text import rate_text
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]], name="roses")
    >>> print(text_rate_text(rate_text(Recursion(NGram(2), text, 7), 3, replicates=20, rng=1)).splitlines()[0])
    roses: 7 words in 2 sentences, 4 different words
    """
    parts = [_opening(rate), _vocabulary(rate), _by_count(rate), *map(_other, rate.others), _closing(rate, sources)]
    return "\n\n".join(part for part in parts if part)


def text_rate_columns(rate: TextRate) -> dict[str, list[Any]]:
    """Return the curves by the names of their columns."""
    columns: dict[str, list[Any]] = {"generation": rate.generation.tolist(), **_curve("vocabulary", rate.vocabulary)}
    if rate.unigram is not None:
        columns["unigram"] = rate.unigram.value.tolist()
        if rate.unigram.sd is not None:
            columns["unigram_sd"] = rate.unigram.sd.tolist()
    for pace in rate.by_count:
        columns[f"left_of_count_{pace.count}"] = pace.left.tolist()
        if pace.unigram is not None:
            columns[f"unigram_left_of_count_{pace.count}"] = pace.unigram.tolist()
    for result in rate.others:
        columns |= _curves(result)
    return columns


def _opening(rate: TextRate) -> str:
    text, recursion = rate.text, rate.recursion
    details = _details({name: value for name, value in recursion.family.to_dict().items() if name != "name"})
    sizes = recursion.sample_size
    each = f"{sizes:,}" if isinstance(sizes, int) else f"{min(sizes):,} to {max(sizes):,}"
    size = f"{plural(text.tokens, 'word')} in {plural(text.sentences, 'sentence')}"
    first = f"{text.name}: {size}, {plural(rate.types, 'different word')}"
    writes = f"{each} word{'' if each == '1' else 's'}"
    second = f"Model: {recursion.family.name} ({', '.join(details)}); each generation writes {writes}"
    return f"{first}\n{second}; workflow {recursion.workflow.name}, sampler {recursion.sampler.name}."


def _details(parameters: dict[str, Any]) -> list[str]:
    """Say each parameter that is set; of a part of the model, as its smoothing, the name and then its own."""
    found = []
    for name, value in parameters.items():
        if isinstance(value, dict):
            found += [f"{name} {value['name']}", *_details({own: v for own, v in value.items() if own != "name"})]
        elif value is not None:
            found.append(f"{name} {value}")
    return found


def _vocabulary(rate: TextRate) -> str:
    columns = {"generation": [f"{k:,}" for k in rate.generation.tolist()]}
    cells = _cells("words left", rate.vocabulary, "{:,.1f}")
    columns |= cells
    columns["of vocabulary"] = [percent(value / rate.types) for value in rate.vocabulary.value.tolist()]
    if rate.unigram is not None:
        columns["one by one"] = [f"{value:,.1f}" for value in rate.unigram.value.tolist()]
    rows = _rows(len(rate.generation))
    lines = ["Vocabulary, simulated", *table_lines(list(columns), [[c[i] for c in columns.values()] for i in rows])]
    lines += _agreement(cells, rate.replicates)
    if rate.unigram is not None:
        lines.append("  one by one: the exact law of words drawn one by one, a model of order 1")
    else:
        lines.append("  no exact law of words drawn one by one covers this workflow")
    return "\n".join(lines)


def _by_count(rate: TextRate) -> str:
    last = f"{int(rate.generation[-1]):,}"
    shown = [pace for pace in rate.by_count if float(pace.left[-1]) < 1]
    if not shown:
        return f"No word of any count is lost by generation {last}."
    cells = [
        (
            pace.count,
            f"{pace.words:,}",
            percent(float(pace.left[-1])),
            "-" if pace.unigram is None else percent(float(pace.unigram[-1])),
            "-" if pace.times_as_long is None else f"{pace.times_as_long:.3f}",
        )
        for pace in shown
    ]
    heads = ("count", "words", f"left at {last}", "one by one", "times as long")
    lines = [f"Words left at generation {last}, by how often they occur in the corpus", *table_lines(heads, cells)]
    if any(pace.times_as_long is not None for pace in shown):
        lines.append("  times as long: how long it took to come so far, in terms of words drawn one by one")
    if linearity(rate):
        lines.append(linearity(rate))
    return "\n".join(lines)


def _other(result: Result) -> str:
    generations = result.coordinates["generation"]
    columns = {"generation": [f"{k:,}" for k in generations]}
    if result.value.ndim == 1:
        columns |= _cells("mean", result, "{:.5g}")
    else:
        labels = next(labels for axis, labels in result.coordinates.items() if axis != "generation")
        for number, label in enumerate(labels):
            columns[str(label)] = [f"{value:.5g}" for value in result.value[:, number].tolist()]
    rows = _rows(len(generations))
    return "\n".join(
        [
            f"{result.statistic.replace('_', ' ').capitalize()}, simulated",
            *table_lines(list(columns), [[column[i] for column in columns.values()] for i in rows]),
            *_agreement(columns, result.replicates or 0),
        ]
    )


def _closing(rate: TextRate, sources: bool) -> str:
    runs = f"{rate.replicates:,} run{'s' if rate.replicates != 1 else ''}"
    intervals = "pointwise 95 % intervals" if rate.replicates > 1 else "no interval, as that takes two"
    lines = [f"Simulated: {runs}, {intervals}; seed {rate.vocabulary.provenance.entropy}."]
    if rate.unigram is not None:
        lines.append(
            f"One by one: computed from the exact law '{rate.unigram.source}', relative error at most "
            f"{rate.unigram.error:.0e}."
        )
    if sources and rate.references():
        lines += ["Sources", *(f"  {reference}" for reference in rate.references())]
    return "\n".join(lines)


def _rows(number: int) -> list[int]:
    return (
        list(range(number))
        if number <= _MOST_ROWS
        else np.unique(np.linspace(0, number - 1, _MOST_ROWS, dtype=int)).tolist()
    )


def _cells(name: str, result: Result, form: str) -> dict[str, list[str]]:
    assert result.low is not None
    assert result.high is not None
    found = {name: [form.format(value) for value in result.value.tolist()]}
    if (result.replicates or 0) > 1:
        pairs = zip(result.low.tolist(), result.high.tolist(), strict=True)
        found[_INTERVAL] = [_AGREE if a == b else f"{form.format(a)} - {form.format(b)}" for a, b in pairs]
    return found


def _agreement(cells: dict[str, list[str]], runs: int) -> list[str]:
    """What follows where all runs gave the same number, from which no interval can be computed.

    A value that a run takes with probability p is the one that R runs agree on with probability p^R. Summed over all
    values with p below 1 - q that is at most (1 - q)^{R - 1}: a chance of .05 for the q stated.
    """
    if _AGREE not in cells.get(_INTERVAL, ()):
        return []
    differ = percent(1.0 - 0.05 ** (1.0 / (runs - 1)))
    return [f"  {_AGREE}: all {runs:,}; with 95 % confidence, another run differs with a chance of at most {differ}"]


def _curve(name: str, result: Result) -> dict[str, list[Any]]:
    assert result.low is not None
    assert result.high is not None
    sides = {"mean": result.value, "low": result.low, "high": result.high}
    return {f"{name}_{side}": values.tolist() for side, values in sides.items()}


def _curves(result: Result) -> dict[str, list[Any]]:
    if result.value.ndim == 1:
        return _curve(result.statistic, result)
    labels = next(labels for axis, labels in result.coordinates.items() if axis != "generation")
    return {f"{result.statistic}_{label}": result.value[:, i].tolist() for i, label in enumerate(labels)}
