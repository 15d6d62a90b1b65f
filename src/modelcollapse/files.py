"""Writing files: one appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file beside its place and move it there: after a failure what was there before is still there.

    A link is followed; what is no regular file (a pipe, a terminal) is written to directly.

    Raises
    ------
    InputError
        If `path` is a folder.
    ModelCollapseError
        If the folder does not exist or cannot be written, or the disk is full.

    Examples
    --------
    >>> write_file("none/file", b"")
    Traceback (most recent call last):
        ...
    modelcollapse.errors.ModelCollapseError: cannot write none/file: No such file or directory; no partial file was left
    """
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise InputError(arguments.message("path", os.fspath(path), "a file name", "It is a folder."))
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelCollapseError(f"cannot write {os.fspath(path)}: {reason}; no partial file was left") from error


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:  # created by the process's own mode mask, as any file is
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
