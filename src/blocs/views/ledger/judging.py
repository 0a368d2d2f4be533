"""Judging items one by one on a terminal: accept, reject, correct, skip, quit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from blocs.errors import BadInput
from blocs.evidence.ledger.corrections import (
    Correction,
    Json,
    Verdict,
    correction_of,
    parse_field,
)
from blocs.evidence.reading.items import Item

_AROUND = 120
_KEYS = "[a]ccept  [r]eject  [c]orrect field=value ...  [s]kip  [q]uit"
_PLAIN: Final = {"s": "skip", "q": "quit"}
_VERDICTS: Final[Mapping[str, Verdict]] = {"a": "accept", "r": "reject"}
_HIDDEN = ("id", "article", "start", "end", "quote", "statement", "repairs", "speakers")


def judge(
    items: Sequence[Item],
    texts: Mapping[str, str],
    *,
    ask: Callable[[str], str],
    say: Callable[[str], None],
    by: str | None = None,
) -> Iterator[Correction]:
    """Ask of each item what to do with it; yield each decision as it is made.

    Parameters
    ----------
    items : sequence of Item
        What to judge, in order.
    texts : mapping of str to str
        Article to text, for the words around.
    ask : callable
        Shows a prompt and returns a line; raises EOFError at the end.
    say : callable
        Shows a line.
    by : str, optional
        Who decides.
    """
    for n, item in enumerate(items, start=1):
        say(f"\n{n} of {len(items)}  {item.kind}  {item.id}")
        say(in_context(item, texts.get(item.article, "")))
        say(coded(item))
        decision = _decide(item, ask, say, by)
        if decision == "quit":
            return
        if isinstance(decision, Correction):
            yield decision


def _decide(
    item: Item, ask: Callable[[str], str], say: Callable[[str], None], by: str | None
) -> Correction | str:
    """Ask until the answer can be used."""
    while True:
        try:
            answer = ask(f"{_KEYS}: ").strip()
        except EOFError:
            return "quit"
        key, _, rest = answer.partition(" ")
        first = key[:1].lower()
        if first in _PLAIN:
            return _PLAIN[first]
        if first in _VERDICTS:
            return correction_of(item, _VERDICTS[first], by=by, note=rest or None)
        made = _corrected(item, rest, ask, say, by) if first == "c" else None
        if made is not None:
            return made
        if first != "c":
            say(f"{answer!r} is none of: {_KEYS}")


def _corrected(
    item: Item, rest: str, ask: Callable[[str], str], say: Callable[[str], None], by: str | None
) -> Correction | None:
    """Return a correction, or None after saying what is wrong with it."""
    try:
        words = (rest or ask("field=value ...: ")).split()
        return correction_of(item, "correct", fields=fields_of(words), by=by)
    except (BadInput, EOFError) as error:
        say(str(error))
        return None


def fields_of(words: Sequence[str]) -> dict[str, Json]:
    """Read several ``field=value``."""
    if not words:
        raise BadInput("no field given; write field=value, for example certainty=hedged")
    return dict(map(parse_field, words))


def in_context(item: Item, text: str) -> str:
    """Show the words of an item between those around it, marked by brackets."""
    before = text[max(0, item.start - _AROUND) : item.start]
    after = text[item.end : item.end + _AROUND]
    return " ".join(f"…{before}[[{item.quote}]]{after}…".split())


def coded(item: Item) -> str:
    """Show what the machine made of an item, field by field."""
    told = msgspec.to_builtins(item)
    shown = {k: v for k, v in told.items() if k not in _HIDDEN and v not in (None, [], "")}
    speakers = ", ".join(f"{s.role} {s.actor or s.text}" for s in item.speakers)
    lines = [f"  {k}: {v}" for k, v in shown.items()]
    return "\n".join(lines + ([f"  speakers: {speakers}"] if speakers else []))
