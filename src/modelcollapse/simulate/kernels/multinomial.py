"""One generation of a categorical recursion with many symbols: exactly multinomial, at a cost per surviving symbol.

Each count c is replaced by a Poisson number of mean c, from alias tables where c is at most LAST, else by its quantile.
Given their sum S the numbers are multinomial, S draws in all. If S is below n, n - S draws from the old counts are
added; if it is above, S - n of the draws, chosen uniformly, are taken back. S is off by about sqrt(n) only. What comes
out are n multinomial draws. Symbols of count 0 then leave the list.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.alias_rows import LAST, LOW_52
from modelcollapse.simulate.kernels.lattice_quantile import FARTHEST, exact_poisson, poisson_point
from modelcollapse.simulate.kernels.philox import U, philox
from modelcollapse.simulate.kernels.vector_math import normal_pair, unit, vector_log

CHUNK, HALF = 1024, 512
GROUP = 32  # counts whose sums are compared first when a draw is looked up
NORMALS, REPAIRS = U(1 << 40), U(1 << 41)  # counters for other uses than the alias tables


@njit(cache=True, nogil=True, error_model="numpy")
def generation(counts, symbols, live, n, number, key, table, rows, fresh, sums):
    """Draw generation `number` of a replicate in place; return how many symbols are left.

    `counts` (int32 or int64, adding up to n) and `symbols` list the live ones in front; `fresh` is work space like
    `counts`, `sums` one number for every 32 of them.
    """
    if len(rows) != LAST + 2:
        raise ValueError("these alias rows were not made for this kernel")
    total = _poisson(counts, live, U(number), key, table, rows, fresh)
    _repair(counts, fresh, live, n, total, U(number), key, sums)
    kept = 0
    for i in range(live):
        counts[kept] = fresh[i]
        symbols[kept] = symbols[i]
        kept += 1 if fresh[i] > 0 else 0
    return kept


@njit(nogil=True, error_model="numpy")
def _poisson(counts, live, number, key, table, rows, fresh):
    """Fill `fresh` with Poisson numbers; return their sum."""
    first, second = np.empty(HALF, np.uint64), np.empty(HALF, np.uint64)
    places, normal, point, doubtful = np.empty(CHUNK, np.int64), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    total = 0
    for start in range(0, live, CHUNK):
        size = min(CHUNK, live - start)
        chunk, out = counts[start : start + size], fresh[start : start + size]
        large = 0
        if _largest(chunk) > LAST:
            for i in range(size):
                places[large] = i
                normal[large] = float(chunk[i])
                large += 1 if chunk[i] > LAST else 0
        if large < size:
            _fill_words(U(start), min(size, HALF), number, key, first, second)
            _from_tables(chunk[:HALF], first, table, rows, out[:HALF])
            _from_tables(chunk[HALF:], second, table, rows, out[HALF:])
        if large > 0:
            _from_quantiles(places, normal, large, U(start), number, key, point, doubtful, out)
        total += out.sum()
    return total


@njit(nogil=True, error_model="numpy")
def _largest(counts):
    largest = counts[0]
    for i in range(1, len(counts)):
        largest = max(largest, counts[i])
    return largest


@njit(nogil=True, error_model="numpy")
def _fill_words(start, size, number, key, first, second):
    """Two words from each counter: those of a place and of the one half a chunk later."""
    for i in range(size):
        a, b = philox(start + U(i), number, key)
        first[i] = a
        second[i] = b


@njit(nogil=True, error_model="numpy")
def _from_tables(counts, words, table, rows, out):
    for i in range(len(counts)):
        u = words[i]
        row = rows[U(min(counts[i], LAST))]
        column = u >> (row & U(255))
        entry = table[(row >> U(8)) + column]
        out[i] = np.int64(column if (u & LOW_52) <= (entry >> U(12)) else (entry & U(4095)))


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _from_quantiles(places, means, large, start, number, key, point, doubtful, out):
    """Replace the numbers at `places`, whose means are large."""
    for j in range(large):
        a, b = philox((start + U(places[j])) | NORMALS, number, key)
        w, _ = normal_pair(a, b)
        x, margin = poisson_point(means[j], w)
        k = np.floor(x)
        near = (x - k < margin) | (x - k > 1.0 - margin)
        point[j] = k
        doubtful[j] = w if near | (abs(w) > FARTHEST) else 1e9
    for j in range(large):
        certain = doubtful[j] == 1e9
        out[places[j]] = np.int64(point[j]) if certain else exact_poisson(means[j], doubtful[j], np.int64(point[j]))


@njit(nogil=True, error_model="numpy")
def _repair(counts, fresh, live, n, total, number, key, sums):
    """Make `fresh` add up to n."""
    if total < n:
        places = _ordered_places(n - total, n, number, key, U(0))
        _group_sums(counts, live, sums)
        _look_up_and_add(counts, live, places, sums, fresh, 1)
    elif total > n:
        places = _distinct_places(total - n, total, number, key)
        _group_sums(fresh, live, sums)
        _look_up_and_add(fresh, live, places, sums, fresh, -1)


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _ordered_places(number_of, top, number, key, attempt):
    """Uniform whole numbers below `top`, in ascending order: partial sums of exponential variables, scaled."""
    places = np.empty(number_of + 1)
    for i in range(number_of + 1):
        places[i] = -vector_log(unit(philox(U(i) | REPAIRS | (attempt << U(48)), number, key)[0]))
    reached = 0.0
    for i in range(number_of + 1):
        reached += places[i]
        places[i] = reached
    scale = top / reached
    found = np.empty(number_of, np.int64)
    for i in range(number_of):
        found[i] = min(np.int64(places[i] * scale), top - 1)
    return found


@njit(nogil=True, error_model="numpy")
def _distinct_places(number_of, top, number, key):
    """So many different whole numbers below `top`, each set of them alike, ascending: repeats are drawn again."""
    found = np.empty(0, np.int64)
    attempt = U(1)
    while len(found) < number_of:
        more = _ordered_places(number_of - len(found), top, number, key, attempt)
        found = _merged(found, more)
        attempt += U(1)
    return found


@njit(nogil=True, error_model="numpy")
def _merged(left, right):
    """All numbers of two ascending lists, each once, ascending."""
    out = np.empty(len(left) + len(right), np.int64)
    i, j, size = 0, 0, 0
    while i < len(left) or j < len(right):
        if j >= len(right) or (i < len(left) and left[i] <= right[j]):
            value = left[i]
            i += 1
        else:
            value = right[j]
            j += 1
        if size == 0 or out[size - 1] != value:
            out[size] = value
            size += 1
    return out[:size].copy()


@njit(nogil=True, error_model="numpy")
def _group_sums(counts, live, sums):
    for group in range((live + GROUP - 1) // GROUP):
        sums[group] = counts[group * GROUP : min(live, (group + 1) * GROUP)].sum()


@njit(nogil=True, error_model="numpy")
def _look_up_and_add(counts, live, places, sums, fresh, step):
    """Add `step` to the symbol in whose part of 0, ..., sum - 1 each place lies; one sweep, as places ascend.

    Where counts are changed while they are read, changes are to symbols already found: looked up first, then made.
    """
    found = np.empty(len(places), np.int64)
    group, before, groups = 0, np.int64(0), (live + GROUP - 1) // GROUP
    for d in range(len(places)):
        while group < groups - 1 and before + sums[group] <= places[d]:
            before += sums[group]
            group += 1
        rest = places[d] - before
        i, last = group * GROUP, min(live, (group + 1) * GROUP) - 1
        while i < last and rest >= counts[i]:
            rest -= counts[i]
            i += 1
        found[d] = i
    for d in range(len(places)):
        fresh[found[d]] += step
