"""A block that was stopped goes on after its last saved generation, with the same bits."""

import json

import numpy as np
import pytest

from modelcollapse import Categorical, InputError, Known, Parameters, Recursion
from modelcollapse.families import Laplace
from modelcollapse.learners import KnownDistribution, Learned
from modelcollapse.simulate.checkpoint import Checkpoints, can_be_saved
from modelcollapse.simulate.engine import Simulation, run
from modelcollapse.start import Empirical, Sample
from modelcollapse.statistics import GrowthRate, LogScale, Moments, Survival
from modelcollapse.workflows import WORKFLOWS, WeightedMix
from tests.learners import own
from tests.learners.test_learned import Old

REAL = Sample(np.random.default_rng(1).normal(size=(12, 2)))
STARTS = {
    "real data": REAL,
    "known law": KnownDistribution("multivariate_normal", mean=[0.0, 1.0]),
    "sample of a law": Empirical(KnownDistribution("multivariate_normal", mean=[0.0, 1.0]), 9),
}
FITS = []
STOP_AFTER = [10**9]


class Stoppable(own.Normal):
    """A learner of random fits that is interrupted when it has been fitted so often."""

    def fit(self, data, rng):
        FITS.append(len(data))
        if len(FITS) > STOP_AFTER[0]:
            raise KeyboardInterrupt
        super().fit(data, rng)
        self.sd = self.sd * np.exp(rng.normal(0.0, 0.1))


@pytest.fixture(autouse=True)
def _fresh():
    FITS.clear()
    STOP_AFTER[0] = 10**9


def simulation(workflow, start, checkpoints=None, horizon=8, entropy=1):
    recursion = Recursion(Learned(Stoppable), start, 9, workflow)
    asked = [LogScale(), GrowthRate(since=2), Moments(order=4)]
    return Simulation(recursion, asked, np.array([3, 5, horizon]), 3, entropy, checkpoints)


def arrays_of(sums):
    return [array for each in sums for array in (each.total, each.squares, each.undefined, each.between)]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    "workflow", [*(each() for each in WORKFLOWS if each is not WeightedMix), Old()], ids=lambda workflow: workflow.name
)
def test_goes_on_with_the_same_bits(workflow, start, tmp_path):
    if workflow.name == "fixed-real" and start == "known law":
        return
    whole = arrays_of(simulation(workflow, STARTS[start]).run_block(0))
    fits = len(FITS)
    for stop in range(1, fits):
        FITS.clear()
        STOP_AFTER[0] = stop
        saved = simulation(workflow, STARTS[start], Checkpoints(tmp_path / str(stop), seconds=0))
        with pytest.raises(KeyboardInterrupt):
            saved.run_block(0)
        FITS.clear()
        STOP_AFTER[0] = 10**9
        for expected, found in zip(whole, arrays_of(saved.run_block(0)), strict=True):
            np.testing.assert_array_equal(expected, found)
        # A model that is drawn from again is fitted again: the newest, and under `Old` that of generation 0.
        first = 0 if STARTS[start].real_size == 0 else 1
        assert len(FITS) <= fits - (stop - first) + 1 + first


def test_a_finished_block_is_read_back(tmp_path):
    saved = simulation(WORKFLOWS[0](), REAL, Checkpoints(tmp_path, seconds=0))
    first = arrays_of(saved.run_block(0))
    FITS.clear()
    for expected, found in zip(first, arrays_of(saved.run_block(0)), strict=True):
        np.testing.assert_array_equal(expected, found)
    assert len(FITS) == 1


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "other"])
def test_a_broken_file_costs_time_only(harm, tmp_path):
    saved = simulation(WORKFLOWS[0](), REAL, Checkpoints(tmp_path, seconds=0))
    whole = arrays_of(saved.run_block(0))
    place = tmp_path / "block-000000.npz"
    content = bytearray(place.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    harmed = {"cut": content[:middle], "flip": content, "empty": b"", "other": b"no archive"}[harm]
    place.write_bytes(harmed)
    FITS.clear()
    for expected, found in zip(whole, arrays_of(saved.run_block(0)), strict=True):
        np.testing.assert_array_equal(expected, found)
    assert len(FITS) > 1


def test_a_file_that_would_run_code_is_not_opened(tmp_path):
    np.savez(tmp_path / "block-000000.npz", contents=np.array([print], dtype=object))
    saved = simulation(WORKFLOWS[0](), REAL, Checkpoints(tmp_path, seconds=0))
    plain = arrays_of(simulation(WORKFLOWS[0](), REAL).run_block(0))
    for expected, found in zip(plain, arrays_of(saved.run_block(0)), strict=True):
        np.testing.assert_array_equal(expected, found)


def test_a_file_holds_numbers_and_text_only(tmp_path):
    simulation(WORKFLOWS[1](), REAL, Checkpoints(tmp_path, seconds=0)).run_block(0)
    with np.load(tmp_path / "block-000000.npz", allow_pickle=False) as file:
        contents = json.loads(file["contents"].tobytes())
        kinds = {file[name].dtype.kind for name in file.files}
    assert contents["generation"] == 8
    assert kinds <= set("fiu")


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"entropy": 2}, "seed"), ({"horizon": 9}, "generations"), ({"workflow": WORKFLOWS[1]()}, "workflow")],
)
def test_another_simulation_is_refused(changed, named, tmp_path):
    kept = Checkpoints(tmp_path, seconds=0)
    simulation(workflow=WORKFLOWS[0](), start=REAL, checkpoints=kept).run_block(0)
    other = simulation(**{"workflow": WORKFLOWS[0](), "start": REAL, "checkpoints": kept, **changed})
    with pytest.raises(InputError, match=f"simulation with other {named}; remove it"):
        other.run_block(0)


def test_quick_blocks_are_not_saved(tmp_path):
    simulation(WORKFLOWS[0](), REAL, Checkpoints(tmp_path / "none", seconds=1e9)).run_block(0)
    assert not (tmp_path / "none").exists()


def test_families_that_keep_data_are_saved_and_others_run_through(tmp_path):
    laplace = Recursion(Laplace(), Parameters(location=0.0, scale=1.0), 9)
    coin = Recursion(Categorical(), Known([0.5, 0.5]), 9)
    assert (can_be_saved(laplace), can_be_saved(coin)) == (True, False)
    kept = Checkpoints(tmp_path, seconds=0)
    for recursion, asked in ((laplace, [LogScale()]), (coin, [Survival([0])])):
        plain = Simulation(recursion, asked, np.array([4]), 40, 1)
        saved = Simulation(recursion, asked, np.array([4]), 40, 1, kept)
        *_, first = run(plain)
        *_, second = run(saved)
        np.testing.assert_array_equal(first.sums[0].total, second.sums[0].total)
    assert len(list(tmp_path.iterdir())) == 20
