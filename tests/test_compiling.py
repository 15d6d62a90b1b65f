"""Compilation is announced, once, and only where it takes place."""

from numba.core import event

from modelcollapse.compiling import announced


def test_compiling_is_announced_once(capsys):
    with announced("the word counter", seconds=10):
        for _ in range(3):
            with event.trigger_event("numba:run_pass"):
                pass
    assert capsys.readouterr().err == (
        "modelcollapse: compiling the word counter, once per installation (about 10 s) ...\n"
    )


def test_nothing_is_said_where_nothing_is_compiled(capsys):
    with announced("the word counter", seconds=10):
        pass
    assert capsys.readouterr().err == ""
