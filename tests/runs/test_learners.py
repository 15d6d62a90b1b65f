"""Learners in a sweep: named in the spec, said before they run, saved on the way, and their data part of the sweep."""

import numpy as np
import pytest

from modelcollapse import InputError
from modelcollapse.learners import Learned
from modelcollapse.runs import run, spec_of
from modelcollapse.runs.checking import code_of
from modelcollapse.runs.place import Place
from modelcollapse.runs.saved import saved_folder
from modelcollapse.runs.starts import hash_of
from modelcollapse.runs.store import Store
from modelcollapse.simulate import checkpoint
from tests.learners import own
from tests.runs.sweeps import held

ADDRESS = "tests.learners.own:Normal"
TABLE = {
    "recursion": {
        "learner": ADDRESS,
        "sample_size": 10,
        "start": {"name": "distribution", "distribution": "norm", "loc": 1.0},
    },
    "statistics": ["log_scale", {"name": "moments", "order": 1}],
    "generations": [1, 6],
    "replicates": 4,
    "run": {"executor": "serial"},
}


def sweep(**changes):
    return spec_of({**TABLE, **changes})


def with_recursion(**changes):
    return sweep(recursion={**TABLE["recursion"], **changes})


def test_a_sweep_of_learners_under_workflows(tmp_path):
    grid = {
        "recursion.learner": [ADDRESS, {"name": "kernel-density", "bandwidth": 0.5}],
        "recursion.workflow": ["replace", "accumulate"],
    }
    summary = run(sweep(grid=grid), tmp_path / "store")
    assert (summary.done, summary.failed) == (4, {})
    assert set(held(tmp_path / "store")["statistic"].to_pylist()) == {"log_scale", "moments"}
    assert not saved_folder(Place(tmp_path / "store")).exists()


@pytest.mark.parametrize(
    ("learner", "statistics", "named"),
    [
        (ADDRESS, ["log_scale"], [ADDRESS]),
        ({"name": ADDRESS}, [{"name": "measured", "function": "numpy:std"}], [ADDRESS, "numpy:std"]),
        ("kernel-density", ["log_scale"], []),
        ({"name": "scipy", "distribution": "norm"}, ["measured"], ["numpy:mean"]),
    ],
)
def test_code_of_others_is_named_and_not_imported(learner, statistics, named, monkeypatch):
    def imported(*_):
        raise AssertionError

    monkeypatch.setattr("modelcollapse.learners.recipe.load_attribute", imported if named else (lambda *_: own.Normal))
    monkeypatch.setattr("modelcollapse.statistics.measured.load_attribute", imported)
    spec = sweep(recursion={**TABLE["recursion"], "learner": learner}, statistics=statistics)
    assert code_of(spec) == named


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"learner": "kernel-denstiy"}, "recursion.learner: `learner` is 'kernel-denstiy'"),
        ({"learner": 3}, "recursion.learner: is 3"),
        ({"learner": {"bandwidth": 3}}, "recursion.learner: is {'bandwidth': 3}"),
        ({"learner": {"name": "kernel-density", "bandwith": 3}}, "bandwith"),
        ({"learner": "kernel-density", "family": "gaussian"}, "exactly one of"),
        ({"learner": "kernel-density", "start": {"name": "distribution", "distribution": "nrom"}}, "Did you mean"),
        ({"learner": "kernel-density", "start": {"name": "sample", "path": "none.csv"}}, "a file that exists"),
    ],
)
def test_refused(changes, said):
    with pytest.raises(InputError) as refused:
        with_recursion(**changes)
    assert said in str(refused.value)


def test_a_learner_that_fails_fails_its_unit_with_the_place(tmp_path):
    summary = run(with_recursion(learner="tests.learners.own:NotANumber"), tmp_path)
    (reason,) = summary.failed.values()
    assert "learner tests.learners.own:NotANumber, generation 2, replicate 0: sample(10) returned nan" in reason


def test_real_data_are_part_of_the_sweep(tmp_path):
    """The file's hash is; another content is another sweep, refused with the difference."""
    path = tmp_path / "real.npy"
    np.save(path, np.random.default_rng(1).normal(size=(20, 2)))
    start = {"name": "sample", "path": str(path)}
    spec = with_recursion(start=start)
    assert spec.recursion["start"]["sha256"] == hash_of(str(path))
    assert run(spec, tmp_path / "store").done == 1
    assert run(with_recursion(start=start), tmp_path / "store").run == 0
    np.save(path, np.random.default_rng(2).normal(size=(20, 2)))
    with pytest.raises(InputError, match=r"another sweep[\s\S]*recursion.start.sha256: was"):
        run(with_recursion(start=start), tmp_path / "store")
    summary = run(spec, tmp_path / "other")  # read before the file was changed
    assert "holds other data" in next(iter(summary.failed.values()))


FITS = []


class Interrupted(own.Normal):
    """Is killed in its 15th fit, once."""

    def fit(self, data, rng):
        FITS.append(len(data))
        if len(FITS) == 15:
            raise KeyboardInterrupt
        super().fit(data, rng)


def test_a_stopped_unit_goes_on_from_its_last_generation(tmp_path, monkeypatch):
    """One replicate of 30 generations, saved at each, stopped in the 15th fit: the rest takes 16 fits and one again."""
    monkeypatch.setattr(checkpoint.Checkpoints, "__init__", _every_generation)
    spec = spec_of(
        {
            **TABLE,
            "recursion": {**TABLE["recursion"], "learner": f"{__name__}:Interrupted"},
            "generations": [30],
            "replicates": 1,
        }
    )
    FITS.clear()
    with pytest.raises(KeyboardInterrupt):
        run(spec, tmp_path / "store")
    assert len(FITS) == 15
    assert saved_folder(Place(tmp_path / "store")).exists()
    assert run(spec, tmp_path / "store").done == 1
    assert len(FITS) == 15 + 17
    assert not saved_folder(Place(tmp_path / "store")).exists()
    run(spec, tmp_path / "again")
    assert held(tmp_path / "store").equals(held(tmp_path / "again"))


def _every_generation(self, folder, seconds=0.0):
    object.__setattr__(self, "folder", folder)
    object.__setattr__(self, "seconds", seconds)


def test_a_store_elsewhere_saves_no_units(tmp_path):
    assert run(with_recursion(learner=ADDRESS), "memory://learners").done == 1
    assert Store(Place("memory://learners")).contents().done


def test_the_spec_and_python_ask_the_same():
    unit = next(iter(__import__("modelcollapse.runs", fromlist=["units_of"]).units_of(sweep())))[1]
    assert unit.question().recursion.family.to_dict() == Learned(ADDRESS).to_dict()
