"""One line of the table of trust."""

from __future__ import annotations

from dataclasses import dataclass


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
        """Whether the error is within what the law states; an undefined error is not."""
        return self.error <= self.allowed

    def row(self) -> str:
        """Return the line as Markdown."""
        verdict = "yes" if self.passed else "**no**"
        return f"| {self.law} | {self.range} | {self.route} | {self.error:.1e} | {self.allowed:.0e} | {verdict} |"


HEADER = "| law | range | against | largest error | stated | holds |\n|---|---|---|---|---|---|"
