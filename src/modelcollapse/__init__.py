"""When models are trained on what earlier models generated, how fast do they forget?

The names below are loaded when first used, so that importing costs nothing. What is asked of a recursion stands in
`modelcollapse.statistics`; families, workflows, laws and bounds in the packages of those names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Categorical": "families",
    "Corpus": "start",
    "CountTable": "corpus",
    "Forecast": "forecasting",
    "Gaussian": "families",
    "InputError": "errors",
    "Known": "start",
    "NoAnswerError": "errors",
    "Parameters": "start",
    "Poisson": "families",
    "Recursion": "recursion",
    "Replace": "workflows",
    "Result": "result",
    "embedded": "corpus",
    "fit": "fitting",
    "forecast": "forecasting",
    "read_corpus": "corpus",
    "solve": "door",
}

__all__ = [
    "Categorical",
    "Corpus",
    "CountTable",
    "Forecast",
    "Gaussian",
    "InputError",
    "Known",
    "NoAnswerError",
    "Parameters",
    "Poisson",
    "Recursion",
    "Replace",
    "Result",
    "__version__",
    "embedded",
    "fit",
    "forecast",
    "read_corpus",
    "solve",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])


if TYPE_CHECKING:
    from modelcollapse.corpus import CountTable, read_corpus
    from modelcollapse.corpus.embedded import embedded
    from modelcollapse.door import solve
    from modelcollapse.errors import InputError, NoAnswerError
    from modelcollapse.families import Categorical, Gaussian, Poisson
    from modelcollapse.fitting import fit
    from modelcollapse.forecasting import Forecast, forecast
    from modelcollapse.recursion import Recursion
    from modelcollapse.result import Result
    from modelcollapse.start import Corpus, Known, Parameters
    from modelcollapse.workflows import Replace
