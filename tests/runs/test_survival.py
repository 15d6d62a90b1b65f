"""Runs that are killed, stopped, started twice, or cut into parts: what was kept stays, the end is the same bits."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from modelcollapse.errors import ModelCollapseError
from modelcollapse.runs import run, status, units_of
from modelcollapse.runs.place import Place
from modelcollapse.runs.store import Store
from tests.runs.sweeps import alive, answered, counted, held, seed_of, shards, slowly, telling, until

ROOT = Path(__file__).parents[2]
UNITS = 120
PROGRAM = """
from modelcollapse.runs import engine, run
from tests.runs import sweeps
engine._PATIENCE = sweeps.SOON  # a machine that is busy with other tests is slow to hand in
spec = sweeps.counted({units}, jobs=2, batch_seconds={batch}, attempts=100, executor={executor!r})
run(spec, {store!r}, evaluate=sweeps.{evaluate})
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder in which units leave notes."""
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("MODELCOLLAPSE_TEST_FOLDER", str(tmp_path / "notes"))
    return tmp_path / "notes"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What the sweep holds when nothing goes wrong."""
    store = tmp_path_factory.mktemp("whole")
    run(counted(UNITS, executor="serial"), store, evaluate=answered)
    return held(store)


def program_of(store, evaluate, batch, units, executor="processes"):
    return PROGRAM.format(units=units, batch=batch, store=str(store), evaluate=evaluate, executor=executor)


def started(store, evaluate, batch=0.02, units=UNITS, executor="processes", **how):
    """A run in a process of its own."""
    program = program_of(store, evaluate, batch, units, executor)
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, start_new_session=True, **how)


def done(store):
    return Store(Place(store)).contents().done


def workers(folder):
    return [int(note.name.partition("-")[2]) for note in folder.glob("worker-*")]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_parent_is_killed(tmp_path, folder, whole, seed):
    """Again and again, at random moments: its workers end, what was kept is still there, the end is the same."""
    store, chance = tmp_path / "store", random.Random(seed)
    for _ in range(2):
        before = len(shards(store))
        process = started(store, "slowly")
        wanted = before + chance.randrange(1, 4)
        until(lambda wanted=wanted, process=process: len(shards(store)) >= wanted or process.poll() is not None)
        threading.Event().wait(chance.random() * 0.05)
        acknowledged = {path.name for path in shards(store)}
        process.kill()
        process.wait()
        until(lambda: not any(map(alive, workers(folder))))
        assert acknowledged <= {path.name for path in shards(store)}
        assert status(store).damaged == 0
    kept = done(store)
    assert run(counted(UNITS, executor="serial"), store, evaluate=answered).run == UNITS - len(kept)
    assert held(store).equals(whole)


def test_workers_are_killed(tmp_path, folder, whole):
    """Five of them, at random moments: each costs its batch, no other, and no unit is given up."""
    store, chance, found = tmp_path / "store", random.Random(3), []
    spec = counted(UNITS, jobs=2, batch_seconds=0.02, attempts=100)
    thread = threading.Thread(target=lambda: found.append(run(spec, store, evaluate=slowly)))
    thread.start()
    killed = 0
    while thread.is_alive() and killed < 5:
        victims = [process for process in workers(folder) if alive(process)]
        if victims:
            os.kill(chance.choice(victims), signal.SIGKILL)
            killed += 1
        threading.Event().wait(chance.random() * 0.1)
    thread.join()
    assert killed >= 3
    assert found[0].failed == {}
    assert held(store).equals(whole)


def test_an_interruption_keeps_what_is_done(tmp_path, folder, monkeypatch):
    """Both workers hang, each in the midst of a batch: every unit that had ended is kept, no other is."""
    monkeypatch.setenv("MODELCOLLAPSE_TEST_WAIT_FROM", "12")
    store = tmp_path / "store"
    process = started(store, "telling", batch=1000.0, units=32, stderr=subprocess.PIPE)
    until(lambda: sum(int(note.name[3:]) >= 12 for note in folder.glob("at-*")) == 2)
    ended = {int(note.name[3:]) for note in folder.glob("at-*")} & set(range(12))
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert said.count(b"Traceback") == 1  # workers say nothing
    until(lambda: not any(alive(int(note.read_text())) for note in folder.glob("at-*")))
    assert done(store) == {unit.key for _, unit in units_of(counted(32)) if seed_of(unit) in ended}
    progress = status(store).runs["whole"]
    assert (progress["state"], progress["done"]) == ("interrupted", len(ended))


def test_an_interruption_without_workers(tmp_path):
    """In this process a first one ends the run after the unit that it is at, a second one at once."""
    store = tmp_path / "store"
    for kept in (4, 6):
        process = started(store, "interrupting", batch=1000.0, units=20, executor="serial", stderr=subprocess.PIPE)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGINT
        assert len(done(store)) == kept
    run(counted(20, executor="serial"), store, evaluate=answered)
    assert status(store).done == 20


def test_two_runs_at_once(tmp_path, folder, monkeypatch):
    monkeypatch.setenv("MODELCOLLAPSE_TEST_WAIT_FROM", "0")
    store = tmp_path / "store"
    process = started(store, "telling", units=2)
    until(lambda: list(folder.glob("at-*")))
    assert status(store).running
    with pytest.raises(ModelCollapseError, match=f"is in use by process {process.pid}"):
        run(counted(2), store, evaluate=answered)
    (folder / "go").touch()
    assert process.wait(60) == 0
    assert not status(store).running
    assert status(store).done == 2


def test_files_that_may_not_grow(tmp_path, whole):
    """A disk that is full, by the system's own limit on the size of files."""
    store = tmp_path / "store"
    program = program_of(store, "answered", 1000.0, UNITS)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (7000, 7000))\n"
    ended = subprocess.run(
        [sys.executable, "-c", limit + program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "ModelCollapseError: cannot write" in ended.stderr
    assert "File too large" in ended.stderr
    assert status(store).damaged == 0
    run(counted(UNITS, executor="serial"), store, evaluate=answered)
    assert held(store).equals(whole)


def test_parts_make_the_whole(tmp_path, whole):
    """Parts in one store, and in stores of their own: each unit is run once, and all together are the whole."""
    spec, store = counted(UNITS, executor="serial"), tmp_path / "store"
    parts = [run(spec, store, shard=f"{i}/7", evaluate=answered) for i in (3, 1, 7, 2, 6, 5, 4)]
    assert sum(part.run for part in parts) == UNITS
    assert max(part.units for part in parts) - min(part.units for part in parts) <= 1
    assert held(store).equals(whole)
    assert run(spec, store, evaluate=answered).run == 0


def test_parts_side_by_side(tmp_path, folder, monkeypatch):
    """Two parts hold the store together; the whole must wait."""
    monkeypatch.setenv("MODELCOLLAPSE_TEST_WAIT_FROM", "0")
    store, spec = tmp_path / "store", counted(4, jobs=1)
    threads = [
        threading.Thread(target=run, args=(spec, store), kwargs={"shard": f"{i}/2", "evaluate": telling})
        for i in (1, 2)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(list(folder.glob("at-*"))) == 2)
    with pytest.raises(ModelCollapseError, match="is in use"):
        run(spec, store, evaluate=answered)
    (folder / "go").touch()
    for thread in threads:
        thread.join()
    assert set(status(store).runs) == {"1-of-2", "2-of-2"}
    assert status(store).done == 4
