"""The one sum of events, written once: DuckDB, Polars and Spark run the same lines."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, cast

import polars as pl

from blocs.ties.event_sums.forms import FILE, ROW, EventForm

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.typing import LazyFrameT

SCALE = 1_000_000
"""Values are summed as integers, in millionths, so that no order of adding changes a digit."""
BOUND = 10
"""Goldstein scores and intensities lie within minus and plus this."""
RULES = ("", "a country on both sides", "two states", "the day is a day", "value is -10 to 10")
"""What the number of a rule means that a row broke first; 0 is a good row."""
PERIODS = ("day", "month", "year")
MISSING = ("", "NA", "None")
"""Spellings of a state or value that is not told, in GDELT, ICEWS and POLECAT."""
_DIGITS = {"day": 8, "month": 6, "year": 4}
_QUADS = (
    *(("01", ""), ("06", "01"), ("0:", "06"), ("10", ""), ("15", "10"), ("1:", "15")),
    *(("20", ""), ("21", "20")),
)
"""Before which code CAMEO's roots of one quad class end, and the first root of the class."""
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
    """Sum events by period, code and directed pair; rows that broke a rule, by rule.

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
        ``period`` (as `first_day` takes it), ``sender``, ``receiver``, ``code``, ``n`` events,
        ``scored`` of them with a value, ``millionths`` their sum, and `FILE` if asked for. Rows
        that broke a rule have its number (1 to 4) for a period, and no code; those of a text file
        no receiver, and what the cell that broke rule 3 or 4 starts with for a sender.
    """
    import narwhals as nw

    sums = sum_ties(rows, form, period=period, by=by, by_file=by_file)
    if form.separator:
        return sums
    pairs = count_pairs(rows, form, by_file=by_file)
    return cast("LazyFrameT", nw.concat([sums, no_ties(pairs, form, by_file=by_file)]))


def sum_ties(
    rows: LazyFrameT, form: EventForm, *, period: str, by: str, by_file: bool = False
) -> LazyFrameT:
    """Sum events as `sum_events` does, but for the pairs of a Parquet file that are no tie.

    Parameters
    ----------
    rows, form, period, by, by_file
        As `sum_events` has them; a sender, receiver and code may be of kind listed.
    """
    import narwhals as nw

    good = nw.col("rule") == 0
    start = _period(form, period)
    broke = nw.col("rule").cast(nw.Int64 if form.kind("day") == "date" else nw.String)
    more = [FILE] if by_file else []
    code, told = nw.col(form.column("code")), nw.col("code")
    short = told if form.kind("code") == "listed" else _code(told, by)
    cells, rule = _cells(rows, form, more, code=code), _rule(form)
    if not form.separator:
        cells, rule = cells.filter(*_apart(form)), _cell_rule(form)
    sender, receiver = nw.col("sender"), nw.col("receiver")
    if form.separator:
        sender, receiver = (
            nw.when(good).then(sender).otherwise(_odd()),
            nw.when(good).then(receiver),
        )
    kept = cells.with_columns(rule=rule).select(
        *more,
        period=nw.when(good).then(start).otherwise(broke),
        sender=sender,
        receiver=receiver,
        code=nw.when(good).then(short),
        millionths=(nw.when(good).then(nw.col("number")) * SCALE + 0.5).floor().cast(nw.Int64),
    )
    return kept.group_by(*more, "period", "sender", "receiver", "code").agg(
        n=nw.len().cast(nw.Int64),
        scored=nw.col("millionths").count().cast(nw.Int64),
        millionths=nw.col("millionths").sum().cast(nw.Int64),
    )


def count_pairs(rows: LazyFrameT, form: EventForm, *, by_file: bool = False) -> LazyFrameT:
    """Count rows, ``n``, by ``sender`` and ``receiver``: in Parquet this takes next to no time."""
    import narwhals as nw

    more = [FILE] if by_file else []
    sides = {side: nw.col(form.column(side)) for side in ("sender", "receiver")}
    return rows.select(*more, **sides).group_by(*more, *sides).agg(n=nw.len().cast(nw.Int64))


def no_ties(pairs: LazyFrameT, form: EventForm, *, by_file: bool = False) -> LazyFrameT:
    """Return counts of pairs that are no tie as `sum_events` does."""
    import narwhals as nw

    number = nw.Int64 if form.kind("day") == "date" else nw.String
    return (
        pairs.with_columns(rule=_pair_rule())
        .filter(nw.col("rule") > 0)
        .select(
            *([FILE] if by_file else []),
            period=nw.col("rule").cast(number),
            sender=nw.col("sender"),
            receiver=nw.col("receiver"),
            code=nw.lit(None).cast(nw.String),
            n=nw.col("n"),
            scored=nw.lit(0).cast(nw.Int64),
            millionths=nw.lit(0).cast(nw.Int64),
        )
    )


def broken(rows: LazyFrameT, form: EventForm, rule: int) -> LazyFrameT:
    """Return ``row`` (of `ROW`) and the cell, ``value``, of rows that break a rule (3 or 4)."""
    import narwhals as nw

    cell = nw.col(form.column("value"))
    if rule == 4 and form.kind("value") == "number":
        rows = rows.filter(~_within(cell))  # said of the column, an engine reads no other
    kept = _dated(form) if rule == 3 else _within(nw.col("number"))
    odd = ~kept.fill_null(value=False)
    cells = _cells(rows, form, [ROW]).filter(odd)
    marked = cells.with_columns(rule=_rule(form)).filter(nw.col("rule") == rule)
    return marked.select(
        row=nw.col(ROW), value=nw.col("day" if rule == 3 else "value").cast(nw.String)
    )


def _cells(rows: LazyFrameT, form: EventForm, keep: list[str], **more: nw.Expr) -> LazyFrameT:
    """Name the columns of a file by their roles; ``number`` is the value."""
    import narwhals as nw

    sender, receiver = nw.col(form.column("sender")), nw.col(form.column("receiver"))
    value = nw.col(form.column("value")) if form.column("value") else nw.lit(None).cast(nw.String)
    return rows.select(
        *keep,
        day=nw.col(form.column("day")),
        sender=sender,
        receiver=receiver,
        value=value,
        number=_number(value, form, sender != receiver),
        **more,
    )


def _number(cell: nw.Expr, form: EventForm, wanted: nw.Expr) -> nw.Expr:
    """Value as a number, null where the cell is none; text is read where it is wanted alone."""
    import narwhals as nw

    if form.kind("value") == "number":
        # Told as null: an engine may trust a file's bounds of a column, which leave NaN out.
        number = cell.cast(nw.Float64)
        return nw.when(~number.is_nan()).then(number)
    return nw.when(wanted & cell.str.contains(_NUMBER)).then(cell).cast(nw.Float64)


def _rule(form: EventForm) -> nw.Expr:
    """Number of the first rule that a row breaks; 0 if it breaks none."""
    return _pair_rule(_cell_rule(form))


def _cell_rule(form: EventForm) -> nw.Expr:
    """Number of the first rule that the day or the value of a row breaks; 0 if none."""
    import narwhals as nw

    told = nw.when(_untold(form)).then(nw.lit(0)).otherwise(nw.lit(4))
    last = nw.when(_within(nw.col("number"))).then(nw.lit(0)).otherwise(told)
    return nw.when(_dated(form)).then(last).otherwise(nw.lit(3))


def _pair_rule(good: nw.Expr | None = None) -> nw.Expr:
    """Number of the rule that a pair breaks; 0, or `good`, if it is one of two states."""
    import narwhals as nw

    two = nw.lit(0) if good is None else good
    apart = nw.when(nw.col("sender") != nw.col("receiver")).then(two).otherwise(nw.lit(2))
    nameless = _missing(nw.col("sender")) | _missing(nw.col("receiver"))
    return nw.when(nameless).then(nw.lit(1)).otherwise(apart)


def _period(form: EventForm, period: str) -> nw.Expr:
    """Period of a day, as `first_day` takes it."""
    import narwhals as nw

    cell = nw.col("day")
    if form.kind("day") == "date":
        year, month = cell.dt.year().cast(nw.Int64), cell.dt.month().cast(nw.Int64)
        parts = {"year": year, "month": year * 100 + month}
        return parts.get(period, year * 10_000 + month * 100 + cell.dt.day().cast(nw.Int64))
    compact = form.name == "gdelt" or form.kind("day") == "number"
    dashes = 0 if compact else {"year": 0, "month": 1, "day": 2}[period]
    return cell.cast(nw.String).str.slice(0, _DIGITS[period] + dashes)


def _odd() -> nw.Expr:
    """What the cell starts with that breaks the rule of days or of values: few are different."""
    import narwhals as nw

    value = nw.when(nw.col("rule") == 4).then(nw.col("value").str.slice(0, 4))
    return nw.when(nw.col("rule") == 3).then(nw.col("day").str.slice(0, 10)).otherwise(value)


def _dated(form: EventForm) -> nw.Expr:
    """Whether a cell is a day of the years 1000 to 9999."""
    import narwhals as nw

    cell = nw.col("day")
    if form.kind("day") == "date":
        year = cell.dt.year().cast(nw.Int64)
        return (year >= 1000) & (year <= 9999)
    return cell.cast(nw.String).str.contains(_DAY)


def _within(number: nw.Expr) -> nw.Expr:
    return (number >= -BOUND) & (number <= BOUND)


def _untold(form: EventForm) -> nw.Expr:
    """Whether a cell of a value tells none."""
    import narwhals as nw

    cell = nw.col("value")
    return cell.is_null() if form.kind("value") == "number" else _missing(cell)


def _apart(form: EventForm) -> list[nw.Expr]:
    """Whether a pair is one of two states: said as several, which an engine puts in order."""
    import narwhals as nw

    sides = nw.col("sender"), nw.col("receiver")
    if form.kind("sender") == "listed":
        told = [side > len(MISSING) for side in sides]
    else:
        told = [side != spelling for side in sides for spelling in MISSING]
    return [*told, sides[0] != sides[1]]


def _missing(cell: nw.Expr) -> nw.Expr:
    """Whether a cell is empty or spells that nothing is told (faster than a list)."""
    return reduce(or_, [cell == spelling for spelling in MISSING], cell.is_null())


def shortened(codes: pl.Series, by: str) -> pl.Series:
    """Return codes as `sum_events` groups them."""
    import narwhals as nw

    return (
        nw.from_native(codes.to_frame())
        .select(_code(nw.col(codes.name), by))
        .to_native()[codes.name]
    )


def _code(code: nw.Expr, by: str) -> nw.Expr:
    """Code, shortened to what tells its class: CAMEO's to the root, or to the first of a quad."""
    import narwhals as nw

    if by == "plover":
        return code
    short = nw.when((code >= "0") & (code < ":")).then(code.str.slice(0, 2)).otherwise(code)
    if by == "root":
        return short
    quad = short
    for end, first in reversed(_QUADS):
        quad = nw.when(code < end).then(nw.lit(first) if first else short).otherwise(quad)
    return quad
