"""One fact in many tellings: same, in conflict, copied, confirmed, denied."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.corroborate import corroborate, involvements
from blocs.evidence.reading.items import Event, Item, Quantity, Speaker, When, item_id


def speaker(actor, role="speaker", text="X", start=0):
    return Speaker(actor=actor, text=text, start=start, end=start + 1, cue="said", role=role)


def troops(article, figure, *, speakers=(), start=5, quote=None):
    return Item(
        id=item_id(article, "quantity", start, start + 9),
        article=article,
        kind="quantity",
        start=start,
        end=start + 9,
        quote=quote or f"{figure:,} troops",
        statement=quote or f"{figure:,} troops went, wrote {article}",
        subject=["PRK"],
        quantity=Quantity(value=float(figure), of="troops"),
        speakers=list(speakers),
    )


def act(article, *, start=0, plover="MOBILIZE", subject="PRK", quote="sent soldiers", when=None):
    return Item(
        id=item_id(article, "event", start, start + 4),
        article=article,
        kind="event",
        start=start,
        end=start + 4,
        quote=quote,
        statement=quote,
        subject=[subject],
        object=["RUS"],
        event=Event(plover=plover, mode=None, cameo="154"),
        when=when,
    )


DAYS = {"a": date(2024, 10, 20), "b": date(2024, 10, 25), "c": date(2024, 11, 1)}


def test_the_same_act_told_twice_is_one_fact_with_two_mentions():
    [fact] = corroborate([act("a"), act("b")], published=DAYS)
    assert [m.article for m in fact.mentions] == ["a", "b"]
    assert fact.n_sources == 2


def test_other_figures_stand_side_by_side_as_a_conflict():
    facts = corroborate([troops("a", 12000), troops("b", 10000)], published=DAYS)
    assert [f.figure for f in facts] == [12000, 10000]
    assert facts[0].conflicts == (facts[1].id,)
    assert facts[1].conflicts == (facts[0].id,)


def test_nearly_the_same_figure_is_the_same_fact():
    [fact] = corroborate([troops("a", 12000), troops("b", 11800)], published=DAYS)
    assert fact.conflicts == ()
    assert len(fact.mentions) == 2


def test_one_speaker_in_two_articles_is_one_source():
    said = [speaker("UKRGOV")]
    [fact] = corroborate(
        [troops("a", 12000, speakers=said), troops("b", 12000, speakers=said)], published=DAYS
    )
    assert fact.n_sources == 1


def test_a_copied_sentence_is_no_second_source():
    quote = "Pyongyang sent 12,000 troops to the western front near the town of Kursk in October"
    [fact] = corroborate(
        [troops("a", 12000, quote=quote), troops("b", 12000, quote=quote)], published=DAYS
    )
    assert fact.n_sources == 1
    assert fact.mentions[1].copy_of == fact.mentions[0].item


def test_the_chain_of_confirmation_and_denial_is_in_order():
    items = [
        troops("b", 12000, speakers=[speaker("RUSGOV", "denier")]),
        troops("a", 12000, speakers=[speaker("UKRGOV")]),
        troops("c", 12000, speakers=[speaker("USAGOV", "confirmer")]),
    ]
    [fact] = corroborate(items, published=DAYS)
    assert [v.role for v in fact.voices] == ["speaker", "denier", "confirmer"]
    assert (fact.n_sources, fact.n_denials) == (2, 1)


def test_other_times_are_other_facts():
    one = When(start="2024-01-01", end="2024-02-01", precision="month", text="x")
    two = When(start="2024-05-01", end="2024-06-01", precision="month", text="y")
    assert len(corroborate([act("a", when=one), act("b", when=two)], published=DAYS)) == 2


def test_reading_again_changes_nothing():
    items = [act("a"), troops("a", 12000), troops("b", 10000)]
    assert corroborate(items + items, published=DAYS) == corroborate(items, published=DAYS)


@given(st.permutations([("a", 12000), ("b", 12000), ("c", 10000), ("b", 9000)]))
def test_the_order_of_the_items_does_not_matter(order):
    items = [troops(a, n, start=n) for a, n in order]
    assert corroborate(items, published=DAYS) == corroborate(items[::-1], published=DAYS)


def test_how_others_are_drawn_in_is_dated_and_sourced():
    day = When(start="2024-10-01", end="2024-11-01", precision="month", text="in October")
    rows = involvements(
        [act("a", when=day), act("b", plover="AID", subject="IRN", quote="supplied drones")]
    )
    assert [(r.start, r.supporter, r.form, r.rung) for r in rows] == [
        ("2024-10-01", "PRK", "troops", 7),
        (None, "IRN", "weapons", 6),
    ]
    assert all(r.items for r in rows)
