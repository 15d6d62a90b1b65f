"""Sweeps: a spec becomes units, units become shards of a store, by as many workers as there are."""

from modelcollapse.runs.overview import Status, status
from modelcollapse.runs.running import Summary, run
from modelcollapse.runs.spec import Spec, read_spec, spec_of
from modelcollapse.runs.unit import Unit, units_of

__all__ = ["Spec", "Status", "Summary", "Unit", "read_spec", "run", "spec_of", "status", "units_of"]
