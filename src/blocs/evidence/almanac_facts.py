"""The almanac as evidence: its checked rows, in the tables that data sets fill.

Rows that nothing in reach has confirmed are shown by the views, drawn hollow,
and take no part in any test: they are not here.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from blocs.almanac.tables import about, dyad_votes, facts, treaty_gaps
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.schemas import RUNGS, Coverage, Sources, Spells, dtypes

DATASET = "almanac"
ATOP_UNTIL = 2018
OBLIGATIONS = ("defence", "offence", "neutrality", "nonaggression", "consultation")
_TIME = ("start", "start_text", "end", "end_text")
_SANCTIONS = ("trade", "arms", "military", "financial", "travel", "other")


@cache
def almanac_facts() -> Facts:
    """Return the checked facts and the figures of the embedded almanac."""
    spells = pl.concat([_alliances(), _sanctions(), _support()])
    source = pl.DataFrame(
        {
            "source_id": [DATASET],
            "dataset": [DATASET],
            "version": [str(about()["almanac"]["known_through"])],
            "file": ["almanac"],
            "retrieved": [None],
            "rows": [spells.height],
            "rejected": [0],
        },
        schema=dtypes(Sources),
    )
    return Facts(
        sources=source,
        spells=spells,
        coverage=_coverage(),
        dyad_votes=dyad_votes(),
    )


def known_through() -> str:
    """Return the last day the almanac knows of."""
    return str(about()["almanac"]["known_through"])


def held(name: str) -> pl.DataFrame:
    """Spells of a standing among states: ``start, end, actor``.

    Parameters
    ----------
    name : str
        ``major`` (a major power) or ``nuclear`` (a holder of nuclear weapons).

    Examples
    --------
    >>> held("nuclear").sort("start")["actor"][0]
    'USA'
    """
    if name == "nuclear":
        rows = facts("nuclear").filter(pl.col("status") == "holder")
    else:
        rows = facts("attributes").filter((pl.col("kind") == "power") & (pl.col("value") == name))
    return rows.select("start", "end", "actor")


def treaties_between(members: pl.Series, period: Period) -> pl.DataFrame:
    """Treaties, checked or not, that bound at least two of some actors at the same time.

    Returns
    -------
    pl.DataFrame
        One row per treaty and member among `members` that was in it together with another
        before the period's end, with the treaty's columns: ``start`` and ``end`` (and their
        texts) of the time in which two or more were in it, ``checked`` if for two of them
        treaty and membership are, the obligations those of the member.
    """
    treaties = facts("treaties")
    bound = (
        facts("treaty_members")
        .filter(pl.col("actor").is_in(members.implode()))
        .join(treaties.select("treaty", *_TIME, "checked"), on="treaty", suffix="_treaty")
        .with_columns(
            pl.coalesce("start", "start_treaty"),
            pl.coalesce("start_text", "start_text_treaty"),
            **_earlier_end("_treaty"),
            sure=pl.col("checked") & pl.col("checked_treaty"),
        )
    )
    pairs = bound.join(bound, on="treaty", suffix="_b").filter(pl.col("actor") != pl.col("actor_b"))
    pairs = pairs.with_columns(
        **_later_start("_b"),
        **_earlier_end("_b"),
        sure=pl.col("sure") & pl.col("sure_b"),
        known=pl.max_horizontal("start", "start_b"),
    )
    late = (pl.col("known") >= period.spell.end) | (pl.col("known") >= pl.col("end"))
    pairs = pairs.filter(~late.fill_null(value=False))
    ended = ~pl.col("end").has_nulls()
    together = pairs.group_by("treaty").agg(
        pl.col("start").min(),
        pl.col("start_text").sort_by("start", nulls_last=True).first(),
        pl.when(ended).then(pl.col("end").max()),
        pl.when(ended).then(pl.col("end_text").sort_by("end").last()),
        pl.col("sure").any().alias("checked"),
        pl.col("actor").unique(),
    )
    owed = bound.group_by("treaty", "actor").agg(pl.col(OBLIGATIONS).any())
    return (
        treaties.drop(*_TIME, *OBLIGATIONS, "checked")
        .join(together.explode("actor"), on="treaty")
        .join(owed, on=["treaty", "actor"])
        .filter(pl.col("signed").is_null() | (pl.col("signed") < period.spell.end))
        .sort("signed", "treaty", "actor")
    )


def _later_start(other: str) -> dict[str, pl.Expr]:
    """The later of two starts, with its text; not known if one is not."""
    own = pl.col("start").is_null() | (pl.col("start") >= pl.col(f"start{other}"))
    return _either(own, ("start", "start_text"), other)


def _earlier_end(other: str) -> dict[str, pl.Expr]:
    """The earlier of two ends, with its text; one that is not told is none."""
    own = pl.col(f"end{other}").is_null() | (pl.col("end") <= pl.col(f"end{other}"))
    return _either(own, ("end", "end_text"), other)


def _either(own: pl.Expr, names: tuple[str, ...], other: str) -> dict[str, pl.Expr]:
    return {name: pl.when(own).then(name).otherwise(f"{name}{other}") for name in names}


def _spells(rows: pl.DataFrame) -> pl.DataFrame:
    missing = {n: t for n, t in dtypes(Spells).items() if n not in rows.columns}
    return (
        rows.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in missing.items())
        .with_columns(source_id=pl.lit(DATASET))
        .select(pl.col(n).cast(t) for n, t in dtypes(Spells).items())
        .sort("fact_id")
    )


def _alliances() -> pl.DataFrame:
    """Obligations of every pair of parties, and the pairs on which sources differ.

    In force from the entry into force; where that is not known, from the
    signature, as ATOP dates treaties. A party or treaty that nothing confirms
    counts as "unchecked" after the last year that ATOP covers; before it,
    ``treaty_gaps`` names every pair and year on which the almanac and ATOP
    differ and how to treat it (see `blocs.ties.treaty_gaps`); a gap in the last
    of those stays open.
    """
    signed = facts("treaties").select("treaty", "signed")
    bound = (
        facts("treaty_members")
        .join(signed, on="treaty", how="left")
        .with_columns(start=pl.coalesce("start", "signed"))
        .filter(pl.col("start").is_not_null())
    )
    both = bound.join(bound, on="treaty", suffix="_b").filter(pl.col("actor") < pl.col("actor_b"))
    both = both.with_columns(
        start=pl.max_horizontal("start", "start_b"),
        end=pl.min_horizontal("end", "end_b"),
        sure=pl.col("checked") & pl.col("checked_b"),
        **{name: pl.col(name) | pl.col(f"{name}_b") for name in OBLIGATIONS},
    ).filter(pl.col("end").is_null() | (pl.col("start") < pl.col("end")))
    long = both.unpivot(
        OBLIGATIONS,
        index=["row", "row_b", "treaty", "actor", "actor_b", "start", "end", "sure"],
        variable_name="type",
        value_name="bound",
    ).filter("bound")
    late = (pl.col("start").dt.year() > ATOP_UNTIL) & ~pl.col("sure")
    doubt = (
        pl.when(pl.col("type").is_in(["defence", "offence"]))
        .then(pl.lit("unchecked"))
        .otherwise(pl.lit("unchecked_below"))
    )
    made = _spells(
        long.with_columns(
            fact_id=pl.format("almanac/treaty_members:{}+{}/{}", "row", "row_b", "type"),
            type=pl.when(late).then(doubt).otherwise("type"),
            value=pl.col("sure").cast(pl.Float64),
            unit=pl.lit("1 = confirmed"),
            kind=pl.lit("alliance"),
            sender="actor",
            receiver="actor_b",
            ref="treaty",
        )
    )
    return pl.concat([made, _gaps()])


def _gaps() -> pl.DataFrame:
    gaps = treaty_gaps().with_row_index("row", offset=1)
    return _spells(
        gaps.with_columns(
            fact_id=pl.format("almanac/treaty_gaps:{}", "row"),
            kind=pl.lit("alliance"),
            type="treat",
            sender="a",
            receiver="b",
            start=pl.date("first", 1, 1),
            end=pl.when(pl.col("last") < ATOP_UNTIL).then(pl.date(pl.col("last") + 1, 1, 1)),
        )
    )


def _sanctions() -> pl.DataFrame:
    rows = facts("sanctions").filter(pl.col("checked") & _is_state("sender") & _is_state("target"))
    long = rows.unpivot(
        _SANCTIONS,
        index=["row", "sender", "target", "start", "end", "regime"],
        variable_name="type",
        value_name="imposed",
    ).filter("imposed")
    return _spells(
        long.with_columns(
            fact_id=pl.format("almanac/sanctions:{}/{}", "row", "type"),
            kind=pl.lit("sanction"),
            receiver="target",
            ref="regime",
        )
    )


def _support() -> pl.DataFrame:
    rung = pl.col("rung").replace_strict(
        {name: i for i, name in enumerate(RUNGS)}, default=None, return_dtype=pl.Float64
    )
    rows = facts("support").filter(
        pl.col("checked")
        & (pl.col("claim") != "denied")
        & _is_state("supporter")
        & _is_state("recipient")
    )
    return _spells(
        rows.drop("value", "unit").with_columns(
            fact_id=pl.format("almanac/support:{}", "row"),
            kind=pl.lit("support"),
            type="rung",
            sender="supporter",
            receiver="recipient",
            start=pl.coalesce("start", "reported"),
            value=rung,
            unit=pl.lit("rung 0-7"),
            ref="id",
        )
    )


def _is_state(column: str) -> pl.Expr:
    """Neither a group of states nor somebody who is no state: no end of a spell."""
    return pl.col(column).is_not_null() & ~pl.col(column).str.starts_with("group:")


def _coverage() -> pl.DataFrame:
    rows = facts("coverage")
    return rows.select(
        source_id=pl.lit(DATASET),
        topic="topic",
        actor="actor",
        start="start",
        end="end",
    ).select(pl.col(n).cast(t) for n, t in dtypes(Coverage).items())
