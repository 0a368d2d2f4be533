"""Support in a war: the highest rung of the ladder a state stands on for another."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.ties.yearly import by_year, no_ties, yearly_ties, years_covered


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: the highest rung told, over seven."""
    years = years_covered(facts.coverage, "support")
    spells = facts.spells.filter(pl.col("kind") == "support")
    if years is None:
        return no_ties()
    rows = by_year(spells, first=years[0], last=years[1])
    rung = pl.col("value").max()
    return yearly_ties(rows, layer="support", weight=rung / 7, value=rung, unit="rung 0-7")


LAYER = Layer(
    title="Support in war",
    rule="Positive: the highest rung told of (1 diplomatic, 2 economic, 3 dual-use, 4 "
    "intelligence, 5 munitions, 6 weapons, 7 troops), over seven; no row means not told.",
    directed=True,
    topics=("support",),
    prefer=("almanac",),
    build=build,
    citation=Citation("Rungs as defined by blocs; facts as cited row by row in the almanac"),
    absence="unknown",
)
