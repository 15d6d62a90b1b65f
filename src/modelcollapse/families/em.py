"""The EM algorithm of scikit-learn for a mixture of normal laws, started where the data came from."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError

Floats = NDArray[np.float64]


class Normals(NamedTuple):
    """Components that are alive: weights, means, and triangular factors of covariances."""

    weights: Floats  # (component,)
    means: Floats  # (component, dimension)
    factors: Floats  # (component, dimension, dimension)


def climb(data: Floats, first: Normals, floor: float, iterations: int) -> tuple[Normals, float]:
    """Return the mixture that EM reaches from the first one, and its log likelihood per datum.

    Parameters
    ----------
    data : array, shape (datum, dimension)
        In units of their own spread.
    first : Normals
    floor : float
        Added to the diagonal of every covariance.
    iterations : int
        The most steps; EM rises with each, so what is reached is better than the first in any case.

    Raises
    ------
    InputError
        If scikit-learn is not installed.
    """
    machine = _machine()
    covariances = first.factors @ np.swapaxes(first.factors, 1, 2) + floor * np.eye(data.shape[1])
    mixture = machine(
        n_components=len(first.weights),
        reg_covar=floor,
        tol=1e-6,
        max_iter=iterations,
        weights_init=first.weights / first.weights.sum(),
        means_init=first.means,
        precisions_init=np.linalg.inv(covariances),
        init_params="random_from_data",
        random_state=0,
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # that the last step of many still moved
        mixture.fit(data)
    factors = np.linalg.cholesky(mixture.covariances_)
    found = Normals(mixture.weights_, mixture.means_, factors)
    return found, float(mixture.score(data))


def _machine() -> Any:
    try:
        from sklearn.mixture import GaussianMixture
    except ImportError:
        raise InputError(
            "The family normal-mixture is fitted by scikit-learn, which is not installed; "
            "install it with: pip install 'modelcollapse[sklearn]'"
        ) from None
    return GaussianMixture
