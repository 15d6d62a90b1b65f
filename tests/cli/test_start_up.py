"""What takes long to load is loaded by those who need it: most answers of `rate` need neither SciPy nor a compiler."""

import subprocess
import sys

import pytest

QUESTIONS = {
    "categorical": "categorical --sample-size 100 --count 1",
    "schedule": "categorical --probability 0.1 --sample-sizes 100,50,200",
    "poisson": "poisson --sample-size 10 --rate 1",
    "gaussian": "gaussian --sample-size 10 --threshold 0.1",
    "dimension": "gaussian --sample-size 10 --dimension 3 --threshold 0.1",
    "exponential": "exponential --sample-size 10 --threshold 0.1",
    "range": "uniform-range --sample-size 10 --threshold 0.1",
    "regression": "linear-regression --sample-size 60 --dimension 5",
    "json": "categorical --sample-size 100 --count 1 --format json",
}
CODE = """
import atexit, sys
from modelcollapse.cli import main
slow = {"scipy", "numba", "pandas", "altair", "pydantic"}
slow |= {f"modelcollapse.{part}" for part in ("corpus", "fitting", "forecasting", "learners", "planning", "runs")}
atexit.register(lambda: print("loaded:", *sorted(slow & set(sys.modules))))
main(sys.argv[1:])
"""


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_nothing_slow_is_loaded(question):
    command = [sys.executable, "-c", CODE, "rate", *question.split(), "--quiet"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1].split() == ["loaded:"]


def test_what_is_needed_is_loaded():
    """The negative control: where fresh data flow, a sparse matrix looks symbols up."""
    question = [*QUESTIONS["categorical"].split(), "--fresh", "0.1"]
    command = [sys.executable, "-c", CODE, "rate", *question, "--quiet"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "scipy" in found.stdout.splitlines()[-1]
