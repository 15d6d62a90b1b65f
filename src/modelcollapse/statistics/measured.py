"""A user's own measure of the drawn data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.loading import address_of, load_attribute
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows


@dataclass(frozen=True)
class Measured(DataStatistic):
    """Expected value of a function of the data drawn at generation k.

    Parameters
    ----------
    function : callable or str
        Takes the data of one replicate, shape (datum, dimension), and returns a number; or its address,
        ``module:attribute``. Not a number says that these data have no value: counted, and left out.

    Raises
    ------
    InputError
        If it cannot be called, or there is nothing at the address.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import Measured
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, Measured("numpy:ptp"), [1], rng=1)["measured"].value.round(1)
    array([3.1])
    """

    function: Callable[[Rows], float] | str = "numpy:mean"

    name: ClassVar[str] = "measured"

    def __post_init__(self) -> None:
        if not callable(self._loaded()):
            raise InputError(arguments.message("function", self.function, "a function of data, or its address"))

    def _loaded(self) -> Any:
        return load_attribute("function", self.function) if isinstance(self.function, str) else self.function

    def to_dict(self) -> dict[str, Any]:
        """Return name and address."""
        function = self.function if isinstance(self.function, str) else address_of(self.function)
        return {"name": self.name, "function": function}

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer that calls the function."""
        return _FunctionObserver(recursion, self._loaded(), self.to_dict()["function"])


class _FunctionObserver(DataObserver):
    def __init__(self, recursion: Recursion, function: Callable[[Rows], float], address: str) -> None:
        super().__init__(recursion, Measured.name)
        self._function, self._address = function, address

    def of_rows(self, rows: Rows) -> Any:
        try:
            returned = np.asarray(self._function(rows))
        except Exception as error:  # whatever a user's function raises
            raise ModelCollapseError(f"the function {self._address} raised {type(error).__name__}: {error}") from error
        if returned.shape != () or returned.dtype.kind not in "iufb" or np.isinf(returned):
            raise ModelCollapseError(f"the function {self._address} returned {returned!r}, but must return one number")
        return float(returned)
