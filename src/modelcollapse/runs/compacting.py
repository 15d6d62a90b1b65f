"""Many small shards become a few large ones; nothing is ever without a whole shard that holds it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from modelcollapse.runs.lock import locked
from modelcollapse.runs.place import Place
from modelcollapse.runs.shard import Shard, encode, name_of
from modelcollapse.runs.store import Store

_MOST_UNITS = 10_000  # of a shard


@dataclass(frozen=True)
class Compacted:
    """What compacting has changed.

    Parameters
    ----------
    before, after : int
        Shards.
    """

    before: int
    after: int


def compact(store: str | os.PathLike[str]) -> Compacted:
    """Join the shards of a store; those made with different versions stay apart.

    New shards are written before old ones are removed: if that is interrupted, some units are held twice, which is of
    no effect. Damaged shards are left alone.

    Raises
    ------
    InputError
        If there is no sweep.
    ModelCollapseError
        If a run holds the store, or it cannot be written.

    Examples
    --------
    >>> from modelcollapse.runs import run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian", "sample_size": 10}, "statistics": ["mean_variance"], "generations": 3,
    ...     "grid": {"seed": [1, 2]}, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-compact")
    >>> compact("memory://example-compact")
    Compacted(before=2, after=1)
    """
    place = Place(store)
    kept = Store(place)
    kept.require_spec(kept.contents())
    with locked(place):
        contents = kept.contents()
        names = [_join(kept, group) for group in _groups(contents.shards)]
        kept.remove_shards([shard.name for shard in contents.shards if shard.name not in names])
    return Compacted(len(contents.shards), len(names))


def _groups(shards: list[Shard]) -> Iterator[list[Shard]]:
    """Shards that may be one, a limited number of units at a time."""
    alike: dict[str, list[Shard]] = {}
    for shard in shards:
        alike.setdefault(json.dumps(dict(shard.versions), sort_keys=True), []).append(shard)
    for group in alike.values():
        taken: list[Shard] = []
        for shard in group:
            if taken and sum(len(each.units) for each in taken) + len(shard.units) > _MOST_UNITS:
                yield taken
                taken = []
            taken.append(shard)
        yield taken


def _join(store: Store, shards: list[Shard]) -> str:
    """Write one shard that holds what several hold, each unit once; return its name."""
    import pyarrow as pa

    if len(shards) == 1:
        return shards[0].name
    missing = dict.fromkeys(unit for shard in shards for unit in shard.units)
    units, tables = list(missing), []
    for shard in shards:
        fresh = [unit for unit in shard.units if unit in missing]
        tables.append(store.rows(shard, fresh))
        for unit in fresh:
            del missing[unit]
    content = encode(pa.concat_tables(tables), units, shards[0].spec, shards[0].versions)
    store.add(content, units)
    return name_of(content, len(units))
