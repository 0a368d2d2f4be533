"""The lead picture: what the group votes against together, and what it votes for.

Shield is likeness from voting together against what the reference power voted
for; counter-programme, from voting together for what it voted against.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from blocs.records import AnalogueRecord, Brief, MotiveRecord, MotivesRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, layer_of, sources_of, table
from blocs.views.charts.labels import Anchor, Placed, place_labels

_HEIGHT = 380
_LABELLED = 5
_SLIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the plane: of a year, or of a group of history."""

    label: str
    shield: float
    counter: float


@dataclass(frozen=True, slots=True)
class _Axis:
    """A linear scale known on both sides: values in the chart, pixels for labels."""

    low: float
    high: float
    length: float
    flip: bool = False

    def pixel(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.length * (1 - share if self.flip else share)

    def value(self, pixel: float) -> float:
        share = pixel / self.length
        return self.low + (1 - share if self.flip else share) * (self.high - self.low)

    def scale(self) -> vega.Spec:
        return {"domain": [self.low, self.high], "nice": False, "zero": False}


def plane(brief: Brief) -> Figure | None:
    """Make the figure; none if the votes cannot be split by the reference's."""
    parts = _parts(brief.motives)
    if parts is None:
        return None
    years, blocs = trail(brief), history(brief.analogues)
    return Figure(
        key="fig-plane",
        title=_finding(parts, wording.the(brief.reference.name)),
        subtitle=_subtitle(brief, years),
        alt=_alt(parts, years, blocs),
        draw=lambda width: draw_plane(brief, width=width),
        table=_table(brief),
        sources=sources_of(brief, "votes"),
        method=brief.motives.method,
        note="Big dot: the whole period, with its interval. Small dots: single years in which all "
        "pairs voted; the line is their five-year mean. Grey diamonds: groups of history.",
    )


def trail(brief: Brief) -> tuple[Spot, ...]:
    """Years in which every pair of the group voted; all years if there are not two."""
    votes = layer_of(brief, "votes")
    full = {p.year for p in votes.series if p.pairs == p.size * (p.size - 1) // 2} if votes else ()
    spots = {y.year: Spot(str(y.year), y.shield, y.counter) for y in brief.motives.series}
    chosen = [spot for year, spot in spots.items() if year in full]
    return tuple(chosen if len(chosen) > 1 else spots.values())


def history(analogues: Sequence[AnalogueRecord]) -> tuple[Spot, ...]:
    """Groups of history whose votes can be placed."""
    return tuple(
        Spot(f"{a.name}, {wording.years(a.first, a.last)}", a.shield, a.counter)
        for a in analogues
        if a.shield is not None and a.counter is not None
    )


def draw_plane(brief: Brief, *, width: int) -> vega.Chart:
    """Draw shield against counter-programme: the group's trail among history's blocs."""
    parts = _parts(brief.motives)
    years, blocs = trail(brief), history(brief.analogues)
    mean = five_year_means(years)
    every = [*years, *blocs]
    inner = width - 62
    x = _axis([s.shield for s in every], inner)
    y = _axis([s.counter for s in every], _HEIGHT, flip=True)
    period = Spot(_period(brief), parts[0].value, parts[1].value) if parts else Spot("", 0.0, 0.0)
    first = [Anchor(x.pixel(period.shield), y.pixel(period.counter), period.label, must=True)]
    ours = [Anchor(x.pixel(s.shield), y.pixel(s.counter), s.label) for s in _labelled(mean)]
    theirs = [
        Anchor(x.pixel(s.shield), y.pixel(s.counter), s.label if width > 500 else _short(s.label))
        for s in blocs
    ]
    taken = [(x.pixel(s.shield), y.pixel(s.counter)) for s in [*_between(mean), *_reach(parts)]]
    labels = place_labels([*first, *ours, *theirs], width=inner, height=_HEIGHT, obstacles=taken)
    at = {
        "x": vega.channel(
            "x:Q", scale=x.scale(), axis=_named(f"Shield: against what {_who(brief)} backs")
        ),
        "y": vega.channel(
            "y:Q", scale=y.scale(), axis=_named("Counter-programme: for what it opposes")
        ),
    }
    quiet = {a.text for a in theirs}
    return vega.layer(
        *_ground(at),
        _points(blocs, theme.GREY, "diamond", 50, at),
        *_trail(years, mean, at),
        *(_whole(parts, at) if parts else ()),
        *_texts([p for p in labels if p.text in quiet], theme.SOFT, "normal", x, y, at),
        *_texts([p for p in labels if p.text not in quiet], theme.GROUP, "bold", x, y, at),
    ).sized(width=inner, height=_HEIGHT)


def five_year_means(years: Sequence[Spot]) -> tuple[Spot, ...]:
    """Centred means over five years; at the ends over those there are."""
    out = []
    for spot in years:
        near = [s for s in years if abs(int(s.label) - int(spot.label)) <= 2]
        shield = sum(s.shield for s in near) / len(near)
        out.append(Spot(spot.label, shield, sum(s.counter for s in near) / len(near)))
    return tuple(out)


def _axis(values: Sequence[float], length: float, *, flip: bool = False) -> _Axis:
    low, high = min(0.0, *values), max(0.1, *values)
    edge = 0.06 * (high - low)
    return _Axis(low - edge, high + edge, length, flip)


def _labelled(mean: Sequence[Spot]) -> list[Spot]:
    """The first year, the last, and a few between: round years where there are any."""
    if len(mean) <= _LABELLED:
        return list(mean)
    step = max((len(mean) // _LABELLED + 4) // 5 * 5, 5)
    ends = (mean[0], mean[-1])
    between = [
        s
        for s in mean
        if int(s.label) % step == 0 and all(abs(int(s.label) - int(e.label)) > 2 for e in ends)
    ]
    return [mean[-1], mean[0], *between]


def _named(title: str) -> vega.Spec:
    return {"title": title, "tickCount": 5, "format": ".1f", "grid": False, "titleAnchor": "start"}


def _ground(at: dict[str, vega.Spec]) -> list[vega.Chart]:
    zero = vega.chart([{"x": 0, "y": 0}]).mark("rule", color=theme.RULE)
    return [zero.encode(x=at["x"]), zero.encode(y=at["y"])]


def _points(
    spots: Sequence[Spot], colour: str, shape: str, size: int, at: dict[str, vega.Spec]
) -> vega.Chart:
    rows: list[vega.Row] = [{"x": s.shield, "y": s.counter} for s in spots]
    mark = vega.chart(rows).mark(
        "point", shape=shape, size=size, fill=colour, stroke=theme.PAPER, strokeWidth=1, opacity=1
    )
    return mark.encode(**at)


def _trail(
    years: Sequence[Spot], mean: Sequence[Spot], at: dict[str, vega.Spec]
) -> list[vega.Chart]:
    rows: list[vega.Row] = [{"x": s.shield, "y": s.counter, "i": i} for i, s in enumerate(mean)]
    line = vega.chart(rows).mark("line", color=theme.GROUP, strokeWidth=2, opacity=1)
    dots: list[vega.Row] = [{"x": s.shield, "y": s.counter} for s in years]
    faint = vega.chart(dots).mark("point", size=14, fill=theme.GROUP, stroke=None, opacity=0.45)
    ends: list[vega.Row] = [{"x": s.shield, "y": s.counter} for s in _labelled(mean)]
    knots = vega.chart(ends).mark(
        "point", size=34, fill=theme.PAPER, stroke=theme.GROUP, strokeWidth=2, opacity=1
    )
    return [faint.encode(**at), line.encode(order="i:Q", **at), knots.encode(**at)]


def _whole(parts: tuple[MotiveRecord, MotiveRecord], at: dict[str, vega.Spec]) -> list[vega.Chart]:
    shield, counter = parts
    row: vega.Row = {"x": shield.value, "y": counter.value}
    row |= {"x1": shield.low, "x2": shield.high, "y1": counter.low, "y2": counter.high}
    base = vega.chart([row])
    rule = base.mark("rule", color=theme.GROUP, strokeWidth=2.5)
    marks = [base.mark("point", size=150, fill=theme.GROUP, stroke=None, opacity=1).encode(**at)]
    if None not in row.values():
        marks += [
            rule.encode(x={**at["x"], "field": "x1"}, x2="x2", y=at["y"]),
            rule.encode(x=at["x"], y={**at["y"], "field": "y1"}, y2="y2"),
        ]
    return marks


def _between(mean: Sequence[Spot]) -> list[Spot]:
    """Places along the trail, which no label should cover."""
    out = list(mean)
    for a, b in itertools.pairwise(mean):
        for k in (0.25, 0.5, 0.75):
            shield = a.shield + k * (b.shield - a.shield)
            out.append(Spot("", shield, a.counter + k * (b.counter - a.counter)))
    return out


def _reach(parts: tuple[MotiveRecord, MotiveRecord] | None) -> list[Spot]:
    """Places along the interval, which no label should cover."""
    if parts is None or None in (parts[0].low, parts[0].high):
        return []
    low, high = parts[0].low or 0.0, parts[0].high or 0.0
    return [Spot("", low + (high - low) * k / 6, parts[1].value) for k in range(7)]


def _texts(
    labels: Sequence[Placed],
    colour: str,
    weight: str,
    x: _Axis,
    y: _Axis,
    at: dict[str, vega.Spec],
) -> list[vega.Chart]:
    out = []
    for align in ("left", "center", "right"):
        rows: list[vega.Row] = [
            {"x": x.value(p.x), "y": y.value(p.y), "t": p.text} for p in labels if p.align == align
        ]
        if rows:
            look = {"align": align, "baseline": "middle", "fontWeight": weight, "color": colour}
            out += theme.haloed(vega.chart(rows), look, text="t:N", **at)
    return out


def _short(label: str) -> str:
    """Leave the years out and cut a long name at a word."""
    name = label.rsplit(", ", 1)[0]
    if len(name) <= 18:
        return name
    return name[:18].rsplit(" ", 1)[0].removesuffix(" of").removesuffix(" the")


def _who(brief: Brief) -> str:
    return wording.the(brief.reference.name)


def _parts(motives: MotivesRecord) -> tuple[MotiveRecord, MotiveRecord] | None:
    named = {c.name: c for c in motives.classes}
    return (named["shield"], named["counter"]) if {"shield", "counter"} <= set(named) else None


def _finding(parts: tuple[MotiveRecord, MotiveRecord], reference: str) -> str:
    shield, counter = parts
    if max(shield.value, counter.value) < _SLIGHT:
        return f"Neither a shield against {reference} nor a programme of their own holds them"
    if _surely_above(shield, counter):
        return f"They vote together against what {reference} backs, seldom for what it opposes"
    if _surely_above(counter, shield):
        return f"They vote together for what {reference} opposes, more than against what it backs"
    return "Shield and programme weigh about the same"


def _surely_above(a: MotiveRecord, b: MotiveRecord) -> bool:
    low = a.value if a.low is None else a.low
    return low > (b.value if b.high is None else b.high)


def _subtitle(brief: Brief, years: Sequence[Spot]) -> str:
    votes = layer_of(brief, "votes")
    n = (
        f"; {_period(brief)}: {wording.count(votes.items)} roll calls in common a pair"
        if votes and votes.items
        else ""
    )
    span = wording.years(int(years[0].label), int(years[-1].label)) if years else "no single year"
    return (
        "Two parts of the residual likeness of UN votes, mean over pairs (1 = alike in all), "
        f"{span}{n}"
    )


def _alt(
    parts: tuple[MotiveRecord, MotiveRecord], years: Sequence[Spot], blocs: Sequence[Spot]
) -> str:
    shield, counter = parts
    text = (
        f"Shield is {wording.score(shield.value)} and counter-programme "
        f"{wording.score(counter.value)} in the period."
    )
    if len(years) > 1:
        first, last = years[0], years[-1]
        text += (
            f" The trail runs from shield {wording.score(first.shield)}, counter-programme "
            f"{wording.score(first.counter)} in {first.label} to {wording.score(last.shield)} and "
            f"{wording.score(last.counter)} in {last.label}."
        )
    return text + (f" {len(blocs)} groups of history lie around it." if blocs else "")


def _table(brief: Brief) -> Table:
    ours = [
        (str(y.year), *map(wording.score, (y.shield, y.counter, y.dissent)))
        for y in reversed(brief.motives.series)
    ]
    theirs = [
        (
            f"{a.name}, {wording.years(a.first, a.last)}",
            *map(wording.score, (a.shield, a.counter, a.dissent)),
        )
        for a in brief.analogues
    ]
    return table(
        "Parts of residual likeness: groups of history, then the group year by year",
        ("Group or year", "#Shield", "#Counter-programme", "#Dissent"),
        [*theirs, *ours],
    )


def _period(brief: Brief) -> str:
    return wording.years(brief.period.first, brief.period.last)
