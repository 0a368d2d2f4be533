"""Whose turn it is in a transcript, and that other texts are none."""

from datetime import date
from time import process_time

import pytest

from blocs.evidence.claims import read_article
from blocs.evidence.reading.transcripts import find_turns, voice_of

DAY = date(2024, 11, 10)
PRESS = """Press conference, Moscow

PRESIDENT PUTIN: We have sent 300 missiles to Belarus. Thank you.

China supports this.

Q    Will Russia attack Poland?

PRESIDENT PUTIN: No. Poland has nothing to fear.

MS. LEAVITT: Israel has agreed to a ceasefire with Lebanon.
"""


def test_what_is_said_in_a_turn_is_its_speaker_s():
    found = read_article(PRESS, date=DAY)
    assert all(PRESS[i.start : i.end] == i.quote for i in found)
    assert all(PRESS[s.start : s.end] == s.text for i in found for s in i.speakers)
    said = {i.quote: [(s.actor, s.text) for s in i.speakers] for i in found if i.kind == "claim"}
    putin = [("RUSGOV", "PRESIDENT PUTIN")]
    assert said["We have sent 300 missiles to Belarus."] == putin
    assert said["China supports this."] == putin
    assert said["Israel has agreed to a ceasefire with Lebanon."] == [(None, "MS. LEAVITT")]
    assert "Thank you." not in said


def test_we_is_whose_turn_it_is():
    [event] = [i for i in read_article(PRESS, date=DAY) if i.event and i.event.plover == "AID"]
    assert (event.subject, event.object, event.certainty) == (["RUSGOV"], ["BLR"], "reported")


def test_a_question_is_nobody_s_claim_and_not_the_answerer_s():
    found = [i for i in read_article(PRESS, date=DAY) if i.quote.startswith("Will Russia")]
    assert {i.kind for i in found} == {"event"}
    assert {(s.actor, s.text) for i in found for s in i.speakers} == {(None, "Q")}
    assert {i.certainty for i in found} == {"hedged"}


@pytest.mark.parametrize(
    ("label", "day", "actor"),
    [
        ("PRESIDENT TRUMP", date(2018, 5, 1), "USAGOV"),
        ("PRIME MINISTER JOHNSON", date(2020, 5, 1), "GBRGOV"),
        ("SECRETARY BLINKEN", date(2022, 5, 1), "USAGOV"),
        ("Mr. Nebenzia (Russian Federation) (spoke in Russian)", DAY, "RUSGOV"),
        ("The President (spoke in Chinese)", DAY, None),
        ("SECRETARY-GENERAL RUTTE", date(2024, 12, 1), "IGONAT"),
        ("THE PRESIDENT", DAY, None),
    ],
)
def test_a_title_is_who_holds_the_office_on_the_day(label, day, actor):
    [turn] = find_turns(f"{label}: We will not attack Poland.")
    assert voice_of(turn, day).actor == actor


@pytest.mark.parametrize(
    "text",
    [
        "KEY POINTS: Russia attacked.\n\nBACKGROUND: Ukraine protested.",
        "WASHINGTON: Ukraine protested on Monday.",
        "Russia attacked Ukraine. Q: none.",
        "The list: Russia, China.\nThe sum: 300.",
        "Q: Who?\nQ: Why?",
    ],
)
def test_headings_and_places_open_no_turn(text):
    assert find_turns(text) == ()


def test_a_headline_holds_for_its_own_line():
    text = "President Putin: we will win\n\nUkraine attacked Belgorod on Monday."
    [turn] = find_turns(text)
    assert text[turn.said : turn.until] == "we will win"


def test_names_alone_take_turns_where_there_are_questions():
    text = "Question: Will you sign?\n\nVladimir Putin: China and Russia signed an agreement."
    assert [t.label for t in find_turns(text)] == ["Question", "Vladimir Putin"]


def test_labels_are_found_in_linear_time():
    begun = process_time()
    for text in ("A" * 300_000, "A. " * 100_000, "Mr. A\n" * 50_000, "Q: (" * 80_000):
        find_turns(text)
    assert process_time() - begun < 5
