"""Errors of the operating system and of libraries, said in the words of this project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from modelcollapse.errors import InputError


@contextmanager
def refusing(label: str) -> Iterator[None]:
    """Turn what goes wrong while `label` is found, opened or read into an `InputError`."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{label}: no such file") from None
    except PermissionError:
        raise InputError(f"{label}: no permission to read it; ask its owner, or copy it") from None
    except IsADirectoryError:
        raise InputError(f"{label}: is a folder, not a file") from None
    except ImportError as error:
        raise InputError(f"{label}: this address needs a package: {_one_line(error)}") from None
    except (OSError, EOFError) as error:
        raise InputError(f"{label}: cannot be read: {_one_line(error)}") from None
    except ValueError as error:  # fsspec: unknown protocol, malformed address
        raise InputError(f"{label}: cannot be read: {_one_line(error)}") from None


def _one_line(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(text.split())
