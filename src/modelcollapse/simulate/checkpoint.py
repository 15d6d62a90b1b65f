"""Checkpoints: a block that was stopped goes on after its last saved generation, with the same bits.

A checkpoint holds numbers and text, never code: the generator's state, what the observers noted, and the data that
the models in use were fitted to. Models themselves are not kept; they are fitted again, from the same data with the
same seeds.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.families.base import Family
from modelcollapse.families.data import Data
from modelcollapse.files import write_file
from modelcollapse.provenance import plain, versions
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import left_behind, show
from modelcollapse.simulate.loop import State, simulated_family, steps
from modelcollapse.statistics.base import Observer, Sums


@dataclass(frozen=True)
class Checkpoints:
    """Where the blocks of a simulation are saved, and how often.

    Parameters
    ----------
    folder : path
        Made when first needed. One file per block; those of a finished simulation can be removed.
    seconds : float
        A generation is saved when so much time has passed since the last one was, so that a block that takes less
        is never saved. 0 saves every generation.
    """

    folder: str | os.PathLike[str]
    seconds: float = 1.0

    def file(self, number: int) -> Path:
        """Return where block `number` is saved."""
        return Path(self.folder) / f"block-{number:06d}.npz"


def can_be_saved(recursion: Recursion) -> bool:
    """Whether blocks of the recursion can be stopped and gone on with: its data are kept."""
    return simulated_family(recursion).keeps_data


def saved_block(block: Experiment, seed: np.random.SeedSequence, checkpoints: Checkpoints, number: int) -> list[Sums]:
    """Simulate one block by the generic loop, after what is saved of it, and save it on the way.

    Raises
    ------
    InputError
        If the file belongs to another simulation.
    """
    place = checkpoints.file(number)
    identity = _identity(block, seed)
    observers = [statistic.observer(block.recursion) for statistic in block.statistics]
    wanted, rng = set(block.generations.tolist()), np.random.default_rng(seed)
    before = _load(place, identity, block, observers, rng)
    saved = time.monotonic()
    for snapshot, state in steps(block.recursion, block.horizon, block.replicates, rng, before):
        show(block.statistics, observers, snapshot, state.generation in wanted)
        if time.monotonic() - saved >= checkpoints.seconds:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_file(place, _packed(identity, state, observers, rng))
            saved = time.monotonic()
    return left_behind(block.statistics, observers, block.generations)


def _identity(block: Experiment, seed: np.random.SeedSequence) -> dict[str, str]:
    """Return hashes of all that the numbers follow from, each under its name."""
    parts = {
        **block.recursion.to_dict(),
        "statistics": [statistic.to_dict() for statistic in block.statistics],
        "generations": block.generations.tolist(),
        "replicates": block.replicates,
        "seed": [str(seed.entropy), list(seed.spawn_key)],
        "versions": dict(versions()),
    }
    texts = {name: json.dumps(plain(value), sort_keys=True) for name, value in parts.items()}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def _packed(identity: Mapping[str, str], state: State, observers: Sequence[Observer], rng: Any) -> bytes:
    """Return the content of a checkpoint: arrays, and their table of contents as JSON."""
    arrays: dict[str, Any] = {}
    places: dict[int, int] = {}

    def place_of(batch: Data | None) -> int | None:
        """Put a batch in, once, and return where it stands."""
        if batch is not None and id(batch) not in places:
            places[id(batch)] = len(places)
            parts = batch._asdict().items()
            arrays.update({f"batch-{places[id(batch)]}-{name}": part for name, part in parts if part is not None})
        return None if batch is None else places[id(batch)]

    for i, observer in enumerate(observers):
        arrays.update({f"observer-{i}-{name}": array for name, array in observer.notes().items()})
    contents = {
        "identity": dict(identity),
        "generation": state.generation,
        "generator": rng.bit_generator.state,
        "fitted_to": {str(k): place_of(batch) for k, batch in state.fitted_to.items()},
        "data": {str(k): place_of(batch) for k, batch in state.data.items()},
        "pool": place_of(state.pool),
    }
    arrays["contents"] = np.frombuffer(json.dumps(contents).encode(), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _load(
    place: Path,
    identity: Mapping[str, str],
    block: Experiment,
    observers: Sequence[Observer],
    rng: np.random.Generator,
) -> State | None:
    """Return the state that is saved, and set observers and generator to it; None if there is none that is whole."""
    arrays = _read(place)
    if arrays is None:
        return None
    contents = json.loads(arrays["contents"].tobytes())
    _require_same(place, contents["identity"], identity)
    for i, observer in enumerate(observers):
        observer.resume(_named(arrays, f"observer-{i}-"))
    rng.bit_generator.state = contents["generator"]

    def batch_at(number: int | None) -> Data | None:
        return None if number is None else Data(**_named(arrays, f"batch-{number}-"))

    family = simulated_family(block.recursion)
    fitted_to = {int(k): batch_at(number) for k, number in contents["fitted_to"].items()}
    return State(
        contents["generation"],
        {k: _model(family, block, batch) for k, batch in fitted_to.items()},
        fitted_to,
        {int(k): batch_at(number) for k, number in contents["data"].items()},
        batch_at(contents["pool"]),
    )


def _model(family: Family[Any, Any], block: Experiment, batch: Data | None) -> Any:
    """Return a model again: fitted to its data, or the truth."""
    if batch is None:
        return family.initial(block.recursion.start.truth, block.replicates)
    return family.fit(batch)


def _read(place: Path) -> dict[str, NDArray[Any]] | None:
    """Return all arrays of a file; None if it is missing or broken, as its checksums tell: it is only a short cut."""
    try:
        stream = io.BytesIO(place.read_bytes())
        with np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        place.unlink(missing_ok=True)
        return None


def _named(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _require_same(place: Path, saved: Mapping[str, str], identity: Mapping[str, str]) -> None:
    other = sorted(name for name in {*saved, *identity} if saved.get(name) != identity.get(name))
    if other:
        raise InputError(
            f"The checkpoint {place} belongs to a simulation with other {', '.join(other)}; "
            "remove it, or choose another folder."
        )
