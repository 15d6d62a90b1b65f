"""Asking for memory ahead changes nothing, wherever the index points."""

import numpy as np
import pytest
from numba import njit

from modelcollapse.simulate.kernels.prefetching import prefetch


@njit
def asked(values, indices):
    """Ask for all of these, and return the sum of the values."""
    for index in indices:
        prefetch(values, np.int64(index))
    return values.sum()


@pytest.mark.parametrize("kind", [np.int32, np.uint64, np.float64])
def test_nothing_is_changed_and_no_index_does_harm(kind):
    values = np.arange(10).astype(kind)
    assert asked(values, np.array([0, 9, 10, -1, 2**32 - 1, 2**40, -(2**40)])) == 45
    np.testing.assert_array_equal(values, np.arange(10))
