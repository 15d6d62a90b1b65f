"""Functions of counts: what graded nodes hold, and how laws on counts are integrated."""

from math import comb

import numpy as np
import pytest

from modelcollapse.laws.presence import lattice
from modelcollapse.laws.presence.corpus_frequencies import CorpusFrequencies
from modelcollapse.laws.presence.lattice import Lattice
from tests.reference.pool_operators import hypergeometric_quadrature, hypergeometric_window

TOTALS = [0, 1, 13, 60, 1000, 10**6, 10**16]


@pytest.mark.parametrize("total", TOTALS)
def test_nodes(total):
    nodes = Lattice(total).nodes
    small = np.arange(min(total, 40) + 1)
    np.testing.assert_array_equal(nodes[: len(small)], small)
    assert nodes[-1] == total
    assert np.all(np.diff(nodes) >= 1)
    assert np.all(np.diff(nodes) <= np.maximum(1, nodes[:-1] / 20))
    assert len(nodes) < 200 + 25 * np.log(total + 1)


def worst_power(total):
    """The largest error of (1 - q)^c at counts between the nodes, over all q."""
    space, rng = Lattice(total), np.random.default_rng(3)
    counts = np.unique(np.rint(np.geomspace(1, total, 400) * rng.uniform(0.9, 1.0, 400)))
    rows, rates = space.rows(counts[:, None], np.ones((len(counts), 1))), np.geomspace(1e-3 / total, 3.0, 200)
    return np.abs(rows @ np.exp(-space.nodes[:, None] * rates) - np.exp(-counts[:, None] * rates)).max()


@pytest.mark.parametrize("total", [300, 10**4, 10**9])
def test_powers_and_nodes_too_far_apart(total, monkeypatch):
    assert worst_power(total) < 1e-12
    monkeypatch.setattr(lattice, "_PER_COUNT", 8)
    assert worst_power(total) > 1e-10


def test_sums_are_sums_of_rows():
    space, rng = Lattice(5000), np.random.default_rng(4)
    counts, weights = np.rint(rng.uniform(0, 5000, (3, 7))), rng.normal(size=(3, 7))
    single = space.rows(counts.reshape(-1, 1), np.ones((21, 1))).reshape(3, 7, -1)
    np.testing.assert_allclose(space.rows(counts, weights), (weights[:, :, None] * single).sum(axis=1), atol=1e-13)
    together = space.rows(counts, weights, np.array([1, 0, 1]), 2)
    expected = (weights[:, :, None] * single).sum(axis=1)
    np.testing.assert_allclose(together, [expected[1], expected[0] + expected[2]], atol=1e-13)


@pytest.mark.parametrize("total", [60, 120, 300, 10**4, 10**12])
@pytest.mark.parametrize("counts", [1, 5, 17, 100, 129, 4096])
def test_rows_in_common_are_rows(total, counts):
    space = Lattice(total)
    shared = space.shared(counts)
    if shared is None:
        assert counts > 4096 or not space.is_common(counts)
        return
    own = space.rows(np.arange(float(counts))[:, None], np.ones((counts, 1)))
    np.testing.assert_array_equal(shared, own[:, : shared.shape[1]])
    assert not own[:, shared.shape[1] :].any()


def test_frequencies_of_a_corpus():
    space = CorpusFrequencies(3000)
    x = np.array([0, 1, 50, 777, 3000]) / 3000
    weights = np.array([2.0, -1.0, 0.5, 3.0, 1.0])
    values = np.exp(-40 * space.nodes)
    np.testing.assert_allclose(space.rows(x) @ values, np.exp(-40 * x), atol=1e-13)
    assert space.functional(x, weights) @ values == pytest.approx(weights @ np.exp(-40 * x), abs=1e-12)
    np.testing.assert_array_equal(space.condense(x, weights), space.functional(x, weights))


@pytest.mark.parametrize(("total", "size"), [(10, 4), (10, 9), (10, 10), (40, 25), (1000, 30), (1000, 990)])
def test_the_law_of_a_part(total, size):
    marked = np.array([0.0, 1.0, 3.0, total // 2, total - 1, total])
    counts, weights = hypergeometric_window(total, marked, size)
    for row, c in enumerate(marked.astype(int).tolist()):
        for s in range(min(c, size) + 1):
            law = comb(c, s) * comb(total - c, size - s) / comb(total, size)
            assert weights[row][counts[row] == s].sum() == pytest.approx(law, rel=1e-12, abs=1e-25)


@pytest.mark.parametrize(("total", "size"), [(2000, 500), (2000, 1900), (10**6, 2 * 10**5), (10**13, 10**12)])
@pytest.mark.parametrize("nodes", [6, 16])
def test_quadrature_has_the_moments(total, size, nodes):
    """Falling factorials E (s)_r = (m)_r (c)_r/(N)_r, up to the degree that Gauss promises."""
    marked = np.array([total // 10, total // 2])
    found, weights = hypergeometric_quadrature(total, marked.astype(float), size, nodes)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)
    for r in (1, 2, 3, 5, 2 * nodes - 1):
        steps = np.arange(r)
        falling = ((found[:, :, None] - steps) / size).prod(axis=2)
        exact = [float(np.prod((size - steps) / size * (c - steps) / (total - steps))) for c in marked.tolist()]
        np.testing.assert_allclose((weights * falling).sum(axis=1), exact, rtol=1e-10)
    centred = ((found - size * (marked[:, None] / total)) ** 2 * weights).sum(axis=1)
    variance = size * (marked / total) * (1 - marked / total) * ((total - size) / (total - 1))
    np.testing.assert_allclose(centred, variance, rtol=1e-9)
