"""All statements on one axis of time: when each was said, its window, how sure, the base rate."""

from __future__ import annotations

from textwrap import wrap

import numpy as np

from blocs.outlook.base_rates import Rate
from blocs.outlook.experts import YEAR, Forecast, Views
from blocs.outlook.statements import Statement
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table

_POINTS = 90
_BAR = 26


def timeline(views: Views, *, title: str) -> Figure:
    """Make the figure of every statement, its window and when it was said."""
    return Figure(
        key="fig-windows",
        title=title,
        subtitle="Thick: from a tenth to nine tenths of the time distribution, if it ever happens; "
        "tick: its middle; dot: the day it was said",
        alt=" ".join(_sentence(views, f) for f in views.forecasts),
        draw=lambda width: draw_windows(views, width=width),
        table=windows_table(views),
        sources=("statements",),
        method="method",
        note="The windows say when, if ever. Whether it ever happens is the figure below.",
    )


def chances(views: Views) -> Figure:
    """Make the figure of P(by t) of every dated event, with pools and base rate."""
    return Figure(
        key="fig-chances",
        title="What the statements say of whether, and what history says",
        subtitle="P(it has happened by then) = q F(t). Band: the range of q, whether it ever "
        "happens; where no q was given it is 0 to 1. Broken: base rate and its 90 % interval",
        alt="Each event has a panel of its own; statements of different events are not pooled.",
        draw=lambda width: draw_chances(views, width=width),
        table=chances_table(views),
        sources=("statements", "almanac") if views.rates else ("statements",),
        method="method",
        note="A band from 0 says that the speaker told when and not how likely.",
    )


def draw_windows(views: Views, *, width: int) -> vega.Chart:
    """Draw one row a statement."""
    rows: list[vega.Row] = []
    for s, f in zip(views.panel.statements, views.forecasts, strict=True):
        said = s.day.year + (s.day.timetuple().tm_yday - 1) / YEAR
        row: vega.Row = {"who": _row_name(views, s), "said": said}
        if f.timing is not None:
            low, mid, high = (_quantile(views, f.timing, p) for p in (0.1, 0.5, 0.9))
            row |= {"low": low, "mid": mid, "high": high}
        rows.append(row)
    base = vega.chart(rows)
    x = {"axis": _years(), "scale": {"zero": False, "nice": False}}
    y = vega.channel("who:N", sort=None, axis={"title": None, "labelLimit": 190, "grid": False})
    bar = (
        base.where("isValid(datum.high)")
        .mark("bar", height=9, color=theme.GROUP)
        .encode(x=vega.channel("low:Q", **x), x2=vega.channel("high"), y=y)
    )
    tick = base.where("isValid(datum.mid)").mark("tick", color=theme.PAPER, thickness=2, size=9)
    dot = base.mark("point", color=theme.REFERENCE, filled=True, size=50)
    return vega.layer(
        bar,
        tick.encode(x=vega.channel("mid:Q", **x), y=y),
        dot.encode(x=vega.channel("said:Q", **x), y=y),
    ).sized(width - 215, _BAR * len(rows) + 10)


def draw_chances(views: Views, *, width: int) -> vega.Chart:
    """Draw a panel an event."""
    events = [e for e in views.panel.events if any(_of(f, e) for f in views.forecasts)]
    columns = 1 if width <= 500 else min(2, len(events))
    inner = (width - 60 * columns) // columns
    return vega.stack(*(_event(views, e, inner) for e in events), columns=columns)


def _years(ticks: int = 6) -> vega.Spec:
    """Axis of years, each under its tick: pushed inwards, the first would meet the second."""
    return {**theme.years_axis(ticks=ticks), "labelFlush": False}


def _of(f: Forecast, event: str) -> bool:
    return f.event == event and f.timing is not None


def _event(views: Views, event: str, width: int) -> vega.Chart:
    at = np.linspace(0, len(views.grid) - 1, _POINTS).round().astype(int)
    start = views.origin.year + (views.origin.timetuple().tm_yday - 1) / YEAR
    x = vega.channel("year:Q", axis=_years(ticks=5), scale={"zero": False, "nice": False})
    y = {"scale": {"domain": [0, 1]}, "axis": {"format": "%", "title": None, "tickCount": 4}}
    layers: list[vega.Chart] = []
    for f in (f for f in views.forecasts if _of(f, event)):
        rows = _rows(f, views.grid, at, start)
        base = vega.chart(rows)
        layers.append(
            base.mark("area", color=theme.GROUP, opacity=0.2).encode(
                x=x, y=vega.channel("low:Q", **y), y2=vega.channel("high")
            )
        )
        layers += [
            base.mark("line", color=theme.GROUP, strokeWidth=1).encode(
                x=x, y=vega.channel(f"{end}:Q", **y)
            )
            for end in ("low", "high")
        ]
    for f in (p for p in views.pools if p.event == event and p.name == "linear"):
        layers += [
            vega.chart(_rows(f, views.grid, at, start))
            .mark("line", color=theme.INK, strokeWidth=2.5)
            .encode(x=x, y=vega.channel(f"{end}:Q", **y))
            for end in ("low", "high")
        ]
    if event in views.rates:
        layers += _rate(views.rates[event], views.grid, at, start, x, y)
    title: vega.Spec = {"text": wrap(views.panel.events[event].text, max(width // 8, 12))}
    return vega.layer(*layers).sized(width, 180, title)


def _row_name(views: Views, s: Statement) -> str:
    """Name a row by its speaker, and by the statement where one speaks twice."""
    often = sum(other.speaker == s.speaker for other in views.panel.statements)
    return s.speaker if often == 1 else f"{s.speaker}: {s.id}"


def _rows(
    f: Forecast, grid: np.ndarray[tuple[int], np.dtype[np.float64]], at: np.ndarray, start: float
) -> list[vega.Row]:
    low, high = f.low, f.high
    if low is None or high is None:
        return []
    return [
        {"year": start + float(grid[i]), "low": float(low[i]), "high": float(high[i])} for i in at
    ]


def _rate(
    rate: Rate, grid: np.ndarray, at: np.ndarray, start: float, x: vega.Spec, y: dict[str, object]
) -> list[vega.Chart]:
    rows: list[vega.Row] = []
    for i in at:
        mid, low, high = rate.by(float(grid[i]))
        rows.append({"year": start + float(grid[i]), "mid": mid, "low": low, "high": high})
    base = vega.chart(rows)
    band = base.mark("area", color=theme.REFERENCE, opacity=0.25).encode(
        x=x, y=vega.channel("low:Q", **y), y2=vega.channel("high")
    )
    line = base.mark("line", color=theme.REFERENCE, strokeDash=[5, 3]).encode(
        x=x, y=vega.channel("mid:Q", **y)
    )
    return [band, line]


def _quantile(views: Views, f: np.ndarray, p: float) -> float | None:
    start = views.origin.year + (views.origin.timetuple().tm_yday - 1) / YEAR
    reached = np.flatnonzero(f >= p)
    return start + float(views.grid[reached[0]]) if reached.size else None


def _sentence(views: Views, f: Forecast) -> str:
    s = next(s for s in views.panel.statements if s.id == f.name)
    if f.timing is None:
        return f"{s.speaker}: a capability, no date."
    low, high = (_quantile(views, f.timing, p) for p in (0.1, 0.9))
    ends = " to ".join(str(int(v)) if v else "beyond the axis" for v in (low, high))
    return f"{s.speaker}: {ends}."


def windows_table(views: Views) -> Table:
    """One row a statement: who, when, which window, how it was said, P(ever)."""
    rows = []
    for s, f in zip(views.panel.statements, views.forecasts, strict=True):
        mid = None if f.timing is None else _quantile(views, f.timing, 0.5)
        rows.append(
            [
                s.speaker,
                views.panel.events[s.event].text,
                wording.day(s.said),
                window_of(s),
                s.modality,
                ever(s.p_ever),
                wording.NOT_KNOWN if mid is None else f"{mid:.1f}",
            ]
        )
    columns = ("Speaker", "Event", "Said", "Window", "Modality", "P(ever)", "#Middle, if ever")
    return table("Statements", columns, rows)


def window_of(s: Statement) -> str:
    """Write the window of a statement."""
    if s.window is not None:
        return f"{s.window[0]:g} to {s.window[1]:g} {s.unit}"
    return "a hazard, any time" if s.shape == "hazard" else "no date"


def ever(p: float | tuple[float, float] | None) -> str:
    """Write P(ever) as given."""
    if p is None:
        return "not given: 0 to 100 %"
    ends = p if isinstance(p, tuple) else (p, p)
    return " to ".join(dict.fromkeys(wording.percent(x) for x in ends))


def chances_table(views: Views) -> Table:
    """P(by t) for statements, pools and base rates at a few years."""
    years = [y for y in (1, 2, 3, 5, 8, 10, 15, 20) if y <= views.grid[-1]]
    rows = [
        [f.event, f.name, *(_range(f, views, y) for y in years)]
        for f in (*views.forecasts, *views.pools)
        if f.low is not None
    ]
    for event, rate in views.rates.items():
        cells = []
        for y in years:
            mid, low, high = rate.by(y)
            cells.append(f"{100 * mid:.1f} % ({100 * low:.1f} to {100 * high:.1f})")
        rows.append([event, "base rate", *cells])
    columns = ("Event", "Forecast", *(f"#{y} y" for y in years))
    return table(f"P(it has happened by then), years from {views.origin}", columns, rows)


def _range(f: Forecast, views: Views, years: float) -> str:
    if f.low is None or f.high is None:
        return wording.NOT_KNOWN
    ends = [float(np.interp(years, views.grid, v)) for v in (f.low, f.high)]
    return " to ".join(dict.fromkeys(wording.percent(e) for e in ends))
