"""Make the figures of docs/reproduce.md: pictures, and the numbers that the tests compare with.

    python scripts/make_figures.py [FIGURE...]

With the published numbers of replicates and the seed of `modelcollapse reproduce`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from modelcollapse.report.save import picture
from modelcollapse.reproduce import FIGURES
from modelcollapse.reproduce.choice import figures_named
from modelcollapse.reproduce.data import FigureData
from modelcollapse.reproduce.run import DEFAULT_SEED, seed_of

FOLDER = Path(__file__).parents[1] / "docs/figures"
NUMBERS = FOLDER / "numbers.json"


def computed(kind: Any) -> FigureData:
    """The data of a figure as the program computes them."""
    figure = kind()
    return figure.compute(figure.runs, seed_of(figure, DEFAULT_SEED))


def numbers(data: FigureData) -> dict[str, Any]:
    """What is compared: of each curve the number of points, their sum and the last; of a text its hash."""
    curves = {
        f"{place}: {curve.panel}, {curve.name}, {curve.kind}": [
            len(curve.x),
            float(np.sum(curve.value)),
            float(curve.value[-1]),
        ]
        for place, curve in enumerate(data.curves)
        if curve.kind != "path"
    }
    return {"curves": curves, "text": data.facts.get("sha256 of the text")}


def main(names: list[str]) -> None:
    """Draw the figures named, or all, and write their numbers."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8")) if names and NUMBERS.exists() else {}
    for kind in figures_named(names):
        data = computed(kind)
        spec = kind().chart(data).to_dict()
        (FOLDER / f"{kind.name}.svg").write_bytes(picture(spec, ".svg"))
        kept[kind.name] = numbers(data)
        print(kind.name, "holds" if data.holds else "FAILS")
    ordered = {kind.name: kept[kind.name] for kind in FIGURES}
    NUMBERS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
