"""What a sampler must leave where a sentence begins: it has at least one word, so an end is drawn again."""

from __future__ import annotations

from modelcollapse.samplers.base import SymbolSampler

LEAST_CHANCE = 1e-3  # of a word: with less, drawing again would hardly come to an end


def nothing_but_ends(sampler: SymbolSampler) -> str:
    """Return what to say of a sampler under which sentences could hardly begin."""
    return (
        f"`sampler` is {sampler!r}, which leaves the model hardly anything but the end of a sentence where one begins; "
        "choose a higher order, or a sampler that leaves more."
    )
