"""One symbol under any workflow, with fractions: every state of pool and model, every outcome of every draw.

Written from what the workflows say, not from their recipes; for a few draws and a few generations.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING, NamedTuple

from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshCount, FreshMix, WeightedMix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from modelcollapse.workflows.base import Workflow


class Facts(NamedTuple):
    """At one generation: chance to be among the draws, and the model's mean and second moment."""

    present: Fraction
    mean: Fraction
    square: Fraction


def _binomial(n: int, chance: Fraction) -> Iterator[tuple[int, Fraction]]:
    for y in range(n + 1):
        yield y, comb(n, y) * chance**y * (1 - chance) ** (n - y)


def _part(total: int, marked: int, size: int) -> Iterator[tuple[int, Fraction]]:
    for y in range(max(0, size - total + marked), min(size, marked) + 1):
        yield y, Fraction(comb(marked, y) * comb(total - marked, size - y), comb(total, size))


def _draws(workflow: Workflow, n: int, p: Fraction, model: Fraction) -> Iterator[tuple[int, Fraction]]:
    if isinstance(workflow, FreshMix | Accumulate):
        fresh = Fraction(workflow.fresh).limit_denominator(1000)
        yield from _binomial(n, fresh * p + (1 - fresh) * model)
    elif isinstance(workflow, FreshCount):
        for new, chance in _binomial(workflow.count, p):
            for old, other in _binomial(n - workflow.count, model):
                yield new + old, chance * other
    else:
        yield from _binomial(n, model)


def _models(
    workflow: Workflow, y: int, n: int, corpus: tuple[int, int], pool: tuple[int, int]
) -> Iterator[tuple[Fraction, Fraction]]:
    if isinstance(workflow, FixedReal):
        weight = Fraction(workflow.weight)
        yield (weight * corpus[0] + y) / (weight * corpus[1] + n), Fraction(1)
    elif isinstance(workflow, Accumulate):
        yield Fraction(*pool), Fraction(1)
    elif isinstance(workflow, AccumulateSubsample):
        size = workflow.size or n
        for marked, chance in _part(pool[1], pool[0], size):
            yield Fraction(marked, size), chance
    else:
        yield Fraction(y, n), Fraction(1)


def follow(workflow: Workflow, p: Fraction, corpus: tuple[int, int], sizes: Sequence[int]) -> list[Facts]:
    """Return the facts of generations 1, 2, ...

    `corpus` is (count of the symbol, tokens), (0, 0) if the start is a known law; `p` is the symbol's probability.
    """
    if isinstance(workflow, WeightedMix):
        return _follow_weighted(workflow, p, sizes)
    states: dict[tuple[int, Fraction], Fraction] = {(corpus[0], p): Fraction(1)}
    held, facts = corpus[1], []
    for n in sizes:
        following: dict[tuple[int, Fraction], Fraction] = defaultdict(Fraction)
        present = Fraction(0)
        held += n
        for (pooled, model), weight in states.items():
            for y, chance in _draws(workflow, n, p, model):
                present += weight * chance * (y > 0)
                for fitted, part in _models(workflow, y, n, corpus, (pooled + y, held)):
                    following[pooled + y, fitted] += weight * chance * part
        states = dict(following)
        mean = sum((weight * model for (_, model), weight in states.items()), Fraction(0))
        square = sum((weight * model**2 for (_, model), weight in states.items()), Fraction(0))
        facts.append(Facts(present, mean, square))
    return facts


def _follow_weighted(workflow: WeightedMix, p: Fraction, sizes: Sequence[int]) -> list[Facts]:
    """Fresh and other draws are counted apart: they weigh differently."""
    assert workflow.weight != "optimal"
    weight, fresh = Fraction(workflow.weight).limit_denominator(1000), workflow.count
    models, facts = {p: Fraction(1)}, []
    for n in sizes:
        following: dict[Fraction, Fraction] = defaultdict(Fraction)
        present = Fraction(0)
        for model, before in models.items():
            for new, chance in _binomial(fresh, p):
                for old, other in _binomial(n - fresh, model):
                    now = before * chance * other
                    present += now * (new + old > 0)
                    following[weight * new / fresh + (1 - weight) * old / (n - fresh)] += now
        models = dict(following)
        mean = sum((chance * model for model, chance in models.items()), Fraction(0))
        square = sum((chance * model**2 for model, chance in models.items()), Fraction(0))
        facts.append(Facts(present, mean, square))
    return facts
