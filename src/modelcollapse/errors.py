"""What the project raises when it refuses.

A message names the argument, the value received, what is allowed, and the remedy. The command line turns
`InputError` into exit status 2 and any other `ModelCollapseError` into exit status 1, one message, no traceback.
"""


class ModelCollapseError(Exception):
    """Base class of every error raised on purpose."""


class InputError(ModelCollapseError, ValueError):
    """The input is refused: an argument or a file is outside of what is allowed."""


class NoAnswerError(ModelCollapseError):
    """The question is sound, but no law, bound or simulation of this version answers it."""


class InputWarning(UserWarning):
    """Part of the input was passed over; the message counts it."""
