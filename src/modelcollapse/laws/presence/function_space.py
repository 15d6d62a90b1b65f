"""What a space of functions of a probability must offer, so that statistics of presence can be read off it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class FunctionSpace(Protocol):
    """Functions of x on [0, 1], known by their values at nodes."""

    @property
    def nodes(self) -> Floats:
        """The nodes, ascending."""

    def rows(self, x: Floats) -> Floats:
        """Return the rows that turn nodal values into values at points x."""

    def functional(self, x: Floats, weights: Floats, complement: Floats | None = None) -> Floats:
        """Return the row that turns nodal values into sum(weights * values at x); `complement` is an exact 1 - x."""

    def condense(self, x: Floats, weights: Floats) -> Floats:
        """Return weights on the nodes that integrate smooth functions as `weights` on the points x do."""
