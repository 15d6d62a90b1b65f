"""The texts of a simulated run as files, one for each generation: whole or not at all, and to be continued."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.families.text import Text
from modelcollapse.provenance import plain, versions
from modelcollapse.rating.text import simulation_of
from modelcollapse.recursion import Recursion
from modelcollapse.report.save import write_file
from modelcollapse.simulate.effort import Rng
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.loop import snapshots
from modelcollapse.simulate.shortcuts.one_by_one import stream_of
from modelcollapse.simulate.shortcuts.text import TextKernel, key_of
from modelcollapse.statistics import Statistic
from modelcollapse.text_corpus import TextCorpus, Tokens

SCHEMA_VERSION = 1
MANIFEST = "recursion.json"
_QUESTION = ("schema_version", "recursion", "replicates", "entropy")  # what must be as it was for a run to go on
_FIRST = "first_text_sha256"  # of what the run wrote at generation 1: another kernel writes something else


def save_texts(
    recursion: Recursion,
    generations: int | Sequence[int],
    folder: str | os.PathLike[str],
    *,
    replicates: int = 5,
    statistics: Sequence[Statistic] = (),
    rng: Rng = None,
) -> int:
    """Write what the first run of `rate_text` writes, generation by generation, a sentence to a line.

    A folder that holds some of these texts is continued: what is there stays, and the same run goes on, with the same
    seed, to as many generations as are asked for. It holds what that run wrote at generation 1 as a checksum, so that
    a version whose random numbers are others is found out, and writes nothing. With the seed that is returned,
    `rate_text` of the same version makes the same run among others, unless so many more generations are asked for than
    before that it takes another route.

    Parameters
    ----------
    recursion, generations, replicates, statistics, rng
        As for `rate_text`.
    folder : str or path
        Made if it is not there; its files are ``generation-0001.txt`` and so on, and ``recursion.json``, which says
        what they are.

    Returns
    -------
    int
        The seed.

    Raises
    ------
    InputError
        If it is a folder of other things, of the texts of another recursion or seed, or of a version of this package
        or a library that made other texts of the same seed.
    ModelCollapseError
        If something cannot be written; what was written before stays.

    Examples
    --------
    >>> import tempfile
    >>> from modelcollapse.families import NGram
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]])
    >>> folder = Path(tempfile.mkdtemp(), "roses")
    >>> save_texts(Recursion(NGram(2), text, 7), 2, folder, rng=1)
    1
    >>> sorted(path.name for path in folder.iterdir())
    ['generation-0001.txt', 'generation-0002.txt', 'recursion.json']
    >>> print((folder / "generation-0001.txt").read_text())
    a rose is a nose
    a rose
    <BLANKLINE>
    """
    place = Path(folder)
    known = _manifest(place)
    if known is not None and rng is None:
        rng = int(known["entropy"])
    simulation = simulation_of(recursion, generations, replicates=replicates, statistics=statistics, rng=rng)
    described = _description(simulation)
    if known is None:
        _made(place)
    else:
        described = _continued(known, described, place)
    corpus = recursion.start.truth
    assert isinstance(corpus, TextCorpus)
    files = {generation: place / f"generation-{generation:04d}.txt" for generation in simulation.generations.tolist()}
    missing = {generation for generation, file in files.items() if not file.exists()}
    for generation, tokens in _first_run(recursion, {1, *missing} if missing else missing, described):
        content = as_lines(tokens, corpus.vocabulary).encode()
        if generation == 1:
            described[_FIRST] = hashlib.sha256(content).hexdigest()
            _require_one_stream(known, described, place)
            write_file(place / MANIFEST, _as_json(described))
        if generation in missing:
            write_file(files[generation], content)
    return simulation.entropy


def as_lines(tokens: Tokens, vocabulary: Sequence[str] | None) -> str:
    """Return a text as lines of words, or of numbers if the words have no names.

    Examples
    --------
    >>> as_lines(np.array([0, 1, -1, 1, -1], dtype=np.int32), ["to", "be"]).splitlines()
    ['to be', 'be']
    """
    names = [*(str(number) for number in range(int(tokens.max()) + 1))] if vocabulary is None else [*vocabulary]
    names.append("\n")  # `END` is -1, the last place of a list
    text = " ".join(map(names.__getitem__, tokens.tolist()))
    return text.replace(" \n ", "\n").replace(" \n", "\n")


def _first_run(recursion: Recursion, wanted: set[int], described: Mapping[str, Any]) -> Iterator[tuple[int, Tokens]]:
    """Yield texts of the first replicate of the first block, by their generations, as the route that is named does."""
    if not wanted:
        return
    horizon = max(wanted)
    seed = np.random.SeedSequence(int(described["entropy"]), spawn_key=(0,))
    if described["route"] == TextKernel.name:
        seen: Iterator[Any] = TextKernel().snapshots(recursion, horizon, wanted, key_of(stream_of(seed, 0)))
    else:
        replicates = min(described["block_size"], described["replicates"])
        seen = snapshots(recursion, horizon, replicates, np.random.default_rng(seed))
    for generation, snapshot in enumerate(seen, start=1):
        if generation in wanted:
            text: Text = snapshot.drawn
            yield generation, text.tokens[: text.rows[1]]


def _continued(known: dict[str, Any], described: dict[str, Any], place: Path) -> dict[str, Any]:
    """Return what a folder will hold that goes on with what it holds; the question must be the same."""
    if any(known.get(name) != described[name] for name in _QUESTION):
        raise InputError(
            f"`folder` {os.fspath(place)} holds the texts of another recursion, seed or number of runs (its {MANIFEST} "
            "says which); choose another folder, or ask for the same."
        )
    return {**known, "generations": sorted({*known["generations"], *described["generations"]})}


def _require_one_stream(known: Mapping[str, Any] | None, described: Mapping[str, Any], place: Path) -> None:
    """Refuse to go on with texts that this version would not have written, as the random numbers are others."""
    if known is None or known.get(_FIRST) == described[_FIRST]:
        return
    before, now = known.get("versions", {}), versions()
    other = [f"{name} {before.get(name)}" for name in now if before.get(name) != now[name]]
    raise InputError(
        f"`folder` {os.fspath(place)} was begun by {', '.join(other) or 'another kernel'}, whose random numbers are "
        "others: texts made now would belong to another run. Choose another folder, or go on with the version of then."
    )


def _as_json(described: Mapping[str, Any]) -> bytes:
    return (json.dumps(described, indent=1) + "\n").encode()


def _description(simulation: Simulation) -> dict[str, Any]:
    found = {
        "schema_version": SCHEMA_VERSION,
        "recursion": simulation.recursion.to_dict(),
        "generations": simulation.generations,
        "replicates": simulation.replicates,
        "block_size": simulation.block_size,
        "route": simulation.route.name,
        "entropy": str(simulation.entropy),
        "versions": dict(versions()),
    }
    return dict(json.loads(json.dumps(plain(found))))


def _manifest(place: Path) -> dict[str, Any] | None:
    """Return what a folder says that it holds; None if there is no folder, or nothing in it."""
    if place.exists() and not place.is_dir():
        raise InputError(arguments.message("folder", os.fspath(place), "a folder", "It is a file."))
    if not place.exists() or not any(place.iterdir()):
        return None
    try:
        found = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        _ = int(found["entropy"]), int(found["block_size"]), str(found["route"]), sorted(map(int, found["generations"]))
    except (OSError, ValueError, TypeError, KeyError):
        remedy = f"It holds other files, or its {MANIFEST} cannot be read."
        raise InputError(
            arguments.message("folder", os.fspath(place), "an empty folder, or one of earlier texts", remedy)
        ) from None
    return dict(found)


def _made(place: Path) -> None:
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise ModelCollapseError(f"cannot make the folder {place}: {error.strerror or error}") from error
