"""A reproduction as readable text: one line per statement, and the errata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelcollapse.reproduce.run import Reproduced, Reproduction


def reproduction_text(made: Reproduction) -> str:
    """Return every verdict, figure by figure, then the errata.

    Examples
    --------
    >>> from modelcollapse.reproduce import reproduce
    >>> print(reproduction_text(reproduce(["poisson-survival"], quick=True)).splitlines()[0])
    poisson-survival: Poisson: chance that the rate is not yet 0
    """
    lines = [line for one in made.figures for line in _figure(one)]
    errata = [erratum for one in made.figures for erratum in one.errata]
    if errata:
        lines += ["Errata: where the original differs from its own text, or says less than it could", ""]
        lines += [f"  {erratum}" for erratum in errata] + [""]
    return "\n".join([*lines, _last(made)])


def _figure(one: Reproduced) -> Iterator[str]:
    yield f"{one.figure.name}: {one.figure.title}"
    yield f"  {one.figure.recursion}"
    yield f"  published: {one.figure.published}"
    yield f"  here: {_here(one)}"
    yield from (f"  {verdict}" for verdict in one.data.verdicts)
    yield ""


def _here(one: Reproduced) -> str:
    how = "found in the folder" if one.reused else f"computed in {one.seconds:.2f} s"
    return f"{one.data.facts.get('replicates', 0):,} replicates, {how}"


def _last(made: Reproduction) -> str:
    verdicts = [verdict for one in made.figures for verdict in one.data.verdicts]
    wrong = sum(not verdict.holds for verdict in verdicts)
    outcome = "all hold" if not wrong else f"{wrong} FAIL"
    noun = "figure" if len(made.figures) == 1 else "figures"
    return f"{len(verdicts)} statements about {len(made.figures)} {noun}: {outcome}"
