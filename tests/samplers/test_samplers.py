"""Samplers: what they do to probabilities, and who knows them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse import Categorical, Gaussian, InputError, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.families import FAMILIES
from modelcollapse.families.base import SymbolFamily
from modelcollapse.families.location_scale import LocationScale
from modelcollapse.samplers import SAMPLERS, Amplification, Plain, SymbolSampler, Temperature, TopK, TopP
from modelcollapse.statistics import Survival
from tests.contracts.test_families import STARTS

LAWS = st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda p: sum(p) > 1e-6)
SHAPES = [
    Temperature(0.01),
    Temperature(0.5),
    Temperature(1.0),
    Temperature(100.0),
    TopK(1),
    TopK(3),
    TopP(0.5),
    TopP(1.0),
]


@given(LAWS, st.sampled_from(SHAPES))
def test_adjusted_probabilities_are_probabilities(weights, sampler):
    law = np.array(weights) / sum(weights)
    shaped = sampler.adjust(law)
    assert shaped.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.all(shaped >= 0)
    assert np.all(shaped[law == 0] == 0)
    kept = shaped > 0
    order = np.argsort(law[kept], kind="stable")
    assert np.all(np.diff(shaped[kept][order]) >= -1e-15)
    assert shaped.argmax() == law.argmax() or law[shaped.argmax()] == pytest.approx(law.max(), rel=1e-9)


@given(st.lists(LAWS.filter(lambda p: len(p) == 4), min_size=2, max_size=4), st.sampled_from(SHAPES))
def test_rows_are_adjusted_one_by_one(rows, sampler):
    laws = np.array([np.array(row) / sum(row) for row in rows])
    np.testing.assert_allclose(sampler.adjust(laws), [sampler.adjust(law) for law in laws], rtol=1e-12)


def test_by_hand():
    law = np.array([0.1, 0.4, 0.2, 0.3])
    np.testing.assert_allclose(Temperature(0.5).adjust(law), law**2 / 0.3)
    np.testing.assert_allclose(TopK(2).adjust(law), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(TopP(0.7).adjust(law), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(TopP(0.71).adjust(law), [0, 4 / 9, 2 / 9, 3 / 9])
    np.testing.assert_array_equal(TopK(4).adjust(law), law)
    np.testing.assert_array_equal(TopP(1.0).adjust(law), law)
    np.testing.assert_allclose(Temperature(1.0).adjust(law), law)
    np.testing.assert_array_equal(TopK(1).adjust(np.array([0.5, 0.5])), [1, 0])


@pytest.mark.parametrize("family", [family() for family in FAMILIES], ids=lambda family: family.name)
@pytest.mark.parametrize("sampler", [sampler() for sampler in SAMPLERS], ids=lambda sampler: sampler.name)
def test_a_family_knows_a_sampler_or_refuses_it(family, sampler):
    symbols, scales = isinstance(family, SymbolFamily), isinstance(family, LocationScale)
    known = isinstance(sampler, Plain) or (symbols if isinstance(sampler, SymbolSampler) else scales)
    if known:
        assert Recursion(family, STARTS[type(family)], 20, sampler=sampler).sampler == sampler
        return
    with pytest.raises(InputError, match="knows no such sampler"):
        Recursion(family, STARTS[type(family)], 20, sampler=sampler)


def test_amplification_multiplies_the_variance_and_leaves_the_mean():
    family = Gaussian(dimension=2)
    model = family.initial(Parameters(mean=3.0, scale=2.0), 1)
    shaped = family.shaped(model, Amplification(0.25))
    np.testing.assert_allclose(family.location(shaped), [[3, 3]])
    np.testing.assert_allclose(family.scale(shaped), [1])


def test_no_law_answers_where_draws_are_shaped():
    recursion = Recursion(Categorical(), Known([0.2, 0.8]), 20, sampler=Temperature(0.9))
    assert solve(recursion, Survival([0]), 5, replicates=100, rng=1)["survival"].kind == "estimate"
    assert len(solve(recursion, Survival([0]), 5, method="bounds").of("survival")) == 0
    assert repr(recursion).endswith("replace, temperature)")
    assert recursion.to_dict()["sampler"] == {"name": "temperature", "temperature": 0.9}


def test_a_cold_sampler_forgets_sooner():
    """Survival at generation 5 falls with the temperature; 20,000 replicates, far more than 6 standard errors apart."""
    found = [
        solve(
            Recursion(Categorical(), Known([0.2, 0.8]), 20, sampler=Temperature(t)),
            Survival([0]), [5], method="simulate", replicates=20_000, rng=1,
        )["survival"].value[0, 0]
        for t in (0.7, 1.0, 1.5)
    ]  # fmt: skip
    assert found[0] + 0.05 < found[1] < found[2] - 0.05


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Temperature(0), "`temperature`"),
        (lambda: Temperature(float("nan")), "`temperature`"),
        (lambda: TopK(0), "`k`"),
        (lambda: TopP(0), "`p`"),
        (lambda: TopP(1.1), "`p`"),
        (lambda: Amplification(0), "`factor`"),
        (lambda: Recursion(Poisson(), Parameters(rate=1.0), 5, sampler=TopK(2)), "`sampler`"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()
