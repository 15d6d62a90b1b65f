"""The store: what is done stays, what is damaged is found, what is lost is made again."""

import datetime as dt
import itertools
import json
import os

import pytest

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs import run, status
from modelcollapse.runs.lock import is_locked, locked
from modelcollapse.runs.place import Place
from modelcollapse.runs.shard import decode
from modelcollapse.runs.store import Store
from tests.runs.sweeps import TABLE, held, shards, sweep


@pytest.fixture
def store(tmp_path):
    """A finished sweep of several shards."""
    folder = tmp_path / "store"
    run(sweep(run={"batch_seconds": 0}), folder)
    assert len(shards(folder)) == 6
    return folder


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: flipped(content, 5),
        lambda content: flipped(content, len(content) // 2),
        lambda content: flipped(content, -9),
        lambda content: content + b"x",
    ],
    ids=["half", "empty", "front", "middle", "footer", "longer"],
)
def test_a_damaged_shard_is_set_aside_and_run_again(store, damage):
    before = held(store)
    victim = shards(store)[2]
    victim.write_bytes(damage(victim.read_bytes()))
    assert (status(store).damaged, status(store).done) == (1, 5)
    said = []
    summary = run(sweep(), store, warn=said.append)
    assert (summary.run, summary.damaged, summary.done) == (1, 1, 6)
    assert "1 shard is damaged" in said[0]
    assert (store / "damaged" / victim.name).exists()
    assert held(store).equals(before)


def test_an_intact_shard_is_believed(store):
    name = shards(store)[0].name
    assert decode(name, shards(store)[0].read_bytes()).units
    assert run(sweep(), store).run == 0


def test_a_foreign_file_is_no_shard(store):
    (store / "shards" / "notes.parquet").write_bytes(b"")
    assert run(sweep(), store).run == 0
    assert (store / "shards" / "notes.parquet").exists()


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"spec": 3}'])
def test_the_manifest_is_made_again_from_the_shards(store, content):
    manifest = store / "manifest.json"
    before = manifest.read_bytes()
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    with pytest.raises(InputError, match="another sweep"):
        run(sweep(generations=5), store)
    assert run(sweep(), store).run == 0
    assert json.loads(manifest.read_bytes()) == json.loads(before)


def test_another_spec_is_refused_with_the_difference(store):
    before = held(store)
    changed = sweep(generations=5, grid={**TABLE["grid"], "recursion.sample_size": [5, 10]}, seed=1)
    with pytest.raises(InputError) as caught:
        run(changed, store)
    assert str(caught.value).splitlines()[1:] == [
        "  generations: was 4, is 5",
        "  seed: was 0, is 1",
        "  grid.recursion.sample_size: was [5, 10, 20], is [5, 10]",
    ]
    assert held(store).equals(before)


def test_how_it_is_run_is_no_part_of_the_sweep(store):
    assert run(sweep(name="another", run={"timeout": 9, "attempts": 1}), store).run == 0


def test_other_versions_are_told(store):
    content = shards(store)[0].read_bytes()
    shard = decode(shards(store)[0].name, content)
    from modelcollapse.runs.shard import encode, rows_of

    shards(store)[0].unlink()
    Store(Place(store)).add(
        encode(rows_of(content), shard.units, shard.spec, {**shard.versions, "numpy": "1.0"}), list(shard.units)
    )
    said = []
    run(sweep(), store, warn=said.append)
    assert said == ["earlier units were made with numpy 1.0; digits may differ from those made now"]


def test_a_later_format_is_refused(store):
    manifest = store / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "schema_version": 2}))
    with pytest.raises(ModelCollapseError, match="was written in format 2"):
        run(sweep(), store)


def test_what_an_unfinished_write_left_is_cleared(store):
    left = store / "shards" / ".0123.part"
    left.write_bytes(b"half")
    assert status(store).damaged == 0
    run(sweep(), store)
    assert not left.exists()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\..\\x", ""])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    for place in (Place(tmp_path / "store"), Place("memory://out")):
        with pytest.raises(InputError, match="leads out"):
            place.write(name, b"")
    assert not (tmp_path / "x").exists()


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    """A disk that is full at the end of a write."""
    place = Place(tmp_path / "store")
    place.write("a/b", b"before")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ModelCollapseError, match="No space left on device"):
        place.write("a/b", b"after")
    assert place.read("a/b") == b"before"
    assert [entry.name for entry in (tmp_path / "store" / "a").iterdir()] == ["b"]


def test_an_object_store_holds_the_same(store):
    run(sweep(), "memory://same")
    assert held("memory://same").equals(held(store))
    assert run(sweep(), "memory://same").run == 0
    assert status("memory://same").running is None


def test_an_address_that_cannot_be_opened():
    with pytest.raises(InputError, match="`store` is 'nosuch://x'"):
        Place("nosuch://x")


def test_one_run_at_a_time(tmp_path):
    place = Place(tmp_path)
    with locked(place):
        assert is_locked(place)
        with pytest.raises(ModelCollapseError, match="is in use by process"), locked(place):
            pass
        with pytest.raises(ModelCollapseError, match="is in use"), locked(place, "1/2"):
            pass
    assert not is_locked(place)


def test_parts_side_by_side(tmp_path):
    place = Place(tmp_path)
    with locked(place, "1/2"), locked(place, "2/2"):
        assert is_locked(place)
        with pytest.raises(ModelCollapseError, match="is in use"), locked(place, "1/2"):
            pass
        with pytest.raises(ModelCollapseError, match="is in use"), locked(place):
            pass


def test_a_clock_that_jumps(tmp_path, store, monkeypatch):
    """Years ahead and back at every look, files from the future: nothing but the dates shown depends on it."""
    jumps = itertools.cycle([0, 20, -15, 3, -40])
    told = []

    class Jumping(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            told.append(dt.datetime(2026, 1, 1, tzinfo=tz) + dt.timedelta(days=365 * next(jumps)))
            return told[-1]

    monkeypatch.setattr("modelcollapse.runs.progress.datetime", Jumping)
    folder = tmp_path / "jumping"
    spec = sweep(run={"batch_seconds": 0})
    assert run(spec, folder).run == 6
    assert held(folder).equals(held(store))
    for path in shards(folder)[:3]:
        os.utime(path, (2**32, 2**32))
    shards(folder)[-1].unlink()
    assert run(spec, folder).run == 1
    assert held(folder).equals(held(store))
    assert status(folder).done == 6
    assert len(set(told)) > 2
