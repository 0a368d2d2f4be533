"""The one sum of events, written once: DuckDB, Polars and Spark run the same lines."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

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
_DIGITS = {"day": 8, "month": 6, "year": 4}
_QUADS = (("20", "20"), ("15", "19"), ("10", "14"), ("06", "09"), ("01", "05"))  # CAMEO roots
# What is a number or a day is said by patterns, since engines cast odd text differently.
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\z"
_LEAP = "([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)"
_MONTHS = (
    "(0[1-9]|1[0-2]){0}(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2]){0}(29|30)|(0[13578]|1[02]){0}31"
)
_DATE = f"([1-9][0-9]{{{{3}}}}{{0}}({_MONTHS})|{_LEAP}{{0}}02{{0}}29)"
_DAY = rf"^({_DATE.format('-')}|{_DATE.format('')})([T ]|\z)"


def first_day(period_told: pl.Expr, period: str) -> pl.Expr:
    """Return the first day of a period as YYYYMMDD, of what the sums say of the period."""
    digits = period_told.cast(pl.String).str.replace_all("-", "", literal=True)
    return digits.str.slice(0, _DIGITS[period]) + "0101"[_DIGITS[period] - 4 :]


def sum_events(
    rows: LazyFrameT, form: EventForm, *, period: str, by: str, by_file: bool = False
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
    by : str
        quad, plover or root: CAMEO codes that it does not tell apart are summed as one.
    by_file : bool
        Whether to sum each file by itself, by the column `FILE`.

    Returns
    -------
    nw.LazyFrame
        ``rule``, ``period`` (as `first_day` takes it), ``sender``, ``receiver``, ``code``,
        ``n`` events, ``scored`` of them with a value, ``millionths`` their sum, and `FILE` if
        asked for. Rows that broke a rule are counted under it with null keys.
    """
    import narwhals as nw

    good = nw.col("rule") == 0
    keys = {
        "period": nw.col("period"),
        "sender": nw.col("sender"),
        "receiver": nw.col("receiver"),
        "code": _code(by),
    }
    more = [FILE] if by_file else []
    kept = (
        typed(rows, form, period, more)
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
    marked = typed(told, form, "day", ["row", "told"]).with_columns(rule=_rule())
    return marked.filter(nw.col("rule") == rule).select("row", value=nw.col("told"))


def typed(rows: LazyFrameT, form: EventForm, period: str, keep: list[str]) -> LazyFrameT:
    """Give the columns of a file their roles; ``untold`` marks a value that is missing."""
    import narwhals as nw

    start, dated = _period(form, period)
    value, untold = _value(form)
    return rows.select(
        *keep,
        period=start,
        dated=dated,
        sender=nw.col(form.column("sender")),
        receiver=nw.col(form.column("receiver")),
        code=nw.col(form.column("code")).fill_null(""),
        value=value,
        untold=untold,
    )


def _period(form: EventForm, period: str) -> tuple[nw.Expr, nw.Expr]:
    """Period of the day, as `first_day` takes it, and whether the cell is a day."""
    import narwhals as nw

    cell = nw.col(form.column("day"))
    if form.kind("day") == "date":
        year, month = cell.dt.year().cast(nw.Int64), cell.dt.month().cast(nw.Int64)
        parts = {"year": year, "month": year * 100 + month}
        whole = year * 10_000 + month * 100 + cell.dt.day().cast(nw.Int64)
        return parts.get(period, whole), (year >= 1000) & (year <= 9999)
    text = cell.cast(nw.String) if form.kind("day") == "number" else cell
    compact = form.name == "gdelt" or form.kind("day") == "number"
    dashes = 0 if compact else {"year": 0, "month": 1, "day": 2}[period]
    return text.str.slice(0, _DIGITS[period] + dashes), text.str.contains(_DAY)


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
    return number, _missing(cell)


def _missing(cell: nw.Expr) -> nw.Expr:
    """Whether a cell is empty or spells that nothing is told (faster than a list)."""
    return reduce(or_, [cell == spelling for spelling in MISSING], cell.is_null())


def _code(by: str) -> nw.Expr:
    """Code, shortened to what tells its class: CAMEO's to the root, or to the first of a quad."""
    import narwhals as nw

    code = nw.col("code")
    if by == "plover":
        return code
    root, short = code.str.slice(0, 2), code.str.slice(0, 2)
    for first, last in _QUADS if by == "quad" else ():
        short = nw.when((root >= first) & (root <= last)).then(nw.lit(first)).otherwise(short)
    return nw.when((code >= "0") & (code < ":")).then(short).otherwise(code)


def _rule() -> nw.Expr:
    """Number of the first rule that a row breaks; 0 if it breaks none."""
    import narwhals as nw

    value = nw.col("value")
    told = nw.when(nw.col("untold")).then(nw.lit(0)).otherwise(nw.lit(4))
    last = nw.when((value >= -BOUND) & (value <= BOUND)).then(nw.lit(0)).otherwise(told)
    dated = nw.when(nw.col("dated")).then(last).otherwise(nw.lit(3))
    apart = nw.when(nw.col("sender") != nw.col("receiver")).then(dated).otherwise(nw.lit(2))
    nameless = _missing(nw.col("sender")) | _missing(nw.col("receiver"))
    return nw.when(nameless).then(nw.lit(1)).otherwise(apart)
