"""Every table of blocs: columns, types, units, keys and rules, declared once.

Frames that cross a stage door are checked here. `accept` keeps the rows that
obey and returns the others as `Rejects`, each with the rule it broke; nothing
is dropped silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import dataframely as dy
import polars as pl

Frame = dy.DataFrame
Schema = dy.Schema

VOTES: Final = ("yes", "abstain", "no", "absent")
RUNGS: Final = (
    "none",
    "diplomatic",
    "economic",
    "dual_use",
    "intelligence",
    "munitions",
    "weapons",
    "troops",
)
ISSUES: Final = ("me", "nu", "di", "hr", "co", "ec")
VERDICTS: Final = ("accept", "reject", "correct")
PRECISIONS: Final = ("year", "month", "day")

_UNIT = "unit"
_SAID = ("kind", "type", "actor", "sender", "receiver", "start", "end", "value")
"""Columns that say what a refused fact was, where it broke a rule of several columns."""


class Fact(dy.Schema):
    """What every fact of evidence carries: its id and the row it came from."""

    fact_id = dy.String(primary_key=True)
    source_id = dy.String()
    row = dy.Int64(min=1)


class RollCalls(dy.Schema):
    """One vote taken: date, what it was about, under which flags.

    ``rollcall`` begins with the data set's id: no two data sets share a roll call.
    """

    rollcall = dy.String(primary_key=True)
    source_id = dy.String()
    row = dy.Int64(min=1)
    date = dy.Date()
    session = dy.Int64(nullable=True, min=1)
    resolution = dy.String(nullable=True)
    title = dy.String(nullable=True)
    amend = dy.Bool(nullable=True)
    para = dy.Bool(nullable=True)
    me = dy.Bool(nullable=True)
    nu = dy.Bool(nullable=True)
    di = dy.Bool(nullable=True)
    hr = dy.Bool(nullable=True)
    co = dy.Bool(nullable=True)
    ec = dy.Bool(nullable=True)


class Ballots(dy.Schema):
    """How one state voted on one roll call; no row means it was not a member."""

    rollcall = dy.String(primary_key=True)
    actor = dy.String(primary_key=True)
    vote = dy.Enum(VOTES)
    row = dy.Int64(min=1)


class Spells(Fact):
    """A dated state of affairs from sender to receiver: an obligation, a sanction.

    ``receiver`` is null for a state of one actor (nuclear status, say).
    """

    kind = dy.String()
    type = dy.String(nullable=True)
    sender = dy.String()
    receiver = dy.String(nullable=True)
    start = dy.Date(nullable=True)
    end = dy.Date(nullable=True)
    value = dy.Float64(nullable=True)
    unit = dy.String(nullable=True)
    ref = dy.String(nullable=True)

    @dy.rule()
    def start_before_end(cls) -> pl.Expr:
        """Half-open spells end after they start."""
        return (
            pl.col("start").is_null() | pl.col("end").is_null() | (pl.col("start") < pl.col("end"))
        )

    @dy.rule()
    def ends_differ(cls) -> pl.Expr:
        """A state has no tie to itself."""
        return pl.col("receiver").is_null() | (pl.col("sender") != pl.col("receiver"))


class Flows(Fact):
    """An amount that moved from sender to receiver in a period."""

    kind = dy.String()
    sender = dy.String()
    receiver = dy.String()
    start = dy.Date()
    end = dy.Date()
    value = dy.Float64(nullable=True, min=0)
    unit = dy.String()
    ref = dy.String(nullable=True)

    @dy.rule()
    def ends_differ(cls) -> pl.Expr:
        """A state has no tie to itself."""
        return pl.col("sender") != pl.col("receiver")


class Events(Fact):
    """A dated act of sender towards receiver: a dispute, a coded event.

    ``sender`` is null where a record tells of the act and names no state: a
    dispute as a whole, the place of it.
    """

    kind = dy.String()
    type = dy.String(nullable=True)
    sender = dy.String(nullable=True)
    receiver = dy.String(nullable=True)
    start = dy.Date()
    end = dy.Date(nullable=True)
    value = dy.Float64(nullable=True)
    unit = dy.String(nullable=True)
    ref = dy.String(nullable=True)


class Attributes(Fact):
    """A dated property of one state: its power, wealth, regime, ideal point."""

    kind = dy.String()
    actor = dy.String()
    start = dy.Date()
    end = dy.Date(nullable=True)
    value = dy.Float64(nullable=True)
    text = dy.String(nullable=True)
    unit = dy.String(nullable=True)


class Coverage(dy.Schema):
    """Where absence means zero: a topic, an actor (null = every member) and a spell."""

    source_id = dy.String()
    topic = dy.String()
    actor = dy.String(nullable=True)
    start = dy.Date()
    end = dy.Date()


class Rejects(dy.Schema):
    """A row that was refused, with the rule it broke and the value seen."""

    source_id = dy.String()
    file = dy.String()
    row = dy.Int64(nullable=True)
    column = dy.String(nullable=True)
    rule = dy.String()
    value = dy.String(nullable=True)


class Sources(dy.Schema):
    """One file of evidence as it was read."""

    source_id = dy.String(primary_key=True)
    dataset = dy.String()
    version = dy.String()
    file = dy.String()
    retrieved = dy.String(nullable=True)
    rows = dy.Int64(min=0)
    rejected = dy.Int64(min=0)


class Ties(dy.Schema):
    """A signed, dated tie of one layer; undirected ties have sender < receiver."""

    layer = dy.String(primary_key=True)
    sender = dy.String(primary_key=True)
    receiver = dy.String(primary_key=True)
    start = dy.Date(primary_key=True)
    end = dy.Date()
    weight = dy.Float64(nullable=True, min=-1.0, max=1.0, metadata={_UNIT: "[-1, 1]"})
    value = dy.Float64(nullable=True)
    unit = dy.String(nullable=True)
    n_evidence = dy.Int64(min=0)

    @dy.rule()
    def ends_differ(cls) -> pl.Expr:
        """A state has no tie to itself."""
        return pl.col("sender") != pl.col("receiver")


class TieEvidence(dy.Schema):
    """The walk from a tie back to the facts it was made of."""

    layer = dy.String(primary_key=True)
    sender = dy.String(primary_key=True)
    receiver = dy.String(primary_key=True)
    start = dy.Date(primary_key=True)
    fact_id = dy.String(primary_key=True)


class DyadVotes(dy.Schema):
    """Votes in common of two states in one year, and what they add up to.

    With x in {-1 no, 0 abstain, 1 yes} and r = x - m, where m is the mean of all
    states but the reference on that roll call: ``shield`` ... ``dissent`` are
    sums of r_a r_b by class (see alignment/motives.py), ``ss_a`` and ``ss_b``
    sums of squares over the roll calls both took part in.
    """

    a = dy.String(primary_key=True)
    b = dy.String(primary_key=True)
    year = dy.Int64(primary_key=True, min=1945)
    n = dy.Int64(min=1, metadata={_UNIT: "roll calls"})
    same = dy.Int64(min=0, metadata={_UNIT: "roll calls"})
    distance = dy.Int64(min=0, metadata={_UNIT: "steps of yes-abstain-no"})
    shield = dy.Float64()
    counter = dy.Float64()
    with_reference = dy.Float64()
    neutral = dy.Float64()
    dissent = dy.Float64()
    ss_a = dy.Float64(min=0)
    ss_b = dy.Float64(min=0)

    @dy.rule()
    def ordered(cls) -> pl.Expr:
        """One row per pair of states, the first in alphabetical order first."""
        return pl.col("a") < pl.col("b")


class IssueVotes(dy.Schema):
    """Votes in common of two states in one year on one issue."""

    a = dy.String(primary_key=True)
    b = dy.String(primary_key=True)
    year = dy.Int64(primary_key=True, min=1945)
    issue = dy.Enum(ISSUES, primary_key=True)
    n = dy.Int64(min=1)
    same = dy.Int64(min=0)
    distance = dy.Int64(min=0)


class Articles(dy.Schema):
    """One article as it was read; ``text`` is what all spans count.

    ``repairs`` and ``stretches`` (the map to the bytes of a page) are JSON.
    """

    article = dy.String(primary_key=True, regex="^[0-9a-f]{64}$")
    reader = dy.String()
    name = dy.String(nullable=True)
    title = dy.String(nullable=True)
    kind = dy.String()
    encoding = dy.String()
    date = dy.Date(nullable=True)
    date_from = dy.String(nullable=True)
    sentences = dy.Int64(min=0)
    notes = dy.List(dy.String())
    repairs = dy.String()
    stretches = dy.String()
    text = dy.String()


class Claims(dy.Schema):
    """One item of an article: claim, event, relation, quantity, quotation or forecast."""

    claim_id = dy.String(primary_key=True)
    source_id = dy.String()
    kind = dy.String()
    span_start = dy.Int64(min=0)
    span_end = dy.Int64(min=0)
    quote = dy.String()
    statement = dy.String()
    subject = dy.List(dy.String())
    object = dy.List(dy.String())
    certainty = dy.String()
    hedges = dy.List(dy.String())
    plover = dy.String(nullable=True)
    mode = dy.String(nullable=True)
    cameo = dy.String(nullable=True)
    sign = dy.Float64(nullable=True, min=-1.0, max=1.0)
    low = dy.Float64(nullable=True)
    high = dy.Float64(nullable=True)
    value = dy.Float64(nullable=True)
    unit = dy.String(nullable=True)
    of = dy.String(nullable=True)
    per = dy.String(nullable=True)
    part_of = dy.String(nullable=True)
    start = dy.String(nullable=True)
    end = dy.String(nullable=True)
    precision = dy.String(nullable=True)
    when = dy.String(nullable=True)
    horizon_low = dy.Float64(nullable=True)
    horizon_high = dy.Float64(nullable=True)
    horizon_unit = dy.String(nullable=True)
    horizon_from = dy.String(nullable=True)
    repairs = dy.String()

    @dy.rule()
    def start_before_end(cls) -> pl.Expr:
        """A span holds at least one character."""
        return pl.col("span_start") < pl.col("span_end")


class ClaimSpeakers(dy.Schema):
    """Who says, passes on, confirms or denies a claim, in order."""

    claim_id = dy.String(primary_key=True)
    place = dy.Int64(primary_key=True, min=0)
    role = dy.String()
    actor = dy.String(nullable=True)
    text = dy.String()
    span_start = dy.Int64(min=0)
    span_end = dy.Int64(min=0)
    cue = dy.String()


class Corrections(dy.Schema):
    """What an analyst decided of an item: kept apart from the machine's output.

    The key is the article, the kind and the span, so that it finds the item again
    when another reader or version cuts it a little differently.
    """

    article = dy.String(primary_key=True)
    kind = dy.String(primary_key=True)
    span_start = dy.Int64(primary_key=True, min=0)
    span_end = dy.Int64(primary_key=True, min=0)
    quote = dy.String()
    verdict = dy.Enum(VERDICTS)
    fields = dy.String(nullable=True)
    machine = dy.String(nullable=True)
    reader = dy.String(nullable=True)
    by = dy.String(nullable=True)
    note = dy.String(nullable=True)


class Runs(dy.Schema):
    """One run of a command: what it used and made."""

    run_id = dy.String(primary_key=True)
    started = dy.String()
    command = dy.String()
    params = dy.String()
    inputs = dy.String()
    version = dy.String()
    status = dy.String()


S = TypeVar("S", bound=dy.Schema)


def accept(
    schema: type[S],
    frame: pl.DataFrame,
    *,
    source_id: str,
    file: str,
) -> tuple[Frame[S], pl.DataFrame]:
    """Keep the rows that obey a schema; return the others as rejects.

    Parameters
    ----------
    schema : type of Schema
        One of the tables of this module.
    frame : pl.DataFrame
        Candidate rows, with the schema's columns (more are left out).
    source_id, file : str
        Where the rows came from, written into the rejects.

    Returns
    -------
    good : Frame[schema]
        Rows that obey every rule, in their order.
    rejects : pl.DataFrame
        `Rejects` rows: one per row and broken rule.
    """
    names = [name for name in schema.columns() if name in frame.columns]
    candidates = frame.select(names)
    good, failure = schema.filter(candidates, cast=True)
    if not failure.counts():
        return good, Rejects.create_empty()
    details = failure.details()
    rules = [name for name in details.columns if name not in names]
    said = pl.concat_str(
        [c for c in _SAID if c in names] or [pl.lit(None)], ignore_nulls=True, separator=" "
    )
    long = (
        details.with_columns(
            pl.col("row") if "row" in names else pl.lit(None, dtype=pl.Int64).alias("row"),
            said=said,
        )
        .select("row", "said", *(pl.col(rule).cast(pl.String) for rule in rules))
        .unpivot(index=["row", "said"], variable_name="rule", value_name="state")
        .filter(pl.col("state") == "invalid")
    )
    rejects = reject(long, rule=pl.col("rule"), value="said", source_id=source_id, file=file)
    return good, rejects


def reject(
    frame: pl.DataFrame,
    *,
    rule: str | pl.Expr,
    source_id: str,
    file: str,
    column: str | None = None,
    value: str | pl.Expr | None = None,
) -> pl.DataFrame:
    """Make `Rejects` rows out of the rows of a frame that broke one rule."""
    broken = pl.lit(rule) if isinstance(rule, str) else rule
    seen = pl.lit(None, dtype=pl.String) if value is None else value
    return frame.select(
        source_id=pl.lit(source_id),
        file=pl.lit(file),
        row=pl.col("row").cast(pl.Int64),
        column=pl.lit(column, dtype=pl.String) if column else broken.str.extract(r"^(\w+)\|"),
        rule=broken,
        value=(pl.col(seen) if isinstance(seen, str) else seen).cast(pl.String),
    )


def dtypes(schema: type[S]) -> pl.Schema:
    """Column names and Polars types of a table."""
    return schema.create_empty().schema


def empty(schema: type[S]) -> Frame[S]:
    """Return the table without rows."""
    return schema.create_empty()


def together(schema: type[S], frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Stack frames of one table, in order; no frames give the table without rows."""
    return pl.concat([schema.create_empty(), *frames], how="vertical_relaxed")
