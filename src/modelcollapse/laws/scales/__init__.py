"""How scales are computed: what one generation does to a logarithm, and the law of a sum of many."""
