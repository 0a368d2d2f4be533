"""Military presence: joint exercises, American troops abroad, American bases."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import MISSING, covered
from blocs.evidence.rows import Rows, longer, pairs, read_rows
from blocs.evidence.spreadsheet import is_xls, read_xls
from blocs.files import SourceFile

_FROM = ("s.year", "s.month", "s.day")
_TO = ("e.year", "e.month", "e.day")
_NULLS = (*MISSING, "xx", "XX", "xxxx")
_KEY = ("row", "start", "end", "ref", "type")


def read_multinational(file: SourceFile, source_id: str) -> Facts:
    """Read multinational exercises: one event per two participants, undirected.

    A day that is not known ("xx") widens the event to its month. Participants
    that are no states (NATO, Bermuda) are refused, the others stay.
    """
    places = [c.lower() for c in file.columns if c.startswith("State")]
    rows = read_rows(file, source_id, "mmeid", "series_name", *_FROM, *_TO, *places, nulls=_NULLS)
    dated = rows.integers(*_FROM, *_TO).days(_FROM, _TO)
    long = longer(dated.put(ref=pl.col("mmeid"), type=pl.col("series_name")), places, into="name")
    named = long.state("name", into="actor", system="name", on="start")
    return _exercises(named, covered("exercises", source_id, 1980, 2010))


def read_joint(file: SourceFile, source_id: str) -> Facts:
    """Read joint exercises (old Excel): participants by ISO code in any case.

    A line without date, which the sheet has at its end, is refused.
    """
    table = read_xls(file.path)
    places = [c for c in table.columns if c.startswith("State ")]
    rows = Rows(table, source_id, file.name).put(
        **{c: _known(c) for c in (*_FROM, *_TO, "Exercise Name", *places)}
    )
    dated = rows.integers(*_FROM, *_TO).days(_FROM, _TO)
    named = dated.put(ref=pl.col("Exercise Name"), type=pl.col("JME Type"))
    long = longer(named, places, into="code").put(code=pl.col("code").str.to_uppercase())
    return _exercises(long.state("code", into="actor", system="name", on="start"))


def read_deployed(file: SourceFile, source_id: str) -> Facts:
    """Read American troops by country and year: a flow from the USA, in persons.

    Numbers above 999 are no states but territories and are refused; troops in
    the United States themselves are left out.
    """
    rows = read_rows(file, source_id, "year", "ccode", "troops_ad").integers("year", "ccode")
    abroad = rows.numbers("troops_ad").years("year").keep(pl.col("ccode") != 2)
    return (
        abroad.state("ccode", into="receiver", on="start")
        .put(kind="troops", sender="USA", value=pl.col("troops_ad"), unit="persons")
        .facts("flows", covered("troops", source_id, 1950, 2024))
    )


def read_bases(file: SourceFile, source_id: str) -> Facts:
    """Read American spending on bases by place and year: a flow from the USA."""
    columns = ("ccode", "year", "spend_construction")
    rows = read_rows(file, source_id, *columns, "location", "countryname").integers("ccode", "year")
    placed = rows.numbers("spend_construction").require(
        pl.col("ccode").is_not_null(), rule="place is in a state", column="countryname"
    )
    abroad = placed.years("year").keep(pl.col("ccode") != 2)
    return (
        abroad.state("ccode", into="receiver", on="start")
        .put(
            kind="base_construction",
            sender="USA",
            value=pl.col("spend_construction"),
            unit="thousand current USD",
            ref=pl.col("location"),
        )
        .facts("flows")
    )


def _exercises(rows: Rows, *coverage: pl.DataFrame) -> Facts:
    return pairs(rows, _KEY).put(kind="exercise").facts("events", *coverage)


def _known(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.is_in(list(_NULLS))).then(text)


DATASET = Dataset(
    title="Military presence: joint exercises and American troops abroad",
    unit="exercise x participant; country-year",
    years="1950-2024 (exercises 1974-2010)",
    publisher="J. Bernhardt and L. Sukin; V. D'Orazio and K. Galambos; M. A. Allen, M. E. Flynn "
    "and C. M. Machain (R package troopdata)",
    page="https://github.com/meflynn/troopdata",
    licence="Package GPL 3 or later; cite the articles of each table",
    citation=Citation(
        "Bernhardt, J., Sukin, L. (2021). Joint Military Exercises and Crisis Dynamics on the "
        "Korean Peninsula. Journal of Conflict Resolution 65(5); Allen, M. A., Flynn, M. E., "
        "Machain, C. M. (2022). US Global Military Deployments, 1950-2020. Conflict Management "
        "and Peace Science 39(3)"
    ),
    releases=(
        Release(
            part="joint",
            version="3",
            columns=frozenset(),
            shape=is_xls,
            read=read_joint,
            until=2010,
        ),
        Release(
            part="multinational",
            version="7",
            columns=frozenset({"mmeid", "series_name", "statea", "stateb", *_FROM, *_TO}),
            read=read_multinational,
            until=2010,
        ),
        Release(
            part="deployed",
            version="2024",
            columns=frozenset({"countryname", "year", "ccode", "troops_ad"}),
            read=read_deployed,
            until=2024,
        ),
        Release(
            part="bases",
            version="2019",
            columns=frozenset({"countryname", "ccode", "year", "location", "spend_construction"}),
            read=read_bases,
            until=2019,
        ),
    ),
)
