"""How fast one model collapses: the exact curve, every bound beside it, quantiles and rate constant."""

from modelcollapse.rating.answer import Rate, rate
from modelcollapse.rating.curve import curve_of, interval_of

__all__ = ["Rate", "curve_of", "interval_of", "rate"]
