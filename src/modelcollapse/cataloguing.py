"""What covers what, found by asking: every law, bound and observer about every family, workflow and statistic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from modelcollapse.bounds import BOUNDS
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families import FAMILIES, ApproximateLikelihood, Components, Family, NormalMixture
from modelcollapse.families.base import ScaleFamily
from modelcollapse.laws import LAWS, Law
from modelcollapse.laws.formulas import FORMULAS, Formula
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.samplers import SAMPLERS, Amplification, Plain
from modelcollapse.samplers.base import Sampler
from modelcollapse.start import Corpus, Empirical, Known, Parameters, Start
from modelcollapse.statistics import STATISTICS, Statistic
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows import WORKFLOWS, Accumulate, FixedReal, Workflow

SCHEMA_VERSION = 1
Kind = Literal["exact", "sampled", "asymptotic", "bound"]
# Parameters and samplers of a family that change what is known about it; listed only where they do.
_VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "gaussian": ({"ddof": 0.0}, {"dimension": 2}),
    "mixture": ({"estimator": ApproximateLikelihood()},),
}
_SAMPLERS: dict[str, tuple[tuple[str, Sampler], ...]] = {"gaussian": (("lambda 0.9", Amplification(0.9)),)}
# Workflows with a parameter that changes what is known; likewise.
_WORKFLOW_VARIANTS: tuple[tuple[str, Workflow], ...] = (("fresh 0.1", Accumulate(fresh=0.1)),)
_GENERATIONS = np.array([1, 2, 5])
_SIZE, _SIZES = 12, [12, 9, 12, 9, 12]
# What to ask about where a statistic, family or workflow names no default.
_EXAMPLES: dict[str, Any] = {"share": 0.5, "threshold": 0.1, "levels": (0.5,), "symbols": None}


@dataclass(frozen=True)
class Statement:
    """A law or a bound, as the catalogue lists it.

    Parameters
    ----------
    name : str
    kind : str
        "exact", "sampled" (an estimate with an interval), "asymptotic" or "bound".
    statement : str
        In one line.
    validity : str
        Where a bound holds; empty for a law.
    basis : str
        How a bound is known: read, authors' notebook, abstract, memory, or derived here; empty for a law.
    references : tuple of Reference
    """

    name: str
    kind: Kind
    statement: str
    validity: str
    basis: str
    references: tuple[Reference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {**vars(self), "references": [reference.key for reference in self.references]}


@dataclass(frozen=True)
class Covered:
    """What answers one question about one kind of recursion.

    Parameters
    ----------
    family, workflow, statistic : str
        Names; of a family also the parameters that make a difference.
    laws, bounds : tuple of str
        Names of statements.
    any_sizes : tuple of str
        Those of them that also answer where sample sizes vary.
    simulated : bool
        Whether a simulation can answer.
    why_not : str
        Why it cannot; empty if it can.
    """

    family: str
    workflow: str
    statistic: str
    laws: tuple[str, ...]
    bounds: tuple[str, ...]
    any_sizes: tuple[str, ...]
    simulated: bool
    why_not: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return dict(plain(vars(self)))


@dataclass(frozen=True)
class Catalogue:
    """Everything the package knows, by what it covers.

    Parameters
    ----------
    families, workflows, samplers, statistics : mapping of str to str
        Name and what it is, in one line.
    statements : tuple of Statement
        Laws and bounds.
    formulas : tuple of Formula
        Results that can be computed but answer no such question.
    covered : tuple of Covered
        Questions that something answers.
    """

    families: dict[str, str]
    workflows: dict[str, str]
    samplers: dict[str, str]
    statistics: dict[str, str]
    statements: tuple[Statement, ...]
    formulas: tuple[Formula, ...]
    covered: tuple[Covered, ...]

    def references(self) -> tuple[Reference, ...]:
        """Return every source once, by its key."""
        known: tuple[Statement | Formula, ...] = (*self.statements, *self.formulas)
        found = {reference.key: reference for each in known for reference in each.references}
        return tuple(found[key] for key in sorted(found))

    def unused(self) -> tuple[str, ...]:
        """Return statements that answered none of the questions that were asked."""
        used = {name for covered in self.covered for name in (*covered.laws, *covered.bounds)}
        return tuple(statement.name for statement in self.statements if statement.name not in used)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "families": self.families,
            "workflows": self.workflows,
            "samplers": self.samplers,
            "statistics": self.statistics,
            "statements": [statement.to_dict() for statement in self.statements],
            "formulas": [formula.to_dict() for formula in self.formulas],
            "covered": [covered.to_dict() for covered in self.covered],
            "references": {reference.key: str(reference) for reference in self.references()},
        }


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Ask every law, bound and observer what it covers.

    Examples
    --------
    >>> found = catalogue()
    >>> survival = [c for c in found.covered if (c.family, c.statistic) == ("categorical", "survival")]
    >>> survival[0].laws[0], "suresh_2024.theorem_1" in survival[0].bounds, survival[0].simulated
    ('ancestry', True, True)
    """
    return Catalogue(
        families={family.name: _first_line(family) for family in FAMILIES},
        workflows={workflow.name: _first_line(workflow) for workflow in WORKFLOWS},
        samplers={sampler.name: _first_line(sampler) for sampler in SAMPLERS},
        statistics={statistic.name: _first_line(statistic) for statistic in STATISTICS},
        statements=(*map(_of_law, LAWS), *map(_of_bound, BOUNDS)),
        formulas=FORMULAS,
        covered=tuple(_covered()),
    )


def example_start(family: Family[Any, Any]) -> Start:
    """Return a start that suits a family: symbols, or its parameters at an ordinary place."""
    if isinstance(family, NormalMixture):
        return Components([0.5, 0.5], means=[-1.0, 1.0], covariances=[1.0, 1.0])
    if isinstance(family, ScaleFamily):
        *others, scale = getattr(family, "parameters", ("location", "scale"))
        return Parameters(**dict.fromkeys(others, 0.0), **{scale: 1.0})
    if family.name == "poisson":
        return Parameters(rate=1.0)
    if family.name == "linear-regression":
        return Parameters(weight=0.0)
    if family.name.startswith("ngram"):
        return TextCorpus.from_sentences([[0, 1, 2, 0, 1, 2, 2, 1, 2, 0, 2, 2]])
    zipf = np.arange(1.0, 11.0) ** -1.5  # some laws are about nothing else
    return Known(zipf / zipf.sum())


def example_of(kind: type[Any]) -> Any:
    """Return a value of a statistic or workflow: its defaults, or ordinary values where it has none."""
    required = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING and f.init]
    return kind(**{name: _EXAMPLES[name] for name in required})


def _covered() -> Iterator[Covered]:
    for family in FAMILIES:
        default = tuple(_of_model(family(), family.name))
        yield from default
        for details in _VARIANTS.get(family.name, ()):
            label = family.name + "".join(f", {name} {_shown(value)}" for name, value in details.items())
            for found in _of_model(family(**details), label):
                if replace(found, family=family.name) not in default:
                    yield found
        for label, workflow in _WORKFLOW_VARIANTS:
            for found in _of_model(family(), f"{family.name}, {label}", workflows=(workflow,)):
                if found.laws and replace(found, family=family.name) not in default:
                    yield found
        for label, sampler in _SAMPLERS.get(family.name, ()):
            yield from (c for c in _of_model(family(), f"{family.name}, {label}", sampler) if c.laws)


def _shown(value: Any) -> str:
    return str(value.name) if hasattr(value, "name") else f"{value:g}"


def _of_model(
    model: Family[Any, Any],
    label: str,
    sampler: Sampler | None = None,
    workflows: tuple[Workflow, ...] = (),
) -> Iterator[Covered]:
    sizes: list[Any] = [_SIZE, _SIZES]
    for workflow in workflows or map(example_of, WORKFLOWS):
        start = example_start(model)
        if isinstance(workflow, FixedReal):
            # Laws of symbols are about a given corpus; of other families a sample is real data.
            start = Corpus([1, 3, 8]) if isinstance(start, Known) else Empirical(start, _SIZE)
        constant, varying = (Recursion(model, start, size, workflow, sampler or Plain()) for size in sizes)
        for statistic in map(example_of, STATISTICS):
            found = _ask(label, constant, varying, statistic)
            if found is not None:
                yield found


def _ask(label: str, constant: Recursion, varying: Recursion, statistic: Statistic) -> Covered | None:
    try:
        statistic.coordinates(constant)
    except InputError:
        return None  # the question does not fit the family
    at_constant, at_varying = _answering(constant, statistic), _answering(varying, statistic)
    names = [*at_constant, *(name for name in at_varying if name not in at_constant)]
    laws = {law.name for law in LAWS}
    why_not = _why_not_simulated(constant, statistic)
    return Covered(
        family=label,
        workflow=constant.workflow.name,
        statistic=statistic.name,
        laws=tuple(name for name in names if name in laws),
        bounds=tuple(name for name in names if name not in laws),
        any_sizes=tuple(name for name in names if name in at_varying),
        simulated=not why_not,
        why_not=why_not,
    )


def _answering(recursion: Recursion, statistic: Statistic) -> list[str]:
    """Names of the laws and bounds that answer."""
    found = [law.name for law in LAWS if _law_answers(law, recursion, statistic)]
    if not recursion.is_plain:
        return found
    found += [bound.name for bound in BOUNDS if bound.bracket(recursion, statistic, _GENERATIONS) is not None]
    return found


def _law_answers(law: Law, recursion: Recursion, statistic: Statistic) -> bool:
    try:
        return law.covers(recursion, statistic, _GENERATIONS)
    except NoAnswerError:
        return False


def _why_not_simulated(recursion: Recursion, statistic: Statistic) -> str:
    """Why a simulation declines; empty if it answers. A time is read off the curve that it follows."""
    try:
        followed = statistic.followed(recursion)
        (statistic if followed is None else followed[0]).observer(recursion)
    except (NoAnswerError, InputError) as refusal:
        return str(refusal)
    return ""


def _of_law(law: Law) -> Statement:
    kind: Kind = "asymptotic" if law.asymptotic else "sampled" if law.sampled else "exact"
    return Statement(law.name, kind, law.statement, "", "", law.references)


def _of_bound(bound: Any) -> Statement:
    return Statement(bound.name, "bound", bound.said, bound.validity, bound.basis, (bound.reference,))


def _first_line(thing: type[Any]) -> str:
    first = (thing.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(first.split())
