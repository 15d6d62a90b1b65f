"""Shortcuts, one file each; `SHORTCUTS` lists them in the order in which they are asked."""

from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts.gaussian import GaussianKernel, TriangularKernel
from modelcollapse.simulate.shortcuts.mixture import MixtureKernel
from modelcollapse.simulate.shortcuts.presence import Presence, PresenceKernel
from modelcollapse.simulate.shortcuts.replicate_histogram import ReplicateHistogram
from modelcollapse.simulate.shortcuts.survivors import Survivors, SurvivorsKernel
from modelcollapse.simulate.shortcuts.text import TextKernel

SHORTCUTS: tuple[Route, ...] = (
    ReplicateHistogram(),
    PresenceKernel(),
    Presence(),
    GaussianKernel(),
    TriangularKernel(),
    MixtureKernel(),
    SurvivorsKernel(),
    Survivors(),
    TextKernel(),
)

__all__ = ["SHORTCUTS", "Route"]
