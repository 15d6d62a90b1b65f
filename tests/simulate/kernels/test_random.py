"""Random words, elementary functions and normal numbers of the kernels, against known answers and NumPy."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from modelcollapse.simulate.kernels.philox import philox
from modelcollapse.simulate.kernels.vector_math import normal_pair, turn, unit, vector_exp, vector_log

U = np.uint64


@njit(error_model="numpy")
def words(counters, use, key, out):
    for i in range(len(counters)):
        out[i, 0], out[i, 1] = philox(counters[i], use, key)


@njit(error_model="numpy")
def normals(counters, use, key, out):
    for i in range(len(counters)):
        a, b = philox(counters[i], use, key)
        out[i, 0], out[i, 1] = normal_pair(a, b)


@njit(error_model="numpy")
def apply(x, log, exp, sine, cosine):
    for i in range(len(x)):
        log[i] = vector_log(x[i])
        exp[i] = vector_exp(x[i])
        sine[i], cosine[i] = turn(x[i] - np.floor(x[i]))


@njit(error_model="numpy")
def units(given, out):
    for i in range(len(given)):
        out[i] = unit(given[i])


@pytest.mark.parametrize(
    ("counter", "use", "key", "expected"),
    [
        (0, 0, 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1, 2**64 - 1, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (0x85A308D3243F6A88, 0x0370734413198A2E, 0x299F31D0A4093822, (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ],
)
def test_philox_gives_the_known_answers(counter, use, key, expected):
    """Known-answer tests that come with Random123 (Salmon et al. 2011): philox4x32, 10 rounds."""
    out = np.empty((1, 2), U)
    words(np.array([counter], U), U(use), U(key), out)
    assert out.tolist() == [[expected[0] | expected[1] << 32, expected[2] | expected[3] << 32]]


def test_elementary_functions_are_numpys_to_a_few_units_in_the_last_place():
    x = np.concatenate([np.geomspace(1e-300, 1e-3, 2000), np.linspace(1e-3, 300, 20_000), [1.0, 0.5, 2.0, 0.25, 0.75]])
    log, exp, sine, cosine = (np.empty_like(x) for _ in range(4))
    apply(x, log, exp, sine, cosine)
    np.testing.assert_allclose(log, np.log(x), rtol=1e-15, atol=4e-16)
    np.testing.assert_allclose(exp, np.exp(x), rtol=1e-15)
    angle = 2 * np.pi * (x - np.floor(x))
    np.testing.assert_allclose(sine, np.sin(angle), atol=1.5e-15)
    np.testing.assert_allclose(cosine, np.cos(angle), atol=1.5e-15)
    apply(-x, log, exp, sine, cosine)
    np.testing.assert_allclose(exp, np.exp(-x), rtol=1e-15)


def test_units_lie_strictly_between_0_and_1():
    given = np.array([0, 2**64 - 1, 2**63, 4096], U)
    out = np.empty(4)
    units(given, out)
    assert out.min() > 0
    assert out.max() < 1
    np.testing.assert_array_equal(out, ((given >> U(12)).astype(float) + 0.5) / 2**52)


def test_normal_numbers_are_normal():
    """Kolmogorov-Smirnov of 400,000, and of products of the two of a pair: 1e-6. A scale off by 2 % is caught."""
    out = np.empty((200_000, 2))
    normals(np.arange(200_000, dtype=U), U(7), U(12345), out)
    assert stats.kstest(out.ravel(), "norm").pvalue > 1e-6
    assert stats.kstest(1.02 * out.ravel(), "norm").pvalue < 1e-6
    assert abs((out[:, 0] * out[:, 1]).sum() / np.sqrt(200_000)) < 4.9
    moments = (out**4).mean() - 3
    assert abs(moments) < 4.9 * np.sqrt(96 / 400_000)
