"""Run every check, write the table, and leave with status 1 if one fails.

python -m verification [--quick] [--output docs/verification.md] [--keep]
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import chain
from pathlib import Path

from modelcollapse.provenance import versions
from verification import fitting, formulas, moments, scales, survival, symbols, workflows
from verification.table import GROWN, HEADER, Check, keep


def page(checks: list[Check], seconds: float) -> str:
    """Return the table as a page."""
    made = ", ".join(f"{name} {version}" for name, version in versions().items())
    title = "# Trust: every law against an independent route\n\nMade by `python -m verification`"
    rule = (
        f"A row fails if its error is above what the law states, or {GROWN:g} times what was measured for the table "
        "before (`verification/measured.json`). Errors are relative unless the third column says otherwise."
    )
    rows = "\n".join(check.row() for check in checks)
    return f"{title} in {seconds / 60:.0f} minutes with {made}. {rule}\n\n{HEADER}\n{rows}\n"


def main() -> int:
    """Run the checks one by one, printing each as it is done."""
    parser = argparse.ArgumentParser(prog="python -m verification", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller grid, a minute or so")
    parser.add_argument("--output", type=Path, help="write the table there, as Markdown")
    parser.add_argument("--keep", action="store_true", help="hold later tables against the errors of this one")
    options = parser.parse_args()
    if options.keep and options.quick:
        parser.error("--keep is for the whole grid: a smaller one has smaller errors, which would be held against it")
    start, done = time.monotonic(), []
    print(HEADER, flush=True)
    for check in chain(
        *(part.checks(options.quick) for part in (survival, symbols, workflows, scales, moments, formulas, fitting))
    ):
        print(check.row(), flush=True)
        done.append(check)
    if options.output:
        options.output.write_text(page(done, time.monotonic() - start), encoding="utf-8")
    if options.keep:
        keep(done)
    return 0 if all(check.passed for check in done) else 1


if __name__ == "__main__":
    sys.exit(main())
