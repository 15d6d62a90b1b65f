"""Parameters as a start: plain finite numbers by name."""

import numpy as np
import pytest

from modelcollapse import Categorical, InputError, Parameters, Poisson, Recursion


def test_a_value():
    start = Parameters(mean=0, scale=np.float64(1.5))
    assert start == Parameters(mean=0.0, scale=1.5)
    assert hash(start) == hash(Parameters(scale=1.5, mean=0.0))
    assert repr(start) == "Parameters(mean=0.0, scale=1.5)"
    assert start.to_dict() == {"kind": "parameters", "values": {"mean": 0.0, "scale": 1.5}}
    with pytest.raises(TypeError):
        start.values["mean"] = 1.0


def test_shows_in_a_recursion():
    assert repr(Recursion(Poisson(), Parameters(rate=3), 10)) == "Recursion(poisson, rate=3.0, sample size 10, replace)"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "3", True, None, [1.0], 1j, 10**400])
def test_refused_values(value):
    with pytest.raises(InputError, match="`rate`"):
        Parameters(rate=value)


def test_refused_starts():
    with pytest.raises(InputError, match="none"):
        Parameters()
    with pytest.raises(InputError, match="`start`"):
        Recursion(Categorical(), Parameters(rate=1.0), 10)
