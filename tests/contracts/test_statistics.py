"""What every statistic, law and bound promises, tried over the lists."""

import json

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, NoAnswerError, Recursion, solve
from modelcollapse.bounds import BOUNDS
from modelcollapse.laws import LAWS
from modelcollapse.statistics import STATISTICS, Statistic

EVERY = pytest.mark.parametrize("statistic", [kind() for kind in STATISTICS], ids=lambda s: s.name)
RECURSIONS = pytest.mark.parametrize(
    "recursion",
    [
        Recursion(Categorical(), Corpus([1, 1, 2, 0, 6]), 10),
        Recursion(Categorical(), Known([0.5, 0.5]), 1),
        Recursion(Categorical(), Known([1.0]), 3),
        Recursion(Categorical(), Known([0.1, 0.2, 0.7]), [3, 7, 2, 9]),
        Recursion(Categorical(), Corpus([1] * 60 + [40]), 500),
    ],
    ids=["corpus", "one draw", "one symbol", "schedule", "large"],
)


@EVERY
@RECURSIONS
def test_exact_answer_is_whole_or_none(statistic, recursion):
    try:
        result = solve(recursion, statistic, [1, 2, 4], method="exact")[statistic.name]
    except NoAnswerError:
        assert recursion.constant_size is None
        return
    assert result.value.shape == tuple(len(result.coordinates[d]) for d in result.dimensions)
    assert not np.isnan(result.value).any()
    assert np.all(result.value >= 0)
    if statistic.is_probability:
        assert np.all(result.value <= 1)
    if "level" not in result.dimensions and not statistic.name.endswith("time"):
        assert np.isfinite(result.value).all()
    assert result.error is not None
    assert result.references
    assert result.provenance.entropy is None
    json.dumps(result.to_dict(), allow_nan=False)
    assert statistic.name in repr(result)
    assert str(result)


@EVERY
@RECURSIONS
def test_exact_answer_lies_between_all_bounds(statistic, recursion):
    bounds = solve(recursion, statistic, [1, 2, 4], method="bounds").of(statistic.name)
    if not bounds:
        return
    exact = solve(recursion, statistic, [1, 2, 4], method="exact")[statistic.name].value
    for bound in bounds:
        assert bound.kind in ("lower", "upper")
        slack = 1e-9 * np.maximum(1, np.abs(exact))
        if bound.kind == "lower":
            assert np.all(bound.value <= exact + slack)
        else:
            assert np.all(bound.value >= exact - slack)


@EVERY
def test_simulation_agrees_or_declines(statistic):
    """20,000 replicates against the law: every |z| < 6.1 (false-alarm rate 1e-6 over up to 1,000 comparisons)."""
    recursion = Recursion(Categorical(), Corpus([1, 1, 2, 6, 10]), 20)
    try:
        estimate = solve(recursion, statistic, [1, 3, 10, 30], method="simulate", replicates=20_000, rng=7)
    except NoAnswerError:
        assert type(statistic).observer is Statistic.observer
        return
    simulated = estimate[statistic.name]
    exact = solve(recursion, statistic, [1, 3, 10, 30], method="exact")[statistic.name]
    standard_error = np.maximum(simulated.high - simulated.low, 1e-12) / 3.92
    certain = np.isclose(exact.value, simulated.value, rtol=1e-12)
    z = np.where(certain, 0.0, (simulated.value - exact.value) / standard_error)
    assert np.abs(z).max() < 6.1
    assert np.all((simulated.low <= simulated.value) & (simulated.value <= simulated.high))
    if exact.sd is not None:
        np.testing.assert_allclose(simulated.sd, exact.sd, rtol=0.03)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_law_declares_itself(law):
    assert law.statement
    assert law.references


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
def test_bound_declares_itself(bound):
    assert bound.name.startswith(f"{bound.reference.key}.")
    assert bound.statement
    assert bound.validity
    assert bound.basis in ("read", "authors' notebook", "abstract", "memory", "derived here")
    assert bound.reference.bibtex().startswith(f"@misc{{{bound.reference.key},")


def test_names_differ():
    for listed in (STATISTICS, LAWS, BOUNDS):
        names = [item.name for item in listed]
        assert len(set(names)) == len(names)
