"""How polarised the system of states was, year by year, beside random networks."""

from __future__ import annotations

from itertools import chain

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.polarisation import (
    WARS,
    YearPolarisation,
    measure_polarisation,
    yearly_networks,
)
from blocs.contracts import Answer, Evidence, View
from blocs.dates import FIRST_YEAR, Period
from blocs.errors import BadInput, NoCoverage
from blocs.evidence.holdings import hold
from blocs.registry import INDICES, LAYERS
from blocs.ties.network import LayerState, build_layer
from blocs.views import wording
from blocs.views.formats import arrow, number_or_none, stata
from blocs.views.progress import every_few_seconds

LAST = 2024
DRAWS = 20
LEAST = 3
"""How many of the states least in balance a year names."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One index of one year, and its values on random networks; null = not defined."""

    value: float | None
    null_mean: float | None
    null_low: float | None
    null_high: float | None
    percentile: float | None
    draws: int


class PolarizationYear(msgspec.Struct, frozen=True, kw_only=True):
    """One year: the size of its network, every index, who is least in balance."""

    year: int
    states: int
    tied: int
    ties: int
    negative: int
    unknown_pairs: int
    scores: dict[str, Score]
    least_balanced: dict[str, float]


class IndexNote(msgspec.Struct, frozen=True, kw_only=True):
    """What an index is, its range and source."""

    title: str
    low: float
    high: float
    citation: str


class PolarizationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Polarisation by year: layers, their feeds, the null model, every year's indices."""

    schema: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    layers: dict[str, str]
    null: str
    seed: int
    indices: dict[str, IndexNote]
    notes: tuple[str, ...]
    years: tuple[PolarizationYear, ...]


def polarization(
    *,
    from_: int = FIRST_YEAR,
    to: int = LAST,
    layer: tuple[str, ...] = (),
    index: tuple[str, ...] = (),
    draws: int = DRAWS,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> pl.DataFrame:
    """Measure how polarised and how balanced the system of states was in every year.

    Parameters
    ----------
    from_, to : int
        Years, both included; only those in which all layers are lit are measured.
    layer : tuple of str
        Layers whose ties are added, and ``wars`` for the almanac's wars; by default
        alliances, and disputes or else wars.
    index : tuple of str
        Indices; all by default.
    draws : int
        Random networks a year; 0 for none.
    seed : int
        Of the random networks.
    evidence : Evidence
        Where the facts come from; the almanac by default.

    Returns
    -------
    pl.DataFrame
        ``year, index, value, null_mean, null_low, null_high, percentile, draws,
        states, tied, ties, negative, unknown_pairs``; null where an index is not defined.

    Examples
    --------
    >>> found = polarization(from_=1914, to=1914, index=("walk-balance",), draws=5)
    >>> found.select("year", "index", "draws").row(0)
    (1914, 'walk-balance', 5)
    """
    return _measured(from_, to, layer, index, draws, seed, evidence)[0]


def ask(
    *,
    from_: int = FIRST_YEAR,
    to: int = LAST,
    layer: tuple[str, ...] = (),
    index: tuple[str, ...] = (),
    draws: int = DRAWS,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Measure how polarised and how balanced the system of states was in every year.

    Every index stands beside its values on random networks in which each state keeps
    its numbers of friends and of enemies; percentile says how many of them score lower.

    Parameters
    ----------
    from_
        First year.
    to
        Last year (included).
    layer
        Layers whose ties are added: --layer alliances disputes, or alliances+disputes;
        wars = the almanac's wars. By default alliances, and disputes or else wars.
    index
        esteban-ray, line-balance, npi, signed-modularity, triad-balance, walk-balance;
        all by default.
    draws
        Random networks a year; 0 for none.
    seed
        Seed of the random networks.
    """
    table, facts = _measured(from_, to, layer, index, draws, seed, evidence)
    return Answer(
        facts=facts,
        text=_text(facts),
        table=table,
        formats={".arrow": arrow(table), ".dta": stata(table)},
    )


def _measured(
    first: int,
    last: int,
    layer: tuple[str, ...],
    index: tuple[str, ...],
    draws: int,
    seed: int,
    evidence: Evidence,
) -> tuple[pl.DataFrame, PolarizationFacts]:
    period = Period(first, last)
    if draws < 0:
        raise BadInput(f"--draws {draws}: use 0 or more")
    names = tuple(dict.fromkeys(chain.from_iterable(_split(word) for word in index)))
    indices = {name: INDICES.get(name) for name in names or INDICES.names()}
    states, wars, notes = _layers(layer, evidence)
    tell = every_few_seconds()
    years = []
    for network in yearly_networks(states, period, wars=wars):
        tell(f"measuring {network.year}")
        found = measure_polarisation(network, draws=draws, seed=seed, indices=tuple(indices))
        years.append(_year(found))
    if not years:
        raise NoCoverage(
            f"no year of {period} in which all of {', '.join(s.name for s in states)} are known; "
            "`blocs data status` tells which layers are lit when"
        )
    facts = PolarizationFacts(
        schema="blocs.polarization/1",
        first=years[0].year,
        last=years[-1].year,
        layers={s.name: _feeds(s) for s in states}
        | (
            {WARS: "almanac: checked inter-state wars; a war not listed counts as none"}
            if wars
            else {}
        ),
        null=f"{draws} random networks a year, same friends and enemies for every state",
        seed=seed,
        indices={
            name: IndexNote(title=i.title, low=i.low, high=i.high, citation=str(i.citation))
            for name, i in indices.items()
        },
        notes=(*notes, *_dark(period, years), *_undefined(years)),
        years=tuple(years),
    )
    return _table(facts), facts


def _undefined(years: list[PolarizationYear]) -> list[str]:
    """Say which index is not defined in how many years, and when that is so."""
    return [
        f"{name} is not defined in {len(without)} of {len(years)} years ("
        f"{wording.years(without[0], without[-1])}): there are no ties, or their parts do not hang "
        "together, or no optimum is proved"
        for name in years[0].scores
        if (without := [y.year for y in years if y.scores[name].value is None])
    ]


def _split(word: str) -> list[str]:
    """Take ``alliances+disputes`` and ``alliances,disputes`` apart."""
    return [part.strip() for part in word.replace("+", ",").split(",") if part.strip()]


def _layers(
    layer: tuple[str, ...], evidence: Evidence
) -> tuple[list[LayerState], bool, tuple[str, ...]]:
    """Build the layers asked for; by default alliances and what tells of hostility."""
    asked = tuple(dict.fromkeys(chain.from_iterable(_split(word) for word in layer)))
    names = tuple(name for name in asked or ("alliances", "disputes") if name != WARS)
    useful = {dataset for name in names for dataset in LAYERS.get(name).prefer}
    if not names:
        raise BadInput("--layer wars alone has no friends; add a layer, for example alliances")
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=useful)
    states = [build_layer(name, held.with_almanac()) for name in names]
    if not asked and not states[1].years:
        note = "disputes are dark (blocs data add mid PATH): the almanac's wars stand for hostility"
        return states[:1], True, (*held.notes, note)
    return states, WARS in asked, held.notes


def _year(found: YearPolarisation) -> PolarizationYear:
    network = found.network
    worst = np.lexsort((np.arange(found.local.size), found.local))[:LEAST]
    return PolarizationYear(
        year=network.year,
        states=network.states,
        tied=len(network.actors),
        ties=network.graph.m,
        negative=int((network.graph.weight < 0).sum()),
        unknown_pairs=network.unknown,
        scores={
            name: Score(
                value=number_or_none(s.value),
                null_mean=number_or_none(s.mean),
                null_low=number_or_none(s.low),
                null_high=number_or_none(s.high),
                percentile=number_or_none(s.percentile),
                draws=s.draws,
            )
            for name, s in zip(found.indices, found.found, strict=True)
        },
        least_balanced={
            network.actors[k]: float(found.local[k]) for k in worst if found.local[k] < 1 - 1e-12
        },
    )


def _feeds(state: LayerState) -> str:
    spans = [(f.dataset, f.years) for f in state.feeds if f.years]
    return ", ".join(f"{name} {min(years)}-{max(years)}" for name, years in spans) or "dark"


def _dark(period: Period, years: list[PolarizationYear]) -> list[str]:
    missing = len(period.years) - len(years)
    return [f"{missing} years of {period} are left out: a layer is dark in them"] if missing else []


def _table(facts: PolarizationFacts) -> pl.DataFrame:
    rows = [
        {
            "year": y.year,
            "index": name,
            **{k: getattr(score, k) for k in Score.__struct_fields__},
            **{k: getattr(y, k) for k in ("states", "tied", "ties", "negative", "unknown_pairs")},
        }
        for y in facts.years
        for name, score in y.scores.items()
    ]
    real = dict.fromkeys(("value", "null_mean", "null_low", "null_high", "percentile"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=real, infer_schema_length=None)


def _text(facts: PolarizationFacts) -> str:
    lines = [
        f"{len(facts.years)} {'years' if len(facts.years) > 1 else 'year'}, "
        f"{wording.years(facts.first, facts.last)}; "
        + "; ".join(f"{name}: {feed}" for name, feed in facts.layers.items()),
        f"Null: {facts.null}. value (null mean, percentile), every tenth year:",
    ]
    for y in facts.years:
        if y.year % 10 == 0 or y.year in {facts.first, facts.last}:
            told = "  ".join(f"{name} {_cell(s)}" for name, s in y.scores.items())
            lines.append(f"{y.year}  {y.ties:>5} ties, {y.negative:>3} negative  {told}")
    lines += [f"Note: {note}" for note in facts.notes]
    return "\n".join(lines)


def _cell(score: Score) -> str:
    if score.value is None:
        return "-"
    if score.null_mean is None or score.percentile is None:
        return wording.score(score.value)
    beside = f"({wording.score(score.null_mean)}, {score.percentile:.0%})"
    return f"{wording.score(score.value)} {beside}"


VIEW = View(
    ask=ask,
    examples=(
        "blocs polarization --from 1816 --json",
        "blocs polarization --to 2014 --layer alliances+disputes --data DATA -o polar.csv",
        "blocs polarization --from 1900 --to 1945 --index walk-balance npi --draws 200 --csv",
    ),
    endings=(".arrow", ".dta"),
)
