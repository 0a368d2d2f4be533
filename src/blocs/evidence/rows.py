"""The steps from a publisher's table to facts, with every refused row kept.

`Rows` carries a table together with the rejects so far. Each step returns new
`Rows`; the last one (`Rows.facts`) checks the schema and gives `Facts`. Readers
of `blocs.evidence.datasets` are chains of these steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import polars as pl

from blocs import actors
from blocs.contracts import TABLES, Facts
from blocs.errors import BadFile
from blocs.evidence.cleaning import MISSING, all_rejects, dates, integers, numbers
from blocs.files import SourceFile, read_table
from blocs.schemas import Coverage, accept, dtypes, reject, together

Value: TypeAlias = pl.Expr | str | float | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one file on their way to facts.

    Attributes
    ----------
    frame : pl.DataFrame
        The rows still good, with ``row`` (1 = first under the header).
    source_id, file : str
        Where they come from.
    rejects : tuple of pl.DataFrame
        `schemas.Rejects` rows of the steps so far.
    """

    frame: pl.DataFrame
    source_id: str
    file: str
    rejects: tuple[pl.DataFrame, ...] = ()

    @property
    def where(self) -> dict[str, str]:
        """Source and file, as the cleaning functions want them."""
        return {"source_id": self.source_id, "file": self.file}

    def integers(self, *columns: str) -> Rows:
        """Turn text columns into integers; null stays null, other text is rejected."""
        return self._next(*integers(self.frame, columns, **self.where))

    def numbers(self, *columns: str) -> Rows:
        """Turn text columns into floating-point numbers, as `integers` does."""
        return self._next(*numbers(self.frame, columns, **self.where))

    def dates(self, *columns: str, form: str = "%Y-%m-%d") -> Rows:
        """Turn text columns into dates, as `integers` does."""
        return self._next(*dates(self.frame, columns, form=form, **self.where))

    def require(self, test: pl.Expr, *, rule: str, column: str) -> Rows:
        """Keep the rows that pass a test; the others are rejected under the rule's name.

        A null passes no test: where a cell may be empty, the test says so (``is_null() | ...``).
        """
        passed = test.fill_null(value=False)
        bad = self.frame.filter(~passed)
        refused = reject(bad, rule=rule, column=column, value=column, **self.where)
        return self._next(self.frame.filter(passed), refused)

    def keep(self, test: pl.Expr) -> Rows:
        """Leave rows out that are no facts by the codebook; nothing is rejected."""
        return replace(self, frame=self.frame.filter(test))

    def put(self, **columns: Value) -> Rows:
        """Add or replace columns; text and numbers are constants."""
        made = {
            name: value if isinstance(value, pl.Expr) else pl.lit(value)
            for name, value in columns.items()
        }
        return replace(self, frame=self.frame.with_columns(**made))

    def state(
        self,
        column: str,
        *,
        into: str,
        system: str = "cow",
        on: str | None = None,
        needed: bool = True,
    ) -> Rows:
        """Add the actor that a code or name means; a row without one is rejected.

        Parameters
        ----------
        column, system, on, into
            As in `blocs.actors.with_actor`.
        needed : bool
            False lets an empty cell through as null; a code that no actor has
            is rejected all the same.
        """
        keys = [column] if on is None else [column, on]
        codes = self.frame.select(keys).unique()
        meant = actors.with_actor(codes, column, system=system, on=on, into=into)
        rest = self.frame.drop(into, strict=False)
        found = rest.join(meant, on=keys, how="left", nulls_equal=True, maintain_order="left")
        known = pl.col(into).is_not_null()
        test = known if needed else known | pl.col(column).is_null()
        return replace(self, frame=found).require(test, rule="state is known", column=column)

    def home(self, column: str, *, into: str) -> Rows:
        """Add the state that a name is, or ends in: "Citizen (Nigeria)"; null if it is none."""
        words = pl.col(column).str.strip_chars()
        place = pl.coalesce(words.str.extract(r"\(([^()]+)\)$"), words)
        placed = self.put(place=place)
        known = actors.with_actor(
            placed.frame.select("place").unique(), "place", system="name", into=into
        )
        joined = placed.frame.join(known, on="place", how="left", maintain_order="left")
        return replace(self, frame=joined.drop("place"))

    def dyad(self, sender: str, receiver: str, *, system: str = "cow", on: str = "start") -> Rows:
        """Add ``sender`` and ``receiver`` from two columns of codes."""
        dated = on if on in self.frame.columns else None
        first = self.state(sender, into="sender", system=system, on=dated)
        return first.state(receiver, into="receiver", system=system, on=dated)

    def years(self, first: str, last: str | None = None) -> Rows:
        """Add ``start`` and ``end`` for whole years; a null last year is open."""
        until = last or first
        held = self._year(first)
        ends = held.require(
            pl.col(until).is_null() | pl.col(until).is_between(pl.col(first), 9998),
            rule="ends after it starts",
            column=until,
        )
        after_last = pl.date(pl.col(until) + 1, 1, 1)
        return ends.put(start=pl.date(pl.col(first), 1, 1), end=after_last)

    def days(
        self, first: tuple[str, str | None, str | None], last: tuple[str, str | None, str | None]
    ) -> Rows:
        """Add half-open ``start`` and ``end`` from year, month and day columns.

        A month or day that is null or 0 is unknown: the spell then runs from
        the first to the last day that the date can mean. A null first year is
        rejected, a null last year leaves ``end`` open.
        """
        made = self._year(first[0]).put(start=first_of(*first), end=after(*last))
        checked = made.require(
            pl.col("start").is_not_null(), rule="start is a day", column=first[2] or first[0]
        )
        ended = pl.col("end").is_not_null() | pl.col(last[0]).is_null()
        in_order = pl.col("end").is_null() | (pl.col("start") < pl.col("end"))
        return checked.require(ended, rule="end is a day", column=last[2] or last[0]).require(
            in_order, rule="ends after it starts", column=last[0]
        )

    def attributes(self, units: Mapping[str, str]) -> Facts:
        """Turn one column per property into attributes of ``actor``.

        Parameters
        ----------
        units : mapping
            Column to the unit it is counted in; the column's name is the kind.
            A value that is null is not known and gives no attribute.
        """
        index = [c for c in ("row", "actor", "start", "end") if c in self.frame.columns]
        long = self.frame.unpivot(
            list(units), index=index, variable_name="kind", value_name="value"
        ).filter(pl.col("value").is_not_null())
        kinds = replace(self, frame=long.sort("row", "kind"))
        named = kinds.put(
            value=pl.col("value").cast(pl.Float64),
            unit=pl.col("kind").replace_strict(units, return_dtype=pl.String),
            part=pl.col("kind"),
        )
        return named.facts("attributes")

    def facts(self, table: str, *coverage: pl.DataFrame) -> Facts:
        """Check the rows against a table's schema and make them facts.

        Parameters
        ----------
        table : str
            ``spells``, ``flows``, ``events`` or ``attributes``. A column
            ``part`` tells several facts of one row apart in their ids.
        coverage : pl.DataFrame
            `schemas.Coverage` rows: where absence means zero.
        """
        schema = TABLES[table]
        name = pl.lit(f"{self.source_id}:") + pl.col("row").cast(pl.String)
        if "part" in self.frame.columns:
            name = name + "/" + pl.col("part").cast(pl.String)
        complete = self.frame.with_columns(
            fact_id=name,
            source_id=pl.lit(self.source_id),
            **{
                column: pl.lit(None, dtype=dtype)
                for column, dtype in dtypes(schema).items()
                if column not in self.frame.columns and column not in {"fact_id", "source_id"}
            },
        )
        good, refused = accept(schema, complete, **self.where)
        return Facts(
            **{table: good},
            coverage=together(Coverage, coverage),
            rejects=all_rejects([*self.rejects, refused]),
        )

    def _year(self, column: str) -> Rows:
        test = pl.col(column).is_between(1, 9998)
        return self.require(test, rule="first year is known", column=column)

    def _next(self, frame: pl.DataFrame, refused: pl.DataFrame) -> Rows:
        kept = (*self.rejects, refused) if refused.height else self.rejects
        return replace(self, frame=frame, rejects=kept)


def read_rows(
    file: SourceFile,
    source_id: str,
    *columns: str,
    nulls: Sequence[str] = MISSING,
    names: Sequence[str] = (),
    quotes: bool = True,
) -> Rows:
    """Read columns of a publisher's table as text, under lower-case names.

    Names that differ only in case or outer spaces: the first is lowered, the
    others stay as they are.

    Parameters
    ----------
    columns : str
        Lower-case names of the columns wanted; none = all.
    nulls : sequence of str
        What the codebook writes for "missing".
    names, quotes
        As in `blocs.files.read_table`, for files without header.
    """
    own = {name.strip().lower(): name for name in reversed(names or file.columns)}
    wanted = [own.get(c, c) for c in columns] or None
    frame = read_table(file, columns=wanted, nulls=nulls, names=names, quotes=quotes)
    if frame.is_empty():
        raise BadFile(f"{file.path}: the table has a header and no rows; fetch the file again")
    plain = {name: low for low, name in own.items() if name in frame.columns}
    return Rows(frame.rename(plain), source_id, file.name)


def pairs(rows: Rows, keys: Sequence[str], *, actor: str = "actor") -> Rows:
    """Pair the actors that share a key: every two of a row list, in order of the alphabet.

    Parameters
    ----------
    rows : Rows
        One row per actor and key, as `longer` makes them.
    keys : sequence of str
        Columns that say what they share (``row``, dates, a number).

    Returns
    -------
    Rows
        Columns `keys`, ``sender`` < ``receiver`` and ``part`` = "SND-RCV".
    """
    once = rows.frame.select(*keys, actor).unique()
    both = once.join(once, on=list(keys), suffix="_other", nulls_equal=True)
    two = both.rename({actor: "sender", f"{actor}_other": "receiver"})
    kept = two.filter(pl.col("sender") < pl.col("receiver")).sort(*keys, "sender", "receiver")
    return replace(rows, frame=kept).put(part=pl.format("{}-{}", "sender", "receiver"))


def longer(rows: Rows, columns: Sequence[str], *, into: str) -> Rows:
    """Turn a list laid out in columns into one row per filled cell."""
    index = [c for c in rows.frame.columns if c not in columns]
    long = rows.frame.unpivot(list(columns), index=index, variable_name="place", value_name=into)
    filled = long.filter(pl.col(into).is_not_null())
    return replace(rows, frame=filled.sort("row", maintain_order=True))


def beside(file: SourceFile, stem: str) -> Path | None:
    """Find the file of a set that lies beside this one, by the start of its name."""
    found = sorted(p for p in file.path.parent.iterdir() if p.name.split(".")[0] == stem)
    return found[0] if found else None


def first_of(year: str, month: str | None = None, day: str | None = None) -> pl.Expr:
    """First day that a date in three integer columns can mean; null if there is none.

    Examples
    --------
    >>> pl.DataFrame({"y": [1914, 1914], "m": [6, 0], "d": [28, 0]}).select(
    ...     first_of("y", "m", "d"))["y"].to_list()
    [datetime.date(1914, 6, 28), datetime.date(1914, 1, 1)]
    """
    years = pl.when(pl.col(year).is_between(1, 9998)).then(pl.col(year))
    months, days = _known(month), pl.when(_known(month).is_not_null()).then(_known(day))
    at = pl.when(months.is_null()).then(1).otherwise(pl.when(months <= 12).then(months))
    passed = pl.when(days.is_null()).then(0).otherwise(pl.when(days <= 31).then(days) - 1)
    found = pl.date(years, at, 1) + pl.duration(days=passed)
    return pl.when(found.dt.month() == at).then(found).alias(year)


def after(year: str, month: str | None = None, day: str | None = None) -> pl.Expr:
    """Give the day after the last day that a date in three columns can mean.

    Examples
    --------
    >>> pl.DataFrame({"y": [1918, 1918], "m": [11, 0], "d": [11, 0]}).select(
    ...     after("y", "m", "d"))["y"].to_list()
    [datetime.date(1918, 11, 12), datetime.date(1919, 1, 1)]
    """
    first = first_of(year, month, day)
    no_month, no_day = _known(month).is_null(), _known(day).is_null()
    return (
        pl.when(no_month)
        .then(first.dt.offset_by("1y"))
        .when(no_day)
        .then(first.dt.offset_by("1mo"))
        .otherwise(first.dt.offset_by("1d"))
        .alias(year)
    )


def _known(column: str | None) -> pl.Expr:
    if column is None:
        return pl.lit(None, dtype=pl.Int64)
    return pl.when(pl.col(column) > 0).then(pl.col(column))
