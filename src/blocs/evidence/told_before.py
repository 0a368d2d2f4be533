"""What a second file of a data set tells again: refused aloud, so that nothing counts twice.

A copy in another packing, an export that overlaps, an older vintage under the same header: the
bytes differ and the facts do not. A roll call, and a ballot on it, is the same by its key. Any
other fact is the same if all it says is; as often as an earlier file tells it, a later one may
not add it, and what the later one tells more often stays. Where one amount or one property was
told for a period, another figure for it is refused as well: it is a correction, and the two must
not be summed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import polars as pl

from blocs.contracts import TABLES, Facts
from blocs.schemas import Rejects, reject, together

BEFORE = "told before"
OTHERWISE = "told otherwise before"
_NAMED = {"rollcalls": ["rollcall"], "ballots": ["rollcall", "actor"]}
_WHERE = ("fact_id", "source_id", "row")
_VALUE = {"flows": ("value",), "attributes": ("value", "text")}
_TOLD = ("rollcalls", "ballots", "spells", "flows", "events", "attributes")


def untold(parts: Sequence[Facts]) -> list[Facts]:
    """Return each part without what an earlier part of the same data set told.

    Parameters
    ----------
    parts : sequence of Facts
        In the order they were added; each of one data set.

    Returns
    -------
    list of Facts
        As many, in the same order. The rows taken out are among the rejects of their part, under
        the rules ``TABLE: told before`` and ``TABLE: told otherwise before``, and its sources
        count them.
    """
    names = [_dataset(part) for part in parts]
    if len(set(names)) == len(names):
        return list(parts)
    kept: list[dict[str, pl.DataFrame]] = [{} for _ in parts]
    for table in _TOLD:
        frames = [getattr(part, table) for part in parts]
        if sum(frame.height > 0 for frame in frames) < 2:
            continue
        rule = _ruled(table, frames, names)
        at = 0
        for new, part, frame in zip(kept, parts, frames, strict=True):
            mine = rule.slice(at, frame.height)
            at += frame.height
            if mine.null_count() < frame.height:
                new[table] = frame.filter(mine.is_null())
                again = frame.with_columns(rule=mine).filter(pl.col("rule").is_not_null())
                new["rejects"] = together(
                    Rejects, [new.get("rejects", part.rejects), _refused(table, part, again)]
                )
    return [_recounted(part, new) if new else part for part, new in zip(parts, kept, strict=True)]


def _dataset(part: Facts) -> str | int:
    told = part.sources["dataset"]
    return str(told[0]) if part.sources.height else id(part)


def _ruled(table: str, frames: Sequence[pl.DataFrame], names: Sequence[str | int]) -> pl.Series:
    """Tell for each stacked row the rule by which it is refused; null if it stays."""
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names))}
    stacked = together(TABLES[table], frames).with_columns(
        _part=pl.Series([i for i, f in enumerate(frames) for _ in range(f.height)], dtype=pl.Int32),
        _dataset=pl.Series(
            [numbers[n] for n, f in zip(names, frames, strict=True) for _ in range(f.height)],
            dtype=pl.Int32,
        ),
    )
    earlier = pl.col("_part").min().over
    if table in _NAMED:
        before = earlier("_dataset", *_NAMED[table]) < pl.col("_part")
        return stacked.select(pl.when(before).then(pl.lit(f"{table}: {BEFORE}"))).to_series()
    said = ["_dataset", *(c for c in TABLES[table].column_names() if c not in _WHERE)]
    period = [c for c in said if c not in _VALUE.get(table, ())]
    counted = stacked.with_columns(_nth=pl.int_range(pl.len()).over("_part", *said))
    before = earlier(*said, "_nth") < pl.col("_part")
    otherwise = pl.lit(table in _VALUE) & (earlier(*period) < pl.col("_part"))
    return counted.select(
        pl.when(before)
        .then(pl.lit(f"{table}: {BEFORE}"))
        .when(otherwise)
        .then(pl.lit(f"{table}: {OTHERWISE}"))
    ).to_series()


def _refused(table: str, part: Facts, again: pl.DataFrame) -> pl.DataFrame:
    """Rejects of one part: one a row, with what it says."""
    source = part.sources.row(0, named=True)
    key = _NAMED.get(table) or [
        c
        for c in ("kind", "type", "actor", "sender", "receiver", "start", "value")
        if c in again.columns
    ]
    return reject(
        again,
        rule=pl.col("rule"),
        source_id=source["source_id"],
        file=source["file"],
        value=pl.concat_str(key, separator=" ", ignore_nulls=True),
    )


def _recounted(part: Facts, new: dict[str, pl.DataFrame]) -> Facts:
    """Put the tables of a part in their place, and count what its source gives now."""
    facts = dataclasses.replace(part, **new)
    gone = sum(getattr(part, t).height - new[t].height for t in new if t in _TOLD[1:])
    sources = part.sources.with_columns(
        rows=pl.col("rows") - gone,
        rejected=pl.lit(facts.rejects["row"].n_unique(), dtype=pl.Int64),
    )
    return dataclasses.replace(facts, sources=sources)
