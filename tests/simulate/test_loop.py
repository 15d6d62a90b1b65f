"""The simulation: reproducible block by block, right in law, and able to be caught when it is wrong."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, Recursion, solve
from modelcollapse.statistics import Diversity, Survival, Vocabulary
from modelcollapse.workflows import Recipe, Workflow

COIN = Recursion(Categorical(), Known([0.1, 0.9]), 10)


def test_later_questions_do_not_change_earlier_answers():
    short = solve(COIN, Vocabulary(), [3], method="simulate", replicates=500, rng=5)["vocabulary"]
    long = solve(COIN, [Vocabulary(), Diversity()], [3, 9], method="simulate", replicates=500, rng=5)
    assert short.value[0] == long["vocabulary"].value[0]


@pytest.mark.parametrize(("size", "caught"), [(10, False), (11, True), (9, True)])
def test_a_wrong_sample_size_is_caught(size, caught):
    """Survival of 200,000 replicates against the law for n = 10: |z| > 5.5 (rate 1e-6 over 20 comparisons)."""
    exact = solve(COIN, Survival([0]), 20)["survival"].value
    wrong = Recursion(Categorical(), Known([0.1, 0.9]), size)
    simulated = solve(wrong, Survival([0]), 20, method="simulate", replicates=200_000, rng=13)["survival"]
    z = np.abs(simulated.value - exact) / np.sqrt(exact * (1 - exact) / 200_000)
    assert (z.max() > 5.5) == caught


class Mixed(Workflow):
    """Half of the draws from P_0: exercises several sources."""

    name = "mixed"

    def recipe(self, generation):
        sources = {0: 1.0} if generation == 1 else {0: 0.5, generation - 1: 0.5}
        return Recipe(sources, {generation: 1.0})


class Pool(Workflow):
    """Everything since generation 1, thinned to 10: exercises pooling and subsampling."""

    name = "pool"

    def recipe(self, generation):
        batches = dict.fromkeys(range(1, generation + 1), 1.0)
        return Recipe({generation - 1: 1.0}, batches, subsample=10)


def test_recipe_with_two_sources_has_the_exact_second_moment():
    """P' = Bin(n, (p + P)/2)/n: E P'(1 - P') after two steps, against the recursion of moments; |z| < 5."""
    recursion = Recursion(Categorical(), Known([0.1, 0.9]), 10, Mixed())
    simulated = solve(recursion, Diversity(), 2, method="simulate", replicates=100_000, rng=17)["diversity"]
    n, p = 10, 0.1
    first = p * (1 - p) * (1 - 1 / n)
    mean_square_mixed = p**2 + (p - p**2 - first) / 4
    second = (p - mean_square_mixed) * (1 - 1 / n)
    error = (simulated.high - simulated.low) / 3.92
    assert np.all(np.abs(simulated.value - 2 * np.array([first, second])) < 5 * error)


def test_pooling_and_subsampling_run():
    recursion = Recursion(Categorical(), Corpus([2, 3, 5]), 10, Pool())
    simulated = solve(recursion, Diversity(), 4, method="simulate", replicates=200, rng=1)["diversity"]
    assert np.all(np.diff(simulated.value) < 0)


@pytest.mark.parametrize("replicates", [0, -1, 1.5, 10**13])
def test_refused_replicates(replicates):
    with pytest.raises(InputError, match="`replicates`"):
        solve(COIN, Vocabulary(), 3, method="simulate", replicates=replicates)


def test_one_replicate_has_an_interval():
    result = solve(COIN, [Vocabulary(), Survival()], 3, method="simulate", replicates=1, rng=1)
    vocabulary = result["vocabulary"]
    assert vocabulary.sd is None
    np.testing.assert_array_equal([vocabulary.low, vocabulary.high], [[1, 1, 1], [2, 2, 2]])
    assert np.all(result["survival"].high - result["survival"].low > 0.9)


class FromCorpus(Workflow):
    """Trains on the corpus and the newest batch: needs batch 0."""

    name = "from-corpus"

    def recipe(self, generation):
        return Recipe({generation - 1: 1.0}, {0: 1.0, generation: 1.0})


class Forgetful(Workflow):
    """Names a model that an earlier recipe left out."""

    name = "forgetful"

    def recipe(self, generation):
        return Recipe({max(0, generation - 2): 1.0}, {generation: 1.0})


def test_batch_0_is_the_corpus():
    """With N corpus tokens kept and n drawn, E[diversity] obeys the two-source recursion; |z| < 5."""
    recursion = Recursion(Categorical(), Corpus([10, 10]), 20, FromCorpus())
    simulated = solve(recursion, Diversity(), 1, method="simulate", replicates=100_000, rng=3)["diversity"]
    # The pooled frequency is (p + P')/2 with Var P' = p q / 20.
    expected = 2 * (0.25 - 0.25 / 20 / 4)
    assert abs(simulated.value[0] - expected) < 5 * (simulated.high - simulated.low)[0] / 3.92
    with pytest.raises(InputError, match="batch 0 exists where the start is a corpus"):
        solve(Recursion(Categorical(), Known([0.5, 0.5]), 5, FromCorpus()), Diversity(), 2, method="simulate")


def test_a_model_left_out_is_gone():
    with pytest.raises(InputError, match="for as long as a later one needs it"):
        solve(Recursion(Categorical(), Known([0.5, 0.5]), 5, Forgetful()), Diversity(), 3, method="simulate")


@pytest.mark.parametrize("sources", [{}, {0: 0.5}, {0: 1.5, 1: -0.5}])
def test_refused_recipes(sources):
    with pytest.raises(InputError, match="`sources`"):
        Recipe(sources, {1: 1.0})
