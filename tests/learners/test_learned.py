"""A learner's recursion is an ordinary one: under every workflow, reproducible, and with errors that name the place."""

import pickle

import numpy as np
import pytest

from modelcollapse import Corpus, InputError, Parameters, Recursion, solve
from modelcollapse.errors import LearnerError
from modelcollapse.families import Laplace
from modelcollapse.learners import DensityEstimator, FittedDistribution, KnownDistribution, Learned, learner_recipe
from modelcollapse.samplers import Temperature
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.loop import snapshots
from modelcollapse.start import Empirical, Sample
from modelcollapse.statistics import Moments
from modelcollapse.workflows import WORKFLOWS, FixedReal, FreshMix, Recipe, WeightedMix, Workflow
from tests.learners import own

REAL = Sample(np.random.default_rng(1).normal(size=(30, 2)))
LEARNERS = {
    "own": (own.Normal, {}),
    "own object": (own.Normal(), {}),
    "own function": (own.made, {"widen": 1.0}),
    "address": ("tests.learners.own:Normal", {}),
    "kernel density": ("kernel-density", {"bandwidth": 0.4}),
    "mixture": ("gaussian-mixture", {"n_components": 2, "init_params": "random_from_data", "reg_covar": 1e-3}),
    "bayesian": ("bayesian-gaussian-mixture", {"init_params": "random_from_data", "max_iter": 500}),
    "scipy": ("scipy", {"distribution": "multivariate_normal"}),
}
EVERY = pytest.mark.parametrize("name", LEARNERS)


def learned(name):
    learner, parameters = LEARNERS[name]
    return Learned(learner, **parameters)


def drawn(recursion, horizon, replicates, seed):
    return [s.drawn.values for s in snapshots(recursion, horizon, replicates, np.random.default_rng(seed))]


@EVERY
@pytest.mark.parametrize("workflow", [workflow() for workflow in WORKFLOWS], ids=lambda workflow: workflow.name)
def test_every_learner_under_every_workflow(name, workflow):
    recursion = Recursion(learned(name), REAL, [20, 25, 20], workflow)
    if isinstance(workflow, WeightedMix):  # a learner takes data, and no weights
        with pytest.raises(InputError, match="every datum must count a whole number of times"):
            drawn(recursion, 3, 2, 1)
        return
    first, again, other = (drawn(recursion, 3, 2, seed) for seed in (1, 1, 2))
    for batch, same, differs in zip(first, again, other, strict=True):
        assert np.isfinite(batch).all()
        np.testing.assert_array_equal(batch, same)
        assert batch.shape != differs.shape or not np.array_equal(batch, differs)
        assert not np.array_equal(batch[0], batch[1])  # replicates are apart


@pytest.mark.parametrize("start", [REAL, KnownDistribution("norm"), Empirical(KnownDistribution("norm"), 20)])
def test_starts(start):
    recursion = Recursion(Learned(own.Normal), start, 15, FreshMix(0.5))
    assert recursion.family.datum_size(start.truth) == drawn(recursion, 2, 3, 1)[1].shape[2]


@pytest.mark.parametrize("start", [Corpus([1, 2]), Parameters(mean=0.0, scale=1.0)])
def test_another_start_is_refused(start):
    with pytest.raises(InputError, match=r"Sample\(data\)"):
        Recursion(Learned(own.Normal), start, 15)


def test_real_data_start_another_family_is_refused():
    with pytest.raises(InputError, match="laplace family starts from"):
        Recursion(Laplace(), REAL, 15)


def test_a_sampler_is_refused():
    with pytest.raises(InputError, match="knows no such sampler"):
        Recursion(Learned(own.Normal), REAL, 15, sampler=Temperature(0.5))


def test_generation_0_is_fitted_to_the_real_data_and_fresh_data_are_drawn_from_them():
    """A learner that returns its first datum: generation 1 is one real datum; fresh data are other ones."""

    class First:
        def fit(self, data, rng):
            self.row = data[0]

        def sample(self, n, rng):
            return np.tile(self.row, (n, 1))

    batch = drawn(Recursion(Learned(First), REAL, 6), 1, 5, 1)[0]
    real = {row.tobytes() for row in REAL.values}
    assert all(len({row.tobytes() for row in rows}) == 1 and rows[0].tobytes() in real for rows in batch)
    assert len({rows.tobytes() for rows in batch}) > 1  # each replicate has its own shuffle
    fresh = drawn(Recursion(Learned(First), REAL, 40, FreshMix(1.0)), 1, 2, 1)[0]
    assert {row.tobytes() for row in fresh[0]} <= real | {np.zeros(2).tobytes()}
    assert len({row.tobytes() for row in fresh[0]}) > 15


def test_a_fit_sees_exactly_the_data_of_the_workflow_in_random_order():
    """Sizes and content of what is fitted to: real data twice and the new ones under `FixedReal(2)`."""
    fits = []

    class Watching(own.Normal):
        def fit(self, data, rng):
            fits.append(data.copy())
            super().fit(data, rng)

    recursion = Recursion(Learned(lambda: Watching()), REAL, 10, FixedReal(2.0))
    batches = drawn(recursion, 2, 1, 1)
    assert [len(rows) for rows in fits] == [30, 70, 70]
    expected = np.concatenate([REAL.values, REAL.values, batches[1][0]])
    np.testing.assert_array_equal(np.sort(fits[2], axis=0), np.sort(expected, axis=0))
    assert not np.array_equal(fits[2], expected)


def test_a_gaussian_learner_has_the_law_of_the_gaussian_family():
    """Variance by maximum likelihood falls by 1 - 1/n a generation: |z| < 5.1 at three generations (1e-6).

    The rate of the unbiased estimator, no fall at all, is caught.
    """
    n, generations = 10, np.array([1, 5, 10])
    recursion = Recursion(Learned(own.Normal), KnownDistribution("norm"), n)
    asked = Moments(order=2, ddof=0)
    found = solve(recursion, asked, generations, replicates=1000, rng=5)["moments"]
    value, error = found.value[:, 1, 0], (found.high - found.low)[:, 1, 0] / 3.92
    law = (1 - 1 / n) ** generations
    assert np.abs((value - law) / error).max() < 5.1
    assert np.abs((value - (1 - 1 / n)) / error).max() > 5.1


# Learner, what is said, and where it happens: 30 replicates are 20 blocks of one and 10 more.
FAULTS = {
    "raises in fit": (own.RaisesInFit, "generation 0, replicate 17: fit raised RuntimeError: no memory left"),
    "raises in sample": (own.RaisesInSample, "generation 1, replicate 17: sample raised KeyError: 'weights'"),
    "NaN": (own.NotANumber, "generation 1, replicate 17: sample(8) returned nan in 1 of its 8 rows"),
    "shape": (own.WrongShape, "generation 1, replicate 17: sample(8) returned shape (9, 2) in the place of (8, 2)"),
    "words": (own.Words, "generation 1, replicate 17: sample(8) returned list of <U1 in the place of numbers"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_learner_generation_and_replicate(fault):
    learner, said = FAULTS[fault]
    recursion = Recursion(Learned(learner), REAL, 8)
    simulation = Simulation(recursion, [Moments()], np.array([3]), replicates=30, entropy=1)
    with pytest.raises(LearnerError) as raised:
        simulation.run_block(17)
    assert str(raised.value) == f"learner tests.learners.own:{learner.__name__}, {said}"
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.generation, again.replicate) == (str(raised.value), raised.value.generation, 17)


def test_a_fault_of_a_later_generation():
    fits = []

    def counted():
        fits.append(1)
        return own.RaisesInFit() if len(fits) == 1 + 1 + 4 else own.Normal()  # one is made to look at it

    with pytest.raises(LearnerError, match="generation 4, replicate 0: fit raised"):
        drawn(Recursion(Learned(counted), REAL, 8), 6, 1, 1)


def test_is_rebuilt_in_another_process_from_its_name():
    recursion = Recursion(Learned("scipy", distribution="norm"), KnownDistribution("norm", loc=1.0), 9)
    again = pickle.loads(pickle.dumps(recursion))
    assert again.to_dict() == recursion.to_dict()
    np.testing.assert_array_equal(drawn(recursion, 3, 2, 1)[2], drawn(again, 3, 2, 1)[2])


def test_describes_itself():
    assert Learned("kernel-density", bandwidth=0.4).to_dict() == {
        "name": "learned",
        "learner": "kernel-density",
        "parameters": {"bandwidth": 0.4},
    }
    assert Learned(own.Normal).learner_name == Learned("tests.learners.own:Normal").learner_name
    assert Learned(own.READY).learner_name == "tests.learners.own:Normal"


@pytest.mark.parametrize(
    ("learner", "parameters", "said"),
    [
        ("kernel-denstiy", {}, "Did you mean 'kernel-density'"),
        ("nowhere:Model", {}, "whose module is there"),
        ("tests.learners.own:Nothing", {}, "has no attribute 'Nothing'"),
        ("own:", {}, "an address, as 'my_module:MyModel'"),
        ("json:dumps", {"obj": 1}, "something with `fit` and `sample`.* It makes a str"),
        ("tests.learners.own:Normal", {"width": 1}, "what tests.learners.own:Normal takes"),
        ("tests.learners.own:READY", {"width": 1}, "left out where an object is named"),
        ("kernel-density", {"bandwith": 1}, "it takes algorithm, atol, bandwidth"),
        ("scipy", {"distribution": "nrom"}, "Did you mean 'norm'"),
        ("scipy", {"distribution": "poisson"}, "that scipy can fit"),
        ("sklearn.cluster:KMeans", {}, "can sample"),
        (3, {}, "something with `fit` and `sample`"),
    ],
)
def test_no_learner(learner, parameters, said):
    with pytest.raises(InputError, match=said):
        Learned(learner, **parameters)


def test_a_class_that_raises_when_it_is_made():
    def broken():
        raise OSError("weights.bin is missing")

    with pytest.raises(LearnerError, match="raised OSError when it was made: weights"):
        Learned(broken)


def test_an_installed_package_registers_its_own(tmp_path, monkeypatch):
    info = tmp_path / "plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[modelcollapse.learners]\nplain-normal = tests.learners.own:Normal\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert isinstance(learner_recipe("plain-normal", {}).make(), own.Normal)


def test_estimators_and_distributions_are_adapted():
    from scipy import stats
    from sklearn.mixture import GaussianMixture

    for named in ("sklearn.mixture:GaussianMixture", GaussianMixture, GaussianMixture()):
        assert isinstance(learner_recipe(named, {}).make(), DensityEstimator)
    for named in ("scipy.stats:norm", stats.norm):
        assert isinstance(learner_recipe(named, {"floc": 0.0}).make(), FittedDistribution)


def test_an_estimator_has_a_fresh_state_each_time_and_shuffled_rows():
    """Left to itself, a mixture with a fixed state repeats its sample, component by component."""
    from sklearn.mixture import GaussianMixture

    rng = np.random.default_rng(1)
    rows = np.concatenate([rng.normal(-5, 1, (100, 1)), rng.normal(5, 1, (100, 1))])
    alone = GaussianMixture(2, random_state=0).fit(rows)
    np.testing.assert_array_equal(alone.sample(50)[0], alone.sample(50)[0])
    assert np.abs(np.diff(np.sign(alone.sample(50)[0][:, 0]))).sum() == 2  # one change of sign
    learner = DensityEstimator(GaussianMixture(2, random_state=0))
    learner.fit(rows, rng)
    first, second = learner.sample(50, rng), learner.sample(50, rng)
    assert not np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0))
    assert np.abs(np.diff(np.sign(first[:, 0]))).sum() > 20


def test_a_distribution_of_numbers_refuses_vectors():
    with pytest.raises(InputError, match="dimension 2, but norm is a law of single numbers"):
        drawn(Recursion(Learned("scipy", distribution="norm"), REAL, 5), 1, 1, 1)


class Old(Workflow):
    """Half of the draws from generation 0: exercises a model that is kept."""

    name = "old"

    def recipe(self, generation):
        sources = {0: 1.0} if generation == 1 else {0: 0.5, generation - 1: 0.5}
        return Recipe(sources, {generation: 1.0})


def test_a_workflow_that_goes_back_to_the_first_model():
    assert drawn(Recursion(Learned(own.Normal), REAL, 10, Old()), 4, 2, 1)[3].shape[0] == 2
