"""Effects of what the original does differently for mixtures; all simulated, so with small errors of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import ApproximateLikelihood, Mixture
from modelcollapse.families.base import ScaleFamily
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.data import Floats
from modelcollapse.reproduce.root_finder import RootFinderMixture
from modelcollapse.start import Parameters
from modelcollapse.statistics import MeanScale, ScaleTail

_SEED = 1
_ROOT_RUNS = 200
_PUBLISHED_RUNS = 500
_EARLY = 200  # generations drawn


def fifty() -> str:
    """Return the drift that a = 50 adds where the components are far apart."""
    drift = []
    for a in (50.0, np.inf):
        family = Mixture(ApproximateLikelihood(a=a))
        drift.append(np.log(_mean_scale(family, mean=100.0, n=400, generation=20, replicates=200)) / 20)
    return (
        f"At n = 400 and mu/Sigma = 100, ln E Sigma_k falls by {-drift[0]:.4f} a generation; without a = 50 by "
        f"{-drift[1]:.4f}. The difference, ln(52/50)/2, stays at every n."
    )


def inconsistent() -> str:
    """Return what Algorithm 1 makes of a scale from very many data."""
    family = Mixture(ApproximateLikelihood(kappa=0.0))
    found = [(r, _mean_scale(family, mean=r, n=100_000, generation=1, replicates=20)) for r in (0.0, 1.0, 2.0, 3.0)]
    factors = ", ".join(f"{factor:.3f} at mu/Sigma = {r:g}" for r, factor in found)
    return f"With 100,000 draws and kappa = 0 one generation multiplies Sigma by {factors}."


def root_finder() -> str:
    """Return the chances by the root finder, and by the global maximum."""
    at = [20, 40, 60]
    root = _tail(RootFinderMixture(), at, _ROOT_RUNS)
    joint = _tail(Mixture(), at, 10 * _ROOT_RUNS)
    pairs = ", ".join(f"k = {k}: {r:.2f} against {j:.3f}" for k, r, j in zip(at, root, joint, strict=True))
    return f"Pr(Sigma_k > 0.1) at n = 10, from {_ROOT_RUNS} runs: {pairs}."


def early() -> str:
    """Return by how much a bound drawn one generation early is too low, and whether it is a bound there."""
    recursion = Recursion(Mixture(ApproximateLikelihood()), Parameters(mean=1.0, scale=1.0), 10)
    found = solve(recursion, ScaleTail(0.1), np.arange(1, _EARLY + 2), method="bounds").of("scale_tail")
    curves = {bound.source: bound.value.ravel() for bound in found}
    theorem, sharper = curves["suresh_2024.theorem_4"], curves["modelcollapse.mixture_walk"]
    short = 1.0 - float((theorem[1:] / theorem[:-1]).max())
    wrong = int(np.count_nonzero(sharper[:-1] > theorem[1:]))
    kept = "it is a bound there too, though not by Theorem 4" if not wrong else f"at {wrong} of {_EARLY} it is no bound"
    return f"At n = 10 the curve is {100 * short:.1f} % too low at every generation up to {_EARLY}; {kept}."


def error_bars() -> str:
    """Return how wide the error bars of Algorithm 1 are, and how wide they are drawn."""
    at = [23]
    joint = _tail(Mixture(), at, 3000)[0]
    own = _tail(Mixture(ApproximateLikelihood(paper_compatible=True)), at, 3000)[0]
    widths = [float(np.sqrt(p * (1.0 - p) / _PUBLISHED_RUNS)) for p in (own, joint)]
    return f"At k = 23 a standard error is {widths[0]:.4f}; by joint likelihood it would be {widths[1]:.4f}."


def _tail(family: ScaleFamily[Any, Any], generations: list[int], replicates: int) -> Floats:
    recursion = Recursion(family, Parameters(mean=1.0, scale=1.0), 10)
    found = solve(recursion, ScaleTail(0.1), generations, method="simulate", replicates=replicates, rng=_SEED)
    return found["scale_tail"].value


def _mean_scale(family: Mixture, *, mean: float, n: int, generation: int, replicates: int) -> float:
    recursion = Recursion(family, Parameters(mean=mean, scale=1.0), n)
    found = solve(recursion, MeanScale(), [generation], method="simulate", replicates=replicates, rng=_SEED)
    return float(found["mean_scale"].value[0])
