"""Do the intervals of `fit` cover as often as they say? Simulated data sets, each fitted like data.

    python -m verification.fit_coverage [--sets 400] [--page docs/fit.md]

The data are drawn here by NumPy's multinomial numbers, generation by generation, and not by the package. With
`--page` the table replaces the one in that page. Leaves with status 1 if a coverage is further from 95 % than chance
would have it: three standard deviations of the number of sets.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelcollapse import CountTable
from modelcollapse.fitting import Fit, fit

BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"
HEADER = (
    "| generations | words | tokens | fresh share | dispersion | covers the fresh share | covers the dispersion "
    "| checks pass |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Setting:
    """A recursion to simulate: `steps` generations after generation 0, of a Zipf corpus."""

    types: int
    tokens: int
    steps: int
    fresh: float
    dispersion: int = 1


SETTINGS = (
    Setting(1000, 20_000, 5, 0.0),
    Setting(1000, 20_000, 5, 0.0005),
    Setting(1000, 20_000, 5, 0.005),
    Setting(1000, 20_000, 5, 0.1),
    Setting(1000, 20_000, 5, 0.8),
    Setting(1000, 20_000, 5, 0.1, 4),
    Setting(1000, 20_000, 1, 0.0),
    Setting(5, 500, 10, 0.2),
    Setting(500, 1000, 8, 0.02),
)


@dataclass
class Tally:
    """How often intervals held the truth."""

    sets: int = 0
    fresh: int = 0
    dispersion: int = 0
    passed: int = 0
    is_fresh_estimated: bool = True


def corpus(setting: Setting) -> np.ndarray:
    """Counts of generation 0, about proportional to 1 / rank, each at least 1."""
    share = 1.0 / np.arange(1, setting.types + 1)
    return np.maximum(1, np.round(setting.tokens * share / share.sum())).astype(np.int64)


def generations(setting: Setting, rng: np.random.Generator) -> list[np.ndarray]:
    """Counts of every generation; a dispersion d makes d tokens of every draw."""
    counts = [corpus(setting)]
    origin = counts[0] / counts[0].sum()
    draws = setting.tokens // setting.dispersion
    for _ in range(setting.steps):
        real = rng.binomial(draws, setting.fresh)
        old = counts[-1] / counts[-1].sum()
        drawn = rng.multinomial(real, origin) + rng.multinomial(draws - real, old)
        counts.append(drawn * setting.dispersion)
    return counts


def tables(counts: list[np.ndarray]) -> list[CountTable]:
    """The generations as a reader would return them."""
    found = []
    for number, row in enumerate(counts):
        present = np.flatnonzero(row)
        found.append(CountTable.from_counts([f"w{i}" for i in present], row[present], name=f"generation {number}"))
    return found


def fits(setting: Setting, sets: int, seed: int, replicates: int = 199) -> Iterator[Fit]:
    """Simulate and fit, again and again."""
    for child in np.random.SeedSequence(seed).spawn(sets):
        drawing, fitting = child.spawn(2)
        data = tables(generations(setting, np.random.default_rng(drawing)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on a small vocabulary some orders look odd by chance
            yield fit(data, generations=1, replicates=replicates, rng=fitting)


def tally(setting: Setting, found: Iterator[Fit]) -> Tally:
    """Count the intervals that hold the truth."""
    total = Tally()
    for one in found:
        total.sets += 1
        total.is_fresh_estimated = one.fresh is not None
        total.fresh += one.fresh is not None and one.fresh.low <= setting.fresh <= one.fresh.high
        total.dispersion += one.dispersion.low <= setting.dispersion <= one.dispersion.high
        total.passed += one.fits
    return total


def row(setting: Setting, total: Tally) -> str:
    """One line of the table."""

    def share(number: int) -> str:
        return f"{100 * number / total.sets:.1f} %"

    fresh = share(total.fresh) if total.is_fresh_estimated else "not estimated"
    cells = (
        f"0 to {setting.steps}",
        f"{setting.types:,}",
        f"{setting.tokens:,}",
        f"{setting.fresh:g}",
        f"{setting.dispersion}",
        fresh,
        share(total.dispersion),
        share(total.passed),
    )
    return f"| {' | '.join(cells)} |"


def is_calibrated(setting: Setting, total: Tally) -> bool:
    """Whether no coverage is too low by more than chance; at a share of 0 the interval may cover more often."""
    least = 0.95 * total.sets - 3.0 * np.sqrt(0.95 * 0.05 * total.sets)
    fresh = total.fresh if total.is_fresh_estimated else total.sets
    return bool(min(fresh, total.dispersion) >= least)


def main() -> int:
    """Run every setting, print the table, and put it into the page."""
    parser = argparse.ArgumentParser(prog="python -m verification.fit_coverage", description=__doc__)
    parser.add_argument("--sets", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    print(HEADER, flush=True)
    lines, good = [HEADER], True
    for number, setting in enumerate(SETTINGS):
        total = tally(setting, fits(setting, options.sets, options.seed + number))
        good &= is_calibrated(setting, total)
        lines.append(row(setting, total))
        print(lines[-1], flush=True)
    if options.page:
        text = options.page.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        said = f"{options.sets} data sets a line; by chance a 95 % interval covers {_range(options.sets)} of them."
        table = "\n".join(lines)
        options.page.write_text(f"{before}{BEGIN}\n{table}\n\n{said}\n{END}{after}", encoding="utf-8")
    return 0 if good else 1


def _range(sets: int) -> str:
    spread = 196.0 * np.sqrt(0.95 * 0.05 / sets)
    return f"{95 - spread:.1f} to {95 + spread:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
