"""What a family of models must offer; `docs/extending.md` shows how to add one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.provenance import plain
from modelcollapse.samplers.base import Sampler
from modelcollapse.samplers.plain import Plain
from modelcollapse.start import Start

Model = TypeVar("Model")
Batch = TypeVar("Batch")
Sizes = int | NDArray[np.int64]


class Family(ABC, Generic[Model, Batch]):
    """A model with its estimator: what is fitted at every generation.

    A family is a frozen dataclass whose fields are its fixed parameters. Models and batches are arrays (or tuples
    of arrays) whose first axis is the replicate, so one call serves a block of replicates; a model that is no row of
    numbers stands in an array of objects. All randomness comes
    from the generator passed in. A batch may be compressed to what the estimator needs (counts, sums): then
    accumulating data costs nothing.
    """

    name: ClassVar[str]
    keeps_data: ClassVar[bool] = False  # whether batches are `Data`: every datum, as it was drawn
    fits_singly: ClassVar[bool] = False  # whether replicates are fitted one after the other, which may take long

    @property
    def values_per_datum(self) -> int:
        """How many numbers a batch holds for each of its data's, with the working space of fits; 0 if compressed."""
        return 0

    def datum_size(self, start: Start) -> int:  # noqa: ARG002
        """Return how many numbers a datum has."""
        return 1

    @abstractmethod
    def initial(self, start: Start, replicates: int) -> Model:
        """Return the model of generation 0, repeated for each replicate; raise `InputError` if `start` does not fit."""

    def corpus(self, start: Start, replicates: int) -> Batch | None:  # noqa: ARG002
        """Return batch 0, the corpus, for each replicate; None if the start is no corpus."""
        return None

    def first(
        self,
        truth: Model,
        corpus: Batch | None,  # noqa: ARG002
        rng: np.random.Generator,  # noqa: ARG002
    ) -> tuple[Model, Batch | None]:
        """Return model 0, and the data it was fitted to; the truth itself, fitted to none, unless told otherwise."""
        return truth, None

    @abstractmethod
    def sample(self, model: Model, size: Sizes, rng: np.random.Generator) -> Batch:
        """Draw `size` data per replicate from the model; `size` is a number or one per replicate, and may be 0."""

    @abstractmethod
    def merge(self, batches: Sequence[Batch], weights: Sequence[float]) -> Batch:
        """Pool batches, the data of each counted `weight` times."""

    @abstractmethod
    def subsample(self, batch: Batch, size: int, rng: np.random.Generator) -> Batch:
        """Draw `size` of the batch's data without replacement."""

    @abstractmethod
    def fit(self, batch: Batch) -> Model:
        """Return the estimate from each replicate's data."""

    def shaped(self, model: Model, sampler: Sampler) -> Model:
        """Return the model whose plain draws are the sampler's draws from `model`; refuse a sampler not known."""
        if isinstance(sampler, Plain):
            return model
        raise InputError(
            f"`sampler` is {sampler!r}, but the {self.name} family knows no such sampler; "
            "temperature, top-k and top-p shape symbols, amplification shapes scales."
        )

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the family cannot draw so many data at once."""

    def uncompressed(self) -> Family[Any, Any]:
        """Return the same family with batches that keep every datum: itself, unless its batches are compressed.

        A pool of compressed batches forgets which data it holds; workflows that draw from the pool need them.
        """
        return self

    @abstractmethod
    def values_per_replicate(self, start: Start) -> int:
        """Return how many numbers one replicate's model holds: block sizes and memory follow from it."""

    def values_per_batch(self, start: Start) -> int:  # noqa: ARG002
        """Return how many numbers one replicate's batch holds, where it is compressed and yet far above a model's."""
        return 0

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


class SymbolFamily(Family[Model, Batch]):
    """A family whose data are symbols, numbered as in the start: it is symbols that are forgotten."""

    @property
    def absorbing(self) -> bool:
        """Whether a symbol that does not occur in the data has probability 0 under the fitted model."""
        return True

    @abstractmethod
    def counts(self, batch: Batch) -> NDArray[np.int64]:
        """Return how often each symbol occurs in a batch, shape (replicate, symbol)."""

    @abstractmethod
    def frequencies(self, model: Model) -> NDArray[np.float64]:
        """Return the probability of each symbol under a model, shape (replicate, symbol)."""


class ScaleFamily(Family[Model, Batch]):
    """A family whose models have a location and a scale, estimated equivariantly: it is the scale that collapses.

    `parameters` names what a start of the family gives, the scale last; it is empty where a start is no such list.
    """

    parameters: ClassVar[tuple[str, ...]] = ("location", "scale")

    @abstractmethod
    def location(self, model: Model) -> NDArray[np.float64]:
        """Return the location of each replicate's model, shape (replicate, dimension)."""

    @abstractmethod
    def scale(self, model: Model) -> NDArray[np.float64]:
        """Return the scale of each replicate's model, shape (replicate,)."""

    def in_words(self) -> tuple[str, str]:
        """Return what the model is, and how its scale is fitted, as reports say it to a newcomer.

        Examples
        --------
        >>> from modelcollapse.families import Gaussian
        >>> Gaussian(ddof=0).in_words()[0]
        'A Gaussian model, variance divided by n (maximum likelihood)'
        """
        return f"A model of family {self.name}", ""
