"""A sweep in words: what it would cost, and how far it is."""

from __future__ import annotations

from modelcollapse.runs.expecting import Expected
from modelcollapse.runs.overview import Status

_LISTED = 20


def expected_text(expected: Expected) -> str:
    """Say what a sweep would cost."""
    many = "1 unit" if len(expected.units) == 1 else f"{len(expected.units):,} units"
    lines = [f"{many} on {_number(expected.workers, 'worker')}", *_costs(expected)]
    for point, key in expected.units[:_LISTED]:
        varied = ", ".join(f"{path} = {value!r}" for path, value in point.items())
        lines.append(f"  {key[:8]}  {varied or 'nothing varies'}")
    hidden = len(expected.units) - _LISTED
    return "\n".join([*lines, f"  and {hidden:,} more"] if hidden > 0 else lines)


def _costs(expected: Expected) -> list[str]:
    lines = [f"runs code outside of modelcollapse: {name}" for name in expected.code]
    if expected.seconds is None or expected.memory is None:
        return [*lines, "time and memory: not known, as that code is not run by a dry run"]
    return [
        *lines,
        f"time: about {duration(expected.seconds / expected.workers)}, from a few units tried with fewer replicates",
        f"memory: about {expected.memory / 1e6:,.0f} MB per worker, beyond some 300 MB that each has anyway",
    ]


def status_text(status: Status) -> str:
    """Say how far a sweep is."""
    share = 100 * status.done / max(status.units, 1)
    lines = [f"{status.store}: {status.done:,} of {status.units:,} units done ({share:.0f} %)"]
    for part, run in status.runs.items():
        lines.append(_run_text(part, run, alive=status.running is not False))
    if status.damaged:
        lines.append(f"damaged: {_number(status.damaged, 'shard')}; the next run computes their units again")
    lines += [f"failed: {key}: {record['reason']}" for key, record in list(status.failed.items())[:_LISTED]]
    hidden = len(status.failed) - _LISTED
    return "\n".join([*lines, f"and {hidden:,} more failed"] if hidden > 0 else lines)


def _run_text(part: str, run: dict[str, object], *, alive: bool) -> str:
    name = "run" if part == "whole" else f"part {part.replace('-of-', '/')}"
    if run.get("state") != "running":
        return f"{name}: {run.get('state')} at {run.get('updated')}"
    if not alive:
        return f"{name}: ended without a word after {run.get('updated')}; the same command goes on"
    left = run.get("seconds_left")
    time = f", about {duration(float(str(left)))} left" if left is not None else ""
    return f"{name}: {run.get('done')} of {run.get('units')} done, {run.get('units_per_second')} units/s{time}"


def duration(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> duration(0.2), duration(90), duration(7300)
    ('less than 1 s', '2 min', '2.0 h')
    """
    if seconds < 1:
        return "less than 1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _number(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
