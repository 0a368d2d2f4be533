"""Data frames out of R's own files.

The independent program is the library ``rdata``, which writes the format; it is
skipped where it is not installed. Files in R's newer compact forms are put
together here byte by byte, after R Internals, section 1.8.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import struct
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from blocs.errors import BadFile
from blocs.evidence.rdata import read_rdata

NIL = struct.pack(">i", 254)


def whole(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def text(*values: str | None) -> bytes:
    cells = [whole(9, -1) if v is None else whole(9, len(v)) + v.encode() for v in values]
    return whole(16, len(values)) + b"".join(cells)


def symbol(name: str) -> bytes:
    return whole(1, 9, len(name)) + name.encode()


def pairs(**items: bytes) -> bytes:
    return b"".join(whole(0x402) + symbol(n) + i for n, i in items.items()) + NIL


def frame(**columns: bytes) -> bytes:
    """A file that holds one data frame ``x``, in version 3 of the format."""
    head = b"RDX3\nX\n" + whole(3, 0x40000, 0x30500, 5) + b"UTF-8"
    body = whole(0x313, len(columns)) + b"".join(columns.values())
    told = pairs(names=text(*columns), **{"class": text("data.frame")})
    return head + whole(0x402) + symbol("x") + body + told + NIL


def compact(form: str, state: bytes) -> bytes:
    """One of R's compact vectors: what form, its state, no attributes."""
    about = whole(2) + symbol(form) + whole(2) + symbol("base") + NIL
    return whole(238) + about + state + NIL


@pytest.fixture
def write() -> Any:
    """R's format written by another program; skipped where it is not installed."""
    rdata = pytest.importorskip("rdata", reason="rdata is not installed")
    pandas = pytest.importorskip("pandas")

    def _write(path: Path, **frames: dict[str, list[object]]) -> Path:
        made = {name: pandas.DataFrame(columns) for name, columns in frames.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rdata.write_rda(path, made)
        return path

    return _write


def test_a_frame_another_program_wrote_comes_back_as_it_was(tmp_path: Path, write: Any) -> None:
    columns = {"ccode": [2, 365], "share": [0.5, 2.0], "name": ["USA", "Côte"]}
    path = write(tmp_path / "a.RData", x=columns)
    assert read_rdata(path).rows() == [(2, 0.5, "USA"), (365, 2.0, "Côte")]


def test_two_frames_are_one_too_many(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "a.RData", x={"a": [1]}, y={"a": [1]})
    with pytest.raises(BadFile, match="holds 2 data frames, one is expected"):
        read_rdata(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_missing_values_factors_and_dates(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    missing = -(2**31)
    factor = whole(0x30D, 3, 2, missing, 1)
    factor += pairs(levels=text("no", "yes"), **{"class": text("factor")})
    day = whole(0x30E, 3) + struct.pack(">3d", 0.0, float("nan"), 16_000.0)
    day += pairs(**{"class": text("Date")})
    path = tmp_path / "a.RData"
    data = frame(n=whole(13, 3, 1, missing, 3), f=factor, d=day, t=text("a", None, "NA"))
    path.write_bytes(pack(data))
    rows = read_rdata(path).rows()
    assert rows == [
        (1, "yes", date(1970, 1, 1), "a"),
        (None, None, None, None),
        (3, "no", date(2013, 10, 22), "NA"),
    ]


def test_compact_forms_of_newer_releases(tmp_path: Path) -> None:
    three = whole(14, 3) + struct.pack(">3d", 3, 5, 1)
    path = tmp_path / "a.RData"
    path.write_bytes(
        frame(
            n=compact("compact_intseq", three),
            r=compact("compact_realseq", three),
            w=compact("wrap_integer", whole(19, 2, 13, 3, 7, 8, 9) + whole(13, 2, 0, 0)),
            s=compact("deferred_string", whole(2, 13, 3, 1, -(2**31), 10) + whole(13, 1, 0)),
        )
    )
    table = read_rdata(path)
    assert table.schema == {"n": pl.Int32, "r": pl.Float64, "w": pl.Int32, "s": pl.String}
    assert table.rows() == [(5, 5.0, 7, "1"), (6, 6.0, 8, None), (7, 7.0, 9, "10")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ends in the middle"),
        (b"RDX3\nX\n", "ends in the middle"),
        (b"RDA3\nA\n", "not with RDX2 or RDX3"),
        (frame(a=whole(13, 3, 1)), "ends in the middle|differ|type"),
        (frame(a=whole(24, 1)), "type 24"),
        (frame(a=compact("mystery", NIL)), "compact form 'mystery'"),
        (frame(a=whole(13, 1, 1), b=whole(13, 2, 1, 2)), "no even columns"),
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.RData"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=words) as told:
        read_rdata(path)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("seed", range(3))
def test_damage_anywhere_raises_nothing_else(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = frame(a=whole(13, 3, 1, 2, 3), s=text("x", "y", "z"))
    path = tmp_path / "a.RData"
    for _ in range(60):
        data = bytearray(sound)
        at = int(rng.integers(len(data)))
        data[at : at + 4] = rng.bytes(4)
        path.write_bytes(bytes(data) if rng.random() < 0.5 else sound[:at])
        with contextlib.suppress(BadFile):
            read_rdata(path)
