"""Rows of a shard hold what the door returned, to the bit."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.runs.rows import NUMBERS, Rows
from modelcollapse.statistics import (
    CollapseTime,
    ForgettingTime,
    MeanVariance,
    NonZero,
    ScaleTail,
    Survival,
    VocabularyTime,
)

ROOT = Path(__file__).parents[2]
COIN = Recursion(Categorical(), Known([0.01, 0.09, 0.9]), sample_size=20)
NORMAL = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=5)


@pytest.mark.parametrize(
    ("recursion", "statistics", "details"),
    [
        (NORMAL, [MeanVariance(), ScaleTail(0.5)], {"method": "auto"}),
        (NORMAL, [MeanVariance(), ScaleTail(0.5)], {"method": "simulate", "replicates": 30, "rng": 1}),
        (NORMAL, [CollapseTime(0.5)], {"method": "simulate", "replicates": 30, "rng": 1}),
        (NORMAL, [ScaleTail(0.5)], {"method": "bounds"}),
        (COIN, [Survival([0, [1, 2]]), ForgettingTime([0]), VocabularyTime(0.5)], {"method": "auto"}),
        (Recursion(Poisson(), Parameters(rate=1.0), sample_size=3), [NonZero()], {"method": "auto"}),
    ],
)
def test_every_number_is_there(recursion, statistics, details):
    results = solve(recursion, statistics, [1, 4, 9], **details)
    results = [result for name in results for result in results.of(name)]
    rows = Rows()
    rows.add("u", results)
    found = iter(rows.table().to_pylist())
    for result in results:
        for place in np.ndindex(result.value.shape):
            row = next(found)
            labels = {name: result.coordinates[name][i] for name, i in zip(result.dimensions, place, strict=True)}
            assert row["generation"] == labels.pop("generation", None)
            assert json.loads(row["coordinates"] or "{}") == json.loads(json.dumps(labels))
            assert (row["unit"], row["statistic"], row["kind"]) == ("u", result.statistic, result.kind)
            assert (row["source"], row["error"], row["replicates"]) == (result.source, result.error, result.replicates)
            for name in NUMBERS:
                array = getattr(result, name)
                same = row[name] is None if array is None else row[name] == array[place] or math.isnan(array[place])
                assert same, name
    assert next(found, None) is None


def test_details_of_a_statistic():
    rows = Rows()
    rows.add("u", list(solve(NORMAL, ScaleTail(0.5), 1).values()))
    assert json.loads(rows.table()["details"][0].as_py()) == {"threshold": 0.5}


def test_a_worker_does_not_load_pandas():
    code = (
        "import sys; from modelcollapse.runs import spec_of, units_of; from modelcollapse.runs.batch import *\n"
        "from tests.runs.sweeps import TABLE\n"
        "task = Task([unit for _, unit in units_of(spec_of(TABLE))], {})\n"
        "assert len(run_batch(task).units) == 6\n"
        "print(*({'pandas', 'scipy.stats', 'altair'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
