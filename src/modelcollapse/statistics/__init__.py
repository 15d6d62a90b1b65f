"""Statistics, one file each; `STATISTICS` lists them all."""

from modelcollapse.statistics.ancestors import Ancestors
from modelcollapse.statistics.base import MeanObserver, Observer, Snapshot, Statistic, Sums
from modelcollapse.statistics.collapse_definitions import (
    AnyIncreaseOfRisk,
    CatastrophicIncreaseOfRisk,
    CollapseDefinition,
    CollapsingVariance,
    DisappearanceOfTail,
)
from modelcollapse.statistics.collapse_time import CollapseTime
from modelcollapse.statistics.divergence import Divergence
from modelcollapse.statistics.diversity import Diversity
from modelcollapse.statistics.entropy import Entropy
from modelcollapse.statistics.extinction_time import ExtinctionTime
from modelcollapse.statistics.first_loss import FirstLoss
from modelcollapse.statistics.forgetting_time import ForgettingTime, MeanForgettingTime
from modelcollapse.statistics.hellinger import Hellinger
from modelcollapse.statistics.lost_mass import LostMass
from modelcollapse.statistics.lyapunov_spectrum import LyapunovSpectrum
from modelcollapse.statistics.mean_location import MeanLocation
from modelcollapse.statistics.nonzero import NonZero
from modelcollapse.statistics.not_collapsed import FirstCollapse, NotCollapsed
from modelcollapse.statistics.not_fixed import NotFixed
from modelcollapse.statistics.pool_support import PoolSupport
from modelcollapse.statistics.scale_moments import MeanScale, MeanSquaredDrift, MeanVariance
from modelcollapse.statistics.scale_tail import ScaleTail
from modelcollapse.statistics.squared_error import SquaredError
from modelcollapse.statistics.survival import Survival
from modelcollapse.statistics.tail_mass import TailMass
from modelcollapse.statistics.total_collapse import TotalCollapse
from modelcollapse.statistics.total_variation import TotalVariation
from modelcollapse.statistics.vocabulary import Vocabulary
from modelcollapse.statistics.vocabulary_time import VocabularyTime
from modelcollapse.statistics.wasserstein import Wasserstein

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
    LyapunovSpectrum,
    Wasserstein,
    Divergence,
    Entropy,
    TotalVariation,
    Hellinger,
    PoolSupport,
    TailMass,
    MeanLocation,
    NotCollapsed,
    FirstCollapse,
)

__all__ = [
    "STATISTICS",
    "Ancestors",
    "AnyIncreaseOfRisk",
    "CatastrophicIncreaseOfRisk",
    "CollapseDefinition",
    "CollapseTime",
    "CollapsingVariance",
    "DisappearanceOfTail",
    "Divergence",
    "Diversity",
    "Entropy",
    "ExtinctionTime",
    "FirstCollapse",
    "FirstLoss",
    "ForgettingTime",
    "Hellinger",
    "LostMass",
    "LyapunovSpectrum",
    "MeanForgettingTime",
    "MeanLocation",
    "MeanObserver",
    "MeanScale",
    "MeanSquaredDrift",
    "MeanVariance",
    "NonZero",
    "NotCollapsed",
    "NotFixed",
    "Observer",
    "PoolSupport",
    "ScaleTail",
    "Snapshot",
    "SquaredError",
    "Statistic",
    "Sums",
    "Survival",
    "TailMass",
    "TotalCollapse",
    "TotalVariation",
    "Vocabulary",
    "VocabularyTime",
    "Wasserstein",
]
