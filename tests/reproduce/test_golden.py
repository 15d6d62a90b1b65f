"""The figures' numbers against values that were computed elsewhere: dense chains, quadrature, the original's runs."""

from pathlib import Path

import numpy as np
import pytest

from modelcollapse import read_corpus, solve
from modelcollapse.branching import branching_numbers
from modelcollapse.corpus import read_text
from modelcollapse.reproduce.unigram import Unigram
from modelcollapse.statistics import VocabularyTime

WIKITEXT = Path(__file__).parents[2] / "../shared/data/wikitext2_500k_words.txt"
EXACT = "exact law"


@pytest.mark.parametrize(
    ("panel", "generation", "value"),
    [
        ("0.001", 10, 0.821553),
        ("0.001", 50, 0.319022),
        ("0.01,", 10, 0.161389),
        ("0.01,", 50, 0.041122),
    ],
)
def test_bernoulli_survival(curve, panel, generation, value):
    assert curve("bernoulli-survival", f"p = {panel}", EXACT, "exact")[generation] == pytest.approx(value, abs=5e-7)


def test_bernoulli_bounds(curve):
    """Largest distance of the lower side up to k = 50, and where the upper side stops to say anything."""
    law = curve("bernoulli-survival", "p = 0.01,", EXACT, "exact")
    lower = curve("bernoulli-survival", "p = 0.01,", "suresh_2024.theorem_1", "lower")
    upper = curve("bernoulli-survival", "p = 0.01,", "suresh_2024.theorem_1", "upper")
    assert 0 < max(law[k] - lower[k] for k in law) < 4.2e-3
    assert min(k for k in upper if upper[k] >= 1) == 33


def test_two_sided_lower_side_turns_negative_after_the_figure_ends(curve):
    lower = curve("bernoulli-not-fixed", "p = 0.01,", "suresh_2024.theorem_1_two_sided", "lower")
    assert 0 < lower[50] < lower[49]


@pytest.mark.parametrize(
    ("generation", "value"), [(1, 0.9999546), (10, 0.82138922), (50, 0.31870964), (100, 0.17751588), (500, 0.03899108)]
)
def test_poisson(curve, generation, value):
    law = curve("poisson-survival", "λ = 1,", EXACT, "exact")
    assert law[generation] == pytest.approx(value, abs=5e-8)
    assert law[generation] == pytest.approx(-np.expm1(-10 * branching_numbers(np.array([generation]))[0]))


@pytest.mark.parametrize(
    ("generation", "value"), [(10, 0.982142), (45, 0.435967), (89, 0.114166), (133, 0.029943), (200, 0.00403833)]
)
def test_gaussian_law(curve, generation, value):
    assert curve("gaussian-tail", "ddof = 1", EXACT, "exact")[generation] == pytest.approx(value, rel=2e-5)


@pytest.mark.parametrize(
    ("bound", "value"),
    [
        ("suresh_2024.theorem_3", 0.0593),
        ("bertrand_2024.first_moment", 0.0391),
        ("suresh_2024.fractional_moment", 0.0305),
        ("modelcollapse.optimal_moment", 0.0295),
    ],
)
def test_gaussian_bounds(curve, bound, value):
    assert curve("gaussian-tail", "ddof = 1", bound, "upper")[200] == pytest.approx(value, abs=5e-5)


@pytest.mark.skipif(not WIKITEXT.exists(), reason="the paper's corpus is not beside the checkout")
def test_the_papers_corpus():
    table = read_corpus(WIKITEXT)
    assert (table.tokens, table.types, table.singletons) == (436_577, 19_919, 4_378)
    figure = Unigram(corpus=read_text(WIKITEXT))
    data = figure.compute(5, 1)
    assert data.holds
    curves = {(c.name, c.kind): c for c in data.curves if "436,577 tokens, 19,919 words" in c.panel}
    lower = [0.890210, 0.811104, 0.749870, 0.700430, 0.659313, 0.624352, 0.594110, 0.567585, 0.544057, 0.522989]
    assert curves["suresh_2024.corollary_1", "lower"].value == pytest.approx(lower, abs=6e-7)
    width = curves["suresh_2024.corollary_1", "upper"].value - curves["suresh_2024.corollary_1", "lower"].value
    assert 0 < width.max() <= 1.45e-4
    times = [
        solve(figure.panels()[1].recursion, VocabularyTime(share), [])["vocabulary_time"].value
        for share in (0.5, 0.25, 0.1)
    ]
    assert times == [12, 47, 186]


def test_one_occurrence_ends_at_one_over_n(curve):
    for power in (2, 6, 12):
        law = curve("branching-limit", "", f"n = 10^{power}", "exact")
        assert law[10.0**13] == pytest.approx(10.0**-power, rel=1e-4 if power < 12 else 0.05)
        assert law[1.0] == pytest.approx(-np.expm1(10**power * np.log1p(-(10.0**-power))), rel=1e-6)


def test_the_middle_of_the_surface(curve):
    median = curve("survival-surface", "middle", "chance 50 % (exact)", "exact")
    assert median[1] == 2
    assert max(median) == 300
    assert median[300] == pytest.approx(2.885 * 300, abs=4)
