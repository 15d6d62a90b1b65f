"""Units and workers that go wrong, in real processes: what is done is kept, what failed is said, the rest is run."""

import pytest

from modelcollapse.errors import ModelCollapseError
from modelcollapse.runs import place as place_module
from modelcollapse.runs import run, status
from modelcollapse.runs.queue import Queue
from modelcollapse.runs.unit import Unit, units_of
from tests.runs.sweeps import answered, counted, greedy, held, killed, leaking, never_returning, raising


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What eight units hold when nothing goes wrong."""
    store = tmp_path_factory.mktemp("plain")
    assert run(counted(8, executor="serial"), store, evaluate=answered).done == 8
    return held(store)


def third(spec):
    """The key of the unit at which things go wrong."""
    return list(units_of(spec))[3][1].key


def without(rows, key):
    return rows.filter([unit != key for unit in rows["unit"].to_pylist()])


@pytest.mark.parametrize(
    ("evaluate", "settings", "reason"),
    [
        (raising, {}, "ZeroDivisionError: a unit of the test"),
        (killed, {}, "its worker process has ended (killed by signal 9)"),
        (never_returning, {"timeout": 0.2, "attempts": 2}, "it did not return in time; it was at line"),
        (greedy, {"memory": 10**9, "attempts": 2}, "it needs more memory than a worker may use"),
    ],
    ids=["raises", "kills its worker", "never returns", "needs too much memory"],
)
def test_a_unit_that_fails_costs_itself_alone(tmp_path, plain, evaluate, settings, reason):
    spec = counted(8, batch_seconds=30.0, **settings)
    summary = run(spec, tmp_path, evaluate=evaluate)
    assert list(summary.failed) == [third(spec)]
    assert summary.failed[third(spec)].startswith(reason)
    assert summary.done == 7
    record = status(tmp_path).failed[third(spec)]
    assert record["attempts"] == spec.run.attempts
    assert held(tmp_path).equals(without(plain, third(spec)))
    assert run(spec, tmp_path, evaluate=answered).run == 1
    assert held(tmp_path).equals(plain)
    assert status(tmp_path).failed == {}


def test_units_that_leak_wear_their_worker_out(tmp_path, plain):
    """Each keeps 160 MB: a worker with 500 MB is replaced again and again, and all units are done in the end."""
    summary = run(counted(8, memory=500 * 10**6, jobs=1, batch_seconds=30.0), tmp_path, evaluate=leaking)
    assert summary.failed == {}
    assert held(tmp_path).equals(plain)


def test_a_full_disk_ends_the_run_and_keeps_what_is_done(tmp_path, plain, monkeypatch):
    """The fourth shard does not fit any more."""
    whole, written = place_module._replace, []

    def filling(target, content, lasting):
        if target.suffix == ".parquet":
            written.append(target)
            if len(written) == 4:
                raise OSError(28, "No space left on device")
        whole(target, content, lasting)

    spec = counted(8, batch_seconds=0.0, executor="serial")
    monkeypatch.setattr(place_module, "_replace", filling)
    with pytest.raises(ModelCollapseError, match=r"cannot write .*: No space left on device"):
        run(spec, tmp_path, evaluate=answered)
    monkeypatch.undo()
    assert status(tmp_path).done == 3
    assert run(spec, tmp_path, evaluate=answered).run == 5
    assert held(tmp_path).equals(plain)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelCollapseError, match="cannot make"):
        run(counted(2), tmp_path / "file" / "store", evaluate=answered)


def test_workers_that_cannot_even_start(tmp_path):
    with pytest.raises(ModelCollapseError, match="worker processes end before they begin a unit"):
        run(counted(2, memory=10**6, jobs=1), tmp_path, evaluate=answered)


@pytest.mark.parametrize(
    "settings",
    [
        {"jobs": 1, "batch_seconds": 0.0},
        {"jobs": 3, "batch_seconds": 0.0},
        {"jobs": 2, "batch_seconds": 60.0},
        {"executor": "serial", "batch_seconds": 60.0},
    ],
)
def test_no_bit_depends_on_workers_or_batches(tmp_path, plain, settings):
    assert run(counted(8, **settings), tmp_path, evaluate=answered).done == 8
    assert held(tmp_path).equals(plain)


def test_a_culprit_that_is_not_known_is_found():
    """Where it is not known at which unit a worker died, each of the batch is tried alone."""
    units = [Unit(name, {}) for name in "abcdef"]
    queue = Queue(units[2:], workers=1, batch_seconds=1.0, attempts=3)
    queue.isolate(units[:2])
    assert [len(queue.take()) for _ in range(2)] == [1, 1]
    assert [unit.key for unit in queue.take()] == ["c"]
