"""Wars against the Correlates of War, its disputes, and UCDP."""

from __future__ import annotations

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.evidence.checking.comparison import (
    Against,
    Comparison,
    confirmed,
    covered_through,
    last_year,
    parties,
    years_listed,
)

_ACTOR = pl.col("actor")
_FORCE = 4  # of the five levels of hostility: use of force, then war


def cow_wars(facts: Facts) -> Comparison:
    """Compare years and parties of the wars that have a COW number."""
    against = Against("wars", "cow-wars")
    told = facts.events.filter(pl.col("kind") == "war_part")
    theirs = told.group_by("ref").agg(
        begin=pl.col("start").min().dt.year(), until=last_year().max()
    )
    wars = almanac("wars").filter(pl.col("cow_war").is_not_null())
    both = wars.join(theirs, left_on="cow_war", right_on="ref", how="left").with_columns(
        key="war", there=pl.col("begin").is_not_null()
    )
    found = both.filter("there")
    about = found.select("war", "cow_war", "key", "checked", "note")
    held = _coded(almanac("war_sides").select("war", "actor")).join(about, on="war")
    fought = (
        _coded(told.select("ref", actor="sender"))
        .rename({"ref": "cow_war"})
        .join(about, on="cow_war")
    )
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
            agree=(pl.col("end").dt.year() == pl.col("until")) | (last_year() == pl.col("until")),
        ),
        against.told(_without(held, fought), "party", ours=pl.col("actor")),
        against.told(_without(fought, held), "party", told=pl.col("actor")),
    ]
    return against.result(wars["war"], rows)


def mid_wars(facts: Facts) -> Comparison:
    """Look for each party's use of force against the other side in a year of the war.

    Wars that ended in the years the disputes cover are compared; the disputes are
    told by dyad and year, so that days are not.
    """
    against, last = Against("wars", "mid"), covered_through(facts, "disputes")
    wars = almanac("wars").select(
        "war", "checked", "note", key="war", first=pl.col("start").dt.year(), final=last_year()
    )
    covered = wars.filter(pl.col("final") <= last)
    party = _coded(almanac("war_sides").select("war", "actor", "side"))
    force = facts.events.filter((pl.col("kind") == "dispute") & (pl.col("value") >= _FORCE))
    acts = force.select("sender", "receiver", year=pl.col("start").dt.year())
    by = _coded(acts.rename({"sender": "actor"})).select("receiver", "year", "code")
    on = _coded(by.rename({"receiver": "actor", "code": "by"})).select("by", "year", on="code")
    foes = party.select("war", on="code", other="side")
    met = (
        party.rename({"code": "by"})
        .join(on, on="by")
        .join(foes, on=["war", "on"])
        .join(covered, on="war")
        .filter((pl.col("side") != pl.col("other")) & pl.col("year").is_between("first", "final"))
    )
    idle = party.unique(["war", "actor"]).join(covered, on="war")
    rows = [against.told(idle.join(met, on=["war", "actor"], how="anti"), "force", ours=_ACTOR)]
    return against.result(covered["war"], rows)


def ucdp_wars(facts: Facts) -> Comparison:
    """Compare years and checked parties of the wars that name a UCDP conflict."""
    against, last = Against("wars", "ucdp"), covered_through(facts, "conflicts")
    told = facts.events.filter(pl.col("kind").is_in(["conflict", "conflict_support"]))
    ours = confirmed(almanac("wars"), r"^ucdp:(\d+)$", ["ref"]).with_columns(
        key="war",
        first=pl.col("start").dt.year(),
        final=last_year().fill_null(last).clip(None, last),
    )
    seen = told.group_by("ref").agg(years=pl.col("start").dt.year().unique())
    both = ours.join(seen, on="ref", how="left").with_columns(there=pl.col("years").is_not_null())
    found = both.filter("there")
    wanted = pl.int_ranges("first", pl.col("final") + 1, dtype=pl.Int32)
    sides = almanac("war_sides").filter("checked").select("war", "actor")
    held = sides.join(found.select("war", "ref", "key", "checked", "note"), on="war")
    extra = held.join(parties(told), on=["ref", "actor"], how="anti")
    rows = [
        against.missing(both),
        against.differ(
            found,
            "years",
            ours=pl.format("{}-{}", "first", "final"),
            told=years_listed("years"),
            agree=wanted.list.set_difference(pl.col("years")).list.len() == 0,
        ),
        against.told(extra, "party", ours=pl.col("actor")),
    ]
    return against.result(ours["key"], rows)


def _coded(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the COW codes an actor ever had: 345 is Serbia and Yugoslavia."""
    systems = almanac("systems").filter(pl.col("system") == "cow")
    return rows.unique().join(systems.select("actor", "code").unique(), on="actor", how="left")


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Parties of a war that have no code in common with those of the other list."""
    shared = rows.join(others, on=["war", "code"], how="semi")
    return rows.join(shared, on=["war", "actor"], how="anti").unique(["war", "actor"])
