"""Events in order, each once, numbered by name."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs.errors import BadInput, UnknownName
from blocs.outlook.chronicle import Chronicle, chronicle

ROWS = [
    ("c", "RUS", "Make_statement", "CHN", 48),
    ("a", "CHN", "Consult", "RUS", 0),
    ("b", "RUS", "Make_statement", "CHN", 24),
    ("d", "RUS", "Make_statement", "CHN", 24),
]


def made(rows: list[tuple[object, ...]] = ROWS, **options: object) -> Chronicle:
    names = ["event_id", "sender", "relation", "receiver", "time"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return chronicle(frame, **({"dated": False} | options))  # type: ignore[arg-type]


def test_events_out_of_order_and_told_twice_are_put_in_order_once() -> None:
    found = made()
    assert found.events["event_id"].to_list() == ["a", "b", "c"]
    assert found.events["day"].to_list() == [0, 1, 2]
    assert "1 event is told twice on one day and counted once" in found.notes
    assert made(ROWS[::-1]).events.equals(found.events)


def test_numbers_and_both_directions() -> None:
    found = made()
    assert (found.actors, found.relations) == (("CHN", "RUS"), ("Consult", "Make_statement"))
    assert found.quadruples.facts.tolist() == [
        *([0, 0, 1, 0], [1, 2, 0, 0]),
        *([0, 3, 1, 1], [1, 1, 0, 1]),
        *([0, 3, 1, 2], [1, 1, 0, 2]),
    ]
    assert (found.quadruples.n_actors, found.quadruples.n_relations) == (2, 4)


def test_hours_and_dates_are_written_as_they_were() -> None:
    assert (made().step, made().when(2), made().last) == (24, "time 48", 2)
    start = date(2020, 2, 28).toordinal()
    rows = [(*row[:4], start + i) for i, row in enumerate(ROWS[:3])]
    assert made(rows, dated=True).when(2) == "2020-03-01"


def test_events_after_today_are_left_out_aloud() -> None:
    today = date(2020, 3, 1)
    rows = [(*row[:4], today.toordinal() + i - 2) for i, row in enumerate(ROWS)]
    found = made(rows, dated=True, today=today)
    assert found.events.height == 3
    assert "1 event is dated after today (2020-03-01) and left out, first d" in found.notes


def test_names_are_found_by_code_name_and_spelling() -> None:
    found = made(actors=["Côte d'Ivoire"])
    assert found.actor("Russia") == found.actor("rus") == found.actors.index("RUS")
    assert found.relation("make statement") == 1
    with pytest.raises(UnknownName, match="Make_statement"):
        found.relation("Make statements")
    with pytest.raises(UnknownName, match="did you mean CHN") as refused:
        found.actor("Chinna")
    assert "Known: CHN, Côte d'Ivoire, RUS." in str(refused.value)
    many = made([(f"e{n}", f"S{n:02}", f"act {n}", "A", n) for n in range(40)])
    with pytest.raises(UnknownName, match=r"There are 41 actors: A, S00, S01, S02, S03, \.\.\."):
        many.actor("Gondor")
    with pytest.raises(UnknownName, match="There are 40 relations: act 0, act 1, "):
        many.relation("999")


@pytest.mark.parametrize("rows", [ROWS[:1], [ROWS[2], ROWS[3]], []])
def test_one_event_or_one_day_is_too_little(rows: list[tuple[object, ...]]) -> None:
    with pytest.raises(BadInput, match="two days or more"):
        made(rows)
