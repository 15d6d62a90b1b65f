"""Philox4x32-10 (Salmon et al., 2011): two random 64-bit words from a key and a counter of two 64-bit words.

The ten rounds are plain integer arithmetic without branches, so that loops over counters become vector instructions.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

U = np.uint64
MULTIPLIER_0, MULTIPLIER_1 = U(0xD2511F53), U(0xCD9E8D57)
WEYL_0, WEYL_1 = U(0x9E3779B9), U(0xBB67AE85)
LOW_32 = U(0xFFFFFFFF)


@njit(inline="always")
def philox(counter, use, key):
    """Return two words; `counter` and `use` are the counter, all three are uint64."""
    c0, c1 = counter & LOW_32, counter >> U(32)
    c2, c3 = use & LOW_32, use >> U(32)
    k0, k1 = key & LOW_32, key >> U(32)
    for _ in range(10):
        p0, p1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> U(32)) ^ c1 ^ k0, p1 & LOW_32, (p0 >> U(32)) ^ c3 ^ k1, p0 & LOW_32
        k0, k1 = (k0 + WEYL_0) & LOW_32, (k1 + WEYL_1) & LOW_32
    return c0 | (c1 << U(32)), c2 | (c3 << U(32))
