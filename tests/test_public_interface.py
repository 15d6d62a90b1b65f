"""What `import modelcollapse` offers, and what it costs."""

import subprocess
import sys

import pytest

import modelcollapse


def test_names_are_few_and_all_there():
    assert len(modelcollapse.__all__) <= 25
    for name in modelcollapse.__all__:
        assert getattr(modelcollapse, name) is not None
    assert set(modelcollapse.__all__) == {"__version__", *modelcollapse._HOME}
    assert set(modelcollapse.__all__) <= set(dir(modelcollapse))


def test_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = modelcollapse.nothing


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import modelcollapse", {"numpy", "scipy", "numba", "click", "altair", "pyarrow"}),
        (
            "from click.testing import CliRunner\n"
            "from modelcollapse.cli.app import program\n"
            "assert CliRunner().invoke(program, ['--help']).exit_code == 0",
            {"numpy", "scipy", "numba", "altair", "pyarrow"},
        ),
        (
            "from modelcollapse import embedded, forecast\nforecast(embedded(), 3)",
            {"scipy.stats", "numba", "altair", "pyarrow", "fsspec"},
        ),
        (
            "import numpy as np\n"
            "from modelcollapse import Recursion\n"
            "from modelcollapse.learners import Learned, learner_recipe\n"
            "from modelcollapse.start import Sample\n"
            "class Same:\n    fit = sample = print\n"
            "Recursion(Learned(Same), Sample(np.zeros((3, 2))), 10)",
            {"sklearn", "scipy.stats", "numba", "pandas", "altair", "pyarrow", "click"},
        ),
    ],
    ids=["import", "help", "forecast", "learner"],
)
def test_nothing_heavy_is_imported(statement, absent):
    code = f"{statement}\nimport sys\nprint(*(name for name in {sorted(absent)!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
