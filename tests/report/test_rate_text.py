"""A rate in words, and as a page."""

from dataclasses import replace

import numpy as np
import pytest

from modelcollapse.families import Gaussian, Laplace, ScipyDistribution, Student
from modelcollapse.rating import rate
from modelcollapse.rating.questions import of_poisson, of_scale, of_symbol, scale_families
from modelcollapse.report.rate_page import rate_page
from modelcollapse.report.rate_text import rate_text
from modelcollapse.statistics import ExtinctionTime, NonZero
from modelcollapse.workflows import FreshCount


def text_of(question, generations, **details):
    return rate_text(rate(question.recursion, question.statistic, question.time_statistic, generations, **details))


def test_a_newcomer_is_told_what_happens():
    text = text_of(of_symbol(100, count=1), 50)
    assert text.startswith("A symbol of probability 0.01. Each model learns from 100 draws of the one before")
    assert "A symbol that one model does not draw is lost for ever." in text
    assert "Law of thumb for the half: 2.885 n p = 2.885 generations." in text
    assert "falls by 1 % per generation, by half in 68.97 generations" in text
    assert "says nothing" in text
    assert "Suresh" in text


def test_what_is_next_to_certain_is_not_called_certain():
    assert text_of(of_symbol(10, probability=1 - 1e-12), 2).startswith("A symbol of probability 1 - 1e-12.")
    assert text_of(of_symbol(10, probability=1.0), 2).startswith("A symbol of probability 1.")


def test_a_poisson_rate_has_no_constant():
    assert "There is no constant rate" in text_of(of_poisson(10, rate=1.0), 5)


def test_what_fresh_data_feed_does_not_fall_for_ever():
    fed = replace(of_poisson(10, rate=1.0).recursion, workflow=FreshCount(2))
    text = rate_text(rate(fed, NonZero(), ExtinctionTime((0.1, 0.5, 0.9)), 5))
    assert "There is no constant rate" not in text
    assert "Nothing is over for ever" in text
    assert "the exact law 'immigration'" in text


def test_never_is_said():
    assert "90 % never" in text_of(of_symbol(10, count=5), 3)
    schedule = text_of(of_symbol([10, 20], probability=0.5), 2)
    assert "not within 2 generations" in schedule
    assert "their number being 10, 20 in turn" in schedule


@pytest.mark.parametrize("count", [0, 10])
def test_what_is_certain(count):
    text = text_of(of_symbol(10, count=count), 3)
    assert "nan" not in text
    assert "inf" not in text


def test_an_amplified_scale_grows():
    assert "grows by" in text_of(of_scale(Gaussian, 10, 0.5, ddof=5), 3)


def test_no_law_is_said():
    assert "no exact law covers it" in text_of(of_scale(Laplace, 10**6, 0.5), 3)
    text = text_of(of_scale(ScipyDistribution, 10, 0.5, distribution="norm"), 3, simulate=10, rng=1)
    assert "Simulated: 10 runs" in text
    assert "read off the simulated mean" in text


def test_an_estimate_is_no_exact_law():
    text = text_of(of_scale(Student, 10, 0.5, shape=3), 3, simulate=10, rng=1)
    assert "Estimated by the law 'sampled_step'" in text
    assert "95 % interval" in text
    assert "exact" not in text.split("Sources")[0]


def test_page_is_whole_and_safe():
    question = of_symbol(100, count=1)
    found = rate(question.recursion, question.statistic, question.time_statistic, 5, simulate=5, rng=1)
    page = rate_page(found)
    assert page.count("<script") == page.count("</script>") == 3
    assert "$" not in page.partition("<script")[0].partition("</style>")[2]
    assert "0.633968" in page
    assert 'src="' not in page.partition("<script")[0]


@pytest.mark.parametrize(
    ("question", "model", "scale"),
    [
        (of_scale(Gaussian, 10, 0.1, ddof=0), "A Gaussian model, variance divided by n (maximum", "standard deviation"),
        (
            of_scale(Gaussian, 10, 0.1, ddof=-2.5),
            "A Gaussian model, variance divided by n + 2.5.",
            "standard deviation",
        ),
        (of_scale(Gaussian, 10, 0.1, dimension=3), "A Gaussian model in 3 dimensions, cov", "det(covariance)^(1/6)"),
        (of_scale(Student, 10, 0.1, shape=3), "A Student model with 3 degrees of freedom.", "maximum likelihood"),
        (
            of_scale(ScipyDistribution, 10, 0.1, distribution="gamma", a=2),
            "A model of scipy.stats.gamma with a=2",
            "fit",
        ),
    ],
)
def test_a_model_and_its_scale_in_words(question, model, scale):
    first, second, *_ = text_of(question, 2).split("\n")
    assert first.startswith(model)
    assert scale in second
    assert second.endswith("the errors multiply from generation to generation.")


def test_every_family_of_the_command_has_words_of_its_own():
    for name, family in scale_families().items():
        words = family().in_words()
        assert name == "mixture" or (all(words) and not words[0].startswith("A model of family")), name


def test_one_generation_is_one():
    assert "by half in 1 generation (" in text_of(of_symbol(2, count=1), 3)


SAME = {"norm": "gaussian --ddof 0", "expon": "exponential-shifted", "uniform": "uniform-range", "laplace": "laplace"}


@pytest.mark.parametrize("name", SAME)
def test_a_distribution_that_is_a_family_is_said_to_be_one(name):
    """The law of that family is what runs of the distribution do: 5 standard errors, false alarms 6e-7."""
    question = of_scale(ScipyDistribution, 6, 0.5, distribution=name)
    assert f"The family of `rate {SAME[name]}` maximises the same likelihood" in text_of(question, 3)
    kind, _, ddof = SAME[name].partition(" --ddof ")
    twin = of_scale(scale_families()[kind], 6, 0.5, **({"ddof": float(ddof)} if ddof else {}))
    law = rate(twin.recursion, twin.statistic, twin.time_statistic, 3).law
    seen = rate(question.recursion, question.statistic, question.time_statistic, 3, simulate=1500, rng=2).simulated
    p = law.value[2]
    assert abs(seen.value[2] - p) < 5 * np.sqrt(p * (1 - p) / 1500)


def test_no_family_is_named_that_has_no_law():
    fed = replace(of_scale(ScipyDistribution, 6, 0.5, distribution="norm").recursion, workflow=FreshCount(2))
    question = of_scale(ScipyDistribution, 6, 0.5, distribution="norm")
    assert "likelihood" not in rate_text(rate(fed, question.statistic, question.time_statistic, 3)).split("Chance")[1]
    assert "likelihood" not in text_of(of_scale(ScipyDistribution, 6, 0.5, distribution="gamma", a=2), 3)
    assert "likelihood" not in text_of(of_scale(ScipyDistribution, [6, 7], 0.5, distribution="norm"), 2)
    assert "`rate student --shape 3`" in text_of(of_scale(ScipyDistribution, 6, 0.5, distribution="t", df=3), 3)


def test_statements_of_the_page_wrap_and_tables_do_not():
    question = of_symbol(100, count=1)
    found = rate_page(rate(question.recursion, question.statistic, question.time_statistic, 5))
    numbers = found.partition('<pre id="numbers"')[2].partition("</pre>")[0].split("\n")
    wrapping = [line for line in numbers if line.startswith('<span class="sentence"')]
    assert any(">  suresh_2024.theorem_1: Suresh" in line for line in wrapping)
    assert any(line.startswith("  suresh_2024.theorem_1    ") for line in numbers)
    assert not any("  " in line.partition(">")[2].strip() for line in wrapping)
