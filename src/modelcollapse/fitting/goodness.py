"""Does the model fit? Numbers that it predicts, each held against simulations of the fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.transitions import Residuals, Transitions

Floats = NDArray[np.float64]

LEVEL = 0.05  # the chance that at least one check fails though the model is true
RARE = 5.0  # expected count below which a word is rare
_MEANINGS = {
    "losses": "as many words are lost at each step as by drawing the effective sample size; positive: fewer are lost",
    "rare words": "rare words vary as much as common ones; positive: rare words vary more",
    "steps": "every step has the same dispersion",
    "common words": "common words do not gain on rare ones beyond chance; positive: they gain, as by low temperature",
    "sampling noise": "samples vary as that many independent draws do; positive: they vary more",
}
_TWO_SIDED = ("losses", "rare words", "common words", "sampling noise")


@dataclass(frozen=True)
class Check:
    """One prediction of the fitted model, and how far the data are from it.

    Parameters
    ----------
    name : str
    meaning : str
        What holds if the model is true.
    value : float
        The number that was compared with its distribution under the fitted model.
    p_value : float
        The chance of a value as extreme, by the bootstrap.
    """

    name: str
    meaning: str
    value: float
    p_value: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"name": self.name, "value": self.value, "p_value": self.p_value, "meaning": self.meaning}


def measures(steps: Transitions, residuals: Residuals) -> dict[str, float]:
    """Return the numbers that are checked, by name; all are 0 on average, or nearly so, if the model is true."""
    if residuals.dispersion <= 0.0:
        return dict.fromkeys(("losses", "rare words", "steps", "common words"), 0.0)
    return {
        "losses": _losses(steps, residuals),
        "rare words": _rare(residuals),
        "steps": _steadiness(residuals),
        "common words": _sharpening(residuals),
    }


def checks(found: Mapping[str, float], simulated: Sequence[Mapping[str, float]]) -> tuple[Check, ...]:
    """Compare the numbers of the data with those of simulations of the fit."""
    listed = []
    for name, value in found.items():
        others = np.array([one[name] for one in simulated])
        above = (1 + int((others >= value).sum())) / (1 + len(others))
        below = (1 + int((others <= value).sum())) / (1 + len(others))
        chance = min(1.0, 2.0 * min(above, below)) if name in _TWO_SIDED else above
        listed.append(Check(name, _MEANINGS[name], value, chance))
    return tuple(listed)


def passes(found: Sequence[Check]) -> bool:
    """Whether no check fails, by Bonferroni's rule over all of them."""
    return min(check.p_value for check in found) > LEVEL / len(found)


def _losses(steps: Transitions, residuals: Residuals) -> float:
    """Words present at each step beyond the number expected of the effective draws, in standard deviations."""
    draws = steps.sizes / residuals.dispersion
    law = np.minimum(residuals.law, 1.0 - 1e-16)
    absent = np.exp(draws[:, None] * np.log1p(-law))
    lost = absent.sum(axis=1)
    present = (steps.after > 0).sum(axis=1) - (law.shape[1] - lost)
    # The last term is what a fixed number of draws takes from the variance of independent words.
    variance = lost - (absent * absent).sum(axis=1) - draws * (law * absent).sum(axis=1) ** 2
    scores = np.divide(present, np.sqrt(np.maximum(variance, 0.0)), out=np.zeros_like(present), where=variance > 1e-9)
    return float(scores.sum() / np.sqrt(len(scores)))


def _rare(residuals: Residuals) -> float:
    """Logarithm of the dispersion of rare words over that of common ones."""
    rare = residuals.mean < RARE
    observed, expected = residuals.observed[rare].sum(), residuals.expected[rare].sum()
    others = residuals.observed.sum() - observed, residuals.expected.sum() - expected
    if min(observed, expected, *others) <= 1e-9:
        return 0.0
    return float(np.log(observed / expected) - np.log(others[0] / others[1]))


def _steadiness(residuals: Residuals) -> float:
    """Mean squared deviation of the steps' own dispersions, relative to the common one."""
    observed, expected = residuals.observed.sum(axis=1), residuals.expected.sum(axis=1)
    tells = expected > 0
    own = observed[tells] / expected[tells] / residuals.dispersion
    return float(np.average((own - 1.0) ** 2, weights=expected[tells]))


def _sharpening(residuals: Residuals) -> float:
    """Residuals along the logarithm of the frequency, in standard deviations."""
    law = residuals.law
    level = np.log(law, out=np.zeros_like(law), where=law > 0)
    centred = level - (law * level).sum(axis=1, keepdims=True)
    along = float((residuals.difference * centred).sum())
    centred *= centred
    variance = residuals.dispersion * float((residuals.mean * centred).sum())
    return along / float(np.sqrt(variance)) if variance > 0 else 0.0
