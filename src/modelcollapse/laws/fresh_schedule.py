"""How fresh data flow into a recursion on symbols: how many draws, and the chance that one is new from P_0."""

from __future__ import annotations

from dataclasses import dataclass

from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus
from modelcollapse.workflows.fixed_real import FixedReal
from modelcollapse.workflows.fresh_count import FreshCount
from modelcollapse.workflows.fresh_mix import FreshMix


@dataclass(frozen=True)
class FreshSchedule:
    """Sample sizes and what of them is fresh, generation by generation.

    Parameters
    ----------
    sizes : tuple of int
        n_1, n_2, ...; a single one if all are the same.
    flows : tuple of float or int
        A float is the chance that a draw of the generation comes from P_0 whatever the model before it, an int the
        number of draws that do; a single one if all are the same. The first does not matter, as model 0 is P_0.
    """

    sizes: tuple[int, ...]
    flows: tuple[float | int, ...]

    @property
    def constant(self) -> bool:
        """Whether all generations from the second on are alike."""
        return len(self.sizes) == len(self.flows) == 1

    def size(self, generation: int) -> int:
        """Return n_k."""
        return self.sizes[0] if len(self.sizes) == 1 else self.sizes[generation - 1]

    def flow(self, generation: int) -> float | int:
        """Return the fresh share, or the number of fresh draws."""
        return self.flows[0] if len(self.flows) == 1 else self.flows[generation - 1]

    def share(self, generation: int) -> float:
        """Return the part of the draws that is fresh, on average."""
        flow = self.flow(generation)
        return flow if isinstance(flow, float) else flow / self.size(generation)

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
        if isinstance(workflow, FixedReal) and isinstance(recursion.start, Corpus):
            real = workflow.weight * recursion.start.tokens
            shares = tuple(real / (real + n) for n in several)
            return cls(several, shares if len(shares) == 1 else (1.0, *shares[:-1]))
        return None
