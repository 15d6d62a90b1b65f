"""The generic simulation: any family under any workflow, block by block of replicates.

A block is the unit of replay: its generator is spawned from the entropy and the block's number, and its size follows
from the specification alone, so no number depends on what else was run, in what order or on how many workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Observer, Statistic, Sums
from modelcollapse.workflows.base import Recipe

_VALUES_PER_BLOCK = 2**20


def blocks(recursion: Recursion, replicates: int) -> list[int]:
    """Return how many replicates each block has."""
    values = recursion.family.values_per_replicate(recursion.start)
    values += recursion.family.values_per_datum * int(np.max(recursion.sample_size))
    size = max(1, min(2048, _VALUES_PER_BLOCK // values))
    full, rest = divmod(replicates, size)
    return [size] * full + ([rest] if rest else [])


def run_block(
    recursion: Recursion,
    statistics: Sequence[Statistic],
    generations: NDArray[np.int64],
    replicates: int,
    rng: np.random.Generator,
) -> list[Sums]:
    """Simulate one block and return what each statistic's observer leaves behind."""
    observers: list[Observer] = [s.observer(recursion) for s in statistics]
    wanted = set(generations.tolist())
    for generation, model in enumerate(_models(recursion, int(generations[-1]), replicates, rng)):
        if generation in wanted:
            for observer in observers:
                observer.observe(model)
    return [observer.finish() for observer in observers]


def block_generator(entropy: int, block: int) -> np.random.Generator:
    """Return the generator of one block, so that it can be replayed alone."""
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=(block,)))


def _models(recursion: Recursion, horizon: int, replicates: int, rng: np.random.Generator) -> Iterator[Any]:
    """Yield the models of generations 0, 1, ..., horizon."""
    family, workflow, sizes = recursion.family, recursion.workflow, recursion.sizes(horizon)
    models = {0: family.initial(recursion.start, replicates)}
    corpus = family.corpus(recursion.start, replicates)
    data: dict[int, Any] = {} if corpus is None else {0: corpus}
    yield models[0]
    for generation in range(1, horizon + 1):
        recipe = workflow.recipe(generation)
        _check(recipe, generation, models, data)
        data[generation] = _draw(recursion, recipe, models, int(sizes[generation - 1]), rng)
        used = [data[batch] for batch in recipe.batches]
        pooled = family.merge(used, list(recipe.batches.values()))
        if recipe.subsample is not None:
            pooled = family.subsample(pooled, recipe.subsample, rng)
        models[generation] = family.fit(pooled)
        yield models[generation]
        following = workflow.recipe(generation + 1)
        models = {k: m for k, m in models.items() if k in following.sources}
        data = {k: d for k, d in data.items() if k in following.batches}


def _check(recipe: Recipe, generation: int, models: dict[int, Any], data: dict[int, Any]) -> None:
    """Raise if a recipe names what is not there: what one recipe leaves out is gone for the next."""
    lacking = set(recipe.sources) - set(models)
    if lacking:
        raise InputError(
            f"The recipe of generation {generation} draws from the models of generations {sorted(lacking)}, but only "
            f"{sorted(models)} are kept; a recipe must name a model for as long as a later one needs it."
        )
    absent = set(recipe.batches) - {*data, generation}
    if absent:
        raise InputError(
            f"The recipe of generation {generation} trains on the batches {sorted(absent)}, but only "
            f"{sorted({*data, generation})} are there; batch 0 exists where the start is a corpus, and a recipe must "
            "name a batch for as long as a later one needs it."
        )


def _draw(
    recursion: Recursion,
    recipe: Recipe,
    models: dict[int, Any],
    size: int,
    rng: np.random.Generator,
) -> Any:
    """Draw the new batch: each datum comes from one source, chosen by chance."""
    family, sources = recursion.family, list(recipe.sources)
    if len(sources) == 1:
        return family.sample(models[sources[0]], size, rng)
    replicates = len(next(iter(models.values())))
    split = rng.multinomial(size, list(recipe.sources.values()), size=replicates)
    parts = [family.sample(models[source], split[:, i], rng) for i, source in enumerate(sources)]
    return family.merge(parts, [1.0] * len(parts))
