"""How far states are woven into the existing order, and what sanctions did to their trade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from blocs import actors
from blocs.contracts import Answer, Evidence, View
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import known_through
from blocs.evidence.holdings import hold
from blocs.registry import LAYERS
from blocs.views import wording
from blocs.views.brief.sources import almanac_votes_end
from blocs.views.records.order import (
    FEEDS,
    Episode,
    Measure,
    Order,
    gather,
    last_known,
    pooled_percentile,
    state_order,
)
from blocs.views.wording import change

FIRST = 1990


def order(
    *state: str,
    reference: str = "USA",
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> Order:
    """Measure how far states are woven into the order of a power and its allies.

    Parameters
    ----------
    state : str
        Codes or names.
    reference : str
        The power; its allies are its partners in treaties of defence each year.
    from_, to : int, optional
        Years, both included [default: 1990 to the almanac's last].
    evidence : Evidence
        Organisations, trade and sanctions need data; votes are in the almanac. A year
        that a data set does not cover is not there: not known, not zero.

    Returns
    -------
    Order

    Examples
    --------
    >>> found = order("Iran", from_=2020, to=2024)
    >>> [m.name for m in found.states[0].measures if m.years]
    ['votes']
    """
    if not state:
        raise BadInput("name a state or more: blocs order IRN PRK")
    end = to if to is not None else int(known_through()[:4])
    period = Period(from_ if from_ is not None else min(FIRST, end), end)
    day = date(period.last, 12, 31)
    power = actors.resolve(reference, at=day)
    ids = list(dict.fromkeys(actors.resolve(word, at=day) for word in state))
    if power in ids:
        raise BadInput(
            f"{actors.name_of(power, day)} is the reference itself; --reference names another"
        )
    useful = {d for feeds in FEEDS.values() for d in feeds} | set(LAYERS.get("alliances").prefer)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=useful)
    ground = gather(held.with_almanac(), power, period)
    return Order(
        schema="blocs.order/1",
        command=f"blocs order {' '.join(ids)} --reference {power} --from {period.first} "
        f"--to {period.last}",
        reference=power,
        allies_rule="partners in treaties of defence in that year (in the last year that treaties "
        "cover, after it)",
        first=period.first,
        last=period.last,
        states=tuple(state_order(ground, actor, period) for actor in ids),
        notes=(
            *held.notes,
            *(almanac_votes_end(end) if ground.datasets.get("votes") == "almanac" else ()),
        ),
    )


def ask(
    *state: str,
    reference: str = "USA",
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell how far states are woven into the existing order, year by year.

    Organisations, trade with the reference power and its allies, votes with them,
    sanctions by them, each with the state's percentile among all states; and how its
    trade moved after sanctions began, against a synthetic control with placebos.

    Parameters
    ----------
    state
        IRN PRK, "North Korea" ...
    reference
        The power whose order it is.
    from_
        First year [default: 1990].
    to
        Last year, included [default: the almanac's last].
    """
    found = order(*state, reference=reference, from_=from_, to=to, evidence=evidence)
    return _answer(found)


def _answer(found: Order) -> Answer:
    return Answer(facts=found, text=_text(found), table=_table(found))


def _table(found: Order) -> pl.DataFrame:
    """Return one row a state, measure and year."""
    rows = [
        (s.actor, m.name, y.year, y.value, y.n, m.counted, y.percentile, y.states, m.dataset)
        for s in found.states
        for m in s.measures
        for y in m.years
    ]
    schema = {
        "actor": pl.String, "measure": pl.String, "year": pl.Int64, "value": pl.Float64,
        "n": pl.Int64, "counted": pl.String, "percentile": pl.Float64, "states": pl.Int64,
        "dataset": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _text(found: Order) -> str:
    power = wording.the(actors.name_of(found.reference, found.last))
    lines = [f"Ties to the order of {power} and its allies, {found.first}-{found.last}"]
    for state in found.states:
        lines.append(f"\n{state.name}")
        lines += [_measure(m) for m in state.measures if m.years]
        dark = dict.fromkeys(f"{m.why_dark}" for m in state.measures if not m.years)
        lines += [
            f"  not known: {'; '.join(m.title for m in state.measures if m.why_dark == why)} "
            f"({why})"
            for why in dark
        ]
        for episode in state.episodes:
            lines += _episode(episode)
        if state.why_no_episodes:
            lines.append(f"  {state.why_no_episodes}")
    return "\n".join([*lines, *(f"Note: {note}" for note in found.notes)])


def _measure(m: Measure) -> str:
    last = last_known(m)
    assert last is not None
    pooled, value = pooled_percentile(m), f"{last.value:.3g}".replace("-", wording.MINUS)
    return (
        f"  {m.title}: {value} in {last.year} ({_n(m, last.n)}), closer to the order than "
        f"{100 * last.percentile:.0f} % of {last.states} states ({100 * (pooled or 0):.0f} % on "
        f"average {wording.years(m.years[0].year, last.year)}; {m.dataset})"
    )


def _n(m: Measure, last: int) -> str:
    """What the last year rests on, and what the others do."""
    every = [y.n for y in m.years]
    rest = f"; {min(every)} to {max(every)} a year" if min(every) < max(every) else ""
    return f"n {last} {m.counted}{rest}"


def _episode(e: Episode) -> list[str]:
    lines = [f"  {e.began}: {' and '.join(e.kinds)} sanctions by {_named(e.senders, e.began)}"]
    if e.then:
        lines.append(
            f"    more began in {wording.listed([str(y) for y in e.then])}, by "
            f"{_named(e.joined, e.then[-1])}: not told apart, each within two years of the last"
        )
    for outcome in e.outcomes:
        x = outcome.effect
        if x is None:
            lines.append(f"    {outcome.title}: not known; {outcome.why_dark}")
            continue
        lines.append(
            f"    {outcome.title}: {change(x.effect)} against its synthetic control, "
            f"{wording.years(x.event, x.years[-1])}; placebos {change(x.placebo_low)} to "
            f"{change(x.placebo_high)}, p {x.p:.2f} of {x.placebos} (fit before {x.fit:.3f})"
        )
    return lines


def _named(senders: Sequence[str], on: int) -> str:
    names = [wording.the(actors.name_of(s, on)) for s in senders]
    return wording.listed(names) if len(names) <= 4 else f"{len(names)} states"


VIEW = View(
    ask=ask,
    shows={Order: _answer},
    examples=(
        "blocs order IRN PRK",
        "blocs order Russia --from 2000 --to 2014 --data COW_Trade_4.0.zip --json",
    ),
)
