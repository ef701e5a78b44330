"""How Sphinx makes the book: `make book` calls it on the folder that course_utils/book/pages.py writes."""

project = "PCA and autoencoders"
author = "the authors of the course"
language = "en"
extensions = ["myst_nb", "sphinxcontrib.bibtex", "course_utils.book.extension"]
exclude_patterns = ["downloads", ".doctrees"]

nb_execution_mode = "off"
nb_ipywidgets_js = {}  # would come from the web; mount.js does it
myst_enable_extensions = ["dollarmath", "amsmath", "attrs_block", "attrs_inline", "deflist", "colon_fence"]
myst_heading_anchors = 4
bibtex_bibfiles = ["references.bib"]
bibtex_cite_id = "cite-{key}"

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["course.css"]
html_js_files = [("mount.js", {"defer": "defer"}), ("mend.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
}
