"""Texts told by number mean what the texts mean, and sum to the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from benchmarks.data.events import draw_events

from blocs.files import SourceFile
from blocs.ties.event_sums import dictionaries
from blocs.ties.event_sums.dictionaries import numbered
from blocs.ties.event_sums.forms import recognise
from blocs.ties.event_sums.jobs import Job
from blocs.ties.event_sums.sums import MISSING
from blocs.ties.event_sums.whole import EventSums, sum_files

ROWS = [
    ("2014-01-03", "USA", "RUS", "040", 1.0),
    ("2014-01-31", "RUS", "USA", "0411", None),
    ("2014-02-01", "None", "x'y", "190", -10.0),
    ("2014-02-01", None, "NA", "99x", 0.1),
    ("2014-02-01", "USA", "USA", None, 0.1),
    ("2014-02-01", "USA", "x'y", "", 99.0),
    ("2014-02-30", "", 'x"y', "14", 0.1),
    ("2014-02-01", "USA", "x'y", "190", 0.1),
]
NAMES = ("date", "sender", "receiver", "code", "value")


def written(folder: Path, frame: pl.DataFrame) -> Path:
    path = folder / "events.parquet"
    frame.write_parquet(path)
    return path


def summed(paths: list[Path], folder: Path, period: str, by: str) -> EventSums:
    return sum_files(
        paths,
        period=period,
        by=by,
        engine_name="duckdb",
        memory="",
        folder=folder,
        watch=lambda done, total: None,
    )


@pytest.mark.parametrize(("by", "codes"), [
    ("quad", ["01", "01", "15", "99", None, "", "10", "15"]),
    ("root", ["04", "04", "19", "99", None, "", "14", "19"]),
    ("plover", ["040", "0411", "190", "99x", None, "", "14", "190"]),
])  # fmt: skip
def test_a_number_is_a_place_in_its_list(tmp_path: Path, by: str, codes: list[str | None]) -> None:
    path = written(tmp_path, pl.DataFrame(ROWS, schema=NAMES, orient="row"))
    form = recognise(SourceFile(path, NAMES, ""))
    job = Job((path,), form, "month", by, tmp_path / "sums.parquet")
    with duckdb.connect() as connection:
        told = numbered(connection, job, f"read_parquet('{path}')")
        assert told is not None
        rows = pl.DataFrame(told.rows)
    assert told.listed.states is not None
    assert told.listed.codes is not None
    assert told.listed.states.to_list() == [*MISSING, "RUS", "USA", 'x"y', "x'y"]
    for column, texts in (("sender", told.listed.states), ("receiver", told.listed.states),
                          ("code", told.listed.codes)):  # fmt: skip
        found = [None if at is None else texts[at - 1] for at in rows[column]]
        assert found == (codes if column == "code" else [row[NAMES.index(column)] for row in ROWS])
    assert told.pairs["n"].sum() == len(ROWS)


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize(("period", "by"), [("month", "quad"), ("day", "plover"), ("year", "root")])
def test_numbers_sum_to_what_texts_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, period: str, by: str, files: int
) -> None:
    paths = []
    for part in range(files):
        folder = tmp_path / str(part)
        folder.mkdir()
        frame = draw_events(3000, part=part, parts=files).with_columns(
            pl.col("date").cast(pl.String)
        )
        odd = pl.DataFrame(ROWS, schema=NAMES, orient="row")
        paths.append(written(folder, pl.concat([frame, odd])))
    first = summed(paths, tmp_path / "numbers", period, by)
    monkeypatch.setattr(dictionaries, "_MOST", 0)
    other = summed(paths, tmp_path / "texts", period, by)
    assert first.ties.write_csv() == other.ties.write_csv()
    assert first.rejects.equals(other.rejects)
    assert (first.sources, first.left_out) == (other.sources, other.left_out)
    assert first.rejects.filter(value="x'y")["n"].sum() == files


def test_texts_that_no_dictionary_holds_stay_texts(tmp_path: Path) -> None:
    dictionary = written(tmp_path, pl.DataFrame(ROWS, schema=NAMES, orient="row"))
    path = tmp_path / "plain.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM '{dictionary}') TO '{path}' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1)"
        )
        form = recognise(SourceFile(path, NAMES, ""))
        job = Job((path,), form, "month", "quad", tmp_path / "sums.parquet")
        assert numbered(connection, job, f"read_parquet('{path}')") is None
    assert summed([path], tmp_path / "kept", "month", "quad").ties["n"].sum() == 2
