"""What bounds say beside a rate, and how far they are from the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import BOUNDS, Bound
from modelcollapse.door import solve
from modelcollapse.provenance import plain
from modelcollapse.rating.curve import curve_of
from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.statistics import Statistic

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


@dataclass(frozen=True)
class Slack:
    """How far one side of a bound is from the truth, after clipping it to what is possible.

    Parameters
    ----------
    largest_gap : float
        The largest distance at any generation of the curve.
    at : int
        The first generation at which the distance is that large.
    final_gap : float
        The distance at the last generation.
    final_factor : float
        Bound divided by truth at the last generation; infinite where the truth is 0 and the bound is not.
    """

    largest_gap: float
    at: int
    final_gap: float
    final_factor: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: plain(value) for name, value in vars(self).items()}


@dataclass(frozen=True, eq=False)
class BoundCurves:
    """What one bound says, as it was stated, and how loose it is.

    Parameters
    ----------
    name : str
        ``source.statement``.
    title : str
        The same in words, as "Suresh et al. 2025, Theorem 1".
    statement, validity, basis : str
        What it says, where, and how that is known.
    reference : Reference
    lower, upper : array or None
        Curves along the generations; a side that the bound does not have is None.
    lower_slack, upper_slack : Slack or None
        None where a side is missing or the truth is not known exactly.
    """

    name: str
    title: str
    statement: str
    validity: str
    basis: str
    reference: Reference
    lower: Floats | None
    upper: Floats | None
    lower_slack: Slack | None
    upper_slack: Slack | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; infinite ones are None."""
        sides = (("lower", self.lower_slack), ("upper", self.upper_slack))
        return {
            "lower": plain(self.lower),
            "upper": plain(self.upper),
            "slack": {side: slack.to_dict() for side, slack in sides if slack is not None},
            "statement": self.statement,
            "validity": self.validity,
            "basis": self.basis,
            "reference": str(self.reference),
        }


def bound_curves(
    recursion: Recursion, statistic: Statistic, wanted: Generations, truth: Floats | None
) -> tuple[BoundCurves, ...]:
    """Return what every bound that applies says along the generations; how loose it is where the truth is known."""
    sides: dict[str, dict[str, Floats]] = {}
    for result in solve(recursion, statistic, wanted, method="bounds").of(statistic.name):
        sides.setdefault(result.source, {})[result.kind] = curve_of(result)
    known: dict[str, Bound] = {bound.name: bound for bound in BOUNDS}
    possible = statistic.possible(recursion)

    def slack(curve: Floats | None) -> Slack | None:
        return None if curve is None or truth is None else _slack(np.clip(curve, *possible), truth, wanted)

    return tuple(
        BoundCurves(
            name=name,
            title=known[name].title,
            statement=known[name].said,
            validity=known[name].validity,
            basis=known[name].basis,
            reference=known[name].reference,
            lower=side.get("lower"),
            upper=side.get("upper"),
            lower_slack=slack(side.get("lower")),
            upper_slack=slack(side.get("upper")),
        )
        for name, side in sides.items()
    )


def _slack(curve: Floats, truth: Floats, wanted: Generations) -> Slack:
    gap = np.abs(curve - truth)
    largest = int(gap.argmax())
    last, true_last = float(curve[-1]), float(truth[-1])
    factor = 1.0 if last == true_last else float("inf") if true_last == 0 else last / true_last
    return Slack(float(gap[largest]), int(wanted[largest]), float(gap[-1]), factor)
