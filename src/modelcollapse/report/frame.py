"""What all pages share: one HTML file that opens without a network, its style, and what its scripts may do."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

from modelcollapse import __version__
from modelcollapse.report.save import vega_lite_version

_ALONE = "This page is one file and loads nothing from elsewhere"


@dataclass(frozen=True)
class Page:
    """A page that asks for nothing from outside, and whose content security policy lets no other script run.

    Parameters
    ----------
    title : str
        In the browser's title bar, as plain text.
    body : str
        Everything between head and footer, as HTML.
    script : str
        Name of the script among the templates; a page without one runs none.
    data : str
        JSON for the script, already safe inside a script element.
    style : str
        Rules of this page alone.
    beside : str
        What lies beside the page, if anything.

    Examples
    --------
    >>> from modelcollapse.report.frame import Page
    >>> print(Page("A < B", "<p>Nothing</p>").html().splitlines()[8])
    <title>A &lt; B</title>
    """

    title: str
    body: str
    script: str = ""
    data: str = ""
    style: str = ""
    beside: str = ""

    def html(self) -> str:
        """Return the whole file."""
        scripts = (javascript_bundle(), template(self.script)) if self.script else ()
        return Template(template("frame.html")).substitute(
            policy=_policy(scripts),
            version=escape(__version__),
            title=escape(self.title),
            style=template("page.css") + self.style,
            body=self.body,
            footer=f"{_ALONE}; {self.beside}." if self.beside else f"{_ALONE}.",
            scripts=_elements(self.data, scripts),
        )


def fill(name: str, **texts: str) -> str:
    """Return a template with its gaps filled; the texts are HTML already."""
    return Template(template(name)).substitute(texts)


def template(name: str) -> str:
    """Return one of the files that pages are made of."""
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def javascript_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as the installed converter carries them; safe inside a script element."""
    import vl_convert

    code: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=vega_lite_version())
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(scripts: tuple[str, ...]) -> str:
    """What the page may do: show its own pictures and styles, and run the scripts of these hashes."""
    images, run = "data:", ""
    if scripts:
        hashes = " ".join(map(_hash, scripts))
        images, run = "data: blob:", f" script-src {hashes} 'unsafe-eval';"
    styles = "style-src 'unsafe-inline';"
    return f"default-src 'none'; img-src {images}; {styles}{run} base-uri 'none'; form-action 'none'"


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _elements(data: str, scripts: tuple[str, ...]) -> str:
    if not scripts:
        return ""
    run = "".join(f"<script>{script}</script>\n" for script in scripts)
    return f'<script id="data" type="application/json">{data}</script>\n{run}'
