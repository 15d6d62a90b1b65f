"""Workflows side by side: what each keeps of a corpus's vocabulary, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.errors import InputError
from modelcollapse.families.categorical import Categorical
from modelcollapse.planning import Prices
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.effort import Rng, entropy_of
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary
from modelcollapse.workflows import WORKFLOWS, Workflow

Floats = NDArray[np.float64]

_NORMAL_90 = 1.6448536269514722
_LONGEST_SIMULATED = 10_000
_REPLICATES = 40  # of a vocabulary of thousands of words: its interval is narrower than a line is wide


@dataclass(frozen=True, eq=False)
class WorkflowCurve:
    """The vocabulary under one workflow.

    Parameters
    ----------
    workflow : Workflow
    label : str
        As on the command line: ``fresh-mix=0.1``.
    kind : str
        "exact" or "estimate".
    mean, low, high : array, shape (generation,)
        Expected number of words present, and 90 % interval of the number: by normal approximation from the exact
        standard deviation, or of the mean by simulation.
    fresh, synthetic : float
        New real tokens, and synthetic tokens, drawn in all generations together; the corpus itself is not counted.
    trained : float
        Tokens that all models together were trained on.
    cost : float or None
        By the prices given.
    """

    workflow: Workflow
    label: str
    kind: str
    mean: Floats
    low: Floats
    high: Floats
    fresh: float
    synthetic: float
    trained: float
    cost: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        names = ("label", "kind", "mean", "low", "high", "fresh", "synthetic", "trained", "cost")
        return {"workflow": self.workflow.to_dict(), **{name: plain(getattr(self, name)) for name in names}}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several workflows on the same corpus, sample size and generations.

    Parameters
    ----------
    table : CountTable
    sample_size : int
    generation : array of int, shape (generation,)
    curves : tuple of WorkflowCurve
    """

    table: CountTable
    sample_size: int
    generation: NDArray[np.int64]
    curves: tuple[WorkflowCurve, ...]

    def to_dict(self) -> list[dict[str, Any]]:
        """Return plain values, one entry for each workflow."""
        return [curve.to_dict() for curve in self.curves]


def compare(
    corpus: CountTable,
    generations: int,
    workflows: Sequence[Workflow],
    *,
    sample_size: int | None = None,
    prices: Prices | None = None,
    rng: Rng = None,
) -> Comparison:
    """Set workflows side by side: exactly where a law covers them, by simulation elsewhere.

    Parameters
    ----------
    corpus : CountTable
    generations : int
        The horizon, up to 10,000; beyond 200, rows are spaced logarithmically.
    workflows : sequence of Workflow
        At least one.
    sample_size : int, optional
        Tokens drawn in each generation; the size of the corpus if not given.
    prices : Prices, optional
        Of fresh and synthetic tokens.
    rng : int, Generator or SeedSequence, optional
        Seeds the simulations.

    Raises
    ------
    InputError
        If an argument is out of range.

    Examples
    --------
    >>> from modelcollapse import CountTable
    >>> from modelcollapse.workflows import FreshMix, Replace
    >>> table = CountTable.from_counts(["a", "b", "c"], [900, 90, 10])
    >>> found = compare(table, 100, [Replace(), FreshMix(0.1)])
    >>> [(curve.label, round(float(curve.mean[-1]), 2)) for curve in found.curves]
    [('replace', 2.02), ('fresh-mix=0.1', 2.98)]
    """
    horizon = arguments.integer("generations", generations, least=1, most=_LONGEST_SIMULATED)
    most = arguments.LARGEST_SAMPLE_SIZE
    size = arguments.integer("sample_size", sample_size or corpus.tokens, least=1, most=most)
    if not workflows:
        raise InputError("`workflows` is empty; name at least one, as `Replace()`.")
    rows = _rows(horizon)
    seeds = np.random.SeedSequence(entropy_of(rng)).spawn(len(workflows))
    curves = (_curve(corpus, size, rows, w, prices, seed) for w, seed in zip(workflows, seeds, strict=True))
    return Comparison(corpus, size, rows, tuple(curves))


def named_workflow(text: str) -> Workflow:
    """Return the workflow of a label: its name, and after ``=`` the values of its parameters, separated by commas.

    Raises
    ------
    InputError
        If there is no such workflow, or it takes no such value.

    Examples
    --------
    >>> named_workflow("fresh-mix=0.1"), named_workflow("weighted-mix=500,0.3")
    (FreshMix(fresh=0.1), WeightedMix(count=500, weight=0.3))
    """
    name, equals, values = text.partition("=")
    known = {workflow.name: workflow for workflow in WORKFLOWS}
    if name not in known:
        raise InputError(arguments.message("compare", text, "one of " + ", ".join(known) + ", and a value after '='"))
    kind: Any = known[name]
    parameters = fields(kind)
    if not equals:
        return kind()
    given = [_value(each) for each in values.split(",")]
    if len(given) > len(parameters):
        takes = ", ".join(each.name for each in parameters)
        allowed = f"{name}={','.join(each.name.upper() for each in parameters)}" if takes else f"{name!r} alone"
        raise InputError(arguments.message("compare", text, f"{allowed}: it takes {takes or 'no value'}"))
    return kind(*given)


def _value(text: str) -> float | str:
    """A number, whole where it is one; what is none is the workflow's to accept or refuse."""
    number = arguments.number(text)
    if not np.isfinite(number):
        return text
    return int(number) if number == int(number) else number


def label(workflow: Workflow) -> str:
    """Return how a workflow is named on the command line; what is nothing unless told otherwise is left out.

    Examples
    --------
    >>> from modelcollapse.workflows import Accumulate
    >>> label(Accumulate()), label(Accumulate(0.1))
    ('accumulate', 'accumulate=0.1')
    """
    given = [(getattr(workflow, field.name), field.default) for field in fields(workflow)]  # type: ignore[arg-type]
    values = [value for value, default in given if value != default or default]
    shown = ",".join(f"{value:.15g}" if isinstance(value, float) else str(value) for value in values)
    return f"{workflow.name}={shown}" if values else workflow.name


def _curve(
    corpus: CountTable,
    size: int,
    rows: NDArray[np.int64],
    workflow: Workflow,
    prices: Prices | None,
    seed: np.random.SeedSequence,
) -> WorkflowCurve:
    recursion = Recursion(Categorical(), Corpus(corpus.counts), size, workflow)
    found = solve(recursion, Vocabulary(), rows, replicates=_REPLICATES, rng=seed)["vocabulary"]
    spread = 0.0 * found.value if found.sd is None else _NORMAL_90 * found.sd
    low = found.value - spread if found.low is None else found.low
    high = found.value + spread if found.high is None else found.high
    fresh, synthetic, trained = tokens(recursion, corpus.tokens, int(rows[-1]))
    cost = None if prices is None else fresh * prices.fresh + synthetic * prices.synthetic
    return WorkflowCurve(
        workflow=workflow,
        label=label(workflow),
        kind=found.kind,
        mean=found.value,
        low=np.clip(low, 1.0, corpus.types),
        high=np.clip(high, 1.0, corpus.types),
        fresh=fresh,
        synthetic=synthetic,
        trained=trained,
        cost=cost,
    )


def tokens(recursion: Recursion, corpus: int, horizon: int) -> tuple[float, float, float]:
    """Return fresh and synthetic tokens drawn in all generations, and tokens that models were trained on.

    Examples
    --------
    >>> from modelcollapse.workflows import Accumulate
    >>> tokens(Recursion(Categorical(), Corpus([10]), 5, Accumulate()), corpus=10, horizon=2)
    (0.0, 10.0, 35.0)
    """
    fresh = synthetic = trained = 0.0
    pool = float(corpus)
    for generation, n in enumerate(recursion.sizes(horizon).tolist(), start=1):
        recipe = recursion.workflow.recipe(generation)
        new = recipe.fresh * n + recipe.fresh_count
        fresh, synthetic = fresh + new, synthetic + n - new
        held = {0: corpus, generation: n}
        pool = (pool if recipe.pool else 0.0) + sum(held[batch] for batch in recipe.batches)
        part = recipe.subsample
        trained += pool if part is None else n if part == "sample size" else part
    return fresh, synthetic, trained


def _rows(horizon: int) -> NDArray[np.int64]:
    """Every generation up to 200, then 40 in each decade, and the horizon."""
    if horizon <= 200:
        return np.arange(1, horizon + 1)
    beyond = np.geomspace(200, horizon, int(np.ceil(40 * np.log10(horizon / 200))) + 1).round()
    beyond[-1] = horizon
    return np.unique(np.concatenate([np.arange(1, 201), beyond.astype(np.int64)]))
