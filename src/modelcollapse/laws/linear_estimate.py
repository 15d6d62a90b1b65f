"""An unbiased estimate of P_0 from batches that models have contaminated, and how many real draws it is worth.

Every draw of batch i is real with chance a_i, and from a known model M_i otherwise, so its law is
q_i = a_i P_0 + (1 - a_i) M_i. Batch i alone therefore tells P_0 without bias,

    e_i = (frequencies of batch i - (1 - a_i) M_i)/a_i,   E [e_i | M_i] = P_0,
    E [|e_i - P_0|^2 | M_i] = (1 - |q_i|^2)/(n_i a_i^2),

also if M_i was learned from the batches before: the errors are martingale differences, so variances add. With weights
in proportion to n_i a_i^2, S = sum of n_i a_i^2,

    E |estimate - P_0|^2 = sum of n_i a_i^2 E (1 - |q_i|^2)/S^2,   at most 1/S.

S is the effective sample size: S real draws have the error (1 - |P_0|^2)/S. If each draw were labelled real or not,
sum of n_i a_i real draws would be at hand.

A detector of watermarks is a label that errs. It says w of a real draw with chance Q_1(w), of others with Q_0(w), and
does not look at the symbol. The draws of batch i of which it says w are a batch by themselves, a share
m_i(w) = a_i Q_1(w) + (1 - a_i) Q_0(w) of all n_i, and are real with chance a_i Q_1(w)/m_i(w). So they add
n_i a_i^2 Q_1(w)^2/m_i(w) to S, on average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearEstimate:
    """What contaminated batches say about P_0.

    Parameters
    ----------
    probabilities : array, shape (symbol,)
        The estimate. It adds up to 1, but is not cut off at 0: that would bias it.
    weights : array, shape (batch,)
        Of the batches; 0 where nothing is real.
    effective_size : float
        S: as many real draws would tell as much, up to the diversity of the draws.
    sizes, shares : array, shape (batch,)
        n_i and a_i.
    models : array, shape (batch, symbol)
        M_i.
    estimated_error : float
        An unbiased estimate of E |estimate - P_0|^2 from the batches alone; a batch of a single draw, which cannot
        tell its spread, counts with the largest.
    """

    probabilities: Floats
    weights: Floats
    effective_size: float
    sizes: Floats
    shares: Floats
    models: Floats
    estimated_error: float

    def variance(self, truth: ArrayLike) -> Floats:
        """Return the variance of each probability given the models, if P_0 were `truth`; its sum is the squared error.

        Exact where the models do not depend on the batches; otherwise its expectation over models is.
        """
        p = arguments.probabilities("truth", truth)
        if len(p) != len(self.probabilities):
            allowed = f"{len(self.probabilities)} probabilities, one for each symbol"
            raise InputError(arguments.message("truth", truth, allowed))
        used = self.weights > 0
        share = self.shares[used, None]
        q = share * p + (1.0 - share) * self.models[used]
        scale = (self.weights[used] / self.shares[used]) ** 2 / self.sizes[used]
        return np.asarray(scale @ (q * (1.0 - q)))


def effective_size(sizes: Sequence[int], shares: Sequence[float], labelled: bool = False) -> float:
    """Return how many real draws batches are worth in which each draw is real with a known chance.

    Parameters
    ----------
    sizes : list of int
        n_i, each at least 1.
    shares : list of float
        a_i, each from 0 to 1.
    labelled : bool
        Whether it is known of each draw if it is real: sum of n_i a_i; otherwise sum of n_i a_i^2.

    Raises
    ------
    InputError
        If an argument is outside of its domain, or the lists differ in length.

    References
    ----------
    Kanabar, Gastpar (2026), Theorems 1 and 2 as the authors quote them later: in most regimes the least error that any
    estimate can have is of the order of 1 over these sums. That the linear estimate has at most 1 over the first sum is
    proved here.

    Examples
    --------
    >>> effective_size([1000] * 10, [0.5] * 10), effective_size([1000] * 10, [0.5] * 10, labelled=True)
    (2500.0, 5000.0)
    """
    n, a = _batches(sizes, shares)
    return float(n @ (a if arguments.flag("labelled", labelled) else a * a))


def marked_size(sizes: Sequence[int], shares: Sequence[float], real: ArrayLike, synthetic: ArrayLike) -> float:
    """Return how many real draws batches are worth if a detector says of each draw, not always rightly, if it is real.

    A batch counts n_i a_i^2 where the detector says the same of all draws, and n_i a_i where it never errs. With e the
    least of synthetic/real it is at most n_i a_i^2/(a_i + e (1 - a_i)): few real draws are found only if as few others
    are taken for real.

    Parameters
    ----------
    sizes : list of int
        n_i, each at least 1.
    shares : list of float
        a_i, each from 0 to 1.
    real, synthetic : array, shape (output,)
        Probabilities of the detector's outputs for draws that are real, Q_1, and for those that are not, Q_0.

    Raises
    ------
    InputError
        If an argument is outside of its domain, or lists differ in length.

    References
    ----------
    Kanabar, Gastpar (2026) and what the authors say of watermarks later, in another form:
    n a^2 (1 + chi^2(Q_1 | a Q_1 + (1 - a) Q_0)). Derived here.

    Examples
    --------
    >>> round(marked_size([10_000], [0.1], real=[0.99, 0.01], synthetic=[0.05, 0.95]), 1)
    680.6
    >>> [round(effective_size([10_000], [0.1], labelled=labels), 1) for labels in (False, True)]
    [100.0, 1000.0]
    """
    n, a = _batches(sizes, shares)
    of_real = arguments.probabilities("real", real)
    of_others = arguments.probabilities("synthetic", synthetic)
    if len(of_real) != len(of_others):
        allowed = f"{len(of_real)} probabilities, one for each of `real`"
        raise InputError(arguments.message("synthetic", synthetic, allowed))
    said = np.outer(a, of_real)
    everything = said + np.outer(1.0 - a, of_others)
    right = np.divide(said, everything, out=np.zeros_like(said), where=everything > 0)
    return float(n @ (said * right).sum(axis=1))


def linear_estimate(counts: ArrayLike, models: ArrayLike, shares: Sequence[float]) -> LinearEstimate:
    """Return the unbiased linear estimate of P_0 from batches of draws that are real with a known chance.

    Parameters
    ----------
    counts : array of int, shape (batch, symbol)
        How often each symbol was drawn; each batch holds a draw at least.
    models : array, shape (batch, symbol)
        The probabilities that the draws of each batch that are not real came from.
    shares : list of float, one for each batch
        a_i, the chance of a draw to be real; at least one above 0.

    Raises
    ------
    InputError
        If an argument is outside of its domain, the shapes differ, or no draw is real.

    References
    ----------
    Setting by Kanabar, Gastpar (2026), known from the abstract; derived here.

    Examples
    --------
    >>> found = linear_estimate([[60, 40], [58, 42]], [[0.5, 0.5], [0.6, 0.4]], [1.0, 0.5])
    >>> found.probabilities, found.weights, found.effective_size
    (array([0.592, 0.408]), array([0.8, 0.2]), 125.0)
    >>> float(found.variance([0.6, 0.4]).sum().round(6)), round(found.estimated_error, 6)
    (0.00384, 0.00389)
    """
    table = _table("counts", counts)
    model = _table("models", models)
    a = _shares(shares)
    if np.any(table != np.floor(table)) or np.any(table.sum(axis=1) < 1):
        raise InputError(arguments.message("counts", counts, "whole numbers, at least one positive in each batch"))
    if model.shape != table.shape or np.any(np.abs(model.sum(axis=1) - 1.0) > 1e-9):
        allowed = f"an array of the shape of `counts`, {table.shape}, whose rows add up to 1"
        raise InputError(arguments.message("models", models, allowed))
    if len(a) != len(table) or not np.any(a > 0):
        allowed = f"{len(table)} numbers, one for each batch, not all of them 0"
        raise InputError(arguments.message("shares", shares, allowed))
    return _combined(table, model, a)


def _combined(counts: Floats, models: Floats, shares: Floats) -> LinearEstimate:
    sizes = counts.sum(axis=1)
    worth = sizes * shares**2
    weights = worth / worth.sum()
    used = weights > 0
    frequencies, share = counts[used] / sizes[used, None], shares[used, None]
    single = (frequencies - (1.0 - share) * models[used]) / share
    # E [1 - |f|^2] = (1 - 1/n)(1 - |q|^2).
    spread = np.where(sizes[used] > 1, 1.0 - (frequencies**2).sum(axis=1), 1.0) / np.maximum(sizes[used] - 1.0, 1.0)
    return LinearEstimate(
        probabilities=weights[used] @ single,
        weights=weights,
        effective_size=float(worth.sum()),
        sizes=sizes,
        shares=shares,
        models=models,
        estimated_error=float(((weights[used] / shares[used]) ** 2) @ spread),
    )


def _batches(sizes: Sequence[int], shares: Sequence[float]) -> tuple[Floats, Floats]:
    n, a = _sizes("sizes", sizes), _shares(shares)
    if len(n) != len(a):
        raise InputError(arguments.message("shares", shares, f"{len(n)} numbers, one for each of `sizes`"))
    return n, a


def _sizes(name: str, value: Sequence[int]) -> Floats:
    try:
        listed = np.atleast_1d(np.asarray(value, dtype=object))
    except (ValueError, TypeError):
        listed = np.empty((0, 0))
    if listed.ndim != 1 or listed.size == 0:
        raise InputError(arguments.message(name, value, "a list of whole numbers of at least 1"))
    most = arguments.LARGEST_SAMPLE_SIZE
    return np.array([arguments.integer(name, n, least=1, most=most) for n in listed.tolist()], dtype=np.float64)


def _shares(value: Sequence[float]) -> Floats:
    return np.atleast_1d(arguments.shares("shares", value)).ravel()


def _table(name: str, value: ArrayLike) -> Floats:
    """A row for each batch, of finite numbers that are not negative."""
    rows = arguments.table(name, value)
    if np.any(rows < 0) or rows.shape[1] < 1:
        raise InputError(arguments.message(name, value, "rows of numbers, one for each symbol, none negative"))
    return rows
