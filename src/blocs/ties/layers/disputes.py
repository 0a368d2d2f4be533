"""Militarised disputes: the highest hostility between two states that year."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.ties.yearly import by_year, in_order, no_ties, yearly_ties, years_covered


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: minus the highest hostility, over five."""
    years = years_covered(facts.coverage, "disputes")
    events = facts.events.filter((pl.col("kind") == "dispute") & pl.col("receiver").is_not_null())
    if years is None:
        return no_ties()
    rows = by_year(in_order(events), first=years[0], last=years[1])
    return yearly_ties(
        rows,
        layer="disputes",
        weight=-(pl.col("value").max().fill_null(1.0) / 5).clip(0, 1),
        value=pl.col("value").max(),
        unit="hostility 1-5",
    )


LAYER = Layer(
    title="Disputes",
    rule="Negative: the highest hostility of a militarised dispute (1 none, 2 threat, 3 display, "
    "4 use of force, 5 war) over five. MID 5 tells one level for all years of a dispute.",
    directed=False,
    topics=("disputes",),
    prefer=("mid", "gml"),
    build=build,
    citation=Citation(
        "Palmer, G. et al. (2022). The MID5 Dataset, 2011-2014. Conflict Management and Peace "
        "Science 39(4)",
        "10.1177/0738894221995743",
    ),
)
