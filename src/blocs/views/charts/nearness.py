"""The world by how alike each state votes to the members of the group."""

from __future__ import annotations

from typing import Final

from blocs import actors
from blocs.dates import Period
from blocs.records import Brief, NearnessRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, sources_of, table
from blocs.views.charts.world import NOTE, Look, Shown, draw_world, unplaced

_NAMED = 6
_STRONG, _SLIGHT = 0.3, 0.1
_MEMBER, _DARK = "member", "not known"
LOOKS: Final = {
    "far": Look("−0.3 and less", theme.REFERENCE, 0.85),
    "rather far": Look("−0.3 to −0.1", theme.REFERENCE, 0.35),
    "neither": Look("−0.1 to 0.1", theme.BAND),
    "rather near": Look("0.1 to 0.3", theme.GROUP, 0.36),
    "near": Look("0.3 and more", theme.GROUP, 0.7),
    _DARK: Look("not known", theme.HATCH, edge=theme.RULE),
    _MEMBER: Look("the group", theme.GROUP, edge=theme.INK),
}
"""In the order of the key; light and dark tell the strength, blue and orange the side."""


def nearness(brief: Brief) -> Figure | None:
    """Make the figure; none if no state outside the group has votes in common with it."""
    members = {m.id for m in brief.group.members}
    outside = [n for n in brief.nearness if n.actor not in members]
    if not outside:
        return None
    year = brief.period.last
    near, far = outside[:3], outside[3:][:-4:-1]
    away = _missing(brief)
    lost = unplaced([*(n.actor for n in brief.nearness), *away])
    return Figure(
        key="fig-world",
        title=f"Nearest to the group: {_listed(near, year)}"
        + (f"; farthest: {_listed(far, year)}" if far else ""),
        subtitle="Mean likeness of UN votes to the members, beyond the world's mean vote "
        f"(1 = alike in all), {wording.years(brief.period.first, brief.period.last)}, "
        f"{len(outside)} states outside the group",
        alt="World map. " + _alt(outside),
        draw=lambda width: draw_nearness(brief, width=width),
        table=_table(brief, away),
        sources=sources_of(brief, "votes"),
        method="method-nearness",
        note="Hatched: no roll call in common with a member. "
        + NOTE
        + (f" No land of its own on the map: {wording.names(lost, year)}." if lost else ""),
    )


def draw_nearness(brief: Brief, *, width: int) -> vega.Chart:
    """Draw the map; members are outlined, and named where there is room."""
    members, year = [m.id for m in brief.group.members], brief.period.last
    shown = {n.actor: Shown(_look(n.likeness), _says(n, year)) for n in brief.nearness}
    shown |= {a: Shown(_DARK, f"{wording.name(a, year)}: not known") for a in _missing(brief)}
    likeness = {n.actor: n for n in brief.nearness}
    room = len(members) <= _NAMED and width > theme.NARROW
    for one in members:
        to = f"; to the others {_says(likeness[one], year)}" if one in likeness else ""
        shown[one] = Shown(_MEMBER, f"{wording.name(one, year)}, of the group{to}")
    return draw_world(
        shown,
        LOOKS,
        width=width,
        named={m: wording.name(m, year) for m in members} if room else None,
    )


def _missing(brief: Brief) -> list[str]:
    """States of the period without a roll call in common with a member."""
    period = Period(brief.period.first, brief.period.last)
    known = {n.actor for n in brief.nearness} | {m.id for m in brief.group.members}
    there = actors.members(period)["actor"].unique().sort()
    return [a for a in there if a not in known]


def _look(likeness: float) -> str:
    size = "" if abs(likeness) >= _STRONG else "rather "
    if abs(likeness) < _SLIGHT:
        return "neither"
    return f"{size}{'near' if likeness > 0 else 'far'}"


def _says(one: NearnessRecord, on: int) -> str:
    return f"{wording.name(one.actor, on)}: {wording.score(one.likeness)}"


def _listed(some: list[NearnessRecord], on: int) -> str:
    return wording.listed(
        [f"{wording.the(wording.name(n.actor, on))} ({wording.score(n.likeness)})" for n in some]
    )


def _alt(outside: list[NearnessRecord]) -> str:
    looks = [_look(n.likeness) for n in outside]
    told = [f"{looks.count(k)} at {v.words}" for k, v in LOOKS.items() if k in looks]
    return f"States outside the group by their likeness to it: {', '.join(told)}."


def _table(brief: Brief, away: list[str]) -> Table:
    dark = Cell(wording.NOT_KNOWN, missing=True)
    rows: list[list[str | Cell]] = [
        [
            wording.name(n.actor, brief.period.last),
            wording.score(n.likeness),
            wording.interval(n.low, n.high),
            f"{n.members} of {len(brief.group.members)}",
            wording.count(n.items),
        ]
        for n in brief.nearness
    ]
    rows += [
        [wording.name(a, brief.period.last), dark, dark, f"0 of {len(brief.group.members)}", "0"]
        for a in away
    ]
    columns = (
        "State",
        "#Likeness",
        f"#{wording.percent(brief.reference.level)} interval",
        "#Members compared",
        "#Votes in common",
    )
    return table("States by likeness to the group, the nearest first", columns, rows, most=260)
