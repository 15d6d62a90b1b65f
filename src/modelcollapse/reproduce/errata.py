"""Where the original differs from its own text, or says less than it could, each with the size of the effect.

Every effect is computed when it is asked for, through the door wherever the door has the curve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from modelcollapse.bounds import scale_tail
from modelcollapse.branching import branching_numbers
from modelcollapse.door import solve
from modelcollapse.families import Categorical, Gaussian, Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce import errata_mixture, errata_text
from modelcollapse.reproduce.bernoulli_survival import bernoulli
from modelcollapse.reproduce.data import Floats
from modelcollapse.reproduce.zipf import SAMPLE, SETTINGS, zipf
from modelcollapse.start import Known, Parameters
from modelcollapse.statistics import NonZero, NotFixed, ScaleTail, Statistic, Survival, Vocabulary


@dataclass(frozen=True)
class Erratum:
    """One difference.

    Parameters
    ----------
    figure : str
        Of which figure.
    subject : str
        What it is about.
    original : str
        What the original does or says.
    effect : str
        What that changes, in numbers.
    """

    figure: str
    subject: str
    original: str
    effect: str

    def __str__(self) -> str:
        return f"{self.subject} {self.original}. {self.effect}"


@lru_cache
def errata_of(figure: str) -> tuple[Erratum, ...]:
    """Return the errata of a figure, by its name.

    Examples
    --------
    >>> print(errata_of("gaussian-tail")[0].effect)
    At n = 10, eps = 0.1, k = 200: Theorem 3 0.0593, Bertrand 0.0391, exact 0.00404.
    """
    return tuple(Erratum(figure, *text, effect()) for text, effect in _ERRATA.get(figure, ()))


def _bound(recursion: Recursion, statistic: Statistic, generations: list[int], name: str, kind: str) -> Floats:
    found = solve(recursion, statistic, generations, method="bounds").of(statistic.name)
    return next(b.value.reshape(len(generations)) for b in found if b.source == name and b.kind == kind)


def _law(recursion: Recursion, statistic: Statistic, generations: list[int]) -> Floats:
    found = solve(recursion, statistic, generations, method="exact")[statistic.name]
    return found.value.reshape(len(generations))


def _gaussian(n: int, ddof: int = 1) -> Recursion:
    return Recursion(Gaussian(ddof=ddof), Parameters(mean=0.0, scale=1.0), n)


def _upper_side() -> str:
    said = _bound(bernoulli(0.2, 100), Survival([0]), [200], "suresh_2024.theorem_1", "upper")[0]
    every = list(range(1, 201))
    curve = _bound(bernoulli(0.01, 100), Survival([0]), every, "suresh_2024.theorem_1", "upper")
    vacuous = every[int(np.argmax(curve >= 1.0))]
    return f"At p = 0.2, n = 100, k = 200 it is {said:.1f}; at p = 0.01, n = 100 above 1 from generation {vacuous} on."


def _upper_rises() -> str:
    every = list(range(1, 401))
    curve = _bound(bernoulli(0.001, 10_000), Survival([0]), every, "suresh_2024.theorem_1", "upper")
    least = int(curve.argmin())
    law = _law(bernoulli(0.001, 10_000), Survival([0]), [200])[0]
    return (
        f"At p = 0.001, n = 10,000 it is least, {curve[least]:.3f}, at generation {every[least]} and then rises, while "
        f"the law falls, to {law:.3f} at generation 200."
    )


def _lower_side() -> str:
    every = list(range(1, 201))
    first = []
    for p in (0.01, 0.2):
        curve = _bound(bernoulli(p, 100), NotFixed([0]), every, "suresh_2024.theorem_1_two_sided", "lower")
        first.append(f"{every[int(np.argmax(curve < 0))]} at p = {p:g}")
    return f"At n = 100 it is negative from generation {' and '.join(first)} on."


def _range_of_g() -> str:
    k = np.arange(1, 201)
    g = branching_numbers(k)
    law = _law(Recursion(Poisson(), Parameters(rate=1.0), 10), NonZero(), [500])[0]
    low, high = -np.expm1(-10 / 500), -np.expm1(-30 / 500)
    return (
        f"k g_k is at most {np.max(k * g):.3f} up to generation 200 and tends to 2. At lambda = 1, n = 10, k = 500 the "
        f"range is {low:.4f} to {high:.4f}; exactly it is {law:.4f}."
    )


def _theorem_3() -> str:
    n10, tail = _gaussian(10), ScaleTail(0.1)
    third = _bound(n10, tail, [200], "suresh_2024.theorem_3", "upper")[0]
    first = _bound(n10, tail, [200], "bertrand_2024.first_moment", "upper")[0]
    law = _law(n10, tail, [200])[0]
    return f"At n = 10, eps = 0.1, k = 200: Theorem 3 {third:.4f}, Bertrand {first:.4f}, exact {law:.5f}."


def _fractional() -> str:
    every = list(range(1, 1001))
    moment = _bound(_gaussian(10), ScaleTail(0.1), every, "suresh_2024.fractional_moment", "upper")
    first = _bound(_gaussian(10), ScaleTail(0.1), every, "bertrand_2024.first_moment", "upper")
    last = every[int(np.argmin(moment < first)) - 1]
    return f"At n = 10, eps = 0.1 it is the smaller of the two up to generation {last}."


def _estimator() -> str:
    at = [45, 133]
    unbiased, likelihood = (_law(_gaussian(10, ddof), ScaleTail(0.1), at) for ddof in (1, 0))
    pairs = ", ".join(f"k = {k}: {u:.3g} and {m:.2g}" for k, u, m in zip(at, unbiased, likelihood, strict=True))
    return f"Pr(Sigma_k > 0.1) at n = 10 with ddof = 1 and 0: {pairs}."


def _october() -> str:
    said = float(scale_tail.october_2024_as_plotted(100, 3000, np.log(1e-4)))
    law = _law(_gaussian(100), ScaleTail(1e-4), [3000])[0]
    return f"At n = 100, eps = 1e-4, k = 3,000 the curve says {said:.4f} and the law {law:.4f}: it is no bound."


def _swapped() -> str:
    parts = []
    for a, b in SETTINGS:
        shares = []
        for swapped in (False, True):
            recursion = Recursion(Categorical(), Known(zipf(a, b, swapped=swapped)), SAMPLE)
            shares.append(_law(recursion, Vocabulary(), [10])[0] / SAMPLE)
        parts.append(f"(a, b) = ({a:g}, {b:g}): {shares[0]:.4f} by the text, {shares[1]:.4f} by the program")
    return f"Share of all symbols at the last generation shown, {'; '.join(parts)}."


def _corollary_lower() -> str:
    recursion = Recursion(Categorical(), Known(zipf(*SETTINGS[0], swapped=True)), SAMPLE)
    at = [20, 200]
    said = _bound(recursion, Vocabulary(), at, "suresh_2024.corollary_1", "upper") / SAMPLE
    law = _law(recursion, Vocabulary(), at) / SAMPLE
    pairs = "; ".join(f"k = {k}: {s:.2f} against {t:.3f}" for k, s, t in zip(at, said, law, strict=True))
    return f"Upper side against the law, as shares of all m symbols, m = n = 1,000, p(i) ~ 1/(i + 2.7): {pairs}."


Text = tuple[str, str]

_ERRATA: dict[str, tuple[tuple[Text, Callable[[], str]], ...]] = {
    "bernoulli-survival": (
        (("Theorem 1, upper side", "is printed without a limit at 1; the program limits its factor"), _upper_side),
        (("Theorem 1, upper side", "is not monotone, though survival is"), _upper_rises),
    ),
    "bernoulli-not-fixed": ((("Theorem 1 for both symbols", "has a lower side without a limit at 0"), _lower_side),),
    "poisson-survival": ((("Theorem 2", "prints 1/k <= g_k <= 3/k, where g_k itself is exact"), _range_of_g),),
    "gaussian-tail": (
        (("Theorem 3", "never improves on the bound that it is compared with"), _theorem_3),
        (("The moment of order 0.7", "is drawn beside Bertrand's bound, but is not always better"), _fractional),
        (("Maximum likelihood", "is what the text says; the program divides by n - 1"), _estimator),
        (("The version of October 2024", "draws half the exponent of its own theorem"), _october),
    ),
    "mixture-scatter": ((("Algorithm 1", "is not consistent where components overlap"), errata_mixture.inconsistent),),
    "mixture-tail": (
        (("Algorithm 1", "has a = 50, which takes a share of the scale away"), errata_mixture.fifty),
        (("Joint likelihood", "is found by one root from one start"), errata_mixture.root_finder),
        (("Theorem 4", "is drawn one generation early"), errata_mixture.early),
        (("Error bars of Algorithm 1", "are made from the chances of joint likelihood"), errata_mixture.error_bars),
    ),
    "ngram": (
        (("The sample size", "counts the first sentence of each written line alone"), errata_text.first_sentences),
        (("The vocabulary", "is counted by another word rule than the model's"), errata_text.other_tokenizer),
    ),
    "zipf": (
        (("Zipf's law", "is 1/(i + a)^b in the text and 1/(i + b)^a in the program"), _swapped),
        (("Corollary 1, upper side", "says little beyond generation 20"), _corollary_lower),
    ),
}
