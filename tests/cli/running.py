"""The program run in the process of a test."""

import json

import pytest

from modelcollapse.cli.app import main


def run(capsys, *arguments):
    """Return exit status, standard output and standard error."""
    with pytest.raises(SystemExit) as left:
        main(list(map(str, arguments)))
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def data_of(capsys, *arguments):
    """Return what it prints as JSON; it must be done, and say nothing else."""
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)
