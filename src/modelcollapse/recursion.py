"""The thing that is iterated: a family, a start, sample sizes, a workflow and a sampler, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import Family
from modelcollapse.samplers.base import Sampler
from modelcollapse.samplers.plain import Plain
from modelcollapse.start import Empirical, Start
from modelcollapse.workflows.base import Workflow
from modelcollapse.workflows.replace import Replace


@dataclass(frozen=True, eq=False)
class Recursion:
    """Recursive training: fit, sample, fit to the sample, and so on.

    Parameters
    ----------
    family : Family
        The model and its estimator.
    start : Start
        The law of generation 0.
    sample_size : int or sequence of int
        Draws per generation, 1 to 10^13; a sequence n_1, n_2, ... ends the recursion with its last entry.
    workflow : Workflow, optional
        Which data each generation is trained on; `Replace()` unless told otherwise, or where its parameters make it
        that, as `FreshMix(0.0)`.
    sampler : Sampler, optional
        How models are drawn from; `Plain()` unless told otherwise.

    Raises
    ------
    InputError
        If a sample size is out of range, the start or the sampler does not fit the family, or the workflow needs more
        draws.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion
    >>> Recursion(Categorical(), Known([0.2, 0.8]), sample_size=100)
    Recursion(categorical, 2 symbols, sample size 100, replace)
    """

    family: Family[Any, Any]
    start: Start
    sample_size: int | Sequence[int]
    workflow: Workflow = field(default_factory=Replace)
    sampler: Sampler = field(default_factory=Plain)

    def __post_init__(self) -> None:
        for name, kind in (("family", Family), ("start", Start), ("workflow", Workflow), ("sampler", Sampler)):
            value = getattr(self, name)
            if not isinstance(value, kind):
                what = f"a {kind.__name__} object"
                raise InputError(arguments.message(name, value, what))
        object.__setattr__(self, "sample_size", _sizes(self.sample_size))
        object.__setattr__(self, "workflow", self.workflow.simplest())
        self.workflow.require(self.sample_size if isinstance(self.sample_size, int) else min(self.sample_size))
        self.family.values_per_replicate(self.start.truth)
        if not isinstance(self.sampler, Plain):
            self.family.shaped(self.family.initial(self.start.truth, 1), self.sampler)

    @property
    def is_plain(self) -> bool:
        """Whether draws follow the models as they are and generation 0 is the law itself: what laws are about."""
        return isinstance(self.sampler, Plain) and not isinstance(self.start, Empirical)

    @property
    def constant_size(self) -> int | None:
        """The sample size if all generations have the same, else None."""
        return self.sample_size if isinstance(self.sample_size, int) else None

    def sizes(self, horizon: int) -> NDArray[np.int64]:
        """Return n_1, ..., n_horizon.

        Raises
        ------
        InputError
            If the schedule of sample sizes is shorter than `horizon`.
        """
        self.require(horizon)
        if isinstance(self.sample_size, int):
            return np.full(horizon, self.sample_size, dtype=np.int64)
        return np.array(self.sample_size[:horizon], dtype=np.int64)

    def require(self, horizon: int) -> None:
        """Raise `InputError` if the schedule of sample sizes is shorter than `horizon`."""
        if not isinstance(self.sample_size, int) and horizon > len(self.sample_size):
            raise InputError(
                f"`generations` reach {horizon}, but `sample_size` lists {len(self.sample_size)} sizes; "
                "list one size per generation."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the specification for the provenance record."""
        return {
            "family": self.family.to_dict(),
            "start": self.start.to_dict(),
            "sample_size": self.sample_size,
            "workflow": self.workflow.to_dict(),
            "sampler": self.sampler.to_dict(),
        }

    def __repr__(self) -> str:
        sizes = (
            f"sample size {self.sample_size:,}"
            if isinstance(self.sample_size, int)
            else f"{len(self.sample_size)} sample sizes"
        )
        drawn = "" if isinstance(self.sampler, Plain) else f", {self.sampler.name}"
        return f"Recursion({self.family.name}, {self.start}, {sizes}, {self.workflow.name}{drawn})"


def _sizes(value: int | Sequence[int]) -> int | tuple[int, ...]:
    most = arguments.LARGEST_SAMPLE_SIZE
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        sizes = tuple(arguments.integer("sample_size", n, least=1, most=most) for n in value)
        if not sizes:
            raise InputError(arguments.message("sample_size", value, "one size per generation"))
        return sizes
    return arguments.integer("sample_size", value, least=1, most=most)
