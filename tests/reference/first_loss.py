"""The first loss by the number of ancestors: nothing but positive terms, for n of some hundreds and any few symbols.

The A_k ancestors of generation k are drawn from P_0, so all symbols are present if they show all. Error: rounding.
"""

import numpy as np

from tests.reference import ancestral_chain, dense_chain


def cover(n, law):
    """Pr(a draws show every symbol), a = 0..n: symbol after symbol."""
    covered = np.ones(n + 1)
    covered[0] = 0.0
    mass = law[0]
    for p in law[1:]:
        mass += p
        rows = [dense_chain.binomial_law(a, p / mass) for a in range(n + 1)]
        covered = np.array([rows[a][1:] @ covered[:a][::-1] for a in range(n + 1)])
    return covered


def by_ancestors(n, law, generations):
    """Pr(every symbol is present) at each of the generations."""
    covered = cover(n, law)
    laws = ancestral_chain.laws(n, generations)
    return np.array([pmf @ covered[first : first + len(pmf)] for first, pmf in laws])
