"""Recursive training written from the definitions alone: lists of data, one replicate, one datum after the other.

Shares nothing with the package: `random` draws, `statistics` estimates. Slow, and easy to read.
"""

import random
import statistics


def categorical(truth, corpus, sizes, workflow, rng, fresh=0.0, count=0, weight=None):
    """Symbols drawn at each generation, and the last model: lists of symbols, and relative frequencies."""
    draw = lambda law: rng.choices(range(len(law)), weights=law)[0]  # noqa: E731
    fit = lambda data: [data.count(symbol) / len(data) for symbol in range(len(truth))]  # noqa: E731
    model, pool, batches = truth, list(corpus), []
    for size in sizes:
        real = [rng.random() < fresh for _ in range(size)] if fresh else [i < count for i in range(size)]
        batch = [draw(truth) if is_real else draw(model) for is_real in real]
        if weight is None:
            model = fit(_training_data(workflow, corpus, pool, batch, rng))
        else:
            both = zip(fit(batch[:count]), fit(batch[count:]), strict=True)
            model = [weight * ours + (1 - weight) * others for ours, others in both]
        batches.append(batch)
    return batches, model


def gaussian(mean, sd, sizes, workflow, rng, fresh=0.0, count=0, weight=None, ddof=1, real_data=0):
    """Mean and standard deviation of the last model; with real data the first model is fitted to them."""

    def fit(data):
        return statistics.fmean(data), (statistics.pvariance(data) * len(data) / (len(data) - ddof)) ** 0.5

    def weighted(ours, others):
        middle = weight * statistics.fmean(ours) + (1 - weight) * statistics.fmean(others)
        squares = [statistics.fmean((x - middle) ** 2 for x in part) for part in (ours, others)]
        n = len(ours) + len(others)
        return middle, (n * (weight * squares[0] + (1 - weight) * squares[1]) / (n - ddof)) ** 0.5

    corpus, pool = [rng.gauss(mean, sd) for _ in range(real_data)], []
    model = fit(corpus) if corpus else (mean, sd)
    for size in sizes:
        real = [rng.random() < fresh for _ in range(size)] if fresh else [i < count for i in range(size)]
        batch = [rng.gauss(mean, sd) if is_real else rng.gauss(*model) for is_real in real]
        if weight is None:
            model = fit(_training_data(workflow, corpus, pool, batch, rng))
        else:
            model = weighted(batch[:count], batch[count:])
    return model


def _training_data(workflow, corpus, pool, batch, rng):
    if workflow in ("replace", "fresh-mix", "fresh-count"):
        return batch
    if workflow == "fixed-real":
        return list(corpus) + batch
    pool.extend(batch)
    return list(pool) if workflow == "accumulate" else rng.sample(pool, len(batch))


def seeded(seed):
    """A generator of its own."""
    return random.Random(seed)
