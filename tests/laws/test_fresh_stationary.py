"""Where frequencies settle with fresh data: against the chain in full, exact variances, and simulation."""

import numpy as np
import pytest
from scipy.special import betainc
from scipy.stats import beta, binom

from modelcollapse import Categorical, InputError, Known, Recursion, solve
from modelcollapse.laws.fresh_stationary import StationaryLaw, stationary_frequency, variance_left
from modelcollapse.statistics import Diversity
from modelcollapse.workflows import FreshMix
from tests.reference import fresh_chain

GRID = [(n, a, c / n) for n in (50, 200) for a in (0.005, 0.02, 0.1, 0.3, 0.7, 1.0) for c in (1, 5, n // 10, n // 2)]


@pytest.mark.parametrize(("n", "share", "p"), [(2, 0.3, 0.2), (50, 0.005, 0.1), (200, 0.3, 0.5), (200, 1.0, 0.005)])
def test_mean_and_variance_are_exact(n, share, p):
    chain, y = fresh_chain.settled(n, share, p), np.arange(n + 1) / n
    law = stationary_frequency(n, share, p)
    assert law.mean == pytest.approx(chain @ y, rel=1e-10)
    assert law.variance == pytest.approx(chain @ (y - p) ** 2, rel=1e-10)
    c = law.of_frequency
    assert beta.var(c * p, c * (1 - p)) == pytest.approx(law.variance, rel=1e-12)
    assert StationaryLaw(n + 1, share, p).variance != pytest.approx(law.variance, rel=1e-3)


@pytest.mark.parametrize(("n", "share", "p"), GRID)
def test_distance_from_the_chain(n, share, p):
    """0.01 for counts; frequencies cannot be nearer to a density than half the chance of a single one."""
    chain, law = fresh_chain.settled(n, share, p), stationary_frequency(n, share, p)
    below, between = np.cumsum(chain)[:-1], (np.arange(n) + 0.5) / n
    counts = law.counts(n)
    assert counts.sum() == pytest.approx(1, abs=1e-11)
    assert np.abs(np.cumsum(counts)[:-1] - below).max() < 0.01
    tails = np.array([law.tail(y) for y in between])
    assert np.abs(1 - tails - below).max() < 0.01 + chain.max() / 2


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 1.0])
def test_the_parameter_of_the_diffusion_is_seen_to_be_worse(share):
    """c = 2 n a, which ignores a^2, misses the count of a rare symbol by far more than 0.01."""
    n, p = 200, 0.025
    below, between = np.cumsum(fresh_chain.settled(n, share, p))[:-1], (np.arange(n) + 0.5) / n
    c = 2 * n * share
    of_diffusion = np.abs(betainc(c * p, c * (1 - p), between) - below).max()
    matched = np.abs([1 - stationary_frequency(n, share, p).tail(y) for y in between] - below).max()
    assert of_diffusion > 1.2 * matched
    assert of_diffusion > 0.035


@pytest.fixture(scope="module")
def settled():
    """20,000 runs of 10,000 draws, a = 0.01, p = 0.02, after 500 generations: the rest of the start is below 1e-4."""
    n, share, p = 10_000, 0.01, 0.02
    rng, y = np.random.default_rng(20261124), np.full(20_000, p)
    for _ in range(500):
        y = rng.binomial(n, share * p + (1 - share) * y) / n
    return y


@pytest.mark.parametrize(("share", "caught"), [(0.01, False), (0.008, True), (0.0125, True)])
def test_against_simulation(settled, share, caught):
    """No level is off by more than 5 standard errors (6e-7 each) plus 0.01; a wrong share is."""
    law, gaps = stationary_frequency(10_000, share, 0.02), []
    for level in (0.1, 0.5, 0.9):
        allowed = 5 * np.sqrt(level * (1 - level) / len(settled)) + 0.01
        gaps.append(abs(np.mean(settled <= law.quantile(level)) - level) / allowed)
    assert (max(gaps) > 1) == caught


def test_nothing_but_fresh_draws_is_binomial():
    law = stationary_frequency(50, 1.0, 0.1)
    np.testing.assert_allclose(law.counts(50), binom.pmf(np.arange(51), 50, 0.1), rtol=1e-11)
    nearly = stationary_frequency(50, 1 - 1e-6, 0.1)
    np.testing.assert_allclose(nearly.counts(20), law.counts(20), rtol=1e-9)


def test_any_size():
    """With n a fixed the law settles, up to 1/n, and absence falls like n^{-c p}: c p = 1.2."""
    large, larger = (stationary_frequency(n, 3.0 / n, 0.2) for n in (10**12, 10**13))
    assert large.quantile(0.3) == pytest.approx(larger.quantile(0.3), rel=1e-9)
    assert large.counts(0)[0] / larger.counts(0)[0] == pytest.approx(10**1.2, rel=1e-9)
    assert large.quantile(1 - large.tail(0.37)) == pytest.approx(0.37, rel=1e-9)


@pytest.mark.parametrize(("n", "share"), [(1, 0.2), (20, 0.0), (20, 0.1), (1000, 0.01)])
def test_pace(n, share):
    """The exact diversity nears its limit by this part at every generation."""
    recursion = Recursion(Categorical(), Known([0.3, 0.7]), n, FreshMix(share))
    found = 1 - solve(recursion, Diversity(), [1, 2, 30], method="exact")["diversity"].value / 0.42
    limit = 1.0 if share == 0.0 else stationary_frequency(max(n, 2), share, 0.3).variance / 0.21
    limit = 1.0 if n == 1 else limit
    expected = [limit * (1 - variance_left(n, share, k)) for k in (1, 2, 30)]
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    assert variance_left(n, share, 0) == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: stationary_frequency(1, 0.1, 0.1),
        lambda: stationary_frequency(10, 0.0, 0.1),
        lambda: stationary_frequency(10, 0.1, 0.0),
        lambda: stationary_frequency(10, 0.1, 1.0),
        lambda: stationary_frequency(10, 0.1, 0.1).tail(1.1),
        lambda: stationary_frequency(10, 0.1, 0.1).quantile(-0.1),
        lambda: stationary_frequency(10, 0.1, 0.1).counts(11),
        lambda: variance_left(0, 0.1, 1),
        lambda: variance_left(10, 1.1, 1),
        lambda: variance_left(10, 0.1, -1),
    ],
)
def test_refused(call):
    with pytest.raises(InputError):
        call()
