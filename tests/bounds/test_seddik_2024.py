"""Seddik and others: two symbols as printed, several as derived."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.bounds import BOUNDS
from modelcollapse.statistics import NotFixed, TotalCollapse


def sides(asked, statistic, generations, source):
    found = solve(asked, statistic, generations, method="bounds").of(statistic.name)
    return {b.kind: b.value for b in found if b.source == source}


def test_two_symbols_as_printed():
    asked = Recursion(Categorical(), Known([0.2, 0.8]), 100)
    found = sides(asked, NotFixed([0]), [1, 10], "seddik_2024.binary")
    decay = 0.99 ** np.array([1, 10])
    np.testing.assert_allclose(found["lower"][:, 0], 4 * 0.16 * decay, rtol=1e-13)
    np.testing.assert_allclose(found["upper"][:, 0], 200 * 0.16 * decay, rtol=1e-13)


def test_two_symbols_of_the_general_form():
    """Lower 4 p q (1 - 1/n)^k as printed; upper sharper than printed by 2 (1 - 1/n)."""
    asked = Recursion(Categorical(), Known([0.2, 0.8]), 100)
    several = sides(asked, TotalCollapse(), 50, "seddik_2024.several_symbols")
    binary = sides(asked, NotFixed([0]), 50, "seddik_2024.binary")
    np.testing.assert_allclose(1 - several["upper"], binary["lower"][:, 0], rtol=1e-10)
    np.testing.assert_allclose(1 - several["lower"], binary["upper"][:, 0] / (2 * 0.99), rtol=1e-10)


def test_truth_lies_at_six_between_4_and_n():
    """Pr(not fixed) / (p q (1 - 1/n)^k) goes to C_n, near 6."""
    asked = Recursion(Categorical(), Known([0.2, 0.8]), 100)
    exact = solve(asked, NotFixed([0]), [2000])["not_fixed"].value[0, 0]
    found = sides(asked, NotFixed([0]), [2000], "seddik_2024.binary")
    assert 4 * exact / found["lower"][0, 0] == pytest.approx(5.8884, abs=1e-3)
    assert 200 * exact / found["upper"][0, 0] == pytest.approx(5.8884, abs=1e-3)


def test_more_symbols_than_draws():
    """Of 1,000 symbols, 3 draws can show 3: the upper side is sharp at k = 1 for a uniform start."""
    asked = Recursion(Categorical(), Corpus([1] * 1000), 3)
    exact = solve(asked, TotalCollapse(), 30)["total_collapse"].value
    found = sides(asked, TotalCollapse(), 30, "seddik_2024.several_symbols")
    assert np.all((found["lower"] <= exact + 1e-12) & (exact <= found["upper"] + 1e-12))
    assert found["upper"][0] == pytest.approx(1 - 0.999, abs=1e-12)


def test_one_draw_is_not_covered_and_one_symbol_is_certain():
    assert sides(Recursion(Categorical(), Known([0.2, 0.8]), 1), NotFixed(), 3, "seddik_2024.binary") == {}
    alone = sides(Recursion(Categorical(), Known([1.0]), 5), TotalCollapse(), 3, "seddik_2024.several_symbols")
    assert alone["lower"].tolist() == alone["upper"].tolist() == [1, 1, 1]


def test_basis_is_told_apart():
    basis = {b.name: b.basis for b in BOUNDS}
    assert basis["seddik_2024.binary"] == "authors' notebook"
    assert basis["seddik_2024.several_symbols"] == "derived here"
