"""Where a store lies: a folder of this machine, or any address that fsspec knows."""

from __future__ import annotations

import os
import secrets
from pathlib import Path, PurePosixPath
from typing import Any

from modelcollapse.errors import InputError, ModelCollapseError

_UNFINISHED = ".part"


class Place:
    """A folder in which files appear whole or not at all.

    On this machine a file is written under a temporary name, brought to the disk, and renamed; elsewhere it is put
    in one request. Names are relative and never lead out of the folder.

    Parameters
    ----------
    address : str or path
        A folder, or an address such as ``s3://bucket/prefix``.

    Examples
    --------
    >>> place = Place("memory://example")
    >>> place.write("a/b", b"content")
    >>> place.names("a"), place.read("a/b")
    (['b'], b'content')
    """

    def __init__(self, address: str | os.PathLike[str]) -> None:
        self.address = os.fspath(address)
        self.folder: Path | None = None
        if "://" not in self.address or self.address.startswith("file://"):
            self.folder = Path(self.address.removeprefix("file://")).absolute()
            return
        import fsspec

        try:
            self._remote, self._root = fsspec.core.url_to_fs(self.address)
        except (ValueError, ImportError, OSError) as error:
            raise InputError(f"`store` is {self.address!r}, but that cannot be opened: {error}") from error

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, in order; none if there is no such folder."""
        try:
            if self.folder is not None:
                with os.scandir(self._path(folder)) as entries:
                    found = [entry.name for entry in entries if entry.is_file()]
            else:
                self._remote.invalidate_cache()
                listed = self._remote.ls(self._address(folder), detail=True)
                found = [PurePosixPath(each["name"]).name for each in listed if each["type"] == "file"]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._failed("read", folder, error) from error
        return sorted(name for name in found if not name.endswith(_UNFINISHED))

    def read(self, name: str) -> bytes:
        """Return the content of a file; `FileNotFoundError` if there is none."""
        try:
            if self.folder is not None:
                return self._path(name).read_bytes()
            return bytes(self._remote.cat_file(self._address(name)))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._failed("read", name, error) from error

    def write(self, name: str, content: bytes, *, lasting: bool = True) -> None:
        """Write a file, whole or not at all; `lasting` waits until the disk has it.

        Raises
        ------
        ModelCollapseError
            If it cannot be written; what was there before is still there.
        """
        try:
            if self.folder is None:
                self._remote.pipe_file(self._address(name), content)
            else:
                _replace(self._path(name), content, lasting)
        except OSError as error:
            raise self._failed("write", name, error) from error

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        try:
            if self.folder is not None:
                self._path(name).unlink(missing_ok=True)
            else:
                self._remote.rm_file(self._address(name))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise self._failed("remove", name, error) from error

    def make(self) -> None:
        """Make the folder, and clear away what unfinished writes have left."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in self.folder.glob(f"*/.*{_UNFINISHED}"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise self._failed("make", "", error) from error

    def _path(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / _inside(name)

    def _address(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{_inside(name)}"

    def _failed(self, what: str, name: str, error: OSError) -> ModelCollapseError:
        reason = error.strerror or str(error)
        return ModelCollapseError(f"cannot {what} {self.address}{'/' if name else ''}{name}: {reason}")

    def __repr__(self) -> str:
        return f"Place({self.address!r})"


def _inside(name: str) -> str:
    """Return a relative name that stays within its folder."""
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or not parts:
        raise InputError(f"the name {name!r} leads out of the store's folder, which no name may")
    return name


def _replace(target: Path, content: bytes, lasting: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{secrets.token_hex(8)}{_UNFINISHED}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        temporary.replace(target)
        if lasting:
            _bring_to_disk(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _bring_to_disk(folder: Path) -> None:
    """Make a rename last: the folder itself is written."""
    flags: Any = getattr(os, "O_DIRECTORY", None)
    if flags is None:  # systems that cannot open folders write them by themselves
        return
    descriptor = os.open(folder, os.O_RDONLY | flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
