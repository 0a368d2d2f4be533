"""Hindcasts: has the simulation any skill? Past starts, simulated and held against the record.

The alignment and the events of `blocs.outlook.simulate` are started on the first of
January of past years and simulated forward; ladders and fronts are left out, since
no record says who might have climbed and did not. Two forecasts that know no model
are the measure: that nothing changes, and the base rate of the years before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import msgspec
import numpy as np

from blocs import actors
from blocs.contracts import Evidence
from blocs.errors import BadInput, NoCoverage
from blocs.evidence.holdings import hold
from blocs.outlook.calibration import calibration
from blocs.outlook.scoring import crps_sample
from blocs.outlook.simulation.hindcast import (
    BLOCS,
    MEMORY,
    Counts,
    Memberships,
    Start,
    join_counts,
    join_memberships,
    run_start,
)
from blocs.outlook.simulation.model import Reals
from blocs.outlook.simulation.parameters import Parameter
from blocs.outlook.simulation.scenario import SEEDS
from blocs.outlook.simulation.standing import Standing, standings
from blocs.outlook.skill import skill
from blocs.shown import Shown

BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
SHARES = (0.5, 0.9)


class SkillRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How much better than a reference: 1 perfect, 0 no better; 95 % over the starts."""

    value: float | None
    low: float | None
    high: float | None


class MembershipScore(msgspec.Struct, frozen=True, kw_only=True):
    """Blocs so many years ahead (none = all): mean Brier scores and skill.

    ``states`` counts states and starts, ``moved`` those that had changed bloc.
    """

    ahead: int | None
    starts: int
    states: int
    moved: int
    brier: float
    brier_no_change: float
    brier_base_rate: float
    skill_over_no_change: SkillRecord
    skill_over_base_rate: SkillRecord


class EventScore(msgspec.Struct, frozen=True, kw_only=True):
    """Yearly events so many years ahead (none = all): mean CRPS and skill.

    ``inside`` is the share of years within the central interval of each of `SHARES`.
    """

    ahead: int | None
    starts: int
    years: int
    mean_simulated: float
    mean_came: float
    crps: float
    crps_no_change: float
    crps_base_rate: float
    skill_over_no_change: SkillRecord
    skill_over_base_rate: SkillRecord
    inside_50: float
    inside_90: float


class ReliabilityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One bin of the probabilities of blocs: what was given, and how often it came (95 %)."""

    prob: float
    rate: float
    low: float
    high: float
    n: int


class StartRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What one start was given: states, events scored, fitted parameters."""

    year: int
    states: int
    years_of_events: int
    parameters: tuple[Parameter, ...]


class HindcastFacts(Shown, frozen=True, kw_only=True):
    """Everything the hindcasts say."""

    shown_by: ClassVar[str] = "simulate"

    schema: str
    reference: str
    rival: str
    years: int
    runs: int
    seed: int
    starts: tuple[StartRecord, ...]
    left_out: tuple[str, ...]
    membership: tuple[MembershipScore, ...]
    reliability: tuple[ReliabilityRecord, ...]
    calibration_error: float | None
    events: tuple[EventScore, ...]
    sentence: str
    known: tuple[str, ...]


def hindcast(
    *,
    from_: int = 1950,
    to: int = 2010,
    every: int = 5,
    years: int = 10,
    reference: str = "USA",
    rival: str = "RUS",
    runs: int = 200,
    seed: int = 0,
    evidence: Evidence = Evidence(),
    step: Callable[[int, int], object] | None = None,
) -> HindcastFacts:
    """Start in past years, simulate forward, and score against what happened.

    Parameters
    ----------
    from_, to, every : int
        First and last year of a start, and years between two.
    years : int
        Years simulated from each.
    reference, rival : str
        The two poles: a state is in the bloc of the one it has a treaty of defence
        with, in neither bloc with both or none.
    runs, seed : int
        Runs of each start, and their luck.
    evidence : Evidence
        Treaties and votes (the almanac fills the gaps) and, for events, disputes.
    step : callable, optional
        Told how many years and starts are done, and of how many.

    Raises
    ------
    BadInput
        For years the wrong way round, too few runs, a seed below 0, or a pole against
        itself.
    NoCoverage
        If no start has both its eve and a year after it covered.
    """
    _check(from_, to, every, years, runs)
    if not 0 <= seed < SEEDS:
        raise BadInput(f"--seed {seed}: 0 to {SEEDS - 1}")
    poles = actors.resolve(reference), actors.resolve(rival)
    if poles[0] == poles[1]:
        raise BadInput(f"--rival {rival}: is the reference itself; name another state")
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use)
    facts = held.with_almanac()
    wanted = range(from_, to + 1, every)
    seen = range(from_ - MEMORY, to + years + 1)
    total = len(seen) + len(wanted)

    def told(done: int) -> None:
        if step is not None:
            step(done, total)

    stood = standings(seen, facts, poles, step=lambda year: told(year - seen[0] + 1))
    made, left_out = [], []
    for k, year in enumerate(wanted):
        if year in stood and any(year + a in stood for a in range(1, years + 1)):
            made.append(run_start(year, stood, facts, years=years, runs=runs, seed=seed))
        else:
            left_out.append(f"{year}: {_why(year, stood)}")
        told(len(seen) + k + 1)
    if not made:
        raise NoCoverage(
            f"no start in {from_}-{to} can be scored ({left_out[0]}); name treaties with --data"
        )
    return _facts(made, tuple(left_out), poles, years, runs, seed, held.notes)


def _check(first: int, last: int, every: int, years: int, runs: int) -> None:
    if first > last:
        raise BadInput(f"--from {first} lies after --to {last}")
    for option, value, least, most in (
        ("--every", every, 1, 200),
        ("--years", years, 1, 50),
        ("--runs", runs, 2, 100_000),
        ("--from", first, 1820, 2100),
        ("--to", last, 1820, 2100),
    ):
        if not least <= value <= most:
            raise BadInput(f"{option} {value}: {least} to {most}")


def _why(year: int, stood: dict[int, Standing]) -> str:
    if year not in stood:
        return "no treaties known of the year before, or a pole was no state"
    return "no later year is covered"


def _facts(
    made: list[Start],
    left_out: tuple[str, ...],
    poles: tuple[str, str],
    years: int,
    runs: int,
    seed: int,
    notes: tuple[str, ...],
) -> HindcastFacts:
    blocs = join_memberships([s.memberships for s in made])
    counts = join_counts([s.counts for s in made if s.counts is not None])
    steps = (None, *sorted({1, min(5, years), years}))
    membership = tuple(_membership(blocs, a, seed) for a in steps if _at(blocs.ahead, a).any())
    events = (
        ()
        if counts is None
        else tuple(_events(counts, a, seed) for a in steps if _at(counts.ahead, a).any())
    )
    came = np.eye(BLOCS)[blocs.came].ravel()
    bins = calibration(came, blocs.model.ravel(), bins=BINS) if came.size else None
    return HindcastFacts(
        schema="blocs.hindcast/1",
        reference=poles[0],
        rival=poles[1],
        years=years,
        runs=runs,
        seed=seed,
        starts=tuple(_start(s) for s in made),
        left_out=left_out,
        membership=membership,
        reliability=()
        if bins is None
        else tuple(
            ReliabilityRecord(
                prob=_r(bins.prob[k]), rate=_r(bins.rate[k]), low=_r(bins.low[k]),
                high=_r(bins.high[k]), n=int(bins.n[k]),
            )
            for k in range(len(bins.n))
        ),
        calibration_error=None if bins is None else _r(bins.ece),
        events=events,
        sentence=_sentence(membership, events),
        known=(
            "each start knows treaties and votes up to the year before, and no later one",
            "the reference forecasts: nothing changes; base rate = yearly moves of the "
            f"{MEMORY} years before, and the yearly events of the years before",
            *notes,
        ),
    )  # fmt: skip


def _start(s: Start) -> StartRecord:
    first = s.memberships.ahead == s.memberships.ahead.min(initial=99)
    return StartRecord(
        year=s.year,
        states=int(first.sum()),
        years_of_events=0 if s.counts is None else len(s.counts.ahead),
        parameters=s.parameters,
    )


def _at(ahead: np.ndarray[tuple[int], np.dtype[np.int64]], wanted: int | None) -> Reals:
    return np.ones(len(ahead), bool) if wanted is None else ahead == wanted


def brier(prob: Reals, came: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Reals:
    """Brier score over several classes: sum of squared errors, from 0 to 2.

    Parameters
    ----------
    prob : ndarray, shape (m, k)
        Probability of each class.
    came : ndarray of int, shape (m,)
        The class that came.

    Examples
    --------
    >>> brier(np.array([[0.8, 0.2, 0.0]]), np.array([0])).round(2).tolist()
    [0.08]
    """
    return np.asarray(((prob - np.eye(prob.shape[1])[came]) ** 2).sum(axis=1))


def _membership(m: Memberships, ahead: int | None, seed: int) -> MembershipScore:
    at = _at(m.ahead, ahead)
    came, start = m.came[at], m.start[at]
    ours, still, base = (brier(p[at], came) for p in (m.model, m.still, m.base))
    return MembershipScore(
        ahead=ahead,
        starts=len(np.unique(start)),
        states=len(came),
        moved=int((m.then[at] != came).sum()),
        brier=_r(ours.mean()),
        brier_no_change=_r(still.mean()),
        brier_base_rate=_r(base.mean()),
        skill_over_no_change=_skill(ours, still, start, seed),
        skill_over_base_rate=_skill(ours, base, start, seed),
    )


def _events(c: Counts, ahead: int | None, seed: int) -> EventScore:
    at = _at(c.ahead, ahead)
    came, model, start = c.came[at], c.model[at], c.start[at]
    ours = crps_sample(came, model)
    inside = []
    for share in SHARES:
        low, high = np.quantile(model, [(1 - share) / 2, (1 + share) / 2], axis=1)
        inside.append(_r(((came >= low) & (came <= high)).mean()))
    return EventScore(
        ahead=ahead,
        starts=len(np.unique(start)),
        years=len(came),
        mean_simulated=_r(model.mean()),
        mean_came=_r(came.mean()),
        crps=_r(ours.mean()),
        crps_no_change=_r(c.still[at].mean()),
        crps_base_rate=_r(c.base[at].mean()),
        skill_over_no_change=_skill(ours, c.still[at], start, seed),
        skill_over_base_rate=_skill(ours, c.base[at], start, seed),
        inside_50=inside[0],
        inside_90=inside[1],
    )


def _skill(
    ours: Reals, theirs: Reals, start: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int
) -> SkillRecord:
    """Skill with the starts resampled: states of one start share their luck."""
    found = skill(ours, theirs, rng=np.random.default_rng([seed, 4]), group=start)
    value, low, high = (
        _r(x) if np.isfinite(x) else None for x in (found.value, found.low, found.high)
    )
    return SkillRecord(value=value, low=low, high=high)


def _r(x: float) -> float:
    return round(float(x), 4)


def _sentence(membership: tuple[MembershipScore, ...], events: tuple[EventScore, ...]) -> str:
    told = []
    if membership:
        m = membership[0]
        told.append(_verdict("blocs", m.skill_over_no_change, m.skill_over_base_rate))
    if events:
        e = events[0]
        told.append(_verdict("yearly events", e.skill_over_no_change, e.skill_over_base_rate))
    else:
        told.append("Events are not scored: no record of disputes dated to the day is at hand.")
    return " ".join(told)


def _verdict(what: str, still: SkillRecord, base: SkillRecord) -> str:
    parts = [f"{_against(s)} {name}" for s, name in ((still, "no change"), (base, "base rate"))]
    return f"On {what} the simulation is {' and '.join(parts)}."


def _against(s: SkillRecord) -> str:
    if s.low is None or s.high is None or s.low <= 0 <= s.high:
        return "not told apart from"
    return "better than" if s.low > 0 else "worse than"
