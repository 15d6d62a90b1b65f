"""Text, charts and page of what a sweep has found."""

import json
import re
from html.parser import HTMLParser

import pytest

from modelcollapse.report.findings_chart import findings_charts
from modelcollapse.report.findings_page import findings_page, save_findings_page
from modelcollapse.report.findings_text import findings_rows, findings_text
from modelcollapse.report.save import save_chart
from modelcollapse.runs import findings, run, spec_of

EVIL = "<b>&'own"
TABLE = {
    "recursion": {
        "learner": {"name": "kernel-density", "bandwidth": 0.5},
        "sample_size": 12,
        "start": {"name": "distribution", "distribution": "norm"},
    },
    "statistics": [{"name": "growth_rate", "since": 1}, "log_scale", "moments"],
    "generations": [2, 4, 8],
    "replicates": 40,
    "grid": {
        "recursion.learner": [{"name": "kernel-density", "bandwidth": 0.5}, {"name": "scipy", "distribution": "norm"}],
        "recursion.workflow": ["replace", "accumulate"],
    },
    "run": {"executor": "serial"},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    store = tmp_path_factory.mktemp("sweep") / f"{EVIL}.run"
    run(spec_of(TABLE), store)
    return findings(store)


def test_text(found):
    text = findings_text(found)
    assert "4 of 4 units done." in text
    assert "Rate of scale from generation 1 to 8, with 95 % intervals" in text
    assert re.search(r"kernel-density\(bandwidth=0.5\) +replace +\+0\.\d+ .* never forgets", text)
    assert re.search(r'scipy\(distribution="norm"\) +replace +-0\.\d+ .* of 12', text)
    assert "none: under accumulate nothing is forgotten at a constant rate" in text
    assert "gaussian, maximum likelihood" in text
    assert "moments (moment=variance, coordinate=0) at generation 8" in text


def test_rows_hold_every_value(found):
    heads, rows = findings_rows(found)
    listed = list(rows)
    assert heads[:3] == ["recursion.learner", "recursion.workflow", "statistic"]
    assert len(listed) == 4 * 3 * 4  # points, generations, curves
    assert all(len(row) == len(heads) for row in listed)


def test_charts_show_every_point_and_the_law(found, tmp_path):
    pictures = {picture.title: picture for picture in findings_charts(found)}
    assert [title.split(",")[0] for title in pictures] == ["growth_rate", "log_scale", "moments", "moments"]
    spec = pictures["log_scale"].chart.to_dict()
    values = spec["datasets"][spec["data"]["name"]]
    assert {(row["colour"], row["panel"]) for row in values} == {
        (learner, f"workflow {workflow}")
        for learner in ("kernel-density(bandwidth=0.5)", 'scipy(distribution="norm")')
        for workflow in ("replace", "accumulate")
    }
    drawn = {row["generation"]: row for row in values if row["colour"].startswith("scipy") and "law" in row}
    (reading,) = (
        p.reading for p in found.points if list(p.varied.values()) == ['scipy(distribution="norm")', "replace"]
    )
    assert drawn[8]["law"] == pytest.approx(drawn[2]["value"] + 6 * reading.law_rate, rel=1e-12)
    assert not any("law" in row for row in values if row["panel"] == "workflow accumulate")
    save_chart(pictures["log_scale"].chart, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_what_there_is_no_room_for_is_counted(tmp_path):
    table = {
        "recursion": {"family": "gaussian"},
        "statistics": ["mean_scale"],
        "generations": 3,
        "grid": {"recursion.sample_size": list(range(5, 15))},
        "run": {"executor": "serial"},
    }
    run(spec_of(table), tmp_path)
    (picture,) = findings_charts(findings(tmp_path))
    assert picture.caption == "2 points are left out; the table has them."


class Parsed(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.script, self.inside = [], "", None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = dict(attrs).get("id")

    def handle_data(self, data):
        if self.inside == "data":
            self.script += data


def test_page_is_whole_and_safe(found, tmp_path):
    """A name made to break out stays text; nothing is loaded from elsewhere."""
    page = findings_page(found)
    parsed = Parsed()
    parsed.feed(page)
    assert len(json.loads(parsed.script)) == 4
    assert EVIL not in page
    assert page.count("<h1>&lt;b&gt;&amp;&#x27;own</h1>") == 1
    assert not any(attributes.get("src") for _, attributes in parsed.tags)
    assert [a["id"] for tag, a in parsed.tags if tag == "div" and a.get("id", "").startswith("chart-")] == [
        f"chart-{i}" for i in range(4)
    ]
    save_findings_page(found, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
