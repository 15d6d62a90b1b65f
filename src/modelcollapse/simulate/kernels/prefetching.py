"""Asking for memory before it is needed, so that many waits for it overlap: the `prefetch` instruction of LLVM."""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc"

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_POINTER, _WORD = ir.IntType(8).as_pointer(), ir.IntType(32)
_TO_READ, _KEEP, _DATA = _WORD(0), _WORD(3), _WORD(1)  # in all caches


@intrinsic
def prefetch(typing, array, index):  # noqa: ARG001 - numba gives the values to what is returned
    """Ask for the cache line of element `index` (int64) of an array whose elements lie side by side.

    Nothing is read: no number depends on it, and an index beyond the array does no harm.
    """

    def generated(context, builder, signature, arguments):
        elements = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        line = builder.bitcast(builder.gep(elements, [arguments[1]]), _POINTER)
        kind = ir.FunctionType(ir.VoidType(), [_POINTER, _WORD, _WORD, _WORD])
        instruction = builder.module.declare_intrinsic("llvm.prefetch", (_POINTER,), kind)
        builder.call(instruction, [line, _TO_READ, _KEEP, _DATA])
        return context.get_dummy_value()

    return types.void(array, types.int64), generated
