"""A rate as text for a terminal: what is iterated, how fast it collapses, and what was known about it."""

from __future__ import annotations

import math

from modelcollapse.rating import Rate
from modelcollapse.rating.bounds import BoundCurves, Slack
from modelcollapse.rating.curve import curve_of, interval_of
from modelcollapse.report import rate_words as words
from modelcollapse.report.wording import percent, table_lines


def rate_text(rate: Rate, *, sources: bool = True) -> str:
    """Return the readable summary of a rate, with or without the list of its sources.

    Examples
    --------
    >>> from modelcollapse.rating.questions import of_symbol
    >>> from modelcollapse.rating import rate
    >>> question = of_symbol(100, count=1)
    >>> text = rate_text(rate(question.recursion, question.statistic, question.time_statistic, 50))
    >>> print(text.splitlines()[0])
    A symbol of probability 0.01. Each model learns from 100 draws of the one before, and from nothing else.
    """
    parts = [_opening(rate), _curve(rate), _moments(rate), _when(rate), _bounds(rate), _closing(rate, sources)]
    return "\n\n".join(part for part in parts if part)


def _opening(rate: Rate) -> str:
    return f"{words.subject(rate)}. {words.learning(rate.recursion)}\n{words.fate(rate)}".rstrip()


def _curve(rate: Rate) -> str:
    columns: dict[str, list[str]] = {"generation": [f"{k:,}" for k in rate.generation.tolist()]}
    if rate.exact is not None:
        columns["exact"] = [words.number(value) for value in curve_of(rate.exact).tolist()]
    for name, result in (("estimate", rate.estimate), ("simulated", rate.simulated)):
        if result is not None:
            low, high = (side.tolist() for side in interval_of(result))
            columns[name] = [words.number(value) for value in curve_of(result).tolist()]
            # The second interval of a table is set apart by a blank: columns have different names.
            head = "95 % interval" if "95 % interval" not in columns else "95 % interval "
            columns[head] = [f"{a:.4g} - {b:.4g}" for a, b in zip(low, high, strict=True)]
    for result in rate.asymptotic:
        columns[f"{result.source}*"] = [words.number(value) for value in curve_of(result).tolist()]
    lines = [words.quantity(rate)]
    if len(columns) == 1:
        return f"{lines[0]}: no exact law covers it; add a simulation (--simulate R). {words.same_fit(rate)}".rstrip()
    rows = words.milestones(rate.generation.tolist())
    lines += table_lines(list(columns), [[column[i] for column in columns.values()] for i in rows])
    if rate.asymptotic:
        lines.append("  * true in a limit only; see the catalogue")
    return "\n".join(lines)


def _moments(rate: Rate) -> str:
    if not rate.moments:
        return ""
    columns = {"generation": [f"{k:,}" for k in rate.generation.tolist()]}
    for result in rate.moments:
        columns[result.statistic.replace("_", " ")] = [words.number(value) for value in curve_of(result).tolist()]
    rows = words.milestones(rate.generation.tolist())
    known = f"Its moments follow from the exact law '{rate.moments[0].source}', in units of the variance of the start"
    cells = [[column[i] for column in columns.values()] for i in rows]
    return "\n".join([known, *table_lines(list(columns), cells)])


def _when(rate: Rate) -> str:
    lines = [words.quantiles(rate)] if words.quantiles(rate) else []
    found = rate.pace
    if found.median_by_thumb is not None:
        lines.append(f"Law of thumb for the half: {found.thumb} = {_generations(found.median_by_thumb)}.")
    if found.shrinks is not None and found.per_generation is not None:
        lines.append(_pace(rate))
    elif found.thumb is not None and rate.statistic.name == "nonzero":
        lines.append("There is no constant rate: the chance falls like 2 n lambda_0 / k, ever more slowly.")
    return "\n".join(lines)


def _pace(rate: Rate) -> str:
    found = rate.pace
    assert found.per_generation is not None
    half = found.generations_to_lose_half
    change = math.expm1(found.per_generation)
    verb = "falls" if change < 0 else "grows"
    average = "" if half is not None else " on average over these sample sizes"
    text = f"Rate constant: the {found.shrinks} {verb} by {percent(abs(change))} per generation{average}"
    halves = f", by half in {_generations(half)}" if half is not None and math.isfinite(half) else ""
    between = "" if found.interval is None else f", 95 % interval {found.interval[0]:.6g} to {found.interval[1]:.6g}"
    constant = f"{text}{halves} (in logarithm {found.per_generation:.6g}{between})."
    if found.spectrum is None:
        return constant
    few = found.spectrum if len(found.spectrum) <= 6 else (*found.spectrum[:3], None, *found.spectrum[-2:])
    shown = ", ".join("..." if each is None else f"{each:.6g}" for each in few)
    return f"{constant}\nPrincipal directions, slowest first: {shown} in logarithm per generation (Lyapunov spectrum)."


def _generations(number: float) -> str:
    shown = f"{number:.4g}"
    return f"{shown} generation{'' if shown == '1' else 's'}"


def _bounds(rate: Rate) -> str:
    if not rate.bounds:
        return words.no_bound(rate)
    last = int(rate.generation[-1])
    truth = "" if rate.exact is None else f"; the truth is {words.number(float(curve_of(rate.exact)[-1]))}"
    lines = [f"What bounds say at generation {last:,}{truth}"]
    heads = ["bound", "at least", "at most", "off by, below", "off by, above", "known from"]
    cells = [_bound_cells(bound, rate) for bound in rate.bounds]
    lines += table_lines(heads, cells, left=0)
    if rate.exact is not None:
        lines.append("  off by: the largest distance from the truth, and at which generation; never more than possible")
    lines += [f"  {bound.name}: {_in_words(bound)}" for bound in rate.bounds]
    return "\n".join(lines)


def _bound_cells(bound: BoundCurves, rate: Rate) -> list[str]:
    return [
        bound.name,
        words.bound_says(bound, "lower", rate),
        words.bound_says(bound, "upper", rate),
        _off(bound.lower_slack),
        _off(bound.upper_slack),
        bound.basis,
    ]


def _in_words(bound: BoundCurves) -> str:
    """Who says it, and what is said."""
    who = bound.basis if bound.basis == "derived here" else bound.reference.short
    return f"{who}, {bound.statement}"


def _off(slack: Slack | None) -> str:
    return "-" if slack is None else f"{slack.largest_gap:.3g} at {slack.at:,}"


def _closing(rate: Rate, sources: bool) -> str:
    lines = []
    if rate.exact is not None:
        how = "absolute" if rate.exact.error_is_absolute else "relative"
        lines.append(f"Computed from the exact law '{rate.exact.source}', {how} error at most {rate.exact.error:.0e}.")
    if rate.estimate is not None:
        lines.append(
            f"Estimated by the law '{rate.estimate.source}': one step is sampled, always the same sample, the rest is "
            "computed; pointwise 95 % intervals."
        )
    if rate.simulated is not None:
        entropy = rate.simulated.provenance.entropy
        lines.append(f"Simulated: {_replicates(rate)}; pointwise 95 % intervals; seed {entropy}.")
        if rate.simulated.undefined is not None:
            most = int(rate.simulated.undefined.max())
            lines.append(f"Up to {most:,} runs have no value at a generation: left out, not taken for collapsed.")
    if words.agreement(rate):
        lines.append(words.agreement(rate))
    if sources and rate.references():
        lines += ["Sources", *(f"  {reference}" for reference in rate.references())]
    return "\n".join(lines)


def _replicates(rate: Rate) -> str:
    return f"{rate.replicates:,} run{'s' if rate.replicates != 1 else ''}"
