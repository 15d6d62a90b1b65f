"""Symmetric mixtures by joint maximum likelihood under replace, by a compiled kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.mixture import Mixture
from modelcollapse.families.mixture_estimators import JointLikelihood
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.generic import shown, watch
from modelcollapse.simulate.route import Generations, Route
from modelcollapse.start import Parameters
from modelcollapse.statistics.base import Snapshot, Statistic, Sums
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

    def covers(
        self, recursion: Recursion, statistics: Sequence[Statistic], generations: Generations, replicates: int
    ) -> bool:
        """Whether it is joint likelihood under replace, asked for mean and scale alone, and much work."""
        horizon = int(generations[-1])
        if not isinstance(recursion.family, Mixture) or horizon >= _LONGEST:
            return False
        sizes = recursion.sizes(horizon)
        return bool(
            isinstance(recursion.family.estimator, JointLikelihood)
            and isinstance(recursion.workflow, Replace)
            and recursion.is_plain
            and isinstance(recursion.start, Parameters)
            and all(isinstance(statistic, _ABOUT_MODELS) for statistic in statistics)
            and Mixture.least_size <= sizes.min()
            and sizes.max() <= _LARGEST_SIZE
            and replicates * int(sizes.sum()) >= KERNEL_WORK
        )

    def block_size(self, *question: Any) -> int:  # noqa: ARG002
        """Return 4,096: many lanes, and blocks enough for threads."""
        return 2**12

    def run_block(
        self,
        recursion: Recursion,
        statistics: Sequence[Statistic],
        generations: Generations,
        replicates: int,
        seed: np.random.SeedSequence,
    ) -> list[Sums]:
        """Step the models and show them to the observers."""
        horizon, key = int(generations[-1]), seed.generate_state(1, np.uint64)[0]
        models = _models(recursion, replicates, horizon, shown(statistics, generations), key)
        return watch(recursion, statistics, generations, models)


def _models(
    recursion: Recursion, replicates: int, horizon: int, wanted: set[int], key: np.uint64
) -> Iterator[Snapshot | None]:
    """Yield what there is to see at generations 1, 2, ...; None where nobody looks."""
    step, lanes = _compiled()
    mean, scale = recursion.family.initial(recursion.start, replicates).T
    mean, scale = mean.copy(), scale.copy()
    sizes = recursion.sizes(horizon)
    data, work = np.empty((int(sizes.max()) + 1, lanes)), np.empty((9, lanes))
    for k, n in enumerate(sizes.tolist(), start=1):
        step(scale, mean, n, k, key, data, work)
        yield Snapshot(np.stack([mean, scale], axis=1), None, None) if k in wanted else None


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
