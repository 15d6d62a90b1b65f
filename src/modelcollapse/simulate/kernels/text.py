"""One generation of an n-gram model: sorting a text by context, and writing a new one from it.

An entry is a place of the text: the token there and the context that follows, in one word of 64 bits. Entries of a
context lie side by side, so a step of a sentence is one random entry: neither counts nor tables nor searches, and the
order of the model does not matter. Sentences are written in lanes, side by side, and what a lane needs next is asked
for while the others take their turns. A lane begins the next sentence as soon as its own has ended; sentences count in
the order in which they began.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.philox import LOW_32, U, philox
from modelcollapse.simulate.kernels.prefetching import prefetch

END = -1
NOTHING = LOW_32  # follows the end of a sentence: -1 in 32 bits
LANES = 64
AHEAD = 32  # how many places before its turn a place's entry is asked for
ROOM = 1032  # cells of a lane; no power of two, which would put all lanes into the same few lines of the cache
ROWS = 128  # steps between two looks at the room; a step takes three cells at most: word, end, head


@njit(cache=True, nogil=True, error_model="numpy")
def sort_by_context(tokens, contexts, starts, entries):
    """Fill `entries` (uint64), and `starts` (one number more than there are contexts) with where each context begins.

    A counting sort; places of a context keep their order.
    """
    starts[:] = 0
    places = len(tokens)
    for i in range(places):
        starts[contexts[i] + 1] += 1
    for c in range(1, len(starts)):
        starts[c] += starts[c - 1]
    for i in range(places):
        prefetch(starts, np.int64(contexts[min(i + 2 * AHEAD, places - 1)]))
        prefetch(entries, np.int64(starts[contexts[min(i + AHEAD, places - 1)]]))
        following = NOTHING if tokens[i] == END else U(contexts[i + 1])
        place = starts[contexts[i]]
        entries[place] = (following << U(32)) | (U(tokens[i]) & LOW_32)
        starts[contexts[i]] = place + 1
    for c in range(len(starts) - 1, 0, -1):
        starts[c] = starts[c - 1]
    starts[0] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def write(starts, entries, root, size, longest, typical, number, key, tokens, contexts):
    """Write `size` words into `tokens`, and their contexts; return how many places they and the ends take.

    `typical` is about how long a sentence is: there are no more lanes than as many sentences as it says are needed.
    `number` tells generations apart, `key` replicates. There must be room for twice as many places as words.
    """
    lanes, limit, use = min(LANES, int(size / typical) + 2), min(size, longest), U(number)
    word, spare = np.empty(lanes, np.uint64), np.empty(lanes, np.uint64)
    state, place, ended = np.full(lanes, root, np.int64), np.empty(lanes, np.int64), np.empty(lanes + 1, np.int64)
    cells, low, tail, begin, at, linked = _lanes(lanes)
    oldest, newest = np.int64(0), np.int64(lanes - 1)
    places, left, missing, row = 0, size, size, 0
    while left > 0:
        if row % ROWS == 0:
            cells = _with_room(cells, low, tail, begin, at)
        if row & 1:
            word, spare = spare, word
        else:
            _random(word, spare, U(row >> 1), use, key)
        _choose(starts, entries, state, word, place)
        stopped = _step(starts, entries, place, state, limit, cells, begin, at, ended)
        newest, missing = _next_sentences(ended[:stopped], root, state, cells, begin, at, linked, newest, missing)
        while left > 0 and tail[oldest] < begin[oldest]:
            lane = oldest
            oldest = np.int64(cells[tail[lane]])
            tail[lane], places, left = _take_out(cells, tail[lane] + 1, tokens, contexts, places, left)
        row += 1
    return places


@njit(nogil=True, error_model="numpy")
def _lanes(lanes):
    """Return cells, and for each lane where its room is, its text, its unfinished sentence, and its next word.

    A cell is a token and its context. Before the words of a sentence there is one cell, its head, which names the lane
    of the sentence that begins next. The last array says whether the unfinished sentence is named so: if not, it is not
    needed any more.
    """
    low = np.arange(lanes + 1) * ROOM
    cells = np.empty(lanes * ROOM, np.uint64)
    for lane in range(lanes):
        cells[low[lane]] = U(lane + 1)
    return cells, low, low[:-1].copy(), low[:-1].copy(), low[:-1] + 1, np.ones(lanes, np.bool_)


@njit(nogil=True, error_model="numpy")
def _with_room(cells, low, tail, begin, at):
    """Move the text of lanes that are nearly full to the front of their room, or all to an array with more of it."""
    enough = True
    for lane in range(len(at)):
        if at[lane] + 3 * ROWS > low[lane + 1]:
            shift = tail[lane] - low[lane]
            for i in range(tail[lane], at[lane]):
                cells[i - shift] = cells[i]
            tail[lane], begin[lane], at[lane] = low[lane], begin[lane] - shift, at[lane] - shift
            enough &= at[lane] + 3 * ROWS <= low[lane + 1]
    if enough:
        return cells
    larger, first = np.empty(2 * (at - tail).sum() + len(at) * ROOM, np.uint64), 0
    for lane in range(len(at)):
        used = at[lane] - tail[lane]
        larger[first : first + used] = cells[tail[lane] : at[lane]]
        begin[lane] += first - tail[lane]
        low[lane], tail[lane], at[lane] = first, first, first + used
        first += 2 * used + ROOM
    low[len(at)] = first
    return larger


@njit(nogil=True, error_model="numpy")
def _random(word, spare, counter, use, key):
    """Two random words for each lane: for this step, and for the next."""
    for lane in range(len(word)):
        word[lane], spare[lane] = philox(counter * U(LANES) + U(lane), use, key)


@njit(nogil=True, error_model="numpy")
def _choose(starts, entries, state, word, place):
    """Choose an entry of each lane's context: the upper 64 bits of the random word times their number."""
    for lane in range(len(state)):
        low = np.int64(starts[state[lane]])
        number = U(np.int64(starts[state[lane] + 1]) - low)
        upper = (word[lane] >> U(32)) * number + (((word[lane] & LOW_32) * number) >> U(32))
        place[lane] = low + np.int64(upper >> U(32))
    for lane in range(len(state)):
        prefetch(entries, place[lane])


@njit(nogil=True, error_model="numpy")
def _step(starts, entries, place, state, limit, cells, begin, at, ended):
    """Take the tokens of the chosen entries; list the lanes whose sentences end, and return how many they are."""
    stopped = 0
    for lane in range(len(state)):
        entry = entries[place[lane]]
        cells[at[lane]] = (U(state[lane]) << U(32)) | (entry & LOW_32)
        state[lane] = np.int64(entry >> U(32))
        prefetch(starts, state[lane])
        at[lane] += 1
        ended[stopped] = lane
        stopped += 1 if ((entry & LOW_32) == NOTHING) | (at[lane] - begin[lane] > limit) else 0
    return stopped


@njit(nogil=True, error_model="numpy")
def _next_sentences(ended, root, state, cells, begin, at, linked, newest, missing):
    """Close the sentences of these lanes and begin the next ones.

    Return the lane of the sentence that began last, and how many words the closed ones lack of what is needed.
    """
    for lane in ended:
        is_cut = cells[at[lane] - 1] & LOW_32 != NOTHING
        is_empty = not is_cut and at[lane] - begin[lane] == 2
        if is_empty or not linked[lane]:
            # A sentence has a word: of order 1, which knows no beginnings, it is drawn again.
            at[lane] = begin[lane] + 1
        else:
            if is_cut:
                cells[at[lane]] = (U(state[lane]) << U(32)) | NOTHING
                at[lane] += 1
            missing -= at[lane] - begin[lane] - 2
            linked[lane] = missing > 0
            if linked[lane]:
                cells[begin[newest]] = U(lane)
                newest = lane
            begin[lane] = at[lane]
            at[lane] += 1
        state[lane] = root
    return newest, missing


@njit(nogil=True, error_model="numpy")
def _take_out(cells, at, tokens, contexts, places, left):
    """Append the sentence whose words begin at this cell, as far as words are needed.

    Return the cell behind it, how many places there are now, and how many words are missing.
    """
    while True:
        tokens[places], contexts[places] = np.int32(cells[at] & LOW_32), np.int32(cells[at] >> U(32))
        at, places = at + 1, places + 1
        if tokens[places - 1] == END:
            return at, places, left
        if left == 0:
            tokens[places - 1] = END  # the context of a cut is the context of the word that is cut off
            return at, places, left
        left -= 1
