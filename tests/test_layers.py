"""No lower layer imports a higher one."""

import ast
from pathlib import Path

import pytest

import modelcollapse

ROOT = Path(modelcollapse.__file__).parent

# From the ground up. A module may import from its own layer's own part and from layers before it in this list.
LAYERS = [
    {"errors", "compiling", "citation"},
    {"arguments", "branching", "reference"},
    {"start", "provenance", "files", "loading"},
    {"samplers", "text_corpus"},
    {"families", "workflows"},
    {"recursion"},
    {"statistics"},
    {"result", "corpus"},
    {"laws", "simulate"},
    {"bounds"},
    {"door"},
    {"unseen"},
    {"planning"},
    {"comparing"},
    {"cataloguing", "fitting", "forecasting", "learners", "rating"},
    {"runs"},
    {"report"},
    {"reproduce"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if path != ROOT / "__init__.py"]


def upward_imports(part: str, source: str) -> set[str]:
    """Parts of the package that `source`, living in `part`, imports though they are not below it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "modelcollapse":
            below = node.module.split(".")[1:]
            found |= {below[0]} if below else {alias.name for alias in node.names if alias.name != "__version__"}
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("modelcollapse.")}
    return {name for name in found if name != part and LEVEL[name] >= LEVEL[part]}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path):
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert part in LEVEL, f"{part} is in no layer: give it a place in LAYERS"
    assert upward_imports(part, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "from modelcollapse.door import solve",
        "import modelcollapse.cli.app",
        "def f():\n    from modelcollapse import report",
    ],
)
def test_an_upward_import_is_seen(source):
    assert upward_imports("laws", source)
