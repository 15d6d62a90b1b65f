"""Density estimators of scikit-learn as learners."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.learners.protocol import Rows


class DensityEstimator:
    """A density estimator that can sample: `GaussianMixture`, `BayesianGaussianMixture`, `KernelDensity`, or another.

    Every fit and every sample has a random state of its own, from the generator passed in: an estimator left to
    itself would return the same sample again and again. Mixtures return their draws component by component; they are
    shuffled here.

    Parameters
    ----------
    estimator : estimator of scikit-learn
        With `fit` and `sample`; it is copied, never fitted itself.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neighbors import KernelDensity
    >>> learner = DensityEstimator(KernelDensity(bandwidth=0.5))
    >>> rng = np.random.default_rng(1)
    >>> learner.fit(rng.normal(size=(100, 2)), rng)
    >>> learner.sample(3, rng).shape
    (3, 2)
    """

    def __init__(self, estimator: Any) -> None:
        if not (hasattr(estimator, "fit") and hasattr(estimator, "sample") and hasattr(estimator, "get_params")):
            allowed = "an estimator of scikit-learn that can sample, as `GaussianMixture()` or `KernelDensity()`"
            raise InputError(arguments.message("estimator", estimator, allowed))
        self._unfitted = estimator
        self._fitted: Any = None

    def fit(self, data: Rows, rng: np.random.Generator) -> None:
        """Fit a fresh copy of the estimator."""
        from sklearn.base import clone

        fresh = clone(self._unfitted)
        if "random_state" in fresh.get_params():
            fresh.set_params(random_state=_state(rng))
        self._fitted = fresh.fit(data)

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        """Draw, and shuffle the draws."""
        from sklearn.neighbors import KernelDensity

        if isinstance(self._fitted, KernelDensity):
            drawn = self._fitted.sample(n, random_state=_state(rng))
        else:
            drawn = self._fitted.set_params(random_state=_state(rng)).sample(n)
        rows = drawn[0] if isinstance(drawn, tuple) else drawn  # mixtures return components beside
        return rng.permutation(np.asarray(rows, dtype=np.float64))


def is_estimator(thing: object) -> bool:
    """Whether something is an estimator of scikit-learn or a class of them; asking imports nothing.

    Examples
    --------
    >>> is_estimator(3)
    False
    """
    base = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", None)
    if base is None:
        return False
    return issubclass(thing, base) if isinstance(thing, type) else isinstance(thing, base)


def gaussian_mixture(**parameters: Any) -> DensityEstimator:
    """Return scikit-learn's `GaussianMixture` as a learner."""
    return _estimator("mixture", "GaussianMixture", parameters)


def bayesian_gaussian_mixture(**parameters: Any) -> DensityEstimator:
    """Return scikit-learn's `BayesianGaussianMixture` as a learner."""
    return _estimator("mixture", "BayesianGaussianMixture", parameters)


def kernel_density(**parameters: Any) -> DensityEstimator:
    """Return scikit-learn's `KernelDensity` as a learner."""
    return _estimator("neighbors", "KernelDensity", parameters)


def _estimator(module: str, name: str, parameters: dict[str, Any]) -> DensityEstimator:
    try:
        from importlib import import_module

        kind = getattr(import_module(f"sklearn.{module}"), name)
    except ModuleNotFoundError:
        raise InputError(
            f"`learner` is scikit-learn's {name}, but scikit-learn is not installed; "
            "install it with: pip install 'modelcollapse[sklearn]'"
        ) from None
    try:
        return DensityEstimator(kind(**parameters))
    except TypeError as error:
        known = ", ".join(kind().get_params())
        raise InputError(f"`parameters` of {name} are wrong: {error}; it takes {known}.") from None


def _state(rng: np.random.Generator) -> np.random.RandomState:
    """Return the old kind of random state, which scikit-learn takes, drawing from the generator's own stream."""
    return np.random.RandomState(rng.bit_generator)
