"""The errata say what was found elsewhere, by other means."""

import re

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
