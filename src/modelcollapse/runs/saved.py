"""What long units save on the way, inside the store's folder: a unit that was stopped goes on from there."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from modelcollapse.runs.place import Place

_FOLDER = "checkpoints"


def saved_folder(place: Place) -> Path | None:
    """Return where units are saved; None where the store is no folder of this machine, and they are not.

    Examples
    --------
    >>> saved_folder(Place("memory://example")) is None, saved_folder(Place("sweep.run")).name
    (True, 'checkpoints')
    """
    return None if place.folder is None else place.folder / _FOLDER


def anything_saved(place: Place) -> bool:
    """Whether there is anything that could be removed."""
    folder = saved_folder(place)
    return folder is not None and folder.is_dir()


def forget(place: Place, units: Collection[str]) -> None:
    """Remove what is saved of these units: they are done."""
    folder = saved_folder(place)
    if folder is None or not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name in units:
            shutil.rmtree(entry, ignore_errors=True)
    if not any(folder.iterdir()):
        folder.rmdir()
