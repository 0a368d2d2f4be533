"""Copies, firsts, drawn-in series and tables, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from blocs.contracts import Facts
from blocs.evidence.ledger.copies import find_copies, is_copied, wire_of
from blocs.evidence.ledger.drawn_in import drawn_in
from blocs.evidence.ledger.firsts import find_firsts
from blocs.evidence.ledger.support import SupportRow, find_support
from blocs.evidence.ledger.tables import claims_of, items_of, kept, speakers_of
from blocs.evidence.readings import read
from blocs.schemas import Coverage, Events, dtypes

SHA = "0" * 64
LONG = (
    "Officials in the capital said that the convoy had crossed the river at dawn on Monday. "
    "Witnesses counted forty lorries and heard no shots. The ministry declined to comment."
)


def rows(text: str, day: str) -> list[SupportRow]:
    return find_support(SHA, text, [], day=date.fromisoformat(day))


def test_copies_lead_to_the_first_and_own_words_are_none() -> None:
    texts = {"a": LONG, "b": "Updated. " + LONG, "c": LONG[:90] + " More follows later on."}
    texts["d"] = "A different story about a different river, told by somebody else entirely today."
    assert find_copies(texts, ["a", "b", "c", "d"]) == {"b": "a", "c": "a"}
    assert find_copies(texts, ["d", "b", "a"]) == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("SEOUL, Oct 18 (Reuters) - The North has sent troops.", "reuters"),
        ("PARIS (AFP) — The minister said so.", "afp"),
        ("He said so. © 2024 The Associated Press", "ap"),
        ("Reuters reported on Monday that troops had left.", None),
        ("The maps were wrong.", None),
    ],
)
def test_the_agency_is_read_off_its_mark_only(text: str, wire: str | None) -> None:
    assert wire_of(text) == wire


def test_short_sentences_are_never_copies() -> None:
    assert not is_copied("Troops left.", "Troops left.")


def test_a_first_means_none_in_the_record_before() -> None:
    firsts = {
        f.scope: f for f in find_firsts(rows("Pyongyang sent soldiers to Russia.", "2024-10-20"))
    }
    assert firsts["anyone in theatre"].first is True
    assert firsts["actor anywhere"].first is False
    assert "Korean War" in str(firsts["actor anywhere"].precedent)
    later = find_firsts(rows("Pyongyang sent soldiers to Russia.", "2025-12-20"))
    assert later[0].first is False, "the almanac tells of October 2024"


def test_without_a_day_nothing_is_a_first() -> None:
    told = find_support(SHA, "Pyongyang sent soldiers to Russia.", [])
    assert {f.first for f in find_firsts(told)} == {None}


def test_hedged_and_denied_support_is_no_first_and_draws_nobody_in() -> None:
    told = rows(
        "Mongolia will send soldiers to Ukraine. Chile denied sending tanks to Ukraine.",
        "2024-05-05",
    )
    assert len(told) == 2
    assert find_firsts(told) == []
    series = drawn_in("UKR", told)
    assert not {"MNG", "CHL"} & {who for p in series.points for who in p.who}


def _ucdp() -> Facts:
    told = [
        {"kind": "conflict", "sender": "RUS", "receiver": "UKR", "start": date(y, 1, 1)}
        | {"fact_id": f"c{y}", "source_id": "s", "row": y, "ref": "13243"}
        for y in (2022, 2023, 2024)
    ]
    told.append(
        {"kind": "conflict_support", "sender": "PRK", "receiver": "RUS", "start": date(2024, 1, 1)}
        | {"fact_id": "p", "source_id": "s", "row": 9, "ref": "13243"}
    )
    covered = [
        {"source_id": "s", "topic": "conflicts", "start": date(1946, 1, 1), "end": date(2025, 1, 1)}
    ]
    return Facts(
        events=pl.DataFrame(told, schema=dtypes(Events)),
        coverage=pl.DataFrame(covered, schema=dtypes(Coverage)),
    )


def test_zero_stands_only_where_a_data_set_covers() -> None:
    series = drawn_in(
        "UKR", [], evidence={"ucdp": _ucdp()}, first=date(2021, 1, 1), last=date(2025, 12, 31)
    )
    troops = {p.period: p.outsiders for p in series.points if p.form == "troops"}
    assert troops == {"2021": 0, "2022": 0, "2023": 0, "2024": 1, "2025": None}
    advisers = {p.period: p.outsiders for p in series.points if p.form == "advisers"}
    assert advisers["2021"] is None
    [told] = [t for p in series.points for t in p.tellings if t.source == "ucdp"]
    assert (told.supporter, told.row) == ("PRK", "row 9")


def test_belligerents_are_no_outsiders() -> None:
    told = rows("Russia sent soldiers to Ukraine.", "2024-05-05")
    series = drawn_in("UKR", told)
    assert "RUS" not in {who for p in series.points for who in p.who}


def test_items_go_through_tables_unchanged(tmp_path: Path) -> None:
    text = (
        "Kyiv revealed that Pyongyang sent, in October, up to 12,000 soldiers, including 500 "
        "officers. Boris Pistorius warned that Putin could act within five to eight years. “No”."
    )
    found = read(text, date="2024-11-03")
    again = items_of(claims_of(found.items), speakers_of(found.items))
    assert sorted(again, key=lambda i: i.id) == sorted(found.items, key=lambda i: i.id)
    from blocs.evidence.ledger.build import open_ledger

    open_ledger(found, project=tmp_path / "p")
    back = kept(tmp_path / "p")
    assert back.articles == found.articles
    assert sorted(back.items, key=lambda i: i.id) == sorted(found.items, key=lambda i: i.id)
