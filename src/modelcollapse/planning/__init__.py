"""Inverse questions: the least data that keep what must be kept, by bracketing on the exact laws."""

from modelcollapse.planning.cost import Prices
from modelcollapse.planning.plan import Plan, plan, plan_scale
from modelcollapse.planning.setting import Setting

__all__ = ["Plan", "Prices", "Setting", "plan", "plan_scale"]
