"""One panel: a recursion and a statistic, answered by law, bounds and simulation, and what they say of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelcollapse.door import solve
from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.data import EXACT, SIMULATED, Curve, Floats, Verdict
from modelcollapse.result import Kind, Result
from modelcollapse.simulate.effort import Rng
from modelcollapse.statistics.base import Statistic

_ROUNDING = 1e-8  # relative: what a bound that is an equality may miss its law by


@dataclass(frozen=True, eq=False)
class Panel:
    """A question whose answers are drawn together.

    Parameters
    ----------
    name : str
    recursion : Recursion
    statistic : Statistic
        With one value per generation.
    horizon : int
        Law and bounds are drawn at generations 1, ..., horizon.
    shown : sequence of int
        Generations at which the simulation is observed and compared.
    unit : float
        All values are divided by it.
    simulated : Recursion or None
        What is simulated, if not `recursion` itself: it must have the same law `shift` generations later.
    shift : int
        Generation k of `simulated` is generation k + shift of `recursion`.
    """

    name: str
    recursion: Recursion
    statistic: Statistic
    horizon: int
    shown: Sequence[int]
    unit: float = 1.0
    simulated: Recursion | None = None
    shift: int = 0

    def compute(self, replicates: int, rng: Rng, comparisons: int | None = None) -> PanelData:
        """Ask law, bounds and simulation, and hold them against each other.

        `comparisons` are those of the whole figure, which share its rate of false alarms.
        """
        every, asked = np.arange(1, self.horizon + 1), np.asarray(self.shown)
        law = self._law(every)
        bounds = solve(self.recursion, self.statistic, every, method="bounds").of(self.statistic.name)
        estimate = solve(
            self.simulated or self.recursion,
            self.statistic,
            asked,
            method="simulate",
            replicates=replicates,
            rng=rng,
        )[self.statistic.name]
        seen, drawn = self._estimate(estimate), [self._curve(b.source, b.kind, every, b.value) for b in bounds]
        curves = [] if law is None else [self._curve(EXACT, "exact", every, law.value)]
        curves += [*drawn, seen]
        found = [r for result in (law, *bounds) if result is not None for r in result.references]
        verdicts = [] if law is None else [self._bracketed(law, b, every) for b in bounds]
        compared = comparisons or len(asked)
        if law is None:
            verdicts += [stays(bound, seen, replicates, compared * len(drawn)) for bound in drawn]
        else:
            verdicts.append(self._agreement(estimate, law, compared))
        return PanelData(tuple(curves), tuple(verdicts), tuple(dict.fromkeys(found)))

    def _law(self, generations: NDArray[np.int64]) -> Result | None:
        try:
            return solve(self.recursion, self.statistic, generations, method="exact")[self.statistic.name]
        except NoAnswerError:
            return None

    def _curve(self, name: str, kind: Kind, generations: NDArray[np.int64], values: Floats) -> Curve:
        return Curve.of(self.name, name, kind, generations, values.reshape(len(generations)) / self.unit)

    def _estimate(self, result: Result) -> Curve:
        assert result.low is not None
        assert result.high is not None
        generations = np.asarray(self.shown) + self.shift
        value, low, high = (a.ravel() / self.unit for a in (result.value, result.low, result.high))
        return Curve.of(self.name, SIMULATED, "estimate", generations, value, low=low, high=high)

    def _bracketed(self, law: Result, bound: Result, generations: NDArray[np.int64]) -> Verdict:
        truth, said = law.value.ravel() / self.unit, bound.value.ravel() / self.unit
        room = _ROUNDING * np.abs(truth) + 1e-14
        kept = truth - said if bound.kind == "lower" else said - truth
        statement = f"the exact law is {'above' if bound.kind == 'lower' else 'below'} {bound.source}"
        wrong = np.flatnonzero(~(kept >= -room))  # what is not a number is wrong too
        if wrong.size:
            k, by = generations[wrong[0]], -float(kept[wrong[0]])
            return Verdict(self.name, statement, False, f"first wrong at generation {k}, by {by:.3g}")
        return Verdict(self.name, statement, True, self._looseness(truth, said, generations))

    def _looseness(self, truth: Floats, said: Floats, generations: NDArray[np.int64]) -> str:
        low, high = self.statistic.possible(self.recursion)
        gap = np.abs(np.clip(said, low / self.unit, high / self.unit) - truth)
        worst = int(gap.argmax())
        factor = f", there {said[worst] / truth[worst]:.3g} times the law" if truth[worst] > 0 else ""
        return f"loose by at most {gap[worst]:.2g}, at generation {generations[worst]}{factor}"

    def _agreement(self, estimate: Result, law: Result, comparisons: int) -> Verdict:
        wanted = np.asarray(self.shown) + self.shift - 1
        chances = agreement.tails(estimate, _at(law, wanted), is_probability=self.statistic.is_probability)
        statement = f"{estimate.replicates:,} replicates agree with the exact law at {len(wanted)} generations"
        detail = f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
        return Verdict(self.name, statement, agreement.agrees(chances, comparisons), detail)


def stays(bound: Curve, seen: Curve, replicates: int, comparisons: int, *, note: str = "") -> Verdict:
    """Return whether simulated probabilities are on the right side of a bound, and how loose that is beside them.

    It is what is left to check where no law is known.

    Examples
    --------
    >>> bound = Curve.of("left", "a bound", "upper", [1, 2], [0.9, 0.5])
    >>> verdict = stays(bound, Curve.of("left", SIMULATED, "estimate", [2], [0.4]), 100, 1)
    >>> verdict.holds, verdict.statement
    (True, '100 replicates stay below a bound at 1 generations')
    """
    said = np.clip(bound.value[np.searchsorted(bound.x, seen.x)], 0.0, 1.0)
    is_upper = bound.kind == "upper"
    below, above = (seen.value, said) if is_upper else (1.0 - seen.value, 1.0 - said)
    chances = agreement.excess_tails(below, replicates, above)
    gap = np.abs(said - seen.value)
    worst = int(gap.argmax())
    factor = f", there {said[worst] / seen.value[worst]:.3g} times the simulation" if seen.value[worst] > 0 else ""
    detail = (
        f"loose by about {gap[worst]:.2g} at most, at generation {seen.x[worst]:.0f}{factor}; "
        f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
    )
    statement = f"{replicates:,} replicates stay {'below' if is_upper else 'above'} {bound.name}{note}"
    holds = agreement.agrees(chances, comparisons)
    return Verdict(bound.panel, f"{statement} at {len(seen.x)} generations", holds, detail)


@dataclass(frozen=True, eq=False)
class PanelData:
    """What one panel contributes to its figure."""

    curves: tuple[Curve, ...]
    verdicts: tuple[Verdict, ...]
    references: tuple[Reference, ...]


def _at(result: Result, rows: NDArray[np.int64]) -> Result:
    """Return a curve at some of its generations."""
    return replace(result, value=result.value[rows], sd=None if result.sd is None else result.sd[rows])
