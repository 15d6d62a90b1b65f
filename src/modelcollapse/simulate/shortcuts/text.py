"""N-gram models of long texts under replace: sorted by context and written by a compiled kernel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import numpy as np

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.ngram import NGram
from modelcollapse.families.text import Frame, Text, Tokens, text_of
from modelcollapse.families.transitions import Transitions
from modelcollapse.families.writing import NO_LIMIT
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts.one_by_one import one_by_one
from modelcollapse.statistics.base import Snapshot, Sums
from modelcollapse.text_corpus import END, TextCorpus
from modelcollapse.workflows.replace import Replace

KERNEL_WORK = 10**7  # words that NumPy takes about a second and a half for: less waits for no compiler


class TextKernel(Route):
    """Write one replicate after the other by a compiled kernel."""

    name: ClassVar[str] = "text, compiled"

    def covers(self, experiment: Experiment) -> bool:
        """Whether it is a maximum-likelihood model under replace, drawn plainly, and NumPy would take long."""
        recursion = experiment.recursion
        plain = isinstance(recursion.workflow, Replace) and recursion.is_plain
        if not plain or not isinstance(recursion.family, NGram):
            return False
        return experiment.replicates * sum(recursion.sizes(experiment.horizon).tolist()) >= KERNEL_WORK

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 16: a block is run replicate by replicate, and holds one at a time."""
        return 16

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Run each replicate with a key of its own, and add up what the observers leave."""
        return one_by_one(block, seed, self._of_stream)

    def _of_stream(self, block: Experiment, stream: np.random.SeedSequence) -> Iterator[Snapshot | None]:
        return self.snapshots(block.recursion, block.horizon, block.watched, key_of(stream))

    def snapshots(
        self, recursion: Recursion, horizon: int, wanted: set[int], key: np.uint64
    ) -> Iterator[Snapshot | None]:
        """Yield what there is to see at the generations wanted, and None at the others."""
        family, start = recursion.family, recursion.start
        assert isinstance(family, NGram)
        assert isinstance(start, TextCorpus)
        sort, write = compiled()
        text = text_of(start, family.order, 1)
        frame, longest = text.frame, NO_LIMIT if family.longest is None else family.longest
        # A text has at most twice as many places as words: 32 bits hold the number of each.
        starts, entries = np.empty(frame.contexts + 1, np.int32), np.empty(len(text.tokens), np.uint64)
        sort(text.tokens, text.contexts, starts, entries)
        tokens, contexts = np.empty((2, 0), np.int32)
        for generation, size in enumerate(recursion.sizes(horizon).tolist(), start=1):
            seen = generation - 1 in wanted  # who saw the last text and its model may keep them
            if seen or len(tokens) < 2 * size:
                tokens, contexts = np.empty(2 * size, np.int32), np.empty(2 * size, np.int32)
            typical = _words_per_sentence(text.tokens)
            places = write(starts, entries, frame.root, size, longest, typical, generation, key, tokens, contexts)
            text = _text(frame, tokens[:places], contexts[:places])
            if seen or len(entries) < places:
                entries = np.empty(places, np.uint64)
            sort(text.tokens, text.contexts, starts, entries)
            yield Snapshot(_model(frame, starts, entries[:places]), text, text) if generation in wanted else None


def key_of(stream: np.random.SeedSequence) -> np.uint64:
    """Return the key that the kernel takes for a replicate."""
    return np.uint64(stream.generate_state(1, np.uint64)[0])


def _words_per_sentence(tokens: Tokens) -> float:
    """How long a sentence is on average; of a writer's own text, so that as many are begun as are needed."""
    ends = int(np.count_nonzero(tokens == END))
    return (len(tokens) - ends) / ends


def _text(frame: Frame, tokens: Tokens, contexts: Tokens) -> Text:
    return Text(frame, tokens, contexts, np.array([0, len(tokens)]))


def _model(frame: Frame, starts: Any, entries: Any) -> Transitions:
    """Show entries as a model, without a copy of them; `starts` is copied, as it is written over."""
    halves = entries.view(np.int32).reshape(-1, 2)  # the lower half comes first on every processor that numba knows
    return Transitions(frame, starts.astype(np.int64), halves[:, 0], halves[:, 1])


@cache
def compiled() -> tuple[Any, Any]:
    """Return the kernels, after a word to the user if they have to be compiled."""
    sort, write = loaded(_kernels)
    with announced("the simulation of text", seconds=10):
        tokens, contexts = np.array([0, END, 0, END], np.int32), np.array([1, 0, 1, 0], np.int32)
        starts, entries = np.empty(3, np.int32), np.empty(4, np.uint64)
        for each in (tokens, contexts):
            each.flags.writeable = False  # as those of a corpus are
        sort(tokens, contexts, starts, entries)
        written, stood = np.empty(4, np.int32), np.empty(4, np.int32)
        places = write(starts, entries, 1, 2, NO_LIMIT, 1.0, 1, np.uint64(1), written, stood)
        sort(written[:places], stood[:places], starts, entries)
    return sort, write


def _kernels() -> tuple[Any, Any]:
    from modelcollapse.simulate.kernels.text import sort_by_context, write

    return sort_by_context, write
