"""Pairs of members as a matrix: residual likeness, raw agreement, what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blocs.records import Brief, DyadRecord, Named
from blocs.views import wording
from blocs.views.charts.figure import Cell, Table, table

MOST_NAMED = 8
MOST = 40


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the matrix.

    Attributes
    ----------
    text, under : str
        Residual likeness; raw agreement and n below it.
    shade : str
        Class of the background: "s0" to "s5", "below" zero, "missing" or "self".
    said : str
        The pair and its numbers in words.
    """

    text: str
    under: str
    shade: str
    said: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Members by members, in the group's order."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]
    compact: bool


def matrix(brief: Brief) -> Matrix | None:
    """Lay the pairs out as a matrix; none for groups too large to read as one."""
    ids = [m.id for m in brief.group.members]
    if len(ids) > MOST:
        return None
    compact = len(ids) > MOST_NAMED
    found = {frozenset((d.a, d.b)): d for d in brief.dyads}
    rows = tuple(
        (
            m.name,
            tuple(_square((m, other), found, compact=compact) for other in brief.group.members),
        )
        for m in brief.group.members
    )
    heads = tuple(ids if compact else [m.name for m in brief.group.members])
    return Matrix(heads, rows, compact)


def finding(brief: Brief) -> str:
    """Say which pair is most alike and which least, beyond the world's mean vote."""
    known = [
        (d.votes.likeness, wording.pair(d.a, d.b, brief.period.last))
        for d in brief.dyads
        if d.votes is not None and d.votes.likeness is not None
    ]
    if not known:
        return "No pair's votes are known in the period"
    high, low = max(known), min(known)
    if len(known) == 1:
        return f"{high[1]}: {wording.score(high[0])} alike beyond the world's mean vote"
    return (
        f"{high[1]} are most alike ({wording.score(high[0])}), {low[1]} least "
        f"({wording.score(low[0])})"
    )


def pairs(brief: Brief) -> Table:
    """All pairs with votes, classes, ties and the issue they differ on most."""
    titles = {layer.name: layer.title for layer in brief.layers}
    layers = list(dict.fromkeys(t.layer for d in brief.dyads for t in d.ties))
    rows = [_pair_row(d, layers, brief.period.last) for d in brief.dyads]
    columns = (
        "Pair",
        "#Votes in common",
        "#Agreement",
        "#Identical",
        "#Residual",
        "#Shield",
        "#Counter-programme",
        "#Dissent",
        "Differ most on",
        *(f"#{titles.get(name, name)}: mean tie" for name in layers),
    )
    return table("Pairs of members", columns, rows)


def _pair_row(d: DyadRecord, layers: list[str], year: int) -> list[str | Cell]:
    v = d.votes
    issues = {i.issue: i.title for i in d.issues}
    ties = {t.layer: t.weight for t in d.ties}
    numbers = (
        [
            wording.count(v.n),
            wording.percent(v.agreement),
            wording.percent(v.identical),
            *map(wording.score, (v.likeness, v.shield, v.counter, v.dissent)),
        ]
        if v
        else [wording.NOT_KNOWN] * 7
    )
    return [
        wording.pair(d.a, d.b, year),
        *numbers,
        issues.get(d.differs_most_on or "", wording.NOT_KNOWN),
        *(wording.score(ties.get(name)) for name in layers),
    ]


def _square(
    ends: tuple[Named, Named], found: Mapping[frozenset[str], DyadRecord], *, compact: bool
) -> Square:
    a, b = ends
    if a.id == b.id:
        return Square("", "", "self", "the same state")
    dyad = found.get(frozenset((a.id, b.id)))
    votes = dyad.votes if dyad else None
    if votes is None or votes.likeness is None:
        return Square(
            "?" if compact else wording.NOT_KNOWN, "", "missing", f"{a.name}–{b.name}: not known"
        )
    text = wording.score(votes.likeness)
    short = wording.score(100 * votes.likeness, decimals=0)
    raw = f"{wording.percent(votes.agreement)} of {wording.count(votes.n)}"
    shade = "below" if votes.likeness < 0 else f"s{min(int(votes.likeness * 6), 5)}"
    said = f"{a.name}–{b.name}: residual {text}, agreement {raw} votes"
    return Square(short if compact else text, "" if compact else raw, shade, said)
