"""Deliveries of major conventional arms, from supplier to recipient."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.ties.yearly import by_year, no_ties, yearly_ties, years_covered

HALF_MILLION_TIV = 50.0


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: v / (v + 50) of the delivered value v.

    Where no delivery of the pair has a value, the tie is not known.
    """
    years = years_covered(facts.coverage, "arms")
    flows = facts.flows.filter(pl.col("kind") == "arms")
    if years is None:
        return no_ties()
    rows = by_year(flows, first=years[0], last=years[1])
    total = pl.when(pl.col("value").is_not_null().any()).then(pl.col("value").sum())
    return yearly_ties(
        rows,
        layer="arms",
        weight=total / (total + HALF_MILLION_TIV),
        value=total,
        unit="million TIV",
    )


LAYER = Layer(
    title="Arms deliveries",
    rule="Positive: v / (v + 50), where v is the value delivered that year in million SIPRI trend "
    "indicator values; 50 million is half way.",
    directed=True,
    topics=("arms",),
    prefer=("sipri",),
    build=build,
    citation=Citation(
        "SIPRI Arms Transfers Database. Stockholm International Peace Research Institute"
    ),
)
