"""The law of presence where models are trained on parts of all data: categorical models under accumulate-subsample."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.frequency_variance import corpus_tokens
from modelcollapse.laws.presence.answers import SOLVERS
from modelcollapse.laws.presence.subsampled_equation import RELATIVE_ERROR, subsampled_equation
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.statistics import Statistic
from modelcollapse.workflows.accumulate_subsample import AccumulateSubsample

Generations = NDArray[np.int64]

LONGEST = 5000  # generations, followed one by one


class SubsampledAncestryLaw(Law):
    """Exact presence among the new draws where models are trained on parts of all data, for sizes that may vary.

    Sample sizes, parts and the corpus go up to 10^13. A part larger than the pool has no answer: it cannot be drawn.
    """

    name: ClassVar[str] = "subsampled_ancestry"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - S/m)^{n_k}, S the symbol's number in the m data of model k - 1"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models under accumulate-subsample."""
        solver, horizon, workflow = SOLVERS.get(type(statistic)), int(generations[-1]), recursion.workflow
        covered = isinstance(recursion.family, Categorical) and isinstance(workflow, AccumulateSubsample)
        if not covered or solver is None or horizon > LONGEST:
            return None
        assert isinstance(workflow, AccumulateSubsample)
        sizes, corpus = recursion.sizes(horizon), corpus_tokens(recursion)
        fitted = sizes if workflow.size is None else np.full(horizon, workflow.size)
        if np.any(fitted > corpus + np.cumsum(sizes)):
            return None
        equation = subsampled_equation(tuple(sizes.tolist()), tuple(fitted.tolist()), corpus)
        return solver(equation, recursion, statistic, generations, RELATIVE_ERROR)
