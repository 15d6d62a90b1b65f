"""Any continuous distribution of `scipy.stats` with its shapes fixed: simulated, with scipy's own fit."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.kept_data import KeptData, heaviest_datum, require_maximum, total_weight
from modelcollapse.families.location_scale import Floats

_DEFAULT = "gumbel_r"
_FAR = np.array([1e10, 1e12])  # in the tails of every distribution, where only the power is left
_CIRCULAR = {"vonmises": "vonmises_line"}  # no density of the line: it repeats for ever, and its scale means nothing

# What others call them; the nearest spelling would be another distribution, or none.
_CALLED = {"normal": "norm", "gaussian": "norm", "exponential": "expon", "student": "t", "weibull": "weibull_min"}


@dataclass(frozen=True, init=False)
class ScipyDistribution(KeptData):
    """A continuous distribution of `scipy.stats`, location and scale fitted by scipy, its shapes fixed.

    There is no law for it: answers are simulated. The fit is scipy's `fit` with the shapes held, on data brought to
    the unit interval; it is maximum likelihood as far as scipy's optimiser gets. Where a tail of the density falls like
    |z|^-(1 + a), samples of at most 1 + 1/a data are refused: their likelihood has no single maximum. Starts from
    `Parameters(location=..., scale=...)`.

    Parameters
    ----------
    distribution : str
        Its name in `scipy.stats`.
    **shapes : float
        A value for each shape parameter that the distribution has.

    Raises
    ------
    InputError
        If there is no such distribution, a shape is missing, unknown, or outside of its domain.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import ScipyDistribution
    >>> family = ScipyDistribution("gumbel_r")
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10_000, np.random.default_rng(1))).round()
    array([[5., 2.]])
    """

    distribution: str
    shapes: tuple[tuple[str, float], ...]

    name: ClassVar[str] = "scipy"
    fits_singly: ClassVar[bool] = True

    def __init__(self, distribution: str = _DEFAULT, **shapes: float) -> None:
        if distribution == _DEFAULT and not shapes:  # known to be good: to ask `scipy.stats` takes a second
            object.__setattr__(self, "distribution", distribution)
            object.__setattr__(self, "shapes", ())
            return
        found = _continuous(distribution)
        wanted = [shape.strip() for shape in (found.shapes or "").split(",") if shape.strip()]
        _check_names(distribution, wanted, shapes)
        values = tuple((shape, arguments.real(shape, shapes[shape], low=-1e15, high=1e15)) for shape in wanted)
        with np.errstate(all="ignore"):
            support = found.support(*(value for _, value in values))
        if np.any(np.isnan(support)):
            shown = ", ".join(f"{shape}={value:g}" for shape, value in values)
            raise InputError(
                f"`shapes` are {shown}, but that is outside of the domain of `scipy.stats.{distribution}`."
            )
        object.__setattr__(self, "distribution", distribution)
        object.__setattr__(self, "shapes", values)

    def to_dict(self) -> dict[str, Any]:
        """Return the name of the distribution and its shapes."""
        return {"name": self.name, "distribution": self.distribution, "shapes": dict(self.shapes)}

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return f"A model of {self.described}", "Scale and location are fitted by scipy, shapes are fixed."

    def standard(self, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
        """Draw with scipy."""
        drawn = _continuous(self.distribution).rvs(*self.values, size=shape, random_state=rng)
        return np.asarray(drawn, dtype=np.float64).reshape(shape)

    def estimate(self, values: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
        """Fit row after row."""
        require_maximum(total_weight(values, weights), heaviest_datum(values, weights), self.tail, self.described)
        fitted = np.array([self._fit(_repeated(values, weights, row)) for row in range(len(values))])
        return fitted[:, 0], fitted[:, 1]

    @property
    def tail(self) -> float:
        """Measured; that of the default is known, so that `scipy.stats` need not be loaded."""
        return math.inf if self == ScipyDistribution() else tail_index(self)

    @property
    def described(self) -> str:
        """By its name in `scipy.stats`, and its shapes."""
        shown = ", ".join(f"{shape}={value:g}" for shape, value in self.shapes)
        return f"scipy.stats.{self.distribution}" + (f" with {shown}" if shown else "")

    @property
    def values(self) -> tuple[float, ...]:
        """The shapes as scipy takes them."""
        return tuple(value for _, value in self.shapes)

    def _fit(self, data: Floats) -> tuple[float, float]:
        fixed = {f"f{position}": value for position, value in enumerate(self.values)}
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                *_, location, scale = _continuous(self.distribution).fit(data, *self.values, **fixed)
        except (ValueError, RuntimeError, ArithmeticError) as error:
            raise NoAnswerError(f"`scipy.stats.{self.distribution}.fit` failed on {len(data)} data: {error}") from error
        if not (np.isfinite(location) and np.isfinite(scale) and scale > 0):
            raise NoAnswerError(
                f"`scipy.stats.{self.distribution}.fit` found location {location:g} and scale {scale:g} "
                f"for {len(data)} data; a larger sample size may help."
            )
        return float(location), float(scale)


@lru_cache(maxsize=64)
def tail_index(family: ScipyDistribution) -> float:
    """Return a where the density falls like |z|^-(1 + a) far out, on the side where it falls slowest.

    Huge where it falls faster than any power, infinite where it ends. Measured on the density itself, to four digits:
    this needs no list of distributions.

    Examples
    --------
    >>> tail_index(ScipyDistribution("t", df=0.5)), tail_index(ScipyDistribution("uniform"))
    (0.5, inf)
    """
    density = _continuous(family.distribution).logpdf
    with np.errstate(all="ignore"):
        far = np.array([density(side * _FAR, *family.values) for side in (1.0, -1.0)])
        slopes = -np.diff(far, axis=1) / np.diff(np.log(_FAR)) - 1.0
    return float(f"{slopes[slopes > 0].min(initial=np.inf):.4g}")


def _continuous(name: object) -> Any:
    """Return the distribution of that name, or refuse it with near names."""
    from scipy import stats

    found = getattr(stats, name, None) if isinstance(name, str) else None
    if isinstance(name, str) and name in _CIRCULAR:
        remedy = f"Angles have no scale; {_CIRCULAR[name]!r} is its like on the line."
        raise InputError(arguments.message("distribution", name, "a distribution of the line", remedy))
    if isinstance(found, stats.rv_continuous):
        return found
    names = [each for each in dir(stats) if isinstance(getattr(stats, each, None), stats.rv_continuous)]
    wanted = str(name).lower()
    near = [_CALLED[wanted]] if wanted in _CALLED else get_close_matches(wanted, names, n=3, cutoff=0.5)
    remedy = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise InputError(arguments.message("distribution", name, "a continuous distribution of `scipy.stats`", remedy))


def _check_names(distribution: str, wanted: list[str], shapes: dict[str, float]) -> None:
    missing = [shape for shape in wanted if shape not in shapes]
    unknown = [shape for shape in shapes if shape not in wanted]
    if missing:
        example = ", ".join(f"{shape}=2.0" for shape in missing)
        options = " ".join(f"--shape {shape}=2.0" for shape in missing)
        raise InputError(
            f"`shapes` of {distribution} are free: {', '.join(missing)}; only location and scale are fitted, so give "
            f'them values, as `ScipyDistribution("{distribution}", {example})`, on the command line `{options}`.'
        )
    if unknown:
        allowed = f"among the shapes of {distribution}: {', '.join(wanted) or 'it has none'}"
        raise InputError(arguments.message("shapes", unknown, allowed))


def _repeated(values: Floats, weights: Floats | None, row: int) -> Floats:
    """The data of a row, each as often as it counts."""
    if weights is None:
        return values[row]
    if np.any(weights[row] != np.floor(weights[row])):
        raise InputError("`weights` are fractions, but scipy's fit needs every datum a whole number of times.")
    return np.repeat(values[row], weights[row].astype(np.int64))
