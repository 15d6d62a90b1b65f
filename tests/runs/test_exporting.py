"""One file for all results, and few shards for many: the same rows in the order of the grid."""

import itertools

import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from modelcollapse import Gaussian, Parameters, Recursion, solve
from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs import compact, export, run, spec_of, status, table, units_of
from modelcollapse.runs import compacting as compacting_module
from modelcollapse.runs.lock import locked
from modelcollapse.runs.place import Place
from modelcollapse.statistics import MeanVariance, ScaleTail
from tests.runs.sweeps import TABLE, held, shards, sweep

GRID = list(itertools.product([5, 10, 20], [0, 1]))


@pytest.fixture
def store(tmp_path):
    """A finished sweep of six shards."""
    folder = tmp_path / "store"
    run(sweep(run={"batch_seconds": 0}), folder)
    return folder


def test_rows_are_those_of_the_door(store):
    """A second route: each point of the grid asked at the door, with the entropy that its key says."""
    rows = table(store).to_pylist()
    expected = []
    for (size, ddof), (_, unit) in zip(GRID, units_of(sweep()), strict=True):
        recursion = Recursion(Gaussian(ddof=ddof), Parameters(mean=0.0, scale=1.0), size)
        asked = [MeanVariance(), ScaleTail(0.5)]
        found = solve(recursion, asked, 4, method="simulate", replicates=40, rng=int(unit.key, 16))
        for result in found.values():
            expected += [(size, ddof, k + 1, float(value)) for k, value in enumerate(result.value)]
    names = ("recursion.sample_size", "recursion.family.ddof", "generation", "value")
    assert [tuple(row[name] for name in names) for row in rows] == expected


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_does_not_depend_on_how_it_was_computed(store, tmp_path, ending):
    """Batches, parts, compacting: the same bytes."""
    other, files = tmp_path / "other", [tmp_path / f"{i}.{ending}" for i in range(3)]
    for part in ("3/3", "1/3", "2/3"):
        run(sweep(run={"batch_seconds": 60}), other, shard=part)
    export(store, files[0])
    export(other, files[1])
    compact(store)
    export(store, files[2])
    assert len({file.read_bytes() for file in files}) == 1


def test_files_can_be_read_back(store, tmp_path):
    exported = export(store, tmp_path / "a.parquet")
    assert (exported.units, exported.done, exported.rows) == (6, 6, 48)
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == table(store).to_pylist()
    export(store, tmp_path / "a.csv")
    read = csv.read_csv(tmp_path / "a.csv")
    assert read["value"].to_pylist() == table(store)["value"].to_pylist()
    assert read["recursion.sample_size"].to_pylist() == table(store)["recursion.sample_size"].to_pylist()


def test_netcdf_has_an_axis_for_each_path(store, tmp_path):
    xr, _ = pytest.importorskip("xarray"), pytest.importorskip("h5netcdf")
    export(store, tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as read:
        assert dict(read.sizes) == {"recursion.sample_size": 3, "recursion.family.ddof": 2, "generation": 4}
        for row in table(store).to_pylist():
            place = {name: row[name] for name in ("recursion.sample_size", "recursion.family.ddof", "generation")}
            assert float(read[row["statistic"]].sel(place)) == row["value"]
            assert float(read[row["statistic"] + "_low"].sel(place)) == row["low"]


def test_netcdf_of_steps_levels_bounds_and_holes(tmp_path):
    """Axes that some statistics alone have, paths that change together, units that are missing."""
    xr, _ = pytest.importorskip("xarray"), pytest.importorskip("h5netcdf")
    statistics = ["mean_variance", "collapse_time", {"name": "scale_tail", "threshold": 0.5}, "scale_tail"]
    together = {"recursion.sample_size": [5, 9], "recursion.workflow": ["replace", {"name": "fresh-mix", "fresh": 0.5}]}
    spec = spec_of(
        {**TABLE, "statistics": statistics, "zip": together, "grid": {"seed": [1, 2]}, "run": {"executor": "serial"}}
    )
    run(spec, tmp_path / "store", shard="1/3")
    export(tmp_path / "store", tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as read:
        assert read["collapse_time"].dims == ("zip_step", "seed", "level")
        assert {"scale_tail_1", "scale_tail_2"} <= set(read)
        assert read["recursion.workflow"].to_numpy().tolist() == ["replace", "fresh-mix(fresh=0.5)"]
        assert int(read["mean_variance"].isnull().any("generation").sum()) == 2
    bounds = spec_of({**TABLE, "statistics": ["scale_tail"], "method": "bounds", "run": {"executor": "serial"}})
    run(bounds, tmp_path / "bounds")
    export(tmp_path / "bounds", tmp_path / "b.nc")
    with xr.open_dataset(tmp_path / "b.nc", engine="h5netcdf") as read:
        assert any(name.startswith("scale_tail_upper_") for name in map(str, read))


def test_parts_are_pooled(tmp_path):
    """By hand: means by replicates with a value, and the standard deviation of all replicates together."""
    few = {"replicates": 7, "parts": 2, "statistics": ["moments"], "run": {"executor": "serial"}}
    recursion = {
        "learner": {"name": "scipy", "distribution": "norm"},
        "start": {"name": "distribution", "distribution": "norm"},
    }
    spec = spec_of({**TABLE, **few, "recursion": recursion, "grid": {"recursion.sample_size": [5, 9]}})
    run(spec, tmp_path / "store")
    parts = table(tmp_path / "store").to_pylist()
    found = table(tmp_path / "store", pool=True)
    assert not {"unit", "part"} & set(found.column_names)
    assert found.num_rows == len(parts) / 2
    for row in found.to_pylist():
        same = [
            part
            for part in parts
            if all(part[name] == row[name] for name in ("recursion.sample_size", "generation", "coordinates"))
        ]
        assert [part["replicates"] for part in same] == [4, 3]
        first, second = same
        mean = (4 * first["value"] + 3 * second["value"]) / 7
        squares = sum(
            (part["replicates"] - 1) * part["sd"] ** 2 + part["replicates"] * part["value"] ** 2 for part in same
        )
        assert row["value"] == pytest.approx(mean, rel=1e-12)
        assert row["sd"] == pytest.approx(((squares - 7 * mean**2) / 6) ** 0.5, rel=1e-9)
        assert row["replicates"] == 7
    exported = export(tmp_path / "store", tmp_path / "a.csv", pool=True)
    assert (exported.units, exported.done, exported.rows) == (4, 4, found.num_rows)
    xr, _ = pytest.importorskip("xarray"), pytest.importorskip("h5netcdf")
    export(tmp_path / "store", tmp_path / "a.nc", pool=True)
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as read:
        assert "part" not in read.sizes


def test_an_unfinished_sweep_gives_what_there_is(tmp_path):
    run(sweep(), tmp_path / "store", shard="2/3")
    exported = export(tmp_path / "store", tmp_path / "a.csv")
    assert (exported.units, exported.done) == (6, 2)
    found = {
        (row["recursion.sample_size"], row["recursion.family.ddof"]) for row in table(tmp_path / "store").to_pylist()
    }
    assert found == set(GRID[1::3])


def test_refused(store, tmp_path):
    with pytest.raises(InputError, match="must be a file name ending in"):
        export(store, tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="holds no sweep"):
        export(tmp_path / "none", tmp_path / "a.csv")
    with pytest.raises(InputError, match="holds no sweep"):
        compact(tmp_path / "none")
    with pytest.raises(ModelCollapseError, match=r"cannot write .*no partial file was left"):
        export(store, tmp_path / "none" / "a.csv")


def test_compacting_keeps_every_row(store):
    before = held(store)
    assert (compact(store).after, len(shards(store))) == (1, 1)
    assert held(store).equals(before)
    assert run(sweep(), store).run == 0
    assert compact(store).after == 1
    assert held(store).equals(before)


def test_compacting_that_is_interrupted_loses_nothing(store, monkeypatch):
    """Before, between and after its removals: units held twice count once."""
    before = held(store)

    def interrupted(self, names):
        self.place.remove(f"shards/{names[0]}")
        raise KeyboardInterrupt

    monkeypatch.setattr(compacting_module.Store, "remove_shards", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compact(store)
    monkeypatch.undo()
    assert len(shards(store)) == 6
    assert (status(store).done, held(store).equals(before)) == (6, True)
    compact(store)
    assert len(shards(store)) == 1
    assert held(store).equals(before)


def test_a_running_sweep_is_not_compacted(store):
    with locked(Place(store)), pytest.raises(ModelCollapseError, match="is in use"):
        compact(store)
