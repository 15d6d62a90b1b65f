"""A user's model as a family: its recursion is an ordinary one, under every workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError, LearnerError, ModelCollapseError
from modelcollapse.families import data as kept
from modelcollapse.families.base import Family, Sizes
from modelcollapse.families.data import Data, rows_of
from modelcollapse.learners.protocol import Learner, Rows, checked_rows
from modelcollapse.learners.recipe import learner_recipe
from modelcollapse.learners.scipy_stats import KnownDistribution
from modelcollapse.provenance import plain
from modelcollapse.start import Sample, Start

Models = NDArray[np.object_]  # (replicate,): fitted learners, or what the truth is drawn from
_LARGEST_SIZE = 10**7


class _Source(Protocol):
    @property
    def dimension(self) -> int: ...

    def sample(self, n: int, rng: np.random.Generator, /) -> Rows: ...


@dataclass(frozen=True, init=False, eq=False)
class Learned(Family[Models, Data]):
    """A user's model behind `fit` and `sample`: one is made and fitted for each replicate and generation.

    Batches keep every datum, in random order, each with the seed of the fit to come: the same batch gives the same
    model again. Starts from real data, `Sample(data)`, to which generation 0 is fitted, or from a law of
    `scipy.stats`, `KnownDistribution(...)`.

    Parameters
    ----------
    learner : str, class, function or object
        A registered name, an address ``module:attribute``, or what such an address leads to; see `learner_recipe`.
    **parameters
        Passed to the class or function.

    Raises
    ------
    InputError
        If there is no such learner, or it takes no such parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.start import Sample
    >>> from modelcollapse.statistics import LogScale
    >>> start = Sample(np.random.default_rng(1).normal(size=(50, 2)))
    >>> recursion = Recursion(Learned("scipy", distribution="multivariate_normal"), start, sample_size=50)
    >>> bool(solve(recursion, LogScale(), [20], replicates=100, rng=1)["log_scale"].high[0] < -0.3)
    True
    """

    learner: Any
    parameters: Mapping[str, Any]

    name: ClassVar[str] = "learned"

    def __init__(self, learner: Any, **parameters: Any) -> None:
        object.__setattr__(self, "learner", learner)
        object.__setattr__(self, "parameters", MappingProxyType(parameters))
        object.__setattr__(self, "_recipe", learner_recipe(learner, parameters))

    @property
    def values_per_datum(self) -> int:
        """A number of a datum, its weight, and the working space of fits."""
        return 4

    def datum_size(self, start: Start) -> int:
        """Return the dimension of the data."""
        return _data_start(start).dimension

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the data would not fit."""
        if size > _LARGEST_SIZE:
            raise InputError(
                f"`sample_size` is {size:,}, but a learner's data are kept, and at most {_LARGEST_SIZE:,} a generation."
            )

    def initial(self, start: Start, replicates: int) -> Models:
        """Return what the truth is drawn from: the known law, or the real data, drawn from with replacement."""
        source = _data_start(start)
        return _objects([_Resampled(source.values) if isinstance(source, Sample) else source] * replicates)

    def corpus(self, start: Start, replicates: int) -> Data | None:
        """Return the real data."""
        if not isinstance(start, Sample):
            return None
        shape = (replicates, start.real_size, start.dimension)
        return Data(np.zeros((replicates, 1, start.dimension)), np.broadcast_to(start.values, shape))

    def first(self, truth: Models, corpus: Data | None, rng: np.random.Generator) -> tuple[Models, Data | None]:
        """Return learners fitted to the real data; or the known law itself."""
        if corpus is None:
            return truth, None
        seeded = corpus._replace(seeds=_seeds(rng, len(truth)))
        return self.fit(seeded), seeded

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> Data:
        """Draw from each model with a generator of its own; where sizes differ, rows are filled up."""
        sizes = np.broadcast_to(size, len(model)).astype(np.int64)
        most = int(sizes.max(initial=0))
        self.require_size(most)
        seeds, following = _seeds(rng, len(model)), _seeds(rng, len(model))
        drawn = [self._drawn(i, model[i], int(sizes[i]), seeds[i]) for i in range(len(model))]
        dimension = model[0].dimension
        values = np.zeros((len(model), most, dimension))
        for i, rows in enumerate(drawn):
            values[i, : len(rows)] = rows
        weights = kept.places_used(sizes[:, None].astype(np.float64))
        return Data(np.zeros((len(model), 1, dimension)), values, weights, following)

    def merge(self, batches: Sequence[Data], weights: Sequence[float]) -> Data:
        """Put the data side by side; the seeds are those of the newest batch."""
        return kept.pooled(batches, weights)._replace(seeds=batches[-1].seeds)

    def subsample(self, batch: Data, size: int, rng: np.random.Generator) -> Data:
        """Draw data without replacement."""
        return kept.part(batch, size, rng)._replace(seeds=batch.seeds)

    def fit(self, batch: Data) -> Models:
        """Fit a fresh learner to the data of each replicate, in random order."""
        assert batch.seeds is not None
        return _objects([self._fitted(i, rows, batch.seeds[i]) for i, rows in enumerate(rows_of(batch))])

    def values_per_replicate(self, start: Start) -> int:
        """Return the dimension: a learner's own size is not known."""
        return _data_start(start).dimension

    def to_dict(self) -> dict[str, Any]:
        """Return the learner's name or address, and its parameters."""
        return {"name": self.name, "learner": self.learner_name, "parameters": plain(dict(self.parameters))}

    @property
    def learner_name(self) -> str:
        """What the learner is called in messages and records."""
        return str(self._made_by.name)

    @property
    def _made_by(self) -> Any:
        return vars(self)["_recipe"]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.learner, dict(self.parameters))

    def _fitted(self, replicate: int, rows: Rows, seed: NDArray[np.int64]) -> Any:
        rng = np.random.default_rng(seed)
        learner = self._made_by.make()
        shuffled = rng.permutation(rows)
        try:
            learner.fit(shuffled, rng)
        except ModelCollapseError:
            raise
        except Exception as error:  # whatever a user's model raises
            raise self._failed(f"fit raised {type(error).__name__}: {error}", replicate) from error
        return _Fitted(learner, rows.shape[1])

    def _drawn(self, replicate: int, model: _Source, size: int, seed: NDArray[np.int64]) -> Rows:
        """Return the draws of one replicate, or say what is wrong with them."""
        if size == 0:
            return np.empty((0, model.dimension))
        try:
            returned = model.sample(size, np.random.default_rng(seed))
        except ModelCollapseError:
            raise
        except Exception as error:  # whatever a user's model raises
            raise self._failed(f"sample raised {type(error).__name__}: {error}", replicate) from error
        rows, fault = checked_rows(returned, size, model.dimension)
        if fault:
            raise self._failed(fault, replicate)
        return rows

    def _failed(self, what: str, replicate: int) -> LearnerError:
        return LearnerError(self.learner_name, what, replicate=replicate)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A fitted learner, and the dimension of the data it was fitted to."""

    learner: Learner
    dimension: int

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        return self.learner.sample(n, rng)


@dataclass(frozen=True, eq=False)
class _Resampled:
    """Real data, drawn from with replacement: their empirical law."""

    values: Rows

    @property
    def dimension(self) -> int:
        return self.values.shape[1]

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        return self.values[rng.integers(len(self.values), size=n)]


def _data_start(start: Start) -> Sample | KnownDistribution:
    """Return a start that data can be drawn from, or refuse it."""
    if not isinstance(start, Sample | KnownDistribution):
        raise InputError(
            f"`start` is {start!r}, but a learner starts from real data, `Sample(data)`, or from a law of "
            "`scipy.stats`, `KnownDistribution(...)`."
        )
    return start


def _objects(things: Sequence[Any]) -> Models:
    """Return an array that holds the things themselves."""
    array = np.empty(len(things), dtype=object)
    for i, thing in enumerate(things):
        array[i] = thing
    return array


def _seeds(rng: np.random.Generator, replicates: int) -> NDArray[np.int64]:
    """Draw a seed of 126 bits for each replicate."""
    return rng.integers(2**63, size=(replicates, 2))


def _rebuilt(learner: Any, parameters: dict[str, Any]) -> Learned:
    return Learned(learner, **parameters)
