"""What every workflow promises, tried over the list of workflows."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from modelcollapse import Categorical, Corpus, Gaussian, InputError, Known, Recursion, solve
from modelcollapse.families import FAMILIES, NormalMixture, ScipyDistribution
from modelcollapse.families.compressed import Compressed, Uncompressed
from modelcollapse.samplers import TopK
from modelcollapse.simulate.loop import simulated_family, snapshots
from modelcollapse.start import Empirical
from modelcollapse.statistics import Survival, Vocabulary
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows import (
    WORKFLOWS,
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Recipe,
    Replace,
    WeightedMix,
)
from tests.contracts.test_families import STARTS, numbers

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


REAL = {"fixed-real"}
WHOLE = {"normal-mixture", "scipy"}  # their estimators take every datum a whole number of times


def recursion_of(family, workflow, size):
    """A recursion of a family under a workflow, from data where the workflow needs them."""
    start = STARTS[family]
    if workflow.name in REAL and not isinstance(start, Corpus | TextCorpus):
        start = Empirical(start, 12)
    return Recursion(family(), start, size, workflow)


def models_of(recursion, generations, replicates, seed):
    seen = list(snapshots(recursion, generations, replicates, np.random.default_rng(seed)))
    return [numbers(recursion.family, snapshot.model) for snapshot in seen]


@EVERY
@pytest.mark.parametrize("family", list(FAMILIES), ids=lambda family: family.name)
def test_works_with_every_family(workflow, family):
    recursion = recursion_of(family, workflow, [9, 14, 9, 11])
    if family.name in WHOLE and isinstance(workflow, WeightedMix):
        with pytest.raises(InputError, match="`weights` are fractions"):
            models_of(recursion, 4, 4, 1)
        return
    replicates = 4 if family in (ScipyDistribution, NormalMixture) else 30
    models = models_of(recursion, 4, replicates, 1)
    again = models_of(recursion, 4, replicates, 1)
    other = models_of(recursion, 4, replicates, 2)
    for model, same, differs in zip(models, again, other, strict=True):
        assert np.isfinite(model).all()
        np.testing.assert_array_equal(model, same)
        assert not np.array_equal(model, differs)
        assert len({row.tobytes() for row in np.asarray(model)}) > 1


@pytest.mark.parametrize("family", [each for each in FAMILIES if issubclass(each, Compressed)], ids=lambda f: f.name)
@pytest.mark.parametrize("workflow", [Replace(), Accumulate()], ids=lambda workflow: workflow.name)
@pytest.mark.parametrize(("size", "caught"), [(6, False), (7, True)])
def test_compressed_batches_have_the_law_of_the_data(family, workflow, size, caught):
    """Models after 1 and 3 generations, compressed and with every datum kept: Kolmogorov-Smirnov, 1e-7 for each column.

    A sample size of 7 in the place of 6 is caught.
    """
    compressed = Recursion(family(), STARTS[family], 6, workflow)
    plain = Recursion(family().uncompressed(), STARTS[family], size, workflow)
    ours, theirs = (models_of(each, 3, 30_000, seed) for each, seed in ((compressed, 1), (plain, 2)))
    smallest = min(
        ks_2samp(ours[k][:, column], theirs[k][:, column]).pvalue
        for k in (0, 2)
        for column in range(ours[0].shape[1])
        if np.ptp(ours[k][:, column]) > 0
    )
    assert (smallest < 1e-7) == caught


@pytest.mark.parametrize("dimension", [2, 3])
def test_several_dimensions_have_the_law_of_the_data(dimension):
    family = Gaussian(dimension=dimension)
    start = STARTS[Gaussian]
    for workflow in (Accumulate(), FreshMix(0.3), AccumulateSubsample()):
        ours = models_of(Recursion(family, start, 8, workflow), 2, 20_000, 1)[1]
        theirs = models_of(Recursion(family.uncompressed(), start, 8, workflow), 2, 20_000, 2)[1]
        pvalues = [ks_2samp(a, b).pvalue for a, b in zip(ours.T, theirs.T, strict=True) if np.ptp(a) > 0]
        assert min(pvalues) > 1e-7


def test_a_part_of_the_pool_is_no_new_draw():
    """The same data are drawn from again: a datum left out at one generation may train the next."""
    recursion = Recursion(Gaussian(), STARTS[Gaussian], 6, AccumulateSubsample(3))
    assert isinstance(simulated_family(recursion), Uncompressed)
    *_, last = snapshots(recursion, 5, 3, np.random.default_rng(1))
    assert last.pool.values.shape == (3, 30, 1)


def test_presence_is_about_the_draws_and_the_pool_keeps_more():
    recursion = Recursion(Categorical(), Corpus([1] * 20), 20, Accumulate())
    *_, last = snapshots(recursion, 5, 50, np.random.default_rng(1))
    assert np.all((last.pool > 0).sum(axis=1) == 20)
    assert np.all((last.drawn > 0).sum(axis=1) < 20)
    vocabulary = solve(recursion, Vocabulary(), 5, method="simulate", replicates=500, rng=1)["vocabulary"]
    assert vocabulary.value[-1] < 14


def test_fresh_data_are_not_shaped():
    """Top-1 sampling of the model: with half of the data fresh the rare symbol stays, otherwise it is gone at once."""
    law = Known([0.2, 0.8])
    gone = Recursion(Categorical(), law, 50, Replace(), TopK(1))
    stays = Recursion(Categorical(), law, 50, FreshMix(0.5), TopK(1))
    asked = Survival([0])
    assert np.all(solve(gone, asked, 3, method="simulate", replicates=500, rng=1)["survival"].value == 0)
    assert np.all(solve(stays, asked, 3, method="simulate", replicates=500, rng=1)["survival"].value > 0.9)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: FreshMix(1.5), "`fresh`"),
        (lambda: FreshMix(float("nan")), "`fresh`"),
        (lambda: FreshCount(-1), "`count`"),
        (lambda: FreshCount(1.5), "`count`"),
        (lambda: WeightedMix(0), "`count`"),
        (lambda: WeightedMix(5, 0.0), "`weight` is 0.0, but must be a number between 0 and 1, or 'optimal'"),
        (lambda: WeightedMix(5, 1), "`weight`"),
        (lambda: WeightedMix(5, "best"), "`weight` is 'best'"),
        (lambda: WeightedMix(5, float("nan")), "`weight`"),
        (lambda: AccumulateSubsample(0), "`size`"),
        (lambda: FixedReal(0), "`weight`"),
        (lambda: Recipe({0: 1.0}, {1: 1.0}, fresh=0.5, fresh_count=1), "`fresh_count`"),
        (lambda: Recipe({0: 1.0}, {1: 1.0}, fresh_weight=0.5), "`fresh_weight`"),
        (lambda: Recipe({0: 1.0}, {1: 1.0}, fresh_count=1, fresh_weight=2.0), "`fresh_weight`"),
        (lambda: Recipe({0: 1.0}, {1: 1.0}, subsample=0), "`subsample`"),
        (lambda: Empirical(Known([1.0]), 0), "`size`"),
        (lambda: Empirical(Empirical(Known([1.0]), 3), 3), "`of`"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()


@pytest.mark.parametrize("sizes", [5, [9, 5, 7]])
def test_a_count_above_the_sample_size_is_refused(sizes):
    Recursion(Categorical(), Known([0.5, 0.5]), sizes, FreshCount(5))
    with pytest.raises(InputError, match="`count` is 6, but must be at most the smallest sample size, 5"):
        Recursion(Categorical(), Known([0.5, 0.5]), sizes, FreshCount(6))


def test_where_fresh_data_have_a_weight_the_others_need_data():
    Recursion(Categorical(), Known([0.5, 0.5]), 5, WeightedMix(4))
    with pytest.raises(InputError, match="`count` is 5, but must be below the smallest sample size, 5"):
        Recursion(Categorical(), Known([0.5, 0.5]), 5, WeightedMix(5))


def test_weights_are_of_the_fit_and_not_of_the_draws():
    """The model is the weighted mean of the frequencies in 2 fresh and 6 other draws; draws stay whole."""
    recursion = Recursion(Categorical(), Known([0.3, 0.7]), 8, WeightedMix(2, 0.5))
    first = next(iter(snapshots(recursion, 1, 2000, np.random.default_rng(1))))
    assert first.drawn.dtype == np.int64
    assert np.all(first.drawn.sum(axis=1) == 8)
    steps = first.model[:, 0] * 12  # 0.5 j/2 + 0.5 i/6 = (3 j + i)/12
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-12)
    assert set(range(8)) <= set(np.round(steps).astype(int))


def test_parts_of_data_cannot_be_drawn_from():
    family = Categorical()
    weighted = family.merge([np.array([[1, 2]]), np.array([[3, 1]])], [0.5, 1.5])
    np.testing.assert_array_equal(weighted, [[5.0, 2.5]])
    np.testing.assert_array_equal(family.counts(weighted), [[5, 3]])
    with pytest.raises(InputError, match="whole numbers"):
        family.subsample(weighted, 3, np.random.default_rng(1))


def test_a_recipe_with_more_fresh_draws_than_draws_is_refused():
    class Fed(Replace):
        def recipe(self, generation):
            return Recipe({generation - 1: 1.0}, {generation: 1.0}, fresh_count=6)

    with pytest.raises(InputError, match="at most the sample size, 5"):
        models_of(Recursion(Categorical(), Known([0.5, 0.5]), 5, Fed()), 1, 2, 1)


def test_a_part_larger_than_the_pool_is_refused():
    with pytest.raises(InputError, match="at most the 5 data"):
        models_of(Recursion(Gaussian(), STARTS[Gaussian], 5, AccumulateSubsample(9)), 1, 2, 1)


def test_fixed_real_data_must_be_there():
    with pytest.raises(InputError, match="`Empirical`"):
        models_of(Recursion(Gaussian(), STARTS[Gaussian], 5, FixedReal()), 1, 2, 1)
