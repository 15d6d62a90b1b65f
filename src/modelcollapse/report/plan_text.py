"""A plan as text for a terminal."""

from __future__ import annotations

from modelcollapse.planning.plan import Plan
from modelcollapse.planning.solver import Point
from modelcollapse.planning.target import Scale
from modelcollapse.report import plan_words as words
from modelcollapse.report.wording import percent, table_lines


def plan_text(plan: Plan) -> str:
    """Return the readable summary of a plan.

    Examples
    --------
    >>> from modelcollapse.planning import plan_scale
    >>> print(plan_text(plan_scale(100, keep=0.5)).splitlines()[0][:76])
    To keep the standard deviation above 0.5 times the true one for 100 generati
    """
    parts = [_opening(plan), _curve(plan), _closing(plan)]
    return "\n\n".join(part for part in parts if part)


def _opening(plan: Plan) -> str:
    table = plan.corpus
    lines = [] if table is None else [f"{table.name}: {table.tokens:,} tokens, {table.types:,} different words"]
    lines.append(words.verdict(plan))
    if plan.missing:
        lines.append(f"Not in the corpus: {', '.join(plan.missing[:10])}{' ...' if len(plan.missing) > 10 else ''}")
    return "\n".join(lines)


def _curve(plan: Plan) -> str:
    if not plan.curve:
        return ""
    heads = [words.COLUMN[name] for name in plan.vary]
    corpus = plan.corpus if "sample-size" in plan.vary else None
    heads += ["x corpus"] if corpus is not None else []
    confident = any(point.kept.low != point.kept.mean for point in plan.curve)
    heads += ["chance" if isinstance(plan.target, Scale) else "kept", *(["for sure*"] if confident else [])]
    priced = any(point.cost is not None for point in plan.curve)
    heads += ["cost"] if priced else []
    rows = []
    for point in plan.curve:
        row = [words.lever_value(name, point) for name in plan.vary]
        row += [] if corpus is None else [f"{point.setting.sample_size / corpus.tokens:,.4g}"]
        row += [percent(point.kept.mean), *([percent(max(point.kept.low, 0.0))] if confident else [])]
        row += [f"{point.cost:,.6g}"] if priced else []
        rows.append([*row, _mark(plan, point)])
    title = "Settings that are just enough" if len(plan.vary) > 1 else words.kept_title(plan.target)
    note = "  * kept with the chance asked for, by normal approximation: mean - z sd, both exact"
    return "\n".join([title, *table_lines([*heads, ""], rows, left=len(heads)), *([note] if confident else [])])


def _mark(plan: Plan, point: Point) -> str:
    if plan.answer is None or point.setting != plan.answer.setting:
        return ""
    return "<- cheapest" if len(plan.vary) > 1 else "<- answer"


def _closing(plan: Plan) -> str:
    exact = "Computed by bracketing on exact laws; no simulation."
    if isinstance(plan.target, Scale):
        return exact
    return f"{exact}\nWords are taken as drawn one by one: see the page of the documentation on what this does not say."
