"""Bounds, one file per source; `BOUNDS` lists them all."""

from modelcollapse.bounds.ancestry import AncestryBracket, Diversity, SharpTheorem1, TightGBracket
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.bertrand_2024 import FirstMoment
from modelcollapse.bounds.gerstgrasser_2024 import AccumulatedRegression
from modelcollapse.bounds.mixture_walk import MixtureFirstMoment, MixtureWalk
from modelcollapse.bounds.scale_chernoff import MaximumLikelihood, OptimalMoment
from modelcollapse.bounds.seddik_2024 import Binary, SeveralSymbols
from modelcollapse.bounds.suresh_2024 import Corollary1, Theorem1, Theorem1Printed, Theorem1TwoSided, Theorem2
from modelcollapse.bounds.suresh_2024_mixture import Theorem4
from modelcollapse.bounds.suresh_2024_scale import FractionalMoment, October2024, Theorem3

BOUNDS: tuple[Bound, ...] = (
    Theorem1(),
    Theorem1TwoSided(),
    Theorem1Printed(),
    Theorem2(),
    Corollary1(),
    Binary(),
    SeveralSymbols(),
    AncestryBracket(),
    SharpTheorem1(),
    Diversity(),
    TightGBracket(),
    Theorem3(),
    FractionalMoment(),
    October2024(),
    FirstMoment(),
    OptimalMoment(),
    MaximumLikelihood(),
    Theorem4(),
    MixtureFirstMoment(),
    MixtureWalk(),
    AccumulatedRegression(),
)

__all__ = ["BOUNDS", "Bound", "Bracket"]
