"""Parts drawn without replacement: expectations over the hypergeometric law, exact or by Gauss quadrature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def hypergeometric_window(total: float, marked: Floats, size: float) -> tuple[Floats, Floats]:
    """Return counts and weights, shape (marked, count), of the marked among `size` drawn from `total`.

    The law is built by ratios from its mode, out to where it is below 1e-25 of it.

    Examples
    --------
    >>> counts, weights = hypergeometric_window(10, np.array([3.0]), 4)
    >>> [round(float(weights[counts == s].sum()), 4) for s in range(4)]
    [0.1667, 0.5, 0.3, 0.0333]
    """
    marked = marked[:, None]
    rest = total - marked
    least, most = np.maximum(0.0, size - rest), np.minimum(marked, size)
    mode = np.clip(np.floor((size + 1.0) * ((marked + 1.0) / (total + 2.0))), least, most)
    deviation = np.sqrt(size * (marked / total) * (rest / total) * (total - size) / max(total - 1.0, 1.0))
    reach = int(min((most - least).max(), 11.0 * deviation.max() + 45.0))
    steps = np.arange(reach)
    up, down = mode + steps, mode - steps
    upward = (
        np.maximum(marked - up, 0.0)
        * np.maximum(size - up, 0.0)
        / ((up + 1.0) * np.maximum(rest - size + up + 1.0, 1.0))
    )
    downward = (
        np.maximum(down, 0.0)
        * np.maximum(rest - size + down, 0.0)
        / (np.maximum(marked - down + 1.0, 1.0) * np.maximum(size - down + 1.0, 1.0))
    )
    parts = [np.cumprod(downward, axis=1)[:, ::-1], np.ones_like(mode), np.cumprod(upward, axis=1)]
    weights = np.concatenate(parts, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    counts = mode + np.arange(-reach, reach + 1)
    kept = (weights > 1e-25).any(axis=0)
    return np.clip(counts[:, kept], least, most), weights[:, kept]


def hypergeometric_quadrature(total: float, marked: Floats, size: float, nodes: int) -> tuple[Floats, Floats]:
    """Return nodes and weights, shape (marked, node), of Gauss quadrature for the same law.

    The nodes are the eigenvalues of the Jacobi matrix of Hahn polynomials. There must be more values than nodes.
    """
    c, j = marked[:, None], np.arange(nodes + 1.0)
    # A_j and C_j of the recurrence, with alpha = -c - 1, beta = -(total - c) - 1; all factors are positive as written.
    up = (total + 1.0 - j) * (c - j) * (size - j) / ((total + 1.0 - 2.0 * j) * (total - 2.0 * j))
    down = j * (total + 1.0 - size - j) * (total - c + 1.0 - j) / ((total + 2.0 - 2.0 * j) * (total + 1.0 - 2.0 * j))
    mean = size * (c / total)
    jacobi = np.zeros((len(marked), nodes, nodes))
    i = np.arange(nodes)
    jacobi[:, i, i] = (up + down)[:, :-1] - mean
    beside = np.sqrt(up[:, :-2] * down[:, 1:-1])
    jacobi[:, i[1:], i[:-1]] = beside
    roots, vectors = np.linalg.eigh(jacobi)
    return mean + roots, vectors[:, 0, :] ** 2
