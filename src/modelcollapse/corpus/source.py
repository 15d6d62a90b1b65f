"""From what the user names to the list of things to read: files, folders, patterns, addresses."""

from __future__ import annotations

import difflib
import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcollapse.corpus.refusal import refusing
from modelcollapse.errors import InputError

STANDARD_INPUT = "-"
PATTERN = frozenset("*?[")

Address = str | os.PathLike[str]


@dataclass(frozen=True)
class Source:
    """One stream of bytes.

    Parameters
    ----------
    address : str
        A path, an fsspec address, or "-" for standard input.
    size : int or None
        Bytes as stored; None for a pipe.
    named : bool
        Whether it was given by itself, rather than found in a folder or by a pattern.
    """

    address: str
    size: int | None
    named: bool = True

    @property
    def label(self) -> str:
        """What messages call it."""
        return "standard input" if self.address == STANDARD_INPUT else printable(self.address)

    @property
    def is_remote(self) -> bool:
        """Whether fsspec opens it."""
        return is_remote(self.address)


def printable(address: str) -> str:
    """Return a file name as text that can be shown and stored: bytes that are no UTF-8, and controls, become '?'."""
    text = address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in text)


def is_remote(address: str) -> bool:
    """Whether an address has a protocol, and so is fsspec's."""
    return "://" in address or "::" in address


def find_sources(sources: Address | Iterable[Address]) -> list[Source]:
    """List all that is to be read, in the order given, folders and patterns sorted."""
    listed = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    if not listed:
        raise InputError("`sources` is empty; name at least one file, folder, pattern or address")
    addresses = [_checked(address) for address in listed]
    if addresses.count(STANDARD_INPUT) > 1:
        raise InputError('`sources` names standard input ("-") more than once')
    return [source for address in addresses for source in _expand(address)]


def _checked(address: object) -> str:
    path = os.fspath(address) if isinstance(address, str | os.PathLike) else None
    if not isinstance(path, str) or not path or "\0" in path:
        raise InputError(f"`sources` must be paths or addresses, or a sequence of them, received {address!r}")
    return path


def _expand(address: str) -> Iterator[Source]:
    if address == STANDARD_INPUT:
        yield Source(address, None)
    elif is_remote(address):
        yield from _expand_remote(address)
    else:
        with refusing(address):
            yield from _expand_local(address)


def _expand_local(address: str) -> Iterator[Source]:
    path = Path(address)
    if path.is_dir():
        files = sorted(_files_below(address))
        if not files:
            raise InputError(f"{address}: the folder has no files (hidden ones are not read)")
    elif not os.path.lexists(address) and PATTERN.intersection(address):
        found = glob.iglob(address, recursive=True)  # noqa: PTH207 - any pattern, absolute or not
        files = sorted(name for name in found if Path(name).is_file())
        if not files:
            raise InputError(f"{address}: no file matches this pattern")
    else:
        yield _local_source(address, named=True)
        return
    for file in files:
        yield _local_source(file, named=False)


def _files_below(folder: str) -> Iterator[str]:
    def fail(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield str(Path(parent, name))


def _local_source(address: str, *, named: bool) -> Source:
    try:
        status = Path(address).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{address}: no such file{_near_names(Path(address))}") from None
    return Source(address, status.st_size if stat.S_ISREG(status.st_mode) else None, named)


def _near_names(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"; the folder {path.parent} cannot be read either"
    near = difflib.get_close_matches(path.name, names, n=3)
    return f"; its folder has {' and '.join(near)}" if near else ""


def _expand_remote(address: str) -> Iterator[Source]:
    with refusing(address):
        from fsspec.core import url_to_fs

        system, path = url_to_fs(address)
        if PATTERN.intersection(path) and not system.exists(path):
            found = sorted(name for name in system.glob(path) if system.isfile(name))
        elif system.isdir(path):
            found = sorted(name for name in system.find(path) if not _is_hidden(name, path))
        elif system.exists(path):
            yield Source(address, system.size(path))
            return
        else:
            raise InputError(f"{address}: no such file")
        if not found:
            raise InputError(f"{address}: no files there")
        for name in found:
            yield Source(_full_address(system, name, address), system.size(name), named=False)


def _is_hidden(name: str, folder: str) -> bool:
    return any(part.startswith(".") for part in name.removeprefix(folder).split("/"))


def _full_address(system: Any, name: str, address: str) -> str:
    """Address of a file that fsspec found: a chain such as zip://*.txt::books.zip keeps its tail."""
    if "::" in address:
        head, tail = address.split("::", 1)
        return f"{head.split('://')[0]}://{name}::{tail}"
    return str(system.unstrip_protocol(name))
