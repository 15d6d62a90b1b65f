"""A fit as text for a terminal: what the generations say, with how sure it is."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from modelcollapse.fitting import Fit
from modelcollapse.provenance import plain
from modelcollapse.report import fit_words as words
from modelcollapse.report.wording import percent, shorten, table_lines

_WIDTH, _NAME_WIDTH = 110, 24


def fit_text(fit: Fit) -> str:
    """Return the readable summary of a fit.

    Examples
    --------
    >>> from modelcollapse import CountTable, fit
    >>> real = CountTable.from_counts(["a", "b", "c"], [50, 30, 20], name="real")
    >>> synthetic = CountTable.from_counts(["a", "b"], [60, 40], name="synthetic")
    >>> print(fit_text(fit([real, synthetic], rng=1)).splitlines()[0])
    Generations
    """
    parts = [_observed(fit), _baseline(fit), _estimates(fit), _checks(fit), _forecast(fit), _closing(fit)]
    return "\n\n".join(part for part in parts if part)


def fit_columns(fit: Fit) -> dict[str, list[Any]]:
    """Return what was observed, generation by generation, beside what the fit and chance alone predict."""
    observed, vocabulary, covered = fit.observed, fit.vocabulary, fit.coverage
    own = np.full((4, len(observed.generation)), np.nan)
    rows = np.searchsorted(observed.generation, covered.generation)
    own[:, rows] = covered.observed, covered.chance, covered.chance_sd, covered.score
    return {
        "generation": plain(observed.generation),
        "tokens": plain(observed.tokens),
        "types": plain(observed.types),
        "outside": plain(observed.outside),
        "fitted_types": plain(vocabulary.mean),
        "fitted_low_95": plain(vocabulary.low),
        "fitted_high_95": plain(vocabulary.high),
        "coverage": plain(own[0]),
        "chance_mean": plain(own[1]),
        "chance_sd": plain(own[2]),
        "score": plain(own[3]),
    }


def short_name(name: str) -> str:
    """Return the end of a name, which tells generations apart, fit for a table.

    Examples
    --------
    >>> short_name("corpora/of/the/real/world/generation-1.csv")
    '...orld/generation-1.csv'
    """
    return shorten(name) if len(name) <= _NAME_WIDTH else f"...{shorten(name[3 - _NAME_WIDTH :])}"


def _observed(fit: Fit) -> str:
    observed, vocabulary = fit.observed, fit.vocabulary
    cells = [
        (
            f"{generation}",
            short_name(name),
            f"{tokens:,}",
            f"{types:,}",
            f"{vocabulary.mean[i]:,.0f}",
            f"{vocabulary.low[i]:,.0f} - {vocabulary.high[i]:,.0f}" if i or _first_is_sampled(fit) else "",
        )
        for i, (generation, name, tokens, types) in enumerate(
            zip(observed.generation, observed.names, observed.tokens, observed.types, strict=True)
        )
    ]
    heads = ("generation", "from", "tokens", "words", "words by the fit", "95 % of histories")
    title = "Generations" if fit.counts_are == "training-set" else "Generations, by samples of what they write"
    lines = [title, *table_lines(heads, cells, left=1)]
    outside = int(observed.outside.sum())
    if outside:
        lines.append(f"  left out: {outside:,} tokens of words that generation 0 lacks")
    return "\n".join(lines)


def _first_is_sampled(fit: Fit) -> bool:
    """Whether the first generation observed is one of those that the fit simulates."""
    return fit.counts_are == "sample" and int(fit.observed.generation[0]) > 0


def _baseline(fit: Fit) -> str:
    covered = fit.coverage
    cells = [
        (
            f"{int(covered.generation[i])}",
            percent(float(covered.observed[i])),
            words.resample(fit, i),
            f"{covered.score[i]:+,.1f} sd",
        )
        for i in range(len(covered.generation))
    ]
    heads = ("generation", "covers", "one faithful resample", "difference")
    note = "mean and standard deviation for as many tokens drawn once from it, by the exact law"
    if fit.counts_are == "sample":
        note += "; a sample shows no more words than its training set held"
    table = table_lines(heads, cells) if len(cells) > 1 else []
    return "\n".join(["Coverage beside chance", words.baseline(fit), *table, f"  resample: {note}"])


def _estimates(fit: Fit) -> str:
    rows = []
    if fit.fresh is not None:
        rows.append(("fresh share", *map(percent, (fit.fresh.value, fit.fresh.low, fit.fresh.high))))
    else:
        rows.append(("fresh share", percent(fit.fresh_used), "", ""))
    spread, size = fit.dispersion, fit.sample_size
    if spread is not None:
        rows.append(("dispersion", *(f"{value:.4g}" for value in (spread.value, spread.low, spread.high))))
    rows.append(("effective sample size", *map(words.size, (size.value, size.low, size.high))))
    lines = ["Estimates, with 95 % intervals by parametric bootstrap"]
    lines += table_lines(("", "estimate", "from", "to"), rows, left=0)
    if fit.fresh is None:
        lines.append(f"  fresh share: {fit.fresh_reason}")
    if fit.sample_size_reason:
        said = f"effective sample size: {fit.sample_size_reason}"
        lines += textwrap.wrap(said, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if spread is not None:
        lines.append("  dispersion: variance of the counts over that of as many independent draws; sample size over it")
    else:
        lines.append("  the noise of the samples is taken out: the size is that of the training sets")
    return "\n".join(lines)


def _checks(fit: Fit) -> str:
    cells = [(check.name, f"{check.value:+.3g}", f"{check.p_value:.2g}", check.meaning) for check in fit.checks]
    verdict = (
        "No check speaks against the model."
        if fit.fits
        else "The model does not fit: do not trust the estimates beyond what they describe."
    )
    table = table_lines(("", "value", "p", "under the model"), [(*row[:3], "") for row in cells], left=0)
    lines = [f"{line:<34}{row[3]}" for line, row in zip(table[1:], cells, strict=True)]
    return "\n".join(["Does the model fit?", f"{table[0]:<34}".rstrip(), *lines, verdict])


def _forecast(fit: Fit) -> str:
    result = fit.forecast
    if result is None:
        return "No forecast: it takes an effective sample size."
    generations = result.coordinates["generation"]
    types = int(fit.observed.types[0]) if fit.observed.origin is None else int((fit.observed.origin > 0).sum())
    rows = [i for i, k in enumerate(generations) if k in _round(int(generations[0]), int(generations[-1]))]
    cells = [(f"{generations[i]:,}", f"{result.value[i]:,.1f}", percent(float(result.value[i]) / types)) for i in rows]
    how = f"by the exact law '{result.source}'" if result.kind == "exact" else f"simulated, {result.replicates} runs"
    where = "" if fit.counts_are == "training-set" else " in the training sets"
    title = f"If it goes on so: words expected{where}, {how}"
    return "\n".join([title, *table_lines(("generation", "words left", "of vocabulary"), cells)])


def _round(first: int, last: int) -> set[int]:
    """The first and the last generation and those at 1, 2, 5, 10, ... between them."""
    found, value = {first, last}, 1
    while value <= last:
        found.add(value)
        value = value * 5 // 2 if str(value)[0] == "2" else value * 2
    return found


def _closing(fit: Fit) -> str:
    counts = (
        "the counts are what each generation was trained on"
        if fit.counts_are == "training-set"
        else "the counts are samples of what each generation writes, whose training sets were all of one size"
    )
    text = (
        f"Assumed: words are drawn one by one, and {counts}. "
        f"Bootstrap of {fit.replicates} histories, seed {fit.provenance['entropy']}."
    )
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False))
