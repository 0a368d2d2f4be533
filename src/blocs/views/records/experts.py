"""What experts' statements come to: records at the edge, field names are the JSON keys."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from blocs.outlook.statements import Statement
from blocs.shown import Shown


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """P(it has happened) some years after the first statement: q F(t) over the range of q.

    ``timing`` is F, P(by then | ever); null for pools that have none of their own.
    """

    years: float
    timing: float | None
    low: float
    high: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, or one pool of the statements of an event."""

    name: str
    event: str
    ever_low: float
    ever_high: float
    chances: tuple[Chance, ...]


class BaseRate(msgspec.Struct, frozen=True, kw_only=True):
    """How often comparable states have seen it, with a 90 % interval; per unit and year."""

    event: str
    reference: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    events: int
    exposure: int
    rate: float
    low: float
    high: float
    level: float
    cases: tuple[str, ...]
    chances: tuple[Chance, ...]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A statement scored, at both ends of its range of q; 0 is perfect."""

    statement: str
    until: str
    happened: bool
    prob: tuple[float, float]
    brier: tuple[float, float]
    log: tuple[float | None, float | None]
    crps: tuple[float, float]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """An event and how it is decided; ``happened`` is null while it is open."""

    event: str
    text: str
    resolution: str
    happened: bool | None
    decided: str | None


class ExpertsFacts(Shown, frozen=True, kw_only=True):
    """Statements as told, their distributions, pools of the same event, base rates, scores."""

    shown_by: ClassVar[str] = "experts"

    schema: str
    title: str
    origin: str
    events: tuple[Decision, ...]
    statements: tuple[Statement, ...]
    forecasts: tuple[Told, ...]
    pools: tuple[Told, ...]
    base_rates: tuple[BaseRate, ...]
    scores: tuple[Judged, ...]
    notes: tuple[str, ...]
