"""The start of a mixture of normal laws: weights, means and covariances of its components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.start import Start

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Components(Start):
    """A mixture of K normal laws in d dimensions.

    Parameters
    ----------
    weights : array_like, shape (component,)
        Positive numbers that add up to 1.
    means : array_like, shape (component, dimension); in one dimension also (component,)
    covariances : array_like, shape (component, dimension, dimension); in one dimension also (component,)
        Symmetric and positive definite; in one dimension the variances.

    Raises
    ------
    InputError
        If shapes do not fit, a number is not finite, a weight is 0, or a covariance is not positive definite.

    Examples
    --------
    >>> Components([0.5, 0.5], means=[-2.0, 2.0], covariances=[1.0, 1.0])
    Components(2 components in 1 dimension)
    """

    weights: ArrayLike
    means: ArrayLike
    covariances: ArrayLike

    def __post_init__(self) -> None:
        weights = arguments.probabilities("weights", self.weights)
        if weights.min(initial=1.0) <= 0.0:
            raise InputError(arguments.message("weights", self.weights, "positive; leave components of weight 0 out"))
        number = len(weights)
        means = _array("means", self.means)
        means = means[:, None] if means.ndim == 1 else means
        covariances = _array("covariances", self.covariances)
        covariances = covariances[:, None, None] if covariances.ndim == 1 else covariances
        if means.ndim != 2 or len(means) != number or means.shape[1] < 1:
            raise InputError(arguments.message("means", self.means, f"of shape ({number}, dimension)"))
        shape = (number, means.shape[1], means.shape[1])
        if covariances.shape != shape:
            raise InputError(arguments.message("covariances", self.covariances, f"of shape {shape}"))
        _require_positive(covariances)
        object.__setattr__(self, "weights", weights / weights.sum())
        object.__setattr__(self, "means", means)
        object.__setattr__(self, "covariances", covariances)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of components, and dimension."""
        components, dimension = np.asarray(self.means).shape
        return components, dimension

    def to_dict(self) -> dict[str, Any]:
        """Return weights, means and covariances."""
        parts = ("weights", "means", "covariances")
        return {"kind": "components", **{name: np.asarray(getattr(self, name)).tolist() for name in parts}}

    def __str__(self) -> str:
        components, dimension = self.shape
        plural = "s" if dimension > 1 else ""
        return f"{components} components in {dimension} dimension{plural}"

    def __repr__(self) -> str:
        return f"Components({self})"


def _array(name: str, value: ArrayLike) -> Floats:
    try:
        found = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise InputError(arguments.message(name, value, "an array of numbers")) from None
    if not np.all(np.isfinite(found)):
        raise InputError(arguments.message(name, value, "finite"))
    return found


def _require_positive(covariances: Floats) -> None:
    for covariance in covariances:
        symmetric = np.allclose(covariance, covariance.T, rtol=1e-12, atol=0.0)
        if not symmetric or np.linalg.eigvalsh(covariance)[0] <= 0.0:
            allowed = "symmetric and positive definite"
            raise InputError(arguments.message("covariances", covariance.tolist(), allowed))
