"""Reproducible to the bit: by seed, by block, on any number of threads, in any order, interrupted or not."""

import pickle

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import Gaussian, Laplace
from modelcollapse.simulate.engine import Simulation, run
from modelcollapse.simulate.memory import predicted_bytes, require_memory
from modelcollapse.statistics import (
    CollapseTime,
    Diversity,
    ForgettingTime,
    MeanScale,
    ScaleTail,
    Survival,
    Vocabulary,
    VocabularyTime,
)
from modelcollapse.workflows import Accumulate, FixedReal, FreshMix

COIN = Recursion(Categorical(), Known([0.1, 0.9]), 10)
NORMAL = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 10)


def test_same_seed_same_bits():
    first, second, other = (
        solve(COIN, Survival(), 5, method="simulate", replicates=3000, rng=seed)["survival"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.value, second.value)
    assert not np.array_equal(first.value, other.value)
    assert first.provenance.entropy == 1


def test_entropy_in_the_result_repeats_a_run_without_a_seed():
    first = solve(COIN, Vocabulary(), 5, method="simulate", replicates=100)["vocabulary"]
    again = solve(COIN, Vocabulary(), 5, method="simulate", replicates=100, rng=first.provenance.entropy)
    np.testing.assert_array_equal(first.value, again["vocabulary"].value)


def test_generator_and_seed_sequence_are_seeds():
    for make in (np.random.default_rng, np.random.SeedSequence):
        one, two = (solve(COIN, Vocabulary(), 5, method="simulate", replicates=50, rng=make(3)) for _ in range(2))
        np.testing.assert_array_equal(one["vocabulary"].value, two["vocabulary"].value)


@pytest.mark.parametrize("recursion", [COIN, Recursion(Categorical(), Known([0.1, 0.9]), 10, FreshMix(0.2)), NORMAL])
def test_blocks_replay_alone_and_in_any_order(recursion):
    asked = [MeanScale(), ScaleTail(0.5)] if recursion is NORMAL else [Survival(), Diversity()]
    simulation = Simulation(recursion, asked, np.array([1, 4]), replicates=5000, entropy=11)
    assert simulation.blocks >= 20
    backwards = {number: simulation.run_block(number) for number in reversed(range(simulation.blocks))}
    total = None
    for number in range(simulation.blocks):
        total = backwards[number] if total is None else [a + b for a, b in zip(total, backwards[number], strict=True)]
    whole = solve(recursion, asked, [1, 4], method="simulate", replicates=5000, rng=11)
    for statistic, sums in zip(asked, total, strict=True):
        np.testing.assert_array_equal(whole[statistic.name].value, sums.total / 5000)


@pytest.mark.parametrize("n_jobs", [2, 8, -1])
def test_threads_change_no_bit(n_jobs):
    asked = [Vocabulary(), Survival()]
    one, many = (solve(COIN, asked, 7, method="simulate", replicates=30_000, rng=3, n_jobs=n) for n in (1, n_jobs))
    for name in ("vocabulary", "survival"):
        for array, again in zip(one[name].arrays().values(), many[name].arrays().values(), strict=True):
            np.testing.assert_array_equal(array, again)


def test_interrupted_stored_and_continued():
    simulation = Simulation(NORMAL, [MeanScale()], np.array([1, 9]), replicates=4000, entropy=5)
    *_, whole = run(simulation)
    partials = run(simulation, n_jobs=2)
    some = [next(partials) for _ in range(7)][-1]
    partials.close()
    stored = pickle.loads(pickle.dumps(some))
    *_, continued = run(simulation, done=stored)
    assert continued.blocks == whole.blocks == simulation.blocks
    for name in ("total", "squares", "between", "undefined"):
        np.testing.assert_array_equal(getattr(continued.sums[0], name), getattr(whole.sums[0], name))


def test_precision_of_a_probability_is_kept():
    result = solve(COIN, Survival([0]), 5, method="simulate", precision=0.02, rng=1)["survival"]
    assert (result.high - result.low).max() / 2 <= 0.02
    assert 2000 < result.replicates < 3000  # 0.98^2 / 0.02^2 = 2401, and a little more as the interval is exact


def test_precision_of_a_mean_is_reached():
    result = solve(COIN, Diversity(), 5, method="simulate", precision=0.05, rng=1)["diversity"]
    assert np.all((result.high - result.low) / 2 < 0.05 * result.value.max())
    tighter = solve(COIN, Diversity(), 5, method="simulate", precision=0.025, rng=1)["diversity"]
    assert tighter.replicates == pytest.approx(4 * result.replicates, rel=0.01)


@pytest.mark.parametrize("precision", [0, -1, float("nan"), 2])
def test_refused_precision(precision):
    with pytest.raises(InputError, match="`precision`"):
        solve(COIN, Diversity(), 5, method="simulate", precision=precision)


def test_precision_and_replicates_exclude_each_other():
    with pytest.raises(InputError, match="only one may be given"):
        solve(COIN, Diversity(), 5, method="simulate", precision=0.1, replicates=10)
    with pytest.raises(NoAnswerError, match="more than 1e\\+09"):
        solve(COIN, Survival(), 5, method="simulate", precision=1e-6)


@pytest.mark.parametrize("n_jobs", [0, -2, 1.5])
def test_refused_threads(n_jobs):
    with pytest.raises(InputError, match="`n_jobs`"):
        solve(COIN, Diversity(), 5, method="simulate", n_jobs=n_jobs)


def test_memory_is_predicted():
    """Laplace data of a growing pool: 10^6 data a generation, 8 numbers each with the working space, 10^4 times."""
    huge = Recursion(Laplace(), Parameters(location=0.0, scale=1.0), 10**6, Accumulate())
    simulation = Simulation(huge, [MeanScale()], np.array([10_000]), replicates=20, entropy=1)
    assert predicted_bytes(simulation, 1) > 8 * 8 * 10**10
    with pytest.raises(NoAnswerError, match=r"GB are free; ask for fewer"):
        require_memory(simulation, 1)
    require_memory(Simulation(huge, [MeanScale()], np.array([2]), replicates=1, entropy=1), 1)


def test_a_pool_beyond_64_bits_is_refused():
    """Counts that would wrap around in silence: a corpus near the largest, and draws added to it."""
    corpus = Corpus([2**62, 2**62 - 10])
    huge = Recursion(Categorical(), corpus, 10**13, Accumulate())
    with pytest.raises(InputError, match=r"counts end at 9e\+18"):
        solve(huge, Diversity(), 3, method="simulate", replicates=2)
    with pytest.raises(InputError, match=r"counts end at 9e\+18"):
        solve(Recursion(Categorical(), Corpus([10**10, 5]), 10, FixedReal(1e9)), Diversity(), 1, method="simulate")
    replace = Recursion(Categorical(), corpus, 10**13)
    assert solve(replace, Diversity(), 3, method="simulate", replicates=2, rng=1)["diversity"].value[0] > 0.4


def test_times_are_read_off_the_simulated_curve():
    """The law's quantiles lie within the simulated intervals."""
    asked = [ForgettingTime([0], levels=[0.5, 0.8]), VocabularyTime(0.8)]
    exact = solve(COIN, asked, 30)
    simulated = solve(COIN, asked, 30, method="simulate", replicates=20_000, rng=2)
    for name in ("forgetting_time", "vocabulary_time"):
        assert np.all(simulated[name].low <= exact[name].value)
        assert np.all(exact[name].value <= simulated[name].high)
    tail = solve(NORMAL, CollapseTime(0.5, [0.5]), 40, method="simulate", replicates=5000, rng=2)["collapse_time"]
    assert abs(tail.value[0] - solve(NORMAL, CollapseTime(0.5, [0.5]), [])["collapse_time"].value[0]) <= 1


def test_a_time_beyond_the_horizon_is_infinite():
    time = solve(COIN, ForgettingTime([1]), 3, method="simulate", replicates=100, rng=1)["forgetting_time"]
    assert np.all(np.isinf(time.value))
    assert "infinite if not reached by then" in time.provenance.reason


def test_no_time_where_absence_is_not_for_ever():
    with pytest.raises(NoAnswerError, match="may come back"):
        solve(Recursion(Categorical(), Known([0.1, 0.9]), 10, FreshMix(0.1)), ForgettingTime(), 5, method="simulate")
