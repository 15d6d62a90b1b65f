"""Reproducing: figures computed one after the other, each kept as soon as it is whole, and not computed again."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.provenance import versions
from modelcollapse.reproduce.base import Figure
from modelcollapse.reproduce.choice import figures_named
from modelcollapse.reproduce.data import FigureData
from modelcollapse.reproduce.errata import Erratum, errata_of
from modelcollapse.reproduce.folder import FigureFolder
from modelcollapse.reproduce.page import reproduction_page
from modelcollapse.text_corpus import TextCorpus

DEFAULT_SEED = 42
SCHEMA_VERSION = 1


@dataclass(frozen=True, eq=False)
class Reproduced:
    """One figure, computed or found computed.

    Parameters
    ----------
    figure : Figure
    data : FigureData
    errata : tuple of Erratum
        Where the original differs, with the size of the effect.
    seconds : float
        Computing took, when it was computed.
    reused : bool
        Whether the folder had it already.
    """

    figure: Figure
    data: FigureData
    errata: tuple[Erratum, ...]
    seconds: float
    reused: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: all but the curves."""
        return {
            "name": self.figure.name,
            "title": self.figure.title,
            "published": self.figure.published,
            "holds": self.data.holds,
            "seconds": self.seconds,
            "reused": self.reused,
            **self.data.to_dict(),
            "errata": [vars(erratum) for erratum in self.errata],
        }


@dataclass(frozen=True, eq=False)
class Reproduction:
    """All figures that were asked for.

    Parameters
    ----------
    figures : tuple of Reproduced
    seed : int
    folder : str or None
    """

    figures: tuple[Reproduced, ...]
    seed: int
    folder: str | None

    @property
    def holds(self) -> bool:
        """Whether every verdict of every figure holds."""
        return all(one.data.holds for one in self.figures)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "holds": self.holds,
            "seed": self.seed,
            "folder": self.folder,
            "versions": dict(versions()),
            "figures": [one.to_dict() for one in self.figures],
        }


def reproduce(
    names: Sequence[str] = (),
    folder: str | os.PathLike[str] | None = None,
    *,
    replicates: int | None = None,
    quick: bool = False,
    seed: int = DEFAULT_SEED,
    corpus: TextCorpus | None = None,
    paper_compatible: bool = False,
    progress: bool = False,
) -> Reproduction:
    """Make the paper's figures, and three of our own, check them, and keep them in a folder.

    Parameters
    ----------
    names : sequence of str
        Which figures; all if empty.
    folder : path, optional
        Where pictures, data and the page go; made if it does not exist. Nothing is drawn if not given.
    replicates : int, optional
        For every figure, but no more runs than those of single runs can keep (their `most_runs`); as many as were
        published if not given.
    quick : bool
        A tenth of the published replicates.
    seed : int
        Each figure draws from its own stream, so its numbers do not depend on what else is made.
    corpus : TextCorpus, optional
        What the n-gram models learn from, and what is shown beside the embedded corpus.
    paper_compatible : bool
        Do what the original program does where that differs from its text.
    progress : bool
        Show a bar over the figures on a terminal.

    Raises
    ------
    InputError
        If a name is unknown, or an argument out of range.
    ModelCollapseError
        If the folder cannot be written to.

    Examples
    --------
    >>> made = reproduce(["poisson-survival"], quick=True)
    >>> made.holds, made.figures[0].figure.published[:16]
    (True, 'lambda = 1 and 1')
    """
    seed = arguments.integer("seed", seed, least=0)
    runs = _runs(replicates, quick)
    figures = [_made(kind, corpus=corpus, paper_compatible=paper_compatible) for kind in figures_named(names)]
    place = None if folder is None else FigureFolder.opened(folder)
    made = tuple(_one(figure, place, _replicates(figure, runs, quick), seed) for figure in _shown(figures, progress))
    result = Reproduction(made, seed, None if folder is None else os.fspath(folder))
    if place is not None:
        drawn = {one.figure.name: place.read(f"{one.figure.name}.png") for one in made}
        place.write("index.html", reproduction_page(made, drawn, seed).encode())
    return result


def _runs(replicates: int | None, quick: bool) -> int | None:
    if replicates is None:
        return None
    if quick:
        remedy = "`quick` sets the replicates itself; leave one of the two out."
        raise InputError(arguments.message("replicates", replicates, "left out with `quick`", remedy))
    return arguments.integer("replicates", replicates, least=2, most=Figure.most_runs)


def _replicates(figure: Figure, asked: int | None, quick: bool) -> int:
    """Return as many as asked for, but no more than a figure of single runs can keep; or as many as were published."""
    if asked is not None:
        return min(asked, figure.most_runs)
    return figure.few_runs if quick else figure.runs


def _made(kind: type[Figure], **options: Any) -> Figure:
    """Return the figure with those of the options that it has."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in options.items() if name in names})


def _shown(figures: Sequence[Figure], progress: bool) -> Iterator[Figure]:
    if not (progress and sys.stderr.isatty()):
        yield from figures
        return
    from tqdm import tqdm

    bar = tqdm(figures, unit="figure")
    for figure in bar:
        bar.set_description(figure.name)
        yield figure


def _one(figure: Figure, place: FigureFolder | None, runs: int, seed: int) -> Reproduced:
    """Return what the folder has of exactly these settings, or compute it, and keep it."""
    settings = {"figure": figure.to_dict(), "replicates": runs, "seed": seed, "versions": dict(versions())}
    kept = None if place is None else place.load(figure.name, settings)
    if kept is not None and kept[0].holds:  # what failed is tried again
        data, rest = kept
        return Reproduced(figure, data, tuple(Erratum(**e) for e in rest["errata"]), rest["seconds"], reused=True)
    started = time.perf_counter()
    data = figure.compute(runs, seed_of(figure, seed))
    seconds = time.perf_counter() - started
    made = Reproduced(figure, data, errata_of(figure.name), seconds, reused=False)
    if place is not None:
        rest = {"seconds": made.seconds, "errata": [vars(erratum) for erratum in made.errata]}
        place.save(figure, data, settings, rest)
    return made


def seed_of(figure: Figure, seed: int) -> np.random.SeedSequence:
    """Return the seed of a figure: a stream of its own, whatever else is made."""
    own = int.from_bytes(hashlib.sha256(figure.name.encode()).digest()[:4], "little")
    return np.random.SeedSequence(seed, spawn_key=(own,))
