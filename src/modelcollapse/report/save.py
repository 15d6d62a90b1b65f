"""Writing reports: a file appears whole or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.files import write_file

__all__ = ["picture", "save_chart", "vega_lite_version", "write_file"]

PIXELS_PER_POINT = 2
_WIDE = "DejaVu Sans"  # what Linux takes for `sans-serif`; other common ones are narrower
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
        return _roomy_svg(spec, version).encode()
    return vl_convert.vegalite_to_pdf(spec, vl_version=version)


def _roomy_svg(spec: dict[str, Any], version: str | None) -> str:
    """Lay a chart out for the widest font that a reader may have; the fonts that it names stay first.

    An SVG is laid out here and drawn with the fonts that are there: text in a wider one would be clipped or overlap.
    """
    import vl_convert

    config = spec.get("config", {})
    svg: str = vl_convert.vegalite_to_svg({**spec, "config": {**config, "font": _WIDE}}, vl_version=version)
    return svg.replace(f'font-family="{_WIDE}"', f'font-family="{config.get("font", "sans-serif")}"')


def pictures(spec: dict[str, Any]) -> dict[str, bytes]:
    """Draw a Vega-Lite specification as .svg, and make .png and .pdf of that: laid out once, and the same in all."""
    import vl_convert

    svg = _roomy_svg(spec, vega_lite_version())
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
