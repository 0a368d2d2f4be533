"""Steps every reader shares: text to numbers and dates, with rejects said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import MAXYEAR, date

import polars as pl

from blocs.schemas import Coverage, Rejects, dtypes, reject, together

MISSING = ("", "NA", "NaN", "-9", "-9.0")


def integers(
    frame: pl.DataFrame, columns: Sequence[str], *, source_id: str, file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn text columns into integers; a row with anything else is rejected.

    Null stays null: missing is not wrong. "2e3" and "2.0" are whole numbers too,
    as statistics programs write them. Columns that are integers already stay.

    Returns
    -------
    frame : pl.DataFrame
        Rows whose cells are all integers or null.
    rejects : pl.DataFrame
        `schemas.Rejects` rows for the others.
    """
    columns = [c for c in columns if not frame.schema[c].is_integer()]
    made = frame.with_columns(
        pl.col(c).str.strip_chars().cast(pl.Int64, strict=False).alias(f"__{c}") for c in columns
    )
    odd = [c for c in columns if made[f"__{c}"].null_count() > made[c].null_count()]
    made = made.with_columns(_whole(c).alias(f"__{c}") for c in odd)
    return _settle(made, columns, "integer", source_id=source_id, file=file)


def numbers(
    frame: pl.DataFrame, columns: Sequence[str], *, source_id: str, file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn text columns into floating-point numbers, as `integers` does."""
    made = frame.with_columns(
        pl.col(c).str.strip_chars().cast(pl.Float64, strict=False).alias(f"__{c}") for c in columns
    )
    return _settle(made, columns, "number", source_id=source_id, file=file)


def dates(
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    source_id: str,
    file: str,
    form: str = "%Y-%m-%d",
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn text columns into dates, as `integers` does."""
    made = frame.with_columns(
        pl.col(c).str.strip_chars().str.to_date(form, strict=False).alias(f"__{c}") for c in columns
    )
    return _settle(made, columns, "date", source_id=source_id, file=file)


def known(
    frame: pl.DataFrame, column: str, *, rule: str, source_id: str, file: str, value: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reject the rows where a column that must be known is null.

    Parameters
    ----------
    frame : pl.DataFrame
        Rows with ``row``.
    column : str
        The column that must be known.
    rule : str
        Name of the rule, for the rejects.
    value : str
        Column whose content shows what was seen instead.
    """
    bad = frame.filter(pl.col(column).is_null())
    rejects = reject(bad, rule=rule, source_id=source_id, file=file, column=value, value=value)
    return frame.filter(pl.col(column).is_not_null()), rejects


def all_rejects(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Stack rejects, in the order of row and rule."""
    return together(Rejects, frames).sort("file", "row", "rule", maintain_order=True)


def covered(topic: str, source_id: str, first: int, last: int) -> pl.DataFrame:
    """Declare that absence means zero: for every member state, whole years.

    Examples
    --------
    >>> covered("alliance", "f00", 1816, 2018)["end"].to_list()
    [datetime.date(2019, 1, 1)]
    """
    return pl.DataFrame(
        {
            "source_id": [source_id],
            "topic": [topic],
            "actor": [None],
            "start": [date(first, 1, 1)],
            "end": [date(last + 1, 1, 1) if last < MAXYEAR else date.max],
        },
        schema=dtypes(Coverage),
    )


def listed_years(years: pl.Series, topic: str, source_id: str) -> list[pl.DataFrame]:
    """Declare a topic covered from the first to the last year that a table lists, if it lists any.

    Examples
    --------
    >>> listed_years(pl.Series([1950, 1952]), "alliance_years", "f00")[0]["end"].to_list()
    [datetime.date(1953, 1, 1)]
    """
    known = years.drop_nulls().cast(pl.Int64).to_list()
    return [covered(topic, source_id, min(known), max(known))] if known else []


def _whole(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    whole = pl.when(number == number.floor()).then(number).cast(pl.Int64, strict=False)
    return pl.coalesce(text.cast(pl.Int64, strict=False), whole)


def _settle(
    made: pl.DataFrame, columns: Sequence[str], rule: str, *, source_id: str, file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    wrong = {c: pl.col(f"__{c}").is_null() & pl.col(c).is_not_null() for c in columns}
    rejects = [
        reject(
            made.filter(test),
            rule=f"{c} must be: {rule}",
            source_id=source_id,
            file=file,
            column=c,
            value=c,
        )
        for c, test in wrong.items()
    ]
    bad = any(rows.height for rows in rejects)
    good = made.filter(~pl.any_horizontal(*wrong.values())) if bad else made
    kept = good.with_columns(pl.col(f"__{c}").alias(c) for c in columns)
    return kept.drop(f"__{c}" for c in columns), all_rejects(rejects)
