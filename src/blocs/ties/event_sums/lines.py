"""Lines of a text file that hold a cell, found without reading the file as a table."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from blocs.ties.event_sums.forms import EventForm

_FEW = 6  # starts of cells that are sought: each takes an eighth of reading the table
_MOST = 10_000  # lines
_CHUNK = 1 << 24


@dataclass(frozen=True, slots=True)
class Sought:
    """Cells of a text file to be found again.

    Attributes
    ----------
    starts : tuple of str
        What each of them starts with.
    n : int
        How many there are.
    rows : int
        Rows of the file.
    """

    starts: tuple[str, ...]
    n: int
    rows: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a text file: their numbers, from 1, and their bytes."""

    numbers: tuple[int, ...]
    text: bytes


def find_lines(path: Path, form: EventForm, sought: Sought) -> Lines | None:
    """Return all rows with a cell, not the first, that starts as one that is sought.

    Parameters
    ----------
    path : Path
        A plain text file.
    form : EventForm
        Its form; lines with more or fewer separators than it has are left out.
    sought : Sought
        What to find.

    Returns
    -------
    Lines or None
        None where a row may be no line (cells run over several, or lines are empty), and where
        reading the table would be faster.
    """
    if len(sought.starts) > _FEW or not all(sought.starts):
        return None
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        ends = _line_feeds(text, 0, len(text)) + (text[-1:] != b"\n")
        if ends != sought.rows + form.header_lines:
            return None
        found: set[int] = set()
        for start in sought.starts:
            for place in _places(text, (form.separator + start).encode()):
                found.add(text.rfind(b"\n", 0, place) + 1)
                if len(found) > _MOST:
                    return None
        return _lines(text, sorted(found - {0}) if form.header_lines else sorted(found), form)


def _places(text: mmap.mmap, cell: bytes) -> Iterator[int]:
    place = text.find(cell)
    while place >= 0:
        yield place
        place = text.find(cell, place + 1)


def _lines(text: mmap.mmap, starts: Sequence[int], form: EventForm) -> Lines:
    numbers, parts, before, number = [], [], 0, 1
    for start in starts:
        number += _line_feeds(text, before, start)
        before, end = start, text.find(b"\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if line.count(form.separator.encode()) == len(form.names) - 1:
            numbers.append(number)
            parts.append(line)
    return Lines(tuple(numbers), b"\n".join(parts))


def _line_feeds(text: mmap.mmap, first: int, last: int) -> int:
    """Count line feeds of a part."""
    found = 0
    for at in range(first, last, _CHUNK):
        part = np.frombuffer(text, np.uint8, min(_CHUNK, last - at), at)
        found += int(np.count_nonzero(part == ord("\n")))
        del part  # which would keep the file mapped
    return found
