"""The page templates, and the style and script a page carries with their digests.

Every text in a page is data and is escaped; markup comes from the templates and
from our own charts alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


_LONG: Final = re.compile(r"\S{24,}")
_MARK: Final = re.compile(r"(?<=[/:_])(?=\w)")


@cache
def environment() -> Environment:
    """Environment of the page templates: everything is escaped, nothing may be missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("blocs.views", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["breakable"] = breakable
    return made


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


def breakable(text: str) -> Markup:
    """Escape a text; its long words, such as names of rows, may break behind a mark.

    Examples
    --------
    >>> str(breakable("almanac/support:prk_shells <b>"))
    'almanac/<wbr>support:<wbr>prk_<wbr>shells &lt;b&gt;'
    """
    from markupsafe import Markup, escape

    if not _LONG.search(text):
        return escape(text)

    def parts(word: str) -> Markup:
        split = _MARK.split(word) if _LONG.fullmatch(word) else [word]
        return Markup("<wbr>").join(escape(part) for part in split)

    return Markup("").join(parts(word) for word in re.split(r"(\s+)", text))


def styles(*, explorer: bool) -> tuple[Markup, str]:
    """Return the style sheet of briefs and answers, as a file or as shown by the explorer."""
    return inlined("brief.css", "explorer.css") if explorer else inlined("brief.css")


def trusted(ours: str) -> Markup:
    """Mark what our own templates and charts wrote; data never comes through here."""
    from markupsafe import Markup

    return Markup(ours)
