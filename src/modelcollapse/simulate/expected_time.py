"""How long a simulation takes whose replicates are fitted one after the other: said before the time is spent."""

from __future__ import annotations

import time

import numpy as np

from modelcollapse.errors import ModelCollapseError
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.loop import snapshots

LONG = 120.0  # seconds that need no word
_TRIED = 5  # fits that are timed, after the first one, which loads what it needs


def warning(simulation: Simulation) -> str | None:
    """Return that a simulation takes long, with how long and what shortens it; None if it does not.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters, Recursion
    >>> from modelcollapse.families import ScipyDistribution
    >>> from modelcollapse.statistics import MeanScale
    >>> start = Parameters(location=0.0, scale=1.0)
    >>> recursion = Recursion(ScipyDistribution("gumbel_r"), start, 10)
    >>> print(warning(Simulation(recursion, [MeanScale()], np.array([3]), replicates=2, entropy=1)))
    None
    """
    seconds = expected_seconds(simulation)
    if seconds is None or seconds <= LONG:
        return None
    fits = simulation.replicates * simulation.horizon
    return (
        f"modelcollapse: the simulation makes {fits:,} fits, of {_span(seconds / fits)} each: {_span(seconds)} in all. "
        "Ctrl-C stops it; fewer runs or generations shorten it."
    )


def expected_seconds(simulation: Simulation) -> float | None:
    """Return about how long all fits take, from the first few of them; None where fits are no matter.

    Where the pool grows, later fits take longer: then this is the least.
    """
    recursion = simulation.recursion
    if not recursion.family.fits_singly:
        return None
    rng = np.random.default_rng(simulation.entropy)  # its own: nothing is drawn from the simulation's streams
    try:
        next(snapshots(recursion, 1, 1, rng))
        start = time.perf_counter()
        next(snapshots(recursion, 1, _TRIED, rng))
        spent = time.perf_counter() - start
    except ModelCollapseError:  # it fails in the run, too, and says why
        return None
    return spent / _TRIED * simulation.replicates * simulation.horizon


def _span(seconds: float) -> str:
    """Return a time in the unit that suits it.

    Examples
    --------
    >>> _span(0.213), _span(90.0), _span(320.0), _span(30_000.0)
    ('about 0.21 seconds', 'about 90 seconds', 'about 5.3 minutes', 'about 8.3 hours')
    """
    units = ((1, "seconds"), (60, "minutes"), (3600, "hours"))
    unit, name = next((unit for unit in units if seconds < 120 * unit[0]), units[-1])
    return f"about {seconds / unit:.2g} {name}"
