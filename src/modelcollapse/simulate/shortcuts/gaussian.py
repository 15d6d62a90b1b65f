"""Gaussian recursions by compiled kernels: the estimates are drawn, never the data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.gaussian import Gaussian, GaussianBatch
from modelcollapse.recursion import Recursion
from modelcollapse.samplers.amplification import Amplification
from modelcollapse.samplers.plain import Plain
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import watch
from modelcollapse.simulate.route import Route
from modelcollapse.start import Parameters
from modelcollapse.statistics.base import Snapshot, Sums
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

KERNEL_WORK = 2 * 10**7  # replicates x generations x entries of the factor: about a second of NumPy

_LONGEST = 2**20  # generations that the counters of the kernels can name


class GaussianRoute(Route):
    """What the kernels for one and for several dimensions share."""

    def covers(self, experiment: Experiment) -> bool:
        """Whether it is a Gaussian under replace, with enough draws for a gamma shape of 1, and much work."""
        recursion, horizon = experiment.recursion, experiment.horizon
        family = recursion.family
        if not isinstance(family, Gaussian) or not self.has_dimension(family.dimension):
            return False
        least = family.dimension + 2
        return bool(
            isinstance(recursion.workflow, Replace)
            and isinstance(recursion.sampler, Plain | Amplification)
            and isinstance(recursion.start, Parameters)
            and experiment.replicates * horizon * family.dimension**2 >= KERNEL_WORK
            and horizon < _LONGEST
            and recursion.sizes(horizon).min() >= max(least, family.ddof + 1)
        )

    @abstractmethod
    def has_dimension(self, dimension: int) -> bool:
        """Whether the kernel is for this dimension."""

    @abstractmethod
    def models(self, block: Experiment, key: np.uint64) -> Iterator[Floats | None]:
        """Yield the models of generations 1, 2, ... in the family's form; None where they are not asked for."""

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Step the models and show them to the observers."""
        models = self.models(block, seed.generate_state(1, np.uint64)[0])
        return watch(block, _snapshots(block.recursion, models, block.recursion.sizes(block.horizon)))


class GaussianKernel(GaussianRoute):
    """One dimension: mean and scale."""

    name: ClassVar[str] = "mean and scale, compiled"

    def has_dimension(self, dimension: int) -> bool:
        """One."""
        return dimension == 1

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 8,192: the work space fits into the processor's cache."""
        return 2**13

    def models(self, block: Experiment, key: np.uint64) -> Iterator[Floats | None]:
        """Yield mean and scale of each replicate."""
        step, recursion, watched = _compiled("gaussian"), block.recursion, block.watched
        family = recursion.family
        assert isinstance(family, Gaussian)
        mean, scale = family.initial(recursion.start, block.replicates).T
        mean, scale = mean.copy(), scale.copy()
        work = _work_space(block.replicates)
        for k, n in enumerate(recursion.sizes(block.horizon).tolist(), start=1):
            step(scale, mean, float(n), family.ddof, _spread(recursion), k, key, *work)
            yield np.stack([mean, scale], axis=1) if k in watched else None


class TriangularKernel(GaussianRoute):
    """Several dimensions: mean and triangular factor."""

    name: ClassVar[str] = "products of triangular factors, compiled"

    def has_dimension(self, dimension: int) -> bool:
        """Two or more."""
        return dimension > 1

    def block_size(self, experiment: Experiment) -> int:
        """Return as many replicates as hold 32,768 numbers, at least 16, and a multiple of it: whole vectors."""
        family = experiment.recursion.family
        assert isinstance(family, Gaussian)
        return int(max(16, 2**15 // family.dimension**2 // 16 * 16))

    def models(self, block: Experiment, key: np.uint64) -> Iterator[Floats | None]:
        """Yield mean and factor of each replicate."""
        step, recursion, watched = _compiled("triangular"), block.recursion, block.watched
        family, replicates = recursion.family, block.replicates
        assert isinstance(family, Gaussian)
        start, d = family.initial(recursion.start, replicates), family.dimension
        mean = np.ascontiguousarray(family.location(start).T)
        factor = np.ascontiguousarray(np.moveaxis(family.factor(start), 0, 2))
        work = (np.zeros_like(factor), np.empty_like(mean), *_work_space(replicates)[2:])
        for k, n in enumerate(recursion.sizes(block.horizon).tolist(), start=1):
            step(factor, mean, float(n), family.ddof, _spread(recursion), k, key, *work)
            yield np.concatenate([mean.T, factor.reshape(d * d, replicates).T], axis=1) if k in watched else None


def _spread(recursion: Recursion) -> float:
    """What the sampler multiplies the scale of draws with."""
    return float(np.sqrt(recursion.sampler.factor)) if isinstance(recursion.sampler, Amplification) else 1.0


def _snapshots(
    recursion: Recursion, models: Iterator[Floats | None], sizes: NDArray[np.int64]
) -> Iterator[Snapshot | None]:
    """Add the batches that the models were fitted to."""
    family = recursion.family
    assert isinstance(family, Gaussian)
    for model, n in zip(models, sizes.tolist(), strict=True):
        if model is None:
            yield None
            continue
        factor = family.factor(model) * np.sqrt(n - family.ddof)
        batch = GaussianBatch(family.location(model), factor, np.full((len(model), 1), float(n)))
        yield Snapshot(model, batch, batch)


@cache
def _compiled(name: str) -> Any:
    """Return a kernel, after a word to the user if it has to be compiled."""
    step = loaded(lambda: _kernel(name))
    key, work = np.uint64(1), _work_space(2)
    with announced("the simulation of Gaussian models", seconds=8):
        if name == "gaussian":
            step(np.ones(2), np.zeros(2), 9.0, 1.0, 1.0, 1, key, *work)
        else:
            work_space = (np.zeros((2, 2, 2)), np.zeros((2, 2)), *work[2:])
            step(np.zeros((2, 2, 2)), np.zeros((2, 2)), 9.0, 1.0, 1.0, 1, key, *work_space)
    return step


def _work_space(replicates: int) -> tuple[Floats, Floats, Floats, NDArray[np.uint64]]:
    """Gamma variables, normal numbers, proposals, and which of them are not decided."""
    return np.empty(replicates), np.empty(replicates), np.empty(replicates), np.empty(replicates, np.uint64)


def _kernel(name: str) -> Any:
    if name == "gaussian":
        from modelcollapse.simulate.kernels.gaussian import generation
    else:
        from modelcollapse.simulate.kernels.triangular import generation
    return generation
