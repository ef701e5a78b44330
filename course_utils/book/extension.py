"""What Sphinx is told besides book/conf.py: formulas as MathML, which browsers draw, links to terms, excerpts."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from latex2mathml.converter import convert

_UNTOUCHED = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    app.connect("doctree-resolved", _link_terms)
    app.connect("build-finished", _write_excerpts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator, node):
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _displayed(translator, node):
    formula = convert(node.astext(), display="block")
    translator.body.append(f'<div class="course-formula"><div class="math" tabindex="0">{formula}</div></div>')
    raise nodes.SkipNode


def _link_terms(app, doctree, docname):
    """Link the glossary's terms from lessons and appendices: where one is set off as new, else where it comes first."""
    if not docname.startswith(("lessons/", "appendix/")):
        return
    objects = app.env.domains["std"].objects
    terms = {title: target for (kind, title), target in objects.items() if kind == "term"}
    texts = [text for text in doctree.findall(nodes.Text) if not _is_untouched(text)]
    for title in sorted(terms, key=len, reverse=True):  # 'covariance matrix' before 'covariance'
        words = re.escape(title).replace(r"\ ", r"\s+")
        pattern = re.compile(rf"(?<![\w-]){words}(?:e?s)?(?![\w-])", re.IGNORECASE)
        found = [(text, match) for text in texts if (match := pattern.search(text))]
        if found:
            text, match = min(found, key=lambda pair: not isinstance(pair[0].parent, nodes.emphasis | nodes.strong))
            page, anchor = terms[title]
            address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            link = nodes.reference("", match[0], refuri=address, internal=True, classes=["course-term"])
            around = [nodes.Text(text[: match.start()]), nodes.Text(text[match.end() :])]
            text.parent.replace(text, [around[0], link, around[1]])
            at = texts.index(text)
            texts[at : at + 1] = around


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
        texts[address] = " ".join(page.get_text(" ").split())
    content = f"window.courseTexts = {json.dumps(texts, ensure_ascii=False)};\n"
    Path(app.outdir, "_static", "search-texts.js").write_text(content, "utf-8")
