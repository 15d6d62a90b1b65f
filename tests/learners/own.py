"""Learners to try things out on: a good one, and one for each way to be wrong."""

import numpy as np


class Normal:
    """Independent normal coordinates, by maximum likelihood."""

    def fit(self, data, rng):
        self.mean, self.sd = data.mean(axis=0), data.std(axis=0)

    def sample(self, n, rng):
        return rng.normal(self.mean, self.sd, size=(n, len(self.mean)))


class GlobalState(Normal):
    def sample(self, n, rng):
        return np.random.normal(self.mean, self.sd, size=(n, len(self.mean)))  # noqa: NPY002


class SeedsGlobally(Normal):
    def fit(self, data, rng):
        np.random.seed(0)  # noqa: NPY002
        super().fit(data, rng)


class FixedSeed(Normal):
    def sample(self, n, rng):
        return super().sample(n, np.random.default_rng(0))


class OwnEntropy(Normal):
    def sample(self, n, rng):
        return super().sample(n, np.random.default_rng())


class FirstHalf(Normal):
    def fit(self, data, rng):
        super().fit(data[: len(data) // 2], rng)


class Remembers(Normal):
    def __init__(self):
        self.seen = []

    def fit(self, data, rng):
        self.seen.append(data)
        super().fit(np.concatenate(self.seen), rng)


class Drifts(Normal):
    def sample(self, n, rng):
        self.mean = self.mean + 1.0
        return super().sample(n, rng)


class Ordered(Normal):
    def sample(self, n, rng):
        return np.sort(super().sample(n, rng), axis=0)


class Overwrites(Normal):
    def fit(self, data, rng):
        data -= data.mean(axis=0)
        super().fit(data, rng)


class NotANumber(Normal):
    def sample(self, n, rng):
        rows = super().sample(n, rng)
        rows[-1] = np.nan
        return rows


class WrongShape(Normal):
    def sample(self, n, rng):
        return super().sample(n + 1, rng)


class Words(Normal):
    def sample(self, n, rng):
        return ["a"] * n


class RaisesInFit(Normal):
    def fit(self, data, rng):
        raise RuntimeError("no memory left")


class RaisesInSample(Normal):
    def sample(self, n, rng):
        raise KeyError("weights")


class Stubborn(Normal):
    """Cannot learn from data that are all equal."""

    def fit(self, data, rng):
        super().fit(data, rng)
        if np.any(self.sd < 1e-9):
            raise ValueError("a scale of 0")


def made(widen=1.0):
    """Return a good learner, as a function that is named in the place of a class does."""
    assert widen == 1.0
    return Normal()


READY = Normal()
