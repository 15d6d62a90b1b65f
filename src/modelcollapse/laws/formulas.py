"""Results that no question of `solve` asks for, but that can be computed: functions, one record each.

A law answers a statistic of a recursion. A limit, a threshold, an optimal weight or an estimate answers something else;
`FORMULAS` lists those, in the order in which the catalogue shows them. `docs/workflow-laws.md` uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from modelcollapse import reference as source
from modelcollapse.laws.accumulated import accumulated_diversity, accumulated_efficiency
from modelcollapse.laws.accumulated_pace import accumulated_pace
from modelcollapse.laws.fresh_loop import fresh_loop_limit, fresh_loop_size, optimal_weight, weighted_variance
from modelcollapse.laws.fresh_stationary import stationary_frequency, variance_left
from modelcollapse.laws.growing_sizes import growing_for_ever, growing_geometrically
from modelcollapse.laws.kimura import (
    mean_absorption_time,
    mean_time_given_fixation,
    mean_time_given_loss,
    mean_time_until_left,
)
from modelcollapse.laws.linear_estimate import effective_size, linear_estimate, marked_size
from modelcollapse.laws.new_types import ewens_partition, ewens_types, number_of_types
from modelcollapse.laws.scale_rates import critical_amplification
from modelcollapse.laws.spectrum import eigenvalues, leading_constant, spectral_gap
from modelcollapse.laws.zipf import expected_lost_mass, expected_vocabulary
from modelcollapse.reference import Basis, Reference

Kind = Literal["exact", "asymptotic", "bound"]


@dataclass(frozen=True, eq=False)
class Formula:
    """A computable result that is no law of a statistic.

    Parameters
    ----------
    function : callable
        Checks its arguments; its docstring says what they are.
    kind : str
        "exact", "asymptotic" (true in the limit that the statement names) or "bound".
    statement : str
        In one line.
    basis : str
        How it is known.
    references : tuple of Reference
    example : mapping
        Ordinary arguments, by name.

    Examples
    --------
    >>> found = next(formula for formula in FORMULAS if formula.name == "optimal_weight")
    >>> found.module, round(found.function(**found.example), 6)
    ('modelcollapse.laws.fresh_loop', 0.618034)
    """

    function: Callable[..., Any]
    kind: Kind
    statement: str
    basis: Basis
    references: tuple[Reference, ...]
    example: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__

    @property
    def module(self) -> str:
        """Where the function is imported from."""
        return self.function.__module__

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "module": self.module,
            "kind": self.kind,
            "statement": self.statement,
            "basis": self.basis,
            "references": [reference.key for reference in self.references],
            "example": dict(self.example),
        }


_OURS = (source.MODELCOLLAPSE,)
_FRESH = {"sample_size": 200, "fresh": 0.1}

FORMULAS: tuple[Formula, ...] = (
    Formula(
        stationary_frequency,
        "asymptotic",
        "frequencies settle to Beta(c p, c (1 - p)), c = (n - 1) a (2 - a), as n -> infinity with n a fixed; mean and "
        "variance are exact",
        "derived here",
        (source.KIMURA_1964, source.EWENS_2004, source.MODELCOLLAPSE),
        {**_FRESH, "probability": 0.05},
    ),
    Formula(
        variance_left,
        "exact",
        "the variance of frequencies nears its limit as ((1 - 1/n)(1 - a)^2)^k",
        "derived here",
        _OURS,
        {**_FRESH, "generation": 10},
    ),
    Formula(
        number_of_types,
        "exact",
        "E D = E (F_k + A_k): lines that end at fresh draws, and those left, if every fresh draw is a new type",
        "derived here",
        (source.EWENS_1972, source.MODELCOLLAPSE),
        {**_FRESH, "generation": 10},
    ),
    Formula(
        ewens_types,
        "asymptotic",
        "m draws hold sum over j < m of c/(c + j) types, c = n a (2 - a)/(1 - a)^2, as n -> infinity with n a fixed",
        "derived here",
        (source.EWENS_1972, source.MODELCOLLAPSE),
        {**_FRESH, "drawn": 50},
    ),
    Formula(
        ewens_partition,
        "asymptotic",
        "Pr(a_j types seen j times by m draws) ~ m!/(c)_m prod (c/j)^{a_j}/a_j!, as n -> infinity with n a fixed",
        "memory",
        (source.EWENS_1972,),
        {"counts": [3, 1, 1], "sample_size": 1000, "fresh": 0.001},
    ),
    Formula(
        effective_size,
        "bound",
        "contaminated batches tell P_0 with a squared error of at most 1/S, S = sum n_i a_i^2; labelled, sum n_i a_i",
        "derived here",
        (source.KANABAR_GASTPAR_2025, source.MODELCOLLAPSE),
        {"sizes": [1000, 1000], "shares": [1.0, 0.1]},
    ),
    Formula(
        marked_size,
        "bound",
        "with a detector of outputs Q_1 for real draws and Q_0 for others, S = sum n_i a_i^2 Q_1(w)^2/(a_i Q_1(w) + "
        "(1 - a_i) Q_0(w)) over batches and outputs",
        "derived here",
        (source.KANABAR_GASTPAR_2025, source.MODELCOLLAPSE),
        {"sizes": [1000, 1000], "shares": [1.0, 0.1], "real": [0.99, 0.01], "synthetic": [0.05, 0.95]},
    ),
    Formula(
        linear_estimate,
        "exact",
        "(frequencies - (1 - a_i) M_i)/a_i, weighted by n_i a_i^2, has mean P_0; its variance given the models",
        "derived here",
        (source.KANABAR_GASTPAR_2025, source.MODELCOLLAPSE),
        {"counts": [[60, 40], [58, 42]], "models": [[0.5, 0.5], [0.6, 0.4]], "shares": [1.0, 0.5]},
    ),
    Formula(
        accumulated_diversity,
        "exact",
        "a pool of all data keeps prod (1 - 1/(n j^2)) of its diversity, sin(u)/u in the end, u = pi/sqrt(n)",
        "derived here",
        (source.KAZDAN_2024, source.MODELCOLLAPSE),
        {"sample_size": 20, "generation": 10},
    ),
    Formula(
        accumulated_efficiency,
        "asymptotic",
        "accumulating keeps 1/(1 + 1/4 + ... + 1/k^2) of the information, 6/pi^2 in the end, as n -> infinity",
        "abstract",
        (source.DEY_DONOHO_2024, source.GERSTGRASSER_2024),
        {"generation": 10},
    ),
    Formula(
        accumulated_pace,
        "asymptotic",
        "with a part a of all draws fresh and everything kept, the squared error falls like k^-min(1, 2 a), and "
        "ln(k)/k at a = 1/2, as k -> infinity",
        "derived here",
        (source.WANG_NIU_LI_2026, source.MODELCOLLAPSE),
        {"fresh": 0.1},
    ),
    Formula(
        critical_amplification,
        "exact",
        "lambda_c = exp(ln((n - ddof)/2) - psi((n - 1)/2)): below it a Gaussian collapses, above it explodes",
        "derived here",
        (source.ALEMOHAMMAD_2024, source.MODELCOLLAPSE),
        {"sample_size": 10, "ddof": 1.0},
    ),
    Formula(
        fresh_loop_limit,
        "exact",
        "E (mu - mu_0)^2 and E Sigma^2 in the limit, with fresh and synthetic data in every generation",
        "derived here",
        (source.ALEMOHAMMAD_2024, source.MODELCOLLAPSE),
        {"real": 20, "synthetic": 80, "factor": 1.0, "ddof": 1.0},
    ),
    Formula(
        fresh_loop_size,
        "exact",
        "so many real data alone leave the mean as near; for faithful draws between n_r and 2 n_r",
        "derived here",
        (source.ALEMOHAMMAD_2024, source.MODELCOLLAPSE),
        {"real": 20, "synthetic": 80, "factor": 1.0, "ddof": 1.0},
    ),
    Formula(
        weighted_variance,
        "exact",
        "a mean of weight w on real data has the variance (w^2/n_r + (1 - w)^2/n_s)/(w (2 - w)) in the limit",
        "derived here",
        (source.HE_XU_CHENG_2025, source.MODELCOLLAPSE),
        {"weight": 0.5, "real": 100, "synthetic": 100, "generation": 10},
    ),
    Formula(
        optimal_weight,
        "exact",
        "that variance is least, w/n_r, at the root of w^2 + c w = c, c = n_r/n_s",
        "derived here",
        (source.HE_XU_CHENG_2025, source.MODELCOLLAPSE),
        {"real": 100, "synthetic": 100},
    ),
    Formula(
        growing_for_ever,
        "exact",
        "with n_k = n k^s a Poisson rate lives for ever with 1 - exp(-lambda_0 w); only if s > 1",
        "derived here",
        (source.XU_HE_CHENG_2025, source.MODELCOLLAPSE),
        {"first": 1000, "exponent": 2.0},
    ),
    Formula(
        growing_geometrically,
        "exact",
        "with n_k = n g^(k-1) a Poisson rate lives for ever with 1 - exp(-lambda_0 n v), v = 1 - exp(-g v), g > 1",
        "derived here",
        (source.XU_HE_CHENG_2025, source.MODELCOLLAPSE),
        {"first": 1000, "growth": 1.1},
    ),
    Formula(
        mean_time_given_loss,
        "asymptotic",
        "a symbol that is lost is lost after -2 n p ln(p)/(1 - p) generations on average, as n -> infinity",
        "derived here",
        (source.KIMURA_1964, source.EWENS_2004),
        {"n": 1000, "p": [0.001, 0.05]},
    ),
    Formula(
        mean_time_given_fixation,
        "asymptotic",
        "a symbol that ends up alone is so after -2 n (1 - p) ln(1 - p)/p generations on average, as n -> infinity",
        "derived here",
        (source.KIMURA_1964, source.EWENS_2004),
        {"n": 1000, "p": [0.001, 0.05]},
    ),
    Formula(
        mean_absorption_time,
        "asymptotic",
        "a symbol is lost or alone after -2 n (p ln p + (1 - p) ln(1 - p)) generations on average, as n -> infinity",
        "derived here",
        (source.KIMURA_1964, source.EWENS_2004),
        {"n": 1000, "p": [0.001, 0.05]},
    ),
    Formula(
        mean_time_until_left,
        "asymptotic",
        "the mean time until at most r symbols are left, a signed sum over sets of at most r, as n -> infinity",
        "memory",
        (source.LITTLER_1975,),
        {"n": 100, "probabilities": [0.5, 0.3, 0.2], "left": 2},
    ),
    Formula(
        eigenvalues,
        "exact",
        "one generation of n draws has the eigenvalues 1, 1 and (1 - 1/n) ... (1 - (j - 1)/n)",
        "derived here",
        (source.EWENS_2004,),
        {"n": 20},
    ),
    Formula(
        spectral_gap,
        "exact",
        "each generation takes 1/n of the diversity that is left",
        "derived here",
        (source.EWENS_2004,),
        {"n": 20},
    ),
    Formula(
        leading_constant,
        "exact",
        "C_n in Pr(not fixed at k) ~ C_n p (1 - p) (1 - 1/n)^k, k -> infinity; it rises to 6",
        "derived here",
        (source.KIMURA_1955, source.MODELCOLLAPSE),
        {"n": 20},
    ),
    Formula(
        expected_vocabulary,
        "asymptotic",
        "p_i = C i^-b: about Gamma(1 - 1/b) (C n g_k)^{1/b} symbols are present, as n g_k -> infinity",
        "derived here",
        _OURS,
        {"exponent": 1.5, "sample_size": 20_000, "generations": [1, 100]},
    ),
    Formula(
        expected_lost_mass,
        "asymptotic",
        "p_i = C i^-b: about C^{1/b} Gamma(1 - 1/b) (n g_k)^{1/b - 1}/b of the mass is lost, as n g_k -> infinity",
        "derived here",
        _OURS,
        {"exponent": 1.5, "sample_size": 20_000, "generations": [1, 100]},
    ),
)
