"""One generation of an n-gram model: sorting a text by context, and writing a new one from it.

An entry is a place of the text: the token there and the context that follows, in one word of 64 bits. Entries of a
context lie side by side, so a step of a sentence is one random entry: neither counts nor tables nor searches, and the
order of the model does not matter. Sentences are written in lanes, side by side, so that their waits for memory
overlap. A lane takes the next sentence as soon as its own has ended; sentences count in the order of their numbers.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.philox import LOW_32, U, philox

END = -1
LANES = 32
IDLE = -1
NOTHING = LOW_32  # follows the end of a sentence: -1 in 32 bits


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

    `typical` is about how long a sentence is: that many sentences are begun at a time as it says are needed. `number`
    tells generations apart, `key` replicates. There must be room for twice as many places as words.
    """
    places, left, part = 0, size, 0
    while left > 0:
        sentences = int(left / typical * 1.01) + 2
        limit = min(left, longest)
        lanes = min(LANES, sentences)
        capacity = lanes * (int(sentences * min(typical, limit) / lanes) + 64)
        drawn, stood = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
        first, lengths = np.zeros(sentences, np.int64), np.zeros(sentences, np.int64)
        last = np.zeros(sentences, np.int32)
        use = (U(number) << U(20)) | U(part)
        drawn, stood = _sentences(starts, entries, root, limit, use, key, lanes, drawn, stood, first, lengths, last)
        for s in range(sentences):
            words = min(lengths[s], left)
            cut = words < lengths[s]
            at = first[s]
            for _ in range(words):
                tokens[places], contexts[places] = drawn[at], stood[at]
                places += 1
                at += lanes
            tokens[places] = END
            contexts[places] = stood[at] if cut else last[s]
            places += 1
            left -= words
            if left == 0:
                break
        part += 1
    return places


@njit(nogil=True, error_model="numpy")
def _sentences(starts, entries, root, limit, use, key, lanes, drawn, stood, first, lengths, last):
    """Write sentences side by side: word i of a sentence stands at its `first` + i `lanes`; ends are left out.

    `last` is the context of the end. Return `drawn` and `stood`, longer where there was need.
    """
    state, word, spare = np.empty(lanes, np.int64), np.empty(lanes, np.uint64), np.empty(lanes, np.uint64)
    place, written = np.empty(lanes, np.int64), np.zeros(lanes, np.int64)
    sentence, ended = np.empty(lanes, np.int64), np.empty(lanes + 1, np.int64)
    for lane in range(lanes):
        state[lane], sentence[lane], first[lane] = root, lane, lane
    begun, going, row = lanes, lanes, 0
    while going > 0:
        if row + lanes > len(drawn):
            drawn, stood = _longer(drawn, row), _longer(stood, row)
        if (row // lanes) & 1:
            word, spare = spare, word
        else:
            _random(word, spare, U(row // lanes), use, key, lanes)
        _choose(starts, state, word, place, lanes)
        stopped = _step(entries, place, state, written, limit, row, lanes, drawn, stood, ended)
        row += lanes
        for i in range(stopped):
            lane = ended[i]
            number = sentence[lane]
            if number != IDLE and written[lane] == 1 and drawn[row - lanes + lane] == END:
                first[number] += (
                    lanes  # a sentence has a word: of order 1, which knows no beginnings, it is drawn again
                )
            elif number != IDLE:
                at_limit = drawn[row - lanes + lane] != END
                lengths[number] = written[lane] - (0 if at_limit else 1)
                last[number] = state[lane] if at_limit else stood[row - lanes + lane]
                sentence[lane] = IDLE
                if begun < len(lengths):
                    sentence[lane], first[begun] = begun, row + lane
                    begun += 1
                else:
                    going -= 1
            state[lane], written[lane] = root, 0
    return drawn, stood


@njit(nogil=True, error_model="numpy")
def _random(word, spare, counter, use, key, lanes):
    """Two random words for each lane: for this step, and for the next."""
    for lane in range(lanes):
        word[lane], spare[lane] = philox(counter * U(LANES) + U(lane), use, key)


@njit(nogil=True, error_model="numpy")
def _choose(starts, state, word, place, lanes):
    """Choose an entry of each lane's context: the upper 64 bits of the random word times their number."""
    for lane in range(lanes):
        low = starts[state[lane]]
        number = U(starts[state[lane] + 1] - low)
        upper = (word[lane] >> U(32)) * number + (((word[lane] & LOW_32) * number) >> U(32))
        place[lane] = low + np.int64(upper >> U(32))


@njit(nogil=True, error_model="numpy")
def _step(entries, place, state, written, limit, row, lanes, drawn, stood, ended):
    """Take the tokens of the chosen entries; list the lanes whose sentences end, and return how many they are."""
    stopped = 0
    for lane in range(lanes):
        entry = entries[place[lane]]
        token = np.int32(entry & LOW_32)
        drawn[row + lane], stood[row + lane] = token, state[lane]
        state[lane] = np.int64(entry >> U(32))
        written[lane] += 1
        ended[stopped] = lane
        stopped += 1 if (token == END) | (written[lane] == limit) else 0
    return stopped


@njit(nogil=True, error_model="numpy")
def _longer(values, used):
    """Return a copy with twice the room."""
    larger = np.empty(2 * len(values), values.dtype)
    larger[:used] = values[:used]
    return larger
