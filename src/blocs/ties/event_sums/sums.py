"""The one sum of events, written once: DuckDB, Polars and Spark run the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocs.ties.event_sums.forms import FILE, EventForm

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.typing import LazyFrameT

SCALE = 1_000_000
"""Values are summed as integers, in millionths, so that no order of adding changes a digit."""
BOUND = 10
"""Goldstein scores and intensities lie within minus and plus this."""
RULES = ("", "a country on both sides", "two states", "the day is a day", "value is -10 to 10")
"""What the number in ``rule`` means; 0 is a good row."""
PERIODS = ("day", "month", "year")
MISSING = ("", "NA", "None")
"""Spellings of a state or value that is not told, in GDELT, ICEWS and POLECAT."""
_STEPS = {"day": 1, "month": 100, "year": 10_000}
# What is a number or a day is said by patterns, since engines cast odd text differently.
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\z"
_DAY = r"^([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})([T ]|\z)"


def sum_events(
    rows: LazyFrameT, form: EventForm, *, period: str, code_length: int, by_file: bool = False
) -> LazyFrameT:
    """Sum events by rule broken, period, code and directed pair.

    Parameters
    ----------
    rows : nw.LazyFrame
        The columns of an event file, as it has them; all text where it is a text file.
    form : EventForm
        Which columns are day, sender, receiver, code and value.
    period : str
        day, month or year.
    code_length : int
        Characters of the code that matter: 2 for roots, 0 for all.
    by_file : bool
        Whether to sum each file by itself, by the column `FILE`.

    Returns
    -------
    nw.LazyFrame
        ``rule``, ``period`` (the integer day with what is below the period 0), ``sender``,
        ``receiver``, ``code``, ``n`` events, ``scored`` of them with a value, ``millionths``
        their sum, and `FILE` if asked for. Rows that broke a rule are counted under it with
        null keys.
    """
    import narwhals as nw

    good, step = nw.col("rule") == 0, _STEPS[period]
    period_day = nw.col("day") if step == 1 else nw.col("day") - nw.col("day") % step
    code = nw.col("code").str.slice(0, code_length) if code_length else nw.col("code")
    keys = {
        "period": period_day,
        "sender": nw.col("sender"),
        "receiver": nw.col("receiver"),
        "code": code,
    }
    more = [FILE] if by_file else []
    kept = (
        typed(rows, form, more)
        .with_columns(rule=_rule())
        .select(
            "rule",
            *more,
            **{name: nw.when(good).then(key) for name, key in keys.items()},
            millionths=(nw.when(good).then(nw.col("value")) * SCALE + 0.5).floor().cast(nw.Int64),
        )
    )
    return kept.group_by("rule", *more, *keys).agg(
        n=nw.len().cast(nw.Int64),
        scored=nw.col("millionths").count().cast(nw.Int64),
        millionths=nw.col("millionths").sum().cast(nw.Int64),
    )


def broken(rows: LazyFrameT, form: EventForm, rule: int) -> LazyFrameT:
    """Return ``row`` and the cell, ``value``, of rows that break the rule of days or values."""
    import narwhals as nw

    column = form.column("day" if rule == 3 else "value")
    told = rows.with_columns(told=nw.col(column).cast(nw.String))
    marked = typed(told, form, ["row", "told"]).with_columns(rule=_rule())
    return marked.filter(nw.col("rule") == rule).select("row", value=nw.col("told"))


def typed(rows: LazyFrameT, form: EventForm, keep: list[str]) -> LazyFrameT:
    """Give the columns of a file their roles and types; ``untold`` marks a missing value."""
    import narwhals as nw

    value, untold = _value(form)
    return rows.select(
        *keep,
        day=_day(form),
        sender=nw.col(form.column("sender")),
        receiver=nw.col(form.column("receiver")),
        code=nw.col(form.column("code")).fill_null(""),
        value=value,
        untold=untold,
    )


def _day(form: EventForm) -> nw.Expr:
    """Day as the integer YYYYMMDD; null where the cell is no day."""
    import narwhals as nw

    cell = nw.col(form.column("day"))
    if form.kind("day") == "date":
        year, month = cell.dt.year().cast(nw.Int64), cell.dt.month().cast(nw.Int64)
        return year * 10_000 + month * 100 + cell.dt.day().cast(nw.Int64)
    if form.kind("day") == "number":
        return cell.cast(nw.Int64)
    bare = cell.str.slice(0, 10).str.replace_all("-", "", literal=True).str.slice(0, 8)
    return nw.when(cell.str.contains(_DAY)).then(bare).cast(nw.Int64)


def _value(form: EventForm) -> tuple[nw.Expr, nw.Expr]:
    """Value as a number, null where the cell is none; and whether the cell tells none."""
    import narwhals as nw

    if not form.column("value"):
        return nw.lit(None).cast(nw.Float64), nw.lit(True)
    cell = nw.col(form.column("value"))
    if form.kind("value") == "number":
        # Told as null: an engine may trust a file's bounds of a column, which leave NaN out.
        number = cell.cast(nw.Float64)
        return nw.when(~number.is_nan()).then(number), cell.is_null()
    number = nw.when(cell.str.contains(_NUMBER)).then(cell).cast(nw.Float64)
    return number, cell.is_null() | cell.is_in(MISSING)


def _rule() -> nw.Expr:
    """Number of the first rule that a row breaks; 0 if it breaks none."""
    import narwhals as nw

    def named(side: str) -> nw.Expr:
        return ~nw.col(side).is_null() & ~nw.col(side).is_in(MISSING)

    value = nw.col("value")
    fair = nw.col("untold") | (~value.is_null() & (value >= -BOUND) & (value <= BOUND))
    last = nw.when(fair).then(nw.lit(0)).otherwise(nw.lit(4))
    dated = nw.when(_is_day()).then(last).otherwise(nw.lit(3))
    apart = nw.when(nw.col("sender") != nw.col("receiver")).then(dated).otherwise(nw.lit(2))
    return nw.when(named("sender") & named("receiver")).then(apart).otherwise(nw.lit(1))


def _is_day() -> nw.Expr:
    """Whether an integer YYYYMMDD is a day of the calendar."""
    import narwhals as nw

    day = nw.col("day")
    d, md = day % 100, day % 10_000
    year = day - md
    leap = (year % 40_000 == 0) & ((year % 1_000_000 != 0) | (year % 4_000_000 == 0))
    month = (md >= 101) & (md < 1300) & (d >= 1)
    in_month = (md - d).is_in
    thirty = (d == 30) & (md - d != 200)
    long = (d == 31) & ~in_month([200, 400, 600, 900, 1100])
    inside = (d <= 28) | ((d == 29) & ((md != 229) | leap)) | thirty | long
    return (day > 10_000_000) & (day < 100_000_000) & month & inside
