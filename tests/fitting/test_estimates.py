"""The point estimates: against closed forms, plain loops and other optimisers; unbiased over simulated data."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from modelcollapse.fitting.bootstrap import drawn
from modelcollapse.fitting.fresh_share import FreshLikelihood
from modelcollapse.fitting.transitions import Residuals, Transitions

ORIGIN = np.array([0.5, 0.3, 0.15, 0.04, 0.01])
BEFORE = np.array([[0.6, 0.2, 0.2, 0.0, 0.0], [0.4, 0.45, 0.05, 0.1, 0.0]])
AFTER = np.array([[290.0, 110.0, 95.0, 5.0, 0.0], [430.0, 410.0, 80.0, 78.0, 2.0]])
STEPS = Transitions(ORIGIN, BEFORE, AFTER)


def log_likelihood(fresh, steps=STEPS):
    """Written from the model: the logarithm of the multinomial probability, less what does not depend on the share."""
    total = 0.0
    for law, counts in zip(steps.before, steps.after, strict=True):
        for p, p0, count in zip(law, steps.origin, counts, strict=True):
            total += count * np.log((1 - fresh) * p + fresh * p0) if count else 0.0
    return total


def test_maximum_is_that_of_another_optimiser():
    likelihood = FreshLikelihood(STEPS)
    best = likelihood.maximum()
    other = minimize_scalar(lambda a: -log_likelihood(a), bounds=(1e-9, 1), method="bounded", options={"xatol": 1e-10})
    assert best == pytest.approx(other.x, rel=1e-6)
    assert all(likelihood.maximum(guess) == pytest.approx(best, rel=1e-8) for guess in (0.0, 1e-6, 0.9, 1.0))
    assert likelihood.drop(best, 0.3) == pytest.approx(log_likelihood(best) - log_likelihood(0.3), rel=1e-9)
    assert likelihood.regrown == 7


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_two_words_have_a_closed_form(share):
    """With two words and one step the fitted mean is the observed count: a = (y/N - p) / (p_0 - p), within 0 and 1."""
    law = (1 - share) * 0.5 + share * 0.9
    for observed in (law, law + 0.01, law - 0.01):
        steps = Transitions(np.array([0.9, 0.1]), np.array([[0.5, 0.5]]), 1e4 * np.array([[observed, 1 - observed]]))
        expected = np.clip((observed - 0.5) / 0.4, 0, 1)
        assert FreshLikelihood(steps).maximum() == pytest.approx(expected, abs=1e-9)


def test_ends_are_where_the_likelihood_has_dropped():
    likelihood = FreshLikelihood(STEPS)
    best = likelihood.maximum()
    for upper in (False, True):
        end = likelihood.end(best, 1.7, upper=upper)
        assert (end > best) == upper
        assert log_likelihood(best) - log_likelihood(end) == pytest.approx(1.7, rel=1e-6)
    assert likelihood.end(best, 1e9, upper=True) == 1.0
    assert likelihood.end(best, 0.0, upper=True) == best
    none_came_back = FreshLikelihood(Transitions(ORIGIN, BEFORE, np.where(BEFORE > 0, AFTER, 0)))
    assert none_came_back.end(none_came_back.maximum(), 1e9, upper=False) == 0.0


def test_share_of_no_regrowth_is_0_and_its_end_the_rule_of_three():
    """No word of the absent half came back in 1,000 draws: with a, that has chance (1 - a/2)^1000."""
    steps = Transitions(np.full(4, 0.25), np.array([[0.5, 0.5, 0, 0]]), np.array([[500.0, 500.0, 0, 0]]))
    likelihood = FreshLikelihood(steps)
    assert likelihood.maximum() == 0.0
    assert likelihood.end(0.0, -np.log(0.05), upper=True) == pytest.approx(2 * (1 - 0.05 ** (1 / 1000)), rel=1e-6)


def plain_dispersion(steps, fresh, estimated):
    """The estimate of `Residuals.of`, cell by cell."""
    cells = []
    slopes, information = [], 0.0
    for law, counts in zip(steps.before, steps.after, strict=True):
        size = counts.sum()
        for p, p0, count in zip(law, steps.origin, counts, strict=True):
            q = (1 - fresh) * p + fresh * p0
            cells.append((size * q, q, count))
            slopes.append(size * (p0 - p))
            information += slopes[-1] ** 2 / (size * q) if q else 0.0
    value = 1.0
    for _ in range(2):
        observed = expected = 0.0
        for (mean, q, count), slope in zip(cells, slopes, strict=True):
            weight = 1 / (value + 2 * mean)
            observed += weight * (count - mean) ** 2
            expected += weight * (mean * (1 - q) - (slope**2 / information if estimated else 0.0))
        value = observed / expected
    return value


@pytest.mark.parametrize("estimated", [True, False])
def test_dispersion_is_that_of_a_plain_loop(estimated):
    found = Residuals.of(STEPS, 0.1, estimated=estimated)
    assert found.dispersion == pytest.approx(plain_dispersion(STEPS, 0.1, estimated), rel=1e-12)
    scaled = Residuals.of(Transitions(ORIGIN, BEFORE, 7 * AFTER), 0.1, estimated=estimated)
    assert scaled.dispersion == pytest.approx(7 * found.dispersion, rel=0.05)


def simulated_dispersions(factor, sets=2000):
    """Many rare words, one step: multinomial draws, each counted `factor` times."""
    rng = np.random.default_rng(11)
    origin = 1 / np.arange(1.0, 301)
    origin /= origin.sum()
    before = rng.multinomial(600, origin)[None, :] / 600
    law = 0.9 * before[0] + 0.1 * origin
    draws = factor * rng.multinomial(500, law, size=sets)
    return np.array(
        [
            Residuals.of(Transitions(origin, before, row[None, :] * 1.0), 0.1, estimated=False).dispersion
            for row in draws
        ]
    )


@pytest.mark.parametrize("factor", [1, 5])
def test_dispersion_is_unbiased_with_many_rare_words(factor):
    """|z| < 5: false-alarm rate 6e-7. A dispersion that is 3 % off is caught."""
    found = simulated_dispersions(factor)
    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - factor) < 5 * error
    assert abs(found.mean() - 1.03 * factor) > 5 * error


def test_score_is_unbiased_whatever_the_dispersion():
    """The likelihood's slope at the true share is 0 on average, |z| < 5; at a share 10 % off it is not."""
    rng = np.random.default_rng(3)
    law = STEPS.law(0.3)
    slopes = {0.3: [], 0.33: []}
    for _ in range(4000):
        after = np.array([4.0 * rng.multinomial(250, row) for row in law])
        likelihood = FreshLikelihood(Transitions(ORIGIN, BEFORE, after))
        for share, found in slopes.items():
            found.append(likelihood._slope(share)[0])
    scores = {share: np.mean(found) / np.std(found) * np.sqrt(4000) for share, found in slopes.items()}
    assert abs(scores[0.3]) < 5 < abs(scores[0.33])


def multinomial_law(size, law):
    """Every outcome and its probability."""
    from math import factorial

    def outcomes(left, symbols):
        if symbols == 1:
            yield (left,)
            return
        for first in range(left + 1):
            for rest in outcomes(left - first, symbols - 1):
                yield (first, *rest)

    found = {}
    for counts in outcomes(size, len(law)):
        ways = factorial(size)
        for count in counts:
            ways //= factorial(count)
        found[counts] = ways * float(np.prod([p**c for p, c in zip(law, counts, strict=True)]))
    return found


def test_draws_are_multinomial():
    """Every outcome of 4 draws from 3 symbols, |z| < 5.5 each; a law a little off is caught."""
    rng, law, runs = np.random.default_rng(8), np.array([0.6, 0.0, 0.3, 0.1]), 50_000
    outcomes, times = np.unique([drawn(4, law, rng) for _ in range(runs)], axis=0, return_counts=True)
    seen = {tuple(outcome): int(n) for outcome, n in zip(outcomes.tolist(), times, strict=True)}

    def farthest(chances):
        return max(
            abs(seen.get(outcome, 0) - runs * p) / np.sqrt(runs * p * (1 - p))
            for outcome, p in multinomial_law(4, chances).items()
            if p > 1e-6
        )

    assert set(seen) <= {outcome for outcome, p in multinomial_law(4, law).items() if p > 0}
    assert farthest(law) < 5.5
    assert farthest(np.array([0.58, 0.0, 0.32, 0.1])) > 5.5
