"""Rungs and red lines from sentences, by hand; the words are always exact."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.evidence.ledger.forms import FORMS, find_forms
from blocs.evidence.ledger.red_lines import find_red_lines, with_facts
from blocs.evidence.ledger.support import find_support
from blocs.evidence.ledger.wars import war_of
from blocs.evidence.reading.spotting import spot_names
from blocs.schemas import RUNGS

SHA = "0" * 64


@pytest.mark.parametrize(
    ("text", "giver", "receiver", "form", "certainty"),
    [
        ("Iran delivered missiles to Russia.", "IRN", "RUS", "weapons", "asserted"),
        ("Drones were supplied by Iran to Russia.", "IRN", "RUS", "weapons", "asserted"),
        ("Russia has received Iranian drones.", "IRN", "RUS", "weapons", "asserted"),
        ("Russia fired North Korean missiles.", "PRK", "RUS", "weapons", "asserted"),
        ("Seoul supplied Ukraine with artillery shells.", "KOR", "UKR", "munitions", "asserted"),
        ("India bought Russian oil.", "IND", "RUS", "economic", "asserted"),
        ("China passed satellite images to Russia.", "CHN", "RUS", "intelligence", "asserted"),
        ("China sent spare parts to Russia.", "CHN", "RUS", "dual use", "asserted"),
        ("Poland trained soldiers for Ukraine.", "POL", "UKR", "advisers", "asserted"),
        ("French instructors are in Ukraine.", "FRA", "UKR", "advisers", "asserted"),
        ("Cuba sent soldiers to Angola.", "CUB", "AGO", "troops", "asserted"),
        (
            "The transfer of jets from Denmark to Ukraine began.",
            "DNK",
            "UKR",
            "weapons",
            "asserted",
        ),
        ("The United States will send tanks to Ukraine.", "USA", "UKR", "weapons", "hedged"),
        ("China denied supplying weapons to Russia.", "CHN", "RUS", "weapons", "negated"),
        ("Germany refused to send missiles to Ukraine.", "DEU", "UKR", "weapons", "negated"),
        ("Belarus has not sent troops to Ukraine.", "BLR", "UKR", "troops", "negated"),
    ],
)
def test_who_gives_what_to_whom(
    text: str, giver: str, receiver: str, form: str, certainty: str
) -> None:
    [row] = find_support(SHA, text, [])
    assert (row.supporter, row.recipient, row.form) == (giver, receiver, form)
    assert row.certainty == certainty
    assert text[row.span_start : row.span_end] == row.quote
    assert RUNGS[row.level] == row.rung


@pytest.mark.parametrize(
    "text",
    [
        "The Russian army boosted its morale.",
        "Tanks rolled through the streets of Paris.",
        "Oil prices rose again.",
        "Ministers discussed weapons in Geneva.",
        "Delegates received a warm welcome.",
        "",
    ],
)
def test_words_alone_are_no_support(text: str) -> None:
    assert find_support(SHA, text, []) == []


def test_several_givers_and_private_fighters() -> None:
    text = "Deliveries of American and European weapons went on; mercenaries served with Russia."
    rows = find_support(SHA, text, [])
    assert {(r.supporter, r.form, r.level) for r in rows} == {
        ("USA", "weapons", 6),
        ("group:eu", "weapons", 6),
        (None, "mercenaries", 0),
    }


def test_what_a_thing_is_for_is_not_given() -> None:
    text = "China sent technologies to Russia that it needs for the construction of tanks."
    assert [r.form for r in find_support(SHA, text, [])] == ["dual use"]


def test_the_war_and_the_side_are_read_off_the_almanac() -> None:
    text = "Pyongyang sent soldiers to fight Ukraine."
    [row] = find_support(SHA, text, [], day=date(2024, 11, 1))
    assert (row.against, row.recipient, row.theatre, row.side) == ("UKR", None, "UKR", "RUS")
    assert war_of(["RUS"], day=date(2024, 1, 1)).theatre == "UKR"  # type: ignore[union-attr]
    assert war_of(["CHE"], day=date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "actor", "rung"),
    [
        ("For China, lethal aid to Moscow is a taboo.", "CHN", "weapons"),
        ("Seoul said it would never send lethal weapons to Kyiv.", "KOR", "weapons"),
        ("Germany ruled out sending Taurus missiles.", "DEU", "weapons"),
        (
            "Washington warned that supplying arms would cross a red line for Moscow.",
            "RUS",
            "weapons",
        ),
        ("France's red line is foreign troops in Mali.", "FRA", "troops"),
    ],
)
def test_whose_line_and_what_would_cross_it(text: str, actor: str, rung: str) -> None:
    [line] = find_red_lines(SHA, text, [])
    assert (line.actor, line.rung) == (actor, rung)
    assert text[line.span_start : line.span_end] == line.quote


def test_a_painted_line_is_none() -> None:
    assert find_red_lines(SHA, "A red line was painted on the wall of Paris.", []) == []


def test_facts_near_and_past_a_line() -> None:
    text = "China sent soldiers to Russia. China sent shells to Russia. China sent parts to Russia."
    rows = find_support(SHA, text, [])
    [line] = with_facts(find_red_lines(SHA, "Lethal aid is a red line for China.", []), rows)
    by_form = {r.form: r.id for r in rows}
    assert line.crossed_by == (by_form["troops"],)
    assert line.approached_by == (by_form["munitions"],)
    denied = find_support(SHA, "China denied supplying weapons to Russia.", [])
    assert with_facts([line], denied)[0].crossed_by == ()


def test_forms_keep_to_the_ladder() -> None:
    assert all(form.rung in RUNGS for form in FORMS)
    assert [n.form.name for n in find_forms("artillery shells")] == ["munitions"]
    assert [n.form.name for n in find_forms("lethal aid")] == ["weapons"]


def test_outlets_are_no_actors() -> None:
    assert [s.code for s in spot_names("the Washington Post and Kyiv")] == ["UKR"]


_TEXT = (
    "China Iran Russia sent supplied weapons shells oil to from by not will red line for , . … “ ” "
    "Iranian drones troops fight Ukraine 300 \u2603 \u0130 \U0001f680 that"
)
_WORDS = st.sampled_from(_TEXT.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, max_size=25))
def test_any_text_gives_exact_words_and_no_crash(words: list[str]) -> None:
    text = " ".join(words)
    for row in find_support(SHA, text, [], day=date(2024, 1, 1)):
        assert text[row.span_start : row.span_end] == row.quote
        assert row.supporter != row.recipient or row.supporter is None
    for line in find_red_lines(SHA, text, []):
        assert text[line.span_start : line.span_end] == line.quote
