"""What a second file of a data set tells again counts once, and is refused aloud."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.contracts import Facts
from blocs.errors import BadFile
from blocs.evidence.additions import add_dataset
from blocs.evidence.intake import merge, take_in
from blocs.evidence.told_before import untold
from blocs.project import read_facts
from blocs.schemas import Attributes, Events, Flows, Sources, dtypes

HEAD = "ccode1,ccode2,year,flow1,flow2,smoothflow1,smoothflow2\n"
ROWS = ("2,20,1921,335,443,335,443\n", "2,20,1922,344,523,344,523\n", "2,70,1921,7,8,7,8\n")


def _part(source: str, table: str, rows: list[dict[str, object]], dataset: str = "made") -> Facts:
    schema = {"flows": Flows, "events": Events, "attributes": Attributes}[table]
    frame = pl.DataFrame(
        [
            {"fact_id": f"{source}:{i}", "source_id": source, "row": i + 1, **r}
            for i, r in enumerate(rows)
        ],
        schema=dtypes(schema),
    )
    told = {"source_id": source, "dataset": dataset, "version": "1", "file": f"{source}.csv"}
    sources = pl.DataFrame(
        [told | {"retrieved": None, "rows": frame.height, "rejected": 0}], schema=dtypes(Sources)
    )
    return Facts(**{table: frame}, sources=sources)


def _act(kind: str, day: int) -> dict[str, object]:
    return {"kind": kind, "sender": "USA", "receiver": "RUS", "start": date(2020, 1, 1 + day)}


def _flow(sender: str, year: int, value: float | None) -> dict[str, object]:
    end = date(year + 1, 1, 1)
    told = {"kind": "trade", "sender": sender, "receiver": "ZZZ", "start": date(year, 1, 1)}
    return told | {"end": end, "value": value, "unit": "USD"}


def test_an_act_told_twice_by_one_file_is_two_and_a_copy_adds_none() -> None:
    twice = [_act("visit", 0), _act("visit", 0), _act("visit", 1)]
    first, second = untold([_part("a", "events", twice), _part("b", "events", [*twice, twice[0]])])
    assert first.events.height == 3
    assert second.events["row"].to_list() == [4]  # the third telling of that day is new
    assert second.rejects.select("source_id", "file", "row", "rule", "value").rows() == [
        ("b", "b.csv", 1, "events: told before", "visit USA RUS 2020-01-01"),
        ("b", "b.csv", 2, "events: told before", "visit USA RUS 2020-01-01"),
        ("b", "b.csv", 3, "events: told before", "visit USA RUS 2020-01-02"),
    ]
    assert second.sources.select("rows", "rejected").rows() == [(1, 3)]


def test_another_figure_for_one_period_is_no_second_amount() -> None:
    first, second = untold(
        [
            _part("a", "flows", [_flow("USA", 1921, 335.0), _flow("USA", 1922, None)]),
            _part(
                "b",
                "flows",
                [_flow("USA", 1921, 336.0), _flow("USA", 1922, 4.0), _flow("USA", 1923, 5.0)],
            ),
        ]
    )
    assert first.flows.height == 2
    assert second.flows["value"].to_list() == [5.0]
    assert second.rejects["rule"].to_list() == ["flows: told otherwise before"] * 2


def test_a_property_told_otherwise_is_refused_too() -> None:
    held = {"kind": "regime", "actor": "USA", "start": date(2000, 1, 1), "text": "democracy"}
    _, second = untold(
        [_part("a", "attributes", [held]), _part("b", "attributes", [held | {"text": "anocracy"}])]
    )
    assert second.attributes.is_empty()
    assert second.rejects["rule"].to_list() == ["attributes: told otherwise before"]


def test_two_data_sets_may_tell_the_same() -> None:
    rows = [_act("visit", 0)]
    parts = [_part("a", "events", rows), _part("b", "events", rows, dataset="other")]
    assert untold(parts) == parts


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), max_size=6), max_size=4)
)
def test_together_they_tell_each_act_as_often_as_the_one_that_tells_it_most(
    files: list[list[tuple[str, int]]],
) -> None:
    parts = [_part(str(i), "events", [_act(*a) for a in acts]) for i, acts in enumerate(files)]
    got = merge(parts)
    counted: Counter[tuple[str, int]] = Counter()
    for acts in files:
        counted |= Counter(acts)
    days = [(k, (d - date(2020, 1, 1)).days) for k, d in got.events.select("kind", "start").rows()]
    assert Counter(days) == counted
    assert got.events.height + got.rejects.height == sum(map(len, files))
    assert got.sources["rows"].sum() == got.events.height


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "trade.csv").write_text(HEAD + "".join(ROWS))
    (folder / "trade.csv.gz").write_bytes(gzip.compress((HEAD + "".join(ROWS)).encode()))
    return folder


def _amount(facts: Facts) -> float:
    return float(facts.flows["value"].sum())


def test_a_folder_with_a_file_and_its_packed_copy_counts_it_once(
    folder: Path, tmp_path: Path
) -> None:
    once = 335 + 344 + 7
    assert _amount(take_in([folder]).facts) == once
    (folder / "again.csv").write_bytes((folder / "trade.csv").read_bytes())
    assert _amount(take_in([folder]).facts) == once
    added = add_dataset(tmp_path / "home", "cow-trade", [folder])
    assert added.notes == ("trade.csv.gz: left aside, other files tell all of it",)
    assert _amount(read_facts(tmp_path / "home")) == once


def test_a_packed_copy_added_later_is_refused_and_an_overlap_in_part(
    folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    add_dataset(home, "cow-trade", [folder / "trade.csv"])
    with pytest.raises(BadFile, match="tells nothing that cow-trade in the project has not"):
        add_dataset(home, "cow-trade", [folder / "trade.csv.gz"])
    more = folder / "more.csv"
    more.write_text(HEAD + ROWS[1].replace("344", "345") + ROWS[2] + "2,70,1922,1,2,1,2\n")
    for again in (False, True):
        added = add_dataset(home, "cow-trade", [more])
        assert [f.again for f in added.files] == [again]
        rules = added.rejects["rule"].to_list()
        assert sorted(rules) == ["flows: told before", "flows: told otherwise before"]
        assert _amount(read_facts(home)) == 335 + 344 + 7 + 1
