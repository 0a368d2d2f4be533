"""`blocs sql`: reading the project's tables, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from blocs.errors import BadInput
from blocs.views.answers.sql import query

Run = Callable[..., Any]
STATES = pl.DataFrame({"actor": ["CHN", "RUS", None], "n": [1, 2, 3]})


def test_the_projects_tables_answer(run: Run, votes: Path) -> None:
    run("data", "add", "unga", votes)
    ran = run("sql", "select actor, vote from ballots order by actor, rollcall", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.sql/1"
    assert ran.json["columns"] == ["actor", "vote"]
    assert ran.json["n"] == 5
    assert ran.json["rows"][0] == {"actor": "CHN", "vote": "absent"}


def test_data_given_for_once_answers_too(run: Run, votes: Path) -> None:
    ran = run("sql", "select count(*) as n from rollcalls", "--data", votes, "--json")
    assert ran.json["rows"] == [{"n": 2}]


def test_the_almanac_answers_without_a_project(run: Run) -> None:
    ran = run("sql", "select status from almanac_nuclear where actor = 'USA'", "--csv")
    assert ran.out == "status\nholder\n"


def test_tables_come_out_as_files(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "treaties.parquet"
    ran = run("sql", "select treaty, start, checked from almanac_treaties", "-o", out)
    assert ran.code == 0
    assert pl.read_parquet(out).schema == {
        "treaty": pl.String(),
        "start": pl.Date(),
        "checked": pl.Boolean(),
    }


def test_the_help_lists_tables_and_columns(run: Run) -> None:
    out = " ".join(run("sql", "--help").out.split())
    assert "ballots: rollcall string, actor string" in out
    assert "almanac_treaties" in out


@pytest.mark.parametrize(
    "statement",
    [
        "create table t (a int)",
        "insert into ballots values ('x')",
        "update ballots set vote = 'yes'",
        "delete from ballots",
        "drop table ballots",
        "copy ballots to 'out.csv'",
        "attach 'other.db'",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "pragma database_list",
        "call pragma_version()",
        "export database 'out'",
        "begin",
    ],
)
def test_writing_is_refused(run: Run, statement: str, tmp_path: Path) -> None:
    ran = run("sql", statement)
    assert ran.code == 2
    assert "is refused: blocs sql only reads" in ran.err
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{}')",
        "select * from read_text('{}')",
        "select * from '{}'",
        "select * from glob('{}')",
        "select * from read_parquet('https://127.0.0.1/x.parquet')",
        "select * from sniff_csv('{}')",
        "from duckdb_secrets()",
    ],
)
def test_files_and_network_are_out_of_reach(tmp_path: Path, statement: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match=r"disabled by configuration|no table|does not exist"):
        query(statement.format(secret), {"states": STATES})


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select * from balots", "there is no table 'balots'; did you mean ballots?"),
        ("select nope from ballots", 'column "nope" not found'),
        ("selec 1", "syntax error"),
        ("select 1; select 2", "give one SQL statement; there are 2"),
        ("", "give one SQL statement; there are 0"),
        ("select 1 as a, 2 as a", "two columns are called 'a'"),
        ("select cast('x' as integer) as n", "Could not convert"),
    ],
)
def test_mistakes_are_told(run: Run, statement: str, said: str) -> None:
    ran = run("sql", statement)
    assert ran.code == 2
    assert said in ran.err
    assert "Stack" not in ran.err


def test_sums_and_composite_cells_come_out_plain() -> None:
    found = query(
        "select sum(n) as total, list(actor order by n) as actors, interval 1 day as gap, "
        "'nan'::double as odd, 1.5::decimal(4, 2) as half, {'a': 1} as cell from states",
        {"states": STATES},
    )
    assert found.rows()[0][:3] == (6, "[CHN, RUS, NULL]", "1 day")
    assert found.schema["total"] == pl.Int64
    assert found.schema["half"] == pl.Float64
    assert found.write_csv()


def test_json_has_no_nan(run: Run) -> None:
    assert run("sql", "select 'nan'::double as x", "--json").json["rows"] == [{"x": None}]


def test_reading_statements_of_every_kind(run: Run) -> None:
    for statement in ("show tables", "describe ballots", "values (1)", "from almanac_nuclear"):
        assert run("sql", statement).code == 0
    assert "almanac_wars" in run("sql", "show tables", "--csv").out


def test_long_answers_say_how_much_is_left(run: Run) -> None:
    out = run("sql", "select range as r from range(100)").out
    assert "60 more rows" in out


def test_the_same_question_has_the_same_answer() -> None:
    frame = pl.DataFrame({"k": [i % 7 for i in range(1000)], "v": range(1000)})
    ask = "select k, sum(v) as total from t group by k order by k"
    assert query(ask, {"t": frame}).equals(query(ask, {"t": frame.reverse()}))


def test_it_runs_as_a_program(home: Path) -> None:
    command = [sys.executable, "-m", "blocs", "sql", "select 1 as one", "--csv"]
    env = {**os.environ, "BLOCS_PROJECT": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "one\n1\n", "")
    command[4:] = ["selec"]
    bad = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert len(bad.stderr.splitlines()) == 1
