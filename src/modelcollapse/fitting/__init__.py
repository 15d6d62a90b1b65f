"""From observed generations to the recursion that made them."""

from modelcollapse.fitting.estimation import REPLICATES, fit
from modelcollapse.fitting.result import Fit, Interval

__all__ = ["REPLICATES", "Fit", "Interval", "fit"]
