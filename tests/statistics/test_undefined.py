"""Replicates without a value are counted and left out: never averaged, never taken for collapsed."""

from dataclasses import dataclass

import numpy as np
import pytest

from modelcollapse import Gaussian, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families.location_scale import LocationScale
from modelcollapse.statistics import CollapsingVariance, MeanScale, NotCollapsed, ScaleTail


@dataclass(frozen=True)
class Fragile(LocationScale):
    """A Gaussian whose fit fails for every replicate whose mean comes out above a limit."""

    limit: float = 0.0

    name = "fragile"
    parameters = ("mean", "scale")

    def sample(self, model, size, rng):
        return Gaussian().sample(np.nan_to_num(model, nan=1.0), size, rng)

    def merge(self, batches, weights):
        return Gaussian().merge(batches, weights)

    def subsample(self, batch, size, rng):
        return Gaussian().subsample(batch, size, rng)

    def fit(self, batch):
        model = Gaussian().fit(batch)
        return np.where(model[:, :1] > self.limit, np.nan, model)


START = Parameters(mean=0.0, scale=1.0)


def test_they_are_counted_and_left_out():
    recursion = Recursion(Fragile(), START, 10)
    asked = [ScaleTail(1e-6), MeanScale(), NotCollapsed(CollapsingVariance(1e-6))]
    found = solve(recursion, asked, [1], method="simulate", replicates=4000, rng=1)
    for statistic in asked:
        result = found[statistic.name]
        assert 1800 < result.undefined[0] < 2200
        assert "have no value and are left out" in str(result)
        assert result.to_dict()["undefined"] == result.undefined.tolist()
    # All that have a value are far above the threshold: nobody is collapsed.
    assert found["scale_tail"].value[0] == 1.0
    assert found["not_collapsed"].value[0] == 1.0
    assert found["scale_tail"].low[0] == pytest.approx(
        0.025 ** (1 / (4000 - found["scale_tail"].undefined[0])), rel=1e-6
    )
    assert abs(found["mean_scale"].value[0] - 0.9727) < 0.03


def test_no_value_at_all_is_no_answer():
    with pytest.raises(NoAnswerError, match="no value in any replicate"):
        solve(Recursion(Fragile(limit=-100.0), START, 10), MeanScale(), 2, method="simulate", replicates=50)
