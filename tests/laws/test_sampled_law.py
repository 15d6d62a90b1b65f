"""Sampled one-step laws against simulation, closed forms and an exact walk; false-alarm rates of 1e-6, fixed seeds."""

import numpy as np
import pytest

from modelcollapse import NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import Exponential, Laplace, Logistic, Student
from modelcollapse.laws import sampled_law
from modelcollapse.laws.sampled_law import mean_step
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.laws.scales.sampled_step import BATCHES, SampledStep, sampled_step
from modelcollapse.laws.scales.sampled_walk import SampledWalk, estimated
from modelcollapse.laws.scales.scale_steps import Exponential as ExponentialStep
from modelcollapse.statistics import CollapseTime, MeanScale, MeanVariance, ScaleTail

START = Parameters(location=3.0, scale=2.0)
FAMILIES = [Laplace(), Logistic(), Student(shape=3.0)]
FAR = 5.5  # standard errors: 60 comparisons exceed it with probability below 1e-5 x 60 / 2, each with 3.8e-8


def recursion(family, size=10):
    return Recursion(family, START, size)


def standard_error(result):
    return (result.high - result.low) / 2 / 1.96


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
@pytest.mark.parametrize("size", [2, 8])
def test_tails_and_moments_against_simulation(family, size):
    student = family.name == "student"
    replicates, size = (1000, 2 * size) if student else (10_000, size)
    generations = [1, 2, 3, 5, 8, 12]
    for statistic in (ScaleTail(0.5),) if student and size == 4 else (ScaleTail(0.5), MeanScale()):
        name = statistic.name
        law = solve(recursion(family, size), statistic, generations, method="sampled")[name]
        seen = solve(recursion(family, size), statistic, generations, method="simulate", replicates=replicates, rng=5)[
            name
        ]
        assert law.kind == "estimate"
        assert law.source == "sampled_step"
        assert np.all((law.low <= law.value) & (law.value <= law.high))
        error = np.hypot(standard_error(law), np.maximum(standard_error(seen), 1e-3))
        assert np.max(np.abs(law.value - seen.value) / error) < FAR


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_rates_are_known_to_a_few_percent(family):
    """Their interval is narrower than that of a plain mean: weights are what makes it so."""
    value, low, high = mean_step(recursion(family, 20))
    assert high - low < (0.1 if family.name == "student" else 0.03) * abs(value)
    step = sampled_step(family, 20)
    plain = np.full(step.log_ratio.size, 1.0 / step.log_ratio.size)
    naive = 1.96 * step.log_ratio.std() / np.sqrt(step.log_ratio.size)
    assert high - low < naive
    assert abs(plain @ step.log_ratio.ravel() - value) < 3 * naive


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_weights_reproduce_what_is_known(family):
    step = sampled_step(family, 10)
    for left_out in (None, 3):
        weights = step.weights(left_out)
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert np.abs(np.einsum("br,brc->c", weights, step.controls)).max() < 1e-12
    assert not step.weights(3)[3].any()
    # The controls are what they are said to be: their means are 0 within the error of the sample.
    unweighted = step.controls.reshape(-1, 4)
    assert np.all(np.abs(unweighted.mean(axis=0)) < 5.5 * unweighted.std(axis=0) / np.sqrt(len(unweighted)))


def exponential_sample(size, seed, each=2000):
    """The machinery fed with a law that is known: R = Gamma(n)/n, the control its score."""
    ratio = np.random.default_rng(seed).gamma(size, size=(BATCHES, each)) / size
    score = (ratio - 1.0) * np.sqrt(size)
    return SampledStep(np.log(ratio), np.stack([score, score**2 - 1.0], axis=2))


@pytest.mark.parametrize("size", [2, 30])
def test_the_machinery_against_a_law_that_is_known(size):
    walk, exact = SampledWalk(exponential_sample(size, 1)), ExponentialStep(size)
    generations = np.array([1, 2, 3, 4, 7, 16, 40, 100, 1000])
    for x in (-4.0, -0.5, 0.1):
        found, truth = walk.at_most(generations, x), tail(exact, generations, x).at_most
        error = (found.high - found.low) / 2 / 2.09 + 2e-5
        assert np.max(np.abs(found.value - truth) / error) < 6.5  # 19 degrees of freedom have heavier tails
    rate = estimated(walk.mean())
    assert abs(rate.value - exact.cumulant(1)) < 3 * (rate.high - rate.low)
    wrong = tail(ExponentialStep(size + 1), generations, -0.5).at_most
    found = walk.at_most(generations, -0.5)
    assert np.any(np.abs(found.value - wrong) > 5 * (found.high - found.low))


def test_intervals_hold_the_truth_as_often_as_they_say():
    """60 samples of a law that is known: 95 % of the intervals hold; fewer than 75 % have probability below 1e-6."""
    generations, x = np.array([20]), -1.0
    truth = tail(ExponentialStep(10), generations, x).at_most
    found = [SampledWalk(exponential_sample(10, seed, 100)).at_most(generations, x) for seed in range(100, 160)]
    held = np.mean([(f.low <= truth) & (truth <= f.high) for f in found], axis=0)
    assert np.all(held >= 0.75)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_collapse_times_are_those_of_the_curve(family):
    levels = [0.1, 0.5, 0.9]
    time = solve(recursion(family), CollapseTime(0.1, levels), [], method="sampled")["collapse_time"]
    curve = solve(recursion(family), ScaleTail(0.1), 200, method="sampled")["scale_tail"]
    for level, value, low, high in zip(levels, time.value, time.low, time.high, strict=True):
        assert value == 1 + np.argmax(1 - curve.value >= level)
        assert low == 1 + np.argmax(1 - curve.low >= level)
        assert high == 1 + np.argmax(1 - curve.high >= level)
    assert np.all((time.low <= time.value) & (time.value <= time.high))


def test_the_same_question_has_the_same_answer():
    first = solve(recursion(Laplace()), ScaleTail(), 20, method="sampled")["scale_tail"].value
    sampled_step.cache_clear()
    assert np.array_equal(first, solve(recursion(Laplace()), ScaleTail(), 20, method="auto")["scale_tail"].value)


def test_far_generations():
    found = solve(recursion(Laplace(), 1000), ScaleTail(0.5), [600, 10**6], method="sampled")["scale_tail"]
    assert 0.3 < found.value[0] < 0.9
    assert found.value[1] < 1e-10
    assert found.high[1] < 2e-3


def test_what_is_declined():
    questions = [
        (Recursion(Laplace(), START, [10, 12]), ScaleTail(), 2),
        (recursion(Laplace(), 10**6), ScaleTail(), 2),
        (recursion(Student(shape=0.5), 8), ScaleTail(), 2),
        (recursion(Student(shape=1.0), 4), MeanVariance(), 2),
        (recursion(Laplace()), ScaleTail(), [10**6 + 1]),
        (recursion(Laplace(), 5000), CollapseTime(1e-300), []),
    ]
    for question, statistic, generations in questions:
        with pytest.raises(NoAnswerError):
            solve(question, statistic, generations, method="sampled")
    with pytest.raises(NoAnswerError):
        solve(recursion(Laplace()), ScaleTail(), 3, method="exact")
    assert mean_step(Recursion(Exponential(), Parameters(scale=1.0), 10)) is None
    assert sampled_law.sampled_walk(Recursion(Laplace(), START, [3, 4])) is None
