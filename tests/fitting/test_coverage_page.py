"""The tables of coverage in docs/fit.md are those that the verification writes, cell by cell."""

import re
from pathlib import Path

import pytest

from verification.fit_coverage import HEADERS, SETS, SETTINGS, Tally, put, row

PAGE = Path(__file__).parents[2] / "docs/fit.md"


def table(kind, text):
    """The lines between the comments that name a table, without the empty one."""
    inside = text.partition(f"<!-- coverage of {kind}: begin -->\n")[2]
    return list(filter(None, inside.partition(f"<!-- coverage of {kind}: end -->")[0].splitlines()))


def possible(cell, sets):
    """Whether so many data sets can give this percentage, or this one 'of' fewer."""
    share, _, fewer = cell.partition(" % of ")
    sets = int(fewer) if fewer else sets
    return share.removesuffix(" %") in {f"{100 * number / sets:.1f}" for number in range(sets + 1)}


@pytest.mark.parametrize("kind", SETTINGS)
def test_the_page_has_every_setting_and_percentages_that_can_be(kind):
    *lines, said = table(kind, PAGE.read_text(encoding="utf-8"))
    assert lines[:2] == HEADERS[kind].splitlines()
    assert said.startswith(f"{SETS[kind]} data sets a line")
    for setting, line in zip(SETTINGS[kind], lines[2:], strict=True):
        made = row(setting, Tally(sets=SETS[kind])).strip("| ").split(" | ")
        cells = line.strip("| ").split(" | ")
        found = [cell.partition(" %")[1] or cell == "not estimated" for cell in cells]
        first = found.index(next(filter(None, found)))
        assert cells[:first] == made[:first]
        assert len(cells) == len(made)
        assert all(possible(cell, SETS[kind]) for cell in cells[first:] if cell != "not estimated")


def test_a_percentage_that_cannot_be_is_seen():
    """The negative control: no number of 100 data sets, nor of 77, makes these."""
    assert possible("94.0 %", 100)
    assert possible("93.5 % of 77", 100)
    assert not possible("94.2 %", 100)
    assert not possible("94.0 % of 77", 100)


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_table_is_replaced_whole_and_nothing_else(kind, tmp_path):
    copy, before = tmp_path / "fit.md", PAGE.read_text(encoding="utf-8")
    copy.write_text(before, encoding="utf-8")
    put(copy, kind, ["| a |", "|---|", "| 1 |"], 100)
    after = copy.read_text(encoding="utf-8")
    said = "100 data sets a line; by chance a 95 % interval covers 90.7 to 99.3 % of them."
    assert table(kind, after) == ["| a |", "|---|", "| 1 |", said]
    between = rf"(?s)(?<=<!-- coverage of {kind}: begin -->).*?(?=<!-- coverage of {kind}: end -->)"
    assert re.sub(between, "", after) == re.sub(between, "", before)


def test_a_page_without_a_place_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no place for this table"):
        put(page, "sample", [], 100)
    assert page.read_text(encoding="utf-8") == "nothing\n"
