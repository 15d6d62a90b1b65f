"""A setting: how much data each generation is trained on, and how much of it is fresh; the levers of a plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from modelcollapse import arguments

LARGEST_FACTOR = 1000.0


@dataclass(frozen=True)
class Setting:
    """What a plan can choose.

    Parameters
    ----------
    sample_size : int
        Draws of generation 1, n_1.
    fresh : float
        The chance that a draw is new real data, 0 to 1.
    growth : float
        Each generation has so many times the draws of the one before: n_k = n_1 growth^(k - 1), rounded.

    Examples
    --------
    >>> Setting(100, growth=1.1).sizes(3)
    (100, 110, 121)
    """

    sample_size: int
    fresh: float = 0.0
    growth: float = 1.0

    def sizes(self, generations: int) -> int | tuple[int, ...]:
        """Return the sample size, or n_1, ..., n_generations where it grows."""
        if self.growth == 1.0:
            return self.sample_size
        return tuple(round(self.sample_size * self.growth**k) for k in range(generations))

    def last_size(self, generations: int) -> int:
        """Return the draws of the last generation."""
        sizes = self.sizes(generations)
        return sizes if isinstance(sizes, int) else sizes[-1]

    def tokens(self, generations: int) -> int:
        """Return the draws of all generations together."""
        sizes = self.sizes(generations)
        return sizes * generations if isinstance(sizes, int) else sum(sizes)


@dataclass(frozen=True)
class Lever:
    """One thing that a plan may vary, between limits; more of it never keeps less.

    Parameters
    ----------
    name : str
        As in answers: "sample_size", "fresh" or "growth".
    low, high : float
        The least and the most that is tried.
    logarithmic : bool
        Whether equal ratios rather than equal differences are equal steps.
    grid : float
        Answers are multiples of it, rounded up: 1 for whole numbers.
    guessed_well : bool
        Whether the rough law that a search begins with is mostly good to a step or so.
    """

    name: str
    low: float
    high: float
    logarithmic: bool
    grid: float
    guessed_well: bool = False

    def at(self, setting: Setting, value: float) -> Setting:
        """Return the setting with this lever at a value."""
        if self.name == "sample_size":
            return replace(setting, sample_size=round(value))
        return replace(setting, fresh=value) if self.name == "fresh" else replace(setting, growth=value)

    def value(self, setting: Setting) -> float:
        """Return where this lever stands."""
        return float(getattr(setting, self.name))

    def step(self, value: float) -> float:
        """Return the distance between neighbouring answers: of sizes from 10^8 on, the eighth digit."""
        if self.name != "sample_size":
            return self.grid
        return max(1.0, 10.0 ** (math.floor(math.log10(max(value, 1.0))) - 7))

    def up(self, value: float) -> float:
        """Return the least answer that is at least `value`."""
        step = self.step(value)
        return min(self.high, round(math.ceil(value / step - 1e-9) * step, 9))

    def coordinate(self, value: float) -> float:
        """Return where a value lies on the axis on which the lever is searched."""
        return math.log(value) if self.logarithmic else value

    def from_coordinate(self, place: float) -> float:
        """Return the value at a place of the axis; whole numbers are rounded to the nearest."""
        return min(self.high, max(self.low, float(round(math.exp(place))) if self.logarithmic else place))

    def within(self, value: float, *, last: float, down: bool) -> float:
        """Return a value within the limits that is at least one step away from the last."""
        step = self.step(last)
        nearest = round(last - step if down else last + step, 9)
        return max(self.low, min(value, nearest)) if down else min(self.high, max(value, nearest))


def size_lever(setting: Setting | None = None, generations: int = 1) -> Lever:
    """Return the lever of the sample size: whole numbers, from 10^8 on to eight digits.

    Where sizes grow, the last generation may draw no more than the laws allow.
    """
    growth = 1.0 if setting is None else setting.growth
    high = math.floor(arguments.LARGEST_SAMPLE_SIZE / growth ** (generations - 1))
    return Lever("sample_size", 1, max(1, high), logarithmic=True, grid=1)


def fresh_lever() -> Lever:
    """Return the lever of the fresh share, in steps of a millionth."""
    return Lever("fresh", 0.0, 1.0, logarithmic=False, grid=1e-6, guessed_well=True)


def growth_lever(setting: Setting, generations: int) -> Lever:
    """Return the lever of the growth per generation, in steps of a ten-thousandth.

    No generation may draw more than the laws allow, nor any have more than a thousand times the draws of the first
    one: a budget that grows further is none.
    """
    most = min(arguments.LARGEST_SAMPLE_SIZE / setting.sample_size, LARGEST_FACTOR)
    high = most ** (1.0 / max(generations - 1, 1))
    return Lever("growth", 1.0, max(1.0, math.floor(high * 1e4) / 1e4), logarithmic=False, grid=1e-4)


LEVERS: dict[str, Callable[[Setting, int], Lever]] = {
    "sample-size": size_lever,
    "fresh": lambda setting, generations: fresh_lever(),  # noqa: ARG005
    "growth": growth_lever,
}
