"""Symmetric mixtures by joint maximum likelihood under replace, by a compiled kernel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.mixture import Mixture
from modelcollapse.families.mixture_estimators import JointLikelihood
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import watch
from modelcollapse.simulate.route import Route
from modelcollapse.start import Parameters
from modelcollapse.statistics.base import Snapshot, Sums
from modelcollapse.statistics.mean_location import MeanLocation
from modelcollapse.statistics.scale_moments import MeanScale, MeanSquaredDrift, MeanVariance
from modelcollapse.statistics.scale_tail import ScaleTail
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

KERNEL_WORK = 2 * 10**6  # data that are drawn and fitted: about two seconds of NumPy

_LARGEST_SIZE = 10**5  # 26 MB of data at once
_LONGEST = 2**32  # generations that the counters of the kernel can name
_ABOUT_MODELS = (ScaleTail, MeanScale, MeanVariance, MeanSquaredDrift, MeanLocation)


class MixtureKernel(Route):
    """Mean and scale of mixtures, LANES replicates side by side; the data are not kept."""

    name: ClassVar[str] = "mixtures, compiled"

    def covers(self, experiment: Experiment) -> bool:
        """Whether it is joint likelihood under replace, asked for mean and scale alone, and much work."""
        recursion, horizon = experiment.recursion, experiment.horizon
        if not isinstance(recursion.family, Mixture) or horizon >= _LONGEST:
            return False
        sizes = recursion.sizes(horizon)
        return bool(
            isinstance(recursion.family.estimator, JointLikelihood)
            and isinstance(recursion.workflow, Replace)
            and recursion.is_plain
            and isinstance(recursion.start, Parameters)
            and all(isinstance(statistic, _ABOUT_MODELS) for statistic in experiment.statistics)
            and Mixture.least_size <= sizes.min()
            and sizes.max() <= _LARGEST_SIZE
            and experiment.replicates * int(sizes.sum()) >= KERNEL_WORK
        )

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 4,096: many lanes, and blocks enough for threads."""
        return 2**12

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Step the models and show them to the observers."""
        return watch(block, _models(block, seed.generate_state(1, np.uint64)[0]))


def _models(block: Experiment, key: np.uint64) -> Iterator[Snapshot | None]:
    """Yield what there is to see at generations 1, 2, ...; None where nobody looks."""
    step, lanes = _compiled()
    recursion, watched = block.recursion, block.watched
    mean, scale = recursion.family.initial(recursion.start, block.replicates).T
    mean, scale = mean.copy(), scale.copy()
    sizes = recursion.sizes(block.horizon)
    data, work = np.empty((int(sizes.max()) + 1, lanes)), np.empty((9, lanes))
    for k, n in enumerate(sizes.tolist(), start=1):
        step(scale, mean, n, k, key, data, work)
        yield Snapshot(np.stack([mean, scale], axis=1), None, None) if k in watched else None


@cache
def _compiled() -> tuple[Any, int]:
    """Return the kernel and how many lanes it has, after a word to the user if it has to be compiled."""
    step, lanes = loaded(_kernel)
    with announced("the simulation of mixtures", seconds=12):
        step(np.ones(2), np.ones(2), 3, 1, np.uint64(1), np.empty((4, lanes)), np.empty((9, lanes)))
    return step, lanes


def _kernel() -> tuple[Any, int]:
    from modelcollapse.simulate.kernels.mixture import LANES, generation

    return generation, LANES
