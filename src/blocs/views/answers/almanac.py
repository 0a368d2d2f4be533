"""The almanac inside blocs: its rows, what contradicts them, its figures anew."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs.almanac import tables
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput, MissingData, UnknownName
from blocs.evidence.almanac_check import check_almanac, comparable, evidence_to_compare
from blocs.evidence.almanac_facts import known_through
from blocs.registry import DATASETS, nearest
from blocs.ties.figures import Written, compute_figures, write_figures
from blocs.views.almanac_page import cited, names, page
from blocs.views.progress import progress

_SHOWN = 60
_LONG = {"row", "note", "source", "confirmed_by", "citation", "url", "quote"}


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One table against one data set: rows compared, rows that agree."""

    table: str
    dataset: str
    compared: int
    agreed: int


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """What the almanac says and what a data set told; null = nothing."""

    table: str
    key: str
    column: str
    almanac: str | None
    dataset: str
    told: str | None
    checked: bool | None
    explanation: str | None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``almanac check``."""

    schema: str = "blocs.almanac.check/1"
    comparisons: tuple[Compared, ...]
    disagreements: tuple[Disagreement, ...]
    not_compared: tuple[str, ...]


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``almanac show TABLE``."""

    schema: str = "blocs.almanac.show/1"
    table: str
    known_through: str
    n: int
    checked: int | None
    rows: tuple[dict[str, object], ...]


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One table of the almanac; ``checked`` null = its rows carry no such mark."""

    table: str
    n: int
    checked: int | None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``almanac show``."""

    schema: str = "blocs.almanac.tables/1"
    known_through: str
    tables: tuple[Shelf, ...]
    figures: dict[str, dict[str, object]]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file a figure was computed from."""

    dataset: str
    version: str
    file: str
    sha256: str
    rows: int


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """One figure as it was written."""

    figure: str
    file: str
    sha256: str
    changed: bool
    rows: int
    first: str
    last: str
    inputs: tuple[Source, ...]


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``almanac build``."""

    schema: str = "blocs.almanac.build/1"
    figures: tuple[Made, ...]


def check(*, evidence: Evidence = Evidence()) -> Answer:
    """List where the almanac and the data sets at hand disagree, with the reason.

    States are compared with COW, treaties and memberships with ATOP, wars with COW,
    MIDs and UCDP, sanctions with GSDB, weapons given with SIPRI.
    """
    with progress() as step:
        step("reading the data sets")
        found = check_almanac(evidence_to_compare(evidence))
    if not found:
        raise MissingData(
            "the files at hand hold nothing that rows of the almanac name; `blocs data list` "
            "tells what each data set holds"
        )
    rows = pl.concat([one.disagreements for one in found])
    compared = tuple(
        Compared(table=c.table, dataset=c.dataset, compared=c.compared, agreed=c.agreed)
        for c in found
    )
    absent = tuple(d for d in comparable() if d not in {c.dataset for c in found})
    facts = Check(
        comparisons=compared,
        disagreements=tuple(Disagreement(**row) for row in rows.to_dicts()),
        not_compared=absent,
    )
    lines = [
        Text(f"{c.table} v {c.dataset}: {c.agreed:,} of {c.compared:,} rows agree")
        for c in compared
    ]
    listed = [line for d in facts.disagreements[:_SHOWN] for line in _disagreement_lines(d)]
    listed = listed or [Text("No disagreement.")]
    ends = [Text(f"{rows.height - _SHOWN} more; --csv lists all")] if rows.height > _SHOWN else []
    ends += [Text(f"Not compared, for want of data: {', '.join(absent)}", "dim")] if absent else []
    return Answer(facts=facts, text=Group(*lines, *listed, *ends), table=rows)


def _disagreement_lines(found: Disagreement) -> tuple[Text, Text]:
    """Say who says what, and why, in two lines: the reasons are too long for a column."""
    mark = "" if found.checked else " (unchecked)"
    row = f"{found.table} {found.key}{mark}, {found.column}: "
    said = f"almanac {found.almanac or '-'}, {found.dataset} {found.told or '-'}"
    return Text(row + said, style="bold"), Text(f"  {found.explanation or 'not explained'}")


def show(table: str | None = None, /) -> Answer:
    """Show the rows of one table with their citations, or list the tables.

    With -o almanac.html every row is on one page, to read and search offline.

    Parameters
    ----------
    table
        Name of a table: treaties, wars, memberships, support ...
    """
    if table is None:
        return _overview()
    key = table.strip().lower().replace("-", "_")
    if key not in names():
        raise UnknownName(
            "almanac table", table, nearest(key, names()), f"Known: {', '.join(names())}."
        )
    rows = cited(key)
    checked = int(rows["checked"].sum()) if "checked" in rows.columns else None
    facts = Rows(
        table=key,
        known_through=known_through(),
        n=rows.height,
        checked=checked,
        rows=tuple(rows.to_dicts()),
    )
    columns = [c for c in rows.columns if c not in _LONG and rows[c].null_count() < rows.height]
    listed = Table(*columns)
    for row in rows.select(columns).head(_SHOWN).iter_rows():
        listed.add_row(*(Text(_cell(cell)) for cell in row))
    more = rows.height - _SHOWN
    told = f"{key}: {rows.height:,} rows" + (
        f", {checked:,} checked against a source at hand" if checked is not None else ""
    )
    ends = [Text(f"{more:,} more rows; --csv gives all, with citations", "dim")] if more > 0 else []
    return Answer(
        facts=facts,
        text=Group(Text(told, "bold"), listed, *ends),
        table=rows,
        page=lambda: page([key]),
    )


def build(*, into: Path | None = None, evidence: Evidence = Evidence()) -> Answer:
    """Compute the figures of the almanac anew from UN votes and ATOP.

    Name the data with --data: UN votes give dyad_votes and issue_votes, ATOP's
    dyad-years give treaty_gaps. The same input gives the same bytes.

    Parameters
    ----------
    into
        Folder to write into; the installed almanac by default.
    """
    if not evidence.data:
        raise BadInput("name the data to compute from: --data PATH-TO-UN-VOTES")
    gone = [word for word in evidence.data if not Path(word).exists()]
    if gone:
        raise BadInput(f"{gone[0]}: no such file or folder; check the path")
    with progress() as step:
        figures = compute_figures([Path(word) for word in evidence.data], step=step)
        step("writing")
        written = write_figures(figures, into)
    made = tuple(map(_made, written))
    lines = [line for one in made for line in _told(one)]
    flat = [
        {"figure": m.figure, "figure_sha256": m.sha256, **msgspec.structs.asdict(i)}
        for m in made
        for i in m.inputs
    ]
    return Answer(facts=Build(figures=made), text=Group(*lines), table=pl.DataFrame(flat))


def _overview() -> Answer:
    shelves = tuple(_shelf(name) for name in names())
    facts = Overview(known_through=known_through(), tables=shelves, figures=tables.figure_inputs())
    listed = Table("table", "rows", "checked")
    for one in shelves:
        mark = "" if one.checked is None else f"{one.checked:,}"
        listed.add_row(one.table, f"{one.n:,}", mark)
    lines = [
        Text(f"figure {name}: {about['first']} to {about['last']}, {about['rows']:,} rows")
        for name, about in facts.figures.items()
    ]
    head = Text(f"The almanac, known through {facts.known_through}", "bold")
    rows = pl.DataFrame([msgspec.structs.asdict(one) for one in shelves])
    text = Group(head, listed, *lines)
    return Answer(facts=facts, text=text, table=rows, page=lambda: page(names()))


def _shelf(name: str) -> Shelf:
    rows = tables.facts(name)
    checked = int(rows["checked"].sum()) if "checked" in rows.columns else None
    return Shelf(table=name, n=rows.height, checked=checked)


def _made(written: Written) -> Made:
    figure = written.figure
    return Made(
        figure=figure.name,
        file=str(written.path),
        sha256=written.sha256,
        changed=written.changed,
        rows=figure.table.height,
        first=str(figure.first),
        last=str(figure.last),
        inputs=tuple(
            Source(dataset=i.dataset, version=i.version, file=i.file, sha256=i.sha256, rows=i.rows)
            for i in figure.inputs
        ),
    )


def _told(made: Made) -> list[Text]:
    same = "" if made.changed else " (the same bytes as before)"
    head = f"{made.figure}: {made.rows:,} rows, {made.first} to {made.last}, in {made.file}{same}"
    names = {i.dataset for i in made.inputs}
    cite = [f"  cite {DATASETS.get(name).citation}" for name in sorted(names)]
    used = [f"  from {i.file}, SHA-256 {i.sha256}" for i in made.inputs]
    return [Text(head, "bold"), *map(Text, used), *(Text(line, "dim") for line in cite)]


def _cell(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else ""
    return "" if cell is None else str(cell)


VIEW = View(
    verbs={"check": check, "show": show, "build": build},
    examples=(
        "blocs almanac show",
        "blocs almanac show treaties --csv",
        "blocs almanac show -o almanac.html",
        "blocs almanac check --data atop4_01m.csv",
        "blocs almanac build --data UNVotes.csv --into figures",
    ),
)
