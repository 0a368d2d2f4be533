"""Who differs from whom on what: agreement by issue, a panel a pair."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.records import Brief, DyadRecord, IssueRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, sources_of, table

_PANELS = 6
_ROW = 21


def issues(brief: Brief) -> Figure | None:
    """Make the figure; none if no votes are counted by issue."""
    known = [d for d in brief.dyads if d.votes is not None and d.issues]
    if not known:
        return None
    shown = _least_alike(known)
    dyad, issue = min(
        ((d, i) for d in known for i in d.issues), key=lambda x: (x[1].agreement, x[0].a, x[0].b)
    )
    year = brief.period.last
    return Figure(
        key="fig-issues",
        title=f"{wording.names((dyad.a, dyad.b), year)} differ most, on {issue.title}: "
        f"they agree on {wording.percent(issue.agreement)} of {wording.count(issue.n)} roll calls",
        subtitle="Agreement of a pair on an issue, beside the pair's agreement on everything "
        f"(the line), {wording.years(brief.period.first, brief.period.last)}; roll calls can be "
        "about several issues"
        + (f"; the {len(shown)} pairs that differ most" if len(shown) < len(known) else ""),
        alt=" ".join(_sentence(d, year) for d in shown),
        draw=lambda width: draw_issues(shown, width=width, on=year),
        table=_table(known, year),
        sources=sources_of(brief, "votes"),
        method="method-votes",
        note="Bars to the left: they differ more on this than they usually do. The figure at a bar "
        "is their agreement on the issue (yes against abstain counts half). No interval: these "
        f"are all the roll calls of the period, not a sample.{_same_roll_calls(known)}",
    )


def draw_issues(dyads: Sequence[DyadRecord], *, width: int, on: int | None = None) -> vega.Chart:
    """Draw diverging bars about each pair's own agreement, a panel a pair, named as of a year."""
    columns = 3 if width > 500 else 1
    reach = max(
        [abs(i.agreement - d.votes.agreement) for d in dyads if d.votes for i in d.issues] + [0.05]
    )
    names = 190 if columns > 1 else 172  # a phone's margin takes what a wide font adds
    gap = 18
    inner = (width - names - gap * (columns - 1) - 10) // columns
    order = _order(dyads)
    panels = [
        _panel(
            d,
            order,
            reach=reach,
            width=inner,
            named=names if k % columns == 0 else 0,
            title=wording.pair(d.a, d.b, on),
        )
        for k, d in enumerate(dyads)
    ]
    return vega.stack(*panels, columns=columns, spacing=gap)


def _same_roll_calls(known: Sequence[DyadRecord]) -> str:
    """Warn of issues that the source does not tell apart in this period."""
    counts: dict[str, list[tuple[int, float, float]]] = {}
    for d in known:
        for i in d.issues:
            counts.setdefault(i.title, []).append((i.n, i.agreement, i.identical))
    alike: dict[tuple[tuple[int, float, float], ...], list[str]] = {}
    for title, numbers in counts.items():
        alike.setdefault(tuple(numbers), []).append(title)
    return "".join(
        f" In these data {wording.listed(titles)} mark the same roll calls."
        for titles in alike.values()
        if len(titles) > 1
    )


def _order(dyads: Sequence[DyadRecord]) -> list[str]:
    """Issues, the one that divides the pairs most first."""
    held: dict[str, list[float]] = {}
    for d in dyads:
        for i in d.issues:
            held.setdefault(wording.upper_first(i.title), []).append(i.agreement)
    return sorted(held, key=lambda title: (sum(held[title]) / len(held[title]), title))


def _panel(
    dyad: DyadRecord, order: list[str], *, reach: float, width: int, named: int, title: str
) -> vega.Chart:
    overall = dyad.votes.agreement if dyad.votes else 0.0
    rows: list[vega.Row] = [
        {
            "issue": wording.upper_first(i.title),
            "by": 100 * (i.agreement - overall),
            "text": wording.percent(i.agreement),
        }
        for i in dyad.issues
    ]
    axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "labelLimit": 168,
        "labelPadding": 6,
        "minExtent": named - 4,
    }
    y = vega.channel("issue:N", sort=order, axis=axis if named else None)
    edge = 100 * reach * 1.75
    x = vega.channel("by:Q", axis=None, scale={"domain": [-edge, edge], "nice": False})
    base = vega.chart(rows)
    less = {"x": x, "y": y}
    bars = [
        base.where("datum.by < 0")
        .mark("bar", height=11, fill=theme.PAPER, stroke=theme.GROUP, strokeWidth=1.5)
        .encode(**less),
        base.where("datum.by >= 0").mark("bar", height=11, color=theme.GROUP).encode(**less),
    ]
    words = [
        base.where(f"datum.by {sign} 0")
        .mark("text", align=align, dx=dx)
        .encode(text="text:N", **less)
        for sign, align, dx in (("<", "right", -5), (">=", "left", 5))
    ]
    zero = vega.chart([{"by": 0}]).mark("rule", color=theme.INK).encode(x=x)
    n = dyad.votes.n if dyad.votes else 0
    head = {
        "text": title,
        "subtitle": f"{wording.percent(overall)} of {wording.count(n)} votes",
        "frame": "group",
    }
    return vega.layer(*bars, zero, *words).sized(width=width, height=_ROW * len(rows), title=head)


def _least_alike(known: Sequence[DyadRecord]) -> list[DyadRecord]:
    ranked = sorted(known, key=lambda d: (_lowest(d).agreement, d.a, d.b))[:_PANELS]
    return [d for d in known if d in ranked]


def _lowest(dyad: DyadRecord) -> IssueRecord:
    return min(dyad.issues, key=lambda i: (i.agreement, i.issue))


def _sentence(dyad: DyadRecord, on: int) -> str:
    worst = _lowest(dyad)
    return (
        f"{wording.pair(dyad.a, dyad.b, on)}: least on {worst.title}, "
        f"{wording.percent(worst.agreement)} of {worst.n}."
    )


def _table(known: Sequence[DyadRecord], on: int) -> Table:
    rows = [
        (
            wording.pair(d.a, d.b, on),
            i.title,
            wording.percent(i.agreement),
            wording.percent(i.identical),
            wording.count(i.n),
        )
        for d in known
        for i in d.issues
    ]
    return table(
        "Agreement by pair and issue",
        ("Pair", "Issue", "#Agreement", "#Identical votes", "#Roll calls"),
        rows,
    )
