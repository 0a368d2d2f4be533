"""What the articles foretell, on one axis of time: the day it was said, and its window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, inf
from typing import Final

from blocs.records import Brief, ForetoldRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, table

_ROW = 38
_LETTER = 6.3
_IN_A_YEAR: Final = {"decade": 0.1, "year": 1.0, "month": 12.0, "week": 52.18, "day": 365.25}


@dataclass(frozen=True, slots=True)
class Window:
    """When one forecast is to come true: years of the calendar, or years after it was said.

    Attributes
    ----------
    told : ForetoldRecord
        The forecast.
    said, opens, closes : float or None
        The day it was said, the ends of its window; None = not told.
    words : str
        The window in words.
    """

    told: ForetoldRecord
    said: float | None
    opens: float | None
    closes: float | None
    words: str


def foretold(brief: Brief) -> Figure | None:
    """Make the figure; none if no forecast has a window."""
    dated = all(f.said for f in brief.foretold if _counted(f))
    made = [on_calendar(f) if dated else after_said(f) for f in brief.foretold]
    held = [w for w in made if w is not None]
    if not held:
        return None
    sources = [f"article-{t.article[:12]}" for w in held for t in w.told.tellings]
    n = len(held)
    return Figure(
        key="fig-foretold",
        title=_finding(held, dated=dated),
        subtitle=f"{n} {'forecast' if n == 1 else 'forecasts'} with a window of "
        f"{len(brief.foretold)} told by the articles, "
        + ("by year" if dated else "in years after it was said, which no article dates")
        + "; dot: the day it was said; bar: when it is to happen",
        alt=" ".join(f"{wording.upper_first(who(w.told))}: {w.words}." for w in held),
        draw=lambda width: draw_foretold(held, width=width, dated=dated),
        table=_table(held),
        method="method-facts",
        sources=tuple(dict.fromkeys(sources)),
        note="A window counts from the day it was said. A broken bar has no end, or no beginning, "
        "that is told. Events of different rows differ and are never averaged. No row says how "
        "likely; the command experts sets statements beside a base rate.",
    )


def who(told: ForetoldRecord) -> str:
    """Name whose forecast it is, by the chain of those who pass it on."""
    return " > ".join(told.chain) or "the article"


def on_calendar(told: ForetoldRecord) -> Window | None:
    """Place a forecast on the calendar; none if no end of its window is dated."""
    if not (told.opens or told.closes):
        return None
    opens = wording.day(told.opens) if told.opens else "from the day it was said"
    words = f"{opens} to {wording.day(told.closes)}" if told.closes else f"{opens}, no end told"
    said, first, last = map(wording.decimal_year, (told.said, told.opens, told.closes))
    return Window(told, said, first, last, words)


def after_said(told: ForetoldRecord) -> Window | None:
    """Place a forecast by the years after it was said; none if it has no window."""
    if not _counted(told):
        return None
    per = _IN_A_YEAR[told.unit or ""]
    low, high = (None if n is None else n / per for n in (told.low, told.high))
    span = " to ".join(dict.fromkeys(f"{n:g}" for n in (told.low, told.high) if n is not None))
    some = f"{span} {told.unit}{'' if span == '1' else 's'}"
    words = (
        f"from {some} after it was said, no end told"
        if high is None
        else (f"within {some}" if low is None else f"{some} after it was said")
    )
    return Window(told, 0.0, low, high, words)


def _counted(told: ForetoldRecord) -> bool:
    return told.unit in _IN_A_YEAR and (told.low is not None or told.high is not None)


def draw_foretold(held: Sequence[Window], *, width: int, dated: bool) -> vega.Chart:
    """Draw a row a forecast: its speaker above, the day it was said, its window."""
    ends = [d for w in held for d in (w.said, w.opens, w.closes) if d is not None]
    first, last = min(ends), max(ends)
    edge = max(0.04 * (last - first), 0.5)
    inner = width - 20
    room = int(inner / _LETTER)
    rows = [_row(w, k, (first, last), room) for k, w in enumerate(_in_order(held))]
    domain = [first - edge, last + edge]
    axis = theme.years_axis(ticks=inner // 90)
    axis = axis if dated else {**axis, "title": "years after it was said"}
    x = vega.channel("x:Q", scale={"domain": domain, "nice": False}, axis=axis)
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
            "point",
            shape="circle",
            fill=theme.REFERENCE,
            stroke=theme.REFERENCE,
            size=50,
            opacity=1,
        )
        layers.append(dot.encode(x={**x, "field": "told"}, y=y, **links))
    return vega.layer(*layers).sized(width=inner, height=high)


def _in_order(held: Sequence[Window]) -> list[Window]:
    return sorted(held, key=lambda w: (w.opens or w.closes or 0.0, w.closes or inf, w.told.id))


def _row(w: Window, k: int, span: tuple[float, float], room: int) -> vega.Row:
    start = next((x for x in (w.opens, w.said) if x is not None), span[0])
    whose = wording.upper_first(who(w.told))
    text = f"{whose}: {w.words}"
    if len(text) > room and w.told.chain:
        text = f"{wording.upper_first(w.told.chain[-1])}: {w.words}"
    quote = f". {w.told.tellings[0].quote}" if w.told.tellings else ""
    return {
        "x": start,
        "x2": span[1] if w.closes is None else w.closes,
        "y": _ROW * k + 27,
        "text_y": _ROW * k + 12,
        "text": text if len(text) <= room else f"{text[: room - 1]}…",
        "told": w.said,
        "wait": w.said is not None and w.opens is not None and w.opens > w.said,
        "whole": w.opens is not None and w.closes is not None,
        "said": f"{whose}: {w.words}{quote}",
        "href": f"#foretold-{w.told.id}",
    }


def _finding(held: Sequence[Window], *, dated: bool) -> str:
    if len(held) == 1:
        return f"{wording.upper_first(who(held[0].told))} foretells: {held[0].words}"
    opens = [w.opens for w in held if w.opens is not None]
    closes = [w.closes for w in held if w.closes is not None]
    at = "in {:.0f}" if dated else "{:g} years after it was said"
    whole = [
        (floor(x) if dated else round(x, 1))
        for x in (min(opens, default=0), max(closes, default=0))
    ]
    said = f"the earliest window opens {at.format(whole[0])}" if opens else ""
    ends = f"the last closes {at.format(whole[1])}" if closes else ""
    return wording.upper_first(", ".join(x for x in (said, ends) if x))


def _table(held: Sequence[Window]) -> Table:
    rows = [
        (
            Cell(wording.upper_first(who(w.told)), href=f"#foretold-{w.told.id}"),
            wording.day(w.told.said),
            w.words,
            w.told.tellings[0].quote if w.told.tellings else "",
        )
        for w in _in_order(held)
    ]
    return table(
        "Forecasts of the articles with a window", ("Whose", "Said", "Window", "Words"), rows
    )
