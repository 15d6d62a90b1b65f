"""Samplers, one file each; `SAMPLERS` lists them all."""

from modelcollapse.samplers.amplification import Amplification
from modelcollapse.samplers.base import Sampler, SymbolSampler
from modelcollapse.samplers.plain import Plain
from modelcollapse.samplers.temperature import Temperature
from modelcollapse.samplers.top_k import TopK
from modelcollapse.samplers.top_p import TopP

SAMPLERS: tuple[type[Sampler], ...] = (Plain, Temperature, TopK, TopP, Amplification)

__all__ = ["SAMPLERS", "Amplification", "Plain", "Sampler", "SymbolSampler", "Temperature", "TopK", "TopP"]
