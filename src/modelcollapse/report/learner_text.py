"""What was tried on a learner, as text."""

from __future__ import annotations

import textwrap

from modelcollapse.learners.checking import LearnerReport

_SIGNS = {"passed": "ok", "failed": "FAILED", "note": "note"}
_WIDTH = 110


def learner_text(report: LearnerReport) -> str:
    """Return one line for each check, and the verdict.

    Examples
    --------
    >>> from modelcollapse.learners import check_learner
    >>> print(learner_text(check_learner("scipy", {"distribution": "multivariate_normal"})).splitlines()[0])
    scipy (distribution = multivariate_normal), fitted to 200 data of dimension 2
    """
    given = ", ".join(f"{name} = {value}" for name, value in report.parameters.items())
    heads = f"{report.learner}{f' ({given})' if given else ''}, fitted to {report.data:,} data of dimension"
    widest = max(len(check.name) for check in report.checks)
    lines = [f"{heads} {report.dimension}", ""]
    for check in report.checks:
        start = f"  {_SIGNS[check.outcome]:<6}  {check.name:<{widest}}  "
        lines += textwrap.wrap(check.detail, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
    failed = sum(check.outcome == "failed" for check in report.checks)
    verdict = "It can be used." if report.passed else f"{failed} {'checks' if failed > 1 else 'check'} failed."
    return "\n".join([*lines, "", verdict])
