"""What a setting costs: a price for each fresh and each synthetic token."""

from __future__ import annotations

from dataclasses import dataclass

from modelcollapse import arguments
from modelcollapse.planning.setting import Setting


@dataclass(frozen=True)
class Prices:
    """Price of a token.

    Parameters
    ----------
    fresh : float
        Of one token of new real data.
    synthetic : float
        Of one token written by a model.

    Raises
    ------
    InputError
        If a price is negative or not finite.

    Examples
    --------
    >>> Prices(fresh=10.0, synthetic=1.0).of(Setting(100, fresh=0.5), generations=2)
    1100.0
    """

    fresh: float = 1.0
    synthetic: float = 1.0

    def __post_init__(self) -> None:
        for name in ("fresh", "synthetic"):
            price = arguments.real(f"{name}_price", getattr(self, name), low=0.0, high=1e300)
            object.__setattr__(self, name, price)

    def of(self, setting: Setting, generations: int) -> float:
        """Return the expected price of all tokens of all generations."""
        each = setting.fresh * self.fresh + (1.0 - setting.fresh) * self.synthetic
        return setting.tokens(generations) * each
