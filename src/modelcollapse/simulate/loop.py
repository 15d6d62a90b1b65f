"""The generic simulation: any family under any workflow, generation after generation, a block of replicates at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelcollapse.errors import InputError, LearnerError
from modelcollapse.families.base import Family
from modelcollapse.recursion import Recursion
from modelcollapse.start import Empirical
from modelcollapse.statistics.base import Snapshot
from modelcollapse.workflows.base import Recipe


@dataclass(frozen=True, eq=False)
class State:
    """What the next generation needs, and nothing else: a run can be stopped here and gone on with.

    Parameters
    ----------
    generation : int
        How many generations are behind.
    models : mapping of int to model
        Those that may be drawn from, by their generation.
    fitted_to : mapping of int to batch or None
        The data that each of them was fitted to; None for the truth itself.
    data : mapping of int to batch
        Batches that may be trained on again, by their generation.
    pool : batch or None
        All data so far, as the recipes count them.
    """

    generation: int
    models: Mapping[int, Any]
    fitted_to: Mapping[int, Any]
    data: Mapping[int, Any]
    pool: Any


def snapshots(recursion: Recursion, horizon: int, replicates: int, rng: np.random.Generator) -> Iterator[Snapshot]:
    """Yield what there is to see at generations 1, ..., horizon."""
    return (snapshot for snapshot, _ in steps(recursion, horizon, replicates, rng))


def steps(
    recursion: Recursion, horizon: int, replicates: int, rng: np.random.Generator, after: State | None = None
) -> Iterator[tuple[Snapshot, State]]:
    """Yield what there is to see, and what the next generation needs, from 1, or from a state, to the horizon."""
    family, sizes, workflow = simulated_family(recursion), recursion.sizes(horizon), recursion.workflow
    with _at_generation(0):
        truth = family.initial(recursion.start.truth, replicates)
        state = after or _beginning(recursion, family, truth, rng)
    for generation in range(state.generation + 1, horizon + 1):
        recipe = workflow.recipe(generation)
        _check(recipe, generation, state)
        size = int(sizes[generation - 1])
        with _at_generation(generation):
            drawn, new = _draw(recursion, family, recipe, state.models, truth, size, rng)
            data = {**state.data, generation: new}
            pool = seen = _pooled(family, recipe, state.pool, data)
            if recipe.subsample is not None:
                seen = family.subsample(pool, size if recipe.subsample == "sample size" else recipe.subsample, rng)
            model = family.fit(seen)
        models, fitted_to = {**state.models, generation: model}, {**state.fitted_to, generation: seen}
        following = workflow.recipe(generation + 1)
        state = State(
            generation,
            {k: m for k, m in models.items() if k in following.sources},
            {k: d for k, d in fitted_to.items() if k in following.sources},
            {k: d for k, d in data.items() if k in following.batches},
            pool if following.pool else None,
        )
        yield Snapshot(model, drawn, pool), state


@contextmanager
def _at_generation(generation: int) -> Iterator[None]:
    """Say in which generation a user's model failed."""
    try:
        yield
    except LearnerError as error:
        raise error.at(generation) from error.__cause__


def simulated_family(recursion: Recursion) -> Family[Any, Any]:
    """Return the family whose batches the recursion needs: data of several models that are drawn from must be known."""
    recipe = recursion.workflow.recipe(2)
    several = recipe.pool > 0 or len(recipe.batches) > 1 or len(recipe.sources) > 1
    mixed = several or recipe.fresh > 0 or recipe.fresh_count > 0
    return recursion.family.uncompressed() if mixed and recipe.subsample is not None else recursion.family


def _beginning(recursion: Recursion, family: Family[Any, Any], truth: Any, rng: np.random.Generator) -> State:
    """Return model 0 and batch 0, each under its generation; a known law has no batch."""
    start = recursion.start
    if isinstance(start, Empirical):
        batch = family.sample(truth, start.size, rng)
        return State(0, {0: family.fit(batch)}, {0: batch}, {0: batch}, batch)
    corpus = family.corpus(start, len(truth))
    model, fitted_to = family.first(truth, corpus, rng)
    return State(0, {0: model}, {0: fitted_to}, {} if corpus is None else {0: corpus}, corpus)


def _check(recipe: Recipe, generation: int, state: State) -> None:
    """Raise if a recipe names what is not there: what one recipe leaves out is gone for the next."""
    lacking = set(recipe.sources) - set(state.models)
    if lacking:
        raise InputError(
            f"The recipe of generation {generation} draws from the models of generations {sorted(lacking)}, but only "
            f"{sorted(state.models)} are kept; a recipe must name a model for as long as a later one needs it."
        )
    there = {*state.data, generation}
    absent = set(recipe.batches) - there
    if absent:
        raise InputError(
            f"The recipe of generation {generation} trains on the batches {sorted(absent)}, but only "
            f"{sorted(there)} are there; batch 0 exists where the start is a corpus or real data (`Empirical`, "
            "--real-size), and a recipe must name a batch for as long as a later one needs it."
        )


def _draw(
    recursion: Recursion,
    family: Family[Any, Any],
    recipe: Recipe,
    models: Mapping[int, Any],
    truth: Any,
    size: int,
    rng: np.random.Generator,
) -> tuple[Any, Any]:
    """Draw the new batch, each datum from one source or fresh; return it, and the same with the weights of the fit."""
    laws = [family.shaped(models[source], recursion.sampler) for source in recipe.sources]
    chances = [(1.0 - recipe.fresh) * chance for chance in recipe.sources.values()]
    if not (recipe.fresh or recipe.fresh_count) and len(laws) == 1:
        drawn = family.sample(laws[0], size, rng)
        return drawn, drawn
    if recipe.fresh_count > size:
        raise InputError(f"`fresh_count` is {recipe.fresh_count}, but must be at most the sample size, {size}.")
    split = rng.multinomial(size - recipe.fresh_count, [*chances, recipe.fresh], size=len(truth))
    split[:, -1] += recipe.fresh_count
    parts = [family.sample(law, split[:, i], rng) for i, law in enumerate([*laws, truth])]
    drawn = family.merge(parts, [1.0] * len(parts))
    if recipe.fresh_weight is None:
        return drawn, drawn
    weight, others = recipe.weight_of_fresh(size), size - recipe.fresh_count
    each = [(1.0 - weight) * size / others if others else 0.0] * len(laws)
    return drawn, family.merge(parts, [*each, weight * size / recipe.fresh_count])


def _pooled(family: Family[Any, Any], recipe: Recipe, pool: Any, data: Mapping[int, Any]) -> Any:
    """Return what the recipe trains on: what was there before, if it counts again, and the batches that it names."""
    parts = [] if pool is None or not recipe.pool else [(pool, recipe.pool)]
    parts += [(data[batch], weight) for batch, weight in recipe.batches.items()]
    return family.merge([batch for batch, _ in parts], [weight for _, weight in parts])
