"""The generic simulation: any family under any workflow, generation after generation, a block of replicates at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.families.base import Family
from modelcollapse.recursion import Recursion
from modelcollapse.start import Empirical
from modelcollapse.statistics.base import Snapshot
from modelcollapse.workflows.base import Recipe


def snapshots(recursion: Recursion, horizon: int, replicates: int, rng: np.random.Generator) -> Iterator[Snapshot]:
    """Yield what there is to see at generations 1, ..., horizon."""
    family, sizes, workflow = simulated_family(recursion), recursion.sizes(horizon), recursion.workflow
    truth = family.initial(recursion.start.truth, replicates)
    models, data = _beginning(recursion, family, truth, rng)
    pool = data.get(0)
    for generation in range(1, horizon + 1):
        recipe = workflow.recipe(generation)
        _check(recipe, generation, models, data)
        size = int(sizes[generation - 1])
        data[generation] = _draw(recursion, family, recipe, models, truth, size, rng)
        pool = _pooled(family, recipe, pool, data)
        seen = pool
        if recipe.subsample is not None:
            seen = family.subsample(pool, size if recipe.subsample == "sample size" else recipe.subsample, rng)
        models[generation] = family.fit(seen)
        yield Snapshot(models[generation], data[generation], pool)
        following = workflow.recipe(generation + 1)
        models = {k: m for k, m in models.items() if k in following.sources}
        data = {k: d for k, d in data.items() if k in following.batches}


def simulated_family(recursion: Recursion) -> Family[Any, Any]:
    """Return the family whose batches the recursion needs: data of several models that are drawn from must be known."""
    recipe = recursion.workflow.recipe(2)
    several = recipe.pool > 0 or len(recipe.batches) > 1 or len(recipe.sources) > 1
    mixed = several or recipe.fresh > 0 or recipe.fresh_count > 0
    return recursion.family.uncompressed() if mixed and recipe.subsample is not None else recursion.family


def _beginning(
    recursion: Recursion, family: Family[Any, Any], truth: Any, rng: np.random.Generator
) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return model 0 and batch 0, each under its generation; a known law has no batch."""
    start = recursion.start
    if isinstance(start, Empirical):
        batch = family.sample(truth, start.size, rng)
        return {0: family.fit(batch)}, {0: batch}
    corpus = family.corpus(start, len(truth))
    return {0: truth}, {} if corpus is None else {0: corpus}


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
            f"{sorted({*data, generation})} are there; batch 0 exists where the start is a corpus or an `Empirical` "
            "sample, and a recipe must name a batch for as long as a later one needs it."
        )


def _draw(
    recursion: Recursion,
    family: Family[Any, Any],
    recipe: Recipe,
    models: dict[int, Any],
    truth: Any,
    size: int,
    rng: np.random.Generator,
) -> Any:
    """Draw the new batch: each datum comes from one source, chosen by chance, or is fresh."""
    laws = [family.shaped(models[source], recursion.sampler) for source in recipe.sources]
    chances = [(1.0 - recipe.fresh) * chance for chance in recipe.sources.values()]
    if not (recipe.fresh or recipe.fresh_count) and len(laws) == 1:
        return family.sample(laws[0], size, rng)
    if recipe.fresh_count > size:
        raise InputError(f"`fresh_count` is {recipe.fresh_count}, but must be at most the sample size, {size}.")
    split = rng.multinomial(size - recipe.fresh_count, [*chances, recipe.fresh], size=len(truth))
    split[:, -1] += recipe.fresh_count
    parts = [family.sample(law, split[:, i], rng) for i, law in enumerate([*laws, truth])]
    return family.merge(parts, [1.0] * len(parts))


def _pooled(family: Family[Any, Any], recipe: Recipe, pool: Any, data: dict[int, Any]) -> Any:
    """Return what the recipe trains on: what was there before, if it counts again, and the batches that it names."""
    parts = [] if pool is None or not recipe.pool else [(pool, recipe.pool)]
    parts += [(data[batch], weight) for batch, weight in recipe.batches.items()]
    return family.merge([batch for batch, _ in parts], [weight for _, weight in parts])
