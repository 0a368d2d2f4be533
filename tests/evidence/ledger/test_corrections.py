"""Decisions find their item again, are applied, restored and scored."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadInput, UnknownName
from blocs.evidence.ledger.corrections import (
    apply_corrections,
    changed,
    correction_of,
    keep_corrections,
    kept_corrections,
    parse_field,
)
from blocs.evidence.ledger.scores import score
from blocs.evidence.reading.items import Event, Item, Quantity, item_id


def item(start: int, end: int, kind: str = "claim", article: str = "a", **more: object) -> Item:
    told: dict[str, object] = {"quote": "x" * (end - start), "statement": "x"} | more
    return Item(
        id=item_id(article, kind, start, end),
        article=article,
        kind=kind,  # type: ignore[arg-type]
        start=start,
        end=end,
        **told,  # type: ignore[arg-type]
    )


def test_a_decision_finds_the_item_that_overlaps_most() -> None:
    decided = correction_of(item(100, 200), "reject")
    near, far = item(110, 205), item(150, 260)
    found = apply_corrections([near, far], [decided])
    assert found.verdicts == {near.id: "reject"}
    assert found.items == (far,)


@pytest.mark.parametrize(
    "other",
    [item(180, 300), item(100, 200, kind="event"), item(100, 200, article="b")],
)
def test_it_finds_none_elsewhere_of_another_kind_or_article(other: Item) -> None:
    found = apply_corrections([other], [correction_of(item(100, 200), "reject")])
    assert found.verdicts == {}
    assert len(found.lost) == 1
    assert found.items == (other,)


def test_what_the_analyst_accepted_stays_if_the_machine_loses_it() -> None:
    kept, fixed = item(0, 10), item(20, 40, certainty="asserted")
    decided = [
        correction_of(kept, "accept"),
        correction_of(fixed, "correct", fields={"certainty": "hedged"}),
        correction_of(item(50, 60), "reject"),
    ]
    found = apply_corrections([], decided)
    assert [(i.start, i.certainty) for i in found.items] == [(0, "asserted"), (20, "hedged")]
    [claims, everything] = score(found)
    assert (claims.n, claims.missed, claims.precision) == (0, 2, None)
    assert everything.missed == 2


def test_the_score_by_kind_with_its_interval() -> None:
    items = [item(10 * k, 10 * k + 9) for k in range(10)]
    decided = [correction_of(i, "accept") for i in items[:8]]
    decided += [correction_of(items[8], "reject")]
    decided += [correction_of(items[9], "correct", fields={"certainty": "denied"})]
    [claims, _] = score(apply_corrections(items, decided))
    assert (claims.n, claims.right, claims.corrected, claims.wrong) == (10, 8, 1, 1)
    assert claims.precision == 0.8
    # Wilson's interval of 8 in 10 at 95 %: z = 1.96, centre (.8 + .192) / 1.384 and so on.
    z2 = 1.959963984540054**2
    centre = (0.8 + z2 / 20) / (1 + z2 / 10)
    half = 1.959963984540054 * (0.016 + z2 / 400) ** 0.5 / (1 + z2 / 10)
    assert claims.low == pytest.approx(centre - half)
    assert claims.high == pytest.approx(centre + half)


def test_a_machine_that_has_learnt_is_right() -> None:
    wrong = item(0, 9, certainty="asserted")
    decided = correction_of(wrong, "correct", fields={"certainty": "hedged"})
    better = msgspec.structs.replace(wrong, certainty="hedged")
    [claims, _] = score(apply_corrections([better], [decided]))
    assert (claims.right, claims.corrected) == (1, 0)


def test_fields_change_and_bad_ones_are_refused() -> None:
    told = item(0, 9, kind="quantity", quantity=Quantity(high=12000.0, of="soldiers"))
    assert changed(told, {"high": 10000}).quantity == Quantity(high=10000, of="soldiers")
    assert changed(told, {"quantity.low": 5}).quantity.low == 5  # type: ignore[union-attr]
    event = {"plover": "AID", "cameo": "070"}
    assert changed(told, event).event == Event(plover="AID", mode=None, cameo="070")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="certainty"):
        changed(told, {"certanty": "hedged"})
    with pytest.raises(BadInput, match="certainty"):
        changed(told, {"certainty": "surely"})
    with pytest.raises(BadInput, match="places the item"):
        changed(told, {"start": 3})
    with pytest.raises(BadInput, match="field=value"):
        parse_field("high")


def test_a_later_decision_replaces_the_earlier_and_bytes_stay(tmp_path: Path) -> None:
    one = item(0, 9)
    keep_corrections(tmp_path, [correction_of(one, "accept", by="me", note="é")])
    keep_corrections(tmp_path, [correction_of(one, "reject")])
    [kept] = kept_corrections(tmp_path)
    assert kept.verdict == "reject"
    before = sorted((p.name, p.read_bytes()) for p in (tmp_path / "tables").iterdir())
    keep_corrections(tmp_path, [kept])
    assert sorted((p.name, p.read_bytes()) for p in (tmp_path / "tables").iterdir()) == before


@given(st.permutations([item(0, 10), item(2, 12), item(1, 9), item(3, 13)]), st.booleans())
def test_decisions_equally_near_to_one_item_are_taken_in_their_place(
    decided: list[Item], wide: bool
) -> None:
    now = item(0, 14) if wide else item(1, 11)  # (0, 10) and (2, 12) overlap it alike
    found = apply_corrections([now], [correction_of(i, "accept") for i in decided])
    assert [c.start for c, _ in found.found] == [0]
    assert [c.start for c in found.lost] == [1, 2, 3]


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_of_items_and_decisions_does_not_matter(spans, random) -> None:  # type: ignore[no-untyped-def]
    items = list({item(a, a + n).id: item(a, a + n) for a, n in spans}.values())
    decided = [correction_of(i, "reject") for i in items[::2]]
    plain = apply_corrections(items, decided)
    random.shuffle(items)
    random.shuffle(decided)
    mixed = apply_corrections(items, decided)
    assert mixed.items == plain.items
    assert mixed.verdicts == plain.verdicts


def test_the_interval_of_reviews_is_wilsons_and_stays_within_zero_and_one() -> None:
    items = [item(10 * i, 10 * i + 9) for i in range(10)]
    eight = [correction_of(i, "accept" if n < 8 else "reject") for n, i in enumerate(items)]
    found = score(apply_corrections(items, eight))[-1]
    # 8 of 10 by hand: (8 + z2/2) / (10 + z2) -+ z / (10 + z2) * sqrt(8 * 2 / 10 + z2 / 4)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.49, 0.943)
    none = score(apply_corrections(items, [correction_of(i, "reject") for i in items]))[-1]
    every = score(apply_corrections(items, [correction_of(i, "accept") for i in items]))[-1]
    assert none.low == 0.0
    assert every.high == 1.0
