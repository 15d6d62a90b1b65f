"""Statistics, one file each; `STATISTICS` lists them all."""

from modelcollapse.statistics.ancestors import Ancestors
from modelcollapse.statistics.base import MeanObserver, Observer, Snapshot, Statistic, Sums
from modelcollapse.statistics.collapse_time import CollapseTime
from modelcollapse.statistics.diversity import Diversity
from modelcollapse.statistics.extinction_time import ExtinctionTime
from modelcollapse.statistics.first_loss import FirstLoss
from modelcollapse.statistics.forgetting_time import ForgettingTime, MeanForgettingTime
from modelcollapse.statistics.gaussian_distance import Divergence, Wasserstein
from modelcollapse.statistics.lost_mass import LostMass
from modelcollapse.statistics.nonzero import NonZero
from modelcollapse.statistics.not_fixed import NotFixed
from modelcollapse.statistics.scale_moments import MeanScale, MeanSquaredDrift, MeanVariance
from modelcollapse.statistics.scale_tail import ScaleTail
from modelcollapse.statistics.squared_error import SquaredError
from modelcollapse.statistics.survival import Survival
from modelcollapse.statistics.total_collapse import TotalCollapse
from modelcollapse.statistics.vocabulary import Vocabulary
from modelcollapse.statistics.vocabulary_time import VocabularyTime

STATISTICS: tuple[type[Statistic], ...] = (
    Survival,
    Vocabulary,
    LostMass,
    Diversity,
    TotalCollapse,
    ForgettingTime,
    MeanForgettingTime,
    VocabularyTime,
    Ancestors,
    NotFixed,
    FirstLoss,
    SquaredError,
    NonZero,
    ExtinctionTime,
    ScaleTail,
    CollapseTime,
    MeanScale,
    MeanVariance,
    MeanSquaredDrift,
    Wasserstein,
    Divergence,
)

__all__ = [
    "STATISTICS",
    "Ancestors",
    "CollapseTime",
    "Divergence",
    "Diversity",
    "ExtinctionTime",
    "FirstLoss",
    "ForgettingTime",
    "LostMass",
    "MeanForgettingTime",
    "MeanObserver",
    "MeanScale",
    "MeanSquaredDrift",
    "MeanVariance",
    "NonZero",
    "NotFixed",
    "Observer",
    "ScaleTail",
    "Snapshot",
    "SquaredError",
    "Statistic",
    "Sums",
    "Survival",
    "TotalCollapse",
    "Vocabulary",
    "VocabularyTime",
    "Wasserstein",
]
