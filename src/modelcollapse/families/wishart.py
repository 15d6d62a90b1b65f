"""Triangular factors of squares and products: of normal data, drawn without the data, and of any columns."""

from __future__ import annotations

import numpy as np

from modelcollapse.families.location_scale import Floats


def times(matrices: Floats, vectors: Floats) -> Floats:
    """Matrix times vector for each replicate."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def bartlett(freedom: Floats, dimension: int, rng: np.random.Generator) -> Floats:
    """Draw the lower triangular factor of the squares and products of `freedom` standard normal vectors."""
    rows = len(freedom)
    left = freedom - np.arange(dimension)
    diagonal = np.sqrt(np.where(left > 0, rng.chisquare(np.where(left > 0, left, 1.0)), 0.0))
    if dimension == 1:
        return diagonal[:, :, None]
    factor = np.tril(rng.standard_normal((rows, dimension, dimension)), -1)
    factor *= (np.arange(dimension) < freedom)[:, None, :]
    factor[:, np.arange(dimension), np.arange(dimension)] = diagonal
    return factor


def triangular(columns: Floats) -> Floats:
    """Return the lower triangular L with a diagonal of at least 0 and L L' = columns columns'."""
    if columns.shape[1] == 1:
        largest = np.maximum(np.abs(columns).max(axis=2, keepdims=True), 1e-300)
        return largest * np.sqrt(((columns / largest) ** 2).sum(axis=2, keepdims=True))
    upper = np.linalg.qr(np.swapaxes(columns, 1, 2), mode="r")
    sign = np.where(np.diagonal(upper, axis1=1, axis2=2) < 0, -1.0, 1.0)
    return np.swapaxes(upper * sign[:, :, None], 1, 2)
