"""ICEWS14: a benchmark for forecasting events, one year of coded events as ids."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from blocs.contracts import Dataset, Facts, Release
from blocs.errors import BadFile
from blocs.evidence.quadruples import MMKB
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile, decode, read_bytes

_ENTITIES, _RELATIONS = "entity2id", "relation2id"
_N_ENTITIES = 7128
_FIRST_DAY = date(2014, 1, 1)
_QUADRUPLE = ("subject", "relation", "object", "hour")


def read_ids(file: SourceFile, source_id: str) -> Facts:
    """Read a split of quadruples: subject, relation, object, hours since 1 January 2014.

    The lists of names lie beside it. An actor whose name is a state or ends in
    one, "Citizen_(Nigeria)", becomes that state, another stays null; the
    reference keeps both names, apart by " > ". A fifth column is ignored.
    """
    prefix = _prefix(file.path)
    width = len(file.columns)
    names = (*_QUADRUPLE, "more")[:width]
    rows = read_rows(file, source_id, *_QUADRUPLE, names=names, nulls=("",)).integers("hour")
    dated = rows.require(
        (pl.col("hour") >= 0) & (pl.col("hour") % 24 == 0),
        rule="hour is the start of a day",
        column="hour",
    ).put(start=pl.lit(_FIRST_DAY).dt.offset_by(pl.format("{}d", pl.col("hour") // 24)))
    entities = _names(file.path.parent / f"{prefix}{_ENTITIES}.txt")
    relations = _names(file.path.parent / f"{prefix}{_RELATIONS}.txt")
    named = dated
    for column, known in (("subject", entities), ("relation", relations), ("object", entities)):
        name = (
            pl.col(column)
            .str.strip_chars()
            .replace_strict(known, default=None, return_dtype=pl.String)
        )
        named = named.put(**{f"{column}_name": name}).require(
            pl.col(f"{column}_name").is_not_null(), rule="id has a name", column=column
        )
    return _facts(named)


def read_words(file: SourceFile, source_id: str) -> Facts:
    """Read a split written out: subject, relation, object, day."""
    rows = read_rows(file, source_id, *_QUADRUPLE, names=_QUADRUPLE, nulls=("",), quotes=False)
    dated = rows.dates("hour").put(
        start=pl.col("hour"), **{f"{c}_name": pl.col(c) for c in _QUADRUPLE[:3]}
    )
    return _facts(dated)


def _facts(rows: Rows) -> Facts:
    spaced = {
        f"{column}_words": pl.col(f"{column}_name").str.replace_all("_", " ")
        for column in ("subject", "object")
    }
    placed = rows.put(**spaced).home("subject_words", into="sender")
    return (
        placed.home("object_words", into="receiver")
        .put(
            kind="icews14",
            type=pl.col("relation_name").str.replace_all("_", " "),
            end=pl.col("start").dt.offset_by("1d"),
            ref=pl.format("{} > {}", "subject_name", "object_name"),
        )
        .facts("events")
    )


def _names(path: Path) -> dict[str, str]:
    """Read a list of names and numbers, in either order, by tab."""
    if not path.is_file():
        raise BadFile(f"{path}: the list of names must lie beside the quadruples")
    pairs = [line.split("\t") for line in decode(read_bytes(path)).splitlines() if "\t" in line]
    return {b.strip(): a.strip() if b.strip().isdigit() else b for a, b, *_ in pairs}


def _prefix(path: Path) -> str:
    return "xerte_" if path.name.startswith("xerte_") else ""


def _is_ids(file: SourceFile, prefix: str) -> bool:
    if len(file.columns) not in {4, 5} or _prefix(file.path) != prefix:
        return False
    names = file.path.parent / f"{prefix}{_ENTITIES}.txt"
    return (
        all(re.fullmatch(r"-?\d+(_\d+)?\s*", cell) for cell in file.columns)
        and names.is_file()
        and len(read_bytes(names).splitlines()) == _N_ENTITIES
    )


def _is_words(file: SourceFile) -> bool:
    cells = file.columns
    day = len(cells) == len(_QUADRUPLE) and re.match(r"2014-\d\d-\d\d", cells[-1])
    return bool(day) and file.separator == "\t" and "_" in cells[1]


DATASET = Dataset(
    title="ICEWS14 forecasting benchmark",
    unit="event (subject, relation, object, day)",
    years="2014",
    publisher="A. Garcia-Duran and others; splits of RE-Net, xERTE and TLogic",
    page="https://github.com/TemporalKGTeam/xERTE",
    licence="As the ICEWS deposit; splits as in their repositories",
    citation=MMKB,
    releases=(
        Release(
            version="tlogic",
            columns=frozenset(),
            shape=_is_words,
            read=read_words,
            until=2014,
        ),
        Release(
            version="xerte",
            columns=frozenset(),
            shape=lambda file: _is_ids(file, "xerte_"),
            read=read_ids,
            until=2014,
        ),
        Release(
            version="re-net",
            columns=frozenset(),
            shape=lambda file: _is_ids(file, ""),
            read=read_ids,
            until=2014,
        ),
    ),
)
