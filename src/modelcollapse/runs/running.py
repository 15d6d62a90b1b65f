"""A run: what of a sweep is not done yet is done, by whatever workers there are."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.provenance import versions
from modelcollapse.runs.batch import Evaluate
from modelcollapse.runs.batch import evaluate as answer
from modelcollapse.runs.engine import Engine
from modelcollapse.runs.executor import Executor
from modelcollapse.runs.executors import make_executor
from modelcollapse.runs.interruption import Interruption
from modelcollapse.runs.lock import locked
from modelcollapse.runs.place import Place
from modelcollapse.runs.problem import Problems
from modelcollapse.runs.progress import Progress
from modelcollapse.runs.question import question_of
from modelcollapse.runs.queue import Queue
from modelcollapse.runs.saved import anything_saved, forget, saved_folder
from modelcollapse.runs.sources import code_named
from modelcollapse.runs.spec import Spec
from modelcollapse.runs.store import Contents, Store
from modelcollapse.runs.unit import Unit, units_of


@dataclass(frozen=True)
class Summary:
    """How a run ended.

    Parameters
    ----------
    store : str
        Address of the results.
    units : int
        Of the sweep, or of the part that was asked for.
    done : int
        That have a result.
    run : int
        That this run has computed.
    failed : mapping of str to str
        Why units have none, by key.
    damaged : int
        Shards that were not whole; their units were run again.
    """

    store: str
    units: int
    done: int
    run: int
    failed: dict[str, str] = field(default_factory=dict)
    damaged: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return dict(vars(self))


def run(
    spec: Spec,
    store: str | os.PathLike[str],
    *,
    shard: str | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    warn: Callable[[str], None] | None = None,
    evaluate: Evaluate = answer,
) -> Summary:
    """Run what is not done yet of a sweep, and keep it in a store.

    Parameters
    ----------
    spec : Spec
    store : str or path
        A folder, or any address that fsspec knows.
    shard : str, optional
        "i/k": of all units, only every k-th, from the i-th on. Parts share a store and may run side by side.
    executor : Executor, optional
        As the spec says if not given; one that is given is not closed.
    progress : bool
        Draw a bar if standard error is a terminal.
    warn : callable, optional
        Told what a user should know, in sentences.
    evaluate : callable
        How a unit is answered.

    Raises
    ------
    InputError
        If the store holds another sweep, or units are unsound; all of them are checked before the first is run.
    ModelCollapseError
        If somebody else holds the store, or it cannot be written; what is done is kept.
    KeyboardInterrupt
        After an interruption; what is done is kept.

    Examples
    --------
    >>> from modelcollapse.runs import run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian", "sample_size": 10}, "statistics": ["mean_variance"], "generations": 3,
    ...     "grid": {"recursion.family.ddof": [0, 1]}, "run": {"executor": "serial"}})
    >>> run(spec, "memory://example-run")
    Summary(store='memory://example-run', units=2, done=2, run=2, failed={}, damaged=0)
    """
    place = Place(store)
    kept = Store(place)
    chosen = _chosen(shard)
    with locked(place, shard):
        contents = kept.begin(spec)
        for text in _warnings(contents):
            if warn is not None:
                warn(text)
        done = contents.done
        units = list({unit.key: unit for _, unit in units_of(spec)}.values())[chosen]
        waiting = [unit for unit in units if unit.key not in done]
        if not waiting:
            return Summary(place.address, len(units), len(units), 0, damaged=len(contents.damaged))
        _check(waiting)
        forget(place, done)
        folder = saved_folder(place)
        if evaluate is answer and folder is not None:
            evaluate = partial(answer, folder=str(folder))
        ran, failed = _run_all(spec, kept, waiting, len(units), shard, executor, progress, evaluate)
        if anything_saved(place):
            forget(place, kept.contents().done)
        left_out = len(units) - len(waiting) + ran
        return Summary(place.address, len(units), left_out, ran, failed, len(contents.damaged))


def _run_all(
    spec: Spec,
    store: Store,
    waiting: list[Unit],
    total: int,
    shard: str | None,
    executor: Executor | None,
    bar: bool,
    evaluate: Evaluate,
) -> tuple[int, dict[str, str]]:
    settings = spec.run
    if settings.address is not None and settings.executor not in ("dask", "ray"):
        raise InputError(arguments.message("address", settings.address, "left out unless the executor is dask or ray"))
    with Interruption() as interruption, nullcontext(executor) if executor else make_executor(settings) as workers:
        interruption.then = workers.stop
        queue = Queue(waiting, workers.workers, settings.batch_seconds, settings.attempts)
        progress = Progress(store.place, shard, total, total - len(waiting), workers.workers, bar=bar)
        engine = Engine(
            store,
            workers,
            queue,
            store.stored(spec),
            timeout=settings.timeout,
            note=progress.note,
            interrupted=lambda: interruption.noted,
            evaluate=evaluate,
        )
        how = "broken off"
        try:
            engine.run()
            how = "finished"
        except KeyboardInterrupt:
            how = "interrupted"
            raise
        finally:
            progress.end(how)
    return progress.done, engine.failed


def _chosen(shard: str | None) -> slice:
    """The units of a part."""
    if shard is None:
        return slice(None)
    found = re.fullmatch(r"(\d{1,7})/(\d{1,7})", shard)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise InputError(arguments.message("shard", shard, "i/k with i from 1 to k, as 1/8"))
    return slice(int(found[1]) - 1, None, int(found[2]))


def _check(waiting: list[Unit]) -> None:
    """Refuse units whose parameters do not fit each other, before any is run."""
    problems = Problems()
    for unit in waiting:
        named = code_named(unit.parameters["recursion"], unit.parameters["statistics"])
        if not named:  # others' code runs in workers only
            question_of(unit.parameters, problems)
    problems.raise_any("the spec")


def _warnings(contents: Contents) -> Iterator[str]:
    if contents.damaged:
        many = "1 shard is" if len(contents.damaged) == 1 else f"{len(contents.damaged)} shards are"
        yield f"{many} damaged; set aside in the folder `damaged`, and the units are run again"
    now = dict(versions())
    for before in contents.made_with:
        other = [f"{name} {before.get(name)}" for name in now if before.get(name) != now[name]]
        if other:
            yield f"earlier units were made with {', '.join(other)}; digits may differ from those made now"
