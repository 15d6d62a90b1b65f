"""The paper's figures and three of our own, one file each; `FIGURES` lists them all."""

from modelcollapse.reproduce.base import Figure
from modelcollapse.reproduce.choice import FIGURES
from modelcollapse.reproduce.run import Reproduced, Reproduction, reproduce

__all__ = ["FIGURES", "Figure", "Reproduced", "Reproduction", "reproduce"]
