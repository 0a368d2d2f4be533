"""Wars of the Correlates of War: between states, beyond, within and without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import MISSING, covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_NULLS = (*MISSING, "-8", "-7")
_DATES = ("month", "day", "year")
_SHORT = ("mo", "dy", "yr")


def read_interstate(file: SourceFile, source_id: str) -> Facts:
    """Read inter-state wars: one row per war and participant, up to two spells each.

    Gives kind ``war``, one event each way per pair of opponents and common
    spell, and kind ``war_part``, one event per participant and spell, with the
    side as type and its battle deaths as value.
    """
    columns = _date_columns(_DATES, 2)
    rows = read_rows(file, source_id, "warnum", "ccode", "side", "batdeath", *columns, nulls=_NULLS)
    spells = _spells(rows.integers("ccode", "batdeath", *columns), _DATES, 2)
    parts = spells.state("ccode", into="sender", on="start").put(
        ref=pl.col("warnum"), part=pl.format("part{}", "turn")
    )
    told = parts.put(
        kind="war_part",
        type=pl.format("side {}", "side"),
        value=pl.col("batdeath").cast(pl.Float64),
        unit="battle deaths",
    )
    other = parts.frame.select(
        "ref", "side", "start", "end", receiver="sender", place=pl.format("{}/{}", "row", "turn")
    )
    fought = (
        parts.frame.join(other, on="ref", suffix="_other")
        .filter((pl.col("side") != pl.col("side_other")) & (pl.col("sender") != pl.col("receiver")))
        .with_columns(
            start=pl.max_horizontal("start", "start_other"),
            end=pl.min_horizontal("end", "end_other"),
            part=pl.format("{}/{}", "turn", "place"),
        )
        .filter(pl.col("end").is_null() | (pl.col("start") < pl.col("end")))
    )
    wars = replace(parts, frame=fought).put(kind="war", type="interstate")
    keep = ["row", "part", "kind", "type", "sender", "receiver", "start", "end", "ref"]
    both = pl.concat([told.frame, wars.frame.select(keep)], how="diagonal")
    ordered = both.sort("row", "kind", "part", "receiver")
    coverage = covered("wars", source_id, 1816, 2007)
    return replace(told, frame=ordered).facts("events", coverage)


def read_revised(file: SourceFile, source_id: str) -> Facts:
    """Read the revised list of who began against whom: one row per war, pair and year."""
    begun, ended = ("year", "month_entry", "day_entry"), ("year", "month_exit", "day_exit")
    columns = ("init_ccode", "target_ccode", *begun, *ended[1:])
    rows = read_rows(file, source_id, "init_war_id", *columns, nulls=_NULLS).integers(*columns)
    return (
        rows.days(begun, ended)
        .dyad("init_ccode", "target_ccode")
        .put(kind="war_begun", type="interstate", ref=pl.col("init_war_id"))
        .facts("events")
    )


def read_extrastate(file: SourceFile, source_id: str) -> Facts:
    """Read wars of states against others beyond their borders, kind ``war_extrastate``.

    The sender is the state that took part; the type says on which side.
    """
    columns = _date_columns(_DATES, 2)
    rows = read_rows(file, source_id, "warnum", "ccode1", "ccode2", *columns, nulls=_NULLS)
    coded = rows.put(
        type=pl.when(pl.col("ccode1").is_not_null())
        .then(pl.lit("side A"))
        .otherwise(pl.lit("side B")),
        ccode=pl.coalesce("ccode1", "ccode2"),
    )
    spells = _spells(coded.integers("ccode", *columns), _DATES, 2)
    return _one_sided(spells.state("ccode", into="sender", on="start"), "war_extrastate")


def read_intrastate(file: SourceFile, source_id: str) -> Facts:
    """Read wars within states, kind ``war_intrastate``; no state on side A leaves it null."""
    columns = _date_columns(_SHORT, 4)
    rows = read_rows(file, source_id, "warnum", "ccodea", "sideb", *columns, nulls=_NULLS)
    spells = _spells(rows.integers("ccodea", *columns), _SHORT, 4).put(type=pl.col("sideb"))
    named = spells.state("ccodea", into="sender", on="start", needed=False)
    return _one_sided(named, "war_intrastate")


def read_nonstate(file: SourceFile, source_id: str) -> Facts:
    """Read wars without states, kind ``war_nonstate``; the type is the war's name."""
    begun, ended = ("startyear", "startmonth", "startday"), ("endyear", "endmonth", "endday")
    rows = read_rows(file, source_id, "warnum", "warname", *begun, *ended, nulls=_NULLS)
    dated = rows.integers(*begun, *ended).days(begun, ended)
    unnamed = dated.put(sender=pl.lit(None, dtype=pl.String), type=pl.col("warname"))
    return _one_sided(unnamed.put(turn=1), "war_nonstate")


def _one_sided(rows: Rows, kind: str) -> Facts:
    return rows.put(kind=kind, ref=pl.col("warnum"), part=pl.col("turn")).facts("events")


def _date_columns(units: Sequence[str], turns: int) -> tuple[str, ...]:
    return tuple(
        f"{edge}{unit}{turn}"
        for turn in range(1, turns + 1)
        for edge in ("start", "end")
        for unit in units
    )


def _spells(rows: Rows, units: Sequence[str], turns: int) -> Rows:
    """Give one row per spell of fighting; a spell that was never is left out."""
    month, day, year = units
    made: list[Rows] = []
    for turn in range(1, turns + 1):
        there = pl.col(f"start{year}{turn}").is_not_null() | pl.lit(turn == 1)
        first, last = (
            (f"{edge}{year}{turn}", f"{edge}{month}{turn}", f"{edge}{day}{turn}")
            for edge in ("start", "end")
        )
        made.append(replace(rows, rejects=()).keep(there).days(first, last).put(turn=turn))
    frame = pl.concat([m.frame for m in made]).sort("row", "turn")
    refused = tuple(reject for m in made for reject in m.rejects)
    return replace(rows, frame=frame, rejects=(*rows.rejects, *refused))


DATASET = Dataset(
    title="Correlates of War wars",
    unit="war x participant",
    years="1816-2014 (inter-state to 2007)",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/cow-war/",
    licence="Free for academic use with citation",
    standing=("war_part",),
    citation=Citation(
        "Sarkees, M. R., Wayman, F. (2010). Resort to War: 1816-2007. CQ Press; Dixon, J., "
        "Sarkees, M. R. (2016). A Guide to Intra-State Wars. CQ Press"
    ),
    releases=(
        Release(
            part="interstate",
            version="4.0",
            columns=frozenset({"warnum", "ccode", "statename", "side", "startyear1", "batdeath"}),
            read=read_interstate,
            until=2007,
        ),
        Release(
            part="begun",
            version="revised",
            columns=frozenset({"init_war_id", "init_ccode", "target_ccode", "annual_outcome"}),
            read=read_revised,
            until=2007,
        ),
        Release(
            part="extrastate",
            version="4.0",
            columns=frozenset({"warnum", "ccode1", "sidea", "ccode2", "sideb", "nonstatedeaths"}),
            read=read_extrastate,
            until=2007,
        ),
        Release(
            part="intrastate",
            version="5.1",
            columns=frozenset({"warnum", "v5regionnum", "ccodea", "sidea", "sideb", "startyr1"}),
            read=read_intrastate,
            until=2014,
        ),
        Release(
            part="nonstate",
            version="4.0",
            columns=frozenset({"warnum", "sidea1", "sideb1", "sideadeaths", "startyear"}),
            read=read_nonstate,
            until=2007,
        ),
    ),
    downloads=(
        Download(
            url="https://correlatesofwar.org/wp-content/uploads/Inter-StateWarData_v4.0.csv",
            file="Inter-StateWarData_v4.0.csv",
        ),
    ),
)
