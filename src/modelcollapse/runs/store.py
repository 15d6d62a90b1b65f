"""The store of a sweep: shards that are never changed, and a manifest that can be made again from them.

A unit is done when a whole shard holds it. Nothing else is believed: a shard whose bytes do not have the checksum in
its name is set aside, and its units are run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.provenance import versions
from modelcollapse.runs.paths import flattened
from modelcollapse.runs.place import Place
from modelcollapse.runs.shard import SCHEMA_VERSION, Shard, decode, name_of, rows_of, units_by_name
from modelcollapse.runs.spec import Spec

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
SHARDS = "shards"
DAMAGED = "damaged"
FAILED = "failed"


@dataclass
class Contents:
    """What a store holds.

    Parameters
    ----------
    shards : list of Shard
        Those that are whole.
    damaged : list of str
        Names of those that are not.
    """

    shards: list[Shard] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def done(self) -> set[str]:
        """Keys of the units that are done."""
        return {unit for shard in self.shards for unit in shard.units}

    @property
    def made_with(self) -> list[Mapping[str, str]]:
        """The different sets of versions that shards were made with."""
        return list({json.dumps(dict(s.versions), sort_keys=True): s.versions for s in self.shards}.values())


class Store:
    """A folder, or an address, that holds the results of one sweep.

    Parameters
    ----------
    place : Place
    """

    def __init__(self, place: Place) -> None:
        self.place = place

    def contents(self) -> Contents:
        """Read every shard and say what is there; nothing is changed."""
        found = Contents()
        for name in self.place.names(SHARDS):
            if units_by_name(name) is None:
                continue
            try:
                shard = decode(name, self.place.read(f"{SHARDS}/{name}"))
            except FileNotFoundError:  # compacted in the meantime
                continue
            if shard is None:
                found.damaged.append(name)
            else:
                found.shards.append(shard)
        return found

    def begin(self, spec: Spec) -> Contents:
        """Make the store ready for a run of `spec`: refuse another sweep's, set damaged shards aside.

        Raises
        ------
        InputError
            If the store holds another sweep; the message lists the difference.
        """
        self.place.make()
        contents = self.contents()
        known = self.spec(contents)
        wanted = self.stored(spec)
        if known is not None and known != wanted:
            raise InputError(_difference(self.place.address, known, wanted))
        for name in contents.damaged:
            self._set_aside(name)
        if self._manifest() is None:
            about = {"schema_version": SCHEMA_VERSION, "spec": wanted, "versions": dict(versions())}
            self.place.write(MANIFEST, (json.dumps(about, indent=1) + "\n").encode())
        return contents

    @staticmethod
    def stored(spec: Spec) -> dict[str, Any]:
        """Return a spec as it stands in manifest and shards."""
        return dict(json.loads(json.dumps(spec.identity, default=str)))

    def spec(self, contents: Contents) -> dict[str, Any] | None:
        """Return the spec that the store belongs to, from the manifest or else from any shard; None if it is empty."""
        manifest = self._manifest()
        if manifest is not None:
            return dict(manifest["spec"])
        return dict(contents.shards[0].spec) if contents.shards else None

    def require_spec(self, contents: Contents) -> Spec:
        """Return the spec of a store that must hold one.

        Raises
        ------
        InputError
            If there is none.
        """
        found = self.spec(contents)
        if found is None:
            raise InputError(f"{self.place.address} holds no sweep; `modelcollapse run SPEC.toml` makes one.")
        return Spec.model_validate(found)

    def add(self, content: bytes, units: list[str]) -> None:
        """Keep a shard; from then on its units are done."""
        self.place.write(f"{SHARDS}/{name_of(content, len(units))}", content)
        if self._failures:
            for unit in self._failures.intersection(units):
                self.place.remove(f"{FAILED}/{unit}.json")

    def add_failure(self, unit: str, reason: str, attempts: int) -> None:
        """Record that a unit failed."""
        about = {"unit": unit, "reason": reason, "attempts": attempts}
        self.place.write(f"{FAILED}/{unit}.json", (json.dumps(about, indent=1) + "\n").encode())

    def failures(self, done: set[str]) -> dict[str, dict[str, Any]]:
        """Return what is recorded of the units that failed and are not done."""
        found = {}
        for name in self.place.names(FAILED):
            unit = name.removesuffix(".json")
            if unit in done:
                continue
            try:
                found[unit] = dict(json.loads(self.place.read(f"{FAILED}/{name}")))
            except (ValueError, FileNotFoundError):  # a record that cannot be read says no more than its name
                found[unit] = {"unit": unit, "reason": "unknown", "attempts": None}
        return found

    def tables(self, contents: Contents) -> Iterator[pa.Table]:
        """Yield the rows shard by shard, each unit once."""
        seen: set[str] = set()
        for shard in contents.shards:
            yield self.rows(shard, [unit for unit in shard.units if unit not in seen])
            seen.update(shard.units)

    def rows(self, shard: Shard, units: list[str]) -> pa.Table:
        """Return the rows of some units of a shard."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = rows_of(self.place.read(f"{SHARDS}/{shard.name}"))
        if len(units) == len(shard.units):
            return table
        return table.filter(pc.is_in(table["unit"], pa.array(units, pa.string())))

    def remove_shards(self, names: list[str]) -> None:
        """Remove shards whose units are held by others."""
        for name in names:
            self.place.remove(f"{SHARDS}/{name}")

    @property
    def _failures(self) -> set[str]:
        return {name.removesuffix(".json") for name in self.place.names(FAILED)}

    def _manifest(self) -> dict[str, Any] | None:
        """The manifest, None where there is none or it is not whole: shards say the same."""
        try:
            found = json.loads(self.place.read(MANIFEST))
        except (FileNotFoundError, ValueError):
            return None
        if not isinstance(found, dict) or not isinstance(found.get("spec"), dict):
            return None
        if found.get("schema_version") != SCHEMA_VERSION:
            raise ModelCollapseError(
                f"{self.place.address} was written in format {found.get('schema_version')!r}, but this version reads "
                f"format {SCHEMA_VERSION}; use the version that wrote it."
            )
        return found

    def _set_aside(self, name: str) -> None:
        self.place.write(f"{DAMAGED}/{name}", self.place.read(f"{SHARDS}/{name}"))
        self.place.remove(f"{SHARDS}/{name}")


def _difference(address: str, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    before, after = flattened(known), flattened(wanted)
    lines = []
    for path in [*before, *(path for path in after if path not in before)]:
        old, new = (json.dumps(side[path]) if path in side else "nothing" for side in (before, after))
        if old != new:
            lines.append(f"  {path}: was {old}, is {new}")
    head = f"{address} holds another sweep; give another folder by --store, or change back:"
    return "\n".join([head, *lines])
