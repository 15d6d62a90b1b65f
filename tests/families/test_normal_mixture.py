"""Mixtures of normal laws by EM: against an EM of our own, against the Gaussian law, and what dies."""

import itertools
import sys

import numpy as np
import pytest
from scipy import stats

from modelcollapse import InputError, Parameters, Recursion, solve
from modelcollapse.families import Components, Gaussian, NormalMixture
from modelcollapse.families.data import Data
from modelcollapse.families.normal_mixture import NormalBatch
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics import ComponentsAlive, MeanScale, ScaleTail
from modelcollapse.workflows import Accumulate, FreshMix

THREE = Components(
    [0.2, 0.5, 0.3],
    means=[[0.0, 0.0], [4.0, 1.0], [-2.0, 5.0]],
    covariances=[[[1.0, 0.3], [0.3, 0.5]], [[0.7, 0.0], [0.0, 2.0]], [[1.5, -0.4], [-0.4, 1.0]]],
)
FAR = Components([0.1, 0.9], means=[-9.0, 9.0], covariances=[1.0, 1.0])
ONE = Components([1.0], means=[2.0], covariances=[4.0])


def parts(family, model):
    """Weights, means and covariances of one replicate."""
    factor = family.factors(model)[0]
    return (
        family.weights(model)[0],
        family.location(model)[0] + family.offsets(model)[0],
        factor @ factor.swapaxes(1, 2),
    )


def log_densities(data, weights, means, covariances):
    laws = [stats.multivariate_normal(mean, cov) for mean, cov in zip(means, covariances, strict=True)]
    return np.stack([np.log(w) + law.logpdf(data) for w, law in zip(weights, laws, strict=True)])


def log_likelihood(data, *model):
    return np.logaddexp.reduce(log_densities(data, *model), axis=0).mean()


def em_step(data, *model):
    """One step of EM, written from its definition."""
    joint = log_densities(data, *model)
    share = np.exp(joint - np.logaddexp.reduce(joint, axis=0))
    number = share.sum(axis=1)
    means = share @ data / number[:, None]
    away = data[None] - means[:, None]
    return number / len(data), means, np.einsum("kn,kni,knj->kij", share, away, away) / number[:, None, None]


def test_ends_where_an_em_of_our_own_ends():
    family = NormalMixture(3, 2, floor=1e-12, iterations=2000)
    start = family.initial(THREE, 1)
    batch = family.sample(start, 300, np.random.default_rng(1))
    data = (batch.data.origin + batch.data.values)[0]
    found = parts(family, family.fit(batch))
    ours = parts(family, start)
    begun = log_likelihood(data, *ours)
    for _ in range(400):
        ours = em_step(data, *ours)
    top = log_likelihood(data, *ours)
    assert log_likelihood(data, *found) == pytest.approx(top, abs=1e-5)
    assert top > begun + 1e-3  # the control: where it begins is seen to be no end
    for one, other in zip(found, ours, strict=True):
        np.testing.assert_allclose(one, other, atol=0.05)


@pytest.mark.parametrize("dimension", [1, 3])
def test_a_single_component_is_a_gaussian(dimension):
    family = NormalMixture(1, dimension, floor=1e-12)
    values = np.random.default_rng(2).standard_normal((4, 12, dimension)) * 3
    start = Components([1.0], means=np.zeros((1, dimension)), covariances=np.eye(dimension)[None])
    batch = NormalBatch(Data(np.full((4, 1, dimension), 7.0), values), (family.initial(start, 4),))
    model = family.fit(batch)
    np.testing.assert_allclose(family.location(model), 7.0 + values.mean(axis=1), rtol=1e-12)
    for row in range(4):
        covariance = np.atleast_2d(np.cov(values[row].T, ddof=0))
        np.testing.assert_allclose(parts(family, model[row : row + 1])[2][0], covariance, rtol=1e-9, atol=1e-10)
        scale = np.linalg.det(covariance) ** (0.5 / dimension)
        assert family.scale(model)[row] == pytest.approx(scale, rel=1e-9)


def test_a_single_component_has_the_gaussian_law():
    """Scale after 1 and 5 generations of 6 draws, 150 runs: |z| < 5.1 for four, 1e-6; the unbiased law is caught."""
    asked, k, runs = [ScaleTail(0.7), MeanScale()], [1, 5], 150
    recursion = Recursion(NormalMixture(1, floor=1e-12), ONE, 6)
    found = solve(recursion, asked, k, method="simulate", replicates=runs, rng=1)
    largest = {}
    for ddof in (0, 1):
        law = solve(Recursion(Gaussian(ddof=ddof), Parameters(mean=2.0, scale=2.0), 6), asked, k, method="exact")
        tail, mean = law["scale_tail"].value, law["mean_scale"].value
        z = [(found["scale_tail"].value - tail) / np.sqrt(tail * (1 - tail)), (found["mean_scale"].value - mean)]
        z[1] = z[1] / found["mean_scale"].sd
        largest[ddof] = np.abs(z).max() * np.sqrt(runs)
    assert largest[0] < 5.1
    assert largest[1] > 5.1


def test_draws_follow_the_mixture():
    """Kolmogorov-Smirnov, 1e-6; other weights are caught."""
    family = NormalMixture(2)
    start = Components([0.3, 0.7], means=[-1.0, 2.0], covariances=[0.25, 4.0])
    batch = family.sample(family.initial(start, 1), 50_000, np.random.default_rng(3))
    values = (batch.data.origin + batch.data.values)[0, :, 0]

    def law(weight):
        return lambda x: weight * stats.norm(-1, 0.5).cdf(x) + (1 - weight) * stats.norm(2, 2).cdf(x)

    assert stats.kstest(values, law(0.3)).pvalue > 1e-6
    assert stats.kstest(values, law(0.33)).pvalue < 1e-6


def test_components_die_and_stay_dead():
    """A component of weight .1 gets none of 5 draws with probability .59: |z| < 4.9 of 300 runs, 1e-6."""
    family = NormalMixture(2)
    seen = [family.weights(s.model) > 0 for s in snapshots(Recursion(family, FAR, 5), 3, 300, np.random.default_rng(4))]
    dead_at_1 = 2 - seen[0].sum() / 300

    def distance(draws):
        none = 0.9**draws + 0.1**draws
        return abs(dead_at_1 - none) / np.sqrt(none * (1 - none) / 300)

    assert distance(5) < 4.9 < distance(10)
    for before, after in itertools.pairwise(seen):
        assert not np.any(after & ~before)
        assert np.all(after.any(axis=1))
    alive = solve(Recursion(family, FAR, 5), ComponentsAlive(), [1, 6], method="simulate", replicates=60, rng=5)
    first, last = alive["components_alive"].value
    assert 2 > first > last >= 1


def test_fresh_data_bring_components_back():
    """Data of two models are fitted from either: a component that is dead in one may live in the other."""
    recursion = Recursion(NormalMixture(2), FAR, 12, workflow=FreshMix(0.5))
    seen = [s.model for s in snapshots(recursion, 6, 20, np.random.default_rng(6))]
    alive = np.array([(recursion.family.weights(model) > 0).sum(axis=1) for model in seen])
    assert np.any(np.diff(alive, axis=0) > 0)
    assert np.isfinite(seen).all()


def test_of_two_starts_the_likelier_result_is_taken():
    family = NormalMixture(2)
    true, batch = family.initial(FAR, 1), family.sample(family.initial(FAR, 1), 200, np.random.default_rng(7))
    bad = family.initial(Components([0.5, 0.5], means=[9.0, 9.0], covariances=[1.0, 1.0]), 1)  # a saddle
    best = family.fit(batch)
    for sources in ((bad, true), (true, bad)):
        np.testing.assert_allclose(family.fit(NormalBatch(batch.data, sources)), best)
    assert np.any(np.abs(family.fit(NormalBatch(batch.data, (bad,))) - best) > 0.01)


def test_place_and_unit_do_not_matter():
    family = NormalMixture(3, 2)
    model = family.initial(THREE, 1)
    batch = family.sample(model, 60, np.random.default_rng(8))
    once = family.scale(family.fit(batch))
    tiny = model.copy()
    tiny[:, 3:] *= 1e-120
    small = NormalBatch(Data(batch.data.origin * 1e-120, batch.data.values * 1e-120), (tiny,))
    np.testing.assert_allclose(family.scale(family.fit(small)) * 1e120, once, rtol=1e-6)


def test_equal_data_and_deep_collapse():
    family = NormalMixture(2)
    start = family.initial(FAR, 2)
    model = family.fit(NormalBatch(Data(np.full((2, 1, 1), 3.0), np.zeros((2, 5, 1))), (start,)))
    np.testing.assert_array_equal(family.location(model), 3.0)
    np.testing.assert_array_equal(family.scale(model), 0.0)
    np.testing.assert_array_equal(family.weights(model), family.weights(start))
    again = family.fit(family.sample(model, 4, np.random.default_rng(1)))
    np.testing.assert_array_equal(again, model)
    *_, last = snapshots(Recursion(family, FAR, 3), 60, 5, np.random.default_rng(9))
    assert np.isfinite(last.model).all()
    assert np.all(family.scale(last.model) < 1e-3)


def test_a_pool_keeps_its_scale():
    """Accumulating data does not collapse; replacing does."""
    scales = {}
    for name, workflow in (("accumulate", {"workflow": Accumulate()}), ("replace", {})):
        *_, last = snapshots(Recursion(NormalMixture(2), FAR, 10, **workflow), 12, 10, np.random.default_rng(10))
        scales[name] = np.median(NormalMixture(2).scale(last.model))
    assert scales["accumulate"] > 3 * scales["replace"]


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (lambda: NormalMixture(components=0), "components"),
        (lambda: NormalMixture(dimension=101), "dimension"),
        (lambda: NormalMixture(floor=0.0), "floor"),
        (lambda: NormalMixture(iterations=0), "iterations"),
        (lambda: NormalMixture(3).initial(FAR, 1), "start"),
        (lambda: NormalMixture(2).initial(Parameters(location=0.0, scale=1.0), 1), "start"),
        (lambda: NormalMixture(2).require_size(10**7), "sample_size"),
        (lambda: next(snapshots(Recursion(NormalMixture(2), FAR, 1), 1, 1, np.random.default_rng(1))), "sample_size"),
        (lambda: Components([0.5, 0.6], [0.0, 1.0], [1.0, 1.0]), "weights"),
        (lambda: Components([0.0, 1.0], [0.0, 1.0], [1.0, 1.0]), "weights"),
        (lambda: Components([0.5, 0.5], [0.0], [1.0, 1.0]), "means"),
        (lambda: Components([0.5, 0.5], [0.0, np.nan], [1.0, 1.0]), "means"),
        (lambda: Components([0.5, 0.5], [0.0, "x"], [1.0, 1.0]), "means"),
        (lambda: Components([0.5, 0.5], [0.0, 1.0], [1.0]), "covariances"),
        (lambda: Components([0.5, 0.5], [0.0, 1.0], [1.0, 0.0]), "covariances"),
        (lambda: Components([1.0], [[0.0, 0.0]], [[[1.0, 0.5], [0.2, 1.0]]]), "covariances"),
    ],
)
def test_bad_input(build, name):
    with pytest.raises(InputError, match=f"`{name}`|this normal-mixture" if name == "start" else f"`{name}`"):
        build()


def test_fractions_of_data_are_refused():
    family = NormalMixture(2)
    batch = family.sample(family.initial(FAR, 1), 5, np.random.default_rng(1))
    with pytest.raises(InputError, match="whole number"):
        family.fit(family.merge([batch, batch], [0.5, 1.0]))


def test_without_scikit_learn_the_remedy_is_named(monkeypatch):
    family = NormalMixture(2)
    batch = family.sample(family.initial(FAR, 1), 5, np.random.default_rng(1))
    monkeypatch.setitem(sys.modules, "sklearn.mixture", None)
    with pytest.raises(InputError, match="pip install 'modelcollapse\\[sklearn\\]'"):
        family.fit(batch)


def test_starts_describe_themselves():
    assert repr(THREE) == "Components(3 components in 2 dimensions)"
    assert THREE.to_dict()["weights"] == [0.2, 0.5, 0.3]
    with pytest.raises(InputError, match="ask it of `NormalMixture\\(\\)`"):
        ComponentsAlive().coordinates(Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 5))
