"""How the site is built: ``make docs``, then open docs/_site/index.html.

The reference and the gallery are made here, from the code, before Sphinx reads the pages.
Nothing is fetched, and the built pages fetch nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "reference"))

import gallery  # noqa: E402
import make  # noqa: E402

from blocs import __version__  # noqa: E402

make.write(HERE / "made")
gallery.write(HERE / "made")

project = "blocs"
author = "The blocs developers"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_site", "**.ipynb"]
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
suppress_warnings = ["config.cache"]

default_role = "literal"  # docstrings write `name`, as Markdown does
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "blocs"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#005b8f", "color-brand-content": "#005b8f"},
    "dark_css_variables": {"color-brand-primary": "#6cb8ea", "color-brand-content": "#6cb8ea"},
}
