"""Dyad-year, state-year and system-year tables with the columns researchers join."""

from __future__ import annotations

import warnings
from pathlib import Path

import msgspec
import polars as pl

from blocs.contracts import Answer, Evidence, View
from blocs.dates import Period
from blocs.errors import BadInput, DamagedCells
from blocs.evidence.holdings import original_files
from blocs.evidence.panel_tables import tables_at
from blocs.outlook.panel import build_panel, column_groups
from blocs.registry import COLUMNS
from blocs.views.formats import arrow, stata


class PanelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel holds; the rows themselves go to the file or to ``--csv``."""

    schema: str
    unit: str
    system: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    rows: int
    columns: tuple[str, ...]
    nulls: dict[str, int]
    sources: dict[str, str]
    citations: tuple[str, ...]
    notes: tuple[str, ...]


def panel(
    *,
    unit: str = "dyad-year",
    from_: int = 1816,
    to: int = 2014,
    with_: str = "",
    system: str = "cow",
    evidence: Evidence = Evidence(),
) -> pl.DataFrame:
    """Build a panel of states or dyads by year.

    Parameters
    ----------
    unit : str
        ``dyad-year``, ``directed-dyad-year``, ``state-year`` or ``system-year``.
    from_, to : int
        Years, both included.
    with_ : str
        Column groups, comma-separated: alliances, disputes, contiguity, power,
        majors, trade, igo, rivalry, democracy, gml-disputes, peace-years.
    system : str
        State system that says which rows exist: ``cow`` or ``gw``.
    evidence : Evidence
        Where the published tables are.

    Returns
    -------
    pl.DataFrame
        Column names are the publishers' own. Null means not covered. In a
        ``dyad-year`` panel an obligation or a dispute of either direction counts;
        ``system-year`` has for every column its sum and the number known, ``_n``.

    Examples
    --------
    >>> panel(unit="dyad-year", from_=1816, to=2014).height
    918315
    """
    return _panel(unit, from_, to, with_, system, evidence)[0]


def ask(
    *,
    unit: str = "dyad-year",
    from_: int = 1816,
    to: int = 2014,
    with_: str = "",
    system: str = "cow",
    evidence: Evidence = Evidence(),
) -> Answer:
    """Build a panel: one row per dyad, state or system and year, with published columns.

    A dyad-year exists if both states are members on at least one common day. Write
    it with -o panel.parquet, .csv, .arrow or .dta; null means "not covered", never zero.
    In a dyad-year panel an obligation of either state to the other counts; a
    directed-dyad-year panel has what the first state owes the second. A system-year
    panel has for every column its sum and the number known.

    Parameters
    ----------
    unit
        dyad-year, directed-dyad-year, state-year or system-year.
    from_
        First year.
    to
        Last year, included.
    with_
        alliances,disputes,contiguity,power,majors,trade,igo,rivalry,democracy,
        gml-disputes,peace-years
    system
        State system that says which rows exist: cow or gw.
    """
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", DamagedCells)
        table, facts = _panel(unit, from_, to, with_, system, evidence)
    for warning in heard:
        warnings.warn(warning.message, stacklevel=2)
    damage = tuple(str(w.message) for w in heard)
    facts = msgspec.structs.replace(facts, notes=(*facts.notes, *damage))
    text = (
        f"{facts.rows:,} {unit} rows, {from_}-{to}, {len(facts.columns)} columns: "
        f"{', '.join(facts.columns)}"
    )
    if told := [note for note in facts.notes if note not in damage]:
        text += "\n" + "\n".join(told)
    return Answer(
        facts=facts,
        text=text,
        table=table,
        formats={".arrow": arrow(table), ".dta": stata(table)},
    )


def _panel(
    unit: str, first: int, last: int, with_: str, system: str, evidence: Evidence
) -> tuple[pl.DataFrame, PanelFacts]:
    period = Period(first, last)
    names, peace = column_groups(with_.split(","))
    groups = {name: COLUMNS.get(name) for name in names}
    use = dict(word.split(":", 1) for word in evidence.use if ":" in word)
    found, notes = tables_at(_paths(evidence), groups, use=use) if groups else ({}, ())
    tables = {
        name: (group, group.read(found[name].file), found[name].release.until)
        for name, group in groups.items()
    }
    table = build_panel(unit, period, tables, system=system, peace=peace)
    facts = PanelFacts(
        schema="blocs.panel/1",
        unit=unit,
        system=system,
        first=first,
        last=last,
        rows=table.height,
        columns=tuple(table.columns),
        nulls={c: table[c].null_count() for c in table.columns if table[c].null_count()},
        sources={n: f"{f.dataset} {f.release.version} ({f.file.name})" for n, f in found.items()},
        citations=tuple(sorted({str(g.citation) for g in groups.values()})),
        notes=notes,
    )
    return table, facts


def _paths(evidence: Evidence) -> list[Path]:
    files = original_files(evidence.data, evidence.project)
    if not files:
        raise BadInput(
            "columns need published tables; name a file or folder with --data, or add data sets "
            "with `blocs data add ID PATH`"
        )
    return files


VIEW = View(
    ask=ask,
    examples=(
        "blocs panel --unit state-year --from 1816 --to 2016 -o states.csv",
        "blocs panel --unit directed-dyad-year --with alliances,disputes,power,majors,peace-years "
        "--data DATA -o panel.parquet",
    ),
    endings=(".arrow", ".dta"),
)
