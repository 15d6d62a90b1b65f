"""What a result needs to be made again: specification, method, versions, entropy."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from modelcollapse import __version__


@dataclass(frozen=True)
class Provenance:
    """How a result came about.

    Parameters
    ----------
    recursion, statistic : mapping
        The specification, as plain values.
    method : str
        "exact", "asymptotic", "bounds" or "simulate": which engine answered.
    reason : str
        Why that engine, and which law, bound or route within it.
    versions : mapping of str to str
        Of this package, Python and the numerical libraries, and the processor family.
    entropy : int or None
        Seeds the random numbers of a simulation; None where nothing is random.
    """

    recursion: Mapping[str, Any]
    statistic: Mapping[str, Any]
    method: str
    reason: str
    versions: Mapping[str, str]
    entropy: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "recursion": dict(self.recursion),
            "statistic": plain(dict(self.statistic)),
            "method": self.method,
            "reason": self.reason,
            "versions": dict(self.versions),
            "entropy": self.entropy,
        }


@lru_cache(maxsize=1)
def versions() -> Mapping[str, str]:
    """Return the versions that a number may depend on."""
    libraries = {library: version(library) for library in ("numpy", "scipy")}
    own = {"modelcollapse": __version__, "python": platform.python_version(), "processor": platform.machine()}
    return MappingProxyType(own | libraries)


def plain(value: Any) -> Any:
    """Return arrays and tuples as lists, infinite and undefined numbers as None: what JSON can hold.

    Whole numbers that a float spells with an exponent are integers where 64 bits hold them, as readers expect.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return int(value) if value.is_integer() and 2**53 <= abs(value) < 2**63 else value
    return value
