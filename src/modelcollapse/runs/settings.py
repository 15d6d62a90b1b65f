"""How a sweep is run: nothing here changes a number of its results."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

EXECUTORS = ("processes", "serial", "dask", "ray")
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}


def bytes_of(value: Any) -> Any:
    """Return a number of bytes from what a user writes; what is none is returned as it is.

    Examples
    --------
    >>> bytes_of("1.5 GB"), bytes_of(7), bytes_of("much")
    (1500000000, 7, 'much')
    """
    found = re.fullmatch(r"([\d.]+)\s*([kmgt]?b?)", value.strip().lower()) if isinstance(value, str) else None
    if found is None or found[2] not in _UNITS or found[1].count(".") > 1:
        return value
    return int(float(found[1]) * _UNITS[found[2]])


class RunSettings(BaseModel):
    """The table `[run]` of a spec.

    Parameters
    ----------
    executor : {"processes", "serial", "dask", "ray"}
        What runs the units.
    address : str, optional
        Of a Dask or Ray cluster; one is started on this machine if not given.
    jobs : int, optional
        Workers; as many as there are processors if not given.
    timeout : float, optional
        Seconds that one unit may take.
    memory : int, optional
        Bytes that one worker may use; also as text, "2 GB".
    attempts : int
        How often a unit may fail before it is recorded as failed.
    batch_seconds : float
        About how long a worker computes before a shard is written: what a killed worker costs at most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    executor: Literal["processes", "serial", "dask", "ray"] = "processes"
    address: str | None = None
    jobs: Annotated[int, Field(ge=1, le=1024)] | None = None
    timeout: Annotated[float, Field(gt=0, le=1e7)] | None = None
    memory: Annotated[int, Field(ge=10**6), BeforeValidator(bytes_of)] | None = None
    attempts: Annotated[int, Field(ge=1, le=100)] = 3
    batch_seconds: Annotated[float, Field(ge=0, le=3600)] = 2.0
