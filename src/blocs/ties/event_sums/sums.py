"""The one sum of events, written once: DuckDB, Polars and Spark run the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.typing import LazyFrameT

TENTHS = 10
"""Values are summed as integers, in tenths, so that no order of adding changes a digit."""
BOUND = 10
"""Goldstein scores and intensities lie within minus and plus this."""
RULES = ("", "a country on both sides", "two states", "the day is a day", "value is -10 to 10")
"""What the number in ``rule`` means; 0 is a good row."""
PERIODS = ("day", "month", "year")
_STEPS = {"day": 1, "month": 100, "year": 10_000}


def sum_events(events: LazyFrameT, *, period: str, code_length: int) -> LazyFrameT:
    """Sum events by rule broken, period, code and directed pair.

    Parameters
    ----------
    events : nw.LazyFrame
        ``day`` (integer YYYYMMDD), ``sender``, ``receiver``, ``code`` (text), ``value`` (float).
    period : str
        day, month or year.
    code_length : int
        Characters of the code that matter: 2 for roots, 0 for all.

    Returns
    -------
    nw.LazyFrame
        ``rule``, ``period`` (the integer day with what is below the period 0), ``sender``,
        ``receiver``, ``code``, ``n`` events, ``scored`` of them with a value, ``tenths`` their
        sum. Rows that broke a rule are counted under it with null keys.
    """
    import narwhals as nw

    day, value = nw.col("day"), nw.col("value")
    step = _STEPS[period]
    code = nw.col("code").str.slice(0, code_length) if code_length else nw.col("code")
    marked = events.with_columns(
        rule=_rule(), starts=day if step == 1 else day - day % step, kind=code
    )
    good = nw.col("rule") == 0
    keys = {"period": "starts", "sender": "sender", "receiver": "receiver", "code": "kind"}
    kept = marked.select(
        "rule",
        **{name: nw.when(good).then(nw.col(column)) for name, column in keys.items()},
        tenths=nw.when(good).then((value * TENTHS).round(0).cast(nw.Int64)),
    )
    return kept.group_by("rule", *keys).agg(
        n=nw.len().cast(nw.Int64),
        scored=nw.col("tenths").count().cast(nw.Int64),
        tenths=nw.col("tenths").sum().cast(nw.Int64),
    )


def _rule() -> nw.Expr:
    """Number of the first rule that a row breaks; 0 if it breaks none."""
    import narwhals as nw

    def named(side: str) -> nw.Expr:
        text = nw.col(side)
        return ~text.is_null() & (text != "") & (text != "NA")

    both = named("sender") & named("receiver") & ~nw.col("code").is_null()
    value = nw.col("value")
    fair = value.is_null() | ((value >= -BOUND) & (value <= BOUND))
    last = nw.when(fair).then(nw.lit(0)).otherwise(nw.lit(4))
    dated = nw.when(_is_day()).then(last).otherwise(nw.lit(3))
    apart = nw.when(nw.col("sender") != nw.col("receiver")).then(dated).otherwise(nw.lit(2))
    return nw.when(both).then(apart).otherwise(nw.lit(1))


def _is_day() -> nw.Expr:
    """Whether an integer YYYYMMDD is a day of the calendar."""
    import narwhals as nw

    day = nw.col("day")
    d, md = day % 100, day % 10_000
    year = (day - md).cast(nw.Int64)
    leap = (year % 40_000 == 0) & ((year % 1_000_000 != 0) | (year % 4_000_000 == 0))
    month = (md >= 101) & (md < 1300) & (d >= 1)
    in_month = (md - d).is_in
    thirty = (d == 30) & (md - d != 200)
    long = (d == 31) & ~in_month([200, 400, 600, 900, 1100])
    inside = (d <= 28) | ((d == 29) & ((md != 229) | leap)) | thirty | long
    return (day > 10_000_000) & month & inside
