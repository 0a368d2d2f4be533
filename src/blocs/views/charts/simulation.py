"""Simulations: fans over time, rungs of each supporter, and what outcomes depend on."""

from __future__ import annotations

from blocs.outlook.simulation.records import Fan, LadderPath, ShareRecord, SimulationFacts
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, table

_RUNG_COLOURS = (
    "#f2f2f2", "#dfe1e3", "#c6d3de", "#a4c1d8", "#7aa9cd", "#4b8fc0", "#0072b2", "#d55e00",
)  # fmt: skip
"""None to weapons from grey to the group's blue; troops in the colour that warns."""
_TOP = 6


def fan(found: SimulationFacts, drawn: Fan, *, title: str) -> Figure:
    """Make the figure of one outcome over the months: median, half and nine tenths of the runs.

    Parameters
    ----------
    found : SimulationFacts
        The simulation.
    drawn : Fan
        One of its fans.
    title : str
        What it shows.
    """
    rows = [
        [month, *(wording.figures(row[k]) for row in drawn.values)]
        for k, month in enumerate(drawn.months)
        if k % 12 == 11 or k == len(drawn.months) - 1
    ]
    last = [row[-1] for row in drawn.values]
    heads = tuple(f"#{q:.0%}" for q in drawn.quantiles)
    bands = (
        "line = median, bands = half and "
        f"{drawn.quantiles[-1] - drawn.quantiles[0]:.0%} of the runs"
    )
    told = "by quantile of the runs"
    if drawn is found.together:  # one share of all the runs, not a spread over them
        heads, told = ("#Low", "#Share", "#High"), "with its sampling error (90 %)"
        bands = "line = the share, band = its sampling error (90 %)"
    return Figure(
        key=f"fig-{_slug(drawn.outcome)}",
        title=title,
        subtitle=f"{drawn.unit}, {wording.count(found.runs)} runs: {bands}",
        alt=f"From {drawn.months[0]} to {drawn.months[-1]}; at the end between "
        f"{wording.figures(last[0])} and {wording.figures(last[-1])}, in the middle "
        f"{wording.figures(last[len(last) // 2])}.",
        draw=lambda width: draw_fan(drawn, width=width),
        table=table(
            f"{in_words(found, drawn.outcome)}: {drawn.unit}, {told}",
            ("Month", *heads),
            rows,
        ),
        sources=("almanac",),
        method="method",
    )


def draw_fan(drawn: Fan, *, width: int) -> vega.Chart:
    """Draw bands between matching quantiles, and the median."""
    pairs = len(drawn.quantiles) // 2
    x = vega.channel("month:Q", axis={"title": "months from the start", "grid": False})
    layers = []
    for k in range(pairs):
        rows: list[vega.Row] = [
            {"month": m + 1, "low": low, "high": high}
            for m, (low, high) in enumerate(zip(drawn.values[k], drawn.values[-1 - k], strict=True))
        ]
        layers.append(
            vega.chart(rows)
            .mark("area", color=theme.GROUP, opacity=0.18 + 0.12 * k)
            .encode(
                x=x,
                y=vega.channel("low:Q", axis={"title": None, "tickCount": 5}),
                y2=vega.channel("high"),
            )
        )
    middle: list[vega.Row] = [
        {"month": m + 1, "value": v} for m, v in enumerate(drawn.values[pairs])
    ]
    line = vega.chart(middle).mark("line", color=theme.GROUP, strokeWidth=2.5)
    layers.append(line.encode(x=x, y="value:Q"))
    return vega.layer(*layers).sized(width - 80, 200)


def rungs(found: SimulationFacts) -> Figure:
    """Make the figure of the rungs: share of the runs on each, for every supporter.

    Parameters
    ----------
    found : SimulationFacts
        With at least one supporter.
    """
    last = found.together.months[-1]
    names = [rung.replace("_", " ") for rung in found.ladders[0].rungs]
    rows = [
        [f"{path.name} ({wording.name(path.theatre)})", *map(wording.often, path.shares[-1])]
        for path in found.ladders
    ]
    return Figure(
        key="fig-rungs",
        title="How far each supporter goes",
        subtitle=f"Share of {wording.count(found.runs)} runs on each rung, by months from the "
        "start; darker is further, orange is troops",
        alt="; ".join(
            f"{path.name}: {names[_mode(path)]} in {max(path.shares[-1]):.0%} of the runs"
            for path in found.ladders
        )
        + f", in {last}.",
        draw=lambda width: draw_rungs(found.ladders, width=width),
        table=table(
            f"Share of the runs on each rung in {last}",
            ("Supporter", *(f"#{name}" for name in names)),
            rows,
        ),
        sources=("almanac",),
        method="method",
        note="Rungs from the bottom: " + ", ".join(names) + ".",
    )


def _mode(path: LadderPath) -> int:
    return max(range(len(path.rungs)), key=lambda k: path.shares[-1][k])


def draw_rungs(paths: tuple[LadderPath, ...], *, width: int) -> vega.Chart:
    """Draw one stack of rungs for each supporter, small and side by side."""
    columns = max(1, min(4, width // 170))
    side = (width - 60) // columns - 50
    return vega.stack(*(_stack(path, side) for path in paths), columns=columns, spacing=20)


def _stack(path: LadderPath, width: int) -> vega.Chart:
    step = max(1, len(path.shares) // 30)
    rows: list[vega.Row] = [
        {"month": m + 1, "rung": k, "share": share}
        for m, shares in enumerate(path.shares)
        if m % step == 0 or m == len(path.shares) - 1
        for k, share in enumerate(shares)
    ]
    scale = {"domain": list(range(len(path.rungs))), "range": list(_RUNG_COLOURS)}
    return (
        vega.chart(rows)
        .mark("area")
        .encode(
            x=vega.channel("month:Q", axis={"title": None, "grid": False, "tickCount": 3}),
            y=vega.channel(
                "share:Q",
                stack="zero",
                scale={"domain": [0, 1]},
                axis={"title": None, "format": "%", "tickCount": 2},
            ),
            color=vega.channel("rung:O", scale=scale, legend=None),
            order=vega.channel("rung:Q"),
        )
        .sized(width, 90, {"text": path.name, "fontSize": theme.SMALL})
    )


def shares(found: SimulationFacts, outcome: str) -> Figure:
    """Make the figure of what one outcome depends on.

    Parameters
    ----------
    found : SimulationFacts
        With Sobol shares.
    outcome : str
        One of their outcomes.
    """
    mine = sorted((s for s in found.shares if s.outcome == outcome), key=lambda s: -s.total)
    top = mine[:_TOP]
    rows = [
        [s.parameter, s.source, f"{s.total:.2f}".replace("-", wording.MINUS), _interval(s)]
        for s in mine
    ]
    said = in_words(found, outcome)
    first = "luck" if top[0].parameter == "luck" else top[0].parameter
    return Figure(
        key=f"fig-shares-{_slug(outcome)}",
        title=f"{said[0].upper()}{said[1:]}: most depends on {first}",
        subtitle="Total Sobol share of each parameter and of luck, 90 % interval, from "
        f"{wording.count(found.share_runs)} runs; shares overlap where parameters work together",
        alt="; ".join(f"{s.parameter} {s.total:.2f}" for s in top),
        draw=lambda width: draw_shares(top, width=width),
        table=table(
            f"What {said} depends on", ("Parameter", "From", "#Share", "90 % interval"), rows
        ),
        sources=("almanac",),
        method="method",
    )


def in_words(found: SimulationFacts, outcome: str) -> str:
    """Name the states in an outcome such as ``last rung of CHN in UKR``."""
    said = {}
    for p in found.ladders:
        where = wording.name(p.theatre)
        said[f"last rung of {p.state} in {p.theatre}"] = f"last rung of {p.name} in {where}"
        said[f"ground {p.theatre}"] = f"ground in {where}"
        crossed = f"{p.name} crosses its red line in"
        said[f"{crossed} {p.theatre}"] = f"{crossed} {where}"
    return said.get(outcome, outcome)


def _interval(share: ShareRecord) -> str:
    if share.low is None or share.high is None:
        return "not known"
    return f"{share.low:.2f} to {share.high:.2f}".replace("-", wording.MINUS)


def draw_shares(top: list[ShareRecord], *, width: int) -> vega.Chart:
    """Draw bars with their intervals; assumptions hatched, luck grey."""
    rows: list[vega.Row] = [
        {
            "name": s.parameter,
            "share": s.total,
            "low": s.low,
            "high": s.high,
            "kind": _kind(s.source),
        }
        for s in top
    ]
    names = vega.channel("name:N", sort=None, axis={"title": None, "grid": False, "minExtent": 130})
    colours = {
        "domain": ["chance", "assumption", "known"],
        "range": [theme.GREY, theme.REFERENCE, theme.GROUP],
    }
    base = vega.chart(rows)
    return vega.layer(
        base.mark("bar", height=13).encode(
            y=names,
            x=vega.channel("share:Q", axis={"title": "share of the variance", "tickCount": 5}),
            color=vega.channel("kind:N", scale=colours, legend={"title": None, "orient": "bottom"}),
        ),
        base.mark("rule", color=theme.INK).encode(
            y=names, x=vega.channel("low:Q"), x2=vega.channel("high")
        ),
    ).sized(width - 200, 22 * len(rows))


def _kind(source: str) -> str:
    if source == "chance":
        return "chance"
    return "assumption" if source.startswith("assumption") else "known"


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
