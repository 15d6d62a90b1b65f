"""Sweeps: a spec becomes units, units become shards of a store, by as many workers as there are."""

from modelcollapse.runs.compacting import Compacted, compact
from modelcollapse.runs.exporting import Exported, export, table
from modelcollapse.runs.overview import Status, status
from modelcollapse.runs.running import Summary, run
from modelcollapse.runs.spec import Spec, read_spec, spec_of
from modelcollapse.runs.unit import Unit, units_of

__all__ = [
    "Compacted",
    "Exported",
    "Spec",
    "Status",
    "Summary",
    "Unit",
    "compact",
    "export",
    "read_spec",
    "run",
    "spec_of",
    "status",
    "table",
    "units_of",
]
