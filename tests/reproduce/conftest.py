import numpy as np
import pytest

from modelcollapse.reproduce import FIGURES

KINDS = {kind.name: kind for kind in FIGURES}


@pytest.fixture(scope="session")
def quick():
    """The data of a figure from few replicates, computed once per process."""
    found = {}

    def compute(name):
        if name not in found:
            figure = KINDS[name]()
            found[name] = figure.compute(figure.few_runs, np.random.SeedSequence(7))
        return found[name]

    return compute


@pytest.fixture
def curve(quick):
    """The points of one curve of a figure, as x -> value."""

    def values(figure, panel, name, kind):
        (one,) = [c for c in quick(figure).curves if (panel in c.panel, c.name, c.kind) == (True, name, kind)]
        return dict(zip(one.x.tolist(), one.value.tolist(), strict=True))

    return values
