"""Members by members: how alike each pair votes beyond the world's mean."""

from __future__ import annotations

from blocs.records import Brief
from blocs.views import wording
from blocs.views.brief import dyads
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, sources_of

_NAMED = 8
_MOST_SQUARE = 64
_ROOM = 110
"""Pixels left of the squares for the names."""


def matrix(brief: Brief) -> Figure | None:
    """Make the figure; none if no pair's votes are known, or for more than 40 members."""
    known = [d for d in brief.dyads if d.votes and d.votes.likeness is not None]
    if not known or len(brief.group.members) > dyads.MOST:
        return None
    return Figure(
        key="fig-pairs",
        title=dyads.finding(brief),
        subtitle="Likeness of UN votes beyond the world's mean (1 = alike in all), pair by pair, "
        f"{wording.years(brief.period.first, brief.period.last)}; n: "
        f"{wording.spread([d.votes.n for d in known if d.votes])} roll calls in common",
        alt="; ".join(
            f"{wording.pair(d.a, d.b, brief.period.last)} {wording.score(d.votes.likeness)}"
            for d in known
            if d.votes
        ),
        draw=lambda width: draw_matrix(brief, width=width),
        table=dyads.pairs(brief),
        sources=sources_of(brief, "votes"),
        method="method-votes",
        note="Blue: more alike than the world's mean vote makes them, orange: less; outlined: "
        "not known.",
    )


def draw_matrix(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a square a pair, both ways round; the diagonal is empty."""
    ids = [m.id for m in brief.group.members]
    square = min(_MOST_SQUARE, (width - _ROOM) / len(ids))
    said = {m.id: m.name if len(ids) <= _NAMED else m.id for m in brief.group.members}
    rows: list[vega.Row] = []
    for d in brief.dyads:
        value = d.votes.likeness if d.votes else None
        for a, b in ((d.a, d.b), (d.b, d.a)):
            rows.append(
                {"a": ids.index(a), "b": ids.index(b), "value": value, "text": _text(value)}
            )
    x, y = (_side(name, [said[i] for i in ids], top=name == "b") for name in ("b", "a"))
    squares = [
        vega.chart([r for r in rows if _sign(r["value"]) == sign])
        .mark("rect", **look)
        .encode(x=x, y=y, **strength)
        for sign, (look, strength) in _LOOKS.items()
        if any(_sign(r["value"]) == sign for r in rows)
    ]
    text = vega.chart(rows).mark("text", fontSize=theme.SMALL if square > 40 else 9)
    written = [text.encode(x=x, y=y, text="text:N")] if square > 22 else []
    return vega.layer(*squares, *written).sized(square * len(ids), square * len(ids))


_STRENGTH: vega.Spec = vega.channel(
    "value:Q", scale={"domain": [0, 1], "range": [0.08, 0.75], "clamp": True}, legend=None
)
_WEAKNESS: vega.Spec = vega.channel(
    "value:Q", scale={"domain": [0, -1], "range": [0.08, 0.75], "clamp": True}, legend=None
)
_LOOKS: dict[int | None, tuple[vega.Spec, dict[str, vega.Spec]]] = {
    1: ({"color": theme.GROUP}, {"opacity": _STRENGTH}),
    -1: ({"color": theme.REFERENCE}, {"opacity": _WEAKNESS}),
    None: ({"fill": theme.HATCH}, {}),
}


def _sign(value: object) -> int | None:
    return None if not isinstance(value, float) else 1 if value >= 0 else -1


def _text(value: float | None) -> str:
    return "" if value is None else wording.score(value)


def _side(name: str, said: list[str], *, top: bool) -> vega.Spec:
    """An axis of members in the group's order, named by `said`."""
    names = "[" + ",".join(f"'{s.replace(chr(39), chr(8217))}'" for s in said) + "]"
    look = {"orient": "top", "labelAngle": -30} if top else {}
    axis = {"title": None, "labelExpr": f"{names}[datum.value]", "domain": False, "ticks": False}
    scale = {"domain": list(range(len(said))), "padding": 0.04}
    return vega.channel(f"{name}:O", axis={**axis, **look}, scale=scale)
