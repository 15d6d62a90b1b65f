"""Mixtures of several normal laws in any dimension, fitted by EM from where the data came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import data as kept
from modelcollapse.families.base import ScaleFamily, Sizes
from modelcollapse.families.components import Components
from modelcollapse.families.data import Data
from modelcollapse.families.em import Normals, climb
from modelcollapse.families.location_scale import require_data, size_column
from modelcollapse.start import Start

Floats = NDArray[np.float64]
Models = NDArray[np.float64]  # (replicate, K + d + K d + K d^2)

_ALIVE = 0.5  # a component that explains fewer data than this is dead


class NormalBatch(NamedTuple):
    """Data, and the one or two models that EM starts from: those the first and the last of the data came from."""

    data: Data
    sources: tuple[Models, ...]


@dataclass(frozen=True)
class NormalMixture(ScaleFamily[Models, NormalBatch]):
    """K normal laws with weights, means and full covariances, by the EM algorithm of scikit-learn (extra `sklearn`).

    EM starts from the model that the data were drawn from (of pooled data, from the models of the first and the last of
    them, and the likelier result is taken). So it follows one local maximum of the likelihood from generation to
    generation. A component that explains less than half a datum is dead: its weight is 0, for ever under replace.

    A model is the weights, the mean of all, the means less that, and the triangular factors of the covariances. Its
    location is the mean of all; its scale det(covariance of all)^{1/(2 dimension)}. Starts from `Components(...)`.

    Parameters
    ----------
    components : int
        K, from 1 to 100; at most as many as there are data.
    dimension : int
        From 1 to 100.
    floor : float
        Added to every variance, as a share of the mean variance of the data: the likelihood of a component on a single
        datum has no bound without it.
    iterations : int
        The most steps of EM in one fit.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.families import Components, NormalMixture
    >>> family = NormalMixture(components=2)
    >>> start = Components([0.3, 0.7], means=[-4.0, 4.0], covariances=[1.0, 1.0])
    >>> fitted = family.fit(family.sample(family.initial(start, 1), 20_000, np.random.default_rng(1)))
    >>> family.weights(fitted).round(2)
    array([[0.3, 0.7]])
    """

    components: int = 2
    dimension: int = 1
    floor: float = 1e-6
    iterations: int = 200

    name: ClassVar[str] = "normal-mixture"
    parameters: ClassVar[tuple[str, ...]] = ()
    largest_values: ClassVar[int] = 2 * 10**6  # numbers in a sample: responsibilities included, well below 500 MB

    def __post_init__(self) -> None:
        for name in ("components", "dimension"):
            object.__setattr__(self, name, arguments.integer(name, getattr(self, name), least=1, most=100))
        object.__setattr__(self, "floor", arguments.real("floor", self.floor, low=1e-12, high=1.0))
        object.__setattr__(self, "iterations", arguments.integer("iterations", self.iterations, least=1, most=10**5))

    @property
    def values_per_datum(self) -> int:
        """The dimension, and what EM keeps for each component."""
        return 4 * self.dimension + 2 * self.components

    def initial(self, start: Start, replicates: int) -> Models:
        """Return the start for each replicate."""
        shape = (self.components, self.dimension)
        if not isinstance(start, Components) or start.shape != shape:
            wanted = f"{shape[0]} components in {shape[1]} dimension{'s' if shape[1] > 1 else ''}"
            raise InputError(f"`start` is {start!r}, but this {self.name} starts from `Components(...)` with {wanted}.")
        weights, means = np.asarray(start.weights), np.asarray(start.means)
        factors = np.linalg.cholesky(np.asarray(start.covariances))
        return np.tile(_model(Normals(weights, means, factors), np.zeros(self.dimension)), (replicates, 1))

    def weights(self, model: Models) -> Floats:
        """Return the weight of each component, shape (replicate, component); 0 for dead ones."""
        return model[:, : self.components]

    def location(self, model: Models) -> Floats:
        """Return the mean of all."""
        return model[:, self.components : self.components + self.dimension]

    def offsets(self, model: Models) -> Floats:
        """Return the means of the components less the mean of all, shape (replicate, component, dimension)."""
        first = self.components + self.dimension
        part = model[:, first : first + self.components * self.dimension]
        return part.reshape(-1, self.components, self.dimension)

    def factors(self, model: Models) -> Floats:
        """Return the triangular factors of the covariances, shape (replicate, component, dimension, dimension)."""
        part = model[:, self.components + self.dimension + self.components * self.dimension :]
        return part.reshape(-1, self.components, self.dimension, self.dimension)

    def scale(self, model: Models) -> Floats:
        """Return det(covariance of all)^{1/(2 dimension)}."""
        weights, offsets, factors = self.weights(model), self.offsets(model), self.factors(model)
        # In units of the largest entry, so that no square leaves the range of doubles.
        largest = np.maximum(np.abs(offsets).max(axis=(1, 2)), np.abs(factors).max(axis=(1, 2, 3)))
        unit = np.where(largest > 0.0, largest, 1.0)
        offsets, factors = offsets / unit[:, None, None], factors / unit[:, None, None, None]
        within = np.einsum("rk,rkij,rklj->ril", weights, factors, factors)
        whole = within + np.einsum("rk,rki,rkj->rij", weights, offsets, offsets)
        return np.asarray(unit * np.maximum(np.linalg.det(whole), 0.0) ** (0.5 / self.dimension))

    def values_per_replicate(self, start: Start) -> int:
        """Return the length of a model."""
        return self.initial(start, 1).size

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the data would not fit."""
        most = self.largest_values // self.values_per_datum
        if size > most:
            raise InputError(
                f"`sample_size` is {size:,}, but this {self.name} keeps its data and takes at most {most:,}; "
                "fewer components or dimensions take more."
            )

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> NormalBatch:
        """Draw a component for each datum, then the datum."""
        sizes = size_column(size, len(model))
        most = int(sizes.max(initial=0.0))
        self.require_size(most)
        reached = np.cumsum(self.weights(model), axis=1)
        chance = rng.random((len(model), most)) * reached[:, -1:]
        chosen = (chance[:, :, None] >= reached[:, None, :-1]).sum(axis=2)
        rows = np.arange(len(model))[:, None]
        normal = rng.standard_normal((len(model), most, self.dimension))
        away = np.einsum("rnij,rnj->rni", self.factors(model)[rows, chosen], normal)
        values = self.offsets(model)[rows, chosen] + away
        return NormalBatch(Data(self.location(model)[:, None, :], values, kept.places_used(sizes)), (model,))

    def merge(self, batches: Sequence[NormalBatch], weights: Sequence[float]) -> NormalBatch:
        """Put the data side by side."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        first, last = batches[0].sources[0], batches[-1].sources[-1]
        return NormalBatch(kept.pooled([batch.data for batch in batches], weights), (first, last))

    def subsample(self, batch: NormalBatch, size: int, rng: np.random.Generator) -> NormalBatch:
        """Draw data without replacement."""
        return NormalBatch(kept.part(batch.data, size, rng), batch.sources)

    def fit(self, batch: NormalBatch) -> Models:
        """Return the estimates, replicate after replicate."""
        weights = kept.weights_of(batch.data)
        require_data(self.name, weights.sum(axis=1), self.components, "there must be a datum for each component")
        if np.any(weights != np.floor(weights)):
            raise InputError("`weights` are fractions, but EM needs every datum a whole number of times.")
        return np.stack([self._fit(batch, row, weights[row].astype(np.int64)) for row in range(len(weights))])

    def _fit(self, batch: NormalBatch, row: int, counts: NDArray[np.int64]) -> Floats:
        """Fit one replicate: data are centred and scaled, so that neither place nor unit matters."""
        data = np.repeat(batch.data.values[row], counts, axis=0)
        origin = batch.data.origin[row, 0]
        shift = data.mean(axis=0)
        unit = np.abs(data - shift).max()
        if not unit > 0.0:
            return self._of_one_value(batch.sources[-1][row], origin + shift)
        unit = unit * np.sqrt((((data - shift) / unit) ** 2).mean())
        scaled = (data - shift) / unit
        best, likeliest = None, -np.inf
        for source in {each[row].tobytes(): each[row] for each in batch.sources}.values():
            alive, first = self._seen_from(source, origin + shift, unit)
            found, likelihood = climb(scaled, first, self.floor, self.iterations)
            if best is None or likelihood > likeliest:
                best, likeliest = self._spread_out(alive, found, len(data), origin + shift, unit), likelihood
        assert best is not None
        return best

    def _seen_from(self, source: Floats, centre: Floats, unit: float) -> tuple[NDArray[np.intp], Normals]:
        """Which components of a model are alive, and these less a centre, in a unit."""
        one = source[None, :]
        alive = np.flatnonzero(self.weights(one)[0] > 0.0)
        means = (self.location(one)[0] - centre + self.offsets(one)[0][alive]) / unit
        return alive, Normals(self.weights(one)[0][alive], means, self.factors(one)[0][alive] / unit)

    def _of_one_value(self, source: Floats, value: Floats) -> Floats:
        """The model of data that are all equal: the weights tell nothing, and stay."""
        weights, k, d = source[: self.components], self.components, self.dimension
        return np.concatenate([weights, value, np.zeros(k * d + k * d * d)])

    def _spread_out(self, alive: NDArray[np.intp], found: Normals, size: int, centre: Floats, unit: float) -> Floats:
        """The model, with zeros for dead components; a mixture in which all explain too little keeps the largest."""
        k, d = self.components, self.dimension
        kept_on = (found.weights * size >= _ALIVE) | (found.weights == found.weights.max())
        weights, means, factors = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
        share = found.weights[kept_on] / found.weights[kept_on].sum()
        weights[alive[kept_on]] = share
        means[alive[kept_on]] = unit * found.means[kept_on]
        factors[alive[kept_on]] = unit * found.factors[kept_on]
        return _model(Normals(weights, means, factors), centre)


def _model(normals: Normals, centre: Floats) -> Floats:
    """Weights, mean of all, offsets, factors in one row; means are given less a centre."""
    middle = normals.weights @ normals.means
    offsets = np.where(normals.weights[:, None] > 0.0, normals.means - middle, 0.0)
    return np.concatenate([normals.weights, centre + middle, offsets.ravel(), normals.factors.ravel()])
