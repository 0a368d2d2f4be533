"""Sums by code to ties by class: states for codes, and what means none of them counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlparse

import polars as pl

from blocs import actors
from blocs.ties.event_sums.forms import FILE, EventForm, class_of
from blocs.ties.event_sums.jobs import Job
from blocs.ties.event_sums.sums import first_day

KEYS = ("sender", "receiver", "start", "class")
REJECTS = {
    "path": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "rule": pl.String,
    "value": pl.String,
    "n": pl.Int64,
}
_AT_ONCE = 1_000_000  # rows that are held in memory together


@dataclass(frozen=True, slots=True)
class Translated:
    """Sums of a batch of files.

    Attributes
    ----------
    ties : pl.DataFrame
        ``sender, receiver, start, class, n, scored, millionths``; a key may come twice.
    counts : pl.DataFrame
        ``path, rule, n``: rows of each file by the rule they broke; 0 for those in `ties`.
    home : pl.DataFrame
        ``path, n``: rows whose codes mean the same state on both sides.
    unknown : pl.DataFrame
        `REJECTS`: codes that mean no state or class.
    """

    ties: pl.DataFrame
    counts: pl.DataFrame
    home: pl.DataFrame
    unknown: pl.DataFrame


def translate(job: Job, names: Mapping[str, str]) -> Translated:
    """Translate what an engine has written, some periods at a time.

    Parameters
    ----------
    job : Job
        What the engine was given; it has written its target.
    names : mapping
        The user's name of each file that the engine read.
    """
    raw = job.target
    sums = pl.scan_parquet(sorted(raw.glob("*.parquet")) if raw.is_dir() else [raw], glob=False)
    sums = sums.with_columns(first_day(pl.col("period"), job.period))
    sums = _named(sums, job, names)
    counts = sums.group_by("path", "rule").agg(pl.col("n").sum()).collect(engine="streaming")
    parts = [_part(part, job.form, job.by) for part in _parts(sums.filter(pl.col("rule") == 0))]
    home = pl.concat([part.home for part in parts]).group_by("path").agg(pl.col("n").sum())
    unknown = pl.concat([part.unknown for part in parts])
    keys = [name for name in REJECTS if name != "n"]
    return Translated(
        ties=pl.concat([part.ties for part in parts]),
        counts=counts.with_columns(pl.col("rule").cast(pl.Int64)).sort("path", "rule"),
        home=home.sort("path"),
        unknown=unknown.group_by(keys).agg(pl.col("n").sum()).select(*REJECTS).sort(keys),
    )


def _named(sums: pl.LazyFrame, job: Job, names: Mapping[str, str]) -> pl.LazyFrame:
    """Put the user's name of each row's file into ``path``."""
    if not job.several:
        return sums.with_columns(path=pl.lit(names[str(job.paths[0])]))
    engines = sums.select(pl.col(FILE).unique()).collect()[FILE].to_list()
    meant = {name: names[_place(name)] for name in engines}
    return sums.with_columns(path=pl.col(FILE).replace_strict(meant, return_dtype=pl.String))


def _place(name: str) -> str:
    """Return the path of a file, which Spark tells as an address."""
    return unquote(urlparse(name).path) if name.startswith("file:") else name


def _parts(sums: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Read the sums by runs of periods that memory holds; one empty part if there are none."""
    sizes = sums.group_by("period").len().collect(engine="streaming").sort("period")
    runs = sizes.with_columns(run=pl.col("len").cum_sum() // _AT_ONCE)
    spans = runs.group_by("run").agg(first=pl.col("period").min(), last=pl.col("period").max())
    for _, first, last in spans.sort("run").iter_rows():
        yield sums.filter(pl.col("period").is_between(pl.lit(first), pl.lit(last))).collect(
            engine="streaming"
        )
    if not spans.height:
        yield sums.collect()


def _part(sums: pl.DataFrame, form: EventForm, by: str) -> Translated:
    codes = sums["code"].unique().to_list()
    classes = {code: class_of(code, by) for code in codes}
    dated = sums.with_columns(
        start=pl.col("period").str.to_date("%Y%m%d", strict=False),
        **{"class": pl.col("code").replace_strict(classes, default=None, return_dtype=pl.String)},
    )
    for side in ("sender", "receiver"):
        pairs = dated.select(side, "start").unique()
        meant = actors.with_actor(pairs, side, system=form.system, on="start", into=f"{side}_id")
        dated = dated.join(meant, on=[side, "start"], how="left")
    known = pl.all_horizontal(pl.col("sender_id", "receiver_id", "class").is_not_null())
    same = pl.col("sender_id") == pl.col("receiver_id")
    ties = dated.filter(known & ~same).select(
        pl.col("sender_id").alias("sender"),
        pl.col("receiver_id").alias("receiver"),
        *("start", "class", "n", "scored", "millionths"),
    )
    return Translated(
        ties=ties,
        counts=pl.DataFrame(),
        home=dated.filter(known & same).select("path", "n"),
        unknown=_unknown(dated, form),
    )


def _unknown(dated: pl.DataFrame, form: EventForm) -> pl.DataFrame:
    """Count rows once, under the first column whose code means nothing."""
    found, left = [], dated
    for role, meant in (("sender", "sender_id"), ("receiver", "receiver_id"), ("code", "class")):
        rule = "the code has a class" if role == "code" else "state is known"
        found.append(
            left.filter(pl.col(meant).is_null()).select(
                "path",
                pl.lit(None, pl.Int64).alias("row"),
                pl.lit(form.column(role)).alias("column"),
                pl.lit(rule).alias("rule"),
                pl.col(role).alias("value"),
                "n",
            )
        )
        left = left.filter(pl.col(meant).is_not_null())
    return pl.concat(found)
