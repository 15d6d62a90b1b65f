"""Write `golden_survival.csv`: survival probabilities by the reference routes, for tests of the production law.

Run `python -m tests.reference.make_golden` from the repository root (some ten minutes, nearly all for the
chain at n = 10^7; 1 GB of memory). Every route that reaches a case computes it, and all must agree to 10^-13; the
first of those named in the last column is written, to 14 significant digits.
"""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.reference import ancestral_chain, ancestral_cumulants, forward_window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Table = dict[tuple[int, int], float]  # (count, generation) -> survival

GOLDEN = Path(__file__).with_name("golden_survival.csv")
SIZES = (436_577, 10**7, 10**9, 10**12)
COUNTS = (1, 3, 30, 1000)
GENERATIONS = (1, 10, 100, 10**4, 10**6)
AGREEMENT = 1e-13


def _by_chain(n: int) -> Table:
    if n > 10**7:
        return {}
    return _table(GENERATIONS, ancestral_chain.survival(n, np.array(COUNTS) / n, GENERATIONS))


def _by_cumulants(n: int) -> Table:
    reached = [k for k in GENERATIONS if 2 * n / k > 1.1 * ancestral_cumulants.LEAST_ANCESTORS]
    return _table(reached, ancestral_cumulants.survival(n, np.array(COUNTS) / n, reached))


def _by_window(n: int) -> Table:
    reached = [k for k in GENERATIONS if k <= 100]
    brackets = [forward_window.survival_bracket(n, c / n, reached) for c in COUNTS]
    low, high = (np.stack([bracket[side] for bracket in brackets], axis=1) for side in (0, 1))
    if np.any(high - low > 1e-15 * low):
        raise ArithmeticError(f"the window is too narrow at n = {n}")
    return _table(reached, low)


def _table(generations: Sequence[int], values: NDArray[np.float64]) -> Table:
    return {
        (c, k): float(value)
        for k, row in zip(generations, values, strict=True)
        for c, value in zip(COUNTS, row, strict=True)
    }


ROUTES = {"chain": _by_chain, "cumulants": _by_cumulants, "window": _by_window}


def golden_rows() -> Iterator[tuple[int, int, int, str, str]]:
    """Yield (n, c, k, survival, routes) for every case that some route reaches."""
    for n in SIZES:
        tables = {name: route(n) for name, route in ROUTES.items()}
        for c, k in product(COUNTS, GENERATIONS):
            found = {name: table[c, k] for name, table in tables.items() if (c, k) in table}
            if found:
                first = next(iter(found.values()))
                if not np.allclose(list(found.values()), first, rtol=AGREEMENT, atol=0):
                    raise ArithmeticError(f"the routes disagree at n = {n}, c = {c}, k = {k}: {found}")
                yield n, c, k, f"{first:.14g}", "+".join(found)


def read_golden() -> list[tuple[int, int, int, float]]:
    """Return the stored cases as (n, c, k, survival)."""
    with GOLDEN.open(newline="") as file:
        return [(int(r["n"]), int(r["c"]), int(r["k"]), float(r["survival"])) for r in csv.DictReader(file)]


def main() -> None:
    """Compute and store all cases."""
    with GOLDEN.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["n", "c", "k", "survival", "route"])
        writer.writerows(golden_rows())


if __name__ == "__main__":
    main()
