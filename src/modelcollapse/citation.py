"""What a citation is: a record of one source, as text and as BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["read", "authors' notebook", "abstract", "memory", "derived here"]
Kind = Literal["article", "inproceedings", "book", "misc"]

_ARXIV, _DOI = "https://arxiv.org/abs/", "https://doi.org/"
# What LaTeX would take for its own, or an old BibTeX could not read. Titles may hold the formula.
_LATEX = {"pi^2/6": "$\\pi^2/6$", "ö": '{\\"o}', "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_"}


@dataclass(frozen=True)
class Reference:
    """A source that a law, a bound or a figure rests on.

    Parameters
    ----------
    key : str
        BibTeX key, also the name of the file in ``bounds/`` that states the source's results.
    authors, title, venue : str
        As they should be printed; the venue of an article is its journal.
    year : int
    url : str
        A lasting address, DOI or arXiv.
    full_authors : str
        As BibTeX writes them, where first names are known.
    kind : str
        The type of its BibTeX entry.
    volume, pages, booktitle, series, publisher, edition : str
        As BibTeX has them, pages with one hyphen; empty where they are not known, or there are none.
    note : str
        How much of it was read, where that is not all that is used. Not part of its BibTeX entry.

    Examples
    --------
    >>> from modelcollapse.reference import KIMURA_1955, SURESH_2024
    >>> print(SURESH_2024)
    Suresh, Thangaraj, Khandavally (2025). Rate of Model Collapse in Recursive Training. AISTATS.
    >>> print(KIMURA_1955.bibtex())
    @article{kimura_1955,
      author = {Kimura, Motoo},
      title = {{Solution of a process of random genetic drift with a continuous model}},
      journal = {Proceedings of the National Academy of Sciences},
      volume = {41},
      pages = {144--150},
      year = {1955},
      doi = {10.1073/pnas.41.3.144}
    }
    """

    key: str
    authors: str
    title: str
    venue: str
    year: int
    url: str = ""
    full_authors: str = ""
    kind: Kind = "misc"
    volume: str = ""
    pages: str = ""
    booktitle: str = ""
    series: str = ""
    publisher: str = ""
    edition: str = ""
    note: str = ""

    def __str__(self) -> str:
        volume = f" {self.volume}, {self.pages}" if self.kind == "article" and self.volume else ""
        note = f"; {self.note}" if self.note else ""
        return f"{self.authors} ({self.year}). {self.title}. {self.venue}{volume}{note}."

    @property
    def short(self) -> str:
        """The source as a text names it in passing.

        Examples
        --------
        >>> from modelcollapse.reference import SURESH_2024
        >>> SURESH_2024.short
        'Suresh et al. 2025'
        """
        first, *others = self.authors.split(", ")
        second = f" and {others[0]}" if len(others) == 1 else " et al." if others else ""
        return f"{first}{second} {self.year}"

    def bibtex(self) -> str:
        """Return the record as a BibTeX entry that any version of BibTeX reads."""
        fields = {
            "author": _latex(self.full_authors or self.authors.replace(", ", " and ")),
            "title": f"{{{_latex(self.title)}}}",
            **{name: _latex(text) for name, text in self._published().items()},
            "year": str(self.year),
            **self._address(),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@{self.kind}{{{self.key},\n{body}\n}}"

    def _published(self) -> dict[str, str]:
        """Where it was published, by the fields of its kind of entry; of a preprint the address says it."""
        printed = {"volume": self.volume, "pages": self.pages.replace("-", "--")}
        match self.kind:
            case "article":
                return {"journal": self.venue, **printed}
            case "inproceedings":
                return {"booktitle": self.booktitle, "series": self.series, **printed}
            case "book":
                return {"publisher": self.publisher, "edition": self.edition}
        return {} if self.url.startswith(_ARXIV) else {"howpublished": self.venue}

    def _address(self) -> dict[str, str]:
        if self.url.startswith(_DOI):
            return {"doi": self.url.removeprefix(_DOI)}
        if self.url.startswith(_ARXIV):
            return {"eprint": self.url.removeprefix(_ARXIV), "archivePrefix": "arXiv", "url": self.url}
        return {"url": self.url}


def _latex(text: str) -> str:
    for sign, written in _LATEX.items():
        text = text.replace(sign, written)
    return text
