"""Who bridges a group, who depends on whom, and where a wedge would split it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.brokers import Broker, LeftOut, brokers_of, leave_one_out
from blocs.alignment.dependence import (
    Dependence,
    arms_dependence,
    standing_of,
    trade_dependence,
    vote_dependence,
)
from blocs.alignment.repeated import repeated_votes
from blocs.alignment.shape import STRONG
from blocs.alignment.votes_at_hand import votes_at_hand
from blocs.alignment.wedges import Wedge, cheapest_wedge
from blocs.contracts import Answer, Evidence, View
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.registry import LAYERS
from blocs.shown import Shown
from blocs.ties.lighting import would_light
from blocs.ties.network import build_layer, tie_matrix
from blocs.views import wording
from blocs.views.asked import Asked, ask_group
from blocs.views.wording import change

CUT_LAYERS = ("votes", "alliances", "trade", "arms")
SLIGHT = 0.005
SLIGHTEST = 0.0005
"""Asymmetries below half a percent are not spoken of."""


class LayerBrokers(msgspec.Struct, frozen=True, kw_only=True):
    """Brokers and leave-one-out of one layer; dark layers say why."""

    layer: str
    years: tuple[int, ...]
    brokers: tuple[Broker, ...]
    left_out: tuple[LeftOut, ...]
    why_dark: str


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """One member's mean asymmetry by kind: above zero a client, below a patron.

    Null where no pair of it is known.
    """

    member: str
    trade: float | None
    arms: float | None
    votes: float | None


class LayerWedges(msgspec.Struct, frozen=True, kw_only=True):
    """Where one layer splits at least cost: at all, and into parts of a third or more."""

    layer: str
    cheapest: Wedge | None
    balanced: Wedge | None
    why_dark: str


class Brokers(Shown, frozen=True, kw_only=True):
    """Brokers, patrons, clients and wedges of a group."""

    shown_by: ClassVar[str] = "brokers"

    schema: str
    command: str
    label: str
    members: tuple[str, ...]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    layers: tuple[LayerBrokers, ...]
    dependence: tuple[Dependence, ...]
    roles: tuple[Role, ...]
    wedges: tuple[LayerWedges, ...]
    notes: tuple[str, ...]


def brokers(
    *group: str,
    layer: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    evidence: Evidence = Evidence(),
) -> Brokers:
    """Tell who bridges a group, who depends on whom, and where a wedge would split it.

    Parameters
    ----------
    group : str
        Codes, names of states, or the name of a group.
    layer : str, optional
        One of votes, alliances, trade, arms; all by default.
    from_, to : int, optional
        Years, both included; 2022 to the almanac's last year by default.
    members_at : int, optional
        Freeze a named group at its membership at the end of this year.
    evidence : Evidence
        Votes and treaties are in the almanac; trade and arms need data.

    Returns
    -------
    Brokers

    Examples
    --------
    >>> found = brokers("CHN", "RUS", "IRN", "PRK", layer="alliances")
    >>> found.layers[0].left_out[0].member
    'RUS'
    """
    names = _layers(layer)
    asked = ask_group(
        group,
        reference=None,
        from_=from_,
        to=to,
        members_at=members_at,
        evidence=evidence,
        only={d for name in names for d in LAYERS.get(name).prefer},
    )
    matrices = {name: _matrix(asked, name) for name in names}
    dependence = _dependence(asked, names)
    return Brokers(
        schema="blocs.brokers/1",
        command=f"blocs brokers {asked.command.replace(f' --reference {asked.reference}', '')}"
        + (f" --layer {layer}" if layer else ""),
        label=asked.group.label,
        members=asked.group.members,
        first=asked.period.first,
        last=asked.period.last,
        layers=tuple(_brokers(asked, name, m) for name, m in matrices.items()),
        dependence=dependence,
        roles=_roles(asked, dependence),
        wedges=tuple(_wedges(asked, name, m) for name, m in matrices.items()),
        notes=asked.notes,
    )


def ask(
    *group: str,
    layer: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell who bridges a group, who depends on whom, and where a wedge would split it.

    A wedge is a minimum cut: the ties that must be cut to split the group in two, weighing
    least in all; once freely, once into parts of a third of the members or more.

    Parameters
    ----------
    group
        CHN RUS IRN PRK, "North Korea", BRICS, NATO ...
    layer
        votes, alliances, trade or arms; all by default.
    from_
        First year [default: 2022].
    to
        Last year, included [default: the almanac's last].
    members_at
        Freeze a named group at its membership at the end of this year.
    """
    found = brokers(
        *group, layer=layer, from_=from_, to=to, members_at=members_at, evidence=evidence
    )
    return _answer(found)


def _answer(found: Brokers) -> Answer:
    return Answer(facts=found, text=_text(found), table=_table(found))


class _Lit(msgspec.Struct, frozen=True, kw_only=True):
    """A layer over the period as one matrix; no names where it is dark."""

    names: tuple[str, ...]
    years: tuple[int, ...]
    mean: NDArray[np.float64]
    why_dark: str


def _layers(layer: str | None) -> tuple[str, ...]:
    if layer is None:
        return CUT_LAYERS
    LAYERS.get(layer)
    if layer not in CUT_LAYERS:
        raise BadInput(f"--layer {layer}: use {', '.join(CUT_LAYERS)}")
    return (layer,)


def _matrix(asked: Asked, name: str) -> _Lit:
    """Mean tie of every pair over the period; on votes residual likeness."""
    nothing = np.empty((0, 0))
    if name == "votes":
        held = votes_at_hand(asked.facts, asked.reference, asked.group, asked.period)
        sums = held.sums
        years = [y for y in sums.years if y in asked.period.years]
        if not held.source or not years:
            why = f"no votes in {asked.period}"
            return _Lit(names=(), years=(), mean=nothing, why_dark=why)
        mean = sums.within(years).pooled().likeness()
        return _Lit(names=sums.actors, years=tuple(years), mean=mean, why_dark="")
    state = build_layer(name, asked.facts)
    years = [y for y in state.years if y in asked.period.years]
    if not years:
        fed = [feed.dataset for feed in state.feeds]
        feeds = ", ".join(would_light(state.layer, fed, period=asked.period))
        covers = f"covers {min(state.years)}-{max(state.years)}" if state.years else "not at hand"
        add = f"; add {feeds} with `blocs data get ID`, or name it with --data" if feeds else ""
        why = f"{name}: {covers}{add}"
        return _Lit(names=(), years=(), mean=nothing, why_dark=why)
    matrix = tie_matrix(state, Period(min(years), max(years))).undirected()
    return _Lit(names=matrix.actors, years=matrix.years, mean=matrix.mean(), why_dark="")


def _brokers(asked: Asked, name: str, lit: _Lit) -> LayerBrokers:
    found: tuple[Broker, ...] = ()
    if lit.names and name != "votes":
        tied = np.where(np.isnan(lit.mean), np.nan, lit.mean >= _threshold(name) - 1e-9)
        found = brokers_of(tied, lit.names, asked.group.members)
    left = leave_one_out(lit.mean, lit.names, asked.group.members) if lit.names else ()
    return LayerBrokers(
        layer=name, years=lit.years, brokers=found, left_out=left, why_dark=lit.why_dark
    )


def _threshold(name: str) -> float:
    """From which mean weight on two are tied: the weakest treaty, 5 % of trade, any arms."""
    return {"alliances": STRONG, "trade": 0.05}.get(name, 1e-6)


def _wedges(asked: Asked, name: str, lit: _Lit) -> LayerWedges:
    ours = [m for m in asked.group.members if m in lit.names]
    at = [lit.names.index(m) for m in ours]
    block = lit.mean[np.ix_(at, at)]
    known = ~np.isnan(block[np.triu_indices(len(ours), 1)]) if ours else np.zeros(0, dtype=bool)
    if len(ours) < 3 or not known.any():
        why = lit.why_dark or f"{name}: fewer than three members are known"
        return LayerWedges(layer=name, cheapest=None, balanced=None, why_dark=why)
    third = len(ours) // 3
    return LayerWedges(
        layer=name,
        cheapest=cheapest_wedge(block, ours),
        balanced=cheapest_wedge(block, ours, least=third) if third > 1 else None,
        why_dark="",
    )


def _dependence(asked: Asked, names: Sequence[str]) -> tuple[Dependence, ...]:
    members, years = asked.group.members, list(asked.period.years)
    out: list[Dependence] = []
    for name, measure in (("trade", trade_dependence), ("arms", arms_dependence)):
        feed = next((d for d in LAYERS.get(name).prefer if d in asked.facts), None)
        if name in names and feed is not None:
            told = build_layer(name, {feed: asked.facts[feed]}).years
            lit = [y for y in years if y in told]
            out += measure(asked.facts[feed].flows, members, years=lit) if lit else ()
    held = asked.ballots()
    if held is not None and "votes" in names:
        reach = Period(max(asked.period.first - 9, 1946), asked.period.last)
        out += vote_dependence(
            repeated_votes(held[1].rollcalls, held[1].ballots, period=reach), members
        )
    return tuple(out)


def _roles(asked: Asked, found: Sequence[Dependence]) -> tuple[Role, ...]:
    def mean(kind: str, member: str) -> float | None:
        values = standing_of([d for d in found if d.kind == kind], member)
        return float(values.mean()) if values.size else None

    return tuple(
        Role(member=m, trade=mean("trade", m), arms=mean("arms", m), votes=mean("votes", m))
        for m in asked.group.members
    )


def _table(found: Brokers) -> pl.DataFrame:
    """Return one row a pair and kind of dependence; wedges where nothing depends."""
    schema = {
        "kind": pl.String, "a": pl.String, "b": pl.String, "of_a": pl.Float64,
        "of_b": pl.Float64, "asymmetry": pl.Float64, "n": pl.Int64, "first": pl.Int64,
        "last": pl.Int64,
    }  # fmt: skip
    rows = [
        (d.kind, d.a, d.b, d.of_a, d.of_b, d.asymmetry, d.n, d.first, d.last)
        for d in found.dependence
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _text(found: Brokers) -> str:
    lines = [f"{found.label}, {wording.years(found.first, found.last)}"]
    for layer in found.layers:
        lines += _layer_lines(layer, found.last)
    for wedge in found.wedges:
        lines += _wedge_lines(wedge, found.last)
    lines += [
        _dependence_line(d, found.last) for d in found.dependence if abs(d.asymmetry or 0) >= SLIGHT
    ]
    told = [*(x.why_dark for x in found.layers), *(x.why_dark for x in found.wedges)]
    dark = dict.fromkeys(why for why in told if why)
    if not any(d.kind == "votes" for d in found.dependence):
        dark["who follows whom on votes needs roll calls: `blocs data get unga` or --data"] = None
    return "\n".join([*lines, *dark, *found.notes])


def _layer_lines(layer: LayerBrokers, on: int) -> list[str]:
    out = []
    top = layer.brokers[0] if layer.brokers else None
    span = wording.years(min(layer.years), max(layer.years)) if layer.years else ""
    if top is not None and top.within:
        out.append(
            f"{layer.layer} ({span}): {wording.name(top.member, on)} stands between "
            f"{top.within} of {top.open_pairs} pairs of other members without a tie of their own"
        )
    elif top is not None:
        out.append(f"{layer.layer} ({span}): no member stands between two others")
    known = [x for x in layer.left_out if x.change == x.change]
    if known:
        holds, weak = known[0], known[-1]
        if max(abs(x.change) for x in known) < SLIGHTEST:
            out.append(
                f"{layer.layer} ({span}): without any one member the mean tie stays the same"
            )
            return out
        out.append(
            f"{layer.layer} ({span}): without {wording.name(holds.member, on)} the mean tie "
            f"changes by {change(holds.change)}, without {wording.name(weak.member, on)} by "
            f"{change(weak.change)}"
        )
    return out


def _wedge_lines(wedge: LayerWedges, on: int) -> list[str]:
    out = []
    for kind, cut in (("cheapest", wedge.cheapest), ("of a third or more", wedge.balanced)):
        if cut is None:
            continue
        share = f", {100 * cut.share:.0f} % of its ties" if cut.share is not None else ""
        proof = "proved least" if cut.proved else f"no less than {cut.bound:.2f}"
        among = "" if cut is wedge.cheapest else f" among those {kind}"
        if cut.unique is False:
            out.append(
                f"{wedge.layer}: no one split is cheapest{among}: several cost "
                f"{cut.cost:.2f}{share} ({proof}), among them that of "
                f"{wording.names(cut.part, on)} from the others"
            )
            continue
        ties = ", ".join(f"{wording.pair(t.a, t.b, on)} {t.weight:.2f}" for t in cut.cut[:4])
        out.append(
            f"{wedge.layer}: the split {kind} parts "
            f"{wording.names(cut.part, on)} from the others at a cost of "
            f"{cut.cost:.2f}{share} ({proof}); dearest ties cut: {ties or 'none'}"
        )
    return out


def _dependence_line(d: Dependence, on: int) -> str:
    client, patron = (d.a, d.b) if (d.asymmetry or 0) > 0 else (d.b, d.a)
    more, less = max(d.of_a or 0, d.of_b or 0), min(d.of_a or 0, d.of_b or 0)
    one, other = wording.name(client, on), wording.name(patron, on)
    span = wording.years(d.first or 0, d.last or 0)
    if d.kind == "votes":
        return (
            f"votes: of {d.n} disagreements on a text put to the vote again, {round(more * d.n)} "
            f"ended with {one} where {other} had stood, {round(less * d.n)} the other way round "
            f"({span})"
        )
    link = {"trade": "of its trade is with", "arms": "of its arms imports come from"}[d.kind]
    counted = "1 year" if d.n == 1 else f"{d.n} years"
    return (
        f"{d.kind}: {one}: {100 * more:.1f} % {link} {other}; {other}: {100 * less:.1f} % {link} "
        f"{one} ({counted}, {span})"
    )


VIEW = View(
    ask=ask,
    shows={Brokers: _answer},
    examples=(
        "blocs brokers CHN RUS IRN PRK",
        "blocs brokers NATO --layer votes --json",
    ),
)
