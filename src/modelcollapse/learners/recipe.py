"""From what a user names to fresh learners: a registered name, an address, a class, a function or an object."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError, LearnerError, ModelCollapseError
from modelcollapse.learners.protocol import Learner
from modelcollapse.learners.scikit_learn import DensityEstimator, is_estimator
from modelcollapse.learners.scipy_stats import FittedDistribution, is_continuous
from modelcollapse.loading import address_of, load_attribute

GROUP = "modelcollapse.learners"
BUILT_IN = {
    "gaussian-mixture": "modelcollapse.learners.scikit_learn:gaussian_mixture",
    "bayesian-gaussian-mixture": "modelcollapse.learners.scikit_learn:bayesian_gaussian_mixture",
    "kernel-density": "modelcollapse.learners.scikit_learn:kernel_density",
    "scipy": "modelcollapse.learners.scipy_stats:FittedDistribution",
}


@dataclass(frozen=True, eq=False)
class LearnerRecipe:
    """How to make a learner, again and again.

    Parameters
    ----------
    name : str
        What it is called in messages and records: a registered name or an address.
    make : callable
        Returns a fresh learner.
    """

    name: str
    make: Callable[[], Learner]


def registered() -> dict[str, str]:
    """Return names of learners and where they are: those of this package, then those of installed packages.

    A package registers its own under the entry-point group ``modelcollapse.learners``; nothing is imported here.

    Examples
    --------
    >>> registered()["kernel-density"]
    'modelcollapse.learners.scikit_learn:kernel_density'
    """
    found = {entry.name: entry.value.replace(" ", "") for entry in entry_points(group=GROUP)}
    return {**found, **BUILT_IN}


def learner_recipe(learner: object, parameters: Mapping[str, Any]) -> LearnerRecipe:
    """Return how to make a learner.

    Parameters
    ----------
    learner : str, class, function or object
        A registered name, an address ``module:attribute``, or what such an address leads to: a class or a function
        that returns a learner, called anew for every fit; an estimator of scikit-learn or its class; a continuous
        distribution of `scipy.stats`; or an object with `fit` and `sample`, copied for every fit.
    parameters : mapping
        Passed to the class or function.

    Raises
    ------
    InputError
        If nothing is found there, it takes no such parameters, or it makes no learner.
    LearnerError
        If it raises when it is made.

    Examples
    --------
    >>> learner_recipe("scipy", {"distribution": "norm"}).name
    'scipy'
    >>> learner_recipe("kernel-denstiy", {})
    Traceback (most recent call last):
        ...
    modelcollapse.errors.InputError: `learner` is 'kernel-denstiy', but must be a registered learner or an address, \
as 'my_module:MyModel'. Did you mean 'kernel-density'?
    """
    thing = _found(learner) if isinstance(learner, str) else learner
    name = learner if isinstance(learner, str) else address_of(thing)
    recipe = LearnerRecipe(name, _maker(name, thing, dict(parameters)))
    made = recipe.make()
    if not isinstance(made, Learner):
        remedy = f"It makes a {type(made).__name__}."
        raise InputError(arguments.message("learner", learner, "something with `fit` and `sample`", remedy))
    return recipe


def _found(name: str) -> Any:
    addresses = registered()
    if name in addresses:
        return load_attribute("learner", addresses[name])
    if ":" not in name:
        near = get_close_matches(name, addresses, n=2)
        remedy = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"Registered: {', '.join(addresses)}."
        allowed = "a registered learner or an address, as 'my_module:MyModel'"
        raise InputError(arguments.message("learner", name, allowed, remedy))
    return load_attribute("learner", name)


def _maker(name: str, thing: Any, parameters: dict[str, Any]) -> Callable[[], Learner]:
    """Return a function that makes a fresh learner of a class, a function, an estimator or an object."""
    if is_continuous(thing):
        return lambda: FittedDistribution(thing, **parameters)
    if callable(thing) and not (isinstance(thing, Learner) and not isinstance(thing, type)):
        return lambda: _adapted(_called(name, thing, parameters))
    if parameters:
        remedy = "Name its class, or a function that makes it."
        raise InputError(arguments.message("parameters", parameters, "left out where an object is named", remedy))
    adapted = _adapted(thing)
    return lambda: copy.deepcopy(adapted)


def _adapted(made: Any) -> Any:
    return DensityEstimator(made) if is_estimator(made) else made


def _called(name: str, thing: Callable[..., Any], parameters: dict[str, Any]) -> Any:
    import inspect

    try:
        inspect.signature(thing).bind(**parameters)
    except TypeError as error:
        raise InputError(arguments.message("parameters", parameters, f"what {name} takes: {error}")) from None
    except ValueError:
        pass  # some classes of extension modules have no signature; then the call itself tells
    try:
        return thing(**parameters)
    except ModelCollapseError:
        raise
    except Exception as error:  # whatever a user's class raises
        raise LearnerError(name, f"raised {type(error).__name__} when it was made: {error}") from error
