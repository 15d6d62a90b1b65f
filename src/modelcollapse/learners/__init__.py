"""The user's own models in the loop: anything that can fit and sample."""

from modelcollapse.learners.checking import Check, LearnerReport, check_learner
from modelcollapse.learners.files import read_sample
from modelcollapse.learners.learned import Learned
from modelcollapse.learners.protocol import Learner
from modelcollapse.learners.reading import Rate, Reading, read_rate, reading_of
from modelcollapse.learners.recipe import LearnerRecipe, learner_recipe, registered
from modelcollapse.learners.scikit_learn import DensityEstimator
from modelcollapse.learners.scipy_stats import FittedDistribution, KnownDistribution

__all__ = [
    "Check",
    "DensityEstimator",
    "FittedDistribution",
    "KnownDistribution",
    "Learned",
    "Learner",
    "LearnerRecipe",
    "LearnerReport",
    "Rate",
    "Reading",
    "check_learner",
    "learner_recipe",
    "read_rate",
    "read_sample",
    "reading_of",
    "registered",
]
