"""The command line: parse, solve, report; no arithmetic."""

from modelcollapse.cli.app import main

__all__ = ["main"]
