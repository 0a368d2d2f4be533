"""Sanctions against the cases of the Global Sanctions Data Base."""

from __future__ import annotations

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.evidence.checking.comparison import (
    Against,
    Comparison,
    covered_through,
    flags,
    last_year,
)

_KINDS = ("trade", "arms", "military", "financial", "travel", "other")


def sanctions(facts: Facts) -> Comparison:
    """Compare years and kinds of the regimes that name GSDB cases.

    A group stands there for its members. Bodies whose members are not known, such
    as the United Nations, have no facts there and are not compared.
    """
    against, last = Against("sanctions", "gsdb"), covered_through(facts, "sanctions")
    ours = almanac("sanctions").filter(pl.col("gsdb").is_not_null())
    both = ours.join(_told(ours, facts, last), on="regime", how="left").with_columns(
        key="regime", there=pl.col("begin").is_not_null()
    )
    both = both.filter(pl.col("there") | ~(_group("sender") | _group("target")))
    found, imposed = both.filter("there"), flags(_KINDS)
    until = last_year().fill_null(last).clip(None, last)
    rows = [
        against.missing(both),
        against.differ(
            found,
            "start",
            ours=pl.col("start_text"),
            told=pl.col("begin"),
            agree=pl.col("start").dt.year() == pl.col("begin"),
        ),
        against.differ(
            found,
            "end",
            ours=pl.col("end_text"),
            told=pl.col("until"),
            agree=until == pl.col("until"),
        ),
        against.differ(
            found,
            "kinds",
            ours=imposed.list.join(" "),
            told=pl.col("kinds").list.join(" "),
            agree=imposed.list.set_difference(pl.col("kinds")).list.len() == 0,
        ),
    ]
    return against.result(both["key"], rows)


def _told(ours: pl.DataFrame, facts: Facts, last: int) -> pl.DataFrame:
    told = facts.spells.filter(pl.col("kind") == "sanction").select(
        "ref", "type", by="sender", on="receiver", told_from="start", told_to="end"
    )
    cases = ours.select("regime", "sender", "target", ref=pl.col("gsdb").str.split("|"))
    meant = (
        cases.explode("ref")
        .join(told, on="ref")
        .filter(
            (_group("sender") | (pl.col("sender") == pl.col("by")))
            & (_group("target") | (pl.col("target") == pl.col("on")))
        )
    )
    return meant.group_by("regime").agg(
        begin=pl.col("told_from").min().dt.year(),
        until=last_year("told_to").fill_null(last).clip(None, last).max(),
        kinds=pl.col("type").unique().sort(),
    )


def _group(column: str) -> pl.Expr:
    return pl.col(column).str.starts_with("group:")
