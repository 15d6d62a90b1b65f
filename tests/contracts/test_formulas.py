"""What every formula promises, tried over the list of formulas."""

import ast
import doctest
import inspect
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from modelcollapse import InputError, laws
from modelcollapse.laws.formulas import FORMULAS, Kind
from modelcollapse.reference import Basis

EVERY = pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
BAD = {"nan": float("nan"), "text": "x", "empty": [], "ragged": [[0.5], [0.5, 0.5]], "complex": 1j, "thing": object()}
SECTIONS = ("Parameters", "Raises", "References", "Examples")


def test_names_are_different():
    names = [formula.name for formula in FORMULAS] + [law.name for law in laws.LAWS]
    assert len(names) == len(set(names))


def test_none_is_left_out():
    """A public function of the laws whose documentation cites a source is a formula, or belongs to a law."""
    of_laws = {"enclosed"}  # quantiles of scales
    found = set()
    for path in Path(laws.__file__).parent.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and "References\n" in (ast.get_docstring(node) or ""):
                found.add(node.name)
    assert found - of_laws == {formula.name for formula in FORMULAS}


@EVERY
def test_says_what_it_is(formula):
    assert formula.statement
    assert formula.references
    assert formula.kind in get_args(Kind)
    assert formula.basis in get_args(Basis)
    assert getattr(sys.modules[formula.module], formula.name) is formula.function
    assert formula.to_dict()["references"] == [reference.key for reference in formula.references]


@EVERY
def test_is_documented_and_its_examples_run(formula):
    text = inspect.getdoc(formula.function)
    assert all(f"\n{section}\n{'-' * len(section)}\n" in text for section in SECTIONS)
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    (example,) = doctest.DocTestFinder(recurse=False).find(formula.function, formula.name)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=options).run(example).failed == 0


@EVERY
def test_answers_its_example(formula):
    found = formula.function(**formula.example)
    assert numbers(found)
    assert np.all(np.isfinite(numbers(found)))


@EVERY
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_refuses_what_is_no_argument(formula, bad):
    parameters = inspect.signature(formula.function).parameters
    assert set(formula.example) <= set(parameters)
    for name in parameters:
        with pytest.raises(InputError, match=f"`{name}`"):
            formula.function(**{**formula.example, name: bad})


def numbers(found):
    """Every number of an answer: a number, an array, or a record with some."""
    if hasattr(found, "__dataclass_fields__"):
        return [x for name in found.__dataclass_fields__ for x in numbers(getattr(found, name))]
    if isinstance(found, tuple):
        return [x for part in found for x in numbers(part)]
    return [] if found is None else np.ravel(np.asarray(found, dtype=float)).tolist()
