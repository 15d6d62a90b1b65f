"""Estimators of a symmetric mixture: joint maximum likelihood, and the approximate one of Algorithm 1."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.mixture_likelihood import Folded, inverse_variance, largest_likelihood
from modelcollapse.provenance import plain

Floats = NDArray[np.float64]

_PRINTED_A = 50.0


class MixtureEstimator(ABC):
    """How mean and scale follow from absolute values. A frozen dataclass whose fields are its parameters."""

    name: ClassVar[str]

    @abstractmethod
    def estimate(self, data: Folded, spread: Floats, size: Floats) -> tuple[Floats, Floats]:
        """Return mean and scale of each row, in units of the root of the mean square.

        Parameters
        ----------
        data : Folded
        spread : array, shape (row,)
            The standard deviation of the absolute values; above 0 even where its square is below all doubles.
        size : array, shape (row,)
            How many data each row has.
        """

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


@dataclass(frozen=True)
class JointLikelihood(MixtureEstimator):
    """Maximum likelihood in mean and scale together; of several maxima always the global one.

    A sample that looks like one normal law, or flatter, has its maximum at mean 0: then the scale is the root of the
    mean square.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Mixture
    >>> family = Mixture()
    >>> model = family.initial(Parameters(mean=2.0, scale=1.0), replicates=1)
    >>> family.fit(family.sample(model, 100_000, np.random.default_rng(1))).round(1)
    array([[2., 1.]])
    """

    name: ClassVar[str] = "joint"

    def estimate(self, data: Folded, spread: Floats, size: Floats) -> tuple[Floats, Floats]:  # noqa: ARG002
        """Return mean and scale."""
        b, missing = largest_likelihood(data)
        return b / inverse_variance(b), np.hypot(spread, np.sqrt(missing * (2.0 * data.mean - missing)))


@dataclass(frozen=True)
class ApproximateLikelihood(MixtureEstimator):
    """Algorithm 1 of Suresh and others: mean and scale in closed form from the averages of |y| and y^2.

    With M the square of the average of |y|, Q the average of y^2 and v = Q - M, the printed rule comes to

        scale^2 = v (Q/M) / (1 + 2 Q/(a M))    where Q is at most (1 + kappa) M, and otherwise
        scale^2 = min(Q, (1 + kappa) v),       mean^2 = Q - scale^2.

    Parameters
    ----------
    kappa : float, optional
        From 0 on. If not given, the value of the paper for the sample size, see `inflation`.
    eta : float
        Above 1; decides kappa where that is not given.
    a : float
        Above 2. The paper prints 50, which takes a share sqrt(50/52) of the scale away in every generation once the
        components are apart, however large the sample. Without a limit, the default, nothing is taken away: then the
        estimates are consistent where the components are apart.
    paper_compatible : bool
        Use the printed a = 50.

    Raises
    ------
    InputError
        If a parameter is out of range, or `a` is given beside `paper_compatible`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import ApproximateLikelihood, Mixture
    >>> start = Parameters(mean=2000.0, scale=1.0)
    >>> for estimator in (ApproximateLikelihood(), ApproximateLikelihood(paper_compatible=True)):
    ...     family = Mixture(estimator)
    ...     batch = family.sample(family.initial(start, replicates=1), 100_000, np.random.default_rng(1))
    ...     print(family.fit(batch)[:, 1].round(2))
    [1.]
    [0.98]
    """

    kappa: float | None = None
    eta: float = 2.0
    a: float = math.inf
    paper_compatible: bool = False

    name: ClassVar[str] = "approximate"

    def __post_init__(self) -> None:
        if self.kappa is not None:
            object.__setattr__(self, "kappa", arguments.real("kappa", self.kappa, low=0.0, high=1e6))
        object.__setattr__(self, "eta", checked_eta(self.eta))
        a = arguments.number(self.a)
        if not a > 2.0:
            raise InputError(arguments.message("a", self.a, "a number above 2, or infinity"))
        if self.paper_compatible and a not in (math.inf, _PRINTED_A):
            remedy = f"The paper's is {_PRINTED_A:g}."
            raise InputError(arguments.message("a", self.a, "left out with `paper_compatible`", remedy))
        object.__setattr__(self, "a", _PRINTED_A if self.paper_compatible else a)

    def inflation(self, size: Floats) -> Floats:
        """Return kappa for each sample size: by how much the square of the scale may exceed v, relatively."""
        return np.full(np.shape(size), self.kappa) if self.kappa is not None else inflation(size, self.eta)

    def estimate(self, data: Folded, spread: Floats, size: Floats) -> tuple[Floats, Floats]:
        """Return mean and scale; Q is 1 in these units."""
        near = data.mean**2
        most = 1.0 + self.inflation(size)
        pull = 2.0 / self.a
        apart = most * near >= 1.0
        within = near >= 0.5 * (1.0 - pull)  # Q <= 2 a M / (a - 2)
        factor = np.where(apart, 1.0 / (near + pull), most)
        scale = np.where(apart & ~within, 1.0, np.minimum(spread * np.sqrt(factor), 1.0))
        return np.sqrt((1.0 - scale) * (1.0 + scale)), scale


def inflation(size: Floats, eta: float) -> Floats:
    """Return kappa of Algorithm 1: exp((eta - 1)((n-1)/2 + 4 eta) / (eta (n-1)(n + 4 eta - 1))) - 1.

    Examples
    --------
    >>> print(inflation(np.array([10.0]), 2.0).round(6))
    [0.041695]
    """
    n = np.asarray(size, dtype=np.float64)
    return np.asarray(np.expm1((eta - 1.0) * (0.5 * (n - 1.0) + 4.0 * eta) / (eta * (n - 1.0) * (n + 4.0 * eta - 1.0))))


def checked_eta(value: object) -> float:
    """Return eta, above 1, or raise `InputError`."""
    eta = arguments.number(value)
    if not 1.0 < eta <= 1e6:
        raise InputError(arguments.message("eta", value, "a number above 1 and at most 1e+06"))
    return eta
