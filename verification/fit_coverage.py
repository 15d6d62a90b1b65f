"""Do the intervals of `fit` cover as often as they say? Simulated data sets, each fitted like data.

    python -m verification.fit_coverage [--sets 400] [--counts-are sample] [--page docs/fit.md]

Without `--sets`, as many as the page has: 400 of training sets, 100 of samples, whose fits take longer.

The data are drawn here by NumPy's multinomial numbers, generation by generation, and not by the package. With
`--page` each table replaces that in the page as soon as it is whole. Leaves with status 1 if a coverage is further
from 95 % than chance would have it: three standard deviations of the number of sets.
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

HEADERS = {
    "training-set": "| generations | words | tokens | fresh share | dispersion | covers the fresh share "
    "| covers the dispersion | checks pass |\n|---|---|---|---|---|---|---|---|",
    "sample": "| generations | words | training sets | samples | fresh share | covers the fresh share "
    "| covers the size | without upper end | checks pass |\n|---|---|---|---|---|---|---|---|---|",
}
SETS = {"training-set": 400, "sample": 100}


@dataclass(frozen=True)
class Setting:
    """A recursion to simulate: `steps` generations after generation 0, of a Zipf corpus.

    With `sample`, so many tokens of each generation are seen instead of what it was trained on; generation 0 is seen
    as it is, or not at all.
    """

    types: int
    tokens: int
    steps: int
    fresh: float
    dispersion: int = 1
    sample: int = 0
    origin: bool = True


SETTINGS = {
    "training-set": (
        Setting(1000, 20_000, 5, 0.0),
        Setting(1000, 20_000, 5, 0.0005),
        Setting(1000, 20_000, 5, 0.005),
        Setting(1000, 20_000, 5, 0.1),
        Setting(1000, 20_000, 5, 0.8),
        Setting(1000, 20_000, 5, 0.1, 4),
        Setting(1000, 20_000, 1, 0.0),
        Setting(5, 500, 10, 0.2),
        Setting(500, 1000, 8, 0.02),
    ),
    "sample": (
        Setting(300, 6000, 5, 0.0, sample=60_000),
        Setting(300, 6000, 5, 0.1, sample=60_000),
        Setting(300, 6000, 5, 0.1, sample=6000),
        Setting(300, 6000, 5, 0.1, sample=600),
        Setting(300, 6000, 1, 0.0, sample=6000),
        Setting(300, 6000, 4, 0.0, sample=6000, origin=False),
        Setting(200, 1000, 8, 0.02, sample=3000),
        Setting(100, 50_000, 3, 0.0, sample=1000),
    ),
}


@dataclass
class Tally:
    """How often intervals held the truth; `asked` sets had one of the fresh share, which takes drift to be seen."""

    sets: int = 0
    asked: int = 0
    fresh: int = 0
    dispersion: int = 0
    size: int = 0
    unbounded: int = 0
    passed: int = 0


def corpus(setting: Setting) -> np.ndarray:
    """Counts of generation 0, about proportional to 1 / rank, each at least 1."""
    share = 1.0 / np.arange(1, setting.types + 1)
    return np.maximum(1, np.round(setting.tokens * share / share.sum())).astype(np.int64)


def generations(setting: Setting, rng: np.random.Generator) -> list[np.ndarray]:
    """Counts of every generation, or samples of them; a dispersion d makes d tokens of every draw."""
    counts = [corpus(setting)]
    origin = counts[0] / counts[0].sum()
    draws = setting.tokens // setting.dispersion
    for _ in range(setting.steps):
        real = rng.binomial(draws, setting.fresh)
        old = counts[-1] / counts[-1].sum()
        drawn = rng.multinomial(real, origin) + rng.multinomial(draws - real, old)
        counts.append(drawn * setting.dispersion)
    if setting.sample:
        counts[1:] = [rng.multinomial(setting.sample, row / row.sum()) for row in counts[1:]]
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
        data = tables(generations(setting, np.random.default_rng(drawing)))[not setting.origin :]
        how = {"counts_are": "sample"} if setting.sample else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on a small vocabulary some orders look odd by chance
            yield fit(data, first=int(not setting.origin), generations=2, replicates=replicates, rng=fitting, **how)


def tally(setting: Setting, found: Iterator[Fit]) -> Tally:
    """Count the intervals that hold the truth."""
    total = Tally()
    for one in found:
        total.sets += 1
        total.asked += one.fresh is not None
        total.fresh += one.fresh is not None and one.fresh.low <= setting.fresh <= one.fresh.high
        if one.dispersion is not None:
            total.dispersion += one.dispersion.low <= setting.dispersion <= one.dispersion.high
        total.size += one.sample_size.low <= setting.tokens / setting.dispersion <= one.sample_size.high
        total.unbounded += np.isinf(one.sample_size.high)
        total.passed += one.fits
    return total


def row(setting: Setting, total: Tally) -> str:
    """One line of the table."""

    def share(number: int, sets: int = total.sets) -> str:
        return f"{100 * number / sets:.1f} %"

    fresh = share(total.fresh, total.asked) if total.asked else "not estimated"
    fresh += f" of {total.asked}" if 0 < total.asked < total.sets else ""
    cells = [f"{int(not setting.origin)} to {setting.steps}", f"{setting.types:,}", f"{setting.tokens:,}"]
    if setting.sample:
        cells += [f"{setting.sample:,}", f"{setting.fresh:g}", fresh, share(total.size), share(total.unbounded)]
    else:
        cells += [f"{setting.fresh:g}", f"{setting.dispersion}", fresh, share(total.dispersion)]
    return f"| {' | '.join([*cells, share(total.passed)])} |"


def is_calibrated(setting: Setting, total: Tally) -> bool:
    """Whether no coverage is too low by more than chance; at a share of 0 the interval may cover more often."""
    return shortfall(setting, total) <= 3.0


def shortfall(setting: Setting, total: Tally) -> float:
    """By how many standard deviations the worse of the intervals covers fewer than 95 % of the sets that had one."""
    other = total.size if setting.sample else total.dispersion
    pairs = [(covered, sets) for covered, sets in ((total.fresh, total.asked), (other, total.sets)) if sets]
    return max((0.95 * sets - covered) / float(np.sqrt(0.95 * 0.05 * sets)) for covered, sets in pairs)


def main() -> int:
    """Run every setting, print the tables, and put them into the page."""
    parser = argparse.ArgumentParser(prog="python -m verification.fit_coverage", description=__doc__)
    parser.add_argument(
        "--sets", type=int, help="data sets a line; 400 of training sets and 100 of samples if not given"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts-are", choices=tuple(SETTINGS), help="only these; both if not given")
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    good = True
    for kind in [options.counts_are] if options.counts_are else SETTINGS:
        sets, lines = options.sets or SETS[kind], [HEADERS[kind]]
        print(lines[0], flush=True)
        for number, setting in enumerate(SETTINGS[kind]):
            total = tally(setting, fits(setting, sets, options.seed + number))
            good &= is_calibrated(setting, total)
            lines.append(row(setting, total))
            print(lines[-1], flush=True)
        if options.page:
            put(options.page, kind, lines, sets)
    return 0 if good else 1


def put(page: Path, kind: str, lines: list[str], sets: int) -> None:
    """Replace a table of a page, between the comments that name it."""
    begin, end = f"<!-- coverage of {kind}: begin -->", f"<!-- coverage of {kind}: end -->"
    before, begun, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not (begun and ended):
        raise SystemExit(f"{page} has no place for this table: '{begin}', and '{end}' after it")
    said = f"{sets} data sets a line; by chance a 95 % interval covers {_range(sets)} of them."
    table = "\n".join(lines)
    page.write_text(f"{before}{begin}\n{table}\n\n{said}\n{end}{after}", encoding="utf-8")


def _range(sets: int) -> str:
    spread = 196.0 * np.sqrt(0.95 * 0.05 / sets)
    return f"{95 - spread:.1f} to {95 + spread:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
