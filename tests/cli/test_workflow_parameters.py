"""JSON of forecast and rate: the workflow can be made again from its name and its parameters."""

import pytest

from modelcollapse.workflows import (
    WORKFLOWS,
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)
from tests.cli.running import data_of

ASKED = [
    ((), Replace()),
    (("--fresh", "0.1"), FreshMix(0.1)),
    (("--workflow", "accumulate", "--fresh", "0.25"), Accumulate(0.25)),
    (("--workflow", "accumulate-subsample"), AccumulateSubsample()),
    (("--workflow", "accumulate-subsample", "--subsample", "7"), AccumulateSubsample(7)),
    (("--fresh-count", "3"), FreshCount(3)),
    (("--fresh-count", "3", "--fresh-weight", "0.25"), WeightedMix(3, 0.25)),
    (("--workflow", "weighted-mix", "--fresh-count", "2"), WeightedMix(2, "optimal")),
    (("--real-weight", "0.5"), FixedReal(0.5)),
]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("one two three\ntwo three three\n" * 3, encoding="utf-8")
    return path


def made_again(data):
    kinds = {workflow.name: workflow for workflow in WORKFLOWS}
    return kinds[data["workflow"]](**data["workflow_parameters"])


@pytest.mark.parametrize(("options", "workflow"), ASKED)
def test_the_workflow_can_be_made_again(capsys, text, options, workflow):
    for command in (
        ("forecast", text, "--generations", 2),
        ("rate", "categorical", "--sample-size", 18, "--count", 3, "--generations", 2),
        ("rate", "ngram", text, "--generations", 2, "--simulate", 2, "--seed", 1),
    ):
        data = data_of(capsys, *command, *options, "--quiet")
        assert made_again(data) == workflow
        recorded = data["provenance"]["recursion"]["workflow"]
        assert {"name": data["workflow"], **data["workflow_parameters"]} == recorded


def test_every_workflow_is_asked_for():
    assert {type(workflow) for _, workflow in ASKED} == set(WORKFLOWS)
