"""A plan in words: what is to be kept, and the answer."""

from __future__ import annotations

from modelcollapse.planning.plan import Plan
from modelcollapse.planning.setting import Setting
from modelcollapse.planning.solver import Point
from modelcollapse.planning.target import CorpusTarget, Scale, Target, Words

LEVER = {"sample-size": "sample size", "fresh": "fresh share", "growth": "growth of the sample size"}
COLUMN = {"sample-size": "sample size", "fresh": "fresh share", "growth": "growth"}


def goal(target: Target) -> str:
    """Return what must be kept, as the end of 'To ...'."""
    horizon = f"for {target.generations:,} generation{'' if target.generations == 1 else 's'}"
    if isinstance(target, Scale):
        return (
            f"keep the standard deviation above {target.factor:g} times the true one {horizon}, with a chance of "
            f"{_asked(target.required)}"
        )
    assert isinstance(target, CorpusTarget)
    what = f"{target.what} that one faithful resample keeps" if target.relative else target.what
    sure = getattr(target, "confidence", None)
    confidence = f", with a chance of {_asked(sure)} (normal approximation)" if sure is not None else " on average"
    return f"keep {_asked(target.required)} of {what} {horizon}{confidence}"


def _asked(share: float) -> str:
    """A share as it was asked for: not rounded."""
    return f"{100 * share:.10g} %"


def verdict(plan: Plan) -> str:
    """Return the answer in a sentence."""
    found = plan.answer
    levers = " and ".join(LEVER[name] for name in plan.vary)
    if found is None:
        no_choice = len(plan.vary) > 1 and bool(plan.curve)
        opening = f"Many pairs of {levers} are" if no_choice else f"No {levers} is"
        return f"{opening} enough to {goal(plan.target)}: {plan.reason}."
    parts = [_part(name, plan, found) for name in plan.vary]
    cost = "" if found.cost is None else f" It costs {found.cost:,.6g}."
    cheapest = "The cheapest way to" if len(plan.vary) > 1 else "To"
    joint = " is to " if len(plan.vary) > 1 else ", "
    return f"{cheapest} {goal(plan.target)}{joint}{' and '.join(parts)}.{cost}"


def _part(name: str, plan: Plan, found: Point) -> str:
    setting, table = found.setting, plan.corpus
    if name == "sample-size":
        times = "" if table is None else f", {setting.sample_size / table.tokens:,.4g} times the corpus"
        unit = "draws" if table is None else "tokens"
        fixed = "" if "fresh" in plan.vary else _fresh(setting)
        which = "each generation" if setting.growth == 1.0 else "the first generation"
        more = "" if setting.growth == 1.0 else f", and each later one on {_more(plan, setting)}"
        return f"train {which} on {setting.sample_size:,} {unit}{times}{fixed}{more}"
    if name == "fresh":
        if "sample-size" in plan.vary:
            size = ""
        elif setting.growth == 1.0:
            size = f" of the {setting.sample_size:,} tokens"
        else:
            size = f" of the tokens ({setting.sample_size:,} at first, then {_more(plan, setting)})"
        return f"let {100 * setting.fresh:.6g} %{size} of each generation be new real data"
    return f"let each generation have {_more(plan, setting)}{_fresh(setting)}"


def _more(plan: Plan, setting: Setting) -> str:
    """Return how sizes grow."""
    last = setting.last_size(plan.target.generations)
    return f"{100 * (setting.growth - 1.0):.4g} % more draws than the one before, {last:,} in the end"


def _fresh(setting: Setting) -> str:
    """Return the share of fresh data that does not vary, if there is any."""
    return f", {100 * setting.fresh:.6g} % of them fresh" if setting.fresh else ""


def lever_value(name: str, point: Point) -> str:
    """Return where a lever stands, for a table."""
    setting = point.setting
    if name == "sample-size":
        return f"{setting.sample_size:,}"
    return f"{100 * setting.fresh:.6g} %" if name == "fresh" else f"{setting.growth:.4f}"


def kept_title(target: Target) -> str:
    """Return what a table or an axis of what is kept is called."""
    if isinstance(target, Scale):
        event = f"the scale is above {target.factor:g} times the true one"
        return f"Chance that {event} at generation {target.generations:,}"
    relative = ", of what one faithful resample keeps" if getattr(target, "relative", False) else ""
    what = "words" if isinstance(target, Words) else "text"
    return f"Share of the {what} kept at generation {target.generations:,}{relative}"
