"""Weapons of the support ladder against SIPRI's deliveries."""

from __future__ import annotations

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.evidence.checking.comparison import Against, Comparison, confirmed, covered_through


def weapons(facts: Facts) -> Comparison:
    """Compare supporter and recipient of weapons with the deal named, or with any delivery.

    A row that names no deal agrees if SIPRI has a delivery between the two since
    the first year of the ladder. Rows after SIPRI's last year are not compared.
    """
    against, last = Against("support", "sipri"), covered_through(facts, "arms")
    flows = facts.flows.filter(pl.col("kind") == "arms")
    year = pl.coalesce("start", "reported").dt.year()
    rows = almanac("support").filter(
        (pl.col("rung") == "weapons")
        & (pl.col("claim") != "denied")
        & pl.col("recipient").is_not_null()
        & (year <= last)
    )
    rows = rows.with_columns(key="id")
    deals = flows.select("sender", "receiver", deal="ref").unique()
    named = (
        confirmed(rows, r"^sipri_arms_transfers:(\d+)$", ["deal"])
        .join(deals, on="deal", how="left")
        .with_columns(there=pl.col("sender").is_not_null())
    )
    first = rows.select(year.min()).item() or last
    given = flows.filter(pl.col("start").dt.year() >= first).select(
        supporter="sender", recipient="receiver"
    )
    unnamed = rows.join(named, on="key", how="anti")
    unseen = unnamed.join(given, on=["supporter", "recipient"], how="anti")
    both = (pl.col("supporter") == pl.col("sender")) & (pl.col("recipient") == pl.col("receiver"))
    differing = [
        against.missing(named),
        against.differ(
            named.filter("there"),
            "parties",
            ours=pl.format("{} to {}", "supporter", "recipient"),
            told=pl.format("{} to {}", "sender", "receiver"),
            agree=both,
        ),
        against.told(
            unseen, "rung", ours=pl.col("rung"), told=pl.lit(f"no delivery {first}-{last}")
        ),
    ]
    return against.result(rows["key"], differing)
