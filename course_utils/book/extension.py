"""What Sphinx is told besides book/conf.py: formulas as MathML, which browsers draw, links to terms, excerpts."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from latex2mathml.converter import convert

_UNTOUCHED = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)
# Terms that are everyday words, too, are linked only where the text sets them off
_COMMON_WORDS = {"foot", "gap", "spread", "unit", "weights"}
_BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, th, td, pre, summary"
_FUNCTION = r"<m[io]>(log|exp|sin|cos|tanh|max|min)</m[io]>"
_THIN = '<mspace width="0.167em" />'


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    app.connect("doctree-resolved", _link_terms)
    app.connect("doctree-resolved", _keep_whole)
    app.connect("build-finished", _write_excerpts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator, node):
    translator.body.append(_formula(node.astext()))
    raise nodes.SkipNode


def _displayed(translator, node):
    formula = _formula(node.astext(), display="block")
    translator.body.append(f'<div class="course-formula"><div class="math" tabindex="0">{formula}</div></div>')
    raise nodes.SkipNode


def _formula(tex, display="inline"):
    # The converter sets log x as logx: TeX has a thin space around a function's name, except beside a sign or a bracket
    formula = re.sub(_FUNCTION, r"<mi>\1</mi>", convert(tex, display=display))
    names = r"<mi>[a-z]{2,}</mi>"
    formula = re.sub(rf"({names})(?=<m(?!o\b))", rf"\1{_THIN}", formula)
    return re.sub(rf"(</(?:mi|mn|mfrac|msup|msub|munder)>)(?={names})", rf"\1{_THIN}", formula)


def _link_terms(app, doctree, docname):
    """Link the glossary's terms from lessons and appendices: where one is set off as new, else where it comes first."""
    if not docname.startswith(("lessons/", "appendix/")):
        return
    objects = app.env.domains["std"].objects
    terms = {title: target for (kind, title), target in objects.items() if kind == "term"}
    _join_lines(doctree)
    texts = [text for text in doctree.findall(nodes.Text) if not _is_untouched(text)]
    for title in sorted(terms, key=len, reverse=True):  # 'covariance matrix' before 'covariance'
        words = re.escape(title).replace(r"\ ", r"\s+")
        pattern = re.compile(rf"(?<![\w-]){words}(?:e?s)?(?![\w-])", re.IGNORECASE)
        found = [(text, match) for text in texts if (match := pattern.search(text))]
        set_off = [pair for pair in found if isinstance(pair[0].parent, nodes.emphasis | nodes.strong)]
        if uses := set_off if set_off or title in _COMMON_WORDS else found:
            text, match = uses[0]
            page, anchor = terms[title]
            address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            link = nodes.reference("", match[0], refuri=address, internal=True, classes=["course-term"])
            around = [nodes.Text(text[: match.start()]), nodes.Text(text[match.end() :])]
            text.parent.replace(text, [around[0], link, around[1]])
            at = texts.index(text)
            texts[at : at + 1] = around


def _keep_whole(app, doctree, docname):
    # A short name or option is not broken, above all not behind its hyphens; no line begins with the comma behind a
    # formula, nor ends with the bracket before it
    for literal in doctree.findall(nodes.literal):
        if len(literal.astext()) <= 23:
            literal["classes"].append("course-whole")
    for formula in [*doctree.findall(nodes.math)]:
        parent, at = formula.parent, formula.parent.index(formula)
        before, after = parent[:at][-1:], parent[at + 1 : at + 2]
        opens = re.search(r"[(\[“]*$", before[0])[0] if before and isinstance(before[0], nodes.Text) else ""
        closes = re.match(r"[.,;:?!)\]’”-]*", after[0])[0] if after and isinstance(after[0], nodes.Text) else ""
        if opens:
            parent[at - 1] = nodes.Text(before[0].removesuffix(opens))
        if closes:
            parent[at + 1] = nodes.Text(after[0].removeprefix(closes))
        if opens or closes:
            whole = nodes.inline("", "", nodes.Text(opens), formula, nodes.Text(closes), classes=["course-whole"])
            parent[at] = whole


def _join_lines(doctree):
    # A paragraph of several lines comes as a text for each line: a term may begin on one and end on the next
    for parent in [*doctree.findall(nodes.TextElement)]:
        for at in range(len(parent) - 1, 0, -1):
            if isinstance(parent[at - 1], nodes.Text) and isinstance(parent[at], nodes.Text):
                parent[at - 1 : at + 1] = [nodes.Text(parent[at - 1] + parent[at])]


def _is_untouched(node):
    while node := node.parent:
        if isinstance(node, _UNTOUCHED):
            return True
    return False


def _write_excerpts(app, error):
    """Write the pages' text where the search page may read it: a page from the file system may fetch no other one."""
    if error or app.builder.name != "html":
        return
    texts = {}
    for name in sorted(app.env.found_docs):
        address = app.builder.get_target_uri(name)
        page = BeautifulSoup(Path(app.outdir, address).read_text("utf-8"), "html.parser").select_one("article")
        for part in page.select(".headerlink, script, style"):
            part.decompose()
        for block in page.select(_BLOCKS):
            block.append(" ")
        texts[address] = " ".join(page.get_text().split())
    content = f"window.courseTexts = {json.dumps(texts, ensure_ascii=False)};\n"
    Path(app.outdir, "_static", "search-texts.js").write_text(content, "utf-8")
