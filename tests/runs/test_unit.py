"""Units and their keys."""

import hashlib
import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.runs import units_of
from modelcollapse.runs.grid import at, number_of_points, points
from modelcollapse.runs.unit import key_of
from tests.runs.sweeps import sweep


def test_the_key_is_the_hash_of_the_parameters():
    """By a second route, from the definition alone."""
    for _, unit in units_of(sweep()):
        text = json.dumps(unit.parameters, sort_keys=True, separators=(",", ":"))
        assert unit.key == hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        assert unit.entropy == int.from_bytes(bytes.fromhex(unit.key), "big")


def test_keys_do_not_depend_on_how_the_sweep_is_written():
    """A value of the grid and the same value fixed are the same unit; how it is run is no part of it."""
    whole = {unit.key for _, unit in units_of(sweep())}
    single = sweep(
        recursion={"sample_size": 10, "family": {"ddof": 1, "name": "gaussian"}},
        grid={},
        run={"executor": "processes", "timeout": 5},
    )
    assert {unit.key for _, unit in units_of(single)} < whole


def test_every_parameter_is_in_the_key():
    base = next(units_of(sweep()))[1]
    changes = [{"seed": 1}, {"replicates": 41}, {"generations": 5}, {"method": "auto"}, {"statistics": ["mean_scale"]}]
    keys = {next(units_of(sweep(**change)))[1].key for change in changes} | {base.key}
    assert len(keys) == len(changes) + 1


def test_parts_share_the_replicates():
    units = [unit for _, unit in units_of(sweep(parts=7, grid={"recursion.sample_size": [5]}))]
    assert [unit.parameters["replicates"] for unit in units] == [6, 6, 6, 6, 6, 5, 5]
    assert len({unit.key for unit in units}) == 7


def test_the_grid_is_every_combination():
    spec = sweep(
        grid={"seed": [1, 2], "generations": [3, 4]}, zip={"recursion.sample_size": [5, 6], "replicates": [7, 8]}
    )
    expected = [
        {"recursion.sample_size": n, "replicates": r, "seed": s, "generations": k}
        for (n, r), s, k in itertools.product([(5, 7), (6, 8)], [1, 2], [3, 4])
    ]
    assert list(points(spec)) == expected
    assert number_of_points(spec) == len(expected)


def test_points_do_not_touch_each_other():
    base = {"recursion": {"family": {"name": "gaussian"}}, "statistics": [{"name": "scale_tail"}]}
    before = json.dumps(base)
    one = at(base, {"recursion.family.ddof": 0, "statistics.0.threshold": 0.5})
    assert one["recursion"]["family"]["ddof"] == 0
    assert json.dumps(base) == before


@given(st.dictionaries(st.text(), st.recursive(st.integers() | st.text() | st.floats(), st.lists), min_size=2))
def test_the_order_of_keys_is_of_no_effect(parameters):
    turned = dict(reversed(parameters.items()))
    assert key_of(parameters) == key_of(turned)
