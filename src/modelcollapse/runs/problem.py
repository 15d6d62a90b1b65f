"""What is wrong with a spec: every problem at once, each with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from modelcollapse.errors import InputError

Path = tuple[str | int, ...]
_SHOWN = 20


@dataclass
class Problems:
    """Problems as they are found, in the order of the spec; the same one is kept once."""

    found: dict[tuple[str, str], None] = field(default_factory=dict)
    count: int = 0  # how often one was met, also one that was met before

    def add(self, path: Path, text: str) -> None:
        """Take note of a problem."""
        self.found[dotted(path), text] = None
        self.count += 1

    def add_validation(self, path: Path, error: ValidationError, known: Sequence[str]) -> None:
        """Take note of everything that pydantic refuses; `known` are the keys that there are."""
        for detail in error.errors(include_url=False):
            self.add((*path, *detail["loc"]), _worded(detail, known))

    def raise_any(self, source: str) -> None:
        """Raise `InputError` that lists the problems, if there are any."""
        if not self.found:
            return
        lines = [f"  {path or 'the whole'}: {text}" for path, text in self.found]
        hidden = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        many = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        raise InputError("\n".join([f"{source}: {many}; nothing was run", *lines[:_SHOWN], *hidden]))


def dotted(path: Path) -> str:
    """Return a path as it is written in a spec.

    Examples
    --------
    >>> dotted(("statistics", 0, "threshold"))
    'statistics.0.threshold'
    """
    return ".".join(map(str, path))


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return what was probably meant, and what there is.

    Examples
    --------
    >>> suggestion("replicate", ["replicates", "seed"])
    "did you mean 'replicates'?"
    >>> suggestion("x", ["replicates", "seed"])
    'there are replicates, seed'
    """
    names = list(known)
    near = get_close_matches(str(word), names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"there are {', '.join(names)}" if names else "it takes none"


def _worded(detail: Any, known: Sequence[str]) -> str:
    if detail["type"] == "extra_forbidden":
        return f"unknown key; {suggestion(detail['loc'][-1], known)}"
    if detail["type"] == "missing":
        return "missing, but needed"
    shown = repr(detail["input"])
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    text = detail["msg"][0].lower() + detail["msg"][1:]
    return f"is {shown}: {text}"
