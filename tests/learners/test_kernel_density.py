"""A kernel density gains variance where a Gaussian loses it: both against their closed forms."""

import numpy as np

from modelcollapse import Recursion, solve
from modelcollapse.learners import KnownDistribution, Learned
from modelcollapse.statistics import Moments
from tests.learners import own

N, GENERATIONS, REPLICATES = 20, np.array([1, 3, 8]), 500


def variances(learner, **parameters):
    """Mean variance, divisor n, of the draws of each generation, and its standard error."""
    recursion = Recursion(Learned(learner, **parameters), KnownDistribution("norm"), N)
    asked = Moments(order=2, ddof=0)
    found = solve(recursion, asked, GENERATIONS, replicates=REPLICATES, rng=3)["moments"]
    return found.value[:, 1, 0], (found.high - found.low)[:, 1, 0] / (2 * 2.093)  # t of 19 degrees of freedom


def kernel_law(bandwidth):
    """E s'^2 = (1 - 1/n)(E s^2 + h^2): draws have the data's variance and the kernel's; generation 1 is the truth's."""
    law = [1 - 1 / N]
    for _ in range(GENERATIONS[-1] - 1):
        law.append((1 - 1 / N) * (law[-1] + bandwidth**2))
    return np.array(law)[GENERATIONS - 1]


def test_kernel_density_gains_variance():
    """|t| < 8.5 at three generations, 19 degrees of freedom: false-alarm rate below 1e-6.

    The law without the loss of 1/n, and that of a bandwidth 20 % off, are caught.
    """
    value, error = variances("kernel-density", bandwidth=0.6)
    assert np.abs((value - kernel_law(0.6)) / error).max() < 8.5
    without_loss = 1 - 1 / N + (GENERATIONS - 1) * 0.36
    assert np.abs((value - without_loss) / error).max() > 8.5
    assert np.abs((value - kernel_law(0.72)) / error).max() > 8.5
    assert value[-1] > 2.5 > 1 > value[0]


def test_gaussian_loses_variance():
    """(1 - 1/n)^k, same budget; the Gaussian that a kernel density of bandwidth 0 would be."""
    value, error = variances(own.Normal)
    assert np.abs((value - kernel_law(0.0)) / error).max() < 8.5
    np.testing.assert_allclose(kernel_law(0.0), (1 - 1 / N) ** GENERATIONS, rtol=1e-12)
    assert np.abs((value - kernel_law(0.6)) / error).max() > 8.5
    assert value[-1] < 0.8


def test_the_limit_of_the_law_is_where_gain_and_loss_are_even():
    """(n - 1) h^2 is the fixed point."""
    assert (1 - 1 / N) * ((N - 1) * 0.36 + 0.36) == (N - 1) * 0.36
