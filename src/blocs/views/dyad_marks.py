"""The figure of two states: ties and events of every layer on one axis, each mark to its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from blocs.registry import LAYERS
from blocs.views import wording
from blocs.views.answers.ties import TieHistory, TieRecord
from blocs.views.between import Happened, who
from blocs.views.charts.dyad_timeline import Lane, Mark, draw_dyad
from blocs.views.charts.figure import Cell, Figure, Table, table
from blocs.views.charts.strips import Strip
from blocs.views.explorer.visit import link

MOST: Final = 400
"""A lane of more marks gathers them by year."""
_FAINTEST: Final = 0.15
_TITLES: Final = {"war": "Wars", "told": "Told in articles", "icews": "Coded events (ICEWS)"}
_LASTING: Final = frozenset({"alliance", "sanction", "war", "rivalry", "trade_agreement"})
"""Kinds that go on until they end; of others an open end is not drawn."""


def dyad_figure(found: TieHistory) -> Figure:
    """Make the figure: a lane a layer, its ties as a strip, its acts and events as marks."""
    kinds = dict.fromkeys(e.kind for e in found.events if not e.layer)
    acted = {e.layer for e in found.events} | {t.layer for t in found.ties}
    layers = [name for name in LAYERS.names() if name in acted]
    span, (a, b) = _span(found), found.between
    lanes = [_layer_lane(found, name, span) for name in layers]
    lanes += [_kind_lane(found, kind, span) for kind in kinds]
    undated = sum(e.start is None for e in found.events)
    return Figure(
        key="fig-ties",
        title=f"{wording.pair(a, b, int(span[1]) - 1)}: ties and what happened, "
        f"{wording.years(int(span[0]), int(span[1]) - 1)}",
        subtitle="Strip: signed weight of the layer's tie by year, from −1 (hostile) to 1 "
        f"(friendly). Marks: {wording.count(len(found.events))} acts and events, each a link to "
        "its row",
        alt=_alt(found, layers),
        draw=lambda width: draw_dyad(lanes, span, width=width),
        table=tie_table(found, layers),
        sources=tuple(sorted({t.dataset for t in found.ties} | {e.dataset for e in found.events})),
        note="Blue and round: friendly; orange and square on a corner: hostile; grey and square: "
        "neither. The stronger a tie the fuller its strip; outlined: zero; hatched: told, its "
        "weight not known. Nothing drawn: none told in the years beside the name, and nothing "
        "known outside them."
        + (f" {undated} without a date are in the table alone." if undated else ""),
    )


def tie_table(found: TieHistory, layers: Sequence[str]) -> Table:
    """List ties of some layers: years, who, weight, value, how many rows, by which record."""
    rows = [
        (
            years_of(t),
            LAYERS.get(t.layer).title,
            ends(t),
            wording.score(t.weight, signed=True),
            value_of(t),
            wording.count(t.n),
            t.dataset,
        )
        for t in found.ties
        if t.layer in layers
    ]
    heads = ("Years", "Layer", "Who", "#Weight", "Value", "#Rows or roll calls", "Told by")
    what = LAYERS.get(layers[0]).title if len(layers) == 1 else "Ties"
    return table(f"{what}: consecutive years of one weight are one row", heads, rows)


def event_table(found: TieHistory) -> Table:
    """List the marks of the figure: a row an act or event, or a year of a lane that has many."""
    rows = [row for _, events in _by_lane(found) for row in _event_rows(found, events)]
    heads = ("When", "What", "Who", "Told by", "Rows")
    return table(
        f"{wording.count(len(found.events))} acts and events, layer by layer",
        heads,
        rows,
        most=2000,
    )


def ends(tie: TieRecord) -> str:
    """Name the two as they were called in the tie's last year."""
    last = max(tie.end.year - 1, tie.start.year)
    if not LAYERS.get(tie.layer).directed:
        return wording.pair(tie.sender, tie.receiver, last)
    return f"{wording.name(tie.sender, last)} to {wording.name(tie.receiver, last)}"


def value_of(tie: TieRecord) -> str:
    """Write what the tie was made of: million current USD: 36,900."""
    return wording.NOT_KNOWN if tie.value is None else f"{tie.unit}: {wording.figures(tie.value)}"


def years_of(tie: TieRecord) -> str:
    """Write the years of a tie."""
    return wording.years(tie.start.year, max(tie.end.year - 1, tie.start.year))


def lit(found: TieHistory, name: str) -> str:
    """Name a layer with the data sets that light it, and when."""
    told = found.lit.get(name)
    return LAYERS.get(name).title + (f" ({told})" if told else "")


def _span(found: TieHistory) -> tuple[float, float]:
    starts = [t.start.year for t in found.ties] + [e.start.year for e in found.events if e.start]
    ends = [t.end.year for t in found.ties]
    ends += [(e.end or e.start).year + 1 for e in found.events if e.start]
    first = max(min(starts), found.first or 0)
    last = min(max(ends), (found.last or 9998) + 1)
    return float(first), float(max(last, first + 1))


def _layer_lane(found: TieHistory, name: str, span: tuple[float, float]) -> Lane:
    strips = [
        Strip(
            0,
            max(t.start.year, span[0]),
            min(t.end.year, span[1]),
            _look(t.weight),
            1.0 if not t.weight else max(abs(t.weight), _FAINTEST),
        )
        for t in found.ties
        if t.layer == name
    ]
    events = [e for e in found.events if e.layer == name]
    return Lane(lit(found, name), tuple(strips), _marks(events, span))


def _kind_lane(found: TieHistory, kind: str, span: tuple[float, float]) -> Lane:
    return Lane(_kind_title(kind), (), _marks([e for e in found.events if e.kind == kind], span))


def _kind_title(kind: str) -> str:
    return _TITLES.get(kind, wording.upper_first(kind.replace("_", " ")))


def _by_lane(found: TieHistory) -> list[tuple[str, list[Happened]]]:
    lanes: dict[str, list[Happened]] = {}
    order = {name: k for k, name in enumerate(LAYERS.names())}
    for e in sorted(found.events, key=lambda e: (order.get(e.layer, len(order)), not e.layer)):
        lanes.setdefault(e.layer or e.kind, []).append(e)
    return list(lanes.items())


def _look(weight: float | None) -> str:
    if weight is None:
        return "dark"
    return "zero" if weight == 0 else "for" if weight > 0 else "against"


def _gathered(events: Sequence[Happened]) -> list[list[Happened]]:
    """One mark each, or one a year and sign where a lane has very many."""
    dated = [e for e in events if e.start is not None]
    if len(dated) <= MOST:
        return [[e] for e in dated]

    def key(e: Happened) -> tuple[int, int]:
        return (e.start.year if e.start else 0, e.sign)

    return [list(some) for _, some in groupby(sorted(dated, key=key), key)]


def _marks(events: Sequence[Happened], span: tuple[float, float]) -> tuple[Mark, ...]:
    out = []
    for some in _gathered(events):
        one = some[0]
        first = max(_place(one.start), span[0])
        end = _end(one, span) if len(some) == 1 else first
        said = _said(one) if len(some) == 1 else f"{len(some):,} in {_year(one)}: {one.kind}"
        out.append(Mark(first, min(max(end, first), span[1]), one.sign, f"#{one.id}", said))
    return tuple(out)


def _end(one: Happened, span: tuple[float, float]) -> float:
    if one.end is not None:
        return _place(one.end)
    return span[1] if one.kind in _LASTING else _place(one.start)


def _place(day: date | None) -> float:
    at = wording.decimal_year(None if day is None else day.isoformat())
    return 0.0 if at is None else at


def _year(one: Happened) -> int:
    return one.start.year if one.start else 0


def _said(one: Happened) -> str:
    return f"{_when(one)}: {one.what} ({who(one)}; {one.dataset})"


def _when(one: Happened) -> str:
    """Write the days of an act as exactly as they are told; an end that is open is said."""
    if one.start is None:
        return wording.NOT_KNOWN
    start = wording.day(one.begun)
    if one.end is None:
        return f"from {start}" if one.kind in _LASTING else start
    exact = one.end.isoformat()
    last = wording.until(exact[:4] if len(one.begun or "") == 4 else exact)
    return start if last == start else f"{start} to {last}"


def _event_rows(found: TieHistory, events: Sequence[Happened]) -> list[tuple[Cell | str, ...]]:
    undated = [[e] for e in events if e.start is None]
    return [
        _one(some[0]) if len(some) == 1 else _many(found, some)
        for some in (*undated, *_gathered(events))
    ]


def _one(e: Happened) -> tuple[Cell | str, ...]:
    when = Cell(_when(e), anchor=e.id, missing=e.start is None)
    rows = e.facts[0] + (f" and {len(e.facts) - 1} more" if len(e.facts) > 1 else "")
    return (when, e.what, who(e), e.dataset, Cell(rows, _row_link(e)))


def _many(found: TieHistory, some: Sequence[Happened]) -> tuple[Cell | str, ...]:
    """One row for the acts of a year, which leads to the page of that year alone."""
    year = _year(some[0])
    a, b = found.between
    way = link("dyad", a=a, b=b, from_=year, to=year)
    alone = found.first == found.last == year
    n = f"{len(some):,} rows"
    return (
        Cell(str(year), "" if alone else way, anchor=some[0].id),
        wording.upper_first(some[0].kind.replace("_", " ")),
        wording.pair(a, b, year),
        some[0].dataset,
        n + ("; the JSON has them all" if alone else ""),
    )


def _row_link(one: Happened) -> str:
    """Lead to the row where this server shows it: the almanac's tables, the ledger's facts."""
    if one.kind == "told":
        return f"/facts#{one.id}"
    if one.dataset != "almanac":
        return ""
    shelf = {"war": "wars", "alliance": "treaties"}.get(one.kind)
    shelf = shelf or one.facts[0].removeprefix("almanac/").partition(":")[0]
    return link("almanac", table=shelf, q=one.ref) if one.ref else ""


def _alt(found: TieHistory, layers: Sequence[str]) -> str:
    """Say the newest tie of each layer and how many acts each lane has; the tables say all."""
    newest = {t.layer: t for t in found.ties}
    said = [
        f"{LAYERS.get(n).title}, {years_of(newest[n])}: "
        f"{wording.score(newest[n].weight, signed=True)}."
        for n in layers
        if n in newest
    ]
    counts = [
        f"{LAYERS.get(lane).title if lane in LAYERS.names() else _kind_title(lane)}: {len(some)}"
        for lane, some in _by_lane(found)
    ]
    return " ".join([*said, f"Acts and events: {', '.join(counts) or 'none told'}."])
