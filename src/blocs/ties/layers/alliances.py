"""Treaties between states, by the strongest obligation in force that year."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.schemas import TieEvidence, Ties, empty
from blocs.ties.yearly import by_year, in_order, yearly_ties, years_covered

LEVELS = {"defence": 3, "offence": 3, "neutrality": 2, "consultation": 2, "nonaggression": 1}


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: the strongest obligation, over three."""
    years = years_covered(facts.coverage, "alliances")
    spells = facts.spells.filter(pl.col("kind") == "alliance")
    if years is None:
        return LayerTies(ties=empty(Ties), evidence=empty(TieEvidence))
    level = pl.col("type").replace_strict(LEVELS, default=None, return_dtype=pl.Int64)
    rows = by_year(in_order(spells), first=years[0], last=years[1]).with_columns(level=level)
    return yearly_ties(
        rows.drop_nulls("level"),
        layer="alliances",
        weight=pl.col("level").max() / 3,
        value=pl.col("level").max().cast(pl.Float64),
        unit="obligation 0-3",
    )


LAYER = Layer(
    title="Treaties",
    rule="Positive: 1 for a defence or offence treaty in force, 2/3 for neutrality or "
    "consultation, 1/3 for non-aggression; the strongest counts.",
    directed=False,
    topic="alliances",
    prefer=("atop", "cow-alliances", "almanac"),
    build=build,
    citation=Citation(
        "Leeds, B. A., Ritter, J., Mitchell, S., Long, A. (2002). Alliance Treaty Obligations and "
        "Provisions, 1815-1944. International Interactions 28(3)",
        "10.1080/03050620213653",
    ),
)
