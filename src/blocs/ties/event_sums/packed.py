"""Keys of ties as one number each, which sort and add up many times faster than text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from blocs import actors, files
from blocs.almanac.tables import folder
from blocs.evidence.reading.lexicon import TYPES
from blocs.ties.event_sums.forms import QUADS

PACKED = {"key": pl.Int64, "n": pl.Int64, "scored": pl.Int64, "millionths": pl.Int64}
"""Sums by packed key."""
_SUMS = ("n", "scored", "millionths")
_FIRST = date(1000, 1, 1)
_DAYS = (date(9999, 12, 31) - _FIRST).days + 1
_ROOTS = tuple(f"{root:02}" for root in range(1, 21))
_CLASSES = {"quad": QUADS, "plover": tuple(TYPES.values()), "root": _ROOTS}
_TABLES = ("actors", "systems", "codes", "names", "names_cldr")
_HELD = 4_000_000  # rows that wait before they are added up


def states() -> tuple[str, ...]:
    """States by their number: in the order of their ids."""
    return actors.ids()


@cache
def tables_digest() -> str:
    """Digest of the almanac's tables that say which state a code or name means, and when."""
    tables = (folder() / "facts" / f"{name}.csv" for name in _TABLES)
    return " ".join(files.sha256(path) for path in tables)


def classes(by: str) -> tuple[str, ...]:
    """Classes of events by their number: in the order of their names."""
    return tuple(sorted(set(_CLASSES[by])))


def pack(sender: pl.Series, receiver: pl.Series, start: pl.Series, kind: pl.Series) -> pl.Series:
    """Pack numbers of states and class and the first day of a period into one number.

    Packed keys have the order of ``sender, receiver, start, class``, each by name.
    """
    days = start.cast(pl.Int64) - (_FIRST - date(1970, 1, 1)).days
    dyad = sender.cast(pl.Int64) * len(states()) + receiver
    return ((dyad * _DAYS + days) * len(_ROOTS) + kind).alias("key")


def unpack(keys: pl.Series, by: str) -> pl.DataFrame:
    """Return ``sender, receiver, start, class`` of packed keys.

    Examples
    --------
    >>> key = pack(*(pl.Series([n]) for n in (0, 1)), pl.Series([date(2014, 1, 1)]), pl.Series([3]))
    >>> unpack(key, "quad").row(0)
    ('AFG', 'AGO', datetime.date(2014, 1, 1), 'verbal_cooperation')
    """
    many = len(states())
    spans = keys // len(_ROOTS)
    dyads = spans // _DAYS
    names, kinds = pl.Series(states()), pl.Series(classes(by))
    days = (spans - dyads * _DAYS) + (_FIRST - date(1970, 1, 1)).days
    return pl.DataFrame(
        {
            "sender": names.gather(dyads // many),
            "receiver": names.gather(dyads % many),
            "start": days.cast(pl.Int32).cast(pl.Date),
            "class": kinds.gather(keys - spans * len(_ROOTS)),
        }
    )


def add_up(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add sums of one key; sorted by key. What waits is added up whenever it has doubled."""
    held, most = pl.DataFrame(schema=PACKED), _HELD
    for part in parts:
        held = pl.concat([held, part], rechunk=False)
        if held.height > most:
            held = _added(held)
            most = max(_HELD, 2 * held.height)
    return _added(held)


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by key and add neighbours: half the time of looking each key up."""
    if rows.is_empty():
        return rows
    order = np.argsort(rows["key"].to_numpy(), kind="stable")  # merges parts that are sorted
    rows = rows[pl.Series(order, dtype=pl.UInt32)]
    keys = rows["key"].to_numpy()
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sums = {name: np.add.reduceat(rows[name].to_numpy(), first) for name in _SUMS}
    return pl.DataFrame({"key": keys[first], **sums}, schema=PACKED)
