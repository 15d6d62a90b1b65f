"""What the door hands out: values that say what they are, how good they are and where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.provenance import Provenance, plain
from modelcollapse.reference import Reference

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Kind = Literal["exact", "asymptotic", "lower", "upper", "estimate"]


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to one question.

    Parameters
    ----------
    statistic : str
        What was asked.
    kind : str
        "exact", "asymptotic" (true in a limit, its error at hand unknown), "lower" or "upper" (a bound), or
        "estimate" (a simulation).
    source : str
        The law, the bound (``source.statement``) or "simulation".
    value : array
        Axes as in `dimensions`. Infinite where a time is never reached.
    dimensions : tuple of str
    coordinates : mapping of str to sequence
        Labels along each dimension.
    error : float or None
        Exact results: the largest error of `value`, relative (or absolute if `error_is_absolute`).
    sd : array or None
        Standard deviation over realisations of the recursion, where the statistic is a random number.
    sd_error : float or None
        The largest absolute error of `sd`, where it is exact.
    low, high : array or None
        Estimates: pointwise 95 % interval of `value`.
    undefined : array or None
        Estimates: how many replicates have no value and were left out; None if all have one.
    replicates : int or None
        Estimates from a simulation: how many runs.
    references : tuple of Reference
    provenance : Provenance
        What is needed to make the result again.
    """

    statistic: str
    kind: Kind
    source: str
    value: NDArray[np.float64]
    dimensions: tuple[str, ...]
    coordinates: Mapping[str, Sequence[Any]]
    references: tuple[Reference, ...]
    provenance: Provenance
    error: float | None = None
    error_is_absolute: bool = False
    sd: NDArray[np.float64] | None = None
    sd_error: float | None = None
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    undefined: NDArray[np.int64] | None = None
    replicates: int | None = None

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return the arrays that are there: value, and sd, low, high where given."""
        named = {"value": self.value, "sd": self.sd, "low": self.low, "high": self.high}
        return {name: array for name, array in named.items() if array is not None}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; times that are never reached are None."""
        return {
            "statistic": self.statistic,
            "kind": self.kind,
            "source": self.source,
            "dimensions": list(self.dimensions),
            "coordinates": plain(dict(self.coordinates)),
            **{name: plain(array) for name, array in self.arrays().items()},
            "error": self.error,
            "error_is_absolute": self.error_is_absolute,
            "sd_error": self.sd_error,
            "undefined": plain(self.undefined),
            "replicates": self.replicates,
            "references": [str(reference) for reference in self.references],
            "provenance": self.provenance.to_dict(),
        }

    def to_xarray(self) -> xr.Dataset:
        """Return a dataset with one variable per array (needs the extra ``xarray``)."""
        import xarray as xr

        variables = {name: (self.dimensions, array) for name, array in self.arrays().items()}
        attributes = {"statistic": self.statistic, "kind": self.kind, "source": self.source}
        return xr.Dataset(variables, dict(self.coordinates), attributes)

    def to_dataframe(self) -> pd.DataFrame:
        """Return a long table, one row per value (needs the extra ``dataframe``)."""
        import pandas as pd

        axes = [self.coordinates[name] for name in self.dimensions]
        index = pd.MultiIndex.from_product(axes, names=self.dimensions) if axes else [0]
        columns = {name: array.ravel() for name, array in self.arrays().items()}
        frame = pd.DataFrame(columns, index=index)
        return frame.reset_index() if axes else frame

    def __str__(self) -> str:
        return f"{self._headline()}\n{self._table()}"

    def __repr__(self) -> str:
        shape = " x ".join(f"{len(self.coordinates[name])} {name}" for name in self.dimensions)
        return f"Result({self.statistic}, {self.kind}, {self.source}, {shape or 'one value'})"

    def _headline(self) -> str:
        how = "absolute" if self.error_is_absolute else "relative"
        error = f", {how} error at most {self.error:.0e}" if self.error else ""
        runs = f", {self.replicates:,} replicates" if self.replicates else ""
        lost = ""
        if self.undefined is not None:
            lost = f"\nUp to {int(self.undefined.max()):,} replicates have no value and are left out."
        return f"{self.statistic}: {self.kind} ({self.source}{error}{runs}){lost}"

    def _table(self) -> str:
        if not self.dimensions:
            return f"{self.value:.8g}"
        rows = list(self.coordinates[self.dimensions[0]])
        shown = _few(len(rows))
        columns = {"": [_show(rows[i]) for i in shown]}
        for name, array in self.arrays().items():
            flat = array.reshape(len(rows), -1)
            for j in range(min(flat.shape[1], 6)):
                label = self._column_label(name, j, flat.shape[1])
                columns[label] = [f"{flat[i, j]:.8g}" for i in shown]
        columns[self.dimensions[0]] = columns.pop("")
        ordered = {self.dimensions[0]: columns.pop(self.dimensions[0]), **columns}
        widths = {name: max(len(name), *map(len, cells)) for name, cells in ordered.items()}
        lines = ["  ".join(name.rjust(widths[name]) for name in ordered)]
        for row in range(len(shown)):
            cells = (ordered[name][row].rjust(widths[name]) for name in ordered)
            lines.append("  ".join(cells))
        return "\n".join(lines)

    def _column_label(self, name: str, column: int, columns: int) -> str:
        if columns == 1:
            return name
        labels = self.coordinates[self.dimensions[1]]
        prefix = "" if name == "value" else f"{name} "
        return f"{prefix}{self.dimensions[1]} {labels[column]}"


class Results(Mapping[str, Result]):
    """The answers to several questions about one recursion, by the name of the statistic.

    With ``method="bounds"`` a statistic has one result per bound and side: `of` returns them all.
    """

    def __init__(self, results: Sequence[Result]) -> None:
        self._results = tuple(results)

    def of(self, statistic: str) -> tuple[Result, ...]:
        """Return every result about a statistic."""
        return tuple(r for r in self._results if r.statistic == statistic)

    def __getitem__(self, statistic: str) -> Result:
        found = self.of(statistic)
        if not found:
            raise KeyError(statistic)
        if len(found) > 1:
            raise InputError(
                f"There are {len(found)} results about {statistic!r}; `of({statistic!r})` returns them all."
            )
        return found[0]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(result.statistic for result in self._results))

    def __len__(self) -> int:
        return len(set(self))

    def __repr__(self) -> str:
        return f"Results({', '.join(map(repr, self._results))})"

    def __str__(self) -> str:
        return "\n\n".join(map(str, self._results))


def _few(rows: int, most: int = 20) -> list[int]:
    """All rows if they are few, otherwise a selection from first to last, denser at the start."""
    if rows <= most:
        return list(range(rows))
    spread = np.unique(np.geomspace(1, rows, most).round().astype(int)) - 1
    return [int(row) for row in spread]


def _show(label: Any) -> str:
    return str(label)
