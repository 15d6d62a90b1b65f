"""What has been passed over while reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of what was passed over, by what it was, and what may explain it.

    Parameters
    ----------
    skipped : Counter of str
        How often each kind of thing was passed over.
    fields : dict of str to str
        For each source whose records lack the field: the fields that its first record has.
    """

    skipped: Counter[str] = field(default_factory=Counter)
    fields: dict[str, str] = field(default_factory=dict)

    def skip(self, what: str, times: int = 1) -> None:
        """Count what was passed over."""
        if times:
            self.skipped[what] += times

    def add(self, other: Tally) -> None:
        """Add what another worker has passed over."""
        self.skipped.update(other.skipped)
        for label, names in other.fields.items():
            self.fields.setdefault(label, names)
