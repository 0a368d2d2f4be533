"""One page for one answer: the finding, its figures with tables, sources, no network.

`report` writes the brief; other commands describe what they found as a `Page` and
have it written here, in the same look.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocs.views.brief.page import draw, ticked
from blocs.views.charts.figure import Figure, Table
from blocs.views.explorer.visit import Link, Visit
from blocs.views.templating import environment, inlined, styles, trusted


@dataclass(frozen=True, slots=True)
class Named:
    """A source by its anchor and what to cite."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    key, title : str
        Anchor and heading.
    sentences : tuple of str
        Plain text.
    figures : tuple of Figure
        Pictures; their sources must be among the page's.
    tables : tuple of Table
        Tables without picture.
    links : tuple of Link
        Where to go from here.
    code : str
        Shown as it is.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    links: tuple[Link, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says, all of it data that is escaped.

    Attributes
    ----------
    title, question, headline : str
        Title of the window; what was asked; the answer in a sentence.
    sentences, cautions : tuple of str
        What else is to be known, and what to be careful about.
    sections : tuple of Section
        Parts, in order.
    sources : tuple of Named
        What it rests on.
    command : str
        The command line that gives the same.
    """

    title: str
    question: str
    headline: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[Named, ...]
    command: str
    cautions: tuple[str, ...] = ()


def write_page(page: Page, visit: Visit | None = None) -> str:
    """Write a page as one self-contained HTML document.

    Parameters
    ----------
    page : Page
        What it says.
    visit : Visit, optional
        The explorer's page that it is shown on; a file of its own without one.

    Returns
    -------
    str
        No script and no request: its Content-Security-Policy forbids all but its style.
    """
    from blocs import __version__

    css, digest = styles(explorer=visit is not None)
    script, script_digest = inlined(*visit.scripts) if visit and visit.scripts else ("", "")
    return (
        environment()
        .get_template("answer.html")
        .render(
            page=page,
            visit=visit,
            css=css,
            css_digest=digest,
            script=script,
            script_digest=script_digest,
            figures={s.key: [draw(f) for f in s.figures] for s in page.sections},
            ticked=ticked,
            version=__version__,
        )
    )


def framed(html: str, visit: Visit) -> str:
    """Show a page that was written as a file under the bar of the explorer.

    Parameters
    ----------
    html : str
        From `write_page` without a visit, perhaps by an earlier blocs.
    visit : Visit
        The explorer's page that it is shown on.
    """
    from blocs import __version__

    title = re.search(r"<title>(.*?)(?: - blocs)?</title>", html, re.DOTALL)
    body = re.search(r'<div class="page">.*</main>\s*</div>', html, re.DOTALL)
    css, digest = styles(explorer=True)
    return (
        environment()
        .get_template("framed.html")
        .render(
            title=trusted(title[1] if title else ""),
            body=trusted(body[0] if body else ""),
            visit=visit,
            css=css,
            css_digest=digest,
            version=__version__,
        )
    )


def command_line(name: str, words: Sequence[object], options: Mapping[str, object]) -> str:
    """Write the command line of an answer; options that are empty are left out.

    Examples
    --------
    >>> command_line("react", ["RUS", "UKR"], {"--data": ("a b.csv",), "--from": None})
    "blocs react RUS UKR --data 'a b.csv'"
    """
    said = ["blocs", name, *(str(w) for w in words)]
    for option, value in options.items():
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        for one in values:
            said += [option, str(one)]
    return shlex.join(said)
