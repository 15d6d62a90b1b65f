"""Trying a learner out: does it keep what the loop relies on?"""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import ModelCollapseError
from modelcollapse.learners.protocol import Learner, Rows, checked_rows
from modelcollapse.learners.recipe import LearnerRecipe, learner_recipe
from modelcollapse.provenance import plain, versions

SCHEMA_VERSION = 1
Outcome = Literal["passed", "failed", "note"]
_FALSE_ALARM = 1e-6  # of each statistical check
_DRAWS = 2000


@dataclass(frozen=True)
class Check:
    """One thing that was tried.

    Parameters
    ----------
    name : str
    outcome : str
        "passed", "failed", or "note": no fault, but worth knowing.
    detail : str
        What was seen, and what to do about it.
    """

    name: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True)
class LearnerReport:
    """What was tried on a learner, and how it went.

    Parameters
    ----------
    learner : str
    parameters : mapping
    data, dimension, seed : int
        Number and dimension of the data it was fitted to, and the seed of everything.
    checks : tuple of Check
    """

    learner: str
    parameters: Mapping[str, Any]
    data: int
    dimension: int
    seed: int
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return all(check.outcome != "failed" for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "learner": self.learner,
            "parameters": plain(dict(self.parameters)),
            "data": self.data,
            "dimension": self.dimension,
            "seed": self.seed,
            "passed": self.passed,
            "checks": [dict(vars(check)) for check in self.checks],
            "versions": dict(versions()),
        }


class _Failed(Exception):  # noqa: N818 - it carries a finding, and never leaves this module
    """A check that failed, with what to do about it."""


def check_learner(
    learner: object, parameters: Mapping[str, Any] | None = None, data: Rows | None = None, *, seed: int = 0
) -> LearnerReport:
    """Try a learner out on data: whatever goes wrong becomes a line of the report.

    Parameters
    ----------
    learner : str, class, function or object
        As for `Learned`.
    parameters : mapping, optional
    data : array, shape (datum, dimension), optional
        At least 20 of them; two groups of 100 normal draws in two dimensions if not given.
    seed : int

    Raises
    ------
    InputError
        If there is no such learner, or too few data.

    Examples
    --------
    >>> report = check_learner("scipy", {"distribution": "multivariate_normal"})
    >>> report.passed, report.checks[0].name
    (True, 'fit')
    """
    recipe = learner_recipe(learner, parameters or {})
    rows = _two_groups() if data is None else arguments.table("data", data)
    arguments.integer("number of data", len(rows), least=20, remedy="Fewer cannot show a difference.")
    arguments.integer("seed", seed, least=0)
    trial = _Trial(recipe, rows, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        checks = list(_checks(trial))
    return LearnerReport(recipe.name, dict(parameters or {}), len(rows), rows.shape[1], seed, tuple(checks))


@dataclass(frozen=True)
class _Trial:
    """A learner, the data it is tried on, and a seed."""

    recipe: LearnerRecipe
    rows: Rows
    seed: int

    def fitted(self, rows: Rows | None = None, seed: int = 1, learner: Learner | None = None) -> Learner:
        """Return a learner fitted to a copy of the data."""
        found = self.recipe.make() if learner is None else learner
        try:
            found.fit((self.rows if rows is None else rows).copy(), self.generator(seed))
        except Exception as error:
            raise _Failed(f"fit raised {type(error).__name__}: {error}") from error
        return found

    def sample(self, learner: Learner, n: int | None = None, seed: int = 2) -> Rows:
        """Return a sample that is whole, as many rows as data unless told otherwise."""
        size = len(self.rows) if n is None else n
        try:
            returned = learner.sample(size, self.generator(seed))
        except Exception as error:
            raise _Failed(f"sample({size}) raised {type(error).__name__}: {error}") from error
        rows, fault = checked_rows(returned, size, self.rows.shape[1])
        if fault:
            raise _Failed(f"{fault}; return one row of finite numbers for each of the n draws")
        return rows

    def generator(self, seed: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, seed])


def _checks(trial: _Trial) -> Iterator[Check]:
    """Yield checks in order; what cannot be tried because of an earlier failure is not."""
    for name, tried in _FIRST.items():
        check = _tried(name, tried, trial)
        yield check
        if check.outcome == "failed":
            yield Check("all other checks", "note", "not tried: they need a learner that fits and samples")
            return
    same = _tried("same seed, same sample", _same_seed, trial)
    yield same
    for name, tried in _OTHERS.items():
        if tried in _OF_THE_SAME_BITS and same.outcome == "failed":
            yield Check(name, "note", "not tried: samples with the same seed differ anyway")
        else:
            yield _tried(name, tried, trial)


def _tried(name: str, tried: Callable[[_Trial], str], trial: _Trial) -> Check:
    try:
        detail = tried(trial)
    except _Failed as finding:
        return Check(name, "failed", str(finding))
    except ModelCollapseError as error:
        return Check(name, "failed", str(error))
    note = detail.startswith("note: ")
    return Check(name, "note" if note else "passed", detail.removeprefix("note: "))


def _fits(trial: _Trial) -> str:
    trial.fitted()
    return f"{len(trial.rows)} data of dimension {trial.rows.shape[1]}"


def _shapes(trial: _Trial) -> str:
    learner = trial.fitted()
    sizes = (1, 2, len(trial.rows))
    for n in sizes:
        trial.sample(learner, n)
    return f"samples of {', '.join(map(str, sizes))} draws: one row of finite numbers each"


def _same_seed(trial: _Trial) -> str:
    first, second = (trial.sample(trial.fitted()) for _ in range(2))
    if not np.array_equal(first, second):
        raise _Failed(
            "two fits and samples with the same seeds differ; draw all random numbers from the rng that is passed in"
        )
    return "fitted and sampled twice from the same seeds: the same bits"


def _other_seed(trial: _Trial) -> str:
    learner = trial.fitted()
    if np.array_equal(trial.sample(learner, seed=2), trial.sample(learner, seed=3)):
        raise _Failed(
            "samples with two different seeds are the same, so every generation would be a copy; "
            "draw from the rng that is passed in, not from a fixed random state"
        )
    return "another seed gives another sample"


def _sampling_is_pure(trial: _Trial) -> str:
    learner = trial.fitted()
    first = trial.sample(learner)
    trial.sample(learner, 7, seed=4)
    if not np.array_equal(first, trial.sample(learner)):
        raise _Failed("a sample depends on what was sampled before; sample must not change the learner")
    return "a sample does not depend on those before it"


def _no_order(trial: _Trial) -> str:
    drawn = trial.sample(trial.fitted(), _DRAWS)
    if _differ(drawn[: _DRAWS // 2], drawn[_DRAWS // 2 :]):
        raise _Failed(
            f"the first and the last half of {_DRAWS:,} draws have different laws, so a part of them would be biased; "
            "return rng.permutation(rows)"
        )
    return f"the halves of {_DRAWS:,} draws have the same law"


def _order_of_data(trial: _Trial) -> str:
    ordered = trial.rows[np.lexsort(trial.rows.T[::-1])]
    shuffled = trial.generator(5).permutation(trial.rows)
    first, second, third = (
        trial.sample(trial.fitted(rows, seed=seed), _DRAWS, seed=6)
        for rows, seed in ((ordered, 1), (shuffled, 1), (trial.generator(7).permutation(trial.rows), 8))
    )
    if not _differ(first, second):
        return "sorted and shuffled data give the same law"
    if _differ(second, third):
        return "note: fits to the same data differ from seed to seed by more than their order could show"
    raise _Failed(
        "sorted data and the same data shuffled are learnt differently, though data have no order; "
        "use every row, and shuffle them by the rng where batches are made"
    )


def _forgets(trial: _Trial) -> str:
    spread = trial.rows.std(axis=0) + 1.0
    other = trial.rows[::2] * 2.0 + 10.0 * spread
    again = trial.fitted(learner=trial.fitted(other, seed=9))
    if not np.array_equal(trial.sample(again), trial.sample(trial.fitted())):
        raise _Failed(
            "a learner that was fitted to other data before samples differently than a fresh one; "
            "start every fit from nothing"
        )
    return "fitted to other data first, it is the same as a fresh one"


def _leaves_data(trial: _Trial) -> str:
    given = trial.rows.copy()
    learner = trial.recipe.make()
    learner.fit(given, trial.generator(1))
    trial.sample(learner)
    if not np.array_equal(given, trial.rows):
        raise _Failed("fit or sample changed the array that was given; work on a copy")
    return "fit and sample change none"


def _no_global_state(trial: _Trial) -> str:
    with _watched() as touched:
        trial.sample(trial.fitted())
    if touched:
        raise _Failed(
            f"the global random state of {' and '.join(touched)} was drawn from or seeded; "
            "draw from the rng that is passed in, or seed an own generator from it"
        )
    return "fit and sample leave it as it was"


def _collapsed(trial: _Trial) -> str:
    same = np.repeat(trial.rows[:1], len(trial.rows), axis=0)
    try:
        trial.sample(trial.fitted(same))
    except _Failed as finding:
        return f"note: a run that collapses to a point will stop there: {finding}"
    return "a run that has collapsed to a point can go on"


_FIRST = {"fit": _fits, "shape of samples": _shapes}
_OTHERS = {
    "other seed, other sample": _other_seed,
    "sampling changes nothing": _sampling_is_pure,
    "samples are in no order": _no_order,
    "order of the data": _order_of_data,
    "a fit forgets the one before": _forgets,
    "data are left alone": _leaves_data,
    "no global random state": _no_global_state,
    "data that are all equal": _collapsed,
}
_OF_THE_SAME_BITS = (_sampling_is_pure, _forgets)


@contextmanager
def _watched() -> Iterator[list[str]]:
    """Find out which global random states are touched in between; they are afterwards what they were before."""
    touched: list[str] = []
    kept = _global_states()
    # A state that nothing else seeds: who seeds the global state with the same number every time is seen as well.
    np.random.seed(271_828_182)  # noqa: NPY002
    random.seed(271_828_182)
    try:
        before = _global_states()
        yield touched
        touched += [name for name, state in _global_states().items() if not _same(state, before[name])]
    finally:
        np.random.set_state(kept["numpy.random"])  # noqa: NPY002
        random.setstate(kept["random"])


def _global_states() -> dict[str, Any]:
    states = {"numpy.random": np.random.get_state(), "random": random.getstate()}  # noqa: NPY002
    torch = sys.modules.get("torch")
    return states if torch is None else {**states, "torch": torch.get_rng_state().numpy().copy()}


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, tuple):
        return all(_same(a, b) for a, b in zip(first, second, strict=True))
    return bool(np.array_equal(first, second))


def _differ(first: Rows, second: Rows) -> bool:
    """Whether two samples are of different laws, coordinate by coordinate; false alarms are one in a million."""
    from scipy.stats import ks_2samp

    level = _FALSE_ALARM / first.shape[1]
    return any(ks_2samp(a, b).pvalue < level for a, b in zip(first.T, second.T, strict=True))


def _two_groups() -> Rows:
    rng = np.random.default_rng(0)
    return rng.permutation(np.concatenate([rng.normal(-2.0, 1.0, (100, 2)), rng.normal([3.0, 1.0], 0.5, (100, 2))]))
