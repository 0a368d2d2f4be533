"""Every layer through its contract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from tests import world

from blocs.contracts import Facts, Layer
from blocs.evidence.cleaning import covered
from blocs.registry import DATASETS, LAYERS
from blocs.schemas import Events, TieEvidence, Ties, dtypes

Change = Callable[[pl.DataFrame], pl.DataFrame]
NAMES = LAYERS.names()
EVENTS = pl.DataFrame(
    [
        {
            "fact_id": f"e{i}",
            "source_id": world.SOURCE,
            "row": i,
            "kind": "dispute",
            "sender": sender,
            "receiver": receiver,
            "start": date(year, 3, 1),
            "end": date(year + 1, 3, 1),
            "value": value,
        }
        for i, (sender, receiver, year, value) in enumerate(
            [("USA", "IRN", 2003, 3.0), ("IRN", "USA", 2003, 4.0), ("CHN", "IND", 2009, None)], 1
        )
    ],
    schema=dtypes(Events),
)


def facts(change: Change = lambda frame: frame) -> Facts:
    """The hand-worked world with what its four layers leave out: enough to light all."""
    base = world.facts()
    support = world.spell_table(
        [
            ("support", "weapons", "RUS", "IRN", date(2005, 1, 1), None),
            ("support", "economic", "RUS", "IRN", date(2004, 1, 1), None),
        ],
        [6.0, 2.0],
    ).with_columns(fact_id="u" + pl.col("fact_id"))
    trade = world.flow_table(
        "trade", [("DEU", "FRA", 2001, 5.0), ("FRA", "DEU", 2001, 3.0), ("CHN", "USA", 2001, 9.0)]
    ).with_columns(fact_id="t" + pl.col("fact_id"))
    told = [covered(t, world.SOURCE, 2001, 2010) for t in ("support", "disputes", "trade")]
    return Facts(
        sources=base.sources,
        rollcalls=base.rollcalls,
        ballots=change(base.ballots),
        spells=change(pl.concat([base.spells, support])),
        flows=change(pl.concat([base.flows, trade])),
        events=change(EVENTS),
        coverage=pl.concat([base.coverage, *told]),
    )


@pytest.fixture(params=NAMES)
def layer(request: pytest.FixtureRequest) -> Layer:
    """Each layer in turn."""
    return LAYERS.get(request.param)


def test_it_says_what_it_is(layer: Layer) -> None:
    assert layer.title
    assert layer.rule.startswith(("Positive", "Negative"))
    assert layer.rule.endswith(".")
    assert layer.citation.text
    assert layer.absence in {"zero", "unknown"}


def test_what_can_feed_it_exists(layer: Layer) -> None:
    assert layer.prefer
    assert set(layer.prefer) <= {*DATASETS.names(), "almanac"}
    assert len(set(layer.prefer)) == len(layer.prefer)


def test_data_sets_and_layers_agree_on_who_lights_whom() -> None:
    lit = {name: set(LAYERS.get(name).prefer) - {"almanac"} for name in NAMES}
    for dataset, part in DATASETS.all().items():
        assert {name for name in NAMES if dataset in lit[name]} == set(part.lights), dataset


def test_its_ties_obey_the_table_and_are_sorted(layer: Layer) -> None:
    made = layer.build(facts())
    assert made.ties.height > 0
    assert Ties.is_valid(made.ties)
    assert TieEvidence.is_valid(made.evidence.collect())
    assert made.ties["layer"].n_unique() == 1
    assert LAYERS.get(made.ties["layer"][0]) is layer
    if not layer.directed:
        assert (made.ties["sender"] < made.ties["receiver"]).all()


def test_its_sign_is_what_its_rule_says(layer: Layer) -> None:
    weight = layer.build(facts()).ties["weight"].drop_nulls()
    if layer.title == "UN votes":
        assert weight.min() < 0 < weight.max()  # type: ignore[operator]
    else:
        assert (weight * (1 if layer.rule.startswith("Positive") else -1) >= 0).all()


def test_the_order_of_facts_does_not_matter(layer: Layer) -> None:
    plain = layer.build(facts())
    mixed = layer.build(facts(lambda f: f.sample(fraction=1, shuffle=True, seed=7)))
    columns = ["sender", "receiver", "start", "weight", "value", "n_evidence"]
    key = columns[:3]
    assert mixed.ties.select(columns).sort(key).equals(plain.ties.select(columns).sort(key))
    assert (
        mixed.evidence.collect()
        .sort(*key, "fact_id")
        .equals(plain.evidence.collect().sort(*key, "fact_id"))
    )


def test_other_names_give_the_same_ties_under_other_names(layer: Layer) -> None:
    """Turning the alphabet round among all but the reference, which has a part to play."""
    ordinary = [state for state in world.STATES if state != "USA"]
    swap = dict(zip(ordinary, ordinary[::-1], strict=True))

    def rename(frame: pl.DataFrame) -> pl.DataFrame:
        ends = [c for c in ("actor", "sender", "receiver") if c in frame.columns]
        return frame.with_columns(pl.col(ends).replace(swap))

    plain, renamed = (
        {
            ((s, r) if layer.directed else frozenset((s, r)), start): w
            for s, r, start, w in table.select("sender", "receiver", "start", "weight").iter_rows()
        }
        for table in (rename(layer.build(facts()).ties), layer.build(facts(rename)).ties)
    )
    assert set(plain) == set(renamed)
    for key, weight in plain.items():
        assert renamed[key] == (weight if weight is None else pytest.approx(weight, abs=1e-12))


def test_a_fact_told_twice_counts_once_where_it_is_a_state_of_affairs(layer: Layer) -> None:
    """Spells and events are maxima or kinds; amounts and votes add up and are told once."""
    if set(layer.topics) & {"arms", "trade", "votes"}:
        return
    once = layer.build(facts()).ties
    twice = layer.build(facts(lambda f: pl.concat([f, f]))).ties
    assert twice.equals(once)


def test_facts_of_other_layers_change_nothing(layer: Layer) -> None:
    def others(frame: pl.DataFrame) -> pl.DataFrame:
        if "kind" not in frame.columns:
            return frame
        more = frame.with_columns(kind=pl.lit("other"), fact_id="o" + pl.col("fact_id"))
        return pl.concat([frame, more])

    assert layer.build(facts(others)).ties.equals(layer.build(facts()).ties)


def test_without_facts_or_coverage_it_is_dark(layer: Layer) -> None:
    nothing = layer.build(Facts())
    assert nothing.ties.is_empty()
    assert nothing.ties.schema == dtypes(Ties)
    assert nothing.evidence.collect().is_empty()


def test_it_never_tells_of_years_outside_its_coverage(layer: Layer) -> None:
    years = layer.build(facts()).ties["start"].dt.year()
    assert years.is_between(2001, 2010).all()
