"""Every row of every file accounted for: counted, left out, or refused aloud."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import polars as pl

from blocs.ties.event_sums.forms import EventForm
from blocs.ties.event_sums.lines import Sought
from blocs.ties.event_sums.on_polars import SHOWN, locate
from blocs.ties.event_sums.sums import RULES
from blocs.ties.event_sums.translated import REJECTS, Translated

_ODD = "as many cells as columns, in UTF-8"
_BROKEN = {3: "day", 4: "value"}


class EventSource(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was summed: ``rows = counted + left_out + rejected``."""

    file: str
    sha256: str
    form: str
    rows: int
    counted: int
    left_out: int
    rejected: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a batch, and its rows that are no tie between two states, by rule."""

    sources: tuple[EventSource, ...]
    left_out: dict[str, int]


def account(found: Translated, odd: pl.DataFrame, paths: Mapping[Path, str], form: str) -> Account:
    """Count the rows of each file; `paths` has the checksum of each, in order."""
    ruled = {(path, rule): n for path, rule, n in found.counts.iter_rows()}
    home = dict(found.home.iter_rows())
    unknown = dict(found.unknown.group_by("path").agg(pl.col("n").sum()).iter_rows())
    cut = dict(odd.group_by("path").agg(pl.len()).iter_rows())
    sources = []
    for path, digest in paths.items():
        name = str(path)
        by_rule = [ruled.get((name, rule), 0) for rule in range(len(RULES))]
        aside, strange = home.get(name, 0), unknown.get(name, 0)
        sources.append(
            EventSource(
                file=path.name,
                sha256=digest,
                form=form,
                rows=sum(by_rule) + cut.get(name, 0),
                counted=by_rule[0] - aside - strange,
                left_out=by_rule[1] + by_rule[2] + aside,
                rejected=by_rule[3] + by_rule[4] + strange + cut.get(name, 0),
            )
        )
    left = {RULES[rule]: sum(ruled.get((str(p), rule), 0) for p in paths) for rule in (1, 2)}
    left[RULES[2]] += sum(home.values())
    return Account(sources=tuple(sources), left_out=left)


def list_rejects(
    found: Translated, odd: pl.DataFrame, plain: Mapping[str, str], form: EventForm
) -> pl.DataFrame:
    """List what was refused: lines and cells one by one (the first 1,000), codes counted.

    Parameters
    ----------
    found, odd
        Sums, and the lines the engine could not read.
    plain : mapping
        The plain copy of each file that has broken rows, to find them in.
    form : EventForm
        Form of the files.
    """
    lines = odd.select(
        *("path", "row"),
        pl.lit(None, pl.String).alias("column"),
        pl.lit(_ODD).alias("rule"),
        "value",
        pl.lit(1, pl.Int64).alias("n"),
    )
    told = [_first(part) for part in lines.partition_by("path", maintain_order=True)]
    for path, rule, n in found.counts.filter(pl.col("rule") >= 3).iter_rows():
        column = form.column(_BROKEN[rule])
        starts = found.broken.filter(path=path, rule=rule)["start"]
        refused = odd.filter(path=path)["row"]
        summed = int(found.counts.filter(path=path)["n"].sum())
        sought = Sought(tuple(starts), n, summed + len(refused))
        cells = locate(Path(plain[path]), form, rule, sought)
        cells = cells.filter(~pl.col("row").is_in(refused.implode())).select(
            pl.lit(path).alias("path"),
            "row",
            pl.lit(column).alias("column"),
            pl.lit(RULES[rule]).alias("rule"),
            "value",
            pl.lit(1, pl.Int64).alias("n"),
        )
        told.append(_first(cells, n))
    return pl.concat([pl.DataFrame(schema=REJECTS), *told, found.unknown])


def _first(rows: pl.DataFrame, total: int | None = None) -> pl.DataFrame:
    """Keep the first rows of a file; the others are one row that counts them."""
    rest = (rows.height if total is None else total) - min(rows.height, SHOWN)
    if not rest:
        return rows
    others = rows.tail(1).with_columns(
        pl.lit(None, pl.Int64).alias("row"),
        pl.lit(None, pl.String).alias("value"),
        pl.lit(rest, pl.Int64).alias("n"),
    )
    return pl.concat([rows.head(SHOWN), others])
