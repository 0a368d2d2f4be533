"""Answers in a notebook: the command's words, a small picture, the first rows of its table."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from blocs.registry import VIEWS
from blocs.shown import Shown

WIDTH = 100
"""Letters in a line."""
MOST = 12
"""Rows of the table that are shown."""
_WORDS = '<pre style="white-space: pre-wrap; line-height: 1.35">{code}</pre>'
_PAPER = '<div style="background: #fff; color: #1c1c1c; max-width: 700px">'


def html(found: Shown) -> str:
    """Show what a public function found, as HTML in which all data is escaped.

    Parameters
    ----------
    found : Shown
        The facts; their view knows how to tell them.

    Returns
    -------
    str
        Words, then a picture if there is one, then at most 12 rows of the table.
    """
    answer = VIEWS.get(found.shown_by).shows[type(found)](found)
    parts = [_words(answer.text)]
    if answer.picture is not None:
        parts.append(f"{_PAPER}{answer.picture()}</div>")
    if answer.table is not None and answer.table.height:
        more = answer.table.height - MOST
        parts.append(answer.table.head(MOST)._repr_html_())
        parts += [f"<p>and {more:,} rows more</p>"] if more > 0 else []
    return "\n".join(parts)


def _words(text: object) -> str:
    """Words as the terminal has them, bold and dim kept."""
    console = Console(record=True, width=WIDTH, file=StringIO(), highlight=False)
    console.print(text, markup=False)
    return console.export_html(inline_styles=True, code_format=_WORDS)
