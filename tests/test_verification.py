"""The table of trust: a row fails above what its law states, and where its error has grown tenfold."""

import json
from pathlib import Path

import pytest

from verification import formulas, table
from verification.table import MEASURED, Check, keep

PAGE = Path(__file__).parents[1] / "docs/verification.md"


@pytest.fixture
def last(tmp_path, monkeypatch):
    """A table in which one row had an error of 1e-12."""
    monkeypatch.setattr(table, "MEASURED", tmp_path / "measured.json")
    table.measured.cache_clear()
    keep([row(1e-12)])
    table.measured.cache_clear()
    yield tmp_path / "measured.json"
    table.measured.cache_clear()


def row(error, law="survival", route="dense matrix", **details):
    return Check(law, "n = 5", route, error, **{"allowed": 1e-10, **details})


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        (row(9e-12), True),
        (row(1.1e-11), False),
        (row(2e-10), False),
        (row(float("nan")), False),
        (row(9e-11, law="another"), True),
        (row(2e-10, law="another"), False),
        (row(5.0, route="simulation, largest z-score", allowed=5.6), True),
    ],
)
def test_what_fails(last, check, passed):
    assert check.passed == passed
    assert ("yes" in check.row()) == passed


def test_rounding_is_no_regression(last):
    keep([row(0.0)])
    table.measured.cache_clear()
    assert row(9e-14).passed
    assert not row(2e-13).passed
    assert row(2e-13).row().endswith("**grown** |")


def test_seeds_do_not_matter(last):
    keep([Check("words", "9 runs, seed 5", "dense matrix", 1e-12, 1.0)])
    table.measured.cache_clear()
    assert not Check("words", "9 runs, seed 77", "dense matrix", 1e-3, 1.0).passed


def test_the_page_is_the_table_that_is_kept():
    """No cell fails, and every row is one that later tables are held against."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 50
    stored = json.loads(MEASURED.read_text(encoding="utf-8"))
    for cells in (line.strip("| ").split(" | ") for line in rows):
        law, span, route, error, _, holds = cells
        assert holds == "yes", cells
        assert stored[f"{law} | {span.split(', seed')[0]} | {route}"] == pytest.approx(float(error), rel=0.06, abs=0)


def test_formulas_hold():
    assert [check.row() for check in formulas.checks(quick=True) if not check.passed] == []


@pytest.mark.parametrize(
    ("name", "check", "wrong"),
    [
        ("variance_left", lambda: formulas.stationary_variance([5]), lambda f, n, a, k: f(n, a, k + 1)),
        ("number_of_types", lambda: formulas.types_by_presence([20]), lambda f, n, a, k: f(n, 1.0001 * a, k)),
        ("ewens_partition", lambda: formulas.ewens(4), lambda f, counts, n, a: f(counts, n + 1, a)),
        ("effective_size", formulas.estimate, lambda f, n, a: f(n, a, labelled=True)),
        ("accumulated_diversity", formulas.accumulated_enumerated, lambda f, n, k, corpus: f(n, k + 1, corpus)),
        ("fresh_loop_limit", formulas.fresh_loops, lambda f, m, n, ddof: f(m, n + 1, ddof=ddof)),
        ("optimal_weight", formulas.weights, lambda f, m, n: f(m, n + 1)),
        ("growing_for_ever", lambda: formulas.growth(1000), lambda f, n, s: f(n + 1, s)),
    ],
)
def test_a_wrong_formula_is_seen(monkeypatch, name, check, wrong):
    """The negative control: a generation too many, a share off by 10^-4, a draw too many."""
    right = getattr(formulas, name)
    monkeypatch.setattr(formulas, name, lambda *given, **named: wrong(right, *given, **named))
    assert not check().passed
