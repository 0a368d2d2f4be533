"""Sums done again: which amount is a share of which, and where a sum does not come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from blocs.evidence.quantities import Amount
from blocs.evidence.reading.items import Item
from blocs.evidence.reading.repairs import Repair


def with_shares(items: Sequence[Item], amounts: Sequence[Amount]) -> list[Item]:
    """Tie shares to their wholes across sentences, and say where a sum does not come out.

    Parameters
    ----------
    items : sequence of Item
        All items of an article.
    amounts : sequence of Amount
        All amounts of the article, in order.
    """
    at = {i.start: n for n, i in enumerate(items) if i.quantity is not None}
    out = list(items)
    for check in check_arithmetic(amounts):
        places = [at.get(amounts[k].start) for k in check.parts]
        if check.kind != "share" or None in places:
            continue
        part, whole, share = (k for k in places if k is not None)
        for k in (part, share):
            if check.agrees:
                out[k] = _as_part(out[k], out[whole].id)
        if not check.agrees and _says_share(out[whole], out[share]):
            out[share] = _with_sum(out[share], check.computed)
    return out


def _says_share(whole: Item, share: Item) -> bool:
    """Say whether a share stands in the sentence of its whole: only then is it its share."""
    return whole.statement == share.statement


def _as_part(item: Item, whole: str) -> Item:
    """Make a quantity a part of another, unless it is one already."""
    if item.quantity is None or item.quantity.part_of is not None:
        return item
    quantity = msgspec.structs.replace(item.quantity, part_of=whole)
    return msgspec.structs.replace(item, quantity=quantity)


def _with_sum(item: Item, computed: float) -> Item:
    """Put on record what a share should be by the text's own numbers."""
    repair = Repair(
        start=item.start, end=item.end, quote=item.quote, reading=f"{computed:.6g}%", kind="sum"
    )
    return msgspec.structs.replace(item, repairs=[*item.repairs, repair])


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sum done again: what the text says, what its own numbers give.

    ``kind`` is share or subset; ``parts`` are indices of the amounts used.
    """

    kind: str
    stated: float
    computed: float
    agrees: bool
    parts: tuple[int, ...]


def check_arithmetic(amounts: Sequence[Amount], *, reach: int = 400) -> list[Check]:
    """Do the sums of a passage again: shares of two like amounts, subsets of wholes.

    Parameters
    ----------
    amounts : sequence of Amount
        In order, from :func:`find_amounts`.
    reach : int
        How many characters back a share may look for its two amounts.

    Returns
    -------
    list of Check
        A share agrees when it equals part over whole within its own rounding; subsets agree
        when the part is not larger than the whole.

    Examples
    --------
    >>> from blocs.evidence.quantities import find_amounts
    >>> text = "It took 500 square kilometers of 100,000 square kilometers occupied: 0.5%."
    >>> [(c.kind, c.stated, c.computed, c.agrees) for c in check_arithmetic(find_amounts(text))]
    [('share', 0.5, 0.5, True)]
    """
    out: list[Check] = []
    for i, share in enumerate(amounts):
        if share.part_of is not None:
            part, whole = share.size(), amounts[share.part_of].size()
            if part is not None and whole is not None and amounts[share.part_of].unit == share.unit:
                out.append(
                    Check(
                        kind="subset",
                        stated=part,
                        computed=whole,
                        agrees=part <= whole,
                        parts=(i, share.part_of),
                    )
                )
        if share.unit == "%" and share.value is not None and not share.vague:
            out += _share(amounts, i, reach)
    return out


def _share(amounts: Sequence[Amount], i: int, reach: int) -> list[Check]:
    """Recompute one share from the nearest pair of like amounts before it."""
    share = amounts[i]
    stated = share.value or 0.0
    near: list[int] = []
    for k in range(i - 1, -1, -1):
        if share.start - amounts[k].end > reach:
            break
        near += [k] if amounts[k].unit != "%" else []
    near.reverse()
    pairs = []
    for a in near:
        for b in near:
            one, two = amounts[a].size(), amounts[b].size()
            like = (
                a != b
                and amounts[a].unit == amounts[b].unit
                and amounts[a].unit not in ("year", "month", "day")
            )
            counted = amounts[a].unit != "count" or amounts[a].of == amounts[b].of
            if like and counted and one and two and one < two:
                pairs.append((abs(100 * one / two - stated), a, b, 100 * one / two))
    if not pairs:
        return []
    error, a, b, computed = min(pairs)
    decimals = len(f"{stated:g}".partition(".")[2])
    agrees = error <= 0.5 * 10.0**-decimals + 1e-9
    return [
        Check(
            kind="share", stated=stated, computed=round(computed, 6), agrees=agrees, parts=(a, b, i)
        )
    ]
