"""Slow, plain, independent routes to the survival of a symbol: what the production law is held against.

Four routes, which share no numerical method with `modelcollapse.laws` and none with each other:

* `dense_chain`: the full Wright-Fisher matrix (n to 2,000, every generation);
* `forward_window`: the law of the count, with a rigorous bracket (small counts, n to 10^12);
* `ancestral_chain`: the law of the number of ancestors (n to 10^6, every generation);
* `ancestral_cumulants`: its cumulant generating function (large n, while ancestors are many).

A fifth, `scale_tail`, is about scales: the tail of a log-scale walk by mpmath.
"""
