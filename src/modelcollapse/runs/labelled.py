"""Rows as a labelled array: an axis for each path of the grid, for the generation, and for what else there is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from modelcollapse.runs.spec import Spec

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

_QUANTITIES = ("value", "sd", "low", "high", "error", "replicates", "undefined")
_STEP = "zip_step"


def dataset(rows: pa.Table, spec: Spec) -> xr.Dataset:
    """Return a dataset with one variable per statistic and quantity; what was not computed is not a number.

    `mean_scale` holds the values and `mean_scale_low` the lower ends of their intervals; a bound is
    `mean_scale_lower_SOURCE`. A statistic that is asked for twice gets a number; its details are an attribute. Where
    paths change together, they share the axis `zip_step`.
    """
    import xarray as xr

    frame = rows.to_pandas()
    axes = [*([_STEP] if spec.zip else []), *spec.grid, *(["part"] if "part" in frame else [])]
    if spec.zip:
        frame[_STEP] = _steps(frame, spec)
    found: dict[str, Any] = {}
    for name, details, part in _variables(frame):
        place, labelled = _placed(part, axes)
        for quantity in _QUANTITIES:
            if labelled[quantity].notna().any():
                variable = labelled.set_index(place)[quantity].to_xarray().astype(float)
                variable.attrs = {"details": details}
                found[name if quantity == "value" else f"{name}_{quantity}"] = variable
    made = xr.Dataset(found, attrs={"spec": json.dumps(spec.identity, sort_keys=True, default=str)})
    if spec.zip and found:
        together = frame.drop_duplicates(_STEP).set_index(_STEP).loc[made[_STEP].to_numpy()]
        made = made.assign_coords({path: (_STEP, together[path].to_numpy()) for path in spec.zip})
    return made


def _steps(frame: pd.DataFrame, spec: Spec) -> Any:
    """The number of each row's step of `zip`."""
    known = frame[list(spec.zip)].drop_duplicates().reset_index(drop=True)
    known[_STEP] = range(len(known))
    return frame[list(spec.zip)].merge(known, how="left")[_STEP].to_numpy()


def _variables(frame: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Name, details and rows of each statistic, and of each bound on it."""
    found = []
    for statistic, about in frame.groupby("statistic", sort=False):
        asked = list(about.groupby(about["details"].fillna(""), sort=False))
        for number, (details, part) in enumerate(asked, start=1):
            name = str(statistic) if len(asked) == 1 else f"{statistic}_{number}"
            bounds = part["kind"].isin(["lower", "upper", "asymptotic"])
            if not bounds.all():
                found.append((name, str(details), part[~bounds]))
            for (kind, source), side in part[bounds].groupby(["kind", "source"], sort=False):
                found.append((f"{name}_{kind}_{source}", str(details), side))
    return found


def _placed(part: pd.DataFrame, axes: list[str]) -> tuple[list[str], pd.DataFrame]:
    """The axes of a statistic, and its rows with a column for each."""
    import pandas as pd

    labelled, names = part.copy(), list(axes)
    if labelled["generation"].notna().all():
        labelled["generation"] = labelled["generation"].astype("int64")
        names.append("generation")
    if labelled["coordinates"].notna().all():
        others = pd.DataFrame(list(map(json.loads, labelled["coordinates"])), index=labelled.index)
        others = others.map(lambda each: json.dumps(each) if isinstance(each, list) else each)
        labelled[list(others.columns)] = others
        names += list(others.columns)
    if not names:
        labelled["unit_number"] = 0
        names = ["unit_number"]
    return names, labelled
