"""Draws that move a count little: the expectation of a polynomial through 14 nodes, from the moments of the law.

Where n draws on top of a count c are narrow beside the distance of the nodes, functions of the count afterwards are
one polynomial. All that is needed of the law are its central moments:

- the part. s ~ Hypergeometric(N, c, m) has, with d = s - E s, A = c m (N - c)(N - m)/N^2 and B = c + m - 2 c m/N,
  for every g: E (A - B d + d^2) g(d + 1) = E (A + (N - B) d + d^2) g(d). With g = d^i that is a recurrence. The
  binomial law is its limit of large N.
- the draws. With t the symbol's share of the model, the moments M_i = E (b - a)^i of b ~ Binomial(n, t) have
  t (1 - t) dM_i/dt = E (b - a)^i (b - n t). So they are polynomials in the share, each from the one before, and the
  moments of the part mix them.

Lengths are in units of the nodes' distance; every term is small there, and nothing cancels.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def part_moments(order: int, apart: Floats, spread: Floats, lean: Floats, inverse_total: Floats) -> Floats:
    """Return central moments 0, 1, ... of a part, or of draws, shape (order, term).

    Parameters
    ----------
    order : int
        How many moments.
    apart : array, shape (term,)
        One datum, in units of length.
    spread, lean, inverse_total : arrays, shape (term,)
        A/N, B/N and 1/N of the part; n t (1 - t), t and 0 of n draws.
    """
    moments = np.zeros((order, len(apart)))
    moments[0] = 1.0
    square, lean, power = spread * apart * apart, lean * apart, np.ones_like(apart)
    # What g(d + 1) - g(d) is made of, without the powers of one datum that the binomial theorem has.
    parts = np.zeros((order, len(apart)))
    scale, inverse = np.ones_like(apart), 1.0 / apart
    for i in range(1, order - 1):
        parts[i - 1] = (square * moments[i - 1] - lean * moments[i]) * scale
        chosen = np.array([float(comb(i, j)) for j in range(i)])
        moments[i + 1] = power * (chosen @ parts[:i]) / np.maximum(1.0 - i * inverse_total, 0.5)
        parts[i - 1] += inverse_total * scale * moments[i + 1]
        scale, power = scale * inverse, power * apart
    return moments


def mixed_moments(part: Floats, spread: Floats, lean: Floats, inverse_size: Floats) -> Floats:
    """Return central moments of n draws with a share that varies, shape (order, term).

    Parameters
    ----------
    part : array, shape (order, term)
        Central moments of n times the share, in units of length u.
    spread, lean, inverse_size : arrays, shape (term,)
        n t (1 - t)/u^2, (1 - 2 t)/u and 1/n, t the mean share.
    """
    order = len(part)
    found = np.empty_like(part)
    found[0] = 1.0
    power = np.arange(order, dtype=np.float64)[:, None]
    rises, tilts = spread * power, lean * power
    stays = 1.0 - inverse_size * np.maximum(power - 1.0, 0.0)
    polynomial = np.ones((1, part.shape[1]))
    for i in range(1, order):
        following = np.empty((i + 1, part.shape[1]))
        following[0] = 0.0
        np.multiply(stays[1 : i + 1], polynomial, out=following[1:])
        following[:i] += tilts[:i] * polynomial
        following[: i - 1] += rises[1:i] * polynomial[1:]
        found[i] = np.einsum("jt,jt->t", following, part[: i + 1])
        polynomial = following
    return found


def stencil_weights(nodes: Floats, moments: Floats) -> Floats:
    """Return weights on nodes that have these moments: a Vandermonde system, by Bjoerck and Pereyra.

    Parameters
    ----------
    nodes, moments : arrays, shape (order, term)
        Places, ascending, and moments about 0.
    """
    order = len(nodes)
    weights = moments.copy()
    for k in range(order - 1):
        weights[k + 1 :] -= nodes[k] * weights[k:-1]
    for k in range(order - 2, -1, -1):
        weights[k + 1 :] /= nodes[k + 1 :] - nodes[: order - k - 1]
        weights[k:-1] -= weights[k + 1 :]
    return weights
