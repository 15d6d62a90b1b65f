"""What a figure is made of: curves, the verdicts on them, and the sources behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.provenance import plain
from modelcollapse.reference import Reference

Floats = NDArray[np.float64]
Kind = Literal["exact", "asymptotic", "lower", "upper", "estimate", "spread", "path", "point"]

EXACT, SIMULATED = "exact law", "simulated, 95 % interval"


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve, or one cloud of points, of one panel.

    Parameters
    ----------
    panel : str
        Where it is drawn.
    name : str
        What the legend calls it: the exact law, a bound by its name in the catalogue, the simulation.
    kind : str
        As of a `Result`; "spread" is an exact curve about the law (a quantile, a standard deviation from the mean),
        "path" a single replicate, "point" a draw without order.
    x, value : array, shape (point,)
        `x` is the generation, unless the figure says otherwise.
    low, high : array or None
        Interval of `value`.
    """

    panel: str
    name: str
    kind: Kind
    x: Floats
    value: Floats
    low: Floats | None = None
    high: Floats | None = None

    @classmethod
    def of(cls, panel: str, name: str, kind: Kind, x: ArrayLike, value: ArrayLike, **interval: ArrayLike) -> Curve:
        """Return a curve of whatever can become an array of numbers."""
        ends = {side: np.asarray(end, dtype=np.float64) for side, end in interval.items()}
        return cls(panel, name, kind, np.asarray(x, np.float64), np.asarray(value, np.float64), **ends)


@dataclass(frozen=True)
class Verdict:
    """One statement that a figure checks about itself.

    Parameters
    ----------
    panel : str
    statement : str
        What should hold.
    holds : bool
        Whether it does; if not, something is wrong and the program says so.
    detail : str
        With which numbers: how loose a bound is, how far a simulation from its law.
    """

    panel: str
    statement: str
    holds: bool
    detail: str = ""

    def __str__(self) -> str:
        mark = "holds" if self.holds else "FAILS"
        return f"{mark}: {self.panel}: {self.statement}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, eq=False)
class FigureData:
    """Everything that a figure shows.

    Parameters
    ----------
    curves : tuple of Curve
    verdicts : tuple of Verdict
    references : tuple of Reference
        What the curves rest on, each once.
    facts : mapping
        What else a reader must know: the corpus with its hash, replicates, what was changed.
    """

    curves: tuple[Curve, ...]
    verdicts: tuple[Verdict, ...] = ()
    references: tuple[Reference, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every verdict holds."""
        return all(verdict.holds for verdict in self.verdicts)

    def columns(self) -> dict[str, list[Any]]:
        """Return one long table, a row per point; what a point does not have is None.

        Examples
        --------
        >>> data = FigureData((Curve.of("left", "exact law", "exact", [1, 2], [0.5, 0.25]),))
        >>> data.columns()["value"], data.columns()["low"]
        ([0.5, 0.25], [None, None])
        """
        names = ("panel", "curve", "kind", "x", "value", "low", "high")
        table: dict[str, list[Any]] = {name: [] for name in names}
        for curve in self.curves:
            points = len(curve.x)
            table["panel"] += [curve.panel] * points
            table["curve"] += [curve.name] * points
            table["kind"] += [curve.kind] * points
            for name in ("x", "value", "low", "high"):
                array = getattr(curve, name)
                table[name] += [None] * points if array is None else plain(array)
        return table

    def to_dict(self) -> dict[str, Any]:
        """Return all but the curves, as plain values."""
        return {
            "verdicts": [vars(verdict) for verdict in self.verdicts],
            "references": [vars(reference) for reference in self.references],
            "facts": plain(dict(self.facts)),
        }


def data_from(columns: Mapping[str, list[Any]], rest: Mapping[str, Any]) -> FigureData:
    """Return the data of which `columns` and `to_dict` were kept.

    Examples
    --------
    >>> data = FigureData((Curve.of("left", "exact law", "exact", [1, 2], [0.5, 0.25]),))
    >>> data_from(data.columns(), data.to_dict()).curves[0].value
    array([0.5 , 0.25])
    """
    heads = list(zip(columns["panel"], columns["curve"], columns["kind"], strict=True))
    edges = [i for i in range(len(heads)) if i == 0 or heads[i] != heads[i - 1]]
    curves = []
    for first, stop in zip(edges, [*edges[1:], len(heads)], strict=True):
        x, value, low, high = (
            np.array([np.nan if v is None else v for v in columns[name][first:stop]], dtype=np.float64)
            for name in ("x", "value", "low", "high")
        )
        ends = {side: end for side, end in (("low", low), ("high", high)) if not np.isnan(end).all()}
        panel, name, kind = heads[first]
        curves.append(Curve(panel, name, kind, x, value, **ends))
    return FigureData(
        tuple(curves),
        tuple(Verdict(**verdict) for verdict in rest["verdicts"]),
        tuple(Reference(**reference) for reference in rest["references"]),
        rest["facts"],
    )
