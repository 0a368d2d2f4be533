"""Contiguity, colonial contiguity and territorial change of the Correlates of War."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import MISSING, covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_KINDS = {1: "land", 2: "12 miles", 3: "24 miles", 4: "150 miles", 5: "400 miles"}
_LAST_MONTH = 201612


def read_spells(file: SourceFile, source_id: str) -> Facts:
    """Read spells of direct contiguity; one that lasts to December 2016 is open.

    The type is "land" or the most water between the two, the value the
    publisher's code 1 (land) to 5. A pair is told once, the lower number first.
    """
    rows = read_rows(file, source_id, "statelno", "statehno", "conttype", "begin", "end").integers(
        "statelno", "statehno", "conttype", "begin", "end"
    )
    months = rows.put(
        year_1=pl.col("begin") // 100,
        month_1=pl.col("begin") % 100,
        year_2=pl.when(pl.col("end") < _LAST_MONTH).then(pl.col("end") // 100),
        month_2=pl.col("end") % 100,
    ).days(("year_1", "month_1", None), ("year_2", "month_2", None))
    coverage = covered("contiguity", source_id, 1816, 2016)
    pairs = months.dyad("statelno", "statehno")
    return _typed(pairs, "contiguity").facts("spells", coverage)


def read_years(file: SourceFile, source_id: str) -> Facts:
    """Read directed dyad-years of direct contiguity, kind ``contiguity_year``."""
    columns = ("state1no", "state2no", "year", "conttype")
    rows = read_rows(file, source_id, *columns).integers(*columns).years("year")
    coverage = covered("contiguity_years", source_id, 1816, 2016)
    pairs = rows.dyad("state1no", "state2no")
    return _typed(pairs, "contiguity_year").facts("spells", coverage)


def read_colonial(file: SourceFile, source_id: str) -> Facts:
    """Read dyad-years that touch through dependencies; the value counts the contacts."""
    columns = ("statelno", "statehno", "year", "total")
    rows = read_rows(file, source_id, *columns).integers(*columns).years("year")
    return (
        rows.dyad("statelno", "statehno")
        .put(kind="colonial_contiguity", value=pl.col("total").cast(pl.Float64), unit="contacts")
        .facts("spells", covered("colonial_contiguity", source_id, 1816, 2016))
    )


def read_changes(file: SourceFile, source_id: str) -> Facts:
    """Read territorial changes: from the loser, if a state lost, to the gainer.

    A gainer or loser outside the state system is left null, as the codebook's
    "type" columns say; the value is the area.
    """
    columns = ("year", "month", "gainer", "gaintype", "loser", "losetype", "area")
    rows = read_rows(file, source_id, *columns, "number", nulls=(*MISSING, "."))
    state = {"gainer": "gaintype", "loser": "losetype"}
    dated = (
        rows.integers(*columns[:-1])
        .numbers("area")
        .put(**{who: pl.when(pl.col(kind) == 1).then(pl.col(who)) for who, kind in state.items()})
        .days(("year", "month", None), ("year", "month", None))
    )
    return (
        dated.state("loser", into="sender", on="start", needed=False)
        .state("gainer", into="receiver", on="start", needed=False)
        .put(kind="territory", value=pl.col("area"), unit="km2", ref=pl.col("number"))
        .put(ref=pl.col("number").cast(pl.String))
        .facts("events")
    )


def _typed(rows: Rows, kind: str) -> Rows:
    code = pl.col("conttype")
    checked = rows.require(code.is_in(list(_KINDS)), rule="contact is 1 to 5", column="conttype")
    return checked.put(
        kind=kind,
        type=code.replace_strict(_KINDS, default=None, return_dtype=pl.String),
        value=code.cast(pl.Float64),
        unit="1 land - 5 sea",
    )


DATASET = Dataset(
    title="Direct contiguity, colonial contiguity and territorial change",
    unit="dyad spell; dyad-year; change of territory",
    years="1816-2016",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/direct-contiguity/",
    licence="Free for academic use with citation",
    standing=("contiguity", "colonial_contiguity", "territory"),
    citation=Citation(
        "Stinnett, D. M., Tir, J., Schafer, P., Diehl, P. F., Gochman, C. (2002). The Correlates "
        "of War Project Direct Contiguity Data, Version 3. Conflict Management and Peace Science "
        "19(2): 58-66"
    ),
    releases=(
        Release(
            part="spells",
            version="3.2",
            columns=frozenset({"statelno", "statehno", "conttype", "begin", "end"}),
            read=read_spells,
            until=2016,
        ),
        Release(
            part="years",
            version="3.2",
            columns=frozenset({"state1no", "state2no", "year", "conttype"}),
            read=read_years,
            until=2016,
        ),
        Release(
            part="colonial",
            version="3.1",
            columns=frozenset({"statelno", "statehno", "year", "land", "sea", "total"}),
            read=read_colonial,
            until=2016,
        ),
        Release(
            part="changes",
            version="6",
            columns=frozenset({"gainer", "gaintype", "loser", "losetype", "area", "number"}),
            read=read_changes,
            until=2018,
        ),
    ),
    downloads=(
        Download(
            url="https://correlatesofwar.org/wp-content/uploads/DirectContiguity320.zip",
            file="DirectContiguity320.zip",
        ),
    ),
)
