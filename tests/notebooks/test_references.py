"""Sources: every citation has an entry in book/references.bib, every entry is cited, and both say the same.

A lesson cites as `Pearson (1901)<!-- cite: pearson1901 -->` or `Pearson 1901<!-- cite: pearson1901 -->`; a docstring,
which everybody sees as it is, by author and year alone. Markdown hides the comment, and a book may be made from it.
"""

import ast
import re
from urllib.parse import unquote

import pytest
from _reading import each_lesson, prose

from course_utils._paths import PACKAGE, ROOT
from course_utils.notebooks.sources import all_paths, code_cells, read_lesson

pytestmark = pytest.mark.check
BIBLIOGRAPHY = ROOT / "book" / "references.bib"
NAME = r"[^\W\d_a-z][\w'-]+"  # a capital first
MENTION = re.compile(
    rf"(?P<authors>{NAME}(?:\s+and\s+{NAME}|\s+et\s+al\.)?),?\s+\(?(?P<year>(?:18|19|20)\d\d|undated)\b\)?"
)
COMMENT = re.compile(r"<!--\s*cite:\s*(?P<key>\S*)\s*-->")
ENTRY = re.compile(r"@(?P<kind>\w+)\{(?P<key>[^,\s]+),\n(?P<fields>(?:  \w+ = \{.*\},\n)+)\}\n")
FIELD = re.compile(r"  (\w+) = \{(.*)\},\n")
REQUIRED = {
    "article": {"author", "title", "year", "journal", "volume", "pages"},
    "inproceedings": {"author", "title", "year", "booktitle"},
    "misc": {"author", "title", "year"},
}


def read_entries(text):
    """Return the fields of each entry by its key; "kind" is one of them."""
    entries = {m["key"]: {"kind": m["kind"], **dict(FIELD.findall(m["fields"]))} for m in ENTRY.finditer(text)}
    assert len(entries) == text.count("\n@"), "an entry that is not written as the others, or a key used twice"
    return entries


def problems_of_entries(entries):
    """Return a sentence for each entry that lacks a field or is not named after its author and year."""
    problems = []
    for key, entry in entries.items():
        problems += [f"{key}: no {field}" for field in sorted(REQUIRED[entry["kind"]] - set(entry))]
        if not {"doi", "eprint", "url", "note"} & set(entry):
            problems.append(f"{key}: no doi, eprint or url, nor a note that says why")
        if "eprint" in entry and entry.get("archiveprefix") != "arXiv":
            problems.append(f"{key}: no archiveprefix = {{arXiv}}")
        if not key.endswith(entry.get("year", "")):
            problems.append(f"{key}: its year is {entry['year']}")
    return problems


def cited_as(entry):
    """Return authors and year as a text names them: A, A and B, or A et al."""
    names = [author.split(",")[0] for author in entry["author"].split(" and ")]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al.", entry["year"]


def problems_of_lesson(text, entries):
    """Return the keys that a lesson's text cites, and a sentence for each citation that is wrong."""
    cited, problems, comments = set(), [], 0
    for mention in MENTION.finditer(text):
        said = " ".join(mention["authors"].split()), mention["year"]
        comment = COMMENT.match(text, mention.end())
        comments += comment is not None
        if comment is None:
            problems.append(f"{mention[0]}: no <!-- cite: key --> behind it")
        elif comment["key"] not in entries:
            problems.append(f"{mention[0]}: {comment['key']} is not in {BIBLIOGRAPHY.name}")
        elif cited_as(entries[comment["key"]]) != said:
            problems.append(f"{mention[0]}: the entry says {' '.join(cited_as(entries[comment['key']]))}")
        else:
            cited.add(comment["key"])
    if comments != len(COMMENT.findall(text)):
        problems.append("a <!-- cite: key --> that stands behind no author and year")
    return cited, problems


def problems_of_docstring(text, entries):
    """Return the keys that a docstring cites, and a sentence for each source without an entry."""
    known = {cited_as(entry): key for key, entry in entries.items()}
    said = {(" ".join(mention["authors"].split()), mention["year"]) for mention in MENTION.finditer(text)}
    return {known[x] for x in said & set(known)}, [f"{' '.join(x)}: no such entry" for x in sorted(said - set(known))]


def docstrings(code):
    """Return the docstrings of a module and of what it defines."""
    defined = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(code)) if isinstance(node, defined)]


def read_all(entries):
    """Return the keys that lessons, exercises and docstrings cite, and all problems."""
    cited, problems = set(), []
    found = []
    for source in all_paths():
        notebook = read_lesson(source)
        found.append(problems_of_lesson(prose(notebook), entries))
        found += [problems_of_docstring(x, entries) for cell in code_cells(notebook) for x in docstrings(cell.source)]
    for path in PACKAGE.rglob("*.py"):
        found += [problems_of_docstring(x, entries) for x in docstrings(path.read_text("utf-8"))]
    for keys, sentences in found:
        cited |= keys
        problems += sentences
    return cited, problems


def address_of(entry):
    """Return where an entry's link leads."""
    if "doi" in entry:
        return f"https://doi.org/{entry['doi']}"
    return f"https://arxiv.org/abs/{entry['eprint']}" if "eprint" in entry else entry["url"]


ENTRIES = read_entries(BIBLIOGRAPHY.read_text("utf-8"))


def test_entries_are_complete():
    """Each entry has what its kind needs, an identifier or a note why not, and a key that ends in its year."""
    assert problems_of_entries(ENTRIES) == []


def test_citations_and_entries_belong_together():
    """No citation without an entry, none with other authors or another year, no entry that nothing cites."""
    cited, problems = read_all(ENTRIES)
    assert problems == []
    assert sorted(set(ENTRIES) - cited) == []


@each_lesson
def test_lesson_says_what_to_read_on(source):
    """Before its report a lesson names two sources or more, each with a link to where its entry says it is."""
    cells = read_lesson(source).cells
    before_report = cells[[cell.source for cell in cells].index("report()") - 1].source
    heading, *items = re.split(r"\n+- ", before_report)
    assert heading == "## Read on"
    assert len(items) >= 2
    for item in items:
        text = " ".join(item.split())
        key = COMMENT.search(text)["key"]
        (link,) = re.findall(r"\]\((\S+?)\)", text)
        assert unquote(link) == address_of(ENTRIES[key])
        assert len(text.partition(f"]({link})")[2]) > 20, f"{key}: no sentence on why to read it"


def test_wrong_citations_are_caught():
    """Each kind of mistake is noticed, and none where there is none."""
    bib = BIBLIOGRAPHY.read_text("utf-8")
    right = "Baldi and Hornik (1989)<!-- cite: baldi1989 -->; Vincent et al. 2008<!-- cite: vincent2008 -->"
    assert problems_of_lesson(right, ENTRIES) == ({"baldi1989", "vincent2008"}, [])
    for wrong in (
        right.replace("(1989)", "(1988)"),
        right.replace("Hornik", "Kamp"),
        right.replace("Vincent et al.", "Vincent"),
        right.replace("baldi1989", "baldi1898"),
        right.replace("<!-- cite: vincent2008 -->", ""),
        right + " <!-- cite: zeiler2012 -->",
    ):
        assert len(problems_of_lesson(wrong, ENTRIES)[1]) == 1, wrong
    assert problems_of_docstring("Principal angles (Jordan 1875).", ENTRIES) == ({"jordan1875"}, [])
    assert len(problems_of_docstring("Principal angles (Jordan 1876).", ENTRIES)[1]) == 1
    for line in ("  year = {1901},\n", "  journal = {Neural Networks},\n", "  doi = {10.1007/BF00332918},\n"):
        assert line in bib
        assert len(problems_of_entries(read_entries(bib.replace(line, "", 1)))) == 1, line
    with pytest.raises(AssertionError, match="not written as the others"):
        read_entries(bib.replace("year = {1901}", "year = 1901"))
