"""Ctrl-C and a polite end by the system: noted, and acted upon where nothing is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class Interruption:
    """While it is entered, the first interruption is only noted; a second one ends the process's patience.

    Elsewhere than in the main thread nothing is noted.

    Examples
    --------
    >>> with Interruption() as interruption:
    ...     interruption.noted
    False
    """

    def __init__(self) -> None:
        self.noted = False
        self.then: Callable[[], None] = lambda: None  # called as soon as it is noted
        self._before: dict[int, Any] = {}

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self.noted:
            raise KeyboardInterrupt
        self.noted = True
        self.then()

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
