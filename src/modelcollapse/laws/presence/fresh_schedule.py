"""How fresh data flow into a recursion on symbols: how many draws, and the chance that one is new from P_0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus
from modelcollapse.workflows.fixed_real import FixedReal
from modelcollapse.workflows.fresh_count import FreshCount
from modelcollapse.workflows.fresh_mix import FreshMix
from modelcollapse.workflows.weighted_mix import WeightedMix


class Weighted(NamedTuple):
    """So many draws are fresh, and together have this weight in the fit."""

    draws: int
    weight: float


Flow = float | int | Weighted


@dataclass(frozen=True)
class FreshSchedule:
    """Sample sizes and what of them is fresh, generation by generation.

    Parameters
    ----------
    sizes : tuple of int
        n_1, n_2, ...; a single one if all are the same.
    flows : tuple of float, int or Weighted
        A float is the chance that a draw of the generation comes from P_0 whatever the model before it, an int the
        number of draws that do, a `Weighted` that number with their weight in the fit; a single one if all are the
        same. Of the first only a weight matters, as model 0 is P_0.
    """

    sizes: tuple[int, ...]
    flows: tuple[Flow, ...]

    @property
    def constant(self) -> bool:
        """Whether all generations from the second on are alike."""
        return len(self.sizes) == len(self.flows) == 1

    def size(self, generation: int) -> int:
        """Return n_k."""
        return self.sizes[0] if len(self.sizes) == 1 else self.sizes[generation - 1]

    def flow(self, generation: int) -> Flow:
        """Return the fresh share, or the number of fresh draws, with their weight where they have their own."""
        return self.flows[0] if len(self.flows) == 1 else self.flows[generation - 1]

    def share(self, generation: int) -> float:
        """Return the weight of what is fresh in the fit: its part of the draws, on average, if all weigh the same."""
        flow = self.flow(generation)
        if isinstance(flow, Weighted):
            return flow.weight
        return flow if isinstance(flow, float) else flow / self.size(generation)

    def fresh_size(self, generation: int) -> float:
        """Return how many draws are fresh, on average."""
        flow = self.flow(generation)
        return float(flow.draws) if isinstance(flow, Weighted) else self.share(generation) * self.size(generation)

    @classmethod
    def of(cls, recursion: Recursion) -> FreshSchedule | None:
        """Return the schedule of a recursion; None if its workflow is not one of the kind.

        Under fixed real data model k - 1 is the corpus and n_{k-1} draws, so that a draw of generation k comes from the
        corpus with the chance that the corpus has in that fit.
        """
        sizes = recursion.sample_size
        several = (sizes,) if isinstance(sizes, int) else tuple(sizes)
        workflow = recursion.workflow
        if isinstance(workflow, FreshMix):
            return cls(several, (workflow.fresh,))
        if isinstance(workflow, FreshCount) and workflow.count <= min(several):
            return cls(several, (workflow.count,))
        if isinstance(workflow, WeightedMix) and workflow.count < min(several):
            share = workflow.recipe(1).weight_of_fresh
            return cls(several, tuple(Weighted(workflow.count, share(n)) for n in several))
        if isinstance(workflow, FixedReal) and isinstance(recursion.start, Corpus):
            real = workflow.weight * recursion.start.tokens
            shares = tuple(real / (real + n) for n in several)
            return cls(several, shares if len(shares) == 1 else (1.0, *shares[:-1]))
        return None
