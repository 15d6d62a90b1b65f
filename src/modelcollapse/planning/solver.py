"""Answers of a plan: the least point of one lever, the frontier of two, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from modelcollapse.planning.cost import Prices
from modelcollapse.planning.search import least
from modelcollapse.planning.setting import LEVERS, Lever, Setting
from modelcollapse.planning.target import Kept, Target

_CURVE = 13  # points of a curve
_FRONTIER = 7
_GAP, _MORE = 0.2, 3  # where the frontier falls by more from point to point, up to so many more points are found


@dataclass(frozen=True)
class Point:
    """One setting, how well it keeps what must be kept, and what it costs.

    Parameters
    ----------
    setting : Setting
    kept : Kept
    cost : float or None
        Price of all tokens of all generations, where prices are given.
    """

    setting: Setting
    kept: Kept
    cost: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        setting = self.setting
        values = {"sample_size": setting.sample_size, "fresh": setting.fresh, "growth": setting.growth}
        return {**values, "kept": self.kept.mean, "kept_low": self.kept.low, "cost": self.cost}


class Search:
    """Bracketing on one target; every setting is computed once.

    Parameters
    ----------
    target : Target
    prices : Prices or None
    least_size : int
        The smallest sample that can be fitted.
    """

    def __init__(self, target: Target, prices: Prices | None, least_size: int) -> None:
        self._target, self._prices, self._least_size = target, prices, least_size
        self._known: dict[Setting, Kept] = {}

    def lever(self, name: str, setting: Setting) -> Lever:
        """Return a lever, from the least sample size on that can be fitted."""
        lever = LEVERS[name](setting, self._target.generations)
        if lever.name != "sample_size":
            return lever
        return Lever(lever.name, self._least_size, lever.high, lever.logarithmic, lever.grid)

    def kept(self, setting: Setting) -> Kept:
        """Return how well a setting keeps what must be kept."""
        if setting not in self._known:
            self._known[setting] = self._target.kept(setting)
        return self._known[setting]

    def point(self, setting: Setting) -> Point:
        """Return a setting with what it keeps and costs."""
        cost = None if self._prices is None else self._prices.of(setting, self._target.generations)
        return Point(setting, self.kept(setting), cost)

    def least(self, lever: Lever, setting: Setting) -> Point | None:
        """Return the least point of a lever that is enough."""

        def margin(value: float) -> float:
            return self.kept(lever.at(setting, value)).low - self._target.required

        def rough(value: float) -> float:
            return self._target.roughly(lever.at(setting, value)) - self._target.required

        found = least(lever, margin, rough)
        return None if found is None else self.point(lever.at(setting, found))

    def curve(self, lever: Lever, setting: Setting, answer: Point | None) -> tuple[Point, ...]:
        """Return points along a lever, the answer among them."""
        values = _along(lever, lever.value((answer or self.point(setting)).setting))
        settings = {lever.at(setting, value) for value in values}
        if lever.name == "growth":  # each of its points is dear: those that the search has seen show the rest
            settings |= {known for known in self._known if lever.at(setting, lever.value(known)) == known}
        if answer is not None:
            settings.add(answer.setting)
        return tuple(self.point(s) for s in sorted(settings, key=lever.value))

    def frontier(self, names: tuple[str, ...], setting: Setting) -> tuple[Point, ...]:
        """Return settings that are just enough: for values of the first lever, the least of the second."""
        first, second = (self.lever(name, setting) for name in names)
        most = self.least(first, second.at(setting, second.low))
        fewest = self.least(first, second.at(setting, second.high))
        if fewest is None:
            return ()
        low = first.value(fewest.setting)
        high = first.value(most.setting) if most is not None else min(first.high, 100 * low)
        points = [fewest, *([most] if most is not None else [])]
        for value in np.geomspace(low, high, _FRONTIER)[1:-1] if high > low else []:
            found = self.least(second, first.at(setting, first.up(float(value))))
            points += [] if found is None else [found]
        if self._prices is not None and high > low:
            points += self._cheapest(points, first, second, setting)
        points = self._filled(points, first, second, setting)
        ordered = {point.setting: point for point in sorted(points, key=lambda p: first.value(p.setting))}
        return tuple(ordered.values())

    def _filled(self, points: list[Point], first: Lever, second: Lever, setting: Setting) -> list[Point]:
        """Return the points with others between neighbours that lie far apart along the second lever."""
        ordered = sorted(points, key=lambda point: first.value(point.setting))
        for _ in range(_MORE):
            falls = [second.value(a.setting) - second.value(b.setting) for a, b in pairwise(ordered)]
            place = int(np.argmax(falls)) if falls else 0
            if not falls or falls[place] <= _GAP * (second.high - second.low):
                break
            ends = [first.value(point.setting) for point in ordered[place : place + 2]]
            found = self.least(second, first.at(setting, first.up(float(np.sqrt(ends[0] * ends[1])))))
            if found is None or first.value(found.setting) in ends:
                break
            ordered.insert(place + 1, found)
        return ordered

    def _cheapest(self, points: list[Point], first: Lever, second: Lever, setting: Setting) -> list[Point]:
        """Return the cheapest point between the neighbours of the cheapest one, within 5 % along the first lever."""
        from scipy.optimize import minimize_scalar

        ordered = sorted(points, key=lambda point: first.value(point.setting))
        place = min(range(len(ordered)), key=lambda i: ordered[i].cost or 0.0)
        ends = (ordered[max(place - 1, 0)], ordered[min(place + 1, len(ordered) - 1)])
        low, high = (float(np.log(first.value(end.setting))) for end in ends)
        found: list[Point] = []
        dear = 2.0 * max(point.cost or 0.0 for point in ordered)  # for what is not enough; finite, as it is subtracted

        def cost(log: float) -> float:
            point = self.least(second, first.at(setting, first.up(float(np.exp(log)))))
            if point is None or point.cost is None:
                return dear
            found.append(point)
            return point.cost

        minimize_scalar(cost, bounds=(low, high), method="bounded", options={"xatol": 0.05})
        return sorted(found, key=lambda point: point.cost or 0.0)[:1]

    def reason(self, names: tuple[str, ...], setting: Setting, curve: tuple[Point, ...]) -> str:
        """Say why there is no answer."""
        if len(names) > 1 and curve:
            return (
                "two levers leave a choice; take a point of the frontier, or give prices of fresh and of synthetic "
                "tokens (--fresh-price, --synthetic-price) for the cheapest"
            )
        for name in names:
            lever = self.lever(name, setting)
            setting = lever.at(setting, lever.high)
        return self._target.why_impossible(setting, self.kept(setting))


def _along(lever: Lever, around: float) -> list[float]:
    """Values that show how a lever works: decades of a size around the answer, a whole range of a share."""
    if lever.logarithmic:
        values = np.geomspace(max(lever.low, around / 100), min(lever.high, around * 10), _CURVE)
        return [float(round(value)) for value in values]
    if lever.name == "fresh":
        return [0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0]
    return [lever.low, min(lever.high, round(2.0 * around - 1.0, 4))]
