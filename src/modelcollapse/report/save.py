"""Writing reports: a file appears whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError

PIXELS_PER_POINT = 2
_PICTURES = (".png", ".svg", ".pdf")


def save_chart(chart: Any, path: str | os.PathLike[str]) -> None:
    """Write a chart as a picture.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any Altair chart.
    path : str or path
        Ends in .png, .svg or .pdf, which decides the format.

    Raises
    ------
    InputError
        If the ending is another one, or `path` is a folder.
    ModelCollapseError
        If the file cannot be written; what was there before is still there.

    Examples
    --------
    >>> save_chart(None, "forecast.gif")
    Traceback (most recent call last):
        ...
    modelcollapse.errors.InputError: `path` is 'forecast.gif', but must be a file name ending in .png, .svg or .pdf.
    """
    kind = Path(path).suffix.lower()
    if kind not in _PICTURES:
        raise InputError(arguments.message("path", os.fspath(path), "a file name ending in .png, .svg or .pdf"))
    write_file(path, picture(chart.to_dict(), kind))


def picture(spec: dict[str, Any], kind: str) -> bytes:
    """Draw a Vega-Lite specification as .png, .svg or .pdf."""
    import vl_convert

    version = vega_lite_version()
    if kind == ".png":
        return vl_convert.vegalite_to_png(spec, vl_version=version, scale=PIXELS_PER_POINT)
    if kind == ".svg":
        return vl_convert.vegalite_to_svg(spec, vl_version=version).encode()
    return vl_convert.vegalite_to_pdf(spec, vl_version=version)


def pictures(spec: dict[str, Any]) -> dict[str, bytes]:
    """Draw a Vega-Lite specification as .svg, and make .png and .pdf of that: laid out once, and the same in all."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version())
    return {
        ".svg": svg.encode(),
        ".png": vl_convert.svg_to_png(svg, scale=PIXELS_PER_POINT),
        ".pdf": vl_convert.svg_to_pdf(svg),
    }


def vega_lite_version() -> str | None:
    """Return the Vega-Lite version of the installed Altair as the converter writes it; None where it lacks it."""
    import altair as alt
    import vl_convert

    found = re.match(r"v?(\d+\.\d+)", alt.SCHEMA_VERSION)
    known = vl_convert.get_vegalite_versions()
    return found.group(1) if found and found.group(1) in known else None


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
