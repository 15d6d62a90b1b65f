"""What every workflow promises, tried over the list of workflows."""

import pytest

from modelcollapse.workflows import WORKFLOWS

EVERY = pytest.mark.parametrize("workflow", [workflow() for workflow in WORKFLOWS], ids=lambda w: w.name)


@EVERY
@pytest.mark.parametrize("generation", [1, 2, 10])
def test_recipe_uses_what_exists(workflow, generation):
    recipe = workflow.recipe(generation)
    assert sum(recipe.sources.values()) == pytest.approx(1.0, abs=1e-12)
    assert all(0 <= source < generation for source in recipe.sources)
    assert all(0 <= batch <= generation for batch in recipe.batches)
    assert generation in recipe.batches
    assert all(weight > 0 for weight in recipe.batches.values())


@EVERY
def test_recipe_needs_only_what_the_recipe_before_kept(workflow):
    """The simulation forgets models and batches that the next recipe does not name: none may come back."""
    for generation in range(1, 10):
        known = {*workflow.recipe(generation).sources, generation}
        assert set(workflow.recipe(generation + 1).sources) <= known
        kept = {*workflow.recipe(generation).batches, generation + 1}
        assert set(workflow.recipe(generation + 1).batches) <= kept


@EVERY
def test_describes_itself(workflow):
    assert workflow.to_dict()["name"] == workflow.name
