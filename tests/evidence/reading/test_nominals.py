"""Acts that nouns carry, and red lines."""

from __future__ import annotations

import pytest

import blocs
from blocs.evidence.reading.actors import by_word, find_mentions
from blocs.evidence.reading.nominals import find_nominals, find_norms
from blocs.evidence.syntax import parse_sentences


def nominals(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    [tree] = parse_sentences([(text, 0)])
    found = find_nominals(tree, by_word(find_mentions(tree)))
    return [(a.plover, [(s[:3], t[:3]) for s, t in a.dyads()]) for a in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The signing of a trade treaty between Norway and Chile surprised many.",
            ("SUPPORT", [("NOR", "CHL"), ("CHL", "NOR")]),
        ),
        ("Poland's invasion of Norway failed.", ("ASSAULT", [("POL", "NOR")])),
        ("Chile's expulsion of a Peruvian envoy was rash.", ("SANCTION", [("CHL", "PER")])),
        ("The withdrawal of Turkish troops from Libya began.", ("RETREAT", [("TUR", "LBY")])),
        ("Greek air strikes on Libya went on.", ("ASSAULT", [("GRC", "LBY")])),
        ("Deliveries of arms from Seoul to Kyiv may follow.", ("AID", [("KOR", "UKR")])),
        ("The accusations made by Chile against Peru are old.", ("ACCUSE", [("CHL", "PER")])),
        ("The Swedish sanctions against Iran are old.", ("SANCTION", [("SWE", "IRN")])),
        (
            "The Finns, who are old supporters of Norway, are few.",
            ("SUPPORT", [("FIN", "NOR")]),
        ),
    ],
)
def test_the_phrases_of_a_noun_name_its_ends(
    text: str, expected: tuple[str, list[tuple[str, str]]]
) -> None:
    assert expected in nominals(text)


@pytest.mark.parametrize("text", ["The war was long.", "Norwegian fish is good.", "Aid is slow."])
def test_a_noun_without_its_ends_is_no_act(text: str) -> None:
    assert nominals(text) == []


def test_a_red_line_says_whose_it_is_and_what_it_forbids() -> None:
    [item] = [
        i
        for i in blocs.read("For Norway, arms deliveries to Chile are a red line.")
        if i.kind == "relation"
    ]
    assert (item.subject, item.object, item.certainty, item.sign) == (
        ["NOR"],
        ["CHL"],
        "negated",
        0,
    )
    assert item.event is not None
    assert item.event.plover == "AID"
    assert [(s.actor, s.cue) for s in item.speakers] == [("NOR", "For")] or item.speakers


def test_a_line_that_is_not_red_is_none() -> None:
    [tree] = parse_sentences([("For Norway the front line is a problem.", 0)])
    assert list(find_norms(tree, by_word(find_mentions(tree)))) == []


def test_a_share_that_does_not_come_out_is_put_on_record() -> None:
    text = "It took 500 square kilometers of the 100,000 square kilometers held, or 5%."
    [share] = [i for i in blocs.read(text) if i.quantity and i.quantity.unit == "%"]
    assert [(r.kind, r.reading) for r in share.repairs] == [("sum", "0.5%")]
    good = blocs.read(text.replace("5%", "0.5%"))
    [share] = [i for i in good if i.quantity and i.quantity.unit == "%"]
    [whole] = [i for i in good if i.quantity and i.quantity.value == 100_000]
    assert (share.repairs, share.quantity.part_of) == ([], whole.id)
