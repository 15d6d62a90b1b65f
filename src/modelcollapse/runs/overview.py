"""How far a sweep is, read from its store alone: while it runs, or after it has ended in whichever way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from modelcollapse.runs.grid import number_of_points
from modelcollapse.runs.lock import is_locked
from modelcollapse.runs.place import Place
from modelcollapse.runs.progress import read_progress
from modelcollapse.runs.store import Store


@dataclass(frozen=True)
class Status:
    """How far a sweep is.

    Parameters
    ----------
    store : str
    units, done : int
    failed : mapping of str to mapping
        What is recorded of the units that failed, by key.
    shards, damaged : int
        How many are whole, and how many are not.
    running : bool or None
        Whether a run holds the store; None where that cannot be known.
    runs : mapping of str to mapping
        What runs last said, by part.
    """

    store: str
    units: int
    done: int
    failed: dict[str, dict[str, Any]]
    shards: int
    damaged: int
    running: bool | None
    runs: dict[str, dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return dict(vars(self))


def status(store: str | os.PathLike[str]) -> Status:
    """Return how far the sweep in a store is; nothing is changed.

    Raises
    ------
    InputError
        If there is no sweep.

    Examples
    --------
    >>> status("memory://nothing")
    Traceback (most recent call last):
        ...
    modelcollapse.errors.InputError: memory://nothing holds no sweep; `modelcollapse run SPEC.toml` makes one.
    """
    place = Place(store)
    kept = Store(place)
    contents = kept.contents()
    spec = kept.require_spec(contents)
    done = contents.done
    return Status(
        place.address,
        number_of_points(spec) * spec.parts,
        len(done),
        kept.failures(done),
        len(contents.shards),
        len(contents.damaged),
        is_locked(place) if place.folder is not None else None,
        read_progress(place),
    )
