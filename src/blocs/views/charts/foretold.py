"""What the articles foretell, on one axis of time: the day it was said, and its window."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.records import Brief, ForetoldRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, table

_ROW = 38
_LETTER = 6.3


def foretold(brief: Brief) -> Figure | None:
    """Make the figure; none if no forecast has a window."""
    dated = [f for f in brief.foretold if f.opens or f.closes]
    if not dated:
        return None
    sources = [f"article-{t.article[:12]}" for f in dated for t in f.tellings]
    n = len(dated)
    return Figure(
        key="fig-foretold",
        title=_finding(dated),
        subtitle=f"{n} {'forecast' if n == 1 else 'forecasts'} with a window of "
        f"{len(brief.foretold)} told by the articles; dot: the day it was said; bar: when it is "
        "to happen",
        alt=" ".join(f"{wording.upper_first(who(f))}: {window(f)}." for f in dated),
        draw=lambda width: draw_foretold(dated, width=width),
        table=_table(dated),
        method="method-facts",
        sources=tuple(dict.fromkeys(sources)),
        note="A window counts from the day it was said. A broken bar has no end, or no beginning, "
        "that is told. Events of different rows differ and are never averaged. No article says "
        "how likely; `blocs experts` sets statements beside a base rate.",
    )


def who(told: ForetoldRecord) -> str:
    """Name whose forecast it is, by the chain of those who pass it on."""
    return " > ".join(told.chain) or "the article"


def window(told: ForetoldRecord) -> str:
    """Write the window: "October 2029 to October 2032"."""
    opens = wording.day(told.opens) if told.opens else "from the day it was said"
    return f"{opens} to {wording.day(told.closes)}" if told.closes else f"{opens}, no end told"


def draw_foretold(dated: Sequence[ForetoldRecord], *, width: int) -> vega.Chart:
    """Draw a row a forecast: its speaker above, the day it was said, its window."""
    days = [d for f in dated for d in (_at(f.said), _at(f.opens), _at(f.closes)) if d is not None]
    first, last = min(days), max(days)
    edge = max(0.04 * (last - first), 0.5)
    inner = width - 20
    room = int(inner / _LETTER)
    rows = [_row(f, k, (first, last), room) for k, f in enumerate(_in_order(dated))]
    domain = [first - edge, last + edge]
    x = vega.channel(
        "x:Q", scale={"domain": domain, "nice": False}, axis=theme.years_axis(ticks=inner // 90)
    )
    high = _ROW * len(rows)
    y = vega.channel("y:Q", scale={"domain": [high, 0], "nice": False}, axis=None)
    links: dict[str, vega.Spec | str] = {"href": "href:N", "description": "said:N"}
    base = vega.chart(rows)
    words = base.mark("text", align="left", baseline="middle", fontSize=theme.SMALL)
    layers = [words.encode(x={"value": 0}, y={**y, "field": "text_y"}, text="text:N")]
    wait = [r for r in rows if r["wait"]]
    if wait:
        rule = vega.chart(wait).mark("rule", color=theme.GREY, strokeWidth=1)
        layers.append(rule.encode(x={**x, "field": "told"}, x2="x", y=y))
    for whole, look in (
        (True, {"strokeWidth": 9, "stroke": theme.GROUP}),
        (False, {"strokeWidth": 5, "stroke": theme.GROUP, "strokeDash": [5, 4]}),
    ):
        part = [r for r in rows if r["whole"] is whole]
        if part:
            bar = vega.chart(part).mark("rule", **look)
            layers.append(bar.encode(x=x, x2="x2", y=y, **links))
    said = [r for r in rows if r["told"] is not None]
    if said:
        dot = vega.chart(said).mark(
            "point", shape="circle", fill=theme.REFERENCE, stroke=theme.REFERENCE, size=50
        )
        layers.append(dot.encode(x={**x, "field": "told"}, y=y, **links))
    return vega.layer(*layers).sized(width=inner, height=high)


def _in_order(dated: Sequence[ForetoldRecord]) -> list[ForetoldRecord]:
    return sorted(dated, key=lambda f: (f.opens or f.said or "", f.closes or "", f.id))


def _row(f: ForetoldRecord, k: int, span: tuple[float, float], room: int) -> vega.Row:
    told, opens, closes = _at(f.said), _at(f.opens), _at(f.closes)
    start = opens if opens is not None else told if told is not None else span[0]
    text = f"{wording.upper_first(who(f))}: {window(f)}"
    last = wording.upper_first(f.chain[-1] if f.chain else "the article")
    short = text if len(text) <= room else f"{last}: {window(f)}"
    return {
        "x": start,
        "x2": closes if closes is not None else span[1],
        "y": _ROW * k + 27,
        "text_y": _ROW * k + 12,
        "text": short if len(short) <= room else f"{short[: room - 1]}…",
        "told": told,
        "wait": told is not None and opens is not None and opens > told,
        "whole": opens is not None and closes is not None,
        "said": f"{text}. {f.tellings[0].quote}" if f.tellings else text,
        "href": f"#foretold-{f.id}",
    }


def _at(day: str | None) -> float | None:
    return wording.decimal_year(day)


def _finding(dated: Sequence[ForetoldRecord]) -> str:
    opens = sorted(f.opens for f in dated if f.opens)
    closes = sorted(f.closes for f in dated if f.closes)
    if len(dated) == 1:
        return f"{wording.upper_first(who(dated[0]))} foretells {window(dated[0])}"
    said = f"the earliest window opens in {wording.day(opens[0])}" if opens else ""
    ends = f"the last to close does so in {wording.day(closes[-1])}" if closes else ""
    return wording.upper_first(wording.listed([x for x in (said, ends) if x]))


def _table(dated: Sequence[ForetoldRecord]) -> Table:
    rows = [
        (
            Cell(wording.upper_first(who(f)), href=f"#foretold-{f.id}"),
            wording.day(f.said),
            wording.day(f.opens) if f.opens else wording.NOT_KNOWN,
            wording.day(f.closes) if f.closes else wording.NOT_KNOWN,
            f.tellings[0].quote if f.tellings else "",
        )
        for f in _in_order(dated)
    ]
    columns = ("Whose", "Said", "Window opens", "Window closes", "Words")
    return table("Forecasts of the articles with a window", columns, rows)
