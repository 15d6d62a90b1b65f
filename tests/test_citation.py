"""Citations: what is printed and what is pasted into a bibliography agree, and BibTeX can read the latter."""

import re
from pathlib import Path

import pytest

from modelcollapse import reference
from modelcollapse.citation import Reference

ALL = [value for value in vars(reference).values() if isinstance(value, Reference)]
ROOT = Path(__file__).parents[1]
NEEDED = {  # by BibTeX's own manual
    "article": {"author", "title", "journal", "year"},
    "inproceedings": {"author", "title", "booktitle", "year"},
    "book": {"author", "title", "publisher", "year"},
    "misc": {"author", "title", "year"},
}


def entry(text):
    """Type, key and fields of one entry whose fields stand on lines of their own."""
    head = re.match(r"@(\w+)\{(\w+),\n", text)
    return head[1], head[2], dict(re.findall(r"^  (\w+) += \{(.*?)\},?$", text, re.MULTILINE))


def surnames(authors):
    return [author.strip("{}").partition(",")[0] for author in authors.split(" and ")]


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.key)
class TestEverySource:
    def test_has_the_fields_of_its_kind(self, source):
        kind, key, fields = entry(source.bibtex())
        assert (kind, key) == (source.kind, source.key)
        assert NEEDED[kind] <= set(fields)
        assert all(fields.values())
        assert {"doi", "url", "howpublished"} & set(fields)

    def test_is_plain_and_balanced(self, source):
        text = source.bibtex()
        assert text.isascii()
        assert text.count("{") == text.count("}")
        outside = re.sub(r"\$[^$]*\$", "", text)
        assert not re.search(r"(?<!\\)[&%#^$]", outside)

    def test_names_those_that_are_printed(self, source):
        assert surnames(source.full_authors) == source.authors.split(", ")

    def test_says_all_that_is_printed(self, source):
        """Volume and pages stand in what is printed, so they must stand in the entry, and nothing may be lost."""
        _, _, fields = entry(source.bibtex())
        assert source.pages == fields.get("pages", "").replace("--", "-")
        assert source.volume == fields.get("volume", "")
        assert str(source.year) == fields["year"]
        printed = str(source)
        if source.kind == "article" and source.volume:
            assert f"{fields['journal']} {source.volume}, {source.pages}" in printed
        assert "read" not in fields.get("journal", "") + fields.get("howpublished", "")


def test_keys_differ():
    assert len({source.key for source in ALL}) == len(ALL) > 20


def test_each_is_defined_once():
    text = Path(reference.__file__).read_text(encoding="utf-8")
    names = re.findall(r"^(\w+) = Reference\(", text, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_the_paper_as_the_front_page_cites_it():
    (block,) = re.findall(r"```bibtex\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    kind, key, fields = entry(block.partition("\n}\n")[0])
    ours = entry(reference.SURESH_2024.bibtex())
    assert (kind, key) == ours[:2]
    for name, value in fields.items():
        assert ours[2][name].strip("{}") == value.strip("{}"), name


def test_accents_and_formulas():
    assert 'M{\\"o}hle, Martin' in reference.MOHLE_1999.bibtex()
    assert "$\\pi^2/6$" in reference.DEY_DONOHO_2024.bibtex()


def test_a_group_is_one_author():
    """Without braces BibTeX would take the last word for a surname."""
    assert "author = {{The modelcollapse developers}}" in reference.MODELCOLLAPSE.bibtex()


def test_without_first_names_surnames_are_left():
    source = Reference("key", "Fisher, Wright", "On drift & chance", "Nowhere", 1930, url="https://example.org")
    assert source.bibtex() == (
        "@misc{key,\n  author = {Fisher and Wright},\n  title = {{On drift \\& chance}},\n"
        "  howpublished = {Nowhere},\n  year = {1930},\n  url = {https://example.org}\n}"
    )
