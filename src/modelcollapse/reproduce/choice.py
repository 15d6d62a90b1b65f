"""Which figures there are, and finding them by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from modelcollapse.errors import InputError
from modelcollapse.reproduce.base import Figure
from modelcollapse.reproduce.bernoulli_not_fixed import BernoulliNotFixed
from modelcollapse.reproduce.bernoulli_survival import BernoulliSurvival
from modelcollapse.reproduce.bernoulli_trajectories import BernoulliTrajectories
from modelcollapse.reproduce.branching_limit import BranchingLimit
from modelcollapse.reproduce.collapse_spectrum import CollapseSpectrum
from modelcollapse.reproduce.gaussian_tail import GaussianTail
from modelcollapse.reproduce.gaussian_trajectories import GaussianTrajectories
from modelcollapse.reproduce.mixture_scatter import MixtureScatter
from modelcollapse.reproduce.mixture_tail import MixtureTail
from modelcollapse.reproduce.ngram import NGramText
from modelcollapse.reproduce.poisson_survival import PoissonSurvival
from modelcollapse.reproduce.survival_surface import SurvivalSurface
from modelcollapse.reproduce.unigram import Unigram
from modelcollapse.reproduce.zipf import Zipf

FIGURES: tuple[type[Figure], ...] = (
    GaussianTrajectories,
    BernoulliTrajectories,
    BernoulliSurvival,
    BernoulliNotFixed,
    PoissonSurvival,
    GaussianTail,
    Unigram,
    Zipf,
    MixtureScatter,
    MixtureTail,
    NGramText,
    SurvivalSurface,
    BranchingLimit,
    CollapseSpectrum,
)


def figures_named(names: Sequence[str]) -> list[type[Figure]]:
    """Return the figures of these names, in the order of the list, each once; all if there are none.

    Raises
    ------
    InputError
        If a name is unknown.

    Examples
    --------
    >>> [figure.name for figure in figures_named(["zipf", "unigram", "zipf"])]
    ['unigram', 'zipf']
    """
    known = {figure.name: figure for figure in FIGURES}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}."
            raise InputError(f"`figure` is {name!r}, but must be the name of a figure; {hint}")
    return [figure for name, figure in known.items() if not names or name in names]
