"""Workflows, one file each; `WORKFLOWS` lists them all."""

from modelcollapse.workflows.accumulate import Accumulate
from modelcollapse.workflows.accumulate_subsample import AccumulateSubsample
from modelcollapse.workflows.base import Recipe, Workflow
from modelcollapse.workflows.fixed_real import FixedReal
from modelcollapse.workflows.fresh_count import FreshCount
from modelcollapse.workflows.fresh_mix import FreshMix
from modelcollapse.workflows.replace import Replace
from modelcollapse.workflows.weighted_mix import WeightedMix

WORKFLOWS: tuple[type[Workflow], ...] = (
    Replace,
    Accumulate,
    AccumulateSubsample,
    FreshMix,
    FreshCount,
    WeightedMix,
    FixedReal,
)

__all__ = [
    "WORKFLOWS",
    "Accumulate",
    "AccumulateSubsample",
    "FixedReal",
    "FreshCount",
    "FreshMix",
    "Recipe",
    "Replace",
    "WeightedMix",
    "Workflow",
]
