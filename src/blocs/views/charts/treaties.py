"""What binds them: treaties between members on a timeline, by obligation."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.records import Brief, TreatyRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, table

LANES = (
    ("Defence or offence", frozenset({"defence", "offence"})),
    ("Neutrality", frozenset({"neutrality"})),
    ("Non-aggression", frozenset({"nonaggression"})),
    ("Consultation", frozenset({"consultation"})),
)
_ROW = 18
"""Height of a bar with its label beside it."""
_ABOVE = 14
"""Height of a label above its bar, where neither side has room."""
_ALIGNED = {"left": "right", "right": "left", "above": "left", "over": "right"}
"""How a label is aligned that stands left of, right of, or above its bar (over: to the end)."""
_OVER = ("above", "over")
_HEAD = 28
_MOST = 24
_LETTER = 6.4


def treaties(brief: Brief) -> Figure | None:
    """Make the figure; none if no treaty between members is told."""
    told = brief.treaties
    if not told:
        return None
    shown = _shown(told)
    return Figure(
        key="fig-treaties",
        title=_finding(brief),
        subtitle=f"{len(told)} treaties between members in the almanac"
        + (f", {len(shown)} shown" if len(shown) < len(told) else "")
        + ", by strongest obligation, from the day two members were bound to the end",
        alt=_alt(told),
        draw=lambda width: draw_treaties(brief, width=width),
        table=_table(told),
        method="method-facts",
        note="Blue: in force in the period; grey: ended before, or not yet in force. Filled: "
        "checked; hollow: nothing we hold confirms it, and it takes part in no test. Hatched: "
        "signed, entry into force not known.",
    )


def obligation(treaty: TreatyRecord) -> str:
    """The strongest obligation, as the lane it is drawn in."""
    held = set(treaty.obligations)
    return next((title for title, kinds in LANES if kinds & held), "No obligation told")


def in_force(treaty: TreatyRecord) -> bool:
    """Whether it was in force on at least one day of the period."""
    return treaty.in_force.startswith("in force")


def draw_treaties(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a bar a treaty, grouped by obligation, with the period shaded."""
    shown = _shown(brief.treaties)
    end = brief.period.last + 1.0
    starts = [_start(t) for t in shown]
    first = min([s for s in starts if s is not None] + [brief.period.first - 10.0])
    inner = width - 20
    x = vega.channel(
        "x:Q",
        scale={"domain": [first - 1, end + 0.03 * (end - first)], "nice": False},
        axis=theme.years_axis(ticks=inner // 90),
    )
    heads: list[vega.Row] = []
    bars: list[vega.Row] = []
    top = 0.0
    for lane in [*(title for title, _ in LANES), "No obligation told"]:
        here = [t for t in shown if obligation(t) == lane]
        if not here:
            continue
        heads.append({"text": lane, "y": top + _HEAD - 8})
        top += _HEAD
        for t in here:
            bars.append(_bar(t, top, (first, end), inner))
            top += _ROW + (_ABOVE if bars[-1]["side"] in _OVER else 0)
    y = vega.channel("y:Q", scale={"domain": [top, 0], "nice": False}, axis=None)
    shade: vega.Row = {"x": brief.period.first, "x2": end, "y": 0, "y2": top}
    over = vega.chart([shade]).mark("rect", fill=theme.BAND, opacity=0.7)
    headings = vega.chart(heads).mark("text", align="left", fontWeight="bold", fontSize=theme.TEXT)
    return vega.layer(
        over.encode(x=x, x2="x2", y=y, y2="y2"),
        headings.encode(x={"value": 0}, y=y, text="text:N"),
        *_bars(bars, x, y),
    ).sized(width=inner, height=top)


def _shown(told: Sequence[TreatyRecord]) -> list[TreatyRecord]:
    """Treaties in force first, then the latest ended, at most as many as fit."""
    ranked = sorted(told, key=lambda t: (not in_force(t), -(_start(t) or 0.0), t.id))[:_MOST]
    return sorted(ranked, key=lambda t: (_start(t) or 0.0, t.id))


def _start(treaty: TreatyRecord) -> float | None:
    """From when two members are bound: long after the signing where they came late."""
    return wording.decimal_year(treaty.start) or wording.decimal_year(treaty.signed)


def _bar(t: TreatyRecord, top: float, span: tuple[float, float], width: float) -> vega.Row:
    first, end = span
    scale = (width - 24) / (end - first)
    start = _start(t)
    left = first if start is None else start
    stop = wording.decimal_year(t.end)
    right = max(end if stop is None else min(stop, end), left + 0.004 * (end - first))
    text = _label(t, 34 if width < 500 else 64)
    stands = (left - first) * scale, (right - first) * scale
    side = _side(len(text) * _LETTER, stands, width - 24)
    mid = top + _ROW / 2 + (_ABOVE if side in _OVER else 0)
    ends = {"left": left - 4 / scale, "right": right + 12 / scale, "above": left, "over": end}
    return {
        "x": left,
        "x2": right,
        "y": mid - 4,
        "y2": mid + 4,
        "at": ends[side],
        "text_y": mid - _ABOVE if side in _OVER else mid,
        "text": text,
        "side": side,
        "now": in_force(t),
        "checked": t.checked,
        "known": t.start is not None,
        "open": stop is None or stop > end,
        "mid": mid,
    }


def _side(long: float, stands: tuple[float, float], width: float) -> str:
    """Where a label of so many pixels goes: left of its bar, else right, else above it."""
    if long + 4 <= stands[0]:
        return "left"
    if stands[1] + 12 + long <= width:
        return "right"
    return "above" if stands[0] + long <= width else "over"


def _label(t: TreatyRecord, most: int) -> str:
    if len(t.members) > 2:
        year = (t.signed or t.start or "")[:4]
        text = f"{len(t.members)} members, {t.name}"
    else:
        year = (t.start or t.signed or "")[:4]
        text = f"{'–'.join(wording.name(m, _year(t)) for m in t.members)} {year}"
    if len(text) > most:
        text = text[: most - 1].rsplit(" ", 1)[0] + "…"
    return text if year in text else f"{text} {year}"


def _year(t: TreatyRecord) -> int | None:
    at = _start(t)
    return None if at is None else int(at)


def _bars(rows: list[vega.Row], x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    out = []
    for now, colour in ((True, theme.GROUP), (False, theme.GREY)):
        for checked in (True, False):
            for known in (True, False):
                part = [
                    r for r in rows if (r["now"], r["checked"], r["known"]) == (now, checked, known)
                ]
                fill = theme.HATCH if not known else colour if checked else theme.PAPER
                if part:
                    mark = vega.chart(part).mark(
                        "rect", fill=fill, stroke=colour, strokeWidth=1.5, opacity=1
                    )
                    out.append(mark.encode(x=x, x2="x2", y=y, y2="y2"))
    for side, align in _ALIGNED.items():
        part = [r for r in rows if r["side"] == side]
        if part:
            mark = vega.chart(part).mark("text", align=align, baseline="middle")
            out.append(
                mark.encode(x={**x, "field": "at"}, y={**y, "field": "text_y"}, text="text:N")
            )
    running = [r for r in rows if r["open"]]
    if running:
        arrow = vega.chart(running).mark(
            "point",
            shape="triangle-right",
            size=60,
            fill=theme.INK,
            strokeWidth=0,
            opacity=1,
            xOffset=5,
        )
        out.append(arrow.encode(x={**x, "field": "x2"}, y={**y, "field": "mid"}))
    return out


def _finding(brief: Brief) -> str:
    bound = [
        t for t in brief.treaties if in_force(t) and t.checked and obligation(t) == LANES[0][0]
    ]
    if not bound:
        return "No checked treaty of defence was in force between members"
    if len(bound) == 1 or any(len(t.members) > 2 for t in bound):
        n = len(bound)
        return f"{n} checked {'treaty' if n == 1 else 'treaties'} of defence in force: " + (
            _listed_treaties(bound)
        )
    pairs = sorted({wording.pair(t.members[0], t.members[1], brief.period.last) for t in bound})
    return f"Bound by checked treaties of defence: {wording.listed(pairs)}"


def _listed_treaties(bound: Sequence[TreatyRecord]) -> str:
    named = [_label(t, 40) for t in bound[:2]]
    return wording.listed(named) if len(bound) <= 2 else f"{', '.join(named)} and others"


def _alt(told: Sequence[TreatyRecord]) -> str:
    now = [t for t in told if in_force(t)]
    held = ", ".join(
        f"{sum(obligation(t) == lane for t in now)} by {lane.lower()}" for lane, _ in LANES
    )
    return f"{len(now)} of {len(told)} treaties were in force in the period: {held}."


def _table(told: Sequence[TreatyRecord]) -> Table:
    rows = [
        (
            Cell(t.name),
            wording.names(t.members, _year(t)),
            ", ".join(o.replace("nonaggression", "non-aggression") for o in t.obligations)
            or "none told",
            wording.day(t.signed),
            wording.day(t.start),
            wording.until(t.end),
            t.in_force,
            f"checked: {t.confirmed_by}" if t.checked else "not checked",
            f"{t.source}; {t.row}",
        )
        for t in sorted(told, key=lambda t: (t.signed or "", t.id), reverse=True)
    ]
    return table(
        "Treaties between members, the latest first",
        (
            "Treaty",
            "Members",
            "Obligations",
            "Signed",
            "In force from",
            "Until",
            "In the period",
            "Confirmation",
            "Source and row",
        ),
        rows,
    )
