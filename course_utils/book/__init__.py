"""The book: notebooks and the pages of the folder book/ are laid out here as Sphinx is to read them.

`pages` writes all pages into a folder, and `site` has Sphinx make a site of it. `text`, `cells` and `widgets` prepare
what is on a page, `extension` is what Sphinx itself is told, and `small_net` is the widget of the first page.
"""
