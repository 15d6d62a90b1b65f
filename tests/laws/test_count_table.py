"""Tables of laws, against ways counted one by one."""

from math import comb

import numpy as np
import pytest

from modelcollapse.laws.presence.count_table import binomial_table, in_common, part_table


@pytest.mark.parametrize(("total", "size"), [(10, 4), (10, 9), (10, 10), (40, 25), (1000, 30), (1000, 990)])
def test_parts(total, size):
    marked = np.array([0, 1, 3, total // 2, total - 1, total])
    least, table = part_table(total, marked.astype(float), size)
    for row, c in enumerate(marked.tolist()):
        for s in range(least, least + table.shape[1]):
            law = comb(c, s) * comb(total - c, size - s) / comb(total, size) if size - s <= total - c else 0.0
            assert table[row, s - least] == pytest.approx(law, rel=1e-12, abs=1e-25)
    np.testing.assert_allclose(table.sum(axis=1), 1, rtol=1e-14)


@pytest.mark.parametrize("n", [1, 5, 60, 2000])
def test_draws(n):
    shares = np.array([0.0, 1e-300, 1e-9, 0.1, 0.5, 1.0])
    least, table = binomial_table(n, shares)
    for row, p in enumerate(shares.tolist()[:-1]):
        for b in range(least, min(least + table.shape[1], 80)):
            law = comb(n, b) * p**b * (1 - p) ** (n - b)
            assert table[row, b - least] == pytest.approx(law, rel=1e-11, abs=1e-25)
    assert table[-1, -1] == pytest.approx(1.0, rel=1e-12)


def test_a_rare_symbol_keeps_its_digits():
    _, table = binomial_table(10**13, np.array([1e-300, 1e-13]))
    assert table[0, 1] == pytest.approx(1e-287, rel=1e-13)
    assert table[1, 2] == pytest.approx(np.exp(-1) / 2, rel=1e-12)


def test_far_from_0_there_is_no_overflow():
    least, table = binomial_table(10**7, np.array([0.5, 0.5003]))
    mean = table @ (least + np.arange(table.shape[1]))
    np.testing.assert_allclose(mean, 10**7 * np.array([0.5, 0.5003]), rtol=1e-12)
    least, table = part_table(10**8, np.array([4e7, 4.001e7]), 10**6)
    np.testing.assert_allclose(table @ (least + np.arange(table.shape[1])), [4e5, 4.001e5], rtol=1e-12)


def test_neighbours_in_common():
    low, high = np.array([0.0, 0, 5, 900, 5000]), np.array([20.0, 30, 60, 1100, 5400])
    found = list(in_common(low, high))
    assert [list(range(5))[part] for part in found] == [[0, 1, 2], [3], [4]]
