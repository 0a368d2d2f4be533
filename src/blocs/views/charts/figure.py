"""What every figure of the brief consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from blocs.records import Brief, LayerRecord
from blocs.views.charts import vega


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text : str
        What it says; data, never markup.
    href : str
        Where it links to, inside the page.
    missing : bool
        Not known: hatched, so that it never looks like zero.
    anchor : str
        Under which the page's other parts link to its row.
    """

    text: str
    href: str = ""
    missing: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a figure.

    Attributes
    ----------
    caption : str
        What the rows and numbers are.
    columns : tuple of str
        Headings; one that begins with "#" is a column of numbers.
    rows : tuple of tuple of Cell
        The first cell heads its row.
    left_out : int
        Rows not shown because there are too many; the JSON has them all.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with all that belongs to it.

    Attributes
    ----------
    key : str
        Its anchor in the page.
    title : str
        The finding.
    subtitle : str
        Quantity, unit and n.
    alt : str
        What is seen, in a sentence or two.
    draw : callable
        ``draw(width) -> chart`` for a width in pixels.
    table : Table
        The same in numbers.
    sources : tuple of str
        Ids of the data sets it rests on.
    method : str
        Anchor of how it was computed.
    note : str
        How to read it.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    draw: Callable[[int], vega.Chart]
    table: Table
    sources: tuple[str, ...] = ("almanac",)
    method: str = ""
    note: str = field(default="")


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Cell]],
    *,
    most: int = 200,
) -> Table:
    """Make a table of at most `most` rows from plain text and cells."""
    made = tuple(
        tuple(cell if isinstance(cell, Cell) else _cell(cell) for cell in row)
        for row in rows[:most]
    )
    return Table(caption, tuple(columns), made, max(len(rows) - most, 0))


def _cell(text: str) -> Cell:
    return Cell(text, missing=text == "not known")


def layer_of(brief: Brief, name: str) -> LayerRecord | None:
    """Find the layer of a name; none if the brief has no such layer."""
    return next((layer for layer in brief.layers if layer.name == name), None)


def sources_of(brief: Brief, name: str) -> tuple[str, ...]:
    """Data sets that light a layer."""
    layer = layer_of(brief, name)
    return tuple(dict.fromkeys(feed.dataset for feed in layer.feeds)) if layer else ()
