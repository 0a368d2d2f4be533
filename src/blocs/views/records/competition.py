"""What `blocs compete` says, for machines: records made from a fit."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from blocs.outlook.competition.known_directions import Found
from blocs.outlook.competition.permutations import EPISODES
from blocs.outlook.competition.record import Record
from blocs.outlook.conflict import ConflictFit
from blocs.shown import Shown
from blocs.views import wording
from blocs.views.charts.specification_curve import breakdown

CLAIM = "Historically, the level of conflict is higher when blocs compete over world order"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """How the answer comes out where one choice is held: of ``n`` models."""

    choice: str
    value: str
    n: int
    positive: float
    significant: float
    median_z: float


class Hazard(msgspec.Struct, frozen=True, kw_only=True):
    """One dyad-year model: odds ratio per standard deviation of the index."""

    index: str
    outcome: str
    lag: int
    n: int
    events: int
    odds_ratio: float
    low: float
    high: float
    z_dyadic: float
    z: float
    p_episodes: float


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published direction and what this record says; ``expected`` is its sign."""

    claim: str
    paper: str
    expected: int
    index: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    n: int
    wars: int
    ratio: float
    low: float
    high: float
    recovered: bool
    why: str


class CompeteFacts(Shown, frozen=True, kw_only=True):
    """The verdict on the claim, the share behind it and what chance gives.

    ``significant`` is the share of ``specifications`` positive with z above 1.96;
    ``p_episodes`` (``p_shifts``) how often histories with their episodes in another
    order (their calendar shifted) have as large a share.
    """

    shown_by: ClassVar[str] = "compete"

    schema: str
    claim: str
    verdict: str
    sentence: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    specifications: int
    positive: float
    significant: float
    negative_significant: float
    share_if_none: float
    median_z: float
    p_episodes: float
    p_shifts: float
    p_median_episodes: float
    p_median_shifts: float
    p_opposite: float
    histories: int
    exact: bool
    episodes: tuple[int, ...]
    choices: tuple[Choice, ...]
    dyad_models: tuple[Hazard, ...]
    directions: tuple[Published, ...]
    sources: dict[str, str]
    missing: tuple[str, ...]
    seed: int


def sentence(fit: ConflictFit) -> str:
    """Say the verdict in one plain sentence."""
    c = fit.curve
    chance, shuffled = max(
        (c.p_episodes, "with the episodes in another order"),
        (c.p_shifts, "with the calendar shifted"),
    )
    counted = (
        f"{wording.percent(c.significant, decimals=1)} of {wording.count(c.table.height)} models "
        f"of {fit.first}-{fit.last} are positive and significant, and {wording.percent(chance)} of "
        f"histories {shuffled} have as many"
    )
    said = {
        "yes": "Yes: conflict was higher when blocs competed; ",
        "no": "No: this record does not show that conflict is higher when blocs compete; ",
        "the opposite": "The opposite: conflict was lower when blocs competed; ",
    }
    if fit.verdict == "the opposite":
        counted = (
            f"{wording.percent(c.negative_significant, decimals=1)} of "
            f"{wording.count(c.table.height)} models of {fit.first}-{fit.last} are negative and "
            f"significant, and {wording.percent(c.p_opposite)} of histories with the episodes in "
            "another order have as many"
        )
    return f"{said[fit.verdict]}{counted}."


def competition_record(fit: ConflictFit, record: Record, seed: int) -> CompeteFacts:
    """Make the facts of a test of the claim."""
    c = fit.curve
    return CompeteFacts(
        schema="blocs.compete/1",
        claim=CLAIM,
        verdict=fit.verdict,
        sentence=sentence(fit),
        first=fit.first,
        last=fit.last,
        specifications=c.table.height,
        positive=c.positive,
        significant=c.significant,
        negative_significant=c.negative_significant,
        share_if_none=c.share_if_none,
        median_z=c.median_z,
        p_episodes=c.p_episodes,
        p_shifts=c.p_shifts,
        p_median_episodes=c.p_median_episodes,
        p_median_shifts=c.p_median_shifts,
        p_opposite=c.p_opposite,
        histories=c.histories,
        exact=c.exact,
        episodes=EPISODES,
        choices=tuple(Choice(**row) for row in breakdown(c).to_dicts()),
        dyad_models=()
        if fit.dyads is None
        else tuple(Hazard(**row) for row in fit.dyads.to_dicts()),
        directions=tuple(_published(f) for f in fit.directions),
        sources=dict(record.sources),
        missing=record.missing,
        seed=seed,
    )


def _published(found: Found) -> Published:
    d = found.direction
    return Published(
        claim=d.claim,
        paper=d.paper,
        expected=d.expected,
        index=d.index,
        first=d.first,
        last=d.last,
        n=found.n,
        wars=found.wars,
        ratio=found.ratio,
        low=found.low,
        high=found.high,
        recovered=found.recovered,
        why=found.why,
    )
