"""Ties to the order: what each state's are, and how its trade moved after sanctions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from blocs import actors
from blocs.alignment.order import (
    COUNTED,
    MEASURES,
    OrderTie,
    both_ways,
    order_ties,
    organisations,
    organisations_shared,
    sanctions_on,
    trade_shares,
    vote_likeness,
    yearly,
)
from blocs.alignment.substitution import AFTER, BEFORE, Effect, synthetic_effect
from blocs.alignment.vote_sums import vote_sums
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.registry import DATASETS, LAYERS
from blocs.shown import Shown
from blocs.ties.common_votes import dyad_votes
from blocs.ties.layers.alliances import build_defence
from blocs.ties.network import build_layer, tie_matrix

FEEDS = {
    "organisations": ("cow-igo",),
    "organisations_shared": ("cow-igo",),
    "trade_reference": ("cow-trade",),
    "trade_allies": ("cow-trade",),
    "votes": ("unga", "undl", "unvotes", "almanac"),
    "sanctioned_by": ("gsdb",),
    "sanction_kinds": ("gsdb",),
}
ECONOMIC = ("trade", "financial")
"""Kinds of sanction whose beginning starts an episode."""
OUTCOMES = {
    "share_with_senders": "share of its trade with the states that imposed the sanctions",
    "log_trade_with_senders": "natural logarithm of 1 + its trade with them (million current USD)",
    "log_trade_with_others": "natural logarithm of 1 + its trade with all other states",
}
LONGEST = 6


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One tie to the order of one state over the years; no years where nothing is known.

    ``counted`` says what the n of a year counts.
    """

    name: str
    title: str
    dataset: str
    counted: str
    years: tuple[OrderTie, ...]
    why_dark: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one outcome moved after sanctions; null where it cannot be told, with why."""

    name: str
    title: str
    effect: Effect | None
    why_dark: str


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """Sanctions by the reference's side, with none begun in the two years before.

    ``then`` has the years in which more began, each within two years of the last, and
    ``joined`` who began those: they have no episode of their own, and what followed them
    is in the outcomes of this one.
    """

    began: int
    senders: tuple[str, ...]
    kinds: tuple[str, ...]
    then: tuple[int, ...]
    joined: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


class StateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One state's ties to the order and its episodes of sanctions."""

    actor: str
    name: str
    measures: tuple[Measure, ...]
    episodes: tuple[Episode, ...]
    why_no_episodes: str


class Order(Shown, frozen=True, kw_only=True):
    """Ties of some states to the order that a reference power and its allies stand for."""

    shown_by: ClassVar[str] = "order"

    schema: str
    command: str
    reference: str
    allies_rule: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    states: tuple[StateOrder, ...]
    notes: tuple[str, ...]


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What every state is measured on: sides by year, and tables by measure."""

    sides: Mapping[int, Sequence[str]]
    tables: Mapping[str, pl.DataFrame]
    datasets: Mapping[str, str]
    trade: pl.DataFrame
    sanctions: pl.DataFrame
    sanction_years: tuple[int, ...]


def gather(facts: Mapping[str, Facts], reference: str, period: Period) -> Ground:
    """Measure every state, for the percentiles and for the counterfactuals.

    Parameters
    ----------
    facts : mapping of str to Facts
    reference : str
    period : Period
    """
    sides = _sides(facts, reference, period)
    tables: dict[str, pl.DataFrame] = {}
    used: dict[str, str] = {}
    for name in MEASURES:
        feed = next((d for d in FEEDS[name] if d in facts), "")
        if feed:
            used[name] = feed
    if "organisations" in used:
        tables["organisations"] = organisations(facts["cow-igo"].attributes)
        tables["organisations_shared"] = organisations_shared(facts["cow-igo"].spells, reference)
    flows = facts["cow-trade"].flows if "cow-trade" in facts else None
    if flows is not None:
        alone = dict.fromkeys(sides, (reference,))
        tables["trade_reference"] = trade_shares(flows, alone, reference=reference)
        tables["trade_allies"] = trade_shares(flows, sides, reference=reference)
    if "votes" in used:
        tables["votes"] = _votes(facts[used["votes"]], reference, sides)
    years: tuple[int, ...] = ()
    if "gsdb" in facts:
        years = build_layer("sanctions", {"gsdb": facts["gsdb"]}).years
        covered = {y: s for y, s in sides.items() if y in set(years)}
        everyone = {
            y: actors.members(Period(y, y))["actor"].unique().sort().to_list() for y in covered
        }
        tables["sanctioned_by"], tables["sanction_kinds"] = sanctions_on(
            facts["gsdb"].spells, covered, everyone
        )
    inside = pl.col("year").is_between(period.first, period.last)
    return Ground(
        sides=sides,
        tables={name: table.filter(inside) for name, table in tables.items()},
        datasets=used,
        trade=both_ways(flows) if flows is not None else pl.DataFrame(),
        sanctions=facts["gsdb"].spells if "gsdb" in facts else pl.DataFrame(),
        sanction_years=years,
    )


def state_order(ground: Ground, actor: str, period: Period) -> StateOrder:
    """Tell one state's ties to the order and what sanctions did to its trade.

    Parameters
    ----------
    ground : Ground
    actor : str
    period : Period
        Episodes begin in it; the counterfactual looks further back.
    """
    found = order_ties(ground.tables, actor)
    episodes, why = _episodes(ground, actor, period)
    return StateOrder(
        actor=actor,
        name=actors.name_of(actor, period.last),
        measures=tuple(
            Measure(
                name=name,
                title=title,
                dataset=ground.datasets.get(name, ""),
                counted=COUNTED[name],
                years=found.get(name, ()),
                why_dark="" if found.get(name) else _why_dark(name, ground, actor, period),
            )
            for name, title in MEASURES.items()
        ),
        episodes=episodes,
        why_no_episodes=why,
    )


def _why_dark(name: str, ground: Ground, actor: str, period: Period) -> str:
    if name not in ground.datasets:
        feeds = " or ".join(d for d in FEEDS[name] if d != "almanac")
        return f"no data set at hand; add {feeds} with `blocs data add ID PATH`, or --data PATH"
    covers = DATASETS.get(ground.datasets[name]).years if name != "votes" else "1946-2024"
    who = actors.name_of(actor, period.last)
    return f"nothing on {who} in {period}; {ground.datasets[name]} covers {covers}"


def _sides(
    facts: Mapping[str, Facts], reference: str, period: Period
) -> dict[int, tuple[str, ...]]:
    """The reference and its partners in treaties of defence, year by year.

    Years after the last that treaties cover take that year's partners.
    """
    reach = Period(max(period.first - BEFORE, 1816), period.last)
    defence = dataclasses.replace(LAYERS.get("alliances"), build=build_defence)
    matrix = tie_matrix(build_layer("alliances", facts, layer=defence), reach)
    out: dict[int, tuple[str, ...]] = {}
    if reference not in matrix.actors or not matrix.years:
        return dict.fromkeys(reach.years, (reference,))
    home = matrix.actors.index(reference)
    for year in reach.years:
        at = max((k for k, y in enumerate(matrix.years) if y <= year), default=0)
        row = matrix.weight[at, home]
        allies = (a for a, w in zip(matrix.actors, row, strict=True) if w >= 1)
        out[year] = (reference, *allies)
    return out


def _votes(facts: Facts, reference: str, sides: Mapping[int, Sequence[str]]) -> pl.DataFrame:
    counts = (
        facts.dyad_votes
        if facts.ballots.is_empty()
        else dyad_votes(facts.rollcalls, facts.ballots, reference=reference)
    )
    return vote_likeness(vote_sums(counts.filter(pl.col("year").is_in(list(sides)))), sides)


def _episodes(ground: Ground, actor: str, period: Period) -> tuple[tuple[Episode, ...], str]:
    """Beginnings of economic sanctions by the side, and what followed."""
    if ground.sanctions.is_empty():
        return (), "sanctions are dark; add gsdb with `blocs data add gsdb PATH`, or --data PATH"
    begun = _begun(ground, actor)
    out = []
    for year, *then in _waves(sorted(begun)):
        senders, kinds = begun[year]
        if year in period.years:
            out.append(
                Episode(
                    began=year,
                    senders=tuple(sorted(senders)),
                    kinds=tuple(sorted(kinds)),
                    then=tuple(then),
                    joined=tuple(sorted({s for y in then for s in begun[y][0]})),
                    outcomes=_outcomes(ground, actor, year, sorted(senders)),
                )
            )
    why = "" if out else f"no trade or financial sanctions by this side began in {period}"
    return tuple(out[-LONGEST:]), why


def _waves(years: Sequence[int]) -> list[list[int]]:
    """Split years, in order, where one comes three or more after the last."""
    waves: list[list[int]] = []
    for year in years:
        if waves and year - waves[-1][-1] <= 2:
            waves[-1].append(year)
        else:
            waves.append([year])
    return waves


def _begun(ground: Ground, actor: str) -> dict[int, tuple[set[str], set[str]]]:
    """Years in which the side began economic sanctions on a state: senders, kinds."""
    rows = ground.sanctions.filter(
        (pl.col("kind") == "sanction")
        & (pl.col("receiver") == actor)
        & pl.col("type").is_in(ECONOMIC)
    )
    out: dict[int, tuple[set[str], set[str]]] = {}
    for sender, kind, start in rows.select("sender", "type", "start").iter_rows():
        if sender in ground.sides.get(start.year, ()):
            senders, kinds = out.setdefault(start.year, (set(), set()))
            senders.add(sender)
            kinds.add(kind)
    return out


def _outcomes(ground: Ground, actor: str, year: int, senders: Sequence[str]) -> tuple[Outcome, ...]:
    if ground.trade.is_empty():
        why = "trade is dark; add cow-trade with `blocs data get cow-trade`, or --data PATH"
        return tuple(
            Outcome(name=name, title=title, effect=None, why_dark=why)
            for name, title in OUTCOMES.items()
        )
    donors = _unsanctioned(ground, actor, year, senders)
    names = [actor, *donors]
    years = list(range(year - BEFORE, year + AFTER))
    out = []
    for name, table in _outcome_tables(ground, senders).items():
        effect = synthetic_effect(
            yearly(table, names, years), names, years, treated=actor, event=year, donors=donors
        )
        why = (
            ""
            if effect
            else f"needs five years of trade before {year}, one from it on, and ten states without "
            "such sanctions in between; trade ends in "
            f"{int(ground.trade['year'].to_numpy().max())}"
        )
        out.append(Outcome(name=name, title=OUTCOMES[name], effect=effect, why_dark=why))
    return tuple(out)


def _outcome_tables(ground: Ground, senders: Sequence[str]) -> dict[str, pl.DataFrame]:
    theirs = pl.col("partner").is_in(list(senders))
    sums = (
        ground.trade.filter(pl.col("value").is_not_null())
        .group_by("actor", "year")
        .agg(
            mine=pl.col("value").filter(theirs).sum(),
            total=pl.col("value").sum(),
            known=theirs.sum(),
        )
        .filter((pl.col("total") > 0) & (pl.col("known") > 0))
    )
    others = pl.col("total") - pl.col("mine")
    return {
        "share_with_senders": sums.with_columns(value=pl.col("mine") / pl.col("total")),
        "log_trade_with_senders": sums.with_columns(value=pl.col("mine").log1p()),
        "log_trade_with_others": sums.with_columns(value=others.log1p()),
    }


def _unsanctioned(ground: Ground, actor: str, year: int, senders: Sequence[str]) -> list[str]:
    """States on which no sender had economic sanctions in any year of the comparison."""
    rows = ground.sanctions.filter(
        (pl.col("kind") == "sanction")
        & pl.col("type").is_in(ECONOMIC)
        & pl.col("sender").is_in(list(senders))
        & (pl.col("start").dt.year() < year + AFTER)
        & (pl.col("end").is_null() | (pl.col("end").dt.year() > year - BEFORE))
    )
    struck = set(rows["receiver"]) | set(senders) | {actor}
    everyone = ground.trade.filter(pl.col("year") == year)["actor"].unique().sort()
    return [a for a in everyone if a not in struck]


def last_known(measure: Measure) -> OrderTie | None:
    """The latest year of a measure."""
    return measure.years[-1] if measure.years else None


def pooled_percentile(measure: Measure) -> float | None:
    """Mean percentile over the years of a measure."""
    return float(np.mean([y.percentile for y in measure.years])) if measure.years else None
