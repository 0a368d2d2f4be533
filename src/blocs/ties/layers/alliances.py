"""Treaties between states, by the strongest obligation in force that year."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Facts, Layer, LayerTies
from blocs.evidence.almanac_facts import ATOP_UNTIL
from blocs.ties.yearly import by_year, in_order, no_ties, yearly_ties, years_covered

LEVELS = {"defence": 3, "offence": 3, "neutrality": 2, "consultation": 2, "nonaggression": 1}
TREATIES, LISTED = "alliances", "alliance_years"
"""Topics of coverage: treaties with their members, and dyad-years as a publisher lists them."""
UNCHECKED = "unchecked"
"""Type of a spell that says a treaty may bind the two, which nothing has confirmed."""
ONLY_CHECKED = "only_checked"
"""Type of a spell in which only confirmed obligations count."""
UNCHECKED_BELOW = "unchecked_below"
"""The same, where it is agreed that it is no treaty of defence or offence."""


def build(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: the strongest obligation, over three."""
    top = _top()
    doubt = (pl.col("type").is_in([UNCHECKED, UNCHECKED_BELOW]).any() & (top < 3)) | _differ()
    return _ties(facts, pl.when(~doubt).then(top / 3), pl.when(~doubt).then(top))


def build_defence(facts: Facts) -> LayerTies:
    """Make one tie per pair and year: 1 with a treaty of defence or offence, else 0."""
    bound = _top() == 3
    doubt = ((pl.col("type") == UNCHECKED).any() & ~bound) | _differ()
    weight = pl.when(~doubt).then(bound.cast(pl.Float64))
    return _ties(facts, weight, weight)


def _differ() -> pl.Expr:
    """Whether two sources differ on a treaty of defence: neither is believed, nor its absence.

    Such a spell carries no value; one that says that a treaty is not confirmed carries 0, and
    leaves a confirmed obligation as strong as it is. A treaty confirmed since the sources were
    compared is not what they differ on.
    """
    apart = ((pl.col("type") == UNCHECKED) & pl.col("value").is_null()).any()
    since = pl.col("start").filter((pl.col("level") == 3) & (pl.col("value") == 1)).max()
    return apart & ~(since.dt.year() > ATOP_UNTIL).fill_null(value=False)


def _top() -> pl.Expr:
    """Strongest obligation of a pair and year; 0 where none that may count is left."""
    sure = pl.col("value").fill_null(1) == 1
    confirmed = pl.col("level").filter(sure).max()
    strict = (pl.col("type") == ONLY_CHECKED).any()
    return pl.when(strict).then(confirmed).otherwise(pl.col("level").max()).fill_null(0)


def _ties(facts: Facts, weight: pl.Expr, value: pl.Expr) -> LayerTies:
    if years_covered(facts.coverage, TREATIES, LISTED) is None:
        return no_ties()
    level = pl.col("type").replace_strict(LEVELS, default=None, return_dtype=pl.Int64)
    return yearly_ties(
        _borne_out(_told(facts, "alliance", TREATIES), facts).with_columns(level=level),
        layer="alliances",
        weight=weight,
        value=value.cast(pl.Float64),
        unit="obligation 0-3",
    )


def _told(facts: Facts, kind: str, topic: str) -> pl.DataFrame:
    """Spells of a kind by year, in the years that a topic covers; no rows if it covers none."""
    spells = in_order(facts.spells.filter(pl.col("kind") == kind))
    first, last = years_covered(facts.coverage, topic) or (0, -1)
    return by_year(spells if first <= last else spells.clear(), first=first, last=last)


def _borne_out(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Where the publisher lists dyad-years, what they say; of treaties what they bear out.

    Two members of one treaty need not owe each other anything: by Locarno, Britain and Italy
    stood surety for others.
    """
    span = years_covered(facts.coverage, LISTED)
    if span is None:
        return rows
    told = _told(facts, "alliance_year", LISTED)
    inside = pl.col("year").is_between(*span)
    borne = rows.filter(inside).join(told, on=["sender", "receiver", "year", "type"], how="semi")
    return pl.concat([rows.filter(~inside), borne, told])


LAYER = Layer(
    title="Treaties",
    rule="Positive: 1 for a defence or offence treaty in force, 2/3 for neutrality or "
    "consultation, 1/3 for non-aggression; the strongest counts. Not known where a treaty that "
    "nothing confirms may bind the two, or where the almanac and ATOP differ.",
    directed=False,
    topics=(TREATIES, LISTED),
    prefer=("atop", "cow-alliances", "almanac"),
    build=build,
    citation=Citation(
        "Leeds, B. A., Ritter, J., Mitchell, S., Long, A. (2002). Alliance Treaty Obligations and "
        "Provisions, 1815-1944. International Interactions 28(3)",
        "10.1080/03050620213653",
    ),
)
