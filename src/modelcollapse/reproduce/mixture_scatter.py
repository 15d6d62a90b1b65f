"""Mixture of two Gaussians: both estimators on the same samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.families import ApproximateLikelihood, Mixture
from modelcollapse.families.mixture_estimators import MixtureEstimator
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import Curve, FigureData, Floats, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.simulate.effort import Rng
from modelcollapse.simulate.paths import paths
from modelcollapse.start import Parameters
from modelcollapse.statistics.base import Snapshot

N, MEAN, SCALE = 10, 2.0, 1.0
JOINT, APPROXIMATE, TRUTH = "joint maximum likelihood", "Algorithm 1", "truth"
BOTH, PAIRS = "mean and standard deviation", "standard deviations of the same samples"
EQUAL = "equal estimates"


@dataclass(frozen=True)
class MixtureScatter(Figure):
    """Estimates of one generation, by joint likelihood and by Algorithm 1.

    Parameters
    ----------
    paper_compatible : bool
        Algorithm 1 with a = 50, as printed.
    """

    paper_compatible: bool = False

    name: ClassVar[str] = "mixture-scatter"
    title: ClassVar[str] = "Mixture: two estimators on the same samples"
    recursion: ClassVar[str] = (
        "mu_1, Sigma_1 = estimate from n draws of X mu_0 + Sigma_0 Z, X = 1 or -1 with chance 1/2"
    )
    published: ClassVar[str] = "n = 10, mu_0 = 2, Sigma_0 = 1; 100 draws"
    caption: ClassVar[str] = (
        "Both estimates keep the mean square of the sample, mu^2 + Sigma^2 = Q: they differ in how they divide it. "
        "Algorithm 1 cannot tell a wide component that reaches across 0 from a narrow one; its scale is at most "
        "sqrt(1 + kappa) times the standard deviation of |y|."
    )
    runs: ClassVar[int] = 100

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Draw samples once, and estimate twice."""
        (seed,) = spawned(rng, 1)
        estimator = ApproximateLikelihood(paper_compatible=self.paper_compatible)
        joint, samples = _estimates(Mixture(), replicates, seed)
        approximate, same = _estimates(Mixture(estimator), replicates, seed)
        both = np.r_[joint[:, 1], approximate[:, 1]]
        diagonal = np.array([both.min(), both.max()])
        curves = (
            Curve.of(BOTH, JOINT, "point", joint[:, 0], joint[:, 1]),
            Curve.of(BOTH, APPROXIMATE, "point", approximate[:, 0], approximate[:, 1]),
            Curve.of(BOTH, TRUTH, "point", [MEAN], [SCALE]),
            Curve.of(PAIRS, JOINT, "point", joint[:, 1], approximate[:, 1]),
            Curve.of(PAIRS, EQUAL, "asymptotic", diagonal, diagonal),
        )
        verdicts = (
            Verdict(BOTH, "both estimators saw the same samples", bool(np.array_equal(samples, same))),
            _squares(joint, approximate, samples),
            _likelihoods(joint, approximate, samples),
            _most(approximate, samples, estimator),
            _law_of_squares(samples),
        )
        facts = {"replicates": replicates, "paper_compatible": self.paper_compatible}
        return FigureData(curves, verdicts, (SURESH_2024,), facts)

    def chart(self, data: FigureData) -> Any:
        """Draw the estimates, and one against the other."""
        from modelcollapse.reproduce.drawing import panels_chart

        views = {
            BOTH: View(x="Mean", y="Standard deviation", low=0.0, last=4.0),
            PAIRS: View(x="Joint maximum likelihood", y="Algorithm 1", low=0.0),
        }
        return panels_chart(self.title, views, data.curves)


def _estimates(family: Mixture, replicates: int, seed: np.random.SeedSequence) -> tuple[Floats, Floats]:
    """Return mean and scale of each sample, and the absolute values of the sample."""
    recursion = Recursion(family, Parameters(mean=MEAN, scale=SCALE), N)

    def measure(seen: Snapshot) -> Floats:
        return np.concatenate([seen.model, seen.drawn.origin + seen.drawn.values], axis=1)

    found = paths(recursion, measure, 1, replicates, np.random.default_rng(seed))[0]
    return found[:, :2], found[:, 2:]


def _squares(joint: Floats, approximate: Floats, samples: Floats) -> Verdict:
    square = (samples**2).mean(axis=1)
    away = max(float(np.abs((e**2).sum(axis=1) / square - 1.0).max()) for e in (joint, approximate))
    return Verdict(BOTH, "mu^2 + Sigma^2 is the mean square of the sample", away < 1e-9, f"up to {away:.0e}")


def _likelihoods(joint: Floats, approximate: Floats, samples: Floats) -> Verdict:
    """The joint estimate is a maximum: at the other estimate the likelihood is not larger."""
    gain = _log_likelihood(joint, samples) - _log_likelihood(approximate, samples)
    statement = "no sample is more likely under Algorithm 1 than under joint maximum likelihood"
    return Verdict(BOTH, statement, bool(gain.min() > -1e-7), f"by {gain.mean():.2g} nats on average")


def _log_likelihood(estimates: Floats, samples: Floats) -> Floats:
    mean, scale = estimates[:, :1], estimates[:, 1:]
    terms = np.logaddexp(-0.5 * ((samples - mean) / scale) ** 2, -0.5 * ((samples + mean) / scale) ** 2)
    return np.asarray((terms - np.log(2.0 * scale)).sum(axis=1))


def _most(approximate: Floats, samples: Floats, estimator: MixtureEstimator) -> Verdict:
    assert isinstance(estimator, ApproximateLikelihood)
    most = 1.0 + float(estimator.inflation(np.array([float(N)]))[0])
    ratio = float((approximate[:, 1] ** 2 / samples.var(axis=1)).max())
    statement = f"Algorithm 1: Sigma^2 is at most (1 + kappa) = {most:.4f} times the variance of |y|"
    return Verdict(BOTH, statement, ratio <= most * (1.0 + 1e-9), f"at most {ratio:.4f} times")


def _law_of_squares(samples: Floats) -> Verdict:
    """E y^2 = mu^2 + sigma^2, with variance 2 sigma^4 + 4 mu^2 sigma^2: the samples are from the right law."""
    expected = np.array([MEAN**2 + SCALE**2])
    sd = np.sqrt(np.array([2.0 * SCALE**4 + 4.0 * MEAN**2 * SCALE**2]))
    chances = agreement.mean_tails(np.array([(samples**2).mean()]), samples.size, expected, sd)
    statement = f"{len(samples):,} samples agree with the exact law of their mean square"
    return Verdict(BOTH, statement, agreement.agrees(chances), f"chance {chances[0]:.2g}, false alarm 1e-06")
