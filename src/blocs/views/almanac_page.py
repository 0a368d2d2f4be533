"""The almanac as one page: every row with its citation, to read and search offline.

The page holds its styles and its one small script; its Content-Security-Policy
allows those two by their checksum and nothing else, so that it asks no network.
Without the script every row is still there; only the search is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from blocs.almanac import tables
from blocs.evidence.almanac_facts import known_through
from blocs.views.templating import environment, inlined

_ABOUT: Final = ("row", "source", "citation", "url", "checked", "confirmed_by", "note", "quote")
_PARENTS: Final = {"treaty_members": ("treaties", "treaty"), "war_sides": ("wars", "war")}
_WORKS: Final = {"names_cldr": "cldr"}
_LARGE: Final = 400
_MOST: Final = 8  # columns that leave the citation room on a laptop's screen


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the page shows it; ``checked`` null = its table carries no such mark."""

    number: int
    cells: tuple[str, ...]
    source: str
    citation: str
    url: str
    checked: bool | None
    confirmed_by: str
    note: str
    quote: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One table as the page shows it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    checked: int | None
    folded: bool


def names() -> list[str]:
    """Names of the almanac's tables, sorted."""
    return sorted(path.stem for path in (tables.folder() / "facts").glob("*.csv"))


def cited(name: str) -> pl.DataFrame:
    """Rows of a table as written (partial dates as text), each with its citation.

    Parameters
    ----------
    name : str
        Table of the almanac.

    Returns
    -------
    pl.DataFrame
        The columns of the file, then ``citation`` and ``url`` of the work that
        ``source`` names. A row of a treaty's member or a war's side is cited as
        its treaty or war; a source that is no key of a work stands for itself.
    """
    rows = tables.facts(name)
    written = [c for c in rows.columns if c.endswith("_text") and c[:-5] in rows.columns]
    rows = rows.with_columns(pl.col(c).alias(c[:-5]) for c in written).drop(written)
    if name.startswith("citations_"):
        return rows
    if name in _PARENTS:
        parent, key = _PARENTS[name]
        above = tables.facts(parent).select(key, "source")
        rows = rows.join(above, on=key, how="left", maintain_order="left")
    elif name in _WORKS:
        rows = rows.with_columns(source=pl.lit(_WORKS[name]))
    cited_by = rows.join(
        _works(), left_on="source", right_on="key", how="left", maintain_order="left"
    )
    return cited_by.with_columns(citation=pl.coalesce("citation", "source"))


def page(wanted: Sequence[str]) -> str:
    """Write tables of the almanac as one HTML page.

    Parameters
    ----------
    wanted : sequence of str
        Names of tables, in the order shown.

    Returns
    -------
    str
        A complete document: no request to any network.
    """
    css, css_digest = inlined("almanac.css")
    script, script_digest = inlined("almanac.js")
    shelves = [_shelf(name, alone=len(wanted) == 1) for name in wanted]
    return (
        environment()
        .get_template("almanac.html")
        .render(
            shelves=shelves,
            n=sum(len(shelf.rows) for shelf in shelves),
            known_through=known_through(),
            licence=tables.about()["almanac"]["licence"],
            css=css,
            css_digest=css_digest,
            script=script,
            script_digest=script_digest,
        )
    )


def _works() -> pl.DataFrame:
    listed = [n for n in names() if n.startswith("citations_")]
    wanted = ["key", "citation", "url"]
    return pl.concat([tables.facts(n).select(wanted) for n in listed]).unique("key", keep="first")


def _shelf(name: str, *, alone: bool) -> Shelf:
    table = cited(name)
    about = () if name.startswith("citations_") else _ABOUT
    told = [c for c in table.columns if c not in {*about, "row"}]
    flags = [c for c in told if table.schema[c] == pl.Boolean]
    columns = [c for c in told if c not in flags and table[c].null_count() < table.height]
    if flags:
        # Six columns of yes and nothing are one column that names them.
        named = [pl.when(pl.col(c)).then(pl.lit(c)) for c in flags]
        table = table.with_columns(kinds=pl.concat_str(named, separator=", ", ignore_nulls=True))
        columns.append("kinds")
    if len(columns) > _MOST:
        shown, rest = columns[: _MOST - 1], columns[_MOST - 1 :]
        parts = [pl.format(f"{c.replace('_', ' ')}: {{}}", pl.col(c)) for c in rest]
        more = pl.concat_str(parts, separator="; ", ignore_nulls=True)
        table, columns = table.with_columns(more=more), [*shown, "more"]
    rows = tuple(_row(row, columns) for row in table.iter_rows(named=True))
    checked = int(table["checked"].sum()) if "checked" in table.columns else None
    title = name.replace("_", " ").capitalize()
    return Shelf(
        name, title, tuple(columns), rows, checked, folded=not alone and len(rows) > _LARGE
    )


def _row(row: dict[str, object], columns: Sequence[str]) -> Row:
    checked = row.get("checked")
    return Row(
        number=int(str(row["row"])),
        cells=tuple(_text(row[c]) for c in columns),
        source=_text(row.get("source")),
        citation=_text(row.get("citation")),
        url=_link(_text(row.get("url"))),
        checked=checked if isinstance(checked, bool) else None,
        confirmed_by=_text(row.get("confirmed_by")),
        note=_text(row.get("note")),
        quote=_text(row.get("quote")),
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _link(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
