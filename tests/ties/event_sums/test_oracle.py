"""Every engine against a sum row by row in plain Python, over every form, with odd cells."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from datetime import date, datetime
from math import floor
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.ties.event_sums.whole import EventSums, sum_files

NAMES = ("day", "sender", "receiver", "code", "value")
HEADS = {
    "icews": ("Event Date", "Source Country", "Target Country", "CAMEO Code", "Intensity"),
    "polecat": ("Event Date", "Actor Country", "Recipient Country", "Event Type", "Intensity"),
    "own": ("date", "sender", "receiver", "code", "value"),
    "parquet": ("date", "sender", "receiver", "code", "value"),
}
STATES = {"USA": "USA", "RUS": "RUS", "CHN": "CHN"}
FULL = {"United States": "USA", "Russian Federation": "RUS", "China": "CHN"}
CAMEO = {"010": 0, "0411": 0, "057": 0, "061": 1, "112": 2, "14": 2, "190": 3, "1823": 3}
PLOVER = {"CONSULT": 0, "AID": 1, "ACCUSE": 2, "ASSAULT": 3}
QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
DAYS = ("20140131", "20140228", "20000229", "19000229", "20141301", "20140431", "20140100", "")
DASHED = (
    *("2014-01-31", "2014-02-01", "2000-02-29", "1900-02-29", "2014-04-31", "0999-01-01"),
    *("2014-1-1", " 2014-01-01", "2014-01-31 12:00:00", "2014-01-31T09:00", "2014-01-311"),
    *("2014-0131", "\u0662014-01-31", "2014/01/31", "today", "20140131", ""),
)
VALUES = (
    *("1.0", "-10.0", "10", "10.01", "0.1", ".5", "-3.", "1e0", "1e-7", "0.3333333", "+2.0"),
    *("", "NA", "None", "nan", "inf", "-", ".", "1_0", "0x1", "1,5", " 1", "1 ", "--1", "1e999"),
)


def states(form: str) -> dict[str, str]:
    return FULL if form in ("icews", "polecat") else STATES


@st.composite
def corpora(draw: st.DrawFn) -> tuple[str, list[tuple[str, ...]]]:
    form = draw(st.sampled_from(["gdelt", "gdelt2", *HEADS]))
    known = states(form)
    state = st.sampled_from([*known, *known, "", "NA", "Nowhere"])
    known_codes = PLOVER if form == "polecat" else CAMEO
    code = st.sampled_from([*known_codes, *known_codes, "99x", "NONE", "0A", "1x", "00", "0", ""])
    day = st.sampled_from(DAYS if form.startswith("gdelt") else DASHED)
    row = st.tuples(day, state, state, code, st.sampled_from(VALUES))
    return form, draw(st.lists(row, min_size=1, max_size=60))


def written(form: str, rows: list[tuple[str, ...]], folder: Path) -> Path:
    if form == "parquet":
        path = folder / "events.parquet"
        schema = dict.fromkeys(HEADS[form], pl.String)
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(path)
        return path
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        if form.startswith("gdelt"):
            for row in rows:
                cells = ["7"] * (58 if form == "gdelt" else 61)
                for at, cell in zip((1, 7, 17, 26, 30), row, strict=True):
                    cells[at] = cell
                out.write("\t".join(cells) + "\n")
        else:
            writer = csv.writer(out, delimiter="\t" if form == "icews" else ",")
            writer.writerows([HEADS[form], *rows])
    return path


def is_day(cell: str) -> date | None:
    dashed = "-" in cell[:8]
    head, rest = (cell[:10], cell[10:]) if dashed else (cell[:8], cell[8:])
    if (rest and rest[0] not in "T ") or not head.isascii() or len(head) != (10 if dashed else 8):
        return None
    try:
        found = datetime.strptime(head, "%Y-%m-%d" if dashed else "%Y%m%d").date()
    except ValueError:
        return None
    return (
        found if found.year >= 1000 and found.strftime("%Y%m%d") == head.replace("-", "") else None
    )


def number(cell: str) -> float | None:
    if set(cell) - set("0123456789+-.eE"):
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def by_row(form: str, rows: list[tuple[str, ...]]) -> tuple[dict, dict[str, int]]:
    sums: dict = defaultdict(lambda: [0, 0, 0])
    told: dict[str, int] = defaultdict(int)
    known, classes = states(form), PLOVER if form == "polecat" else CAMEO
    for day, sender, receiver, code, value in rows:
        missing = {"", "NA", "None"}
        when, score = is_day(day), number(value)
        if sender in missing or receiver in missing:
            told["nameless"] += 1
        elif sender == receiver:
            told["home"] += 1
        elif (
            when is None
            or (value not in missing and (score is None or not -10 <= score <= 10))
            or not {sender, receiver} <= set(known)
            or code not in classes
        ):
            told["rejected"] += 1
        else:
            key = (known[sender], known[receiver], when.replace(day=1), QUADS[classes[code]])
            cell = sums[key]
            cell[0] += 1
            if value not in missing and score is not None:
                cell[1] += 1
                cell[2] += floor(score * 1_000_000 + 0.5)
    ties = {k: (n, s, v / (s * 1_000_000) if s else None) for k, (n, s, v) in sums.items()}
    return ties, told


def summed(path: Path, engine: str, folder: Path) -> EventSums:
    return sum_files(
        [path],
        period="month",
        by="quad",
        engine_name=engine,
        memory="",
        folder=folder / engine,
        watch=lambda done, total: None,
    )


@settings(max_examples=25, deadline=None)
@given(corpora())
def test_engines_agree_with_a_sum_row_by_row(corpus: tuple[str, list[tuple[str, ...]]]) -> None:
    form, rows = corpus
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = written(form, rows, folder)
        found = [summed(path, engine, folder) for engine in ("duckdb", "polars")]
    ties, told = by_row(form, rows)
    for one in found:
        assert {row[:4]: row[4:] for row in one.ties.iter_rows()} == ties
        (source,) = one.sources
        assert source.rows == len(rows)
        assert source.left_out == told["nameless"] + told["home"]
        assert source.rejected == told["rejected"]
        assert one.rejects["n"].sum() == told["rejected"]
    assert found[0].ties.write_csv() == found[1].ties.write_csv()
    assert found[0].rejects.equals(found[1].rejects)


@pytest.mark.parametrize("period", ["day", "month", "year"])
def test_a_typed_column_gives_what_its_text_gives(tmp_path: Path, period: str) -> None:
    days = [date(2014, 1, 31), date(2014, 2, 1), date(999, 1, 1), date(2000, 2, 29)]
    told = {"sender": ["USA"] * 4, "receiver": ["RUS"] * 4, "code": ["010", "190", "010", "010"]}
    value = [0.1, None, 3.0, float("nan")]
    forms = {
        "date": pl.DataFrame({"date": days, **told, "value": value}),
        "text": pl.DataFrame(
            {"date": [d.isoformat() for d in days], **told, "value": ["0.1", None, "3.0", "nan"]}
        ),
        "number": pl.DataFrame(
            {"date": [int(d.isoformat().replace("-", "")) for d in days], **told, "value": value}
        ),
    }
    tables = []
    for name, frame in forms.items():
        path = tmp_path / f"{name}.parquet"
        frame.write_parquet(path)
        for engine in ("duckdb", "polars"):
            found = sum_files(
                [path],
                period=period,
                by="quad",
                engine_name=engine,
                memory="",
                folder=tmp_path / name / engine,
                watch=lambda done, total: None,
            )
            tables.append(found.ties.write_csv())
            assert found.sources[0].rejected == 2
            assert found.rejects.filter(pl.col("column") == "date")["row"].to_list() == [3]
    assert len(set(tables)) == 1
    assert tables[0].count("\n") == 3
