"""What happened between two states: once each, from the rows, as exactly as told."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Evidence, Facts
from blocs.dates import Spell
from blocs.schemas import Events, Flows, Spells, dtypes
from blocs.views.answers import ties
from blocs.views.between import Happened, happened, within

ROW = {"source_id": "s", "row": 1, "type": None, "value": None, "unit": None, "ref": None}


def _table(kind: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = {"spells": Spells, "flows": Flows, "events": Events}[kind]
    names = dtypes(schema)
    return pl.DataFrame([{k: {**ROW, **r}.get(k) for k in names} for r in rows], schema=names)


def _pact(fact: str, sender: str, receiver: str, kind: str) -> dict[str, object]:
    return {
        "fact_id": fact,
        "kind": "alliance",
        "type": kind,
        "sender": sender,
        "receiver": receiver,
        "start": date(1950, 2, 1),
        "end": date(1960, 2, 1),
        "ref": "pact",
    }


@pytest.fixture
def held() -> dict[str, Facts]:
    spells = _table(
        "spells",
        _pact("f1", "AUT", "BEL", "defence"),
        _pact("f2", "BEL", "AUT", "defence"),
        _pact("f3", "AUT", "BEL", "consultation"),
        _pact("f4", "AUT", "CHE", "defence"),
    )
    events = _table(
        "events",
        {
            "fact_id": "e1",
            "kind": "icews",
            "type": "190",
            "sender": "BEL",
            "receiver": "AUT",
            "start": date(1955, 5, 5),
            "end": date(1955, 5, 6),
            "value": -10.0,
            "unit": "intensity -10 to 10",
        },
    )
    flows = _table(
        "flows",
        {
            "fact_id": "w1",
            "kind": "arms",
            "sender": "AUT",
            "receiver": "BEL",
            "start": date(1958, 1, 1),
            "end": date(1959, 1, 1),
            "value": 2.5,
            "unit": "million TIV",
            "ref": "d",
        },
    )
    return {"made": Facts(spells=spells, events=events, flows=flows)}


def _of(told: tuple[Happened, ...], dataset: str = "made") -> list[Happened]:
    return [h for h in told if h.dataset == dataset]


def test_both_directions_and_obligations_of_a_treaty_are_one_act(held: dict[str, Facts]) -> None:
    pact, event, arms = _of(happened(("AUT", "BEL"), held, {"f1", "f2", "f3", "w1"}))
    assert pact.facts == ("f1", "f2", "f3")
    assert (pact.mutual, pact.sign, pact.layer) == (True, 1, "alliances")
    assert "consultation, defence" in pact.what
    assert (event.sender, event.receiver, event.mutual, event.sign) == ("BEL", "AUT", False, -1)
    assert (arms.begun, arms.what) == ("1958", "Arms, 2.5 million TIV")


def test_a_row_that_no_tie_rests_on_is_not_told_a_second_time(held: dict[str, Facts]) -> None:
    """A second record of the same alliance, which does not feed the layer, adds nothing."""
    twice = {**held, "other": held["made"]}
    assert {h.kind for h in _of(happened(("AUT", "BEL"), twice, set()))} == {"icews"}


def test_order_of_the_pair_and_of_the_rows_changes_nothing(held: dict[str, Facts]) -> None:
    used = {"f1", "f2", "f3", "w1"}
    turned = {"made": Facts(spells=held["made"].spells.reverse(), events=held["made"].events)}
    turned["made"] = Facts(
        spells=held["made"].spells.reverse(),
        events=held["made"].events,
        flows=held["made"].flows,
    )
    assert happened(("AUT", "BEL"), held, used) == happened(("BEL", "AUT"), turned, used)


def test_a_period_keeps_what_shares_a_day_with_it(held: dict[str, Facts]) -> None:
    told = happened(("AUT", "BEL"), held, {"f1", "f2", "f3", "w1"})
    mine = tuple(_of(told))
    only = within(mine, Spell(date(1958, 12, 31), date(1959, 6, 1)))
    assert [h.kind for h in only] == ["alliance", "arms"]
    assert within(mine, Spell(date(1960, 2, 1), None)) == ()
    assert within(told, Spell(None, None)) == told


def test_wars_are_told_by_side() -> None:
    """Germany and Britain: opposed in both world wars, together in Afghanistan if at all."""
    wars = {h.ref: h for h in happened(("DEU", "GBR"), {}, ()) if h.kind == "war"}
    sides = almanac("war_sides")
    for war, h in wars.items():
        rows = sides.filter((pl.col("war") == war) & pl.col("actor").is_in(["DEU", "GBR"]))
        assert h.sign == (1 if rows["side"].n_unique() == 1 else -1)
    first = next(h for h in wars.values() if h.start and h.start.year == 1914)
    assert first.sign == -1


def test_a_dyad_tells_its_treaties_and_support_with_rows() -> None:
    found = ties.ask(between=("RUS", "PRK")).facts
    assert isinstance(found, ties.TieHistory)
    kinds = {e.kind for e in found.events}
    assert {"alliance", "support", "war"} <= kinds
    pact = next(e for e in found.events if e.ref == "rus_prk_1961")
    assert (pact.start, pact.end) == (date(1961, 9, 10), date(1996, 9, 10))
    assert all(e.facts for e in found.events)
    assert len({e.id for e in found.events}) == len(found.events)
    coarse = [e for e in found.events if e.kind == "support" and len(e.begun or "") == 4]
    assert coarse, "a start told by its year alone is not made a day"


def test_years_narrow_ties_and_events_alike() -> None:
    whole = ties.ask(between=("RUS", "PRK")).facts
    some = ties.ask(between=("RUS", "PRK"), from_=2000, to=2010).facts
    assert isinstance(whole, ties.TieHistory)
    assert isinstance(some, ties.TieHistory)
    assert {t.start.year for t in some.ties} <= set(range(1999, 2011))
    span = Spell(date(2000, 1, 1), date(2011, 1, 1))
    assert some.events == within(whole.events, span)
    assert {e.ref for e in some.events} >= {"rus_prk_2000"}
    assert "rus_prk_2024" not in {e.ref for e in some.events}


def test_a_date_and_years_together_are_refused() -> None:
    with pytest.raises(Exception, match="not for both"):
        ties.ask(between=("RUS", "PRK"), at="2000", from_=1999, evidence=Evidence())


def test_what_is_not_checked_yet_is_no_act() -> None:
    """The almanac marks a pair of which more may be known; that did not happen on a day."""
    found = ties.ask(between=("IND", "PAK")).facts
    assert isinstance(found, ties.TieHistory)
    assert found.events
    assert not [e for e in found.events if "nchecked" in e.what]
