"""Votes in the UN General Assembly: alike or opposed after the world's mean."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.schemas import TieEvidence, Ties, dtypes, empty
from blocs.ties.common_votes import dyad_votes


def likeness() -> pl.Expr:
    """C = sum(r_a r_b) / sqrt(sum r_a^2 sum r_b^2) of a `schemas.DyadVotes` row."""
    total = sum_of_products()
    scale = (pl.col("ss_a") * pl.col("ss_b")).sqrt()
    return pl.when(scale > 0).then((total / scale).clip(-1.0, 1.0))


def sum_of_products() -> pl.Expr:
    """Add the five classes of residual products of a `schemas.DyadVotes` row."""
    return pl.sum_horizontal("shield", "counter", "with_reference", "neutral", "dissent")


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year from counts, or from ballots."""
    counts = facts.dyad_votes
    if counts.is_empty():
        counts = dyad_votes(facts.rollcalls, facts.ballots)
    ties = counts.select(
        layer=pl.lit("votes"),
        sender="a",
        receiver="b",
        start=pl.date("year", 1, 1),
        end=pl.date(pl.col("year") + 1, 1, 1),
        weight=likeness(),
        value=1 - pl.col("distance") / (2 * pl.col("n")),
        unit=pl.lit("agreement"),
        n_evidence="n",
    ).select(pl.col(name).cast(dtype) for name, dtype in dtypes(Ties).items())
    return LayerTies(ties=ties, evidence=empty(TieEvidence).lazy())


LAYER = Layer(
    title="UN votes",
    rule="Positive where two states depart from the world's mean vote together, negative where "
    "they depart from it in opposite directions.",
    directed=False,
    topics=("votes",),
    prefer=("unga", "undl", "unvotes", "almanac"),
    build=build,
    citation=Citation(
        "Bailey, M., Strezhnev, A., Voeten, E. (2017). Estimating Dynamic State Preferences from "
        "United Nations Voting Data. Journal of Conflict Resolution 61(2)",
        "10.1177/0022002715595700",
    ),
    absence="unknown",
)
