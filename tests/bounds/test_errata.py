"""Each erratum of the original article and its programs, shown by numbers not from the errata's code."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from modelcollapse import Categorical, Known, Parameters, Recursion, solve
from modelcollapse.branching import branching_numbers
from modelcollapse.families import ApproximateLikelihood, Gaussian, JointLikelihood, Mixture
from modelcollapse.reproduce.root_finder import RootFinderMixture
from modelcollapse.statistics import MeanScale, NotFixed, ScaleTail, Survival, Vocabulary, Wasserstein
from tests.reference import dense_chain


def bound(recursion, statistic, generations, name, kind="upper", **options):
    found = solve(recursion, statistic, generations, method="bounds", **options).of(statistic.name)
    return next(b.value.reshape(len(generations)) for b in found if b.source == name and b.kind == kind)


def two(p, n):
    return Recursion(Categorical(), Known([p, 1 - p]), n)


def gaussian(n, ddof=1):
    return Recursion(Gaussian(ddof=ddof), Parameters(mean=0.0, scale=1.0), n)


def chi_moment(n, power):
    """ln E (chi_{n-1} / sqrt(n-1))^power."""
    return gammaln((n - 1 + power) / 2) - gammaln((n - 1) / 2) - power / 2 * np.log((n - 1) / 2)


def test_theorem_3_never_beats_the_first_moment():
    """Per generation 1/(4n - 1) against -ln E chi/sqrt(n-1), which is larger at every n; the law is far below both."""
    n = np.arange(2, 2000)
    assert np.all(1 / (4 * n - 1) < -chi_moment(n, 1.0))
    for size in (2, 10, 300):
        k = np.arange(1, 40 * size, size)
        third = bound(gaussian(size), ScaleTail(0.1), k, "suresh_2024.theorem_3")
        first = bound(gaussian(size), ScaleTail(0.1), k, "bertrand_2024.first_moment")
        assert np.all(first <= third)
        np.testing.assert_allclose(first, np.exp(k * chi_moment(size, 1.0)) / 0.1, rtol=1e-9)


def test_the_moment_of_order_seven_tenths_is_better_to_generation_312_only():
    """Where k (ln E R - ln E R^0.7) = 0.3 ln eps."""
    crossing = 0.3 * np.log(0.1) / (chi_moment(10, 1.0) - chi_moment(10, 0.7))
    k = np.arange(1, 1001)
    better = bound(gaussian(10), ScaleTail(0.1), k, "suresh_2024.fractional_moment") < bound(
        gaussian(10), ScaleTail(0.1), k, "bertrand_2024.first_moment"
    )
    assert np.array_equal(better, k < crossing)
    assert 312 <= crossing < 313


def test_the_upper_side_of_theorem_1_is_not_monotone_and_often_vacuous():
    """p0 above 1/sqrt(3n), or k above 1/(3 p0); 3np^2 + 3kp against a true correction of 2np^2/(3k) + p/3."""
    n, p = 10_000, 0.001
    k = np.arange(1, 401)
    curve = bound(two(p, n), Survival([0]), k, "suresh_2024.theorem_1")
    assert np.diff(curve).max() > 0 > np.diff(curve).min()
    exact = dense_chain.survival(100, [0.2, 0.01], [40])[0]
    assert bound(two(0.2, 100), Survival([0]), [40], "suresh_2024.theorem_1")[0] >= 1 > exact[0]
    assert bound(two(0.01, 100), Survival([0]), [40], "suresh_2024.theorem_1")[0] >= 1 > exact[1]
    g = branching_numbers(k)
    lost = 1 - solve(two(p, n), Survival([0]), k, method="exact")["survival"].value[:, 0]
    truly = (1 - lost * np.exp(n * p * g))[9:]
    excess = (3 * n * p**2 + 3 * k * p)[9:]
    ratio = excess / truly
    assert np.all(ratio > 4.5 * k[9:])
    assert np.all(ratio < 11 * k[9:])


def test_algorithm_1_is_inconsistent_where_components_overlap():
    """From any number of data Sigma -> sd|Y|, Y ~ N(mu, 1): 0.603 at mu = 0, by the folded normal law."""
    for r in (0.0, 1.0, 2.0, 3.0):
        family = Mixture(ApproximateLikelihood(kappa=0.0, a=np.inf))
        recursion = Recursion(family, Parameters(mean=r, scale=1.0), 100_000)
        found = solve(recursion, MeanScale(), [1], method="simulate", replicates=20, rng=1)["mean_scale"].value[0]
        assert found == pytest.approx(stats.foldnorm(r).std(), abs=3e-3)
    assert stats.foldnorm(0).std() == pytest.approx(0.6028, abs=1e-4)


def test_fifty_shrinks_the_scale_at_every_sample_size():
    """Far apart, a factor sqrt(50/52) a generation that n does not change: .0196 in the logarithm."""
    for n in (200, 2000):
        means = []
        for a in (50.0, np.inf):
            recursion = Recursion(Mixture(ApproximateLikelihood(a=a)), Parameters(mean=1000.0, scale=1.0), n)
            simulated = solve(recursion, MeanScale(), [10], method="simulate", replicates=400, rng=2)["mean_scale"]
            means.append(np.log(simulated.value[0]) / 10)
        assert means[1] - means[0] == pytest.approx(0.5 * np.log(52 / 50), abs=1e-3)
    assert 0.5 * np.log(52 / 50) == pytest.approx(0.0196, abs=5e-5)


def test_the_plotted_joint_likelihood_is_an_artefact_of_its_root_finder():
    """One root from one start leaves scales too large: above the global maximum by far more than chance."""
    start, runs = Parameters(mean=1.0, scale=1.0), 200
    tails = []
    for family in (RootFinderMixture(), Mixture(JointLikelihood())):
        recursion = Recursion(family, start, 10)
        found = solve(recursion, ScaleTail(0.1), [40], method="simulate", replicates=runs, rng=3)["scale_tail"]
        tails.append(float(found.value[0]))
    assert tails[0] - tails[1] > 3 * np.sqrt(tails[0] * (1 - tails[0]) / runs)


def test_the_likelihood_of_the_text_is_faster_than_the_program():
    """Divided by n: almost surely 2 times, in the mean 3 times as fast as by n - 1."""
    n = 10_000
    sure = [-float(np.log(2 / (n - d)) + stats.chi2(n - 1).expect(np.log) - np.log(2)) / 2 for d in (0, 1)]
    assert sure[0] / sure[1] == pytest.approx(2, abs=0.01)
    mean = [-(chi_moment(n, 1.0) + 0.5 * np.log((n - 1) / (n - d))) for d in (0, 1)]
    assert mean[0] / mean[1] == pytest.approx(3, abs=0.01)
    for ddof, rate in zip((0, 1), mean, strict=True):
        found = solve(gaussian(n, ddof), MeanScale(), [1000], method="exact")["mean_scale"].value[0]
        assert found == pytest.approx(np.exp(-1000 * rate), rel=1e-8)


def test_the_distance_of_the_text_stays_bounded_and_that_of_the_program_does_not():
    """E W2^2 is 2 (1 - beta^k) with the divisor n, below 2 for ever, and k/n + 2 (1 - alpha^k) with n - 1."""
    n, k = 10, np.array([1, 10, 100, 10_000])
    alpha = np.exp(chi_moment(n, 1.0))
    beta = alpha * np.sqrt((n - 1) / n)
    text, program = (solve(gaussian(n, d), Wasserstein(), k, method="exact")["wasserstein"].value for d in (0, 1))
    np.testing.assert_allclose(text, 2 * (1 - beta**k), rtol=1e-9)
    np.testing.assert_allclose(program, k / n + 2 * (1 - alpha**k), rtol=1e-9)
    assert text.max() <= 2 < 1000 < program.max()
    rng, runs = np.random.default_rng(5), 20_000
    for ddof, law in ((0, text), (1, program)):
        mean, scale = np.zeros(runs), np.ones(runs)
        for _ in range(10):
            drawn = mean[:, None] + scale[:, None] * rng.standard_normal((runs, n))
            mean, scale = drawn.mean(axis=1), drawn.std(axis=1, ddof=ddof)
        squared = mean**2 + (scale - 1) ** 2
        assert abs(squared.mean() - law[1]) < 5 * squared.std() / np.sqrt(runs)


def test_growing_samples_are_not_the_recursion_of_the_text():
    """Samples that grow by a fifth a generation keep more words than constant ones."""
    law = np.arange(1, 301.0) ** -1.2
    sizes = [int(1000 * 1.2**k) for k in range(10)]
    asked = (Recursion(Categorical(), Known(law / law.sum()), n) for n in (1000, sizes))
    constant, growing = (solve(each, Vocabulary(), [10], method="exact")["vocabulary"].value[0] for each in asked)
    assert growing > 1.3 * constant


def test_theorem_4_drawn_a_generation_early_is_too_high_by_a_fortieth():
    recursion = Recursion(Mixture(ApproximateLikelihood()), Parameters(mean=1.0, scale=1.0), 10)
    curve = bound(recursion, ScaleTail(0.1), np.arange(1, 100), "suresh_2024.theorem_4")
    np.testing.assert_allclose(curve[:-1] / curve[1:], np.exp(1 / 40), rtol=1e-12)


def test_zipf_with_its_constants_exchanged_is_another_law():
    """1/(i + 2.7)^1 and 1/(i + 1)^2.7 keep shares of 1,000 symbols that no rounding explains."""
    i, kept = np.arange(1, 1001), []
    for law in (1 / (i + 2.7), 1 / (i + 1.0) ** 2.7):
        law = law / law.sum()
        kept.append(dense_chain.survival(1000, law, [10])[0].sum())
        found = solve(Recursion(Categorical(), Known(law), 1000), Vocabulary(), [10], method="exact")["vocabulary"]
        assert found.value[0] == pytest.approx(kept[-1], rel=1e-9)
    assert kept[0] > 4 * kept[1]


def corollary_by_hand(p, n, k):
    """Upper side of Corollary 1, and the truth by the dense chain, as numbers of symbols, column by column of p."""
    g = branching_numbers(np.array([k]))[0]
    kept = np.exp(-n * p * g) * np.maximum(1 - 3 * n * p**2 - 3 * k * p, 0)
    return 1 - kept, dense_chain.survival(n, p, [k])[0]


def test_corollary_1_by_alphabet_by_first_sample_and_from_a_sample():
    """Shares of 1,000 symbols, of the 390 that a sample shows, and from the sample's own frequencies, on average."""
    n = 1000
    law = 1 / (np.arange(1, n + 1) + 2.7)
    law /= law.sum()
    seen = (1 - (1 - law) ** n).sum()
    assert seen == pytest.approx(390.07, abs=0.01)
    counts = np.arange(n + 1)
    times = stats.binom.pmf(counts, n, law[:, None]).sum(axis=0)  # how many symbols are drawn so often
    golden = {
        20: ((0.111, 0.070), (0.284, 0.179), (0.272, 0.173)),
        200: ((0.341, 0.010), (0.873, 0.025), (0.765, 0.025)),
    }
    for k, expected in golden.items():
        of_law = np.array([each.sum() for each in corollary_by_hand(law, n, k)])
        of_sample = np.array([times @ each for each in corollary_by_hand(counts / n, n, k)])
        for found, pair in zip((of_law / n, of_law / seen, of_sample / seen), expected, strict=True):
            np.testing.assert_allclose(found, pair, atol=6e-4)
        asked = Recursion(Categorical(), Known(law), n)
        assert bound(asked, Vocabulary(), [k], "suresh_2024.corollary_1")[0] == pytest.approx(of_law[0], rel=1e-9)
        exact = solve(asked, Vocabulary(), [k], method="exact")["vocabulary"].value[0]
        assert exact == pytest.approx(of_law[1], rel=1e-9)


def test_the_page_names_every_one_of_these_tests():
    """And none that is not there: the list of docs/reproduce.md is this file's and its two neighbours'."""
    page = (Path(__file__).parents[2] / "docs/reproduce.md").read_text(encoding="utf-8")
    files = sorted(Path(__file__).parent.glob("test_errata*.py"))
    defined = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named == defined - {"test_the_page_names_every_one_of_these_tests"}


def test_the_bracket_of_g_can_be_tightened():
    """2/(k + ln(k)/3 + 1) <= g_k <= 2/(k + 1), equal at k = 1, within the printed [1/k, 3/k]."""
    k, g, value = np.arange(1, 200_001), [], 1.0
    for _ in k:
        g.append(value)
        value = -np.expm1(-value)
    g = np.array(g)
    low, high = 2 / (k + np.log(k) / 3 + 1), 2 / (k + 1)
    assert g[0] == low[0] == high[0] == 1
    assert np.all(low <= g * (1 + 1e-13))
    assert np.all(g <= high * (1 + 1e-13))
    assert np.all((low >= 1 / k) & (high <= 3 / k))
    assert not np.all(g <= 2 / (k + 1.01)), "a narrower one would not hold"


def test_the_lower_side_for_both_symbols_falls_below_zero():
    """4 p (1 - p) (1 - 1/n)^k is positive for ever and below the dense chain."""
    n, p, k, inside = 100, 0.2, [1, 50, 122, 200, 400], np.ones(101)
    inside[[0, -1]] = 0
    exact = dense_chain._propagate(n, [p], k, inside)[:, 0]
    printed = bound(two(p, n), NotFixed([0]), k, "suresh_2024.theorem_1_two_sided", "lower")
    assert printed[0] > 0 > printed[3]
    clipped = bound(two(p, n), NotFixed([0]), k, "suresh_2024.theorem_1_two_sided", "lower", tighten=True)
    ours = np.maximum(clipped, 4 * p * (1 - p) * (1 - 1 / n) ** np.array(k))
    assert np.all((ours > 0) & (ours <= exact))


def test_the_first_notebook_drew_half_an_exponent():
    """(n-1)/(n+3) ln(1/eps) - k/(4(n+3)) with the first term halved is below the law in an extreme setting."""
    n, k, eps = 100, 3000, 1e-4
    full = (n - 1) / (n + 3) * np.log(1 / eps) - k / (4 * (n + 3))
    drawn = full - (n - 1) / (n + 3) * np.log(1 / eps) / 2
    said = bound(gaussian(n), ScaleTail(eps), [k], "suresh_2024.october_2024")[0]
    assert said == pytest.approx(np.exp(full), rel=1e-9)
    rng = np.random.default_rng(4)
    logs = sum(np.log(rng.chisquare(n - 1, 20_000) / (n - 1)) for _ in range(k)) / 2
    law = np.mean(logs > np.log(eps))
    assert np.exp(drawn) < law - 2 * np.sqrt(law * (1 - law) / 20_000) < said
