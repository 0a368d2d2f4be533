"""Damaged copies of the tables a panel reads: one clear error, or cells counted aloud."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from blocs.contracts import Evidence
from blocs.errors import BadInput, DamagedCells, MissingData
from blocs.evidence.intake import Found, recognise
from blocs.registry import COLUMNS
from blocs.views.answers.panel import panel

KEYS = ("ccode", "ccode1", "ccode2", "state1no", "state2no", "year", "start", "end")
TINY = Path(__file__).resolve().parents[2] / "data" / "datasets"


@pytest.fixture(params=COLUMNS.names())
def table(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Found]:
    """Name a column group, and a sound little file in its publisher's format."""
    name: str = request.param
    source = COLUMNS.get(name).sources[0]
    found, _ = recognise([TINY / source[0].replace("-", "_")])
    fits = [f for f in found if (f.dataset, f.release.part) == source]
    newest = max(fits, key=lambda f: f.release.until)
    clean = tmp_path / "sound" / newest.file.name
    clean.parent.mkdir()
    clean.write_text("\n".join(_sound(newest.file.path.read_text().splitlines())) + "\n")
    return name, recognise([clean])[0][0]


def _sound(lines: list[str]) -> list[str]:
    """Leave the rows out that the readers' own tests want refused."""
    keys = [i for i, c in enumerate(lines[0].split(",")) if c.strip('"').endswith(KEYS)]
    cells = {line: line.replace('"', "").split(",") for line in lines[1:]}
    return [lines[0], *(line for line, row in cells.items() if all(row[i].isdigit() for i in keys))]


def build(name: str, path: Path) -> pl.DataFrame | str:
    """Build a panel of one column group; the message where it is refused."""
    unit = "state-year" if COLUMNS.get(name).unit == "state" else "directed-dyad-year"
    evidence = Evidence(data=(str(path),))
    try:
        return panel(unit=unit, from_=1990, to=2014, with_=name, evidence=evidence)
    except (BadInput, MissingData) as error:
        message = str(error)
        assert "\n" not in message.strip(), "one line"
        assert path.name in message, "the file is named"
        return message


def put(folder: Path, found: Found, data: bytes) -> Path:
    path = folder / f"damaged_{found.file.name}"
    path.write_bytes(data)
    return path


def test_the_tiny_file_builds_a_panel(table: tuple[str, Found]) -> None:
    rows = build(table[0], table[1].file.path)
    assert isinstance(rows, pl.DataFrame)
    assert rows.width > 2


def test_a_truncated_gzip_is_one_clear_error(table: tuple[str, Found], tmp_path: Path) -> None:
    data = gzip.compress(table[1].file.path.read_bytes(), mtime=0)
    told = build(table[0], put(tmp_path, table[1], data[: len(data) * 2 // 3]))
    assert isinstance(told, str)


def test_a_dropped_column_is_one_clear_error(table: tuple[str, Found], tmp_path: Path) -> None:
    """Whichever of the columns goes, the panel is the same without it or refused."""
    name, found = table
    cells = [line.split(",") for line in found.file.path.read_text().splitlines()]
    before = build(name, found.file.path)
    for gone in range(len(cells[0])):
        text = "\n".join(",".join(row[:gone] + row[gone + 1 :]) for row in cells)
        after = build(name, put(tmp_path, found, f"{text}\n".encode()))
        assert isinstance(after, str) or (isinstance(before, pl.DataFrame) and after.equals(before))


def test_the_order_of_rows_does_not_matter(table: tuple[str, Found], tmp_path: Path) -> None:
    name, found = table
    head, *rows = found.file.path.read_text().splitlines()
    turned = "\n".join([head, *rows[::-1]]) + "\n"
    before, after = (
        build(name, p) for p in (found.file.path, put(tmp_path, found, turned.encode()))
    )
    assert isinstance(before, pl.DataFrame)
    assert isinstance(after, pl.DataFrame)
    assert before.equals(after)


def test_a_wrong_encoding_is_read_or_refused(table: tuple[str, Found], tmp_path: Path) -> None:
    name, found = table
    text = found.file.path.read_text()
    assert isinstance(build(name, put(tmp_path, found, text.encode("utf-16"))), str)
    after = build(name, put(tmp_path, found, text.encode("latin-1")))
    before = build(name, found.file.path)
    assert isinstance(before, pl.DataFrame)
    assert isinstance(after, pl.DataFrame)
    assert before.equals(after)


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_are_refused_or_counted(
    table: tuple[str, Found], tmp_path: Path, seed: int
) -> None:
    name, found = table
    rng = np.random.default_rng(seed)
    data = bytearray(found.file.path.read_bytes())
    where = int(rng.integers(0, len(data)))
    data[where : where + 12] = rng.bytes(12)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        build(name, put(tmp_path, found, bytes(data)))
    assert {w.category for w in heard} <= {DamagedCells}
    assert isinstance(build(name, put(tmp_path, found, rng.bytes(4000))), str)


def test_a_row_told_twice_differently_is_one_clear_error(
    table: tuple[str, Found], tmp_path: Path
) -> None:
    """Two rows of one dyad or state and year must not be chosen between by their order."""
    name, found = table
    if name in {"contiguity", "disputes", "gml-disputes", "majors", "rivalry"}:
        pytest.skip("several rows of a year are merged by a documented rule")
    head, *rows = found.file.path.read_text().splitlines()
    text = "\n".join([head, *rows, rows[0][:-1] + ("8" if rows[0][-1] != "8" else "7")]) + "\n"
    told = build(name, put(tmp_path, found, text.encode()))
    assert isinstance(told, str)
    assert "twice" in told
