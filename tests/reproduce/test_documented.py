"""The figures of the documentation are those of the program: computed anew, from the published replicates."""

import importlib.util
import json
from pathlib import Path

import pytest

from modelcollapse.reproduce import FIGURES

ROOT = Path(__file__).parents[2]
KEPT = json.loads((ROOT / "docs/figures/numbers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_figures", ROOT / "scripts/make_figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_are_there():
    """If not: python scripts/make_figures.py."""
    assert list(KEPT) == [kind.name for kind in FIGURES]
    for kind in FIGURES:
        picture = (ROOT / f"docs/figures/{kind.name}.svg").read_text(encoding="utf-8")
        assert kind.title.replace("'", "&#39;") in picture or kind.title in picture


@pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.name)
def test_numbers_are_those_computed_now(kind, script):
    """If not, and the change is meant: python scripts/make_figures.py, and a line in the changelog."""
    data = script.computed(kind)
    found = script.numbers(data)
    assert data.holds
    if found["text"] != KEPT[kind.name]["text"]:
        pytest.skip("this version of Python carries another text than the one the figure was made from")
    assert list(found["curves"]) == list(KEPT[kind.name]["curves"])
    for name, values in found["curves"].items():
        assert values == pytest.approx(KEPT[kind.name]["curves"][name], rel=1e-8, abs=1e-12), name
