"""Sanctions in force, from the state that imposes them to its target."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.ties.yearly import by_year, no_ties, yearly_ties, years_covered

KINDS = ("trade", "arms", "military", "financial", "travel", "other")


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: minus the number of kinds in force, over six."""
    years = years_covered(facts.coverage, "sanctions")
    spells = facts.spells.filter((pl.col("kind") == "sanction") & pl.col("type").is_in(KINDS))
    if years is None:
        return no_ties()
    rows = by_year(spells, first=years[0], last=years[1])
    kinds = pl.col("type").n_unique().cast(pl.Float64)
    return yearly_ties(
        rows,
        layer="sanctions",
        weight=-kinds / len(KINDS),
        value=kinds,
        unit="kinds of sanction",
    )


LAYER = Layer(
    title="Sanctions",
    rule="Negative: the number of kinds in force (trade, arms, military, financial, travel, other) "
    "over six.",
    directed=True,
    topics=("sanctions",),
    prefer=("gsdb", "almanac"),
    build=build,
    citation=Citation(
        "Felbermayr, G., Kirilakha, A., Syropoulos, C., Yalcin, E., Yotov, Y. (2020). The Global "
        "Sanctions Data Base. European Economic Review 129",
        "10.1016/j.euroecorev.2020.103561",
    ),
)
