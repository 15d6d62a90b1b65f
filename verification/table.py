"""One line of the table of trust."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")
GROWN = 10.0  # an error so many times that of the last table is a regression, whatever the law states
ROUNDING = 1e-14  # smaller errors are rounding, which may be another on another machine


@dataclass(frozen=True)
class Check:
    """A law held against an independent route.

    Parameters
    ----------
    law, range, route : str
        What was checked, where, against what.
    error : float
        The largest error found (relative, unless `route` says otherwise).
    allowed : float
        What the law states.
    """

    law: str
    range: str
    route: str
    error: float
    allowed: float

    @property
    def passed(self) -> bool:
        """Whether the error is as the law states, and not far above the last one; an undefined error is not."""
        return self.error <= min(self.allowed, self.limit)

    @property
    def key(self) -> str:
        """What the row is about, without the seed of a simulation."""
        return f"{self.law} | {self.range.split(', seed')[0]} | {self.route}"

    @property
    def limit(self) -> float:
        """Tenfold what was measured for the last table; infinite for a new row, or one of chance."""
        last = measured().get(self.key)
        if last is None or "z-score" in self.route:
            return float("inf")
        return GROWN * max(last, ROUNDING)

    def row(self) -> str:
        """Return the line as Markdown."""
        verdict = "yes" if self.passed else "**grown**" if self.error <= self.allowed else "**no**"
        return f"| {self.law} | {self.range} | {self.route} | {self.error:.1e} | {self.allowed:.0e} | {verdict} |"


@lru_cache
def measured() -> dict[str, float]:
    """Return the errors of the last table that was kept, by `Check.key`."""
    return dict(json.loads(MEASURED.read_text(encoding="utf-8"))) if MEASURED.exists() else {}


def keep(checks: list[Check]) -> None:
    """Store errors as those that later ones are held against; rows that were not measured now stay as they are."""
    now = {check.key: float(f"{check.error:.2e}") for check in checks}
    MEASURED.write_text(json.dumps({**measured(), **now}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


HEADER = "| law | range | against | largest error | stated | holds |\n|---|---|---|---|---|---|"
