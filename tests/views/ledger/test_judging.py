"""Judging items one by one, with answers typed by a script."""

from __future__ import annotations

from collections.abc import Callable

from blocs.evidence.ledger.corrections import Correction
from blocs.evidence.reading.items import Item, Quantity, item_id
from blocs.views.ledger.judging import judge

TEXT = "Kyiv said that up to 12,000 soldiers came. Seoul said so too. Nobody else did."


def _item(start: int, end: int, kind: str, **more: object) -> Item:
    return Item(
        id=item_id("a", kind, start, end),
        article="a",
        kind=kind,  # type: ignore[arg-type]
        start=start,
        end=end,
        quote=TEXT[start:end],
        statement=TEXT[start:end],
        **more,  # type: ignore[arg-type]
    )


ITEMS = [
    _item(15, 36, "quantity", quantity=Quantity(high=12000.0, of="soldiers")),
    _item(43, 61, "claim"),
    _item(62, 78, "claim"),
]


def _typed(*answers: str) -> tuple[list[Correction], str]:
    waiting, shown = list(answers), []

    def ask(prompt: str) -> str:
        shown.append(prompt)
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    say: Callable[[str], None] = shown.append
    made = list(judge(ITEMS, {"a": TEXT}, ask=ask, say=say, by="me"))
    return made, "\n".join(shown)


def test_accept_reject_with_a_note_and_correct() -> None:
    made, shown = _typed("c quantity.high=10000 certainty=hedged", "r not a claim", "a")
    assert [d.verdict for d in made] == ["correct", "reject", "accept"]
    assert made[0].fields == {"quantity.high": 10000, "certainty": "hedged"}
    assert made[1].note == "not a claim"
    assert {d.by for d in made} == {"me"}
    assert "[[up to 12,000 soldiers]]" in shown
    assert "1 of 3" in shown


def test_a_bad_answer_is_said_and_asked_again() -> None:
    made, shown = _typed("x", "c hgh=3", "c", "high=10000", "s", "q")
    assert [d.fields for d in made] == [{"high": 10000}]
    assert "is none of" in shown
    assert "did you mean" in shown


def test_quitting_and_the_end_of_input_keep_what_was_decided() -> None:
    assert [d.verdict for d in _typed("a", "q")[0]] == ["accept"]
    assert [d.verdict for d in _typed("a")[0]] == ["accept"]
