"""Distributions of `scipy.stats`: as learners, fitted and drawn from by scipy, and as a known law to start from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.learners.protocol import Rows
from modelcollapse.provenance import plain
from modelcollapse.start import Start


class FittedDistribution:
    """A distribution of `scipy.stats` with `fit` and `rvs`, all its parameters estimated unless held.

    Parameters
    ----------
    distribution : str or distribution
        A continuous distribution, for data of dimension 1, or `multivariate_normal`.
    **fixed : float
        What scipy's `fit` takes beside the data: ``floc=0`` holds the location at 0.

    Raises
    ------
    InputError
        If there is no such distribution, or it cannot be fitted.

    Examples
    --------
    >>> import numpy as np
    >>> learner = FittedDistribution("expon", floc=0)
    >>> learner.fit(np.array([[1.0], [2.0], [3.0]]), np.random.default_rng(1))
    >>> learner.sample(2, np.random.default_rng(1)).round(3).tolist()
    [[2.146], [0.617]]
    """

    def __init__(self, distribution: Any = "norm", **fixed: float) -> None:
        self._distribution = _named(distribution) if isinstance(distribution, str) else distribution
        if not (hasattr(self._distribution, "fit") and hasattr(self._distribution, "rvs")):
            allowed = "a distribution of `scipy.stats` that scipy can fit: a continuous one, or 'multivariate_normal'"
            raise InputError(arguments.message("distribution", distribution, allowed))
        self._fixed = fixed
        self._parameters: tuple[Any, ...] = ()

    def fit(self, data: Rows, rng: np.random.Generator) -> None:  # noqa: ARG002
        """Fit by scipy: maximum likelihood as far as its optimiser gets."""
        if not is_continuous(self._distribution):
            self._parameters = self._distribution.fit(data, **self._fixed)
            return
        if data.shape[1] != 1:
            raise InputError(
                f"`data` have dimension {data.shape[1]}, but {self._distribution.name} is a law of single numbers; "
                "use 'multivariate_normal', or data of dimension 1."
            )
        self._parameters = self._distribution.fit(data[:, 0], **self._fixed)

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        """Draw by scipy."""
        return np.asarray(self._distribution.rvs(*self._parameters, size=n, random_state=rng)).reshape(n, -1)


@dataclass(frozen=True, init=False, eq=False, repr=False)
class KnownDistribution(Start):
    """A known law P_0 from `scipy.stats`, with all its parameters: what a learner's recursion can start from.

    Generation 1 is drawn from the law itself, and fresh data are. Inside of `Empirical`, generation 0 is fitted to
    one sample of it.

    Parameters
    ----------
    distribution : str
        Its name in `scipy.stats`: of single numbers or of vectors.
    **parameters : float or list
        As scipy's `rvs` takes them.

    Raises
    ------
    InputError
        If there is no such distribution, or it refuses its parameters.

    Examples
    --------
    >>> start = KnownDistribution("multivariate_normal", mean=[0.0, 5.0], cov=[[1.0, 0.0], [0.0, 2.0]])
    >>> start.dimension
    2
    """

    distribution: str
    parameters: Mapping[str, Any]

    def __init__(self, distribution: str = "norm", **parameters: Any) -> None:
        _named(distribution)
        object.__setattr__(self, "distribution", distribution)
        object.__setattr__(self, "parameters", MappingProxyType(parameters))
        _ = self.dimension

    @cached_property
    def dimension(self) -> int:
        """How many numbers a datum has."""
        try:
            rows = self.sample(2, np.random.default_rng(0))
        except (TypeError, ValueError, np.linalg.LinAlgError) as error:
            raise InputError(
                f"`parameters` are {dict(self.parameters)!r}, but `scipy.stats.{self.distribution}` refuses them: "
                f"{error}"
            ) from None
        if not np.all(np.isfinite(rows)):
            raise InputError(arguments.message("parameters", dict(self.parameters), "those of a law of finite numbers"))
        return rows.shape[1]

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        """Draw n data, shape (n, dimension)."""
        drawn = _named(self.distribution).rvs(**self.parameters, size=n, random_state=rng)
        return np.asarray(drawn, dtype=np.float64).reshape(n, -1)

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters."""
        return {"kind": "distribution", "distribution": self.distribution, "parameters": plain(dict(self.parameters))}

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.distribution, dict(self.parameters))

    def __str__(self) -> str:
        given = "".join(f", {name}={value}" for name, value in self.parameters.items())
        return f"{self.distribution}{given}"

    def __repr__(self) -> str:
        return f"KnownDistribution({self})"


def is_continuous(thing: object) -> bool:
    """Whether something is a continuous distribution of `scipy.stats`; asking imports nothing.

    Examples
    --------
    >>> is_continuous("norm")
    False
    """
    kind = getattr(sys.modules.get("scipy.stats"), "rv_continuous", None)
    return kind is not None and isinstance(thing, kind)


def _named(distribution: object) -> Any:
    """Return the distribution of that name, or refuse it with near names."""
    from scipy import stats

    found = getattr(stats, distribution, None) if isinstance(distribution, str) else None
    if hasattr(found, "rvs"):
        return found
    near = get_close_matches(str(distribution), [n for n in dir(stats) if hasattr(getattr(stats, n), "rvs")], n=3)
    remedy = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise InputError(arguments.message("distribution", distribution, "the name of a law in `scipy.stats`", remedy))


def _rebuilt(distribution: str, parameters: dict[str, Any]) -> KnownDistribution:
    return KnownDistribution(distribution, **parameters)
