"""Types among the draws of a generation if every fresh draw is a new one: lines of descent, with fractions."""

from fractions import Fraction
from math import comb


def law_of_types(n, share, generation):
    """The law of the number of types: {types: probability}; `share` is a fraction."""
    occupied = [{0: Fraction(1)}]
    for _ in range(n):
        following = {}
        for boxes, chance in occupied[-1].items():
            for more, part in ((0, Fraction(boxes, n)), (1, 1 - Fraction(boxes, n))):
                following[boxes + more] = following.get(boxes + more, 0) + chance * part
        occupied.append(following)
    law = {(n, 0): Fraction(1)}  # lines that go on, lines that ended
    for _ in range(generation - 1):
        following = {}
        for (lines, ended), weight in law.items():
            for kept in range(lines + 1):
                chance = comb(lines, kept) * (1 - share) ** kept * share ** (lines - kept)
                for roots, part in occupied[kept].items():
                    key = (roots, ended + lines - kept)
                    following[key] = following.get(key, 0) + weight * chance * part
        law = following
    types = {}
    for (lines, ended), weight in law.items():
        types[lines + ended] = types.get(lines + ended, 0) + weight
    return types
