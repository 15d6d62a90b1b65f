"""The names of bounds in words, and what their statements say."""

import pytest

from modelcollapse import reference
from modelcollapse.bounds import BOUNDS
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MOHLE_1999, SEDDIK_2024

NAMED = {bound.name: bound for bound in BOUNDS}


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
def test_titles_are_words(bound):
    assert "_" not in bound.title
    assert (bound.reference is reference.MODELCOLLAPSE) == bound.title.endswith("(derived here)")
    assert [other.title for other in BOUNDS].count(bound.title) == 1


def test_theorems_keep_their_name():
    assert NAMED["suresh_2024.theorem_1_two_sided"].title == "Suresh et al. 2025, Theorem 1, two sided"
    assert NAMED["suresh_2024.corollary_1"].title == "Suresh et al. 2025, Corollary 1"
    assert NAMED["suresh_2024.october_2024"].title == "Suresh et al. 2025, October 2024"


def test_sources_in_passing():
    short = [source.short for source in (MOHLE_1999, DE_BOOR_SWARTZ_1973, SEDDIK_2024)]
    assert short == ["Möhle 1999", "de Boor and Swartz 1973", "Seddik et al. 2024"]


@pytest.mark.parametrize("name", ["theorem_1", "theorem_1_two_sided", "corollary_1"])
def test_statements_hold_their_formula(name):
    said = NAMED[f"suresh_2024.{name}"].said
    assert said.count("<=") == 2
    assert "1 - e^{-np" in said
