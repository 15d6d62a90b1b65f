"""The errata say what was found elsewhere, by other means."""

import re

import numpy as np
import pytest

from modelcollapse.reproduce import FIGURES
from modelcollapse.reproduce.errata import errata_of

GOLDEN = {
    ("bernoulli-survival", 0): ["108.5", "generation 33"],
    ("bernoulli-survival", 1): ["0.424", "generation 69", "0.094"],
    ("bernoulli-not-fixed", 0): ["57 at p = 0.01", "122 at p = 0.2"],
    ("poisson-survival", 0): ["1.975", "0.0390"],
    ("gaussian-tail", 0): ["0.0593", "0.0391", "0.00404"],
    ("gaussian-tail", 1): ["312"],
    ("gaussian-tail", 2): ["0.436", "0.0299"],
    ("gaussian-tail", 3): ["0.0575", "0.0627"],
}


@pytest.mark.parametrize(("figure", "place"), GOLDEN, ids=str)
def test_effects(figure, place):
    erratum = errata_of(figure)[place]
    for number in GOLDEN[figure, place]:
        assert number in erratum.effect


def test_every_erratum_has_a_size():
    found = [erratum for kind in FIGURES for erratum in errata_of(kind.name)]
    assert len(found) >= 10
    for erratum in found:
        assert re.search(r"\d", erratum.effect)
        assert str(erratum) == f"{erratum.subject} {erratum.original}. {erratum.effect}"


def test_unknown_figures_have_none():
    assert errata_of("nothing") == ()


def numbers(text):
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.\d+|\d[\d,]*", text)]


def test_fifty_takes_a_fixed_share_of_the_scale():
    """(1/2) ln(52/50) = 0.0196 a generation, at n = 400 beside 0.0025 of the estimator itself, less as a mean."""
    *_, with_fifty, without, _, _, _ = numbers(errata_of("mixture-tail")[0].effect.replace("a = 50", ""))
    assert with_fifty - without == pytest.approx(0.5 * np.log(52 / 50), abs=2e-4)
    assert 0 < without < 0.0025


def test_the_limit_of_algorithm_1():
    """sd|Y| of Y with mean r and standard deviation 1; sampling error 0.001."""
    effect = errata_of("mixture-scatter")[0].effect
    found = [float(value) for value in re.findall(r"(\d\.\d{3}) at", effect)]
    assert found == pytest.approx([0.603, 0.799, 0.965, 0.998], abs=2.5e-3)


def test_what_is_drawn_early_is_too_low():
    """At k the curve says what holds of k + 1, e^{-1/40} times as much; e^{-0.06 k} still keeps below it."""
    effect = errata_of("mixture-tail")[2].effect
    assert f"{100 * (1 - np.exp(-1 / 40)):.1f} % too low" in effect
    assert "it is a bound there too" in effect


def test_the_root_finder_keeps_scales_too_large():
    """Against 500 runs of the original, 0.578 at k = 20 and 0.174 at k = 40: |z| < 4; true maxima give 0.438, 0.056."""
    effect = errata_of("mixture-tail")[1].effect
    pairs = [(float(a), float(b)) for a, b in re.findall(r"(\d\.\d+) against (\d\.\d+)", effect)]
    for (root, joint), original, truth in zip(pairs, (0.578, 0.174), (0.438, 0.0565), strict=False):
        error = np.sqrt(original * (1 - original) * (1 / 500 + 1 / 200))
        assert abs(root - original) < 4 * error
        assert abs(joint - truth) < 5 * np.sqrt(truth * (1 - truth) / 2000)
        assert root > joint


def test_samples_that_grow_hide_the_loss():
    effect = errata_of("ngram")[0].effect
    growing, constant = (float(share) for share in re.findall(r"(\d+\.\d)%", effect))
    assert growing > constant
    model, counted = numbers(errata_of("ngram")[1].effect)
    assert model > counted
