"""Steps of very different sizes in one sum: where a contour bent too far would climb up again instead of falling."""

import mpmath as mp
import numpy as np
import pytest

from modelcollapse.laws.scales.log_scale_walk import ERROR_GROWTH, RELATIVE_ERROR, combined_step, tail_of_schedule
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_steps import Exponential, Gaussian, GaussianDeterminant
from tests.laws.test_log_scale_walk import assert_tail
from tests.reference.scale_tail import at_deviations, cumulant_function, reference_tail


@pytest.mark.parametrize(
    "step",
    [
        Gaussian(np.arange(2, 14), 1.9),
        Gaussian(np.arange(2, 14), -20.0),
        Gaussian(np.array([2, 3, 10**6, 40, 10**9]), 0.0),
        Exponential(np.array([1, 50, 50, 5000])),
    ],
    ids=["growing", "shrinking", "huge beside tiny", "exponential"],
)
def test_mixed_schedules(step):
    sizes = step.sample_size
    parts = [cumulant_function(type(step)(int(n), *([step.ddof] if hasattr(step, "ddof") else []))) for n in sizes]
    both = combined_step(step, sizes.size)
    for x in at_deviations(both, 1, [-30.0, 0.02]):
        found = tail_of_schedule(step, [sizes.size], x)
        upper = bool(saddle_point(both, np.array([x]))[0] >= 0)
        exact = reference_tail(both, 1, x, upper=upper, cumulant=lambda s: sum(part(s) for part in parts))
        value = float((found.above if upper else found.at_most)[0])
        assert abs(mp.mpf(value) / exact - 1) < RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(sizes.size), (x, upper)


@pytest.mark.parametrize(("n", "dimension"), [(13, 12), (30, 20)])
def test_many_dimensions(n, dimension):
    step = GaussianDeterminant(n, 0.0, dimension)
    for k in (3,):
        for x in at_deviations(step, k, [-30.0, 0.5]):
            assert_tail(step, k, x)


def test_tails_of_a_mixed_schedule_fall_without_a_leap():
    """Each generation is compared with its neighbours: 1 among zeros is what a diverging sum looks like."""
    for ddof, x in ((1.9, -2.0), (-20.0, -30.0), (1.0, -5.0)):
        sizes = np.arange(2, 122)
        found = tail_of_schedule(Gaussian(sizes, ddof), np.arange(3, 121), x).at_most
        assert np.abs(np.diff(found)).max() < 0.4
