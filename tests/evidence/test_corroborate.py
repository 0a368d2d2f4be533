"""One fact in many tellings: same, in conflict, copied, confirmed, denied."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.corroborate import corroborate
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
    assert [c.fact for c in facts[0].conflicts] == [facts[1].id]
    assert [c.fact for c in facts[1].conflicts] == [facts[0].id]
    assert "exclude each other" in facts[0].conflicts[0].why


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


def test_who_cites_another_adds_no_source():
    cited = msgspec.structs.replace(speaker("KORSPY", start=9), cue="citing")
    [fact] = corroborate([troops("a", 12000, speakers=[speaker("UKRGOV"), cited])], published=DAYS)
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


def test_bounds_that_meet_are_told_apart_from_figures_that_exclude_each_other():
    most = troops("a", 12000)
    most = msgspec.structs.replace(most, quantity=Quantity(high=12000.0, of="troops"))
    [one, two] = corroborate([most, troops("b", 10000)], published=DAYS)
    assert one.conflicts[0].why == "the figures differ; their bounds overlap"
    assert two.conflicts[0].fact == one.id


def test_two_speakers_in_one_article_can_be_in_conflict():
    items = [
        troops("a", 12000, speakers=[speaker("UKRGOV")]),
        troops("a", 10000, speakers=[speaker("KORGOV")], start=90),
    ]
    facts = corroborate(items, published=DAYS)
    assert [len(f.conflicts) for f in facts] == [1, 1]


def test_two_figures_by_one_speaker_in_one_article_are_no_conflict():
    items = [troops("a", 12000), troops("a", 500, start=90)]
    assert [f.conflicts for f in corroborate(items, published=DAYS)] == [(), ()]


def test_figures_of_different_things_are_no_conflict():
    lost = troops("b", 3000, quote="3,000 troops died")
    assert all(not f.conflicts for f in corroborate([troops("a", 12000), lost], published=DAYS))


def test_acts_in_other_places_are_other_facts():
    one = act("a", plover="ASSAULT", quote="shells hit the port of Odesa", subject="RUS")
    two = act("b", plover="ASSAULT", quote="missiles struck the town of Lviv", subject="RUS")
    assert len(corroborate([one, two], published=DAYS)) == 2


def test_a_telling_that_says_it_is_not_so_counts_against():
    told = act("a", quote="sent soldiers to the front")
    denied = msgspec.structs.replace(
        act("b", quote="sent no soldiers to the front"), certainty="negated"
    )
    [fact] = corroborate([told, denied], published=DAYS)
    assert (fact.n_sources, fact.n_denials, fact.credence.value) == (1, 1, 0.5)
    assert [m.against for m in fact.mentions] == [False, True]


def test_a_copied_article_is_no_source_and_a_wire_is_one():
    items = [act(a, quote=f"sent soldiers to the front in {a}") for a in "abc"]
    [fact] = corroborate(items, published=DAYS, copies={"b": "a"})
    assert fact.n_sources == 2
    assert [m.copy_of is None for m in fact.mentions] == [True, False, True]
    [fact] = corroborate(items, published=DAYS, wires={"a": "afp", "c": "afp"})
    assert fact.n_sources == 2


def test_ministries_of_one_state_are_one_source():
    items = [
        troops("a", 12000, speakers=[speaker("UKRGOV")]),
        troops("b", 12000, speakers=[speaker("UKRMIL")]),
        troops("c", 12000, speakers=[speaker("UKROPP")]),
    ]
    [fact] = corroborate(items, published=DAYS)
    assert fact.n_sources == 2


def test_chains_say_how_strongly_and_evidence_is_no_speaker():
    text = "Kyiv said so, weakly confirmed by Putin, then frankly confirmed by photos."
    said = [
        speaker("UKRGOV", text="Kyiv"),
        Speaker(actor="RUSGOV", text="Putin", start=34, end=39, cue="confirmed", role="confirmer"),
        Speaker(actor=None, text="photos", start=67, end=73, cue="confirmed", role="confirmer"),
    ]
    item = troops("a", 12000, speakers=said)
    [fact] = corroborate([item], published=DAYS, texts={"a": text})
    assert [(v.actor, v.strength, v.evidence) for v in fact.voices] == [
        ("UKRGOV", None, False),
        ("RUSGOV", "weakly", False),
        (None, "frankly", True),
    ]
    assert (fact.n_sources, fact.n_evidence) == (2, 1)


def test_credence_follows_the_stated_rule():
    """Odds 1 times (r / (1 - r)) to the power of two sources and a half, r = 0.7."""
    said = [speaker("UKRGOV", text="Kyiv"), speaker("USAGOV", text="Washington")]
    weak = Speaker(actor="RUSGOV", text="Putin", start=7, end=12, cue="confirmed", role="confirmer")
    text = "weakly confirmed by Putin"
    weak = msgspec.structs.replace(weak, start=20, end=25)
    [fact] = corroborate([troops("a", 1, speakers=[*said, weak])], texts={"a": text})
    odds = (0.7 / 0.3) ** 2.5
    assert fact.credence.value == pytest.approx(odds / (1 + odds), rel=1e-12)
    assert fact.credence.low < fact.credence.value < fact.credence.high


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=6))
def test_telling_it_again_adds_no_source(articles):
    items = [troops(a, 12000, speakers=[speaker("UKRGOV")]) for a in articles]
    [fact] = corroborate(items, published=DAYS)
    assert fact.n_sources == 1
    assert fact.credence.value == pytest.approx(0.7)
