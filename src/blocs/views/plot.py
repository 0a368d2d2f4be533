"""The figures of a brief as altair charts, for notebooks: ``blocs.plot.world(brief)``.

Each is the figure of the page. Save one with altair: ``chart.save("world.svg")``, or
``.png``. What is missing is dashed here, because Vega has no hatching.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import polars as pl

from blocs import actors
from blocs.contracts import Evidence
from blocs.errors import BadInput
from blocs.outlook.simulation.records import SimulationFacts
from blocs.records import Brief
from blocs.views.charts import theme, vega
from blocs.views.charts.analogues import analogues as _analogues
from blocs.views.charts.cohesion import cohesion as _cohesion
from blocs.views.charts.coverage import coverage as _coverage
from blocs.views.charts.figure import Figure
from blocs.views.charts.foretold import foretold as _foretold
from blocs.views.charts.ideal_points import MOST as _MOST
from blocs.views.charts.ideal_points import ideal_points as _ideal_points
from blocs.views.charts.issues import issues as _issues
from blocs.views.charts.ladder import ladder as _ladder
from blocs.views.charts.left_out import left_out as _left_out
from blocs.views.charts.matrix import matrix as _matrix
from blocs.views.charts.motives import motives as _motives
from blocs.views.charts.nearness import nearness as _nearness
from blocs.views.charts.network import network as _network
from blocs.views.charts.plane import plane as _plane
from blocs.views.charts.simulation import fan as _fan
from blocs.views.charts.treaties import treaties as _treaties

if TYPE_CHECKING:
    import altair

_BOLD, _PLAIN = 7, 6
"""Pixels that a letter of the title and of the subtitle takes, about."""


def plane(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw shield against counter-programme: the group's trail among history's blocs."""
    return _chart(_plane(brief), width)


def cohesion(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw cohesion over time, layer by layer, on the band of groups of its size."""
    return _chart(_cohesion(brief), width)


def world(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw how alike each state votes to the members, on a map of true areas."""
    return _chart(_nearness(brief), width)


def issues(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw agreement by issue, pair by pair."""
    return _chart(_issues(brief), width)


def matrix(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw how alike each pair of members votes, members by members."""
    return _chart(_matrix(brief), width)


def network(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw the members' signed ties, a circle a layer; a broken line is hostile."""
    return _chart(_network(brief), width)


def motives(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw what likeness is about: grievance, programme, the rest, with intervals."""
    return _chart(_motives(brief), width)


def left_out(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw each layer without each member: who holds the group together."""
    return _chart(_left_out(brief), width)


def timeline(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw support in war by rung and date."""
    return _chart(_ladder(brief), width)


def treaties(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw treaties between members by obligation and date."""
    return _chart(_treaties(brief), width)


def analogues(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw groups of history by their distance from this one."""
    return _chart(_analogues(brief), width)


def coverage(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw what is known, by layer and year."""
    return _chart(_coverage(brief), width)


def forecasts(brief: Brief, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw what the brief's articles foretell on one axis of time."""
    return _chart(_foretold(brief), width)


def dyad(
    a: str,
    b: str,
    *,
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
    width: int = theme.WIDE,
) -> altair.Chart:
    """Draw all ties and events of two states on one timeline.

    Parameters
    ----------
    a, b : str
        Codes or names.
    from_, to : int, optional
        Years, both included.
    evidence : Evidence
        Where the facts come from; the almanac by default.
    width : int
        Pixels.
    """
    from blocs.views.answers import ties
    from blocs.views.dyad_marks import dyad_figure

    found = ties.ask(between=(a, b), from_=from_, to=to, evidence=evidence).facts
    if not isinstance(found, ties.TieHistory):
        raise BadInput(f"no history of {a} and {b}")
    return _chart(dyad_figure(found), width)


def ideal_points(points: pl.DataFrame, *states: str, width: int = theme.WIDE) -> altair.Chart:
    """Draw where states stand over time, each on the band of its interval.

    Parameters
    ----------
    points : pl.DataFrame
        From `blocs.ideal_points`: ``actor, year, mean, low, high, n``.
    states : str
        One to eight states, by code or name.
    width : int
        Pixels.

    Raises
    ------
    BadInput
        No state or too many; a state that has no point.
    """
    ids = tuple(dict.fromkeys(actors.resolve(state) for state in states))
    if not 1 <= len(ids) <= _MOST:
        raise BadInput(f"{len(ids)} states; name one to {_MOST}, whose lines can be told apart")
    absent = set(ids) - set(points["actor"])
    if absent:
        raise BadInput(f"no point of {', '.join(sorted(absent))} in this table")
    return _chart(_ideal_points(points, ids), width)


def fan(found: SimulationFacts, outcome: str, *, width: int = theme.WIDE) -> altair.Chart:
    """Draw one outcome of a simulation over the months: median and bands of the runs."""
    fans = {one.outcome: one for one in found.fans}
    if outcome not in fans:
        raise BadInput(f"no outcome {outcome!r} in this simulation; it has {', '.join(fans)}")
    return _chart(_fan(found, fans[outcome], title=outcome), width)


def _chart(figure: Figure | None, width: int) -> altair.Chart:
    if figure is None:
        raise BadInput("this brief has no evidence for that figure; its coverage says what is dark")
    titled = {
        "text": wrap(figure.title, width // _BOLD),
        "subtitle": wrap(figure.subtitle, width // _PLAIN),
        "subtitleColor": theme.SOFT,
    }
    spec = {**theme.dressed(figure.draw(width)), "title": titled}
    looks = spec["config"]
    if isinstance(looks, dict):
        spec["config"] = {k: v for k, v in looks.items() if v is not None}
    return vega.to_altair(vega.Chart({str(k): _dashed(v) for k, v in spec.items()}))


def _dashed(part: object) -> object:
    """Replace the placeholder of what is missing by a dashed outline."""
    if isinstance(part, list | tuple):
        return [_dashed(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {k: _dashed(v) for k, v in part.items()}
    if made.get("fill") == theme.HATCH:
        made |= {"fill": theme.PAPER, "stroke": theme.GREY, "strokeDash": [2, 2], "strokeWidth": 1}
    return made
