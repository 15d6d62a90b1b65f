"""The tail of a log-scale walk by mpmath: the Bromwich integral on a line that is not the saddle's, in 40 digits.

Shares with the package's route the formula of inversion and the place of the saddle, which only says where a line is
short; the cumulant functions are written out from the textbook laws, and the sum is plain. Seconds for small n and k.
"""

import mpmath as mp
import numpy as np

from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_steps import Exponential, ShiftedExponential, Uniform, UniformRange


def log_gamma_ratio(shape, power):
    return mp.loggamma(shape + power) - mp.loggamma(shape)


def cumulant_function(step):
    """ln E R^s of one step, written out in mpmath from the textbook laws."""
    n = mp.mpf(int(step.sample_size))
    if isinstance(step, Uniform):
        return lambda s: mp.log(n / (n + s))
    if isinstance(step, UniformRange):
        return lambda s: mp.log(n * (n - 1) / ((n + s) * (n - 1 + s)))
    if isinstance(step, Exponential):
        return lambda s: log_gamma_ratio(n, s) - s * mp.log(n)
    if isinstance(step, ShiftedExponential):
        return lambda s: log_gamma_ratio(n - 1, s) - s * mp.log(n)
    d, divisor = getattr(step, "dimension", 1), n - mp.mpf(step.ddof)
    return lambda s: (
        sum(log_gamma_ratio((n - i) / 2, s / (2 * d)) for i in range(1, d + 1)) - s / 2 * mp.log(divisor / 2)
    )


def reference_tail(step, k, x, *, upper, cumulant=None):
    """The smaller tail by mpmath; any line on the right side of 0 is exact, so this one is not the saddle's."""
    cumulant = cumulant or cumulant_function(step)
    saddle, lowest = float(saddle_point(step, np.array([x / k]))[0]), float(step.lowest_power)
    width = 1 / np.sqrt(k * float(step.cumulant(2, saddle)))
    # On the right of 0 beside the saddle; on the left nearer to 0, where the integrand falls faster but cancels.
    line = max(saddle + width / 3, width) if upper else max(min(saddle * 0.9, max(-width, lowest / 2)), lowest * 0.6)
    spacing = min(width, abs(line), line - lowest) / 9
    with mp.workdps(40):
        x, line = mp.mpf(float(x)), mp.mpf(line)
        lost = k * (cumulant(line) - cumulant(mp.mpf(saddle))) - (line - saddle) * x
    with mp.workdps(40 + int(lost / 2.3)):
        total, node = mp.mpf(0), 0
        while True:
            z = mp.mpc(line, (node + mp.mpf("0.5")) * spacing)
            term = mp.exp(k * cumulant(z) - z * x) / z
            total += term.real
            node += 1
            if node > 20 and abs(term) < abs(total) * mp.mpf("1e-20") / node:
                return abs(total * spacing / mp.pi)


def at_deviations(step, k, deviations):
    """Thresholds whose saddle points are so many widths from 0, as far as the strip and 1e-300 go."""
    width = 1 / np.sqrt(k * step.cumulant(2))
    s = np.maximum(np.array(deviations) * width, step.lowest_power * 0.85)
    x = k * step.cumulant(1, s)
    return x[k * step.log_moment(s) - s * x > -690].tolist()
