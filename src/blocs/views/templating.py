"""The page templates, and the style and script a page carries with their digests.

Every text in a page is data and is escaped; markup comes from the templates and
from our own charts alone.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def environment() -> Environment:
    """Environment of the page templates: everything is escaped, nothing may be missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("blocs.views", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def inlined(*names: str) -> tuple[Markup, str]:
    """Join style sheets or scripts; the second is their SHA-256 for a Content-Security-Policy.

    Examples
    --------
    >>> css, digest = inlined("brief.css", "explorer.css")
    >>> len(digest)
    44
    """
    text = "".join(environment().get_template(name).render() for name in names)
    return trusted(text), base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def styles(*, explorer: bool) -> tuple[Markup, str]:
    """Return the style sheet of briefs and answers, as a file or as shown by the explorer."""
    return inlined("brief.css", "explorer.css") if explorer else inlined("brief.css")


def trusted(ours: str) -> Markup:
    """Mark what our own templates and charts wrote; data never comes through here."""
    from markupsafe import Markup

    return Markup(ours)
