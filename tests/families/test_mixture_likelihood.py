"""The joint likelihood of a mixture: its global maximum, against grids, other optimisers and 40 digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from modelcollapse.families import mixture_likelihood as profile
from modelcollapse.families.mixture_likelihood import Folded, height, largest_likelihood, log_likelihood

# Several maxima, the one of the largest root not being the highest: two with a mean above 0, or one of them at 0.
TWO = np.array([0.41, 0.60, 0.61, 0.62, 0.63, 0.74, 1.06, 2.12])
AT_ZERO = np.array([0.69, 0.87, 0.87, 0.92, 0.92, 1.06, 1.14, 3.05])


def folded(values):
    """Return rows of data in the form that is fitted."""
    y = np.abs(np.atleast_2d(values))
    mean = y.mean(axis=1)
    variance = ((y - mean[:, None]) ** 2).mean(axis=1)
    unit = np.sqrt(mean**2 + variance)
    return Folded(y / unit[:, None], np.full(y.shape, 1 / y.shape[1]), mean / unit, variance / unit**2)


def mean_and_scale(data):
    b, missing = largest_likelihood(data)
    return b / profile.inverse_variance(b), np.sqrt(data.variance + missing * (2 * data.mean - missing))


def density_likelihood(y, mean, scale):
    """The log likelihood per datum from the density itself; one row of data, any number of models."""
    mean, scale = np.broadcast_arrays(mean, scale)
    right, left = (-(((y - sign * mean[..., None]) / scale[..., None]) ** 2) / 2 for sign in (1, -1))
    return (np.logaddexp(right, left) - np.log(2 * scale[..., None])).mean(axis=-1)


def grid(y):
    """The highest likelihood on a grid of 201 means and 300 scales."""
    scales = np.geomspace(2e-3, 1.1, 300)
    return max(density_likelihood(y, mean, scales).max() for mean in np.linspace(0, 1.05, 201))


@pytest.mark.parametrize("size", [2, 3, 6, 10, 50])
@pytest.mark.parametrize("distance", [0.0, 1.0, 3.0])
def test_no_model_of_a_grid_is_likelier(size, distance):
    """The grid knows nothing of profiles; and its best is near ours, unless it is too coarse for small scales."""
    data = folded(np.random.default_rng(size).standard_normal((8, size)) + distance)
    mean, scale = mean_and_scale(data)
    for y, m, s in zip(data.y, mean, scale, strict=True):
        ours, best = density_likelihood(y, m, s), grid(y)
        assert ours >= best - 1e-12
        assert ours <= best + 0.02 or s < 0.05


@pytest.mark.parametrize("y", [TWO, AT_ZERO], ids=["two means", "mean 0"])
def test_the_largest_root_need_not_be_the_maximum(y):
    data = folded(y)
    largest = profile.descend(data, data.mean / data.variance)
    b, _ = largest_likelihood(data)
    assert b < 0.3 * largest
    assert log_likelihood(data, b) > log_likelihood(data, largest) + 1e-4
    best = grid(data.y[0])
    mean, scale = mean_and_scale(data)
    assert density_likelihood(data.y[0], mean, scale)[0] >= best - 1e-12
    wrong = largest / profile.inverse_variance(largest), np.sqrt(1 / profile.inverse_variance(largest))
    assert density_likelihood(data.y[0], *wrong)[0] < best - 1e-4  # the negative control of the grid


def every_maximum(data, row):
    """All places where the profile's slope goes from rising to falling, by a fine scan and bisection; the highest."""
    one = data.rows(np.array([row]))

    def slope(b):
        rise = (one.y * np.tanh(np.atleast_1d(b)[:, None] * one.y)).mean(axis=1)
        return rise - 2 * b / (1 + np.sqrt(1 + 4 * b * b))

    b = np.geomspace(1e-2, 1e3, 1500)
    found = slope(b)
    falls = np.flatnonzero((found[:-1] > 0) & (found[1:] < 0))
    roots = [optimize.brentq(lambda at: slope(at)[0], b[i], b[i + 1], xtol=1e-14) for i in falls]
    roots += [0.0] if found[0] < 0 else []
    heights = [log_likelihood(one, np.array([root]))[0] for root in roots]
    return roots, roots[int(np.argmax(heights))] if roots else 0.0, max(heights, default=-0.5)


def test_a_scan_finds_nothing_higher():
    """Of 600 samples of 60 from laws with 8 degrees of freedom some have two maxima."""
    data = folded(np.random.default_rng(2).standard_t(8, (600, 60)))
    b, _ = largest_likelihood(data)
    several = 0
    for row in range(len(b)):
        roots, best, top = every_maximum(data, row)
        several += len(roots) > 1
        assert log_likelihood(data.rows(np.array([row])), b[[row]])[0] >= top - 1e-13
        if b[row] > 0.05:
            np.testing.assert_allclose(b[row], best, rtol=1e-6)
    assert several >= 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-8, 1.0), min_size=2, max_size=12))
def test_adversarial_data(values):
    """Whatever the data: nothing higher at any b of a fine scan, and no number that is none."""
    y = np.array([values])
    if np.ptp(y) < 1e-7:
        return
    data = folded(y)
    b, missing = largest_likelihood(data)
    assert np.isfinite(b).all()
    assert np.isfinite(missing).all()
    scan = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 400)])
    many = Folded(*(np.repeat(part, len(scan), axis=0) for part in vars(data).values()))
    assert log_likelihood(data, b)[0] >= log_likelihood(many, scan).max() - 1e-9


def solved_from_the_truth(y, mean):
    """The estimate of the authors' notebook: a root of the two equations in one, from the mean before."""
    square = (y**2).mean()

    def equation(t):
        return (y * np.tanh(t * y / (square - t * t))).mean() - t

    with np.errstate(all="ignore"):
        found, _, flag, _ = optimize.fsolve(equation, mean, full_output=True)
    t = float(found[0])
    return (t, np.sqrt(square - t * t)) if flag == 1 and t * t < square else None


def test_a_root_from_one_start_is_often_wrong():
    """Never likelier than ours, and in one sample of ten or more not the maximum."""
    y = np.random.default_rng(3).standard_normal((400, 10)) + 1.0
    data, wrong = folded(y), 0
    mean, scale = mean_and_scale(data)
    unit = np.sqrt((y**2).mean(axis=1))
    for row in range(len(y)):
        found = solved_from_the_truth(y[row], 1.0)
        if found is None:
            wrong += 1
            continue
        ours = density_likelihood(y[row], mean[row] * unit[row], scale[row] * unit[row])
        theirs = density_likelihood(y[row], *found)
        assert theirs <= ours + 1e-9
        wrong += theirs < ours - 1e-6
    assert wrong > 40


@pytest.mark.parametrize("q", [1e-12, 1e-5, 0.003, 0.0099, 0.01, 0.3, 0.999, 1.0, 1.5, 10.0, 1e6])
def test_phi_to_the_last_digits(q):
    mpmath.mp.dps = 40

    def phi(z):
        return (1 - mpmath.tanh(mpmath.sqrt(z)) / mpmath.sqrt(z)) / z

    value, slope = profile.phi_and_slope(np.array([q]))
    assert abs(value[0] / phi(mpmath.mpf(q)) - 1) < 1e-15
    assert abs(slope[0] / mpmath.diff(phi, mpmath.mpf(q)) - 1) < 2e-9


def test_h_and_s_are_concave():
    """What tangents and chords rest on, by second differences; h^2 is not (the control)."""
    data = folded(np.random.default_rng(5).standard_normal((50, 7)))
    for power in (1.0, 2.0):
        x = np.linspace(0.1, 30, 200)
        h = np.stack([height(data, np.full(50, np.sqrt(each))).h for each in x]) ** power
        s = np.stack([height(data, np.full(50, each)).lack for each in x])
        bent = np.diff(h, n=2, axis=0).max()
        assert (bent < 1e-12 * h.max()) == (power == 1.0)
        assert np.diff(s, n=2, axis=0).min() > -1e-12


@pytest.mark.parametrize("scale", [1e-2, 1e-5, 1e-9, 1e-200])
def test_far_components_keep_their_digits(scale):
    """Then the absolute values are one normal sample: 30 digits of the estimate by mpmath's own search."""
    z = np.random.default_rng(6).standard_normal(6)
    z -= z.mean()
    sd = np.sqrt((z**2).mean())
    data = Folded(np.ones((1, 6)) + scale * z, np.full((1, 6), 1 / 6), np.ones(1), np.array([(scale * sd) ** 2]))
    b, missing = largest_likelihood(data)
    assert np.hypot(scale * sd, np.sqrt(missing * (2 - missing)))[0] == pytest.approx(scale * sd, rel=1e-12)
    assert (b / profile.inverse_variance(b))[0] == pytest.approx(1.0, abs=scale)


def test_the_estimate_to_many_digits():
    """A moderate sample, solved by mpmath in 40 digits."""
    mpmath.mp.dps = 40
    y = [mpmath.mpf(v) / 100 for v in (31, 188, 95, 142, 120, 77)]
    unit = mpmath.sqrt(mpmath.fsum(v * v for v in y) / len(y))
    y = [v / unit for v in y]

    def slope(b):
        mean = 2 * b / (1 + mpmath.sqrt(1 + 4 * b * b))
        return mpmath.fsum(v * mpmath.tanh(b * v) for v in y) / len(y) - mean

    truth = mpmath.findroot(slope, 4)
    b, _ = largest_likelihood(folded(np.array([float(v) for v in y])))
    assert b[0] == pytest.approx(float(truth), rel=1e-11)


@pytest.mark.parametrize("t", [1e-2, 1e-6, 1e-9])
def test_likelihoods_far_apart_are_told_apart(t):
    """Two data 1 - t and 1 + t: terms of b, up to 1e18, cancel; 40 digits say the same."""
    mpmath.mp.dps = 60
    square = 1 + mpmath.mpf(t) ** 2
    mean, variance = 1 / mpmath.sqrt(square), mpmath.mpf(t) ** 2 / square
    data = Folded(
        np.array([[1 - t, 1 + t]]) / float(mpmath.sqrt(square)),
        np.full((1, 2), 0.5),
        np.array([float(mean)]),
        np.array([float(variance)]),
    )
    b = 0.5 * data.mean / data.variance
    exact = mpmath.mpf(float(b[0]))
    w = (1 + mpmath.sqrt(1 + 4 * exact**2)) / 2
    rest = mpmath.log(w) / 2 + exact * mean - w + mpmath.mpf(1) / 2 - mpmath.log(2)
    assert log_likelihood(data, b)[0] == pytest.approx(float(rest), rel=1e-12)
