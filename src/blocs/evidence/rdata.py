"""Data frames out of R's own file format.

The format is R's ``serialize`` in its portable (XDR) form, gzip-, bzip2- or
xz-packed, as described in R Core Team, R Internals, section 1.8. What a data
frame holds is read: vectors, factors, dates and their attributes.
"""

from __future__ import annotations

import bz2
import lzma
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.errors import BadFile
from blocs.files import decode, read_bytes

Value: TypeAlias = "NDArray[np.int32] | NDArray[np.float64] | list[str | None] | list[Item] | None"

_SYMBOL, _PAIRS, _TEXT, _LOGICAL, _WHOLE, _REAL, _TEXTS, _LIST = 1, 2, 9, 10, 13, 14, 16, 19
_ALTERNATIVE, _NOTHING, _AGAIN = 238, 254, 255
_MISSING = -(2**31)
_ATTRIBUTES, _TAG = 0x200, 0x400
_FACTOR, _DATE = "factor", "Date"
_MOST = 10**8
_DAMAGE = (
    *(EOFError, OSError, ValueError, ArithmeticError, IndexError, RecursionError),
    *(struct.error, lzma.LZMAError),
)


@dataclass(slots=True)
class Item:
    """One R object: what it holds, its attributes, and the name it has in a list."""

    value: Value
    attributes: dict[str, Item] = field(default_factory=dict)
    name: str = ""

    @property
    def parts(self) -> list[Item]:
        """The objects of a list; empty where it is none."""
        held = self.value if isinstance(self.value, list) else []
        return [part for part in held if isinstance(part, Item)]

    def texts(self, attribute: str) -> list[str | None]:
        """Read an attribute that is text (``names``, ``class``, ``levels``); empty if missing."""
        told = self.attributes.get(attribute)
        held = told.value if told and isinstance(told.value, list) else []
        return [text for text in held if not isinstance(text, Item)]


def read_rdata(path: Path) -> pl.DataFrame:
    """Read the one data frame an ``.RData`` file holds.

    Factors become text, R's dates become dates, NA becomes null.

    Raises
    ------
    BadFile
        If the file is damaged or does not hold exactly one data frame.

    References
    ----------
    R Core Team. R Internals, section 1.8: Serialization Formats.
    """
    try:
        held = _Reader(_unpacked(path)).file()
        frames = [item for item in held if "data.frame" in item.texts("class")]
    except _DAMAGE as error:
        raise BadFile(f"{path}: not a readable R file ({error}); fetch it again") from None
    if len(frames) != 1:
        raise BadFile(f"{path}: holds {len(frames)} data frames, one is expected")
    return _frame(path, frames[0])


def _unpacked(path: Path) -> bytes:
    data = read_bytes(path)
    if data.startswith(b"BZh"):
        return bz2.decompress(data)
    return lzma.decompress(data) if data.startswith(b"\xfd7zXZ") else data


def _frame(path: Path, item: Item) -> pl.DataFrame:
    names, columns = item.texts("names"), item.parts
    made = [_series(str(n), c) for n, c in zip(names, columns, strict=False)]
    if len(names) != len(columns) or len({len(column) for column in made}) != 1:
        raise BadFile(f"{path}: its data frame has no even columns with names; fetch it again")
    return pl.DataFrame(made)


def _series(name: str, column: Item) -> pl.Series:
    values, classes = column.value, column.texts("class")
    if not isinstance(values, np.ndarray):
        return pl.Series(name, values, dtype=pl.String, strict=False)
    if values.dtype == np.int32:
        whole = pl.Series(name, values)
        plain = whole.set(whole == _MISSING, None)
        return _labels(plain, column.texts("levels")) if _FACTOR in classes else plain
    real = pl.Series(name, values, nan_to_null=True)
    return real.cast(pl.Int32).cast(pl.Date) if _DATE in classes else real


def _labels(codes: pl.Series, levels: list[str | None]) -> pl.Series:
    known = codes.set((codes < 1) | (codes > len(levels)), None)
    return pl.Series(codes.name, levels, dtype=pl.String).gather(known - 1)


@dataclass(slots=True)
class _Reader:
    """Objects one after another out of a byte string."""

    data: bytes
    at: int = 0
    symbols: list[str] = field(default_factory=list)

    def file(self) -> list[Item]:
        magic = self.take(7)
        if magic not in {b"RDX2\nX\n", b"RDX3\nX\n"}:
            raise ValueError(f"it begins with {magic[:5]!r}, not with RDX2 or RDX3")
        self.take(12)  # versions
        if magic.startswith(b"RDX3"):
            self.take(self.number())  # encoding
        return self.object(self.number()).parts

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise EOFError("it ends in the middle of a value")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big", signed=True)

    def object(self, flags: int) -> Item:
        kind = flags & 0xFF
        if kind in {_NOTHING, _AGAIN, _SYMBOL}:
            return Item(self.symbol(kind, flags))
        if kind == _PAIRS:
            return Item(self.pairs(flags))
        if kind == _ALTERNATIVE:
            return self.alternative()
        made = Item(self.vector(kind))
        if flags & _ATTRIBUTES:
            made.attributes = self.attributes()
        return made

    def vector(self, kind: int) -> Value:
        n = self.number()
        if kind in {_WHOLE, _LOGICAL}:
            return np.frombuffer(self.take(4 * n), ">i4").astype(np.int32)
        if kind == _REAL:
            return np.frombuffer(self.take(8 * n), ">f8").astype(np.float64)
        if kind == _TEXTS:
            return [*self.texts(n)]
        if kind == _LIST:
            return [self.object(self.number()) for _ in range(n)]
        raise ValueError(f"it holds an R object of type {kind}, which no data frame has")

    def texts(self, n: int) -> list[str | None]:
        # In plain steps, each text made once: a column has a million of them.
        data, at, seen = self.data, self.at, dict[bytes, str]()
        out: list[str | None] = []
        head = struct.Struct(">ii").unpack_from
        for _ in range(n):
            flags, size = head(data, at)
            if flags & 0xFF != _TEXT:
                raise ValueError("a column of text holds something else")
            at += 8
            if size < 0:
                out.append(None)
                continue
            raw = data[at : at + size]
            at += size
            text = seen.get(raw)
            if text is None:
                text = seen[raw] = decode(raw)
            out.append(text)
        self.take(at - self.at)
        return out

    def symbol(self, kind: int, flags: int) -> list[str | None]:
        if kind == _NOTHING:
            return []
        if kind == _AGAIN:
            return [self.symbols[(flags >> 8 or self.number()) - 1]]
        name = self.texts(1)
        self.symbols.append(name[0] or "")
        return name

    def pairs(self, flags: int) -> list[Item]:
        """Read R's linked list; the last place of a dotted pair counts as an item."""
        out: list[Item] = []
        while flags & 0xFF == _PAIRS:
            if flags & _ATTRIBUTES:
                self.attributes()
            tag = self.object(self.number()).value if flags & _TAG else None
            item = self.object(self.number())
            item.name = str(tag[0]) if isinstance(tag, list) and tag else ""
            out.append(item)
            flags = self.number()
        return out if flags & 0xFF == _NOTHING else [*out, self.object(flags)]

    def attributes(self) -> dict[str, Item]:
        return {item.name: item for item in self.object(self.number()).parts}

    def alternative(self) -> Item:
        """Expand R's compact forms: a range, numbers as text, a vector with remarks around it."""
        about, state = self.object(self.number()).parts, self.object(self.number())
        made = Item(_expanded(about[0].value, state))
        made.attributes = self.attributes()
        return made


def _expanded(about: Value, state: Item) -> Value:
    form = about[0] if isinstance(about, list) and about else None
    inner = state.parts[0].value if state.parts else None
    if form in {"compact_intseq", "compact_realseq"} and isinstance(state.value, np.ndarray):
        n, start, step = state.value
        if not 0 <= n <= _MOST:
            raise ValueError(f"a range has {n} numbers")
        values = float(start) + float(step) * np.arange(int(n), dtype=np.float64)
        return values.astype(np.int32) if form == "compact_intseq" else values
    if form == "deferred_string" and isinstance(inner, np.ndarray):
        return [_as_r_writes(number) for number in inner.tolist()]
    if str(form).startswith("wrap_") and inner is not None:
        return inner
    raise ValueError(f"it holds R's compact form {form!r}, which is not known here")


def _as_r_writes(number: float) -> str | None:
    if number in {_MISSING} or number != number:  # noqa: PLR0124
        return None
    return f"{number:.15g}"
