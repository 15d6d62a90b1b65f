"""Are the generations in order? Under replace words only go, and generation 0 holds every word that there will be."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise

from modelcollapse.corpus import CountTable
from modelcollapse.errors import InputError, InputWarning

_FEW = 3  # words that appear are few below it: fresh data may bring so many back by chance


def check_order(tables: Sequence[CountTable], zero: CountTable | None, *, sampled: bool = False) -> bool:
    """Refuse an order in which words only appear, and warn of one that another order would explain better.

    Returns whether it has warned.

    If `sampled`, a word may be missing by chance after generation 0 and come back: such orders are not warned of.

    Raises
    ------
    InputError
        If words appear and none ever goes, or a later table holds every word of all and the first does not.

    Examples
    --------
    >>> small, large = (CountTable.from_counts(words, [1] * len(words), name=words) for words in ("ab", "abc"))
    >>> try:
    ...     check_order([small, large], None)
    ... except InputError as error:
    ...     print(str(error)[:32])
    The generations are out of order
    """
    sets = [set(table.words) for table in tables]
    steps = list(pairwise(sets))
    appeared = [after - before for before, after in steps]
    if not any(appeared):
        return False
    by_size = sorted(range(len(sets)), key=lambda i: -len(sets[i]))
    order = ", ".join(tables[i].name for i in by_size)
    step = next(i for i, words in enumerate(appeared) if words)
    word = min(appeared[step])
    if zero is None and not any(before - after for before, after in steps):
        raise InputError(
            f"The generations are out of order: from {tables[step].name} to {tables[step + 1].name} words only appear, "
            f"as {word!r}, but recursive training loses words; give them in the order {order}."
        )
    largest = sets[by_size[0]]
    if zero is None and by_size[0] != 0 and all(words <= largest for words in sets):
        raise InputError(
            f"The generations are out of order: {tables[by_size[0]].name} holds every word of all of them and "
            f"{tables[0].name}, the first, lacks some, as {min(largest - sets[0])!r}; it comes first."
        )
    nested = all(sets[j] <= sets[i] for i, j in pairwise(by_size))
    odd = nested and not sampled and sum(map(len, appeared)) >= _FEW
    if odd:
        warnings.warn(
            f"from {tables[step].name} to {tables[step + 1].name} words appear, as {word!r}; in the order {order} none "
            "ever would: are the generations in order?",
            InputWarning,
            stacklevel=5,
        )
    return odd
