"""Sum any number of coded events to ties of pairs of states by period."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

import msgspec
import polars as pl

from blocs.contracts import Answer, View
from blocs.errors import BadInput
from blocs.project import home
from blocs.ties.event_sums.accounts import EventSource
from blocs.ties.event_sums.whole import EventSums, sum_files
from blocs.views.progress import announce, progress

_SHOWN = 5


class EventFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``events``: what was summed, and what does not count and why.

    ``rejects`` and ``rows`` are tables, which JSON tells row by row.
    """

    schema: str = "blocs.events/1"
    period: str
    by: str
    engine: str
    ties: int
    events: int
    left_out: dict[str, int]
    sources: tuple[EventSource, ...]
    rejects: pl.DataFrame
    rows: pl.DataFrame


def ask(
    *files: str,
    period: str = "month",
    by: str = "quad",
    engine: str = "duckdb",
    memory: str = "",
    project: Path | None = None,
) -> Answer:
    """Sum events of GDELT, ICEWS, POLECAT-like or your own files to directed ties.

    One row is a sender, receiver, period and class: its events (n), how many have a value
    (scored), and their mean value, the same to the last digit on every engine. A run that
    was interrupted goes on after the last file it finished.

    Parameters
    ----------
    files
        Event files or patterns ("events/*.parquet"): text, packed or not, or Parquet. Your
        own need the columns date, sender, receiver (ISO3) and code or type.
    period
        day, month or year.
    by
        quad (verbal or material cooperation or conflict), plover or root.
    engine
        duckdb, polars or spark (experimental; extra spark, with Java).
    memory
        Most memory the engine takes, as 1.5GB; it spills to disk beyond (duckdb; spark's driver).
    project
        Project folder that keeps the sums of each file.
    """
    paths = _paths(files)
    folder = home(project) / "events"
    with progress() as step:
        found = sum_files(
            paths,
            period=period,
            by=by,
            engine_name=engine,
            memory=memory,
            folder=folder,
            watch=step("summing"),
        )
    for note in _notes(found):
        announce(note)
    facts = EventFacts(
        period=period,
        by=by,
        engine=engine,
        ties=found.ties.height,
        events=int(found.ties["n"].sum()),
        left_out=found.left_out,
        sources=found.sources,
        rejects=found.rejects,
        rows=found.ties,
    )
    return Answer(facts=facts, text=_text(facts, found), table=found.ties)


def _paths(patterns: Sequence[str]) -> list[Path]:
    if not patterns:
        raise BadInput("no event file given; name files or a pattern: blocs events 'gdelt/*.zip'")
    found: list[Path] = []
    for pattern in patterns:
        here = [pattern] if Path(pattern).is_file() else sorted(glob.glob(pattern, recursive=True))
        inside = [Path(name) for name in here if Path(name).is_file()]
        if not inside and here:
            raise BadInput(f"{pattern}: a folder; name its files, as '{here[0]}/*.csv'")
        if not inside:
            raise BadInput(f"{pattern}: no such file, and no file fits it as a pattern")
        found += inside
    return found


def _notes(found: EventSums) -> list[str]:
    notes = []
    if found.outdated:
        notes.append(
            f"{found.outdated} of {len(found.sources)} files were summed before under another list "
            "of states or version of blocs, and are summed anew"
        )
    if found.resumed:
        notes.append(f"{found.resumed} of {len(found.sources)} files were summed by an earlier run")
    worst = found.rejects.sort("n", descending=True, maintain_order=True)
    for row in worst.head(_SHOWN).iter_rows(named=True):
        place = f":{row['row']}" if row["row"] else ""
        what = f" {row['value']!r}" if row["value"] is not None else ""
        column = f", column {row['column']}" if row["column"] else ""
        notes.append(
            f"refused {row['n']:,}: {row['file']}{place}{column}{what}: not as the rule "
            f'"{row["rule"]}" has it'
        )
    if worst.height > _SHOWN:
        notes.append(f"and {worst.height - _SHOWN} more kinds of refused rows; --json lists all")
    return notes


def _text(facts: EventFacts, found: EventSums) -> str:
    rows = sum(s.rows for s in facts.sources)
    refused = sum(s.rejected for s in facts.sources)
    left = "; ".join(f"{n:,} without {rule}" for rule, n in facts.left_out.items())
    span = found.ties.select(pl.col("start").min().alias("a"), pl.col("start").max().alias("b"))
    first, last = span.row(0)
    when = f", {first} to {last}" if first else ""
    return (
        f"{facts.ties:,} ties by {facts.period} and {facts.by} from {facts.events:,} of {rows:,} "
        f"events in {len(facts.sources)} files{when}; {left}; {refused:,} refused. A pair that is "
        "not there had no event in these files."
    )


VIEW = View(
    ask=ask,
    examples=(
        "blocs events 'gdelt/*.export.CSV.zip' --period month --by quad -o ties.parquet",
        "blocs events events.2018.tab --by plover --csv",
        "blocs events 'corpus/*.parquet' --engine spark -o ties.csv",
    ),
)
