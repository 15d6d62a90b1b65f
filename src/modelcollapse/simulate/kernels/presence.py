"""How many of many replicates still have a symbol, generation after generation: counts alone, two lists of them.

Counts up to LAST take one random word and one entry of an alias table. Larger ones take one normal number and the
quantile of their law. A replicate whose count is 0 leaves its list. One block of random words serves two generations.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.alias_rows import LAST, LOW_52, drawn
from modelcollapse.simulate.kernels.lattice_quantile import (
    FARTHEST,
    LEAST_VARIANCE,
    binomial_point,
    exact_binomial,
    exact_poisson,
    poisson_point,
)
from modelcollapse.simulate.kernels.philox import U, philox
from modelcollapse.simulate.kernels.vector_math import normal_pair

NORMALS = U(1 << 40)  # the use of the counter from which normal numbers are made; below it, generations
CHUNK = 2048  # replicates whose lists fit into the first-level cache


@njit(cache=True, nogil=True, error_model="numpy")
def replicates_present(n, first, generations, replicates, key, table, rows, poisson, count_fixed):
    """Return for generations 0, ..., `generations` how many replicates have a count above 0, and how many have all n.

    The latter only if `count_fixed`.

    The count of generation 1 is Bin(n, first/n), or Poisson(first); `table` and `rows` are `alias_rows` of n and of
    `first` where that is at most its largest mean. Replicate i of the block has counter i.
    """
    if len(rows) != LAST + 2:
        raise ValueError("these alias rows were not made for this kernel")
    present = np.zeros(generations + 1, np.int64)
    fixed = np.zeros(generations + 1, np.int64)
    for start in range(0, replicates, CHUNK):
        size = min(CHUNK, replicates - start)
        _chunk(n, first, generations, start, size, key, table, rows, poisson, count_fixed, present, fixed)
    return present, fixed


@njit(nogil=True, error_model="numpy")
def _chunk(n, first, generations, start, size, key, table, rows, poisson, count_fixed, present, fixed):
    low, low_id = np.empty(size, np.int64), np.empty(size, np.uint64)
    high, high_id = np.empty(size), np.empty(size, np.uint64)  # the mean of the next draw: a count, at first `first`
    word, next_word = np.empty(size, np.uint64), np.empty(size, np.uint64)
    normal, next_normal = np.empty(size), np.empty(size)
    fresh, doubtful = np.empty(size), np.empty(size)
    lows, highs = 0, 0
    if rows[LAST + 1] != U(0):
        lows = size
        for i in range(size):
            low_id[i], low[i] = U(start + i), LAST + 1
    else:
        highs = size
        for i in range(size):
            high_id[i], high[i] = U(start + i), first
    k = 1
    while k <= generations and lows + highs > 0:
        use = U(k)
        _words(low_id, lows, use, key, word, next_word)
        _normals(high_id, highs, use | NORMALS, key, normal, next_normal)
        for half in range(2):
            if k > generations:
                break
            w, z = (word, normal) if half == 0 else (next_word, next_normal)
            lows, largest = _draw_low(low, low_id, w, next_word, lows, table, rows)
            least = _draw_high(n, high, z, fresh, doubtful, highs, poisson)
            high, fresh = fresh, high
            if least <= LAST:
                highs, lows = _sink(high, high_id, next_normal, highs, low, low_id, next_word, lows, use, key)
            if largest > U(LAST):
                lows, highs = _rise(low, low_id, next_word, lows, high, high_id, next_normal, highs, use, key)
            present[k] += lows + highs
            if count_fixed:
                fixed[k] += _count(low, lows, n) + _count(high, highs, n)
            k += 1


@njit(nogil=True, error_model="numpy")
def _words(ids, live, use, key, word, next_word):
    for i in range(live):
        a, b = philox(ids[i], use, key)
        word[i] = a
        next_word[i] = b


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _normals(ids, live, use, key, normal, next_normal):
    for i in range(live):
        a, b = philox(ids[i], use, key)
        x, y = normal_pair(a, b)
        normal[i] = x
        next_normal[i] = y


@njit(nogil=True, error_model="numpy")
def _draw_low(low, ids, word, next_word, live, table, rows):
    """Draw from the table; keep what is above 0, in place. Return how many, and the largest count."""
    kept, largest = U(0), U(0)
    for i in range(live):
        u = word[i]
        row = rows[U(low[i])]
        column = u >> (row & U(255))
        entry = table[(row >> U(8)) + column]
        count = column if (u & LOW_52) <= (entry >> U(12)) else (entry & U(4095))
        low[kept] = np.int64(count)
        ids[kept] = ids[i]
        next_word[kept] = next_word[i]
        kept += U(1) if count > U(0) else U(0)
        largest = max(largest, count)
    return np.int64(kept), largest


@njit(nogil=True, error_model="numpy")
def _draw_high(n, high, normal, fresh, doubtful, live, poisson):
    """Draw each count into `fresh`; return the least."""
    if poisson:
        _poisson_points(high, normal, fresh, doubtful, live)
    else:
        _binomial_points(n, high, normal, fresh, doubtful, live)
    least = np.inf
    for i in range(live):
        if doubtful[i] != 0.0:
            fresh[i] = _decided(n, high[i], normal[i], fresh[i], poisson)
        least = min(least, fresh[i])
    return least


@njit(nogil=True, error_model="numpy")
def _decided(n, mean, normal, near, poisson):
    if poisson:
        return float(exact_poisson(mean, normal, np.int64(near)))
    return mean if mean == n else float(exact_binomial(n, mean / n, normal, np.int64(near)))


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _binomial_points(n, high, normal, fresh, doubtful, live):
    inverse = 1.0 / n
    for i in range(live):
        p = high[i] * inverse
        w = normal[i]
        x, margin = binomial_point(n, p, w)
        k = np.floor(x)
        fresh[i] = k
        near = (x - k < margin) | (x - k > 1.0 - margin)
        doubtful[i] = 1.0 if near | (abs(w) > FARTHEST) | (n * p * (1.0 - p) < LEAST_VARIANCE) else 0.0


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _poisson_points(high, normal, fresh, doubtful, live):
    for i in range(live):
        mean, w = high[i], normal[i]
        x, margin = poisson_point(mean, w)
        k = np.floor(x)
        fresh[i] = k
        near = (x - k < margin) | (x - k > 1.0 - margin)
        doubtful[i] = 1.0 if near | (abs(w) > FARTHEST) | (mean < LEAST_VARIANCE) else 0.0


@njit(nogil=True, error_model="numpy")
def _sink(high, high_id, next_normal, highs, low, low_id, next_word, lows, use, key):
    """Move counts that have become small to the other list; those of 0 leave."""
    kept = 0
    for i in range(highs):
        if high[i] > LAST:
            high[kept], high_id[kept], next_normal[kept] = high[i], high_id[i], next_normal[i]
            kept += 1
        elif high[i] > 0:
            low[lows], low_id[lows] = np.int64(high[i]), high_id[i]
            next_word[lows] = philox(high_id[i], use, key)[1]
            lows += 1
    return kept, lows


@njit(nogil=True, error_model="numpy")
def _rise(low, low_id, next_word, lows, high, high_id, next_normal, highs, use, key):
    """Move counts that have become large to the other list."""
    kept = 0
    for i in range(lows):
        if low[i] > LAST:
            high[highs], high_id[highs] = float(low[i]), low_id[i]
            a, b = philox(low_id[i], use | NORMALS, key)
            next_normal[highs] = normal_pair(a, b)[1]
            highs += 1
        else:
            low[kept], low_id[kept], next_word[kept] = low[i], low_id[i], next_word[i]
            kept += 1
    return kept, highs


@njit(nogil=True, error_model="numpy")
def _count(counts, live, value):
    found = 0
    for i in range(live):
        found += 1 if counts[i] == value else 0
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def draw_row(table, row, words, out):
    """Draw one number per word from one row: the table's own test."""
    for i in range(len(words)):
        out[i] = np.int64(drawn(table, row, words[i]))
