"""Tables that draw a binomial or Poisson number from one random word (alias method, Walker 1977, Vose 1991).

Row x, for x = 0, ..., LAST, is the law of Bin(n, x/n) or of Poisson(x): the law of a count that was x a generation
before. A row has 64 to 512 columns, enough that what lies beyond has probability below 1e-25. Row LAST + 1 is free for
the first generation. An entry holds a threshold in its upper 52 bits and an alias in its lower 12.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.philox import U

LAST = 300
LARGEST_MEAN = 150.0  # of the free row
LOW_52 = U((1 << 52) - 1)
FULL = 4503599627370495.0
WIDEST = 512


@njit(cache=True, error_model="numpy")
def alias_rows(n, first, poisson):
    """Return (table, rows): entry and, for each row, its place << 8 | 64 - log2(columns).

    `first` is the mean of the free row, 0 for none. `n` is not used for Poisson laws.
    """
    rows = np.empty(LAST + 2, np.uint64)
    total = 0
    for x in range(LAST + 2):
        bits = _log2_columns(float(x) if x <= LAST else first)
        rows[x] = (U(total) << U(8)) | U(64 - bits)
        total += 1 << bits
    table = np.zeros(total, np.uint64)
    weights = np.empty(WIDEST)
    below, above = np.empty(WIDEST, np.int64), np.empty(WIDEST, np.int64)
    for x in range(LAST + 2):
        mean = float(x) if x <= LAST else first
        columns = 1 << (64 - np.int64(rows[x] & U(255)))
        _law(weights, columns, n, mean, poisson)
        _fill(table[np.int64(rows[x] >> U(8)) :], weights, columns, below, above)
    return table, rows


@njit(error_model="numpy")
def _log2_columns(mean):
    if mean <= 11:
        return 6
    if mean <= 40:
        return 7
    return 8 if mean <= 120 else 9


@njit(error_model="numpy")
def _law(weights, columns, n, mean, poisson):
    """Probabilities of 0, 1, ..., columns - 1, by ratios from the mode outwards."""
    weights[:columns] = 0.0
    if mean <= 0.0:
        weights[0] = 1.0
        return
    if not poisson and mean >= n:
        weights[min(np.int64(n), columns - 1)] = 1.0
        return
    odds = 0.0 if poisson else mean / (n - mean)
    a, b = (0.0, mean) if poisson else (-odds, (n + 1) * odds)
    last = columns - 1 if poisson else min(columns - 1, np.int64(n))
    mode = min(np.int64(mean), last)
    weights[mode] = 1.0
    for k in range(mode + 1, last + 1):
        weights[k] = weights[k - 1] * (a + b / k)
    for k in range(mode, 0, -1):
        weights[k - 1] = weights[k] / (a + b / k)
    weights[:columns] /= weights[:columns].sum()


@njit(error_model="numpy")
def _fill(entries, weights, columns, below, above):
    """Split the columns' excess so that each holds at most two outcomes."""
    lows, highs = 0, 0
    for j in range(columns):
        weights[j] *= columns
        entries[j] = (U(FULL) << U(12)) | U(j)
        if weights[j] < 1.0:
            below[lows] = j
            lows += 1
        else:
            above[highs] = j
            highs += 1
    while lows > 0 and highs > 0:
        lows -= 1
        low, high = below[lows], above[highs - 1]
        entries[low] = (U(weights[low] * FULL) << U(12)) | U(high)
        weights[high] = (weights[high] + weights[low]) - 1.0
        if weights[high] < 1.0:
            highs -= 1
            below[lows] = high
            lows += 1


@njit(inline="always", error_model="numpy")
def drawn(table, row, word):
    """Return the outcome, uint64, that a random word stands for in a row."""
    column = word >> (row & U(255))
    entry = table[(row >> U(8)) + column]
    return column if (word & LOW_52) <= (entry >> U(12)) else (entry & U(4095))
