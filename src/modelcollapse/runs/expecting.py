"""What a sweep would cost: its units, and about how much time and memory they take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelcollapse.arguments import generations
from modelcollapse.errors import ModelCollapseError
from modelcollapse.result import Result
from modelcollapse.runs.checking import code_of
from modelcollapse.runs.processes import processors
from modelcollapse.runs.spec import Spec
from modelcollapse.runs.unit import Unit, units_of
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.memory import predicted_bytes

_TRIED = 3  # units, spread over the sweep
_LEAST_REPLICATES = 20
_ENOUGH = 0.2  # seconds: from there on time goes with the number of replicates


@dataclass(frozen=True)
class Expected:
    """What a sweep would cost.

    Parameters
    ----------
    units : list of tuple of dict and str
        What is varied at each, and its key.
    workers : int
    seconds : float or None
        Of all workers together; None where nothing may be tried because the units run code of others.
    memory : int or None
        Bytes of the largest unit that was looked at, beyond what a worker has anyway.
    code : list of str
        Names of code outside of this package that units run.
    """

    units: list[tuple[dict[str, Any], str]]
    workers: int
    seconds: float | None
    memory: int | None
    code: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        units = [{"unit": key, **point} for point, key in self.units]
        wall = None if self.seconds is None else self.seconds / self.workers
        return {
            "units": units,
            "workers": self.workers,
            "seconds": wall,
            "memory_bytes_per_worker": self.memory,
            "runs_code": self.code,
        }


def expect(spec: Spec) -> Expected:
    """Lay a sweep out and try a few of its units, with fewer replicates.

    Raises
    ------
    InputError
        If a unit is unsound.

    Examples
    --------
    >>> from modelcollapse.runs import spec_of
    >>> table = {"recursion": {"family": "gaussian"}, "statistics": ["mean_scale"], "generations": 5}
    >>> expected = expect(spec_of({**table, "grid": {"recursion.sample_size": [10, 20]}}))
    >>> [point for point, _ in expected.units], expected.seconds > 0
    ([{'recursion.sample_size': 10}, {'recursion.sample_size': 20}], True)
    """
    listed = list(units_of(spec))
    units = [(point, unit.key) for point, unit in listed]
    workers = 1 if spec.run.executor == "serial" else spec.run.jobs or processors()
    code = code_of(spec)
    if code:
        return Expected(units, workers, None, None, code)
    tried = [listed[place][1] for place in np.unique(np.linspace(0, len(listed) - 1, _TRIED).astype(int))]
    seconds = float(np.mean([_seconds(unit) for unit in tried])) * len(listed)
    return Expected(units, workers, seconds, max(map(_bytes, tried)), code)


def _seconds(unit: Unit) -> float:
    """About how long a unit takes: with ever more replicates, until that says enough."""
    question = unit.question()
    whole = unit.parameters.get("replicates")
    part = whole if whole is None else min(whole, _LEAST_REPLICATES)
    try:
        question.answer(unit.entropy, part)  # loads and compiles
        while True:
            start = time.perf_counter()
            results = question.answer(unit.entropy, part)
            spent = time.perf_counter() - start
            if whole is None or part is None or part == whole or not any(map(_simulated, results)):
                return spent
            if spent > _ENOUGH:
                return spent * whole / part
            part = min(whole, 4 * part)
    except ModelCollapseError:  # it would fail in the run, too, and say why
        return 0.0


def _simulated(result: Result) -> bool:
    return result.replicates is not None


def _bytes(unit: Unit) -> int:
    question = unit.question()
    replicates = unit.parameters.get("replicates", 1000)
    simulation = Simulation(
        question.recursion, question.statistics, generations(question.parameters["generations"]), replicates, 0
    )
    try:
        return predicted_bytes(simulation, 1)
    except ModelCollapseError:
        return 0
