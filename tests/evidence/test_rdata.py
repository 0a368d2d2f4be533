"""Data frames out of R's own files."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from blocs.errors import BadFile, MissingExtra
from blocs.evidence.rdata import read_rdata


@pytest.fixture
def write() -> Any:
    """R's format written by the library that reads it; skipped without the extra."""
    rdata = pytest.importorskip("rdata", reason="blocs[formats] is not installed")
    pandas = pytest.importorskip("pandas")

    def _write(path: Path, **frames: dict[str, list[object]]) -> Path:
        made = {name: pandas.DataFrame(columns) for name, columns in frames.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rdata.write_rda(path, made)
        return path

    return _write


def test_a_frame_comes_back_as_it_was(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "a.RData", x={"ccode": [2, 365], "share": [0.5, 2.0]})
    assert read_rdata(path).rows() == [(2, 0.5), (365, 2.0)]


def test_missing_cells_are_null(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the published votes of 2016 come out of the library: missing dates and numbers."""
    rdata = pytest.importorskip("rdata", reason="blocs[formats] is not installed")
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "ccode": pandas.array([2, None, 20], dtype="Int32"),
            "date": pandas.array(["1946-01-01", None, "x"], dtype="string"),
            "share": [0.5, float("nan"), 2.0],
        }
    )

    def read(path: Path) -> dict[str, Any]:
        warnings.warn("Missing constructor for R class", UserWarning, stacklevel=1)
        return {"x": frame}

    monkeypatch.setattr(rdata, "read_rda", read)
    rows = read_rdata(tmp_path / "a.RData").rows()
    assert rows == [(2, "1946-01-01", 0.5), (None, None, None), (20, "x", 2.0)]


def test_two_frames_are_one_too_many(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "a.RData", x={"a": [1]}, y={"a": [1]})
    with pytest.raises(BadFile, match="holds 2 data frames, one is expected"):
        read_rdata(path)


@pytest.mark.parametrize("data", [b"", b"RDX3\nX\n", b"\x1f\x8b\x08broken"])
def test_a_damaged_file_is_told(tmp_path: Path, data: bytes) -> None:
    pytest.importorskip("rdata", reason="blocs[formats] is not installed")
    path = tmp_path / "a.RData"
    path.write_bytes(data)
    with pytest.raises(BadFile, match="not a readable R file"):
        read_rdata(path)


def test_without_the_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rdata", None)
    with pytest.raises(MissingExtra, match=r"install blocs\[formats\] to read it"):
        read_rdata(tmp_path / "a.RData")
