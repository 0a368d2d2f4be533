"""Whose word it is: chains of confirmation, and told things that do not agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from blocs.records import Brief, RedLineRecord, SupportRecord
from blocs.views import wording
from blocs.views.charts.ladder import RUNGS, quantity

_SAME_UNIT = {"rounds": "shells", "shell": "shells"}
_CODES = re.compile(r"^([A-Z]{2,3}(?:\+[A-Z]{2,3})*)\b")
_DATE = re.compile(r"\b\d{4}(?:-\d{2}){1,2}\b")


@dataclass(frozen=True, slots=True)
class Side:
    """One telling of a thing: a fact of support, or a red line."""

    fact: SupportRecord | None
    line: RedLineRecord | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Tellings that do not agree, to be shown side by side.

    Attributes
    ----------
    title : str
        What it is about.
    why : str
        What does not agree, and what that does and does not mean.
    sides : tuple of Side
        Two or more.
    """

    title: str
    why: str
    sides: tuple[Side, ...]


def conflicts(brief: Brief) -> tuple[Conflict, ...]:
    """Find what was told differently: amounts, denials, red lines neared or passed.

    Examples
    --------
    A chain of confirmation in words:

    >>> chain_link("RUS weakly confirmed 2024-10-24")
    'Russia weakly confirmed 24 October 2024'
    """
    told = [s for s in brief.support if s.level > 0]
    return (*_amounts(told), *_red_lines(told, brief.red_lines), *_denials(told))


def chain_link(text: str) -> str:
    """Write one link of a chain of confirmation in words."""
    named = _CODES.sub(lambda code: wording.name(code[1]), text)
    return _DATE.sub(lambda date: wording.day(date[0]), named)


def speaker(text: str) -> str:
    """Name who says it; the author of an article is told by the source."""
    return "the article" if text == "article" else wording.name(text)


def _amounts(told: Sequence[SupportRecord]) -> list[Conflict]:
    """Quantities of one thing by one giver that differ."""
    groups: dict[tuple[str, ...], list[SupportRecord]] = {}
    for s in told:
        if s.unit and s.part_of is None and quantity(s):
            unit = _SAME_UNIT.get(s.unit, s.unit)
            key = (s.theatre, s.supporter, s.recipient, s.rung, unit, s.per or "")
            groups.setdefault(key, []).append(s)
    out = []
    for told_of, facts in sorted(groups.items()):
        different = {quantity(s) for s in facts}
        if len({s.source for s in facts}) > 1 and len(different) > 1:
            giver, receiver, unit = told_of[1], told_of[2], told_of[4]
            title = f"{wording.giving(giver, receiver)}: how many {unit}?"
            out.append(Conflict(title, _why(facts), tuple(Side(s, None) for s in facts)))
    return out


def _why(facts: Sequence[SupportRecord]) -> str:
    low = max(s.low if s.low is not None else s.value or 0.0 for s in facts)
    high = min(
        s.high if s.high is not None else s.value if s.value is not None else float("inf")
        for s in facts
    )
    if low <= high:
        return "The figures differ, but their bounds overlap; they are never added."
    return (
        "The figures exclude each other if they mean the same thing at the same time; they may "
        "not, so they are never added."
    )


def _red_lines(told: Sequence[SupportRecord], lines: Sequence[RedLineRecord]) -> list[Conflict]:
    out = []
    for actor in sorted({line.actor for line in lines}):
        drawn = [line for line in lines if line.actor == actor]
        lowest = min(line.level for line in drawn)
        given = [s for s in told if s.supporter == actor]
        past = [s for s in given if s.level >= lowest]
        near = [s for s in given if lowest - 2 <= s.level < lowest]
        if not past and not near:
            continue
        who = wording.name(actor)
        said = f"{who}'s red line is at {RUNGS[lowest]}"
        why = (
            f"{said}. {len(past)} told facts lie at or past it: the line or the telling does not "
            "hold, or they mean different things."
            if past
            else f"{said}. Nothing told lies past it; these come nearest."
        )
        sides = [Side(None, line) for line in drawn]
        out.append(
            Conflict(
                f"{who}: a red line and what is told",
                why,
                (*sides, *(Side(s, None) for s in [*past, *near][:6])),
            )
        )
    return out


def _denials(told: Sequence[SupportRecord]) -> list[Conflict]:
    """What was told and denied, by who denies it to whom."""
    groups: dict[tuple[str, str], list[SupportRecord]] = {}
    for s in told:
        if s.claim == "denied" or any("denied" in link for link in s.confirmation):
            groups.setdefault((s.supporter, s.recipient), []).append(s)
    return [
        Conflict(
            f"{wording.giving(giver, receiver)}: told and denied",
            "One side says it, the other denies it.",
            tuple(Side(s, None) for s in facts),
        )
        for (giver, receiver), facts in sorted(groups.items())
    ]
