"""Sums done again: which amount is a share of which, and where a sum does not come out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from blocs.evidence.quantities import Amount, check_arithmetic
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
