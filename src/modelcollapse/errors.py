"""What the project raises when it refuses.

A message names the argument, the value received, what is allowed, and the remedy. The command line turns
`InputError` into exit status 2 and any other `ModelCollapseError` into exit status 1, one message, no traceback.
"""

from __future__ import annotations


class ModelCollapseError(Exception):
    """Base class of every error raised on purpose."""


class InputError(ModelCollapseError, ValueError):
    """The input is refused: an argument or a file is outside of what is allowed."""


class NoAnswerError(ModelCollapseError):
    """The question is sound, but no law, bound or simulation of this version answers it."""


class InputWarning(UserWarning):
    """Part of the input was passed over; the message counts it."""


class LearnerError(ModelCollapseError):
    """A user's model failed: it raised, or returned what is no sample of its data's shape.

    Parameters
    ----------
    learner : str
        How the model is called.
    what : str
        What happened.
    generation, replicate : int, optional
        Where, as far as it is known; replicates count from 0.

    Examples
    --------
    >>> print(LearnerError("mine:Model", "sample returned NaN", generation=3, replicate=7))
    learner mine:Model, generation 3, replicate 7: sample returned NaN
    """

    def __init__(self, learner: str, what: str, generation: int | None = None, replicate: int | None = None) -> None:
        super().__init__(learner, what, generation, replicate)
        self.learner, self.what, self.generation, self.replicate = learner, what, generation, replicate

    def at(self, generation: int) -> LearnerError:
        """Return the error with the generation at which it happened."""
        return LearnerError(self.learner, self.what, generation, self.replicate)

    def after(self, replicates: int) -> LearnerError:
        """Return the error with its replicate counted from so many replicates before it."""
        number = None if self.replicate is None else self.replicate + replicates
        return LearnerError(self.learner, self.what, self.generation, number)

    def __str__(self) -> str:
        places = [f"learner {self.learner}"]
        places += [] if self.generation is None else [f"generation {self.generation}"]
        places += [] if self.replicate is None else [f"replicate {self.replicate}"]
        return f"{', '.join(places)}: {self.what}"
