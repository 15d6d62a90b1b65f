"""The reference routes against each other, against many digits, and against published values."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from tests.reference import ancestral_chain, ancestral_cumulants, dense_chain, few_ancestors, forward_window
from tests.reference.make_golden import read_golden

RARE_TO_SURE = [1e-300, 1e-9, 1e-3, 0.01, 0.2, 0.5, 0.9, 1.0]


def worst(one: np.ndarray, other: np.ndarray) -> float:
    """Return the largest relative difference."""
    return float(np.max(np.abs(np.asarray(one) / np.asarray(other) - 1)))


# --- the routes where their ranges overlap


@pytest.mark.parametrize(
    ("n", "generations"),
    [
        (2, [1, 2, 3, 20]),
        (50, [1, 2, 10, 100, 500]),
        (300, [1, 2, 10, 100, 1000, 3000]),
        (2000, [1, 2, 3, 30, 200]),
    ],
)
def test_dense_matrix_and_ancestors_agree(n: int, generations: list[int]) -> None:
    dense = dense_chain.survival(n, RARE_TO_SURE, generations)
    assert worst(ancestral_chain.survival(n, RARE_TO_SURE, generations), dense) < 1e-13


@pytest.mark.parametrize("n", [1, 2, 50])
def test_dense_matrix_and_few_ancestors_agree(n: int) -> None:
    p = np.array(RARE_TO_SURE[:-1])
    dense = dense_chain.survival(n, p, [1, 2, 7])
    few = np.array([few_ancestors.survival([n] * k, p) for k in (1, 2, 7)])
    assert worst(few, dense) < 1e-13


def test_few_draws_before_ten_by_hand() -> None:
    """One of two draws shows the symbol, and then one of ten: or both draws do."""
    p = 0.3
    expected = 2 * p * (1 - p) * (1 - 0.5**10) + p * p
    assert few_ancestors.survival([2, 10], np.array([p]))[0] == pytest.approx(expected, rel=1e-14)


def test_window_and_ancestors_agree() -> None:
    n, generations = 10**4, [1, 2, 10, 60, 100]
    for c in (1e-6, 1, 10):
        low, high = forward_window.survival_bracket(n, c / n, generations)
        truth = ancestral_chain.survival(n, c / n, generations)[:, 0]
        assert worst(low, truth) < 3e-14
        assert worst(high, truth) < 3e-14


@pytest.mark.parametrize("n", [436_577, 10**7, 10**9, 10**12])
def test_cumulants_and_window_agree(n: int) -> None:
    generations = [1, 2, 5, 20, 60]
    for c in (0.01, 1, 30):
        low, high = forward_window.survival_bracket(n, c / n, generations)
        assert worst(high, low) < 1e-15
        assert worst(ancestral_cumulants.survival(n, c / n, generations)[:, 0], low) < 3e-14


@pytest.mark.parametrize(("n", "generations"), [(10**4, [1, 2, 5, 10, 11]), (10**5, [1, 7, 50, 120])])
def test_cumulants_and_ancestors_agree(n: int, generations: list[int]) -> None:
    x = np.array([1e-3, 1, 30, 1000]) / n
    chain = ancestral_chain.survival(n, x, generations)
    assert worst(ancestral_cumulants.survival(n, x, generations), chain) < 5e-14


def test_cumulants_beyond_the_exact_steps() -> None:
    n, generations = 320_000, [257, 400]
    x = np.array([1e-3, 1, 30, 1000]) / n
    chain = ancestral_chain.survival(n, x, generations)
    assert worst(ancestral_cumulants.survival(n, x, generations), chain) < 5e-14


def test_cumulants_refuse_few_ancestors() -> None:
    with pytest.raises(ValueError, match="too few ancestors"):
        ancestral_cumulants.survival(10**4, 1e-4, [100])


# --- against many digits


def test_rows_are_right_to_the_last_digits() -> None:
    n = 10**12
    count = np.array([1.0, 40.0, 1000.0])
    first, rows, _ = forward_window.binomial_rows(n, count / (n - count), count)
    with mpmath.workdps(40):
        for i, c in enumerate(count):
            for y in {max(0, int(c - 8 * c**0.5)), int(c), int(c + 3 * c**0.5), int(c + 8 * c**0.5)}:
                p = mpmath.mpf(int(c)) / n
                exact = mpmath.binomial(n, y) * p**y * (1 - p) ** (n - y)
                assert rows[i, y - int(first[i])] == pytest.approx(float(exact), rel=1e-13)


def test_second_generation_is_right_to_the_last_digits() -> None:
    n, c = 10**9, 3
    with mpmath.workdps(40):
        p = mpmath.mpf(c / n)
        term, exact = (1 - p) ** n, mpmath.mpf(0)
        for y in range(1, 80):
            term *= p / (1 - p) * (n - y + 1) / y
            exact += term * (1 - (1 - mpmath.mpf(y) / n) ** n)
    assert forward_window.survival_bracket(n, c / n, [2])[0][0] == pytest.approx(float(exact), rel=1e-14)
    assert ancestral_cumulants.survival(n, c / n, [2])[0, 0] == pytest.approx(float(exact), rel=1e-14)


def test_very_large_populations_branch() -> None:
    # Pr(lost) -> exp(-c g_k), the Poisson recursion; the first correction to the rate is 1 + k / 6n.
    n, k, g = 10**15, 10**6, 1.0
    for _ in range(k - 1):
        g = -math.expm1(-g)
    c = np.array([1, 1000])
    rate = -np.log1p(-ancestral_cumulants.survival(n, c / n, [k])[0]) / (c * g)
    np.testing.assert_allclose(rate, 1 + k / (6 * n), rtol=0, atol=1e-12)


# --- published values and closed forms


@pytest.mark.parametrize(
    ("p", "n", "published"),
    [
        (0.001, 10_000, [0.821553, 0.319022, 0.177843, 0.094346]),
        (0.01, 100, [0.161389, 0.041122, 0.023044, 0.014014]),
        (0.2, 100, [0.977379, 0.594563, 0.395007, 0.264188]),
    ],
)
def test_published_survival(p: float, n: int, published: list[float]) -> None:
    generations = [10, 50, 100, 200]
    np.testing.assert_allclose(ancestral_chain.survival(n, p, generations)[:, 0], published, atol=6e-7)
    if n <= 2000:
        np.testing.assert_allclose(dense_chain.survival(n, p, generations)[:, 0], published, atol=6e-7)


def test_published_poisson_rates() -> None:
    published = {2: 0.6321205588, 3: 0.4685363946, 5: 0.3120797100, 10: 0.1722546249, 50: 0.0383766692}
    published |= {100: 0.0195426105, 200: 0.0098732115, 1000: 0.0019938156}
    n = 10**13  # the rate at c -> 0 is g_k (1 + O(k / n))
    found = ancestral_cumulants.ratios(n, list(published))
    for k, rate in published.items():
        assert float(found[k](np.array(0.0))) == pytest.approx(rate, abs=6e-11)


def test_published_times() -> None:
    given_loss = dense_chain.mean_time_given_loss(1000, [1, 50, 500])
    np.testing.assert_allclose(given_loss, [13.18, 313.3, 1383.5], atol=0.06)


def test_times_are_sums_of_survival() -> None:
    n, counts = 60, np.array([1, 7, 30, 59])
    generations = list(range(1, 4001))
    x = counts / n
    lost, fixed = dense_chain.loss(n, x, generations), dense_chain.loss(n, 1 - x, generations)
    undecided = 1 - lost - fixed
    np.testing.assert_allclose(dense_chain.absorption_time(n, counts), 1 + undecided.sum(axis=0), rtol=1e-11)
    late = 1 - lost / (1 - x)
    np.testing.assert_allclose(dense_chain.mean_time_given_loss(n, counts), 1 + late.sum(axis=0), rtol=1e-11)


def test_few_ancestors_by_hand() -> None:
    (first, pmf), (_, third) = ancestral_chain.laws(3, [2, 3])
    assert first == 1
    np.testing.assert_allclose(pmf * 27, [3, 18, 6], rtol=1e-14)  # 3 balls in 3 boxes
    np.testing.assert_allclose(third[2], (6 / 27) ** 2, rtol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_symbols_together_by_enumeration(n: int) -> None:
    x, generations = [0.2, 0.3, 0.5], [1, 2, 5, 20]
    joint = dense_chain.joint_chain(n, x, generations)
    mean, variance = dense_chain.vocabulary_moments(n, x, generations)
    np.testing.assert_allclose(mean, joint.mean_present, rtol=1e-13)
    np.testing.assert_allclose(variance, joint.variance_present, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dense_chain.total_collapse(n, x, generations), joint.total_collapse, rtol=1e-12)


def test_a_symbol_outlives_its_initial_probability() -> None:
    # Fixation keeps Pr(alive) >= x, and it tends to x; the eigenvalue of the rest is 1 - 1/n.
    n, x = 300, np.array([1e-6, 0.01, 0.3])
    late = ancestral_chain.survival(n, x, [10 * n, 10 * n + 1]) - x
    assert np.all(late > 0)
    np.testing.assert_allclose(late[1, 1:] / late[0, 1:], 1 - 1 / n, rtol=1e-8)


# --- negative controls: the comparisons above would see these


def test_a_shift_of_one_generation_is_seen() -> None:
    late = ancestral_chain.survival(300, 0.01, [3000]), dense_chain.survival(300, 0.01, [2999])
    assert worst(*late) > 1e-8
    n = 10**12
    shifted = ancestral_cumulants.survival(n, 30 / n, [61])[0], forward_window.survival_bracket(n, 30 / n, [60])[0]
    assert worst(*shifted) > 1e-3


def test_one_draw_more_is_seen() -> None:
    generations = [1, 5, 40]
    assert worst(dense_chain.survival(20, 0.05, generations), ancestral_chain.survival(21, 0.05, generations)) > 1e-3


def test_a_window_too_narrow_widens_the_bracket_and_never_breaks_it() -> None:
    n, generations = 10**7, [1, 10, 40]
    truth = ancestral_cumulants.survival(n, 20 / n, generations)[:, 0]
    low, high = forward_window.survival_bracket(n, 20 / n, generations, cap=30)
    assert np.all((low < truth) & (truth <= high))
    assert np.all(high - low > 1e-3)


# --- the stored values


def test_stored_values_are_what_the_routes_give() -> None:
    stored = {(n, c, k): value for n, c, k, value in read_golden()}
    for n in (10**7, 10**9, 10**12):  # at 10^7 the chain wrote the stored value, here the cumulants are asked
        found = ancestral_cumulants.survival(n, np.array([1, 3, 30, 1000]) / n, [100, 10**4])
        expected = [[stored[n, c, k] for c in (1, 3, 30, 1000)] for k in (100, 10**4)]
        assert worst(found, np.array(expected)) < 2e-13


def test_stored_survival_falls_with_generations_and_grows_with_counts() -> None:
    stored = {(n, c, k): value for n, c, k, value in read_golden()}
    for (n, c, k), value in stored.items():
        assert value >= stored.get((n, c, k * 10), 0.0)
        assert value <= stored.get((n, 3 if c == 1 else 30 * c, k), 1.0)
        assert value >= c / n
