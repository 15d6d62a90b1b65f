"""Shortcuts, one file each; `SHORTCUTS` lists them in the order in which they are asked."""

from modelcollapse.simulate.shortcuts.base import Generations, Shortcut

SHORTCUTS: tuple[Shortcut, ...] = ()

__all__ = ["SHORTCUTS", "Generations", "Shortcut"]
