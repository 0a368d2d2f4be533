"""Support in war on its ladder: dated rungs by supporter, quantities, red lines."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.records import Brief, RedLineRecord, SupportRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table
from blocs.views.charts.labels import Anchor, place_labels

RUNGS = (
    "none",
    "diplomatic",
    "economic",
    "dual-use",
    "intelligence",
    "munitions",
    "weapons",
    "troops",
)
_STEP = 30
_PANELS = 6
_NAMED = 4
_SHAPES = {"confirmed": "circle", "asserted": "square", "reported": "diamond"}


def ladder(brief: Brief) -> Figure | None:
    """Make the figure; none if no support by members is told."""
    panels = givers(brief)
    told = [s for _, facts in panels for s in facts]
    if not told:
        return None
    top = max((s for s in told if s.claim != "hedged"), key=lambda s: s.level, default=told[0])
    return Figure(
        key="fig-ladder",
        title=_finding(panels, brief),
        subtitle=f"{len(told)} told facts of support, highest rung "
        f"{RUNGS[top.level]}, by date, {wording.years(brief.period.first, brief.period.last)}; "
        "each mark leads to its sentence",
        alt=" ".join(_sentence(giver, facts) for giver, facts in panels),
        draw=lambda width: draw_ladder(brief, width=width),
        table=_table(told),
        method="method-facts",
        sources=("almanac", *(f"article-{a.sha256[:12]}" for a in brief.articles)),
        note="Filled: checked against an article or a data set; hollow: not checked. Circle: "
        "confirmed by somebody else; square: asserted; diamond: reported or expected. A thin line "
        "runs as long as the support did. Dashed: a red line. What nobody told is not drawn: it "
        "is not known, not zero.",
    )


def givers(brief: Brief) -> list[tuple[str, list[SupportRecord]]]:
    """Told support by giver: members first, then all others together under an empty name."""
    ours = [m.id for m in brief.group.members]
    found = [(m, [s for s in brief.support if s.supporter == m and s.level > 0]) for m in ours]
    given = [(m, facts) for m, facts in found if facts]
    ranked = sorted(given, key=lambda x: (-max(s.level for s in x[1]), -len(x[1]), x[0]))[:_PANELS]
    panels = [(m, facts) for m, facts in given if (m, facts) in ranked]
    named = {m for m, _ in panels}
    rest = [s for s in brief.support if s.supporter not in named and s.level > 0]
    return [*panels, *([("", rest)] if rest else [])]


def quantity(fact: SupportRecord) -> str:
    """Write a quantity with its bounds: "up to 12,000 soldiers"; empty if none is told."""
    unit = f" {fact.unit}" if fact.unit else ""
    per = f" a {fact.per}" if fact.per else ""
    if fact.value is not None:
        return f"{wording.count(fact.value)}{unit}{per}"
    if fact.low is not None and fact.high is not None:
        return f"{wording.count(fact.low)} to {wording.count(fact.high)}{unit}{per}"
    if fact.low is not None:
        return f"at least {wording.count(fact.low)}{unit}{per}"
    if fact.high is not None:
        return f"up to {wording.count(fact.high)}{unit}{per}"
    return ""


def when(fact: SupportRecord) -> str:
    """Write when it happened; where that is not told, when it was reported."""
    if fact.start is None:
        return f"reported {wording.day(fact.reported)}"
    start, last = wording.day(fact.start), wording.until(fact.end)
    if fact.end is None:
        return start if len(fact.start) == 10 else f"from {start}"
    if last in {start, wording.until(fact.start)}:
        return start
    if len(last) == 4 and start.endswith(last):
        return f"{start} to the end of {last}"
    return f"{start} to {last}"


def anchor(fact: SupportRecord) -> str:
    """Anchor of a fact in the page; letters, digits and hyphens only."""
    return "fact-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in fact.id)


def draw_ladder(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a panel a giver: rungs up, time across, a mark a fact, red lines across."""
    names = 84
    inner = width - names - 14
    span = _span(brief)
    panels = [
        _panel(giver, facts, [r for r in brief.red_lines if r.actor == giver], span, inner)
        for giver, facts in givers(brief)
    ]
    return vega.stack(*panels, columns=1, spacing=16)


def _span(brief: Brief) -> tuple[float, float]:
    dates = [d for s in brief.support if (d := _date(s)) is not None]
    return min([*dates, float(brief.period.first)]), brief.period.last + 1.0


def _date(fact: SupportRecord) -> float | None:
    start = wording.decimal_year(fact.start)
    return wording.decimal_year(fact.reported) if start is None else start


def _panel(
    giver: str,
    facts: Sequence[SupportRecord],
    lines: Sequence[RedLineRecord],
    span: tuple[float, float],
    width: int,
) -> vega.Chart:
    levels = {s.level for s in facts} | {r.level for r in lines}
    low, high = min(levels), max(levels)
    colour = theme.GROUP if giver else theme.GREY
    height = _STEP * (high - low + 1)
    edge = 0.015 * (span[1] - span[0])
    x = vega.channel(
        "x:Q",
        scale={"domain": [span[0] - edge, span[1] + edge], "nice": False},
        axis={
            "title": None,
            "values": list(range(int(span[0]), int(span[1]) + 1)),
            "format": "d",
            "labelFlush": True,
            "grid": False,
        },
    )
    y = vega.channel(
        "y:Q",
        scale={"domain": [low - 0.5, high + 0.5], "nice": False},
        axis={
            "title": None,
            "values": list(range(low, high + 1)),
            "labelExpr": f"{list(RUNGS)!r}[datum.value]",
            "domain": False,
            "ticks": False,
            "grid": True,
            "labelOverlap": False,
            "labelPadding": 8,
        },
    )
    rows = _rows(facts, span)
    marks = [
        *_spells(rows, colour, x, y),
        *_red(lines, span, x, y),
        *_marks(rows, colour, x, y),
        *_words(rows, (span[0] - edge, span[1] + edge), (low, high), (width, height), x, y),
    ]
    said = _title(giver, facts, short=width < 500)
    title: vega.Spec = {"text": said, "subtitle": _to(facts), "frame": "group"}
    return vega.layer(*marks).sized(width=width, height=height, title=title)


def _rows(facts: Sequence[SupportRecord], span: tuple[float, float]) -> list[vega.Row]:
    """Marks of facts; those of one rung within weeks of each other are set apart."""
    out: list[vega.Row] = []
    placed: list[tuple[int, float, int]] = []
    near = 0.03 * (span[1] - span[0])
    for fact in sorted(facts, key=lambda s: (_date(s) or 0.0, s.id)):
        date = _date(fact)
        if date is None:
            continue
        taken = {k for level, at, k in placed if level == fact.level and abs(at - date) < near}
        slot = next(k for k in range(len(facts) + 1) if k not in taken)
        placed.append((fact.level, date, slot))
        offset = (0, 0.27, -0.27, 0.14, -0.14)[slot % 5]
        end = wording.decimal_year(fact.end)
        out.append(
            {
                "x": max(date, span[0]),
                "x2": max(date, min(span[1] if end is None else end, span[1])),
                "y": fact.level + offset,
                "run": fact.start is not None and fact.end is not None,
                "shape": _SHAPES.get(fact.claim, "diamond"),
                "checked": fact.checked,
                "text": quantity(fact),
                "said": f"{when(fact)}: {_named(fact.supporter, [fact]) or 'private persons'} to "
                f"{_named(fact.recipient, [fact])}, {fact.what}"
                + (f", {quantity(fact)}" if quantity(fact) else ""),
                "href": f"#{anchor(fact)}",
            }
        )
    return out


def _spells(rows: Sequence[vega.Row], colour: str, x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    runs = [r for r in rows if r["run"]]
    if not runs:
        return []
    mark = vega.chart(runs).mark("rule", color=colour, strokeWidth=1.5, opacity=0.6)
    return [mark.encode(x=x, x2="x2", y=y)]


def _marks(rows: Sequence[vega.Row], colour: str, x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    out = []
    for shape in ("circle", "square", "diamond"):
        for checked in (True, False):
            part = [r for r in rows if r["shape"] == shape and r["checked"] is checked]
            if part:
                mark = vega.chart(part).mark(
                    "point",
                    shape=shape,
                    size=64 if shape != "diamond" else 78,
                    fill=colour if checked else theme.PAPER,
                    stroke=colour,
                    strokeWidth=1.6,
                    opacity=1,
                    aria=True,
                )
                out.append(mark.encode(x=x, y=y, href="href:N", description="said:N"))
    return out


def _red(
    lines: Sequence[RedLineRecord],
    span: tuple[float, float],
    x: vega.Spec,
    y: vega.Spec,
) -> list[vega.Chart]:
    """A red line lies just below the rung that would cross it, from when it was stated."""
    first: dict[int, RedLineRecord] = {}
    for line in sorted(lines, key=lambda r: r.start or ""):
        first.setdefault(line.level, line)
    rows: list[vega.Row] = [
        {
            "x": max(span[0], wording.decimal_year(line.start) or span[0]),
            "x0": span[0],
            "x2": span[1],
            "y": rung - 0.46,
            "t": f"red line, stated {wording.day(line.start)}",
        }
        for rung, line in first.items()
    ]
    if not rows:
        return []
    base = vega.chart(rows)
    firm = base.mark("rule", color=theme.REFERENCE, strokeWidth=2.5, strokeDash=[7, 4])
    faint = base.mark("rule", color=theme.REFERENCE, strokeWidth=1, strokeDash=[2, 5])
    word = {
        "type": "text",
        "align": "left",
        "dy": -7,
        "dx": 2,
        "color": theme.REFERENCE,
        "fontWeight": "bold",
        "fontSize": 11,
    }
    return [
        faint.encode(x={**x, "field": "x0"}, x2="x2", y=y),
        firm.encode(x=x, x2="x2", y=y),
        *theme.haloed(base, word, x={**x, "field": "x0"}, y=y, text="t:N"),
    ]


def _words(
    rows: Sequence[vega.Row],
    across: tuple[float, float],
    up: tuple[int, int],
    size: tuple[float, float],
    x: vega.Spec,
    y: vega.Spec,
) -> list[vega.Chart]:
    """Quantities beside their marks, where there is room."""
    width, height = size

    def to_x(value: float) -> float:
        return width * (value - across[0]) / (across[1] - across[0])

    def to_y(value: float) -> float:
        return height * (up[1] + 0.5 - value) / (up[1] - up[0] + 1)

    def back_x(pixel: float) -> float:
        return across[0] + pixel / width * (across[1] - across[0])

    def back_y(pixel: float) -> float:
        return up[1] + 0.5 - pixel / height * (up[1] - up[0] + 1)

    ranked = sorted(rows, key=lambda r: (not r["checked"], -_float(r["y"])))
    spots = [(to_x(_float(r["x"])), to_y(_float(r["y"])), str(r["text"])) for r in ranked]
    anchors = [Anchor(px, py, text) for px, py, text in spots if text]
    labels = place_labels(
        anchors, width=width, height=height, obstacles=[(px, py) for px, py, _ in spots], size=11
    )
    out = []
    for align in ("left", "center", "right"):
        part: list[vega.Row] = [
            {"x": back_x(label.x), "y": back_y(label.y), "t": label.text}
            for label in labels
            if label.align == align
        ]
        if part:
            mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": 11}
            out += theme.haloed(vega.chart(part), mark, text="t:N", x=x, y=y)
    return out


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _named(actor: str, facts: Sequence[SupportRecord]) -> str:
    """Name an actor as it was called at the last of the facts told of."""
    dates = [d for s in facts if (d := _date(s)) is not None]
    return wording.name(actor, int(max(dates)) if dates else None)


def _title(giver: str, facts: Sequence[SupportRecord], *, short: bool) -> str:
    if giver:
        return f"{_named(giver, facts)}: told of up to {RUNGS[max(s.level for s in facts)]}"
    others = sorted({_named(s.supporter, [s]) for s in facts if s.supporter})
    if short or len(others) > 6:
        return f"{len(others)} others"
    return f"Others: {', '.join(others)}"


def _to(facts: Sequence[SupportRecord]) -> str:
    receivers = sorted({_named(s.recipient, [s]) for s in facts})
    shown = receivers if len(receivers) <= 4 else [*receivers[:4], "others"]
    theatres = sorted({_named(s.theatre, [s]) for s in facts})
    return f"to {wording.listed(shown)}, war in {wording.listed(theatres)}; {len(facts)} told facts"


def _finding(panels: Sequence[tuple[str, list[SupportRecord]]], brief: Brief) -> str:
    ours = {m.id for m in brief.group.members}
    reached: dict[str, int] = {}
    for s in brief.support:
        if s.supporter in ours and s.level > 0 and s.claim != "hedged":
            reached[s.supporter] = max(s.level, reached.get(s.supporter, 0))
    if not reached:
        return f"Support told of goes to {_receivers(panels)}; no member is told to give any"
    top = max(reached.values())
    first = [
        wording.the(wording.name(m, brief.period.last))
        for m in sorted(reached)
        if reached[m] == top
    ]
    if len(first) > _NAMED:
        return f"{len(first)} members are told to have gone furthest, to {_phrase(top)}"
    who = wording.upper_first(wording.listed(first))
    return f"{who} {'is' if len(first) == 1 else 'are'} told to have gone furthest, to " + (
        _phrase(top)
    )


def _phrase(level: int) -> str:
    return {1: "diplomatic support", 2: "economic support", 3: "dual-use goods"}.get(
        level, RUNGS[level]
    )


def _receivers(panels: Sequence[tuple[str, list[SupportRecord]]]) -> str:
    return wording.listed(sorted({_named(s.recipient, [s]) for _, f in panels for s in f}))


def _sentence(giver: str, facts: Sequence[SupportRecord]) -> str:
    who = _named(giver, facts) if giver else "Others"
    held = sorted({s.level for s in facts}, reverse=True)
    return f"{who}: {', '.join(RUNGS[level] for level in held)}."


def _table(told: Sequence[SupportRecord]) -> Table:
    rows = [
        (
            wording.upper_first(f"{_named(s.supporter, [s])} to {_named(s.recipient, [s])}"),
            RUNGS[s.level],
            s.what,
            quantity(s) or "not told",
            when(s),
            "checked" if s.checked else "not checked",
            f"{s.source}; {s.row}",
        )
        for s in sorted(told, key=lambda s: (-s.level, s.supporter, _date(s) or 0.0, s.id))
    ]
    return table(
        "Told facts of support, the highest rung first",
        ("Who to whom", "Rung", "What", "Quantity", "When", "Checked", "Source and row"),
        rows,
    )
