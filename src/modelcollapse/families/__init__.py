"""Families of models, one file each; `FAMILIES` lists them all."""

from typing import Any

from modelcollapse.families.base import Family
from modelcollapse.families.categorical import Categorical

FAMILIES: tuple[type[Family[Any, Any]], ...] = (Categorical,)

__all__ = ["FAMILIES", "Categorical", "Family"]
