"""The linear estimate from contaminated batches: unbiased, with the error it says, by enumeration and simulation."""

from itertools import product
from math import factorial

import numpy as np
import pytest

from modelcollapse import InputError
from modelcollapse.laws.linear_estimate import effective_size, linear_estimate, marked_size

TRUTH = np.array([0.5, 0.3, 0.2])


def outcomes(n, q):
    """Every table of counts of n draws with its probability."""
    for counts in product(range(n + 1), repeat=len(q)):
        if sum(counts) == n:
            chance = factorial(n)
            for count, probability in zip(counts, q, strict=True):
                chance *= probability**count / factorial(count)
            yield np.array(counts), chance


def enumerated(sizes, shares, truth, learn, wrong=1.0):
    """Mean estimate, mean squared error by symbol, and the means of what it says of both; every outcome is visited.

    The model of batch 2 is what `learn` makes of batch 1; `wrong` is a factor on the shares that the estimate is told.
    """
    first_model = np.array([0.1, 0.1, 0.8])
    told = np.array(shares) * [1.0, wrong]
    mean, square, variance, error = (np.zeros(3) for _ in range(4))
    for first, chance in outcomes(sizes[0], shares[0] * truth + (1 - shares[0]) * first_model):
        model = learn(first)
        for second, after in outcomes(sizes[1], shares[1] * truth + (1 - shares[1]) * model):
            found = linear_estimate([first, second], [first_model, model], told)
            weight = chance * after
            mean += weight * found.probabilities
            square += weight * (found.probabilities - truth) ** 2
            variance += weight * found.variance(truth)
            error += weight * found.estimated_error
    return mean, square, variance, error[0]


@pytest.mark.parametrize(("sizes", "shares"), [((2, 3), (1.0, 0.5)), ((3, 2), (0.7, 0.2)), ((2, 2), (0.3, 0.9))])
def test_unbiased_with_the_stated_error_though_models_learn(sizes, shares):
    mean, square, variance, error = enumerated(sizes, shares, TRUTH, lambda counts: counts / counts.sum())
    np.testing.assert_allclose(mean, TRUTH, rtol=1e-12)
    np.testing.assert_allclose(square, variance, rtol=1e-12)
    assert error == pytest.approx(square.sum(), rel=1e-12)
    assert square.sum() <= 1 / effective_size(sizes, shares)


def test_a_wrong_share_is_seen():
    """Told that 0.55 is real where 0.5 is, the mean is off, as the model is."""
    mean, *_ = enumerated((2, 3), (0.7, 0.5), TRUTH, lambda counts: counts / counts.sum(), wrong=1.1)
    assert np.abs(mean - TRUTH).max() > 1e-3


def loop(sizes, shares, runs, rng, weights=None):
    """Squared errors of estimates at the end of loops whose models are the estimates so far, and what was said."""
    errors, said, effective = [], [], 0.0
    for _ in range(runs):
        first = shares[0] * TRUTH + (1 - shares[0]) / 3
        counts, models = [rng.multinomial(sizes[0], first)], [np.full(3, 1 / 3)]
        for i in range(1, len(sizes)):
            best = linear_estimate(counts, models, shares[:i]).probabilities
            model = np.maximum(best, 0) / np.maximum(best, 0).sum()
            counts.append(rng.multinomial(sizes[i], shares[i] * TRUTH + (1 - shares[i]) * model))
            models.append(model)
        found = linear_estimate(counts, models, shares)
        estimate = found.probabilities
        if weights is not None:
            share = np.array(shares)[:, None]
            each = (np.array(counts) / np.array(sizes)[:, None] - (1 - share) * np.array(models)) / share
            estimate = weights @ each
        errors.append(((estimate - TRUTH) ** 2).sum())
        said.append(found.variance(TRUTH).sum())
        effective = found.effective_size
    return np.array(errors), np.array(said), effective


@pytest.mark.parametrize("shares", [(1.0, 0.3, 0.3, 0.3, 0.3), (0.5, 0.05, 0.4, 0.1, 0.2)])
def test_error_in_the_loop(shares):
    """2,000 loops: within 5 standard errors of what it says (a false alarm in 10^6); equal weights are farther."""
    sizes = (100, 200, 50, 400, 100)
    errors, said, effective = loop(sizes, shares, 2_000, np.random.default_rng(5))
    spread = 5 * errors.std() / np.sqrt(len(errors))
    assert abs(errors.mean() - said.mean()) < spread
    assert effective == pytest.approx(effective_size(sizes, shares), rel=1e-12)
    # q_i is between P_0 and models that are near it: |q|^2 is below 0.5.
    assert 0.5 / effective < said.mean() < 1 / effective
    equal, _, _ = loop(sizes, shares, 300, np.random.default_rng(6), weights=np.full(5, 0.2))
    assert equal.mean() - 5 * equal.std() / np.sqrt(len(equal)) > errors.mean() + spread


def test_only_real_draws_are_their_frequencies():
    found = linear_estimate([[3, 1], [2, 4]], [[0.5, 0.5], [0.9, 0.1]], [1.0, 1.0])
    np.testing.assert_allclose(found.probabilities, [0.5, 0.5], rtol=1e-15)
    np.testing.assert_allclose(found.variance([0.4, 0.6]), [0.024, 0.024], rtol=1e-14)
    assert found.effective_size == 10


def test_batches_with_nothing_real_do_not_count():
    some = linear_estimate([[3, 1], [9, 1]], [[0.5, 0.5], [0.9, 0.1]], [0.5, 0.0])
    alone = linear_estimate([[3, 1]], [[0.5, 0.5]], [0.5])
    np.testing.assert_array_equal(some.probabilities, alone.probabilities)
    np.testing.assert_array_equal(some.weights, [1.0, 0.0])
    assert some.estimated_error == alone.estimated_error
    np.testing.assert_array_equal(some.variance([0.2, 0.8]), alone.variance([0.2, 0.8]))


def test_a_single_draw_tells_no_spread():
    found = linear_estimate([[1, 0]], [[0.5, 0.5]], [0.5])
    assert found.estimated_error == 4.0 >= found.variance([0.4, 0.6]).sum()


def test_labels_are_worth_more():
    assert effective_size([10, 30], [0.2, 0.1]) == pytest.approx(0.7, rel=1e-14)
    assert effective_size([10, 30], [0.2, 0.1], labelled=True) == pytest.approx(5.0, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: effective_size([10, 0], [0.1, 0.1]), "sizes"),
        (lambda: effective_size([10, 20], [0.1]), "shares"),
        (lambda: effective_size([10], [1.1]), "shares"),
        (lambda: linear_estimate([[1, 2], [0, 0]], [[0.5, 0.5]] * 2, [1.0, 0.5]), "counts"),
        (lambda: linear_estimate([[1, -2]], [[0.5, 0.5]], [1.0]), "counts"),
        (lambda: linear_estimate([[1, 0.5]], [[0.5, 0.5]], [1.0]), "counts"),
        (lambda: linear_estimate([[1, 2]], [[0.5, 0.4]], [1.0]), "models"),
        (lambda: linear_estimate([[1, 2]], [[0.5, 0.2, 0.3]], [1.0]), "models"),
        (lambda: linear_estimate([[1, 2]], [[0.5, 0.5]], [0.0]), "shares"),
        (lambda: linear_estimate([[1, 2]], [[0.5, 0.5]], [0.5, 0.5]), "shares"),
        (lambda: linear_estimate([[1, 2]], [[0.5, 0.5]], [0.5]).variance([1.0]), "truth"),
    ],
)
def test_refused(call, named):
    with pytest.raises(InputError, match=f"`{named}`"):
        call()


REAL, SYNTHETIC = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.3, 0.6])


def split_by_output(n, share, runs, rng, told=REAL):
    """Squared errors of the linear estimate of one batch split by what a detector says, and its size by the split."""
    model = np.array([0.1, 0.1, 0.8])
    errors, sizes = [], []
    for _ in range(runs):
        is_real = rng.random(n) < share
        symbol = np.where(is_real, rng.choice(3, n, p=TRUTH), rng.choice(3, n, p=model))
        output = np.where(is_real, rng.choice(3, n, p=REAL), rng.choice(3, n, p=SYNTHETIC))
        counts = np.array([np.bincount(symbol[output == w], minlength=3) for w in range(3)])
        chances = share * told / (share * told + (1 - share) * SYNTHETIC)
        found = linear_estimate(counts, [model] * 3, chances)
        errors.append(((found.probabilities - TRUTH) ** 2).sum())
        sizes.append(found.effective_size)
    return np.array(errors), np.array(sizes)


def test_a_detector_splits_a_batch():
    """Means of 2,000 batches: |z| < 5 for the size, false-alarm rate 6e-7; a detector without errors is not it."""
    errors, sizes = split_by_output(400, 0.2, 2_000, np.random.default_rng(5))
    stated = marked_size([400], [0.2], REAL, SYNTHETIC)
    error = sizes.std() / np.sqrt(len(sizes))
    assert abs(sizes.mean() - stated) < 5 * error
    assert abs(sizes.mean() - marked_size([400], [0.2], [1, 0], [0, 1])) > 5 * error
    assert errors.mean() + 5 * errors.std() / np.sqrt(len(errors)) < 1.05 / stated
    assert errors.mean() > 0.4 / stated


def test_a_detector_in_the_published_form_and_within_its_bounds():
    sizes, shares = [100, 300], np.array([0.4, 0.05])
    published = 0.0
    for n, a in zip(sizes, shares, strict=True):
        mixed = a * REAL + (1 - a) * SYNTHETIC
        term = n * a * a * (1 + ((REAL - mixed) ** 2 / mixed).sum())
        rarest = (SYNTHETIC / REAL).min()
        assert n * a * a < term <= n * a * a / (a + rarest * (1 - a))
        published += term
    assert marked_size(sizes, shares, REAL, SYNTHETIC) == pytest.approx(published, rel=1e-12)


def test_a_detector_that_says_nothing_or_all():
    sizes, shares = [100, 300, 7], [0.4, 0.05, 0.0]
    blind, sure = marked_size(sizes, shares, [0.5, 0.5], [0.5, 0.5]), marked_size(sizes, shares, [1, 0, 0], [0, 1, 0])
    assert blind == pytest.approx(effective_size(sizes, shares), rel=1e-14)
    assert sure == pytest.approx(effective_size(sizes, shares, labelled=True), rel=1e-14)
    with pytest.raises(InputError, match=r"`synthetic` .* 2 probabilities"):
        marked_size(sizes, shares, [0.5, 0.5], [1.0])
