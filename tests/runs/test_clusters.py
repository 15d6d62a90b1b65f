"""Real clusters of two workers on this machine: the same bits, also where a worker is killed in mid-run."""

import os
import signal
import threading

import pytest

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs import run
from modelcollapse.runs.executors import make_executor
from modelcollapse.runs.settings import RunSettings
from tests.runs.sweeps import alive, answered, counted, held, killed, never_returning, shards, slowly, until


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What the units hold without a cluster."""
    stores = {number: tmp_path_factory.mktemp(f"plain{number}") for number in (8, 60)}
    for number, store in stores.items():
        run(counted(number, executor="serial"), store, evaluate=answered)
    return {number: held(store) for number, store in stores.items()}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder in which units leave notes."""
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("MODELCOLLAPSE_TEST_FOLDER", str(tmp_path / "notes"))
    return tmp_path / "notes"


@pytest.fixture
def cluster(request):
    """An executor of two workers."""
    pytest.importorskip({"dask": "distributed", "ray": "ray"}[request.param], reason=f"the extra {request.param}")
    with make_executor(RunSettings(executor=request.param, jobs=2)) as made:
        yield made


BOTH = pytest.mark.parametrize("cluster", ["dask", "ray"], indirect=True)


@BOTH
def test_a_worker_is_killed_in_mid_run(tmp_path, folder, plain, cluster):
    """Twice; nothing is lost, nothing is given up, and the end is the same bits."""
    found = []
    spec = counted(60, batch_seconds=0.02, attempts=100)
    details = {"executor": cluster, "evaluate": slowly}
    thread = threading.Thread(target=lambda: found.append(run(spec, tmp_path / "store", **details)))
    thread.start()
    for wanted in (1, 4):
        until(lambda wanted=wanted: len(shards(tmp_path / "store")) >= wanted or not thread.is_alive())
        victims = [int(note.name.partition("-")[2]) for note in folder.glob("worker-*")]
        victim = next(process for process in victims if alive(process))
        os.kill(victim, signal.SIGKILL)
        until(lambda victim=victim: not alive(victim))
    thread.join()
    assert found[0].failed == {}
    assert held(tmp_path / "store").equals(plain[60])


@BOTH
def test_units_that_end_their_worker_are_found(tmp_path, plain, cluster):
    """One kills its worker, or never returns: it alone fails."""
    for evaluate, settings in ((killed, {}), (never_returning, {"timeout": 0.5})):
        store = tmp_path / evaluate.__name__
        summary = run(counted(8, attempts=2, **settings), store, executor=cluster, evaluate=evaluate)
        assert len(summary.failed) == 1
        assert "its worker has ended" in next(iter(summary.failed.values()))
        kept = [row for row in plain[8].to_pylist() if row["unit"] not in summary.failed]
        assert held(store).to_pylist() == kept


def test_an_address(tmp_path, plain):
    """A cluster that is there already stays there."""
    distributed = pytest.importorskip("distributed", reason="the extra dask")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, processes=False) as there,
        make_executor(RunSettings(executor="dask", address=there.scheduler_address)) as cluster,
    ):
        run(counted(8), tmp_path / "store", executor=cluster, evaluate=answered)
    assert held(tmp_path / "store").equals(plain[8])


def test_nobody_answers(monkeypatch):
    pytest.importorskip("distributed", reason="the extra dask")
    monkeypatch.setattr("modelcollapse.runs.dask_cluster._SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(ModelCollapseError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        make_executor(RunSettings(executor="dask", address="tcp://127.0.0.1:1"))


def test_an_address_without_a_cluster(tmp_path):
    with pytest.raises(InputError, match="`address` is 'tcp://x:1', but must be left out"):
        run(counted(2, address="tcp://x:1"), tmp_path, evaluate=answered)
