"""Events summed by hand, by every engine, after an interruption."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from blocs import files
from blocs.errors import BadFile, BadInput, StorageError
from blocs.ties.event_sums import on_duckdb, packed, translated, whole
from blocs.ties.event_sums.whole import EventSums, sum_files
from blocs.views.answers.events import ask

OWN = """date,sender,receiver,code,value
2014-01-03,USA,RUS,040,1.0
2014-01-31,USA,RUS,040,
2014-01-31,USA,RUS,036,0.1
2014-02-01,USA,RUS,190,-10.0
2014-02-30,USA,RUS,190,-10.0
2014-02-01,USA,RUS,190,eleven
2014-02-01,USA,,190,-10.0
2014-02-01,USA,USA,190,-10.0
2014-02-01,USA,EUR,190,-10.0
"""


def summed(path: Path, folder: Path, engine: str = "duckdb") -> EventSums:
    return sum_files(
        [path],
        period="month",
        by="quad",
        engine_name=engine,
        memory="",
        folder=folder,
        watch=lambda done, total: None,
    )


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_by_hand(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    found = summed(file, tmp_path / engine, engine)
    assert found.ties.select("sender", "receiver", "class", "n", "scored", "value").rows() == [
        ("USA", "RUS", "verbal_cooperation", 3, 2, 11 / 20),
        ("USA", "RUS", "material_conflict", 1, 1, -10.0),
    ]
    assert found.left_out == {"a country on both sides": 1, "two states": 1}
    assert found.rejects.select("column", "rule", "value", "n").rows() == [
        ("date", "the day is a day", "2014-02-30", 1),
        ("value", "value is -10 to 10", "eleven", 1),
        ("receiver", "state is known", "EUR", 1),
    ]
    assert found.sources[0].rows == 9
    assert found.sources[0].rejected == 3


def test_spark_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'blocs[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    command = "from blocs.views.cli import main; main()"
    tables = []
    for engine in ("spark", "duckdb"):
        target = tmp_path / f"{engine}.csv"
        given = ["events", str(file), "--engine", engine, "-o", str(target)]
        ran = subprocess.run(
            [sys.executable, "-c", command, *given, "--project", str(tmp_path / engine)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert ran.returncode == 0, ran.stderr
        tables.append(target.read_bytes())
    assert tables[0] == tables[1]
    assert tables[0].count(b"\n") == 3


def test_two_at_once_take_turns_or_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    monkeypatch.setattr(files, "locked", partial(files.locked, seconds=0.1))
    with (
        files.locked(tmp_path / "kept" / ".lock"),
        pytest.raises(StorageError, match="written by another process"),
    ):
        summed(file, tmp_path / "kept")
    assert summed(file, tmp_path / "kept").ties.height == 2


def test_a_second_run_goes_on_from_what_the_first_left(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    first = summed(file, tmp_path / "kept")
    again = summed(file, tmp_path / "kept")
    assert (first.resumed, again.resumed) == (0, 1)
    assert first.ties.equals(again.ties)


def test_sums_of_another_list_of_states_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state more shifts the numbers of those behind it: sums kept by number would be wrong."""
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    first = summed(file, tmp_path / "kept")
    longer = ("AAA", *packed.states())
    with monkeypatch.context() as patch:
        patch.setattr(packed, "states", lambda: longer)
        patch.setattr(translated, "states", lambda: longer)
        patch.setattr(whole, "states", lambda: longer)
        anew = summed(file, tmp_path / "kept")
    assert (anew.resumed, anew.outdated) == (0, 1)
    assert anew.ties.equals(first.ties)
    again = summed(file, tmp_path / "kept")
    assert (again.resumed, again.outdated) == (1, 0)


def test_sums_follow_from_what_codes_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    ask(str(file), project=tmp_path)
    assert "anew" not in capsys.readouterr().err
    shutil.copytree(packed.folder() / "facts", tmp_path / "facts")
    with (tmp_path / "facts" / "codes.csv").open("a") as codes:
        codes.write("\n")
    monkeypatch.setattr(packed, "folder", lambda: tmp_path)
    monkeypatch.setattr(whole, "tables_digest", packed.tables_digest.__wrapped__)
    ask(str(file), project=tmp_path)
    said = "1 of 1 files were summed before under another list of states"
    assert said in capsys.readouterr().err


def test_an_odd_line_is_set_aside_with_its_number_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN + "2014-02-01,USA\n")
    found = summed(file, tmp_path / "a")
    odd = found.rejects.filter(pl.col("column").is_null())
    assert odd.select("row", "value", "n").rows() == [(11, "2014-02-01,USA", 1)]
    with pytest.raises(BadFile, match=r"own.csv:11: not as many cells"):
        summed(file, tmp_path / "b", "polars")


def test_what_is_no_event_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("date,sender,vote\n2014-01-01,USA,1\n")
    with pytest.raises(BadFile, match="no column for the receiver"):
        summed(file, tmp_path / "a")
    file.write_text(OWN)
    with pytest.raises(BadInput, match="did you mean polars"):
        summed(file, tmp_path / "b", "polar")


@pytest.mark.parametrize("days", [["2000-02-29", "2004-02-29"], ["2014-04-30", "2014-12-31"]])
def test_days_that_are(tmp_path: Path, days: list[str]) -> None:
    file = tmp_path / "own.csv"
    lines = [f"{day},USA,RUS,040,1" for day in days]
    file.write_text("\n".join(["date,sender,receiver,code,value", *lines]))
    assert summed(file, tmp_path / "a").rejects.is_empty()


@pytest.mark.parametrize("day", ["1900-02-29", "2014-04-31", "2014-00-10", "2014-13-01", "x"])
def test_days_that_are_not(tmp_path: Path, day: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"date,sender,receiver,code,value\n{day},USA,RUS,040,1\n")
    assert summed(file, tmp_path / "a").rejects["rule"].to_list() == ["the day is a day"]


def test_every_engine_gives_the_same_bytes_of_published_files(shared: Path, tmp_path: Path) -> None:
    for name in ("20141124.export.CSV.zip", "20170101073000.export.CSV"):
        file = shared / "data" / "gdelt_samples" / name
        one, other = summed(file, tmp_path / "d"), summed(file, tmp_path / "p", "polars")
        assert one.ties.write_csv() == other.ties.write_csv()
        assert one.rejects.equals(other.rejects)
        assert one.ties["n"].sum() >= 5


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_lines_that_end_in_two_ways_are_all_counted(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "own.csv"
    head, *rows = OWN.splitlines()
    ends = ("\r\n", "\n")
    lines = "".join(row + ends[i % 2] for i, row in enumerate(rows))
    file.write_bytes(f"{head}\r\n{lines}".encode())
    plain = tmp_path / "plain.csv"
    plain.write_text(OWN)
    found = summed(file, tmp_path / "a", engine)
    assert found.ties.equals(summed(plain, tmp_path / "b", engine).ties)
    assert found.rejects.height == 3


def test_other_columns_may_share_a_name(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    head, *rows = OWN.splitlines()
    file.write_text("\n".join([f"note,{head},note", *(f"a,{row},b" for row in rows)]))
    one, other = summed(file, tmp_path / "d"), summed(file, tmp_path / "p", "polars")
    assert one.ties["n"].to_list() == [3, 1]
    assert one.ties.equals(other.ties)
    assert one.rejects.equals(other.rejects)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (OWN.encode("utf-16"), "its text is UTF-16; save it as UTF-8"),
        (OWN.replace("code,value", "code,code", 1).encode(), "two columns are called 'code'"),
        (OWN.replace("date", "date,Date", 1).encode(), "two columns are called 'date'"),
        (OWN.split("\n", 1)[1].encode(), "no column for the day"),
        (b"PAR1xxxx", "the Parquet file is damaged"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(data)
    with pytest.raises(BadFile, match=said):
        summed(file, tmp_path / "a")


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_day_that_is_not_told_is_refused_by_its_line(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN.replace("2014-02-30", ""))
    table = pl.DataFrame({"date": [None], "sender": ["USA"], "receiver": ["RUS"], "code": ["01"]})
    table.cast({"date": pl.Date}).write_parquet(tmp_path / "own.parquet")
    for path, row in ((file, 6), (tmp_path / "own.parquet", 1)):
        found = summed(path, tmp_path / engine, engine)
        assert ("date", row, None, 1) in found.rejects.select("column", "row", "value", "n").rows()
        assert found.rejects["n"].sum() == found.sources[0].rejected


def test_only_the_digits_of_a_code_tell_its_class(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN.replace(",190,", ",\u00b21,").replace(",036,", ",\u0660\u0661,"))
    for by in ("quad", "root", "plover"):
        found = sum_files(
            [file],
            period="month",
            by=by,
            engine_name="duckdb",
            memory="",
            folder=tmp_path / "kept",
            watch=lambda done, total: None,
        )
        assert found.ties["n"].to_list() == [2]
        assert found.rejects.filter(pl.col("column") == "code")["n"].to_list() == [1, 1]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("tabs", [False, True])
def test_other_ways_to_write_the_same_table(tmp_path: Path, engine: str, tabs: bool) -> None:
    lines = [line.split(",") for line in OWN.splitlines()]
    if tabs:  # as R writes tables
        text = "\n".join("\t".join(f'"{cell}"' for cell in line) for line in lines)
    else:  # as an old Macintosh ends lines
        text = OWN.replace("\n", "\r")
    file, plain = tmp_path / "other.txt", tmp_path / "plain.csv"
    file.write_bytes(text.encode())
    plain.write_text(OWN)
    one, other = summed(file, tmp_path / "a", engine), summed(plain, tmp_path / "b", engine)
    assert one.ties.equals(other.ties)
    assert one.rejects.drop("file").equals(other.rejects.drop("file"))


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_capitals_alone_may_tell_other_columns_apart(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "own.csv"
    head, *rows = OWN.splitlines()
    file.write_text("\n".join([f"{head},note,NOTE", *(f"{row},a,b" for row in rows)]))
    assert summed(file, tmp_path / "a", engine).ties["n"].to_list() == [3, 1]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_row_of_parquet_that_tells_nothing_is_a_row(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "it's [odd].parquet"
    columns = ("date", "sender", "receiver", "code", "value")
    rows = [("2014-01-03", "USA", "RUS", "01", "1"), (None,) * 5]
    pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row").write_parquet(file)
    found = summed(file, tmp_path / "a", engine)
    assert (found.sources[0].rows, found.sources[0].left_out) == (2, 1)


def test_an_hour_of_a_zone_is_no_day(tmp_path: Path) -> None:
    file = tmp_path / "own.parquet"
    table = pl.DataFrame(
        {"date": ["2014-01-31"], "sender": ["USA"], "receiver": ["RUS"], "code": ["01"]}
    )
    zoned = pl.col("date").str.to_datetime("%Y-%m-%d", time_zone="America/New_York")
    table.with_columns(zoned).write_parquet(file)
    with pytest.raises(BadFile, match=r"America/New_York.*write it as a date"):
        summed(file, tmp_path / "a")


def test_a_folder_is_told_from_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a folder; name its files, as '.*/\*.csv'"):
        ask(str(tmp_path), project=tmp_path / "p")


def test_an_interrupted_query_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(found: object, job: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(on_duckdb, "_fetched", interrupted)
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    with pytest.raises(KeyboardInterrupt):
        summed(file, tmp_path / "a")
