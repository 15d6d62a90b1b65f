"""Slow, plain, independent routes: what the production laws and simulations are held against.

Four are about the survival of a symbol under replace, and share no numerical method with `modelcollapse.laws` and none
with each other:

* `dense_chain`: the full Wright-Fisher matrix (n to 2,000, every generation);
* `forward_window`: the law of the count, with a rigorous bracket (small counts, n to 10^12);
* `ancestral_chain`: the law of the number of ancestors (n to 10^6, every generation);
* `ancestral_cumulants`: its cumulant generating function (large n, while ancestors are many).

Others are about other questions:

* `scale_tail`: the tail of a log-scale walk by mpmath;
* `first_loss`: the first loss of any symbol by the number of ancestors;
* `fresh_chain`: presence where fresh data flow;
* `few_ancestors`: survival with sizes that vary wildly;
* `pool_lines`: presence where models are trained on parts of all data;
* `workflow_chain`: one symbol under any workflow, every state and every draw, in fractions;
* `naive_recursion`: any family under any workflow from the definitions alone, one datum after the other;
* `naive_text`: an n-gram model in plain Python.
"""
