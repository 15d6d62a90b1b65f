"""What a learner is: anything that can fit and sample."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]  # (datum, dimension)


@runtime_checkable
class Learner(Protocol):
    """A user's own model. No base class is needed: these two methods are all.

    A fit forgets what was fitted before. All randomness comes from the generator that is passed in, so that the same
    seed gives the same model and the same sample. `modelcollapse check-learner` tries all of this out.

    Examples
    --------
    >>> class Normal:
    ...     def fit(self, data, rng):
    ...         self.mean, self.sd = data.mean(axis=0), data.std(axis=0)
    ...
    ...     def sample(self, n, rng):
    ...         return rng.normal(self.mean, self.sd, size=(n, len(self.mean)))
    >>> isinstance(Normal(), Learner)
    True
    """

    def fit(self, data: Rows, rng: np.random.Generator, /) -> Any:
        """Learn from data of shape (datum, dimension), in random order; what is returned is not looked at."""

    def sample(self, n: int, rng: np.random.Generator, /) -> Rows:
        """Return n data, shape (n, dimension), each an independent draw from what was learnt, in no order."""


def checked_rows(returned: Any, n: int, dimension: int) -> tuple[Rows, str]:
    """Return a sample as rows, and what is wrong with it: nothing, if the second is empty.

    Where the dimension is 1, a plain list of n numbers will do.

    Examples
    --------
    >>> checked_rows([1, 2], 2, 1)
    (array([[1.],
           [2.]]), '')
    >>> checked_rows(np.ones((3, 2)), 3, 1)[1]
    'sample(3) returned shape (3, 2) in the place of (3, 1)'
    """
    nothing = np.empty((0, dimension))
    try:
        rows = np.asarray(returned)
    except Exception as error:  # noqa: BLE001 - whatever a user's own container raises
        return nothing, f"sample({n}) returned a {type(returned).__name__} that is no array: {error}"
    if rows.dtype.kind not in "iufb":
        return nothing, f"sample({n}) returned {type(returned).__name__} of {rows.dtype} in the place of numbers"
    shown = rows.shape
    rows = rows[:, None] if rows.ndim == 1 and dimension == 1 else rows
    if rows.shape != (n, dimension):
        return nothing, f"sample({n}) returned shape {shown} in the place of {(n, dimension)}"
    bad = ~np.isfinite(rows)
    if bad.any():
        value = rows[bad][0]
        return nothing, f"sample({n}) returned {value} in {int(bad.any(axis=1).sum())} of its {n} rows"
    return rows.astype(np.float64), ""
