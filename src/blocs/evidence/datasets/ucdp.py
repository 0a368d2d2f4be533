"""Armed conflicts since 1946 (UCDP/PRIO): who fought, and who joined them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_SIDES = ("gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd")
_TYPES = {"1": "extrasystemic", "2": "interstate", "3": "intrastate", "4": "II"}
_ONSETS = ("sumnewconf", "sumonset1", "sumonset2", "sumonset3", "sumonset5", "sumonset10")


def read_conflicts(file: SourceFile, source_id: str) -> Facts:
    """Read conflict-years: sides by Gleditsch-Ward code, several codes by comma or by row.

    Gives kind ``conflict``, one event per conflict, year and pair of warring
    parties (the receiver is null where side B is no state), with the intensity
    (1 minor, 2 war) as value; and kind ``conflict_support``, one event per state
    that sent troops to a side, towards that side (null: a group).
    """
    rows = read_rows(
        file, source_id, "conflict_id", "year", "intensity_level", "type_of_conflict", *_SIDES
    ).integers("year", "intensity_level")
    for side in _SIDES:
        cells = rows.frame.with_columns(pl.col(side).str.split(",")).explode(side)
        rows = replace(rows, frame=cells.with_columns(pl.col(side).str.strip_chars()))
    told = rows.put(type=pl.col("type_of_conflict").replace(_TYPES)).years("year")
    fought = _acts(told, "gwno_a", "gwno_b", "conflict")
    joined_a = _acts(told, "gwno_a_2nd", "gwno_a", "conflict_support")
    joined_b = _acts(told, "gwno_b_2nd", "gwno_b", "conflict_support")
    refused = (*fought.rejects, *joined_a.rejects, *joined_b.rejects)
    every = pl.concat([fought.frame, joined_a.frame, joined_b.frame], how="diagonal")
    acts = replace(told, frame=every.sort("row", "part"), rejects=(*told.rejects, *refused))
    return acts.put(
        ref=pl.col("conflict_id"),
        value=pl.col("intensity_level").cast(pl.Float64),
        unit="intensity 1-2",
    ).facts("events", covered("conflicts", source_id, 1946, 2024))


def read_onsets(file: SourceFile, source_id: str) -> Facts:
    """Read state-years: the number of conflicts that began."""
    return (
        read_rows(file, source_id, "gwcode", "year", *_ONSETS)
        .integers("gwcode", "year", *_ONSETS)
        .years("year")
        .state("gwcode", into="actor", system="gw", on="start")
        .attributes(dict.fromkeys(_ONSETS, "conflicts"))
    )


def _acts(rows: Rows, sender: str, receiver: str, kind: str) -> Rows:
    key = ["conflict_id", "year", sender, receiver]
    once = replace(rows, rejects=()).keep(pl.struct(key).is_first_distinct())
    return (
        once.keep(pl.col(sender).is_not_null())
        .state(sender, into="sender", system="gw", on="start")
        .state(receiver, into="receiver", system="gw", on="start", needed=False)
        .put(kind=kind)
        .put(part=pl.format("{}/{}", pl.lit(sender), "sender") + _named("receiver"))
    )


def _named(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_null()).then(pl.lit("")).otherwise("-" + pl.col(column))


DATASET = Dataset(
    title="UCDP/PRIO Armed Conflict Dataset",
    unit="conflict-year x side; state-year",
    years="1946-2024",
    publisher="Uppsala Conflict Data Program",
    page="https://ucdp.uu.se/downloads/",
    licence="CC BY 4.0",
    citation=Citation(
        "Gleditsch, N. P., Wallensteen, P., Eriksson, M., Sollenberg, M., Strand, H. (2002). "
        "Armed Conflict 1946-2001: A New Dataset. Journal of Peace Research 39(5): 615-637",
        "10.1177/0022343302039005007",
    ),
    releases=(
        Release(
            part="conflicts",
            version="2026-peacesciencer",
            columns=frozenset({"conflict_id", "year", "intensity_level", *_SIDES}),
            read=read_conflicts,
            until=2024,
        ),
        Release(
            part="onsets",
            version="19.1",
            columns=frozenset({"gwcode", "year", *_ONSETS}),
            read=read_onsets,
            until=2017,
        ),
    ),
    downloads=(
        Download(
            url="https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip",
            file="ucdp-prio-acd-251-csv.zip",
        ),
    ),
)
