"""How often the machine is right, by kind, on what an analyst reviewed."""

from __future__ import annotations

from typing import get_args

import msgspec

from blocs.evidence.ledger.corrections import Correction, Reviewed, changed
from blocs.evidence.reading.items import Item, Kind


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How often the machine was right among reviewed items of one kind.

    Attributes
    ----------
    kind : str
        Kind of item, or ``all``.
    n : int
        Items that were reviewed and that the machine gives now.
    right, corrected, wrong : int
        Accepted (or equal to the analyst's version), to be corrected, rejected.
    missed : int
        Accepted or corrected items that the machine does not give now.
    precision, low, high : float or None
        ``right / n`` with its 95 % Wilson interval; None without reviews.
    """

    kind: str
    n: int
    right: int
    corrected: int
    wrong: int
    missed: int
    precision: float | None
    low: float | None
    high: float | None


def score(reviewed: Reviewed) -> tuple[Score, ...]:
    """Score the machine by kind on what an analyst reviewed.

    Notes
    -----
    The items reviewed are those the analyst chose: no random sample unless they drew one. The
    interval is Wilson's for a proportion at 95 %.
    """
    kinds = sorted({c.kind for c, _ in reviewed.found} | {c.kind for c in reviewed.lost})
    scores = [_score(kind, reviewed, {kind}) for kind in kinds]
    return (*scores, _score("all", reviewed, set(kinds))) if kinds else ()


def _score(name: str, reviewed: Reviewed, kinds: set[str]) -> Score:
    marks = [_mark(c, item) for c, item in reviewed.found if c.kind in kinds]
    n, right = len(marks), marks.count("right")
    low, high = _wilson(right, n) if n else (None, None)
    return Score(
        kind=name,
        n=n,
        right=right,
        corrected=marks.count("corrected"),
        wrong=marks.count("wrong"),
        missed=sum(c.kind in kinds and c.verdict != "reject" for c in reviewed.lost),
        precision=right / n if n else None,
        low=low,
        high=high,
    )


def _wilson(hits: int, n: int) -> tuple[float, float]:
    from scipy.stats import binomtest  # half a second, which a ledger without reviews is spared

    interval = binomtest(hits, n).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


def _mark(c: Correction, item: Item) -> str:
    """Return whether the machine's present item is right, to be corrected or wrong."""
    if c.verdict == "reject":
        return "wrong"
    if c.verdict == "accept":
        return "right"
    if c.kind not in get_args(Kind):
        return "corrected"
    return "right" if changed(item, c.fields) == item else "corrected"
