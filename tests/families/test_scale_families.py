"""Families with a scale: estimators against their definitions, shortcuts against the plain route."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelcollapse import InputError, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import (
    Gaussian,
    Laplace,
    Logistic,
    ScipyDistribution,
    ShiftedExponential,
    Student,
    UniformRange,
)
from modelcollapse.families.kept_data import Data
from modelcollapse.families.scipy_distribution import tail_index
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import GenericLoop
from modelcollapse.statistics import ScaleTail
from tests.families.plain import COMPRESSED, KEPT, batch_of, draw, estimate, label, start

MANY = 20_000
# Two-sample Kolmogorov-Smirnov distance of MANY against MANY: false-alarm rate 1e-6.
LIMIT = np.sqrt(-np.log(0.5e-6) / MANY)


def distance(one, other):
    """Return the Kolmogorov-Smirnov distance."""
    one, other = np.sort(one), np.sort(other)
    everything = np.concatenate([one, other])
    gap = np.searchsorted(one, everything, side="right") - np.searchsorted(other, everything, side="right")
    return np.abs(gap).max() / len(one)


def projections(models):
    """Location, scale, and two mixtures of them: dependence shows in these."""
    location, scale = models[:, 0], models[:, 1]
    return [location, scale, location + 0.7 * scale, location - 0.7 * scale]


@pytest.mark.parametrize("size", [2, 3, 5, 40])
@pytest.mark.parametrize("family", COMPRESSED, ids=label)
def test_shortcut_has_the_law_of_the_plain_route(family, size):
    models = family.initial(start(family), MANY)
    short = family.fit(family.sample(models, size, np.random.default_rng(1)))
    plain = estimate(family, draw(family, (MANY, size), np.random.default_rng(2)))
    assert max(map(distance, projections(short), projections(plain))) < LIMIT


def test_negative_control():
    """A divisor off by one, and a mean too certain by a tenth, are caught."""
    family = Gaussian(ddof=0)
    models = family.initial(start(family), MANY)
    short = family.fit(family.sample(models, 5, np.random.default_rng(1)))
    plain = estimate(Gaussian(ddof=1), draw(family, (MANY, 5), np.random.default_rng(2)))
    assert distance(short[:, 1], plain[:, 1]) > LIMIT
    assert distance(0.9 * short[:, 0], plain[:, 0]) > LIMIT


@pytest.mark.parametrize(("size", "part"), [(4, 3), (9, 2), (9, 4), (12, 11)])
@pytest.mark.parametrize("family", COMPRESSED, ids=label)
def test_subsample_has_the_law_of_the_plain_route(family, size, part):
    """Jointly with the batch that it is drawn from."""
    whole = family.sample(family.initial(start(family), MANY), size, np.random.default_rng(3))
    short = family.fit(family.subsample(whole, part, np.random.default_rng(4)))
    data = draw(family, (MANY, size), np.random.default_rng(5))
    plain = estimate(family, data[:, :part])
    of_whole, of_data = family.fit(whole), estimate(family, data)
    pairs = [*zip(projections(short), projections(plain), strict=True)]
    pairs += zip(projections(short - of_whole), projections(plain - of_data), strict=True)
    pairs += zip(projections(short / of_whole[:, 1:]), projections(plain / of_data[:, 1:]), strict=True)
    assert max(distance(a, b) for a, b in pairs) < LIMIT


@pytest.mark.parametrize("family", COMPRESSED, ids=label)
def test_merged_data_are_fitted_as_data(family):
    data = draw(family, (20, 7), np.random.default_rng(6)) * 3
    np.testing.assert_allclose(family.fit(batch_of(family, data)), estimate(family, data), rtol=1e-13)


def test_several_dimensions_against_the_plain_route():
    """Mean and covariance of 5 data in 3 dimensions: pooled exactly, and 20,000 shortcuts by their law."""
    family = Gaussian(dimension=3)
    rng = np.random.default_rng(7)
    data = rng.standard_normal((MANY, 5, 3))
    covariance = np.einsum("rni,rnj->rij", *[data - data.mean(axis=1, keepdims=True)] * 2) / 4
    singles = family.initial(Parameters(mean=0.0, scale=1.0), MANY)
    parts = [family.sample(singles, 1, rng)._replace(mean=data[:, i]) for i in range(5)]
    model = family.fit(family.merge(parts, [1.0] * 5))
    factor = family.factor(model)
    np.testing.assert_allclose(family.location(model), data.mean(axis=1), atol=1e-14)
    np.testing.assert_allclose(factor @ factor.swapaxes(1, 2), covariance, atol=1e-13)
    np.testing.assert_allclose(family.scale(model), np.linalg.det(covariance) ** (1 / 6), rtol=1e-6)
    short = family.factor(family.fit(family.sample(singles, 5, np.random.default_rng(8))))
    drawn = short @ short.swapaxes(1, 2)
    for i, j in [(0, 0), (2, 2), (0, 1), (0, 2), (1, 2)]:
        assert distance(drawn[:, i, j], covariance[:, i, j]) < LIMIT
    assert distance(np.linalg.det(drawn), np.linalg.det(covariance)) < LIMIT
    part = family.subsample(family.sample(singles, 9, np.random.default_rng(9)), 5, np.random.default_rng(10))
    again = family.factor(family.fit(part))
    assert distance(np.linalg.det(again @ again.swapaxes(1, 2)), np.linalg.det(covariance)) < LIMIT


@pytest.mark.parametrize("family", COMPRESSED + KEPT, ids=label)
@given(seed=st.integers(0, 10**6), shift=st.floats(-1e3, 1e3), factor=st.floats(1e-3, 1e6), size=st.integers(4, 9))
@settings(max_examples=15, deadline=None)
def test_estimators_are_equivariant(family, seed, shift, factor, size):
    shift = shift if len(family.parameters) == 2 else 0.0
    data = np.random.default_rng(seed).random((3, size))
    once, moved = (family.fit(batch_of(family, x)) for x in (data, shift + factor * data))
    accuracy = 1e-3 if isinstance(family, ScipyDistribution) else 1e-7
    allowed = accuracy * factor + 1e-9 * abs(shift)
    np.testing.assert_allclose(moved, once * factor + [shift, 0.0], rtol=0, atol=allowed)


@pytest.mark.parametrize("family", [*KEPT[:4], ScipyDistribution("gumbel_r")], ids=label)
def test_no_near_parameters_are_likelier(family):
    from scipy import stats

    law = {
        "laplace": stats.laplace,
        "logistic": stats.logistic,
        "student": stats.t(getattr(family, "shape", 1.0)),
        "scipy": stats.gumbel_r,
    }[family.name]
    rng = np.random.default_rng(11)
    for size in (3, 4, 7, 30):
        data = rng.standard_normal((20, size))
        models = family.fit(Data(np.zeros((20, 1)), data))
        slack = 1e-3 if family.name == "scipy" else 1e-11
        for x, (location, scale) in zip(data, models, strict=True):
            top = law.logpdf((x - location) / scale).sum() - size * np.log(scale)
            for angle in np.arange(12) * np.pi / 6:
                for reach in (1e-1, 1e-2, 1e-4):
                    mu = location + reach * scale * np.cos(angle)
                    sigma = scale * np.exp(reach * np.sin(angle))
                    assert law.logpdf((x - mu) / sigma).sum() - size * np.log(sigma) <= top + slack


@pytest.mark.parametrize("shape", [0.6, 1.0, 3.0])
def test_student_finds_the_global_maximum(shape):
    """Against a fine grid, for data in clusters and with outliers, where there are several local maxima."""
    family, rng = Student(shape=shape), np.random.default_rng(12)
    for size in (3, 4, 6, 9):
        data = rng.standard_cauchy((60, size)) + 6 * rng.integers(0, 3, (60, size))
        unit = (data - data.min(axis=1, keepdims=True)) / np.ptp(data, axis=1, keepdims=True)
        mu, sigma = np.linspace(0, 1, 301), np.geomspace(1e-4, 1, 121)
        fitted = family.fit(Data(np.zeros((60, 1)), unit))

        def height(x, location, scale, size=size):
            z = (x[:, None, None] - location) / scale
            return -0.5 * (shape + 1) * np.log1p(z * z / shape).sum(axis=0) - size * np.log(scale)

        for x, (location, scale) in zip(unit, fitted, strict=True):
            assert height(x, mu[:, None], sigma).max() <= height(x, np.array([[location]]), scale)[0, 0] + 1e-9


def test_student_of_many_data_is_that_of_scipy():
    from scipy import stats

    data = stats.t(3).rvs(500, random_state=13)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, location, scale = stats.t.fit(data, 3, f0=3)
    fitted = Student(shape=3).fit(Data(np.zeros((1, 1)), data[None]))[0]
    np.testing.assert_allclose(fitted, [location, scale], rtol=1e-3, atol=1e-4)


def test_blocks_of_kept_data_stay_small():
    """Families that keep their data are simulated in smaller blocks: values in a block stay about 2^20."""
    compressed, kept = (Recursion(each, start(each), 10**5) for each in (Gaussian(), Laplace()))
    sizes = [GenericLoop().block_size(Experiment(each, [], np.array([5]), 10**6)) for each in (compressed, kept)]
    assert sizes[0] == 2048
    assert sizes[1] * 10**5 <= 2**20


def test_weights_count_data():
    """A datum of weight 3 is as three data, one of weight 0 as none."""
    rng = np.random.default_rng(14)
    values = rng.standard_normal((6, 9))
    weights = rng.integers(0, 4, (6, 9)).astype(float)
    weights[:, :4] += 1
    for family in KEPT:
        fitted = family.fit(Data(np.zeros((6, 1)), values, weights))
        for row in range(6):
            repeated = np.repeat(values[row], weights[row].astype(int))[None]
            alone = family.fit(Data(np.zeros((1, 1)), repeated))[0]
            np.testing.assert_allclose(fitted[row], alone, atol=1e-4 if family.name == "scipy" else 1e-7)


@pytest.mark.parametrize("family", COMPRESSED + KEPT[:4], ids=label)
def test_tiny_scales_keep_their_digits(family):
    """Beside a location of 1 a scale of 1e-200 is fitted as well as any other."""
    if len(family.parameters) < 2:
        return
    near, far = (start(family, 1.0, scale) for scale in (1.0, 1e-200))
    one, other = (
        family.fit(family.sample(family.initial(each, 3), 10, np.random.default_rng(15))) for each in (near, far)
    )
    np.testing.assert_allclose(other[:, 1], one[:, 1] * 1e-200, rtol=1e-7)


@pytest.mark.parametrize(
    ("family", "size", "words"),
    [
        (Gaussian(), 1, "`sample_size` is 1"),
        (Gaussian(ddof=3), 3, "`ddof` is 3.0, but must be below the sample size 3"),
        (Gaussian(dimension=5), 5, "`sample_size` is 5, but must be .*at least 6"),
        (ShiftedExponential(), 1, "`sample_size` is 1"),
        (UniformRange(), 1, "`sample_size` is 1"),
        (Laplace(), 1, "`sample_size` is 1"),
        (Logistic(), 1, "`sample_size` is 1"),
        (Student(shape=0.5), 3, "`sample_size` is 3, but must be above 3"),
        (Laplace(), 10**8, "at most 5,000,000"),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["auto", "simulate", "bounds"])
def test_too_few_or_too_many_data_are_refused(family, size, words, method):
    if method == "bounds" and not isinstance(family, Gaussian | ShiftedExponential | UniformRange):
        return
    with pytest.raises(InputError, match=words if method == "simulate" else None):
        solve(Recursion(family, start(family), size), ScaleTail(0.1), 3, method=method, replicates=2, rng=1)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Gaussian(ddof=float("nan")), "`ddof`"),
        (lambda: Gaussian(dimension=0), "`dimension`"),
        (lambda: Gaussian().initial(Parameters(mean=0.0, scale=0.0), 1), "`scale` is 0.0"),
        (lambda: Gaussian().initial(Parameters(scale=1.0), 1), "mean=0.0, scale=1.0"),
        (lambda: Laplace().initial(Parameters(mean=0.0, scale=1.0), 1), "location=0.0, scale=1.0"),
        (lambda: Student(shape=0.0), "`shape`"),
        (lambda: ScipyDistribution("gumbell"), "Did you mean 'gumbel_l' or 'gumbel_r'"),
        (lambda: ScipyDistribution("poisson"), "continuous distribution"),
        (lambda: ScipyDistribution("gamma"), r"free: a; .*a=2\.0"),
        (lambda: ScipyDistribution("norm", a=1.0), "it has none"),
        (lambda: ScipyDistribution("gamma", a=-1.0), "a=-1"),
        (lambda: ScipyDistribution("gamma", a=float("nan")), "`a` is nan"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()


@pytest.mark.parametrize("family", COMPRESSED, ids=label)
def test_a_pool_is_not_subsampled(family):
    batch = family.sample(family.initial(start(family), 2), 10, np.random.default_rng(1))
    with pytest.raises(NoAnswerError, match="subsample"):
        family.subsample(family.merge([batch, batch], [1, 1]), 5, np.random.default_rng(1))


HEAVY = [  # with the power of their slowest tail, known from the densities
    (ScipyDistribution("cauchy"), 1.0),
    (ScipyDistribution("halfcauchy"), 1.0),
    (ScipyDistribution("skewcauchy", a=0.3), 1.0),
    (ScipyDistribution("levy"), 0.5),
    (ScipyDistribution("levy_l"), 0.5),
    (ScipyDistribution("t", df=0.7), 0.7),
    (ScipyDistribution("lomax", c=0.4), 0.4),
    (ScipyDistribution("pareto", b=0.8), 0.8),
    (ScipyDistribution("genextreme", c=-1.5), 1 / 1.5),
    (ScipyDistribution("invgamma", a=0.25), 0.25),
    (ScipyDistribution("burr12", c=1.5, d=0.5), 0.75),
    (ScipyDistribution("levy_stable", alpha=0.8, beta=0.0), 0.8),
]


@pytest.mark.parametrize(("family", "tail"), HEAVY, ids=lambda x: getattr(x, "distribution", ""))
def test_samples_without_a_single_maximum_are_refused(family, tail):
    """So many data, and no fewer, are enough for the likelihood to fall as the scale does."""
    enough = int(np.floor(1 + 1 / tail)) + 1
    data = np.random.default_rng(3).random((2, enough))
    with pytest.raises(InputError, match=f"`sample_size` is {enough - 1}, but must be above"):
        family.estimate(data[:, :-1], None)
    assert tail_index(family) == pytest.approx(tail, rel=1e-3)
    if family.distribution != "levy_stable":  # whose density is slow
        assert profile(family, data[0, :-1])[-1] >= profile(family, data[0, :-1])[0] - 1e-3
        assert profile(family, data[0])[-1] < profile(family, data[0])[0] - 1.0


def profile(family, data):
    """The largest log-likelihood found with the scale 1e-9, then 1e-15 of that, the densest point at any datum."""
    from scipy import stats

    law = getattr(stats, family.distribution)(**dict(family.shapes))
    quantiles, heights = law.ppf(np.linspace(1e-6, 1 - 1e-6, 10_001)), []
    peak = quantiles[law.logpdf(quantiles).argmax()]
    for scale in (1e-9, 1e-15):
        z = peak + (data[None, :] - data[:, None]) / scale
        heights.append(np.max(law.logpdf(z).sum(axis=1)) - len(data) * np.log(scale))
    return heights


@pytest.mark.parametrize("name", ["norm", "uniform", "expon", "gumbel_r", "lognorm", "logistic"])
def test_two_data_of_a_light_tail_are_enough(name):
    shapes = {"s": 1.0} if name == "lognorm" else {}
    assert tail_index(ScipyDistribution(name, **shapes)) > 1.0


def test_a_student_of_scipy_is_refused_where_ours_is():
    for shape, size in [(1.0, 2), (0.5, 3), (0.3, 4)]:
        data = np.random.default_rng(4).random((1, size))
        for family in (Student(shape), ScipyDistribution("t", df=shape)):
            with pytest.raises(InputError, match=f"`sample_size` is {size}"):
                family.estimate(data, None)
            family.estimate(np.random.default_rng(4).random((1, size + 1)), None)


def test_scipy_distribution_describes_itself():
    family = ScipyDistribution("gamma", a=2)
    assert family.to_dict() == {"name": "scipy", "distribution": "gamma", "shapes": {"a": 2.0}}
