"""The classes of docs/extending.md, followed word by word, keep every promise that the contract tests try."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Recursion, solve
from tests.contracts import test_families, test_statistics, test_workflows
from tests.test_documentation import ROOT, run_page


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """What the page defines, by name."""
    return run_page(ROOT / "docs/extending.md", tmp_path_factory.mktemp("extending"))


def test_family(page, monkeypatch):
    family = page["Geometric"]()
    monkeypatch.setitem(test_families.STARTS, type(family), page["KnownMean"](3.0))
    test_families.test_is_a_frozen_value_with_a_start(family)
    test_families.test_sample_and_fit_keep_the_replicates_apart(family)
    test_families.test_the_generator_decides(family)
    test_families.test_merged_batches_weigh_as_their_data(family)
    test_families.test_all_of_a_batch_is_a_subsample(family)
    test_families.test_counts_its_values(family)


def test_geometric_draws_follow_their_law(page):
    """Chi-square of single draws and of subsamples, 6 degrees of freedom: false-alarm rate 1e-6. Poisson is caught."""
    family, rng = page["Geometric"](), np.random.default_rng(1)
    model = family.initial(page["KnownMean"](1.5), 50_000)
    single = family.sample(model, 1, rng)[:, 0]
    thinned = family.subsample(family.sample(model, 5, rng), 1, rng)[:, 0]
    geometric = 0.4 * 0.6 ** np.arange(6)
    poisson = np.exp(-1.5) * np.array([1, 1.5, 1.125, 0.5625, 0.2109375, 0.06328125])

    def chi_square(draws, law):
        expected = 50_000 * np.append(law, 1 - law.sum())
        return ((np.bincount(np.minimum(draws.astype(int), 6), minlength=7) - expected) ** 2 / expected).sum()

    limit = 38.3  # chi-square with 6 degrees of freedom exceeds it with probability 1e-6
    assert chi_square(single, geometric) < limit
    assert chi_square(thinned, geometric) < limit
    assert chi_square(single, poisson) > limit


def test_workflow(page):
    for generation in (1, 2, 10):
        test_workflows.test_recipe_uses_what_exists(page["FreshShare"](), generation)


def test_bounds(page):
    for bound in (page["GeometricNotZero"](), page["FreshSurvival"]()):
        test_statistics.test_bound_declares_itself(bound)


def test_fresh_survival_holds(page):
    """The bracket against 20,000 runs, with 5 standard errors to spare: false-alarm rate 1e-6 for 6 comparisons."""
    recursion = Recursion(Categorical(), Corpus([1, 4, 95]), 50, page["FreshShare"](0.3))
    asked = page["Survival"]([0, 1])
    low, high = solve(recursion, asked, [1, 5, 30], method="bounds", bounds=[page["FreshSurvival"]()]).of("survival")
    simulated = solve(recursion, asked, [1, 5, 30], method="simulate", replicates=20_000, rng=1)["survival"].value
    error = 5.1 * np.sqrt(simulated * (1 - simulated) / 20_000)
    assert np.all(simulated + error >= low.value)
    assert np.all(simulated - error <= high.value)


def test_law_declares_itself(page):
    test_statistics.test_law_declares_itself(page["GeometricMoments"]())
