"""Trade in goods: how much of both states' trade is with each other."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.ties.yearly import in_order, no_ties, yearly_ties, years_covered


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: the geometric mean of both trade shares.

    A pair with a flow that is not known has a tie that is not known.
    """
    if years_covered(facts.coverage, "trade") is None:
        return no_ties()
    flows = (
        facts.flows.filter(pl.col("kind") == "trade")
        .with_columns(year=pl.col("start").dt.year())
        .select("fact_id", "sender", "receiver", "year", "value")
    )
    ends = pl.concat(
        [
            flows.select("year", "value", actor="sender"),
            flows.select("year", "value", actor="receiver"),
        ]
    )
    totals = ends.group_by("actor", "year").agg(total=pl.col("value").sum())
    rows = (
        in_order(flows)
        .filter(pl.col("value").is_null() | (pl.col("value") > 0))
        .join(totals.rename({"actor": "sender"}), on=["sender", "year"])
        .join(totals.rename({"actor": "receiver"}), on=["receiver", "year"], suffix="_b")
    )
    both = pl.col("value").sum()
    share = both / (pl.col("total").first() * pl.col("total_b").first()).sqrt()
    known = pl.col("value").is_not_null().all()
    return yearly_ties(
        rows,
        layer="trade",
        weight=pl.when(known).then(share.clip(0, 1)),
        value=pl.when(known).then(both),
        unit="million current USD",
    )


LAYER = Layer(
    title="Trade",
    rule="Positive: the geometric mean of the shares the two have in each other's total trade.",
    directed=False,
    topics=("trade",),
    prefer=("cow-trade",),
    build=build,
    citation=Citation(
        "Barbieri, K. (1996). Economic Interdependence: A Path to Peace or a Source of Interstate "
        "Conflict? Journal of Peace Research 33(1)",
        "10.1177/0022343396033001003",
    ),
)
