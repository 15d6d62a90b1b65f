"""Plain sampling: draws follow the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.samplers.base import Sampler


@dataclass(frozen=True)
class Plain(Sampler):
    """Draw from the model as it is.

    Examples
    --------
    >>> from modelcollapse.samplers import Plain
    >>> Plain().to_dict()
    {'name': 'plain'}
    """

    name: ClassVar[str] = "plain"
