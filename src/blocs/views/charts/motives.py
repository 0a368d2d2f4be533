"""Likeness taken apart: the five classes with their intervals."""

from __future__ import annotations

from textwrap import wrap

from blocs.records import Brief
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, layer_of, sources_of, table

_ROW = 34
_LINE = 14
_WIDTH_PER_LETTER = 0.53 * theme.SMALL


def motives(brief: Brief) -> Figure | None:
    """Make the figure; none if the votes cannot be split by the reference's."""
    classes = brief.motives.classes
    if not classes:
        return None
    top = max(classes, key=lambda c: c.value)
    whole = wording.score(brief.motives.residual)
    said = _title(top.name, brief)
    return Figure(
        key="fig-motives",
        title=f"{wording.upper_first(said)} makes {wording.score(top.value)} of a likeness of "
        f"{whole}",
        subtitle=f"Parts of mean residual likeness, {_n(brief)}bars with {_level(brief)} "
        "intervals; the five add up",
        alt="; ".join(f"{_title(c.name, brief)} {wording.score(c.value)}" for c in classes) + ".",
        draw=lambda width: draw_motives(brief, width=width),
        table=_table(brief),
        sources=sources_of(brief, "votes"),
        method=brief.motives.method,
        note=f"Raw agreement is {wording.percent(brief.motives.raw)}: it counts conformity too, "
        f"which is why what is left beyond the world's mean vote, {whole}, is what is split here.",
    )


def draw_motives(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a bar a class about zero, with its interval and its number."""
    inner = width - 24
    letters = int(inner / _WIDTH_PER_LETTER)
    names = [_lines(_title(c.name, brief), letters) for c in brief.motives.classes]
    tallest = max(map(len, names))
    height, lifted = _ROW + _LINE * (tallest - 1), _LINE / 2 * (tallest - 1)
    rows: list[vega.Row] = [
        {
            "name": "\n".join([""] * (tallest - len(lines)) + lines),
            "i": i,
            "value": c.value,
            "low": c.low,
            "high": c.high,
            "end": max(c.value, c.high or c.value, 0.0),
            "text": wording.score(c.value),
        }
        for i, (lines, c) in enumerate(zip(names, brief.motives.classes, strict=True))
    ]
    y = vega.channel("i:O", axis=None, scale={"paddingInner": 0.1})
    x = vega.channel("value:Q", axis=None, scale={"padding": 30})
    base = vega.chart(rows)
    bar = base.mark("bar", color=theme.GROUP, height=9, yOffset=8 + lifted).encode(x=x, y=y)
    reach = base.mark("rule", color=theme.INK, strokeWidth=1.5, yOffset=8 + lifted).encode(
        x={**x, "field": "low"}, x2="high", y=y
    )
    number = base.mark("text", align="left", dx=6, yOffset=8 + lifted, fontWeight="bold").encode(
        x={**x, "field": "end"}, y=y, text="text:N"
    )
    said = base.mark("text", align="left", dy=-8 - lifted, dx=2, lineBreak="\n", lineHeight=_LINE)
    name = said.encode(x={"value": 0}, y=y, text="name:N")
    zero = base.mark("tick", color=theme.GREY, size=15, thickness=1, yOffset=8 + lifted).encode(
        x={"datum": 0, "axis": None}, y=y
    )
    return vega.layer(bar, zero, reach, name, number).sized(width=inner, height=height * len(rows))


def _lines(title: str, letters: int) -> list[str]:
    """Break a title that is longer than a line, before its bracket first."""
    title = wording.upper_first(title)
    if len(title) <= letters:
        return [title]
    return [line for part in title.replace(" (", "\n(").split("\n") for line in wrap(part, letters)]


def _title(name: str, brief: Brief) -> str:
    reference = wording.the(brief.reference.name)
    return {
        "shield": f"shield (against what {reference} backs)",
        "counter": f"counter-programme (what {reference} opposes)",
        "with_reference": f"together with {reference}",
        "neutral": f"where {reference} abstained or was absent",
        "dissent": "dissent (apart from each other)",
    }.get(name, name.replace("_", " "))


def _n(brief: Brief) -> str:
    votes = layer_of(brief, "votes")
    span = wording.years(brief.period.first, brief.period.last)
    if votes is None or votes.items is None:
        return f"{span}; "
    return f"{span}, {wording.count(votes.items)} roll calls in common a pair; "


def _level(brief: Brief) -> str:
    return wording.percent(brief.motives.level)


def _table(brief: Brief) -> Table:
    rows = [
        (
            wording.upper_first(_title(c.name, brief)),
            wording.score(c.value),
            wording.interval(c.low, c.high),
            c.meaning,
        )
        for c in brief.motives.classes
    ]
    return table(
        "The five parts of mean residual likeness",
        ("Part", "#Value", f"#{_level(brief)} interval", "Meaning"),
        rows,
    )
