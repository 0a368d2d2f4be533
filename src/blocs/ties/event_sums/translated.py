"""Sums by code to ties by class: states for codes, and what means none of them counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlparse

import polars as pl

from blocs import actors
from blocs.ties.event_sums.forms import FILE, class_of
from blocs.ties.event_sums.jobs import Job, Listed, Summed
from blocs.ties.event_sums.packed import add_up, classes, pack, states
from blocs.ties.event_sums.sums import first_day

REJECTS = {
    "path": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "rule": pl.String,
    "value": pl.String,
    "n": pl.Int64,
}
_COUNTS = {"path": pl.String, "rule": pl.Int64, "n": pl.Int64}
_AT_ONCE = 2_000_000  # rows that are held in memory together
_TABLE = 1_000_000  # codes by periods of which a table is made, which is faster to look up


@dataclass(frozen=True, slots=True)
class Translated:
    """Sums of a batch of files.

    Attributes
    ----------
    ties : pl.DataFrame
        `packed.PACKED`, sorted by key; a key may come twice.
    counts : pl.DataFrame
        ``path, rule, n``: rows of each file by the rule they broke; 0 for those in `ties`.
    home : pl.DataFrame
        ``path, n``: rows whose codes mean the same state on both sides.
    unknown : pl.DataFrame
        `REJECTS`: codes that mean no state or class.
    broken : pl.DataFrame
        ``path, rule, start``: what cells of a text file that broke a rule start with.
    """

    ties: pl.DataFrame
    counts: pl.DataFrame
    home: pl.DataFrame
    unknown: pl.DataFrame
    broken: pl.DataFrame


def translate(summed: Summed, job: Job, names: Mapping[str, str]) -> Translated:
    """Translate what an engine has summed, some periods at a time.

    Parameters
    ----------
    summed : Summed
        What the engine gave back.
    job : Job
        What it was given.
    names : mapping
        The user's name of each file that the engine read.
    """
    parts = [_part(part, summed.listed, job, names) for part in _parts(summed.sums)]
    ties = [part.ties for part in parts]
    counts = pl.concat([part.counts for part in parts]).group_by("path", "rule")
    home = pl.concat([part.home for part in parts]).group_by("path")
    keys = [name for name in REJECTS if name != "n"]
    unknown = pl.concat([part.unknown for part in parts]).group_by(keys)
    return Translated(
        ties=add_up(ties) if job.several or len(ties) > 1 else ties[0].sort("key"),
        counts=counts.agg(pl.col("n").sum()).sort("path", "rule"),
        home=home.agg(pl.col("n").sum()).sort("path"),
        unknown=unknown.agg(pl.col("n").sum()).select(*REJECTS).sort(keys),
        broken=pl.concat([part.broken for part in parts]).unique().sort("path", "rule", "start"),
    )


def _parts(sums: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Read the sums whole, or by runs of periods that memory holds."""
    if sums.select(pl.len()).collect().item() <= _AT_ONCE:
        yield sums.collect()
        return
    sizes = sums.group_by("period").len().collect(engine="streaming").sort("period")
    runs = sizes.with_columns(run=pl.col("len").cum_sum() // _AT_ONCE)
    spans = runs.group_by("run").agg(first=pl.col("period").min(), last=pl.col("period").max())
    for _, first, last in spans.sort("run").iter_rows():
        yield sums.filter(pl.col("period").is_between(pl.lit(first), pl.lit(last))).collect(
            engine="streaming"
        )


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A column of few different texts: each text once, and which of them each row has."""

    texts: pl.Series
    at: pl.Series

    def of(self, values: pl.Series) -> pl.Series:
        """Return the value of each row, given that of each text."""
        return values.gather(self.at)


def _numbered(column: pl.Series, listed: pl.Series | None = None) -> _Numbered:
    """Number the texts of a column: rows are then told apart, and joined, by number."""
    if listed is not None:
        texts = pl.concat([pl.Series([""]), listed.rename("").fill_null("")])
        return _Numbered(texts, column.fill_null(0).cast(pl.UInt32))
    if column.dtype.is_integer():
        few = column.unique().sort()
        return _Numbered(few.cast(pl.String), few.search_sorted(column))
    own = pl.Categories.random(physical=pl.UInt32)
    kinds = column.cast(pl.String).fill_null("").cast(pl.Categorical(own))
    texts = own.to_series().cast(pl.String)  # which are gone when no column holds them
    return _Numbered(texts, kinds.to_physical())


def _part(sums: pl.DataFrame, listed: Listed, job: Job, names: Mapping[str, str]) -> Translated:
    periods = _numbered(sums["period"])
    sides = [_numbered(sums[side], listed.states) for side in ("sender", "receiver")]
    codes = _numbered(sums["code"], listed.codes)
    good = periods.of(periods.texts.str.len_chars() > 1)
    ends = [_meant(side, periods, job) for side in sides]
    kind = _kinds(codes, job)
    known = ends[0].is_not_null() & ends[1].is_not_null() & kind.is_not_null()
    tie = known & good & (ends[0] != ends[1])
    start = periods.of(_starts(periods.texts, job))
    keys = pack(*(column.filter(tie) for column in (*ends, start, kind)))
    tied = sums.filter(tie)
    told = (side.texts.gather(side.at.filter(~tie)) for side in (*sides, codes))
    texts = dict(zip(("sender", "receiver", "code"), told, strict=True))
    meant = {"sender_is": ends[0], "receiver_is": ends[1], "code_is": kind}
    rest = _named(sums.filter(~tie).with_columns(**texts), job, names).with_columns(
        **{name: column.filter(~tie) for name, column in meant.items()},
        known=known.filter(~tie),
        good=good.filter(~tie),
    )
    odd = rest.filter("good")
    counts = _counts(_named(_by_file(tied, job), job, names), rest)
    return Translated(
        ties=tied.select("n", "scored", "millionths").insert_column(0, keys),
        counts=counts.select("path", "rule", "n"),
        home=odd.filter("known").select("path", "n"),
        unknown=_unknown(odd, job),
        broken=counts.filter(pl.col("rule") >= 3).select("path", "rule", "start"),
    )


def _counts(tied: pl.DataFrame, rest: pl.DataFrame) -> pl.DataFrame:
    """Count the rows of each file by the rule they broke, and what their cells start with."""
    rule = pl.when("good").then(0).otherwise(pl.col("period").cast(pl.Int64, strict=False))
    return pl.concat(
        [
            tied.select("path", pl.lit(0, pl.Int64).alias("rule"), "n", pl.lit("").alias("start")),
            rest.select("path", rule.alias("rule"), "n", pl.col("sender").alias("start")),
        ]
    )


def _by_file(rows: pl.DataFrame, job: Job) -> pl.DataFrame:
    """Count the events of each file."""
    return rows.group_by(FILE if job.several else []).agg(pl.col("n").sum())


def _named(rows: pl.DataFrame, job: Job, names: Mapping[str, str]) -> pl.DataFrame:
    """Add ``path``, the user's name of each row's file."""
    if not job.several:
        return rows.with_columns(path=pl.lit(names[str(job.paths[0])]))
    told = {file: names[_place(file)] for file in rows[FILE].unique()}
    return rows.with_columns(path=pl.col(FILE).replace_strict(told, return_dtype=pl.String))


def _place(name: str) -> str:
    """Return the path of a file, which Spark tells as an address."""
    return unquote(urlparse(name).path) if name.startswith("file:") else name


def _starts(periods: pl.Series, job: Job) -> pl.Series:
    days = pl.select(first_day(pl.lit(periods), job.period)).to_series()
    return days.str.to_date("%Y%m%d", strict=False)


def _meant(codes: _Numbered, periods: _Numbered, job: Job) -> pl.Series:
    """Return the number of the state that a code means in a period; null if none."""
    starts = _starts(periods.texts, job)
    pairs = codes.at.cast(pl.Int64) * len(starts) + periods.at
    asked = pairs.unique()
    table = pl.DataFrame(
        {
            "code": codes.texts.gather(asked // max(len(starts), 1)),
            "start": starts.gather(asked % max(len(starts), 1)),
        }
    )
    meant = actors.with_actor(table, "code", system=job.form.system, on="start")["actor"]
    numbers = {state: number for number, state in enumerate(states())}
    found = meant.replace_strict(numbers, default=None, return_dtype=pl.Int64)
    size = len(codes.texts) * len(starts)
    if size > _TABLE:
        return pairs.replace_strict(asked, found, return_dtype=pl.Int64)
    told = pl.Series([None], dtype=pl.Int64).new_from_index(0, size).scatter(asked, found)
    return told.gather(pairs)


def _kinds(codes: _Numbered, job: Job) -> pl.Series:
    """Return the number of the class of a code; null if it has none."""
    numbers = {kind: number for number, kind in enumerate(classes(job.by))}
    used = codes.at.unique()
    found = [numbers.get(class_of(code, job.by) or "") for code in codes.texts.gather(used)]
    told = pl.Series([None], dtype=pl.Int64).new_from_index(0, len(codes.texts))
    return codes.of(told.scatter(used, found))


def _unknown(rows: pl.DataFrame, job: Job) -> pl.DataFrame:
    """Count rows once, under the first column whose code means nothing."""
    found, left = [], rows
    for role in ("sender", "receiver", "code"):
        rule = "the code has a class" if role == "code" else "state is known"
        found.append(
            left.filter(pl.col(f"{role}_is").is_null()).select(
                "path",
                pl.lit(None, pl.Int64).alias("row"),
                pl.lit(job.form.column(role)).alias("column"),
                pl.lit(rule).alias("rule"),
                pl.col(role).fill_null("").alias("value"),
                "n",
            )
        )
        left = left.filter(pl.col(f"{role}_is").is_not_null())
    return pl.concat(found)
