"""`modelcollapse catalogue`: it lists everything, and the documentation's page is up to date."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from modelcollapse.bounds import BOUNDS
from modelcollapse.cataloguing import catalogue
from modelcollapse.cli.app import main
from modelcollapse.families import FAMILIES
from modelcollapse.laws import LAWS
from modelcollapse.laws.formulas import FORMULAS
from modelcollapse.statistics import STATISTICS
from modelcollapse.workflows import WORKFLOWS

PAGE = Path(__file__).parents[2] / "docs/catalogue.md"


def run(capsys, *arguments):
    """Run the program in this process; return standard output."""
    with pytest.raises(SystemExit) as left:
        main(["catalogue", *arguments])
    captured = capsys.readouterr()
    assert (left.value.code, captured.err) == (0, "")
    return captured.out


def test_everything_is_listed():
    found = catalogue()
    assert set(found.families) == {family.name for family in FAMILIES}
    assert set(found.workflows) == {workflow.name for workflow in WORKFLOWS}
    assert set(found.statistics) == {statistic.name for statistic in STATISTICS}
    assert [s.name for s in found.statements] == [s.name for s in (*LAWS, *BOUNDS)]
    assert found.formulas == FORMULAS


def test_every_statement_answers_something():
    assert catalogue().unused() == ()


def test_every_family_is_answered():
    assert {covered.family.partition(",")[0] for covered in catalogue().covered} == set(catalogue().families)


def test_every_statement_has_a_source_and_says_how_it_is_known():
    for statement in catalogue().statements:
        assert statement.references
        assert statement.statement
        assert bool(statement.basis) == bool(statement.validity) == (statement.kind == "bound")


def test_every_cell_is_simulated_or_says_why_not():
    cells = catalogue().covered
    assert {cell.workflow for cell in cells} == set(catalogue().workflows)
    for cell in cells:
        assert cell.simulated == (cell.why_not == "")
        assert cell.simulated or cell.statistic in cell.why_not
    declined = {cell.statistic for cell in cells if not cell.simulated}
    assert "survival" not in declined
    assert {"ancestors", "mean_forgetting_time"} <= declined


def test_laws_of_workflows():
    cells = {(c.family, c.workflow, c.statistic): c for c in catalogue().covered}
    assert cells["categorical", "fresh-mix", "survival"].laws == ("fresh_ancestry",)
    assert cells["categorical", "fixed-real", "vocabulary"].any_sizes == ("fresh_ancestry",)
    assert cells["categorical", "accumulate", "diversity"].laws == ("frequency_variance",)
    assert cells["categorical", "accumulate", "survival"].laws == ("pooled_ancestry",)
    assert cells["categorical, fresh 0.1", "accumulate", "survival"].laws == ("accumulated_fresh",)
    assert ("categorical, fresh 0.1", "accumulate", "diversity") not in cells  # the law is the same
    assert cells["categorical", "accumulate-subsample", "vocabulary"].any_sizes == ("subsampled_ancestry",)
    assert not cells["categorical", "fresh-mix", "forgetting_time"].laws


def test_what_varying_sizes_leave():
    (nonzero,) = (c for c in catalogue().covered if (c.statistic, c.workflow) == ("nonzero", "replace"))
    assert nonzero.any_sizes == ("galton_watson",)


def test_json(capsys):
    data = json.loads(run(capsys, "--format", "json"))
    assert data["schema_version"] == 1
    keys = {key for known in ("statements", "formulas") for entry in data[known] for key in entry["references"]}
    assert keys == set(data["references"])
    assert {"name", "module", "kind", "statement", "basis", "references", "example"} == set(data["formulas"][0])


def test_csv_and_table(capsys):
    assert run(capsys, "--format", "csv").startswith("family,workflow,statistic,laws,bounds,simulation\n")
    table = run(capsys)
    assert all(known.name in table for known in (*catalogue().statements, *catalogue().formulas))


def test_a_statement_is_more_than_its_title():
    """`Theorem 1` says nothing to whoever has not got the article."""
    for statement in catalogue().statements:
        assert any(sign in statement.statement for sign in "=^<~/"), statement.name


def test_bibtex(capsys):
    text = run(capsys, "--bibtex")
    assert text.count("\n@") + 1 == len(catalogue().references())
    assert {"@misc{dey_donoho_2024", "@article{kanabar_gastpar_2025"} <= set(text.replace(",", "\n").split("\n"))


def test_bibtex_is_a_format_of_its_own(capsys):
    with pytest.raises(SystemExit) as left:
        main(["catalogue", "--bibtex", "--format", "json"])
    captured = capsys.readouterr()
    assert (left.value.code, captured.out) == (2, "")
    assert "`bibtex` is given and `format` is 'json'" in captured.err


def test_page_is_up_to_date(capsys):
    """If not: modelcollapse catalogue --format markdown --output docs/catalogue.md."""
    assert PAGE.read_text(encoding="utf-8") == run(capsys, "--format", "markdown")


def test_nothing_is_drawn_fitted_or_loaded_for_it():
    """Two seconds of a processor: `scipy.stats` alone takes one to load."""
    code = (
        "import sys, time; from modelcollapse.cataloguing import catalogue; catalogue(); "
        "print(time.process_time() < 4, 'scipy.stats' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "False"]
