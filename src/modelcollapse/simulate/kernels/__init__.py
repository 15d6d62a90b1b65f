"""Kernels, one file each, compiled by numba: import them inside functions only, as importing numba takes its time.

Random numbers come from counters: the key is the block's, the counter says which replicate, which generation and which
use. So a kernel's result does not depend on the order in which it does its work.
"""
