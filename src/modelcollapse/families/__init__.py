"""Families of models, one file each; `FAMILIES` lists them all."""

from typing import Any

from modelcollapse.families.base import Family, ScaleFamily
from modelcollapse.families.categorical import Categorical
from modelcollapse.families.components import Components
from modelcollapse.families.exponential import Exponential
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.families.laplace import Laplace
from modelcollapse.families.linear_regression import LinearRegression
from modelcollapse.families.logistic import Logistic
from modelcollapse.families.mixture import Mixture
from modelcollapse.families.mixture_estimators import ApproximateLikelihood, JointLikelihood, MixtureEstimator
from modelcollapse.families.ngram import NGram
from modelcollapse.families.ngram_smoothed import SmoothedNGram
from modelcollapse.families.ngram_smoothing import AbsoluteDiscounting, AddToNGrams, KneserNey, NGramSmoothing
from modelcollapse.families.normal_mixture import NormalMixture
from modelcollapse.families.poisson import Poisson
from modelcollapse.families.scipy_distribution import ScipyDistribution
from modelcollapse.families.shifted_exponential import ShiftedExponential
from modelcollapse.families.smoothed import Smoothed
from modelcollapse.families.smoothing import Additive, GoodTuring, Smoothing
from modelcollapse.families.student import Student
from modelcollapse.families.uniform import Uniform
from modelcollapse.families.uniform_range import UniformRange

FAMILIES: tuple[type[Family[Any, Any]], ...] = (
    Categorical,
    Smoothed,
    Poisson,
    Gaussian,
    Exponential,
    ShiftedExponential,
    Uniform,
    UniformRange,
    Laplace,
    Logistic,
    Student,
    Mixture,
    NormalMixture,
    LinearRegression,
    ScipyDistribution,
    NGram,
    SmoothedNGram,
)

__all__ = [
    "FAMILIES",
    "AbsoluteDiscounting",
    "AddToNGrams",
    "Additive",
    "ApproximateLikelihood",
    "Categorical",
    "Components",
    "Exponential",
    "Family",
    "Gaussian",
    "GoodTuring",
    "JointLikelihood",
    "KneserNey",
    "Laplace",
    "LinearRegression",
    "Logistic",
    "Mixture",
    "MixtureEstimator",
    "NGram",
    "NGramSmoothing",
    "NormalMixture",
    "Poisson",
    "ScaleFamily",
    "ScipyDistribution",
    "ShiftedExponential",
    "Smoothed",
    "SmoothedNGram",
    "Smoothing",
    "Student",
    "Uniform",
    "UniformRange",
]
