"""Exact laws, one file each; `LAWS` lists them all, in the order in which they are asked."""

from modelcollapse.laws.ancestry import AncestryLaw
from modelcollapse.laws.base import Answer, Law

LAWS: tuple[Law, ...] = (AncestryLaw(),)

__all__ = ["LAWS", "Answer", "Law"]
