"""Statistics, one file each; `STATISTICS` lists them all."""

from modelcollapse.statistics.ancestors import Ancestors
from modelcollapse.statistics.base import MeanObserver, Observer, Statistic, Sums
from modelcollapse.statistics.diversity import Diversity
from modelcollapse.statistics.forgetting_time import ForgettingTime, MeanForgettingTime
from modelcollapse.statistics.lost_mass import LostMass
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
)

__all__ = [
    "STATISTICS",
    "Ancestors",
    "Diversity",
    "ForgettingTime",
    "LostMass",
    "MeanForgettingTime",
    "MeanObserver",
    "Observer",
    "Statistic",
    "Sums",
    "Survival",
    "TotalCollapse",
    "Vocabulary",
    "VocabularyTime",
]
