"""The file of `--words`: one word per line, or a named group of words."""

from __future__ import annotations

from pathlib import Path

from modelcollapse.errors import InputError


def read_word_list(path: str) -> dict[str, list[str]]:
    """Return the words and groups of a file: ``name: word word ...`` is a group, any other line a word.

    A colon within a word, as in ``12:30``, makes no group: a group's colon is followed by a space.

    Words of a group that contain spaces, as n-grams do, are separated by commas: ``name: the cat, a dog``. Empty
    lines and lines that begin with ``#`` are passed over.

    Raises
    ------
    InputError
        If the file cannot be read, holds nothing, or names a group twice.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"`--words` file {path} is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"`--words` file {path} cannot be read: {error.strerror}") from error
    found: dict[str, list[str]] = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        name, colon, members = f"{line} ".partition(": ")
        words = _members(members) if colon else [line]
        key = name.strip() if colon else line
        if not words or not key or (key in found and (colon or found[key] != [key])):
            raise InputError(
                f"`--words` file {path}, line {number}: {line!r} is no word and no new group; "
                "write one word per line, or 'name: word word ...'"
            )
        found[key] = words
    if not found:
        raise InputError(f"`--words` file {path} holds no word; write one per line")
    return found


def _members(text: str) -> list[str]:
    """Split a group at its commas if it has any, else at white space."""
    return [member.strip() for member in text.split(",") if member.strip()] if "," in text else text.split()
