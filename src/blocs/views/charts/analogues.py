"""Groups of history by their distance from the group asked about."""

from __future__ import annotations

from blocs.records import AnalogueRecord, Brief
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, table

_ROW = 34


def analogues(brief: Brief) -> Figure | None:
    """Make the figure; none if there is nothing to compare with."""
    held = sorted(brief.analogues, key=lambda a: (a.distance, a.group))
    if not held:
        return None
    near, far = held[0], held[-1]
    return Figure(
        key="fig-analogues",
        title=f"Nearest: {_label(near)}; farthest: {_label(far)}",
        subtitle="Distance of a group of history in its nearest window: root mean squared "
        "difference of up to seven shares (0 = the same)",
        alt="; ".join(f"{_label(a)} {wording.score(a.distance)}" for a in held) + ".",
        draw=lambda width: draw_analogues(held, width=width),
        table=_table(held),
        method="method-analogues",
        note="A near group looked alike in these shares, and in nothing else by that alone. "
        "Distances carry no interval: they describe.",
    )


def draw_analogues(held: list[AnalogueRecord], *, width: int) -> vega.Chart:
    """Draw the distance of each group as a dot on a line from zero."""
    inner = width - 60
    rows: list[vega.Row] = [
        {
            "i": i,
            "x": a.distance,
            "name": f"{_label(a)} ({len(a.members)} states{_basis(a)})",
            "text": wording.score(a.distance),
        }
        for i, a in enumerate(held)
    ]
    y = vega.channel("i:O", axis=None)
    scale = {"domain": [0, max(a.distance for a in held) * 1.05 or 1.0], "nice": False}
    x = vega.channel("x:Q", scale=scale, axis={"title": None, "tickCount": 4, "grid": False})
    base = vega.chart(rows)
    return vega.layer(
        base.mark("rule", color=theme.GREY, strokeWidth=1.5, yOffset=8).encode(
            x=x, x2={"datum": 0}, y=y
        ),
        base.mark("point", size=60, fill=theme.GREY, strokeWidth=0, opacity=1, yOffset=8).encode(
            x=x, y=y
        ),
        base.mark("text", align="left", dx=9, yOffset=8, fontWeight="bold").encode(
            x=x, y=y, text="text:N"
        ),
        base.mark("text", align="left", dy=-7).encode(x={"value": 0}, y=y, text="name:N"),
    ).sized(width=inner, height=_ROW * len(rows))


def _basis(a: AnalogueRecord) -> str:
    """Say so where little could be compared."""
    return f", {a.dimensions[0]} only" if len(a.dimensions) == 1 else ""


def _label(a: AnalogueRecord) -> str:
    return f"{a.name}, {wording.years(a.first, a.last)}"


def _table(held: list[AnalogueRecord]) -> Table:
    rows: list[list[str | Cell]] = [
        [
            _label(a),
            wording.score(a.distance),
            *(_share(v) for v in (a.likeness, a.shield, a.counter, a.dissent, a.treaties)),
            ", ".join(wording.name(m, a.last) for m in a.members[:12])
            + (f" and {len(a.members) - 12} more" if len(a.members) > 12 else ""),
        ]
        for a in held
    ]
    columns = ("#Distance", "#Likeness", "#Shield", "#Counter-programme", "#Dissent", "#Treaties")
    return table("Groups of history, the nearest first", ("Group", *columns, "Members"), rows)


def _share(value: float | None) -> Cell:
    return Cell(wording.score(value), missing=value is None)
