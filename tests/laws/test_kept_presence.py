"""Laws of counts carried forward: against operators, tables without moments, martingales, and over many generations."""

import numpy as np
import pytest
from scipy.stats import binom

from modelcollapse.laws.presence import kept_step, lattice
from modelcollapse.laws.presence.accumulated_equation import AccumulatedEquation
from modelcollapse.laws.presence.lattice import Lattice
from modelcollapse.laws.presence.subsampled_equation import SubsampledEquation
from tests.reference import pool_lines, pool_operators


def survival(sizes, fitted, corpus, x, at):
    return SubsampledEquation(np.asarray(sizes), np.asarray(fitted), corpus).survival(np.asarray(x), np.asarray(at))


@pytest.mark.parametrize("n", [3, 100, 10**4, 10**13])
@pytest.mark.parametrize(("part", "corpus"), [(1.0, 1), (0.34, 1), (3.0, 3), (1.0, 0)])
def test_operators_on_all_functions(n, part, corpus):
    horizon, fitted = 12, np.full(12, int(part * n) or 1)
    x = np.unique(np.rint(np.array([1 / n, 7 / n, 40 / n, 0.3, 0.9]) * n).clip(1, n - 1)) / n
    x = x if corpus else np.append(x, 1e-300)
    expected = pool_operators.survival(np.full(horizon, n), fitted, corpus * n, x, horizon)
    found = survival(np.full(horizon, n), fitted, corpus * n, x, np.arange(1, horizon + 1))
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    wrong = survival(np.full(horizon, n + 1 + n // 1000), fitted, corpus * n, x, np.arange(1, horizon + 1))
    assert np.abs(wrong / expected - 1).max() > 1e-6


@pytest.mark.parametrize(
    ("n", "fitted", "corpus"),
    [
        (10**6, 1000, 10**6),
        (10**6, 10, 10**6),
        (1000, 100, 1000),
        (10**13, 1, 10**13),
        (1000, 10**6, 10**6),
        (100, 10**4, 10**4),
        (1, 10**6, 10**6),
        (10**10, 10**4, 10**5),
        (3, 10**12, 10**12),
    ],
)
def test_parts_much_smaller_or_larger_than_the_draws(n, fitted, corpus):
    x = np.rint(np.array([1 / corpus, 30 / corpus, 0.02, 0.97]) * corpus) / corpus
    expected = pool_operators.survival([n] * 8, [fitted] * 8, corpus, x, 8)
    np.testing.assert_allclose(survival([n] * 8, [fitted] * 8, corpus, x, np.arange(1, 9)), expected, rtol=1e-11)


@pytest.mark.parametrize("seed", [1, 2])
def test_sizes_from_1_to_10_10(seed):
    sizes = np.rint(10 ** np.random.default_rng(seed).uniform(0, 10, 12)).astype(np.int64)
    for each in (sizes, np.sort(sizes)):
        expected = pool_operators.survival(each, each, 1000, np.array([1e-3, 0.3]), 12)
        np.testing.assert_allclose(survival(each, each, 1000, [1e-3, 0.3], np.arange(1, 13)), expected, rtol=1e-11)


@pytest.mark.parametrize("fresh", [0.0, 0.2])
def test_tables_alone(fresh, monkeypatch):
    """The same without moments: every law is summed."""
    at, x, n = np.array([2, 5, 12]), np.array([1, 20, 300]) / 900, 900
    held = n + n * np.arange(1, 13)

    def both():
        parts = survival([n] * 12, [n // 3] * 12, n, x, at)
        return np.concatenate([parts, survival([n] * 12, held, n, x, at), fed(fresh)])

    def fed(share):
        return AccumulatedEquation(np.full(12, n), share, n).survival(x, at)

    found = both()
    monkeypatch.setattr(kept_step, "_NARROW", -1.0)
    np.testing.assert_allclose(found, both(), rtol=1e-11)


@pytest.mark.parametrize("n", [1, 10**6, 10**13])
def test_a_single_datum_is_a_martingale(n):
    """A model fitted to one datum draws it n times, or never: Pr(present) = E s = x for ever, on rare large jumps."""
    at, x = np.array([2, 3, 10, 1000]), np.array([1.0, 30.0]) / (50 * n)
    found = survival(np.full(1000, n), np.full(1000, 1), 50 * n, x, at)
    np.testing.assert_allclose(found, np.tile(x, (4, 1)), rtol=1e-12)


def test_a_thousand_generations():
    n = 5
    found = survival([n] * 1000, [n] * 1000, n, [0.2], [300, 1000])[:, 0]
    expected = [pool_lines.survival([n] * 1000, [n] * 1000, n, 0.2, k) for k in (300, 1000)]
    np.testing.assert_allclose(found, expected, rtol=1e-11)


@pytest.mark.parametrize("n", [100, 10**9])
@pytest.mark.parametrize("part", [1.0, 0.0])
def test_many_generations_at_twice_the_nodes(n, part, monkeypatch):
    at, horizon = np.array([100, 600]), 600
    x = np.array([1, 10, n // 10]) / n
    held = n + n * np.arange(1, horizon + 1)
    fitted = np.full(horizon, n) if part else held
    coarse = survival([n] * horizon, fitted, n, x, at)
    monkeypatch.setattr(lattice, "_PER_COUNT", 40)
    monkeypatch.setattr(lattice, "AROUND", 18)
    np.testing.assert_allclose(coarse, survival([n] * horizon, fitted, n, x, at), rtol=1e-11)


def test_what_stencils_below_and_above_do():
    """Interpolated again in every generation, weights stay what they are; with as many nodes below, they grow."""

    def grown(less):
        space, laws = Lattice(10**9), None
        for k in range(1, 400):
            following = Lattice(10**9 * (k + 1))
            nodes = space.nodes[(space.nodes > 1e5) & (space.nodes < space.total // 4)]
            places = nodes * ((k + 1) / k)
            start = following.start(places) - less
            around = following.nodes[start[:, None] + np.arange(14)]
            apart = around[:, :, None] - around[:, None, :]
            np.einsum("sii->si", apart)[...] = 1.0
            rest = (places[:, None] - around)[:, None, :] / apart
            np.einsum("sii->si", rest)[...] = 1.0
            full = np.zeros(len(following.nodes))
            if laws is None:
                laws = np.zeros(len(space.nodes))
                laws[np.searchsorted(space.nodes, 1e8)] = 1.0
            weight = laws[np.searchsorted(space.nodes, nodes)]
            np.add.at(full, start[:, None] + np.arange(14), weight[:, None] * rest.prod(axis=2))
            space, laws = following, full
        return np.abs(laws).sum()

    assert grown(0) < 3
    assert grown(1) > 3


@pytest.mark.parametrize(
    ("sizes", "corpus", "fresh"), [([40] * 8, 0, 0.999), ([5] * 30, 60, 0.0), ([1, 2, 3, 50], 60, 0.0)]
)
def test_a_rare_symbol_in_a_pool_smaller_than_what_tables_are_formed_for(sizes, corpus, fresh):
    """Against the chain of the pool in full: every count, and every number of draws."""
    x = 1 / 60 if corpus else 1e-5
    at = np.arange(1, len(sizes) + 1)
    found = AccumulatedEquation(np.array(sizes), fresh, corpus).survival(np.array([x]), at)[:, 0]
    law, total, expected = np.eye(corpus + 1)[round(x * corpus)], corpus, []
    for generation, n in enumerate(sizes, start=1):
        share = np.arange(total + 1) / max(total, 1)
        chance = np.full(total + 1, x) if generation == 1 else fresh * x + (1 - fresh) * share
        drawn = law[:, None] * binom.pmf(np.arange(n + 1), n, chance[:, None])
        expected.append(drawn[:, 1:].sum())
        total += n
        law = np.zeros(total + 1)
        np.add.at(law, np.arange(total + 1 - n)[:, None] + np.arange(n + 1), drawn)
    np.testing.assert_allclose(found, expected, rtol=2e-12)
