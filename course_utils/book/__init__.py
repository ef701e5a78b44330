"""The book: notebooks and the pages of the folder book/ are laid out here as Sphinx is to read them.

`pages` writes all pages into a folder; `text`, `cells` and `widgets` put what is in them in order; `extension` is what
Sphinx itself is told, and `small_net` the widget of the first page.
"""
