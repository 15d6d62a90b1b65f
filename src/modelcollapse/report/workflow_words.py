"""Where real data come in, in words."""

from __future__ import annotations

from typing import Any

from modelcollapse.workflows import Workflow


def weight_of_fresh(workflow: dict[str, Any]) -> str:
    """Return the weight of fresh data, in words.

    Examples
    --------
    >>> weight_of_fresh({"weight": 0.5}), weight_of_fresh({"weight": "optimal"})
    ('the weight 0.5', 'the optimal weight')
    """
    weight = workflow.get("weight", "optimal")
    return "the optimal weight" if weight == "optimal" else f"the weight {weight:g}"


def real_data(workflow: Workflow) -> str:
    """Return where real data come in, as half a sentence."""
    details = workflow.to_dict()
    mixed = f"each is new real text with chance {details.get('fresh', 0):g}, else written by the one before"
    written, again = "they are written by the one before", "all text so far, corpus included,"
    part = details.get("size")
    return {
        "fresh-mix": mixed,
        "fresh-count": f"{details.get('count', 0):,} of them are new real text, the others written by the one before",
        "weighted-mix": f"{details.get('count', 0):,} of them are new real text, which together have "
        f"{weight_of_fresh(details)} in the fit, the others written by the one before",
        "accumulate": f"{mixed if details.get('fresh') else written}, and {again} is learned from again",
        "accumulate-subsample": f"{written}, and {f'{part:,}' if part else 'as many'} of {again} are learned from",
        "fixed-real": f"{written}, and the corpus itself is learned from again every time",
    }.get(workflow.name, f"by the workflow {workflow.name}")
