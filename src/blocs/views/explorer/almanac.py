"""The almanac row by row, each with its citation, searched by what it says."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import polars as pl

from blocs.contracts import Answer
from blocs.evidence.almanac_facts import known_through
from blocs.views import wording
from blocs.views.answer_page import Page, Section, command_line, write_page
from blocs.views.answers import almanac
from blocs.views.charts.figure import Cell, table
from blocs.views.explorer.visit import Field, Screen, Visit, link

_PAGE = 100


def show(visit: Visit) -> Answer:
    """List the tables, or the rows of one that hold a text."""
    name = visit.text("table")
    if name is None:
        answer = almanac.show()
        return replace(answer, page=lambda: write_page(_shelves(answer.facts), visit))
    answer = almanac.show(name)
    if not isinstance(answer.facts, almanac.Rows) or answer.table is None:
        raise TypeError(f"almanac.show({name!r}) gave no rows")
    rows = _holding(answer.table, visit.text("q"))
    number, pages = visit.turned(rows.height, _PAGE)
    told = answer.facts
    if visit.text("q"):
        checked = int(rows["checked"].sum()) if "checked" in rows.columns else None
        told = msgspec.structs.replace(
            told, n=rows.height, checked=checked, rows=tuple(rows.to_dicts())
        )
    return Answer(
        facts=told,
        text=answer.text,
        table=rows,
        page=lambda: _rows_page(told, rows, visit, number, pages),
    )


def _holding(rows: pl.DataFrame, text: str | None) -> pl.DataFrame:
    if text is None:
        return rows
    folded = pl.concat_str(pl.all().cast(pl.String), separator="\n", ignore_nulls=True)
    return rows.filter(folded.str.to_lowercase().str.contains(text.lower(), literal=True))


def _shelves(found: object) -> Page:
    assert isinstance(found, almanac.Overview)
    rows = [
        (
            Cell(one.table, href=link("almanac", table=one.table)),
            wording.count(one.n),
            "" if one.checked is None else wording.count(one.checked),
        )
        for one in found.tables
    ]
    return Page(
        title="Almanac",
        question="What does blocs know by itself?",
        headline=f"The almanac, known through {wording.day(found.known_through)}",
        sentences=(
            "Each row was written with a citation; checked rows are confirmed by a data set or an "
            "article at hand.",
        ),
        sections=(
            Section("tables", "Tables", tables=(table("", ("Table", "#Rows", "#Checked"), rows),)),
        ),
        sources=(),
        command="blocs almanac show",
    )


def _rows_page(
    found: almanac.Rows, rows: pl.DataFrame, visit: Visit, number: int, pages: int
) -> str:
    here = rows.slice((number - 1) * _PAGE, _PAGE)
    columns = [c for c in rows.columns if rows[c].null_count() < rows.height or c == "row"]
    cells = [[Cell(_said(c)) for c in row] for row in here.select(columns).iter_rows()]
    said = {"table": found.table, "q": visit.text("q")}
    turns = visit.turns("rows", number, pages)
    holding = f" that say “{said['q']}”" if said["q"] else ""
    made = Page(
        title=f"Almanac: {found.table}",
        question="What does the almanac say, and on whose word?",
        headline=f"{wording.count(found.n)} rows of {found.table}{holding}",
        sentences=(
            f"Page {number} of {pages}. Known through {wording.day(known_through())}."
            + ("" if found.checked is None else f" {wording.count(found.checked)} checked."),
        ),
        sections=(
            Section(
                "rows",
                "Rows",
                tables=(table("", [c.replace("_", " ") for c in columns], cells),),
            ),
        ),
        sources=(),
        command=command_line("almanac", ["show", found.table], {}),
    )
    return write_page(made, replace(visit, links=(*visit.links, *turns)))


def _said(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


SCREEN = Screen(
    title="Almanac",
    show=show,
    fields=(
        Field("table", "Table", "treaties, memberships, wars"),
        Field("q", "That say", "any words of a row"),
        Field("page", "Page", "1"),
    ),
)
