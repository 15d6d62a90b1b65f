"""Statistics of drawn data, each against a second route: scipy, numpy, or loops written from the definition."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Gaussian, InputError, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.errors import ModelCollapseError
from modelcollapse.families import Categorical, Laplace
from modelcollapse.laws.scale_rates import collapse_rate
from modelcollapse.laws.scales.scale_steps import GaussianDeterminant
from modelcollapse.learners import KnownDistribution, Learned
from modelcollapse.simulate.loop import snapshots
from modelcollapse.start import Corpus, Sample
from modelcollapse.statistics import (
    CovarianceSpectrum,
    Coverage,
    Density,
    DrawDiversity,
    EnergyDistance,
    GrowthRate,
    LogScale,
    Measured,
    Moments,
)
from modelcollapse.workflows import FreshMix
from tests.learners import own

REAL = np.random.default_rng(1).normal(size=(40, 3)) * [1.0, 2.0, 0.5]
GENERATIONS = np.array([1, 4])


def recursion_of(real=REAL, size=25, workflow=None):
    given = () if workflow is None else (workflow,)
    return Recursion(Learned(own.Normal), Sample(real), size, *given)


def asked_and_by_hand(statistic, by_hand, recursion=None):
    """The statistic of one replicate, and a plain function of the very same draws."""
    recursion = recursion_of() if recursion is None else recursion
    observer = statistic.observer(recursion)
    expected = []
    for generation, snapshot in enumerate(snapshots(recursion, 4, 3, np.random.default_rng(5)), start=1):
        if generation in GENERATIONS:
            observer.observe(snapshot)
            batch = snapshot.drawn
            kept = [
                values if batch.weights is None else values[batch.weights[i] > 0]
                for i, values in enumerate(batch.values)
            ]
            expected.append(sum(np.asarray(by_hand(rows), dtype=float) for rows in kept))
    return observer.finish().total, np.array(expected)


def test_moments():
    def by_hand(rows):
        return [rows.mean(axis=0), rows.var(axis=0, ddof=1), stats.skew(rows), stats.kurtosis(rows, fisher=False)]

    found, expected = asked_and_by_hand(Moments(order=4), by_hand)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    wrong, _ = asked_and_by_hand(Moments(order=4, ddof=0), by_hand)
    assert not np.allclose(wrong[:, 1], expected[:, 1], rtol=1e-3)


def test_moments_of_draws_of_different_number():
    """Where rows are filled up, what fills them does not count."""
    recursion = recursion_of(workflow=FreshMix(0.4))
    found, expected = asked_and_by_hand(
        Moments(), lambda rows: [rows.mean(axis=0), rows.var(axis=0, ddof=1)], recursion
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_covariance_spectrum():
    def by_hand(rows):
        return np.linalg.eigvalsh(np.cov(rows.T))[::-1]

    found, expected = asked_and_by_hand(CovarianceSpectrum(), by_hand)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    few, expected = asked_and_by_hand(CovarianceSpectrum(), by_hand, recursion_of(size=2))
    np.testing.assert_allclose(few, expected, rtol=1e-10, atol=1e-14)


def test_log_scale():
    truth = np.linalg.slogdet(np.cov(REAL.T))[1] / 6

    def by_hand(rows):
        return np.linalg.slogdet(np.cov(rows.T))[1] / 6 - truth

    found, expected = asked_and_by_hand(LogScale(), by_hand)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_scale_of_0_has_no_logarithm():
    sums = LogScale().observer(recursion_of(size=3))
    for snapshot in snapshots(recursion_of(size=3), 2, 5, np.random.default_rng(1)):
        sums.observe(snapshot)
    assert np.all(sums.finish().undefined == 5)
    with pytest.raises(NoAnswerError, match="log_scale has no value in any replicate"):
        solve(recursion_of(size=3), LogScale(), [1], replicates=5, rng=1)
    with pytest.raises(InputError, match="their scale is 0"):
        solve(recursion_of(np.ones((5, 2))), LogScale(), [1], replicates=5, rng=1)


@pytest.mark.parametrize(("dimension", "since"), [(1, 0), (1, 3), (3, 1)])
def test_growth_rate_is_that_of_the_law(dimension, since):
    """The log-scale walk: |t| < 8 with 19 degrees of freedom or more, false-alarm rate 1e-6; another n is caught."""
    family = Gaussian(dimension=dimension).uncompressed()
    recursion = Recursion(family, Parameters(mean=1.0, scale=2.0), 12)
    found = solve(recursion, GrowthRate(since), [20], method="simulate", replicates=3000, rng=7)["growth_rate"]
    error = (found.high - found.low)[0] / (2 * 2.093)
    exact, wrong = (collapse_rate(GaussianDeterminant(n, 1.0, dimension)).per_generation for n in (12, 14))
    assert abs(found.value[0] - exact) < 8 * error
    assert abs(found.value[0] - wrong) > 8 * error


def test_growth_rate_by_hand():
    recursion = recursion_of()
    seen = [s.drawn.values for s in snapshots(recursion, 5, 3, np.random.default_rng(2))]
    logs = np.array([[np.linalg.slogdet(np.cov(rows.T))[1] / 6 for rows in batch] for batch in seen])
    observer = GrowthRate(since=2).observer(recursion)
    for snapshot in snapshots(recursion, 5, 3, np.random.default_rng(2)):
        observer.observe(snapshot)
    sums = observer.finish()
    np.testing.assert_allclose(sums.total[2:], ((logs[2:] - logs[1]).T / [1, 2, 3]).sum(axis=0), rtol=1e-10)
    assert sums.undefined.tolist() == [3, 3, 0, 0, 0]


def test_energy_distance_on_a_line():
    """Scipy's is the root of half of it, from distribution functions in the place of pairs."""
    real = REAL[:, :1]
    found, expected = asked_and_by_hand(
        EnergyDistance(), lambda rows: stats.energy_distance(rows[:, 0], real[:, 0]) ** 2, recursion_of(real)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_energy_distance_in_space():
    def mean(first, second):
        return np.mean([np.sqrt(((x - y) ** 2).sum()) for x in first for y in second])

    def by_hand(rows):
        return 2 * mean(rows, REAL) - mean(rows, rows) - mean(REAL, REAL)

    found, expected = asked_and_by_hand(EnergyDistance(), by_hand)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_energy_distance_of_part_of_the_data_is_that_of_the_part():
    found, _ = asked_and_by_hand(EnergyDistance(10), lambda rows: 0.0)
    whole, _ = asked_and_by_hand(EnergyDistance(), lambda rows: 0.0)
    assert np.all(found > 0)
    assert not np.allclose(found, whole, rtol=1e-3)
    assert EnergyDistance(10).to_dict() == {"name": "energy_distance", "points": 10}


def inside(rows, neighbours):
    """Whether each draw lies in each real datum's ball, by sorting all distances."""
    balls = []
    for i, x in enumerate(REAL):
        others = sorted(np.sqrt(((x - y) ** 2).sum()) for j, y in enumerate(REAL) if j != i)
        balls.append([np.sqrt(((x - z) ** 2).sum()) < others[neighbours - 1] for z in rows])
    return np.array(balls)


@pytest.mark.parametrize("neighbours", [1, 4])
def test_coverage_and_density(neighbours):
    found, expected = asked_and_by_hand(
        Coverage(neighbours), lambda rows: np.mean([any(ball) for ball in inside(rows, neighbours)])
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    found, expected = asked_and_by_hand(
        Density(neighbours), lambda rows: inside(rows, neighbours).sum() / (neighbours * len(rows))
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    wrong, _ = asked_and_by_hand(Density(neighbours + 1), lambda rows: 0.0)
    assert not np.allclose(wrong, expected, rtol=1e-3)


def test_coverage_where_draws_are_as_the_real_data():
    """1 - 2^-k for equal numbers, about: the k nearest of 2n - 1 others are all real with probability 2^-k."""
    recursion = Recursion(Learned(own.Normal), KnownDistribution("norm"), 300)
    found = solve(recursion, Coverage(3, 300), [1], replicates=200, rng=1)["coverage"]
    assert abs(found.value[0] - (1 - 2.0**-3)) < 0.03
    assert abs(found.value[0] - (1 - 2.0**-2)) > 0.05


def test_coverage_needs_neighbours():
    with pytest.raises(InputError, match="below the 40 real data"):
        solve(recursion_of(), Coverage(40), [1], replicates=5)


def test_draw_diversity():
    real = np.repeat(np.arange(5.0), [1, 2, 3, 4, 30])[:, None]

    class Resamples:
        def fit(self, data, rng):
            self.data = data

        def sample(self, n, rng):
            return rng.choice(self.data, n)

    recursion = Recursion(Learned(Resamples), Sample(real), 25)

    def by_hand(rows):
        return 1 - sum((rows[:, 0] == x).mean() ** 2 for x in range(5))

    found, expected = asked_and_by_hand(DrawDiversity(), by_hand, recursion)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_measured():
    found, expected = asked_and_by_hand(Measured(lambda rows: np.abs(rows).max()), lambda rows: np.abs(rows).max())
    np.testing.assert_allclose(found, expected)
    assert Measured(np.median).to_dict() == {"name": "measured", "function": "numpy:median"}


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda rows: rows[1000], "raised IndexError"),
        (lambda rows: rows, "must return one number"),
        (lambda rows: "a", "must return one number"),
        (lambda rows: np.inf, "must return one number"),
    ],
)
def test_a_measure_that_fails(function, said):
    with pytest.raises(ModelCollapseError, match=said):
        solve(recursion_of(), Measured(function), [1], replicates=2, rng=1)


def test_a_measure_without_a_value_is_left_out():
    found = solve(recursion_of(), Measured(lambda rows: np.nan if rows[0, 0] < 0 else 3.0), [1], replicates=200, rng=1)
    assert found["measured"].value[0] == 3.0
    assert 50 < found["measured"].undefined[0] < 150


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Moments(order=5), "`order`"),
        (lambda: Moments(ddof=-1), "`ddof`"),
        (lambda: CovarianceSpectrum(ddof=float("nan")), "`ddof`"),
        (lambda: EnergyDistance(1), "`points`"),
        (lambda: Coverage(0), "`neighbours`"),
        (lambda: Density(points=10**6), "`points`"),
        (lambda: GrowthRate(-1), "`since`"),
        (lambda: Measured(3), "`function`"),
        (lambda: Measured("numpy:pi"), "`function`"),
        (lambda: Measured("no_such_module:f"), "whose module is there"),
        (lambda: Sample([]), "`data`"),
        (lambda: Sample([[1.0], [np.nan]]), "`data`"),
        (lambda: Sample([[1.0], [1.0, 2.0]]), "`data`"),
        (lambda: Sample(["a"]), "`data`"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()


@pytest.mark.parametrize(
    ("family", "start", "said"),
    [
        (Gaussian(), Parameters(mean=0.0, scale=1.0), "does not keep them as they were drawn; ask it of"),
        (Categorical(), Corpus([1, 2]), "those of the categorical family are symbols; ask for"),
    ],
)
def test_families_without_data_are_refused(family, start, said):
    with pytest.raises(InputError, match=said):
        solve(Recursion(family, start, 10), Moments(), [1], replicates=5)


def test_families_that_keep_data_are_welcome():
    recursion = Recursion(Laplace(), Parameters(location=3.0, scale=1.0), 50)
    found = solve(recursion, [Moments(order=4), Coverage(points=100)], [1], replicates=400, rng=1)
    assert abs(found["moments"].value[0, 0, 0] - 3.0) < 0.1
    assert found["moments"].value[0, 3, 0] > 3.5  # heavier tails than a normal law's
