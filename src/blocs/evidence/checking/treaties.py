"""Treaties and memberships against ATOP, by its number of the alliance.

ATOP dates an alliance from its signature, and 1 January as an end means that the
year before was the last.
"""

from __future__ import annotations

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.evidence.almanac_facts import OBLIGATIONS
from blocs.evidence.checking.comparison import (
    Against,
    Comparison,
    confirmed,
    covered_through,
    flags,
    last_year,
    parties,
    years_listed,
)


def treaties(facts: Facts) -> Comparison:
    """Compare years, obligations and members of the treaties that have an ATOP number."""
    against, last = Against("treaties", "atop"), covered_through(facts, "alliances")
    ours = almanac("treaties").filter(pl.col("atop").is_not_null())
    both = ours.join(_told(facts), left_on="atop", right_on="ref", how="left").with_columns(
        key="treaty", there=pl.col("begin").is_not_null()
    )
    found, owed = both.filter("there"), flags(OBLIGATIONS).list.join(" ")
    rows = [
        against.missing(both),
        against.differ(
            found,
            "signed",
            ours=pl.coalesce("signed_text", "start_text"),
            told=pl.col("begin"),
            agree=pl.coalesce("signed", "start").dt.year() == pl.col("begin"),
        ),
        against.differ(
            found, "end", ours=pl.col("end_text"), told=pl.col("until"), agree=_same_end(last)
        ),
        against.differ(
            found,
            "obligations",
            ours=owed,
            told=pl.col("obliged"),
            agree=owed == pl.col("obliged"),
        ),
        *_members(against, found, facts, last),
    ]
    return against.result(ours["treaty"], rows)


def memberships(facts: Facts) -> Comparison:
    """Compare the years of memberships that name an ATOP alliance as their witness."""
    against = Against("memberships", "atop")
    theirs = (
        facts.spells.filter(pl.col("kind") == "alliance")
        .group_by("ref", pl.col("sender").alias("actor"))
        .agg(
            begins=pl.col("start").dt.year().unique(),
            ends=last_year().drop_nulls().unique(),
        )
    )
    ours = (
        confirmed(almanac("memberships"), r"^atop:(\d+)/\d+(#start|#end)?$", ["ref", "mark"])
        .with_columns(key=pl.format("{}/{}/{}/{}", "group", "actor", "rank", "start_text"))
        .join(theirs, on=["ref", "actor"], how="left")
        .with_columns(there=pl.col("begins").is_not_null())
    )
    found = ours.filter("there")
    ended = (pl.col("mark") == "#end").fill_null(value=False)
    # A suspended state has left the alliance there and stays a member here.
    began = ~ended & (pl.col("rank") != "suspended")
    rows = [
        against.missing(ours),
        against.differ(
            found.filter(began),
            "start",
            ours=pl.col("start_text"),
            told=years_listed("begins"),
            agree=pl.col("begins").list.contains(pl.col("start").dt.year()),
        ),
        against.differ(
            found.filter(ended),
            "end",
            ours=pl.col("end_text"),
            told=years_listed("ends"),
            agree=pl.col("ends").list.contains(pl.col("end").dt.year())
            | pl.col("ends").list.contains(last_year()),
        ),
    ]
    return against.result(ours["key"], rows)


def _told(facts: Facts) -> pl.DataFrame:
    whole = facts.spells.filter(pl.col("kind") == "alliance_treaty")
    by_member = facts.spells.filter(pl.col("kind") == "alliance")
    ended = pl.col("end").is_not_null().all()
    return (
        (whole if whole.height else by_member)
        .group_by("ref")
        .agg(
            begin=pl.col("start").min().dt.year(),
            until=pl.when(ended).then(last_year().max()),
            obliged=pl.col("type").unique().sort().str.join(" "),
        )
    )


def _members(
    against: Against, treaties: pl.DataFrame, facts: Facts, last: int
) -> list[pl.DataFrame]:
    told = facts.spells.filter(pl.col("kind").is_in(["alliance", "alliance_treaty"]))
    theirs = parties(told).rename({"ref": "atop"})
    about = treaties.select("treaty", "atop", "begin", "key", "checked", "note")
    ours = almanac("treaty_members").select("treaty", "actor", entered="start")
    held = ours.join(about, on="treaty")
    early = held.filter(pl.col("entered").is_null() | (pl.col("entered").dt.year() <= last))
    extra = _states_then(early.join(theirs, on=["atop", "actor"], how="anti"))
    lacking = theirs.join(about, on="atop").join(held, on=["atop", "actor"], how="anti")
    return [
        against.told(extra, "member", ours=pl.col("actor")),
        against.told(lacking, "member", told=pl.col("actor")),
    ]


def _states_then(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep actors that COW counts as states when the alliance began: others it cannot list."""
    spells = (
        almanac("systems")
        .filter(pl.col("system") == "cow")
        .select("actor", since=pl.col("start").dt.year(), until=pl.col("end").dt.year())
    )
    lived = rows.join(spells, on="actor").filter(
        (pl.col("since") <= pl.col("begin"))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("begin")))
    )
    return rows.join(lived, on=["treaty", "actor"], how="semi")


def _same_end(last: int) -> pl.Expr:
    ours, theirs = pl.col("end").dt.year(), pl.col("until")
    open_there = ours.is_null() | (ours > last)
    rest = pl.col("end_text").str.slice(4)
    year_before = rest.is_in(["", "-01-01"]) & (theirs == ours - 1)
    return pl.when(theirs.is_null()).then(open_there).otherwise((ours == theirs) | year_before)
