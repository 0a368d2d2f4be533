"""Partial dates, half-open spells and periods of whole years.

A date in a source may be a year, a month or a day. `Partial` keeps what was
written; `Spell` is the half-open interval ``[start, end)`` that everything
inside blocs uses, with ``None`` for "open". `Period` is what a user asks for
with ``--from`` and ``--to``: whole years, both included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from blocs.errors import BadInput

Precision = Literal["year", "month", "day"]

FIRST_YEAR = 1816
_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$")


@dataclass(frozen=True, slots=True)
class Partial:
    """A date known to the year, month or day.

    Examples
    --------
    >>> Partial.parse("2024-10")
    Partial(first=datetime.date(2024, 10, 1), precision='month')
    >>> Partial.parse("2024-10").after
    datetime.date(2024, 11, 1)
    """

    first: date
    precision: Precision

    @classmethod
    def parse(cls, text: str) -> Partial:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

        Raises
        ------
        BadInput
            If the text is none of the three, or no such day exists.
        """
        match = _PARTIAL.match(text.strip())
        if match is None:
            raise BadInput(f"{text!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups()
        try:
            first = date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise BadInput(f"{text!r} is not a day of the calendar: {error}") from None
        if first.year == date.max.year:
            raise BadInput(f"{text!r} is not a date that has a day after it; years end at 9998")
        return cls(first, "day" if day else "month" if month else "year")

    @property
    def after(self) -> date:
        """First day after the date: the exclusive end of what it covers."""
        if self.precision == "day":
            return self.first + timedelta(days=1)
        if self.precision == "month":
            return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)
        return date(self.first.year + 1, 1, 1)

    def __str__(self) -> str:
        """Write the date back at its own precision."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True, slots=True)
class Spell:
    """A half-open interval of days; ``None`` is open.

    Examples
    --------
    >>> pact = Spell(date(1955, 5, 14), date(1991, 7, 2))
    >>> date(1991, 7, 1) in pact, date(1991, 7, 2) in pact
    (True, False)
    """

    start: date | None
    end: date | None

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the spell."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Spell) -> bool:
        """Tell whether the two spells share at least one day."""
        starts, ends = (self.start, other.start), (self.end, other.end)
        return all(s is None or e is None or s < e for s in starts for e in ends)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole years ``first`` to ``last``, both included.

    Examples
    --------
    >>> Period(2022, 2024).spell.end
    datetime.date(2025, 1, 1)
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.first <= self.last <= 2100:
            raise BadInput(
                f"the period {self.first} to {self.last} is not usable; years run from "
                f"{FIRST_YEAR} and the first must not be after the last"
            )

    @property
    def spell(self) -> Spell:
        """The same period as a half-open spell of days."""
        return Spell(date(self.first, 1, 1), date(self.last + 1, 1, 1))

    @property
    def years(self) -> range:
        """The years of the period."""
        return range(self.first, self.last + 1)

    def __str__(self) -> str:
        """Write the period as people say it: 2022–24."""
        return years(self.first, self.last)


def years(first: int, last: int) -> str:
    """Write a span of years: 2022–24, 1998–2004, 1938.

    Examples
    --------
    >>> years(2022, 2024), years(1998, 2004), years(1938, 1938)
    ('2022–24', '1998–2004', '1938')
    """
    if first == last:
        return str(first)
    short = first // 100 == last // 100
    return f"{first}–{last % 100:02d}" if short else f"{first}–{last}"


def in_force(period: Period, *, start: str = "start", end: str = "end") -> pl.Expr:
    """Polars filter: rows whose spell shares a day with the period.

    Examples
    --------
    >>> frame = pl.DataFrame({"start": [date(1949, 8, 24)], "end": [None]},
    ...                      schema_overrides={"end": pl.Date})
    >>> frame.filter(in_force(Period(1948, 1948))).height
    0
    """
    return meets(period.spell, start=start, end=end)


def meets(spell: Spell, *, start: str = "start", end: str = "end") -> pl.Expr:
    """Polars filter: rows whose spell shares a day with another; what is not known rules none out.

    Examples
    --------
    >>> frame = pl.DataFrame({"start": [date(1990, 1, 1)], "end": [date(1993, 1, 1)]})
    >>> [frame.filter(meets(Spell(date(y, 1, 1), None))).height for y in (1992, 1993)]
    [1, 0]
    """
    first, last = (pl.lit(day, dtype=pl.Date) for day in (spell.start, spell.end))
    apart = (pl.col(start) >= last) | (pl.col(end) <= first)
    return ~apart.fill_null(value=False)


def holds_on(day: date, *, start: str = "start", end: str = "end") -> pl.Expr:
    """Polars filter: rows whose spell holds on a day; an unknown end lies beyond it.

    Examples
    --------
    >>> frame = pl.DataFrame({"start": [date(1949, 8, 24)], "end": [date(1966, 3, 10)]})
    >>> [frame.filter(holds_on(date(y, 3, 10))).height for y in (1949, 1950, 1966)]
    [0, 1, 0]
    """
    on = pl.lit(day, dtype=pl.Date)
    begun = pl.col(start).is_null() | (pl.col(start) <= on)
    return begun & (pl.col(end).is_null() | (pl.col(end) > on))


def first_day(column: str) -> pl.Expr:
    """Polars expression: a partial date as text to its first day; null if it is none.

    Examples
    --------
    >>> pl.DataFrame({"start": ["1949", "1955-05", "1955-05-14", None]}).select(
    ...     first_day("start"))["start"].to_list()[1]
    datetime.date(1955, 5, 1)
    """
    text = pl.col(column)
    length = text.str.len_chars()
    full = pl.when(length.is_in([4, 7, 10])).then(text + pl.lit("-01-01").str.slice(length - 4))
    return full.str.to_date("%Y-%m-%d", strict=False).alias(column)


def precision(column: str) -> pl.Expr:
    """Polars expression: how precisely a partial date was written."""
    length = pl.col(column).str.len_chars()
    return (
        pl.when(length == 4)
        .then(pl.lit("year"))
        .when(length == 7)
        .then(pl.lit("month"))
        .when(length == 10)
        .then(pl.lit("day"))
        .alias(f"{column}_precision")
    )
