"""The records of the ledger: one item per claim, event, relation, quantity, quotation, forecast."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from blocs.evidence.quantities import Amount
from blocs.evidence.reading.repairs import Repair

Kind = Literal["claim", "event", "relation", "quantity", "quotation", "forecast"]
Certainty = Literal["asserted", "reported", "hedged", "denied", "conditional", "negated"]
Role = Literal["speaker", "outlet", "confirmer", "denier"]


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it, passes it on, confirms or denies it; ``actor`` is null when not a known one."""

    actor: str | None
    text: str
    start: int
    end: int
    cue: str
    role: Role = "speaker"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """PLOVER type and mode, and CAMEO code."""

    plover: str
    mode: str | None
    cameo: str


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """An amount; ``part_of`` is the id of the quantity item it is a part of."""

    low: float | None = None
    high: float | None = None
    value: float | None = None
    unit: str = "count"
    of: str | None = None
    per: str | None = None
    part_of: str | None = None


class When(msgspec.Struct, frozen=True, kw_only=True):
    """When, half-open, ISO dates; null where the text and the article's date do not give it."""

    start: str | None
    end: str | None
    precision: str
    text: str


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """Until when: between ``low`` and ``high`` units from the day it was said."""

    low: float | None
    high: float | None
    unit: str
    from_: str | None = msgspec.field(name="from", default=None)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger; ``text[start:end] == quote`` in the article, always.

    Attributes
    ----------
    id : str
        Hash of article, kind, span and code: the same reading gives the same id.
    article : str
        Sha256 of the article.
    kind, certainty : str
        See :data:`Kind`, :data:`Certainty`.
    start, end, quote : int, int, str
        Half-open span and its exact words.
    statement : str
        The sentence part that says it.
    subject, object : list of str
        Actor codes with sector (``USAGOV``); empty where the text names none.
    """

    id: str
    article: str
    kind: Kind
    start: int
    end: int
    quote: str
    statement: str
    subject: list[str] = []
    object: list[str] = []
    speakers: list[Speaker] = []
    certainty: Certainty = "asserted"
    hedges: list[str] = []
    event: Event | None = None
    sign: float | None = None
    quantity: Quantity | None = None
    when: When | None = None
    horizon: Horizon | None = None
    repairs: list[Repair] = []


def quantity_of(amount: Amount, *, part_of: str | None = None) -> Quantity:
    """Record an amount of the grammar, with the id of the item it is a part of.

    Examples
    --------
    >>> quantity_of(Amount(start=0, end=12, high=12000.0, of="soldiers")).high
    12000.0
    """
    return Quantity(
        low=amount.low,
        high=amount.high,
        value=amount.value,
        unit=amount.unit,
        of=amount.of,
        per=amount.per,
        part_of=part_of,
    )


def item_id(article: str, kind: str, start: int, end: int, extra: str = "") -> str:
    """Return the id of an item: the first 16 hex digits of a SHA-256.

    Examples
    --------
    >>> item_id("0" * 64, "claim", 3, 9)
    '0662ed2ad73f2e75'
    """
    key = f"{article}|{kind}|{start}|{end}|{extra}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
