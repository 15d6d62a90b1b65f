"""Count the words of UTF-8 text, compiled by numba.

Text is taken in blocks of 32 kB. Eight bytes at a time, in one 64-bit register, ASCII letters are lower-cased and word
bytes marked by range tests that cannot carry from byte to byte; every byte from 0x80 on counts as a word byte for now.
The marks of 64 bytes make one mask, and where the mask changes, a run of word bytes begins or ends.

A run of at most 16 bytes, all of them ASCII, is a word. Padded with zeros it is its own 16-byte key, so that no strings
are compared. Any other run is decoded code point by code point: it may hold several words, none, or bytes that are no
UTF-8.

The hash table has slots of four 64-bit numbers: two of key, the number of the word, its count. A first number of zero
means empty (no word begins with NUL). The words themselves stand in an arena in order of appearance, each followed by
a line end.

All functions stand in this one file because numba's disk cache looks at no other.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import int64, njit, types
from numba.cpython.unsafe.numbers import trailing_zeros
from numba.extending import intrinsic

from modelcollapse.corpus.kernel.code_points import CAPITAL_SIGMA, CASED, DOTTED_CAPITAL_I, FINAL_SIGMA, IGNORABLE, WORD

BLOCK = 1 << 15
PADDING = 256  # bytes that must follow the text in its buffer: zeros
SLOT = 4
TYPES, UNDECODABLE = 0, 1  # places in `totals`
LINE_END = 10

U = np.uint64
ONES = U(0x0101010101010101)
TOP_BITS = U(0x8080808080808080)
LOW_BITS = U(0x7F7F7F7F7F7F7F7F)
GATHER = U(0x0102040810204080)  # times ONES-like flags: the flags side by side in the top byte
LONG_WORD = U(0xFF00000000000000)  # no short key looks so: it would begin with zero bytes
MIX_1, MIX_2, MIX_3 = U(0x9E3779B97F4A7C15), U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)

compiled = njit(cache=True, nogil=True, error_model="numpy")
inlined = njit(cache=True, nogil=True, error_model="numpy", inline="always")


@intrinsic
def load_8(_context, array, _offset):
    """Eight bytes of a uint8 array from any offset, as a little-endian 64-bit number."""

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.gep(data, [arguments[1]])
        return builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()), align=1)

    return types.uint64(array, types.int64), generate


@intrinsic
def store_8(_context, array, _offset, _value):
    """Store a 64-bit number as eight bytes at any offset of a uint8 array."""

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.gep(data, [arguments[1]])
        word = builder.bitcast(address, ir.IntType(64).as_pointer())
        builder.store(arguments[2], word, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), generate


@inlined
def between(low_seven, first, last):
    """Top bit of each byte: whether first <= byte <= last, for bytes below 0x80."""
    return (low_seven + ONES * U(128 - first)) & ~(low_seven + ONES * U(127 - last))


@compiled
def mark(data, start, length, lower, masks):
    """Lower-case ASCII of data[start:start+length] into `lower`, and mark its word bytes."""
    for base in range(0, length, 64):
        mask = U(0)
        for eighth in range(8):
            octet = load_8(data, start + base + 8 * eighth)
            low_seven = octet & LOW_BITS
            ascii_only = ~octet & TOP_BITS
            upper = (between(low_seven, 65, 90) & ascii_only) >> U(2)  # 0x20 where A to Z
            octet |= upper
            low_seven |= upper
            word = between(low_seven, 97, 122) | between(low_seven, 48, 57)
            word = ((word | between(low_seven, 95, 95)) & ascii_only) | (octet & TOP_BITS)
            store_8(lower, base + 8 * eighth, octet)
            mask |= (((word >> U(7)) * GATHER) >> U(56)) << U(8 * eighth)
        masks[base >> 6] = mask
    beyond = length & 63
    if beyond:
        masks[length >> 6] &= (U(1) << U(beyond)) - U(1)
    masks[(length + 63) >> 6] = U(0)


@compiled
def length_to_last_separator(masks, length):
    """How many bytes there are up to and including the last that is no word byte."""
    last = length - 1
    while last >= 0 and (masks[last >> 6] >> U(last & 63)) & U(1):
        last -= 1
    return last + 1


@compiled
def run_edges(masks, length, edges):
    """Write where runs of word bytes begin and end, in turn, and return how many edges there are."""
    found = 0
    carry = U(0)
    for index in range((length >> 6) + 1):
        mask = masks[index]
        base = index << 6
        if length - base < 64:
            mask &= (U(1) << U(length - base)) - U(1)
        changes = mask ^ ((mask << U(1)) | carry)
        carry = mask >> U(63)
        left = changes
        ahead = found
        while left != U(0):  # eight at a time: a branch for each edge would be mispredicted
            for one in range(8):
                edges[ahead + one] = base + int64(trailing_zeros(left))
                left &= left - U(1)
            ahead += 8
        found += bits_set(changes)
    return found


@inlined
def bits_set(x):
    """Count the bits set in a 64-bit number."""
    x = x - ((x >> U(1)) & U(0x5555555555555555))
    x = (x & U(0x3333333333333333)) + ((x >> U(2)) & U(0x3333333333333333))
    x = (x + (x >> U(4))) & U(0x0F0F0F0F0F0F0F0F)
    return int64((x * ONES) >> U(56))


@inlined
def slot_of(first, second, shift):
    """Where a key belongs in a table of 2^(64 - shift) slots."""
    mixed = (first * MIX_1) ^ ((second + MIX_3) * MIX_2)
    mixed ^= mixed >> U(32)
    return (mixed * MIX_3) >> shift


@compiled
def shift_of(slots):
    """Return 64 minus the binary logarithm of the number of slots."""
    return U(64) - trailing_zeros(U(len(slots) // SLOT))


@compiled
def with_room(slots, arena, starts, totals, length):
    """Make room for all that `length` bytes of text can add: words, and bytes of words."""
    words = totals[TYPES] + length // 2 + 2
    needed = starts[totals[TYPES]] + 2 * length + 64  # lower case may need 3 bytes instead of 2
    if needed > len(arena):
        larger_arena = np.zeros(2 * needed, np.uint8)
        larger_arena[: len(arena)] = arena
        arena = larger_arena
    if words + 1 > len(starts):
        larger_starts = np.zeros(2 * words, np.int64)
        larger_starts[: len(starts)] = starts
        starts = larger_starts
    size = len(slots) // SLOT
    while 2 * words > size:
        size *= 2
    if SLOT * size > len(slots):
        slots = moved(slots, size)
    return slots, arena, starts


@compiled
def moved(slots, size):
    """Move all words into a new table of `size` slots."""
    larger = np.zeros(SLOT * size, np.uint64)
    shift = shift_of(larger)
    last = U(size - 1)
    for old in range(0, len(slots), SLOT):
        if slots[old] != U(0):
            index = slot_of(slots[old], slots[old + 1], shift)
            while larger[U(SLOT) * index] != U(0):
                index = (index + U(1)) & last
            for part in range(SLOT):
                larger[U(SLOT) * index + U(part)] = slots[old + part]
    return larger


@compiled
def decode(data, at):
    """Return a code point and its length in bytes; -1 and 1 where there is no valid UTF-8."""
    lead = int64(data[at])
    if lead < 0x80:
        return lead, 1
    second, third, fourth = int64(data[at + 1]), int64(data[at + 2]), int64(data[at + 3])
    if 0xC2 <= lead < 0xE0 and second & 0xC0 == 0x80:
        return (lead & 0x1F) << 6 | second & 0x3F, 2
    if 0xE0 <= lead < 0xF0 and second & 0xC0 == 0x80 and third & 0xC0 == 0x80:
        code = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
        if code >= 0x800 and not 0xD800 <= code < 0xE000:
            return code, 3
    if 0xF0 <= lead < 0xF5 and second & third & fourth & 0x80 and (second | third | fourth) < 0xC0:
        code = (lead & 7) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F
        if 0x10000 <= code < 0x110000:
            return code, 4
    return -1, 1


@compiled
def encode(arena, at, code):
    """Append a code point to the arena and return where the next one goes."""
    if code < 0x80:
        arena[at] = code
        return at + 1
    if code < 0x800:
        arena[at], arena[at + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
        return at + 2
    if code < 0x10000:
        arena[at], arena[at + 1] = 0xE0 | code >> 12, 0x80 | (code >> 6) & 0x3F
        arena[at + 2] = 0x80 | code & 0x3F
        return at + 3
    arena[at], arena[at + 1] = 0xF0 | code >> 18, 0x80 | (code >> 12) & 0x3F
    arena[at + 2], arena[at + 3] = 0x80 | (code >> 6) & 0x3F, 0x80 | code & 0x3F
    return at + 4


@compiled
def kind_before(data, at, kind):
    """Kind of the code point that ends before `at`, and where it begins."""
    for length in range(1, 5):
        if at >= length:
            code, taken = decode(data, at - length)
            if code >= 0 and taken == length:
                return kind[code], at - length
    return 0, at - 1


@compiled
def is_final_sigma(data, at, length, kind):
    """Whether the capital sigma at `at` ends a word, as str.lower sees it."""
    before = at
    found = IGNORABLE
    while before > 0 and found & IGNORABLE:
        found, before = kind_before(data, before, kind)
    if not found & CASED:
        return False
    after = at + 2
    while after < length:
        code, taken = decode(data, after)
        found = kind[code] if code >= 0 else 0
        if not found & IGNORABLE:
            return not found & CASED
        after += taken
    return True


@compiled
def key_of(arena, start, end):
    """Return the 16-byte key of a word in the arena: itself, or a mark and a hash if it is longer."""
    first, second = U(0), U(0)
    if end - start <= 16:
        for at in range(start, min(end, start + 8)):
            first |= U(arena[at]) << U(8 * (at - start))
        for at in range(start + 8, end):
            second |= U(arena[at]) << U(8 * (at - start - 8))
        return first, second
    for at in range(start, end):
        second = (second ^ U(arena[at])) * U(0x100000001B3) ^ (second >> U(29))
    return LONG_WORD | U(end - start), second


@compiled
def same_long_word(arena, start, end, known):
    """Whether the long word in arena[start:end] also stands at `known`: lengths are equal."""
    for offset in range(end - start):  # noqa: SIM110 - numba knows no all()
        if arena[start + offset] != arena[known + offset]:
            return False
    return True


@compiled
def count_word(slots, arena, starts, totals, end):
    """Count the word that was written behind the last word of the arena and ends at `end`."""
    start = starts[totals[TYPES]]
    first, second = key_of(arena, start, end)
    last = U(len(slots) // SLOT - 1)
    index = slot_of(first, second, shift_of(slots))
    while slots[U(SLOT) * index] != U(0):
        slot = U(SLOT) * index
        if slots[slot] == first and slots[slot + U(1)] == second:
            known = starts[int64(slots[slot + U(2)])]
            if end - start <= 16 or same_long_word(arena, start, end, known):
                slots[slot + U(3)] += U(1)
                return
        index = (index + U(1)) & last
    add_word(slots, int64(index) * SLOT, first, second, arena, starts, totals, end)


@compiled
def add_word(slots, slot, first, second, arena, starts, totals, end):
    """Give the word behind the last word of the arena a slot and a number."""
    number = totals[TYPES]
    slots[slot], slots[slot + 1] = first, second
    slots[slot + 2], slots[slot + 3] = U(number), U(1)
    arena[end] = LINE_END
    starts[number + 1] = end + 1
    totals[TYPES] = number + 1


@compiled
def count_run(data, start, end, length, lowered, kind, slots, arena, starts, totals):
    """Count the words in a run of any bytes but ASCII separators, code point by code point."""
    written = starts[totals[TYPES]]
    at = start
    while at < end:
        code, taken = decode(data, at)
        is_word = code >= 0 and kind[code] & WORD
        if is_word:
            lower = int64(lowered[code])
            if code == CAPITAL_SIGMA and is_final_sigma(data, at, length, kind):
                lower = FINAL_SIGMA
            written = encode(arena, written, lower)
        totals[UNDECODABLE] += code < 0
        if not is_word or code == DOTTED_CAPITAL_I:
            if written > starts[totals[TYPES]]:
                count_word(slots, arena, starts, totals, written)
            written = starts[totals[TYPES]]
        at += taken
    if written > starts[totals[TYPES]]:
        count_word(slots, arena, starts, totals, written)


@compiled
def count_short_runs(data, origin, length, lower, edges, found, lowered, kind, slots, arena, starts, totals):
    """Count the words of one block; `edges` are offsets from `origin` and into `lower`."""
    shift = shift_of(slots)
    last = U(len(slots) // SLOT - 1)
    for edge in range(0, found, 2):
        start = edges[edge]
        size = edges[edge + 1] - start
        first, second = load_8(lower, start), load_8(lower, start + 8)
        if size < 8:
            first &= (U(1) << U(8 * size)) - U(1)
            second = U(0)
        elif size < 16:
            second &= (U(1) << U(8 * (size - 8))) - U(1)
        if size > 16 or (first | second) & TOP_BITS:
            begin = origin + start
            count_run(data, begin, begin + size, length, lowered, kind, slots, arena, starts, totals)
            continue
        slot = U(SLOT) * slot_of(first, second, shift)
        while slots[slot] != first or slots[slot + U(1)] != second:
            if slots[slot] == U(0):
                end = starts[totals[TYPES]] + size
                store_8(arena, end - size, first)
                store_8(arena, end - size + 8, second)
                add_word(slots, int64(slot), first, second, arena, starts, totals, end)
                slots[slot + U(3)] = U(0)
                break
            slot = U(SLOT) * ((slot // U(SLOT) + U(1)) & last)
        slots[slot + U(3)] += U(1)


@compiled
def count_words(data, length, lowered, kind, slots, arena, starts, totals):
    """Count the words of data[:length], which `PADDING` zeros follow; see the module.

    `slots`, `arena` and `starts` are returned, as they may have been replaced by larger ones.
    """
    lower = np.zeros(BLOCK + PADDING, np.uint8)
    masks = np.zeros(BLOCK // 64 + 4, np.uint64)
    edges = np.empty(BLOCK + PADDING, np.int64)
    position = 0
    while position < length:
        size = min(BLOCK, length - position)
        mark(data, position, size, lower, masks)
        if position + size < length:
            size = length_to_last_separator(masks, size)
        if size == 0:
            end = position + BLOCK
            while data[end] >= 0x80 or kind[data[end]] & WORD:
                end += 1
            slots, arena, starts = with_room(slots, arena, starts, totals, end - position)
            count_run(data, position, end, length, lowered, kind, slots, arena, starts, totals)
            position = end
            continue
        found = run_edges(masks, size, edges)
        slots, arena, starts = with_room(slots, arena, starts, totals, size)
        count_short_runs(data, position, length, lower, edges, found, lowered, kind, slots, arena, starts, totals)
        position += size
    return slots, arena, starts
