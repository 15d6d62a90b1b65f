"""Statistics, one file each; `STATISTICS` lists them all."""

from modelcollapse.statistics.ancestors import Ancestors
from modelcollapse.statistics.base import MeanObserver, Observer, Snapshot, Statistic, Sums
from modelcollapse.statistics.chosen_vocabulary import ChosenVocabulary
from modelcollapse.statistics.collapse_definitions import (
    AnyIncreaseOfRisk,
    CatastrophicIncreaseOfRisk,
    CollapseDefinition,
    CollapsingVariance,
    DisappearanceOfTail,
)
from modelcollapse.statistics.collapse_time import CollapseTime
from modelcollapse.statistics.components_alive import ComponentsAlive
from modelcollapse.statistics.covariance_spectrum import CovarianceSpectrum
from modelcollapse.statistics.coverage import Coverage
from modelcollapse.statistics.density import Density
from modelcollapse.statistics.divergence import Divergence
from modelcollapse.statistics.diversity import Diversity
from modelcollapse.statistics.draw_diversity import DrawDiversity
from modelcollapse.statistics.energy_distance import EnergyDistance
from modelcollapse.statistics.entropy import Entropy
from modelcollapse.statistics.entropy_rate import EntropyRate
from modelcollapse.statistics.extinction_time import ExtinctionTime
from modelcollapse.statistics.first_loss import FirstLoss
from modelcollapse.statistics.forgetting_time import ForgettingTime, MeanForgettingTime
from modelcollapse.statistics.growth_rate import GrowthRate
from modelcollapse.statistics.hellinger import Hellinger
from modelcollapse.statistics.log_scale import LogScale
from modelcollapse.statistics.lost_mass import LostMass
from modelcollapse.statistics.lyapunov_spectrum import LyapunovSpectrum
from modelcollapse.statistics.mean_location import MeanLocation
from modelcollapse.statistics.measured import Measured
from modelcollapse.statistics.moments import Moments
from modelcollapse.statistics.ngram_types import NGramTypes
from modelcollapse.statistics.nonzero import NonZero
from modelcollapse.statistics.not_collapsed import FirstCollapse, NotCollapsed
from modelcollapse.statistics.not_fixed import NotFixed
from modelcollapse.statistics.perplexity import Perplexity
from modelcollapse.statistics.pool_support import PoolSupport
from modelcollapse.statistics.principal_scales import PrincipalScales
from modelcollapse.statistics.scale_moments import MeanScale, MeanSquaredDrift, MeanVariance
from modelcollapse.statistics.scale_tail import ScaleTail
from modelcollapse.statistics.sentence_length import SentenceLength
from modelcollapse.statistics.squared_error import SquaredError
from modelcollapse.statistics.survival import Survival
from modelcollapse.statistics.survival_by_count import SurvivalByCount
from modelcollapse.statistics.tail_mass import TailMass
from modelcollapse.statistics.total_collapse import TotalCollapse
from modelcollapse.statistics.total_variation import TotalVariation
from modelcollapse.statistics.verbatim import VerbatimCopies
from modelcollapse.statistics.vocabulary import Vocabulary
from modelcollapse.statistics.vocabulary_time import VocabularyTime
from modelcollapse.statistics.wasserstein import Wasserstein

STATISTICS: tuple[type[Statistic], ...] = (
    Survival,
    Vocabulary,
    ChosenVocabulary,
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
    PrincipalScales,
    SurvivalByCount,
    Moments,
    CovarianceSpectrum,
    LogScale,
    GrowthRate,
    EnergyDistance,
    Coverage,
    Density,
    DrawDiversity,
    Measured,
    ComponentsAlive,
    NGramTypes,
    EntropyRate,
    Perplexity,
    VerbatimCopies,
    SentenceLength,
)

__all__ = [
    "STATISTICS",
    "Ancestors",
    "AnyIncreaseOfRisk",
    "CatastrophicIncreaseOfRisk",
    "ChosenVocabulary",
    "CollapseDefinition",
    "CollapseTime",
    "CollapsingVariance",
    "ComponentsAlive",
    "CovarianceSpectrum",
    "Coverage",
    "Density",
    "DisappearanceOfTail",
    "Divergence",
    "Diversity",
    "DrawDiversity",
    "EnergyDistance",
    "Entropy",
    "EntropyRate",
    "ExtinctionTime",
    "FirstCollapse",
    "FirstLoss",
    "ForgettingTime",
    "GrowthRate",
    "Hellinger",
    "LogScale",
    "LostMass",
    "LyapunovSpectrum",
    "MeanForgettingTime",
    "MeanLocation",
    "MeanObserver",
    "MeanScale",
    "MeanSquaredDrift",
    "MeanVariance",
    "Measured",
    "Moments",
    "NGramTypes",
    "NonZero",
    "NotCollapsed",
    "NotFixed",
    "Observer",
    "Perplexity",
    "PoolSupport",
    "PrincipalScales",
    "ScaleTail",
    "SentenceLength",
    "Snapshot",
    "SquaredError",
    "Statistic",
    "Sums",
    "Survival",
    "SurvivalByCount",
    "TailMass",
    "TotalCollapse",
    "TotalVariation",
    "VerbatimCopies",
    "Vocabulary",
    "VocabularyTime",
    "Wasserstein",
]
