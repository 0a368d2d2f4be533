"""Read benchmark files of events: four columns subject, relation, object, time.

The forms are those of the forecasting benchmarks: whole numbers (RE-Net,
RE-GCN, xERTE; a fifth column is ignored, names lie beside in ``entity2id.txt``
and ``relation2id.txt``, with the file's own prefix if there is one) or words
with an ISO date. Columns are apart by tabs, commas or spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from blocs.contracts import Citation
from blocs.errors import BadFile
from blocs.files import decode, read_bytes, read_head
from blocs.schemas import Rejects, reject, together

MMKB = Citation(
    "Garcia-Duran, A., Dumancic, S., Niepert, M. (2018). Learning Sequence Encoders for "
    "Temporal Knowledge Graph Completion. EMNLP; Boschee, E. et al. (2015). ICEWS Coded Event "
    "Data. Harvard Dataverse",
    "10.7910/DVN/28075",
)
"""Who made the quadruples of ICEWS events that forecasting is measured on, and from what."""
_DATE = r"^\d{4}-\d\d-\d\d$"
_SPLITS = re.compile(r"(train|valid|test|dev|val)", re.I)
_COLUMNS = ("sender", "relation", "receiver", "time")


@dataclass(frozen=True, slots=True)
class QuadrupleFile:
    """Events of one file.

    Attributes
    ----------
    events : pl.DataFrame
        ``event_id`` (file:row), ``sender``, ``relation``, ``receiver`` (names, or
        numbers as text without a list of names), ``time`` (whole number; the
        day's ordinal if `dated`).
    actors, relations : tuple of str
        The lists of names beside the file, empty without one.
    dated : bool
        Whether times are dates.
    rejects : pl.DataFrame
        `schemas.Rejects`.
    """

    events: pl.DataFrame
    actors: tuple[str, ...]
    relations: tuple[str, ...]
    dated: bool
    rejects: pl.DataFrame


def is_quadruples(path: Path) -> bool:
    """Tell by its first lines whether a file holds quadruples."""
    lines = [line for line in decode(read_head(path)).splitlines()[:3] if line.strip()]
    return any(_is_row(line.split(_mark(line))) for line in lines[:2])


def read_quadruples(path: Path) -> QuadrupleFile:
    """Read one file of quadruples; bad rows are refused with their rule.

    Raises
    ------
    BadFile
        If no row can be read, or a list of names is damaged.
    """
    lines = pl.Series("line", decode(read_bytes(path)).splitlines(), pl.String)
    table = pl.DataFrame({"row": pl.int_range(1, len(lines) + 1, eager=True), "line": lines})
    table = table.filter(pl.col("line").str.strip_chars() != "")
    mark = _mark(table["line"][0]) if table.height else "\t"
    parts = pl.col("line").str.strip_chars().str.split(mark) if mark else _words()
    cells = table.with_columns(cells=parts)
    if cells.height and not _is_row(cells["cells"][0].to_list()):
        cells = cells.slice(1)  # a header
    wide = pl.col("cells").list.len().is_between(4, 5)
    named = cells.with_columns(
        pl.col("cells").list.get(i, null_on_oob=True).str.strip_chars().alias(name)
        for i, name in enumerate(_COLUMNS)
    )
    dated = bool(named["time"].str.contains(_DATE).any())
    time = _ordinal() if dated else pl.col("time").cast(pl.Int64, strict=False)
    timed = named.with_columns(when=time)
    actors, relations = (_names(_beside(path, stem)) for stem in ("entity2id", "relation2id"))
    told = timed.with_columns(
        *(_named(end, actors) for end in ("sender", "receiver")), _named("relation", relations)
    )
    rules = {
        "a row has four or five columns": (wide, "line"),
        "time is a whole number or a date": (pl.col("when").is_not_null(), "time"),
        "sender has a name": (pl.col("sender name").is_not_null(), "sender"),
        "relation has a name": (pl.col("relation name").is_not_null(), "relation"),
        "receiver has a name": (pl.col("receiver name").is_not_null(), "receiver"),
    }
    refused = []
    for rule, (test, column) in rules.items():
        bad = told.filter(~test)
        refused.append(
            reject(bad, rule=rule, column=column, value=column, source_id="", file=path.name)
        )
        told = told.filter(test)
    rejects = together(Rejects, [part for part in refused if part.height])
    if told.is_empty():
        first = rejects.row(0, named=True) if rejects.height else None
        why = f": row {first['row']}, {first['rule']}, not {first['value']!r}" if first else ""
        raise BadFile(f"{path}: no event can be read{why}")
    events = told.select(
        event_id=pl.format("{}:{}", pl.lit(path.name), pl.col("row")),
        sender="sender name",
        relation="relation name",
        receiver="receiver name",
        time="when",
    )
    lists = (tuple(_known(actors)), tuple(_known(relations)))
    return QuadrupleFile(events, *lists, dated, rejects)


def _mark(line: str) -> str | None:
    return "\t" if "\t" in line else "," if "," in line else None


def _is_row(cells: list[str]) -> bool:
    told = [cell.strip() for cell in cells]
    return len(told) in {4, 5} and bool(re.match(r"-?\d+$|\d{4}-\d\d-\d\d$", told[3]))


def _words() -> pl.Expr:
    return pl.col("line").str.extract_all(r"\S+")


def _ordinal() -> pl.Expr:
    days = pl.col("time").str.to_date("%Y-%m-%d", strict=False)
    return (days.to_physical().cast(pl.Int64) + date(1970, 1, 1).toordinal()).alias("when")


def _beside(path: Path, stem: str) -> Path | None:
    """Find the list of names beside a file, with the file's own prefix."""
    prefix = _SPLITS.split(path.name)[0] if _SPLITS.search(path.name) else ""
    for name in (f"{prefix}{stem}.txt", f"{prefix}{stem}.txt.gz"):
        if (path.parent / name).is_file():
            return path.parent / name
    return None


def _names(path: Path | None) -> dict[str, str] | None:
    """Read a list of names and numbers, in either order, by tab; number -> name."""
    if path is None:
        return None
    pairs = [line.split("\t") for line in decode(read_bytes(path)).splitlines() if "\t" in line]
    told = [(a.strip(), b.strip()) for a, b, *_ in pairs]
    first = all(a.isdigit() for a, _ in told)
    if not first and not all(b.isdigit() for _, b in told):
        raise BadFile(f"{path}: a list of names has a number and a name a line, by tab")
    return dict(told) if first else {b: a for a, b in told}


def _named(column: str, names: dict[str, str] | None) -> pl.Expr:
    """Give the name of a number; words, and numbers without a list, stand for themselves."""
    cell = pl.col(column)
    if names is None:
        return pl.when(cell != "").then(cell).alias(f"{column} name")
    told = cell.replace_strict(names, default=None, return_dtype=pl.String)
    word = pl.when(~cell.str.contains(r"^-?\d+$") & (cell != "")).then(cell)
    return pl.coalesce(told, word).alias(f"{column} name")


def _known(names: dict[str, str] | None) -> list[str]:
    return list((names or {}).values())
