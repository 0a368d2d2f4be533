"""Every table: its keys, rules and rejects."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs import schemas
from blocs.contracts import TABLES, Facts
from blocs.schemas import (
    Ballots,
    DyadVotes,
    Flows,
    Rejects,
    RollCalls,
    Schema,
    Spells,
    Ties,
    accept,
    dtypes,
    empty,
    reject,
    together,
)
from tests import world

SCHEMAS = [
    s
    for s in vars(schemas).values()
    if isinstance(s, type) and issubclass(s, Schema) and s is not Schema
]
TWO_COLUMNS = ("start_before_end", "ends_differ", "ordered")
"""Rules over two columns, which samples do not obey by themselves."""
PLAIN = [s for s in SCHEMAS if not any(rule in dir(s) for rule in TWO_COLUMNS)]
WHERE = {"source_id": "s", "file": "f.csv"}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.__name__)
def test_every_table_says_what_it_holds_and_can_be_empty(schema: type[Schema]) -> None:
    assert (schema.__doc__ or "").strip().endswith(".")
    table = empty(schema)
    assert table.height == 0
    assert schema.is_valid(table)
    assert together(schema, []).schema == dtypes(schema) == table.schema


@pytest.mark.parametrize("schema", PLAIN, ids=lambda s: s.__name__)
def test_samples_of_a_table_pass_its_own_rules(schema: type[Schema]) -> None:
    good, refused = accept(schema, schema.sample(5), **WHERE)
    assert good.height == 5
    assert refused.is_empty()


def test_the_world_obeys_its_tables() -> None:
    facts = world.facts()
    for name, schema in TABLES.items():
        assert schema.is_valid(getattr(facts, name)), name


def test_facts_hold_exactly_the_tables_that_are_declared() -> None:
    assert set(TABLES) == set(Facts.__dataclass_fields__)
    for name, schema in TABLES.items():
        assert getattr(Facts(), name).schema == dtypes(schema)


def test_good_rows_pass_in_their_order() -> None:
    good, refused = accept(Ballots, world.ballots().reverse(), **WHERE)
    assert good.equals(world.ballots().reverse())
    assert refused.schema == dtypes(Rejects)
    assert refused.is_empty()


def test_more_columns_are_left_out() -> None:
    good, _ = accept(Ballots, world.ballots().with_columns(extra=pl.lit(1)), **WHERE)
    assert good.columns == ["rollcall", "actor", "vote", "row"]


def test_each_broken_rule_of_each_row_is_told() -> None:
    rows = world.spell_table(
        [
            ("alliance", "defence", "FRA", "GBR", date(1904, 4, 8), None),
            ("alliance", "defence", "FRA", "FRA", date(1904, 4, 8), date(1904, 4, 8)),
            ("alliance", "defence", "FRA", "GBR", date(1904, 4, 8), date(1900, 1, 1)),
        ]
    ).with_columns(sender=pl.when(pl.col("row") == 3).then(None).otherwise("sender"))
    good, refused = accept(Spells, rows, **WHERE)
    assert good["row"].to_list() == [1]
    assert {(r, rule.split("|")[-1]) for r, rule in refused.select("row", "rule").rows()} == {
        (2, "ends_differ"),
        (2, "start_before_end"),
        (3, "start_before_end"),
        (3, "nullability"),
    }
    assert set(refused["file"]) == {"f.csv"}
    assert refused.filter(pl.col("rule").str.contains("nullability"))["column"].to_list() == [
        "sender"
    ]


def test_no_row_of_a_doubled_key_is_preferred_silently() -> None:
    twice = pl.concat([world.ballots().head(2), world.ballots().head(1)])
    good, refused = accept(Ballots, twice, **WHERE)
    assert good.height == 1
    assert refused["rule"].to_list() == ["primary_key"] * 2
    assert refused["row"].to_list() == [1, 1]


@pytest.mark.parametrize(
    ("schema", "change"),
    [
        (Ties, {"weight": 1.5}),
        (Ties, {"weight": float("nan")}),
        (Ties, {"receiver": "FRA"}),
        (Flows, {"value": -1.0}),
        (DyadVotes, {"a": "USA"}),
        (DyadVotes, {"n": 0}),
        (RollCalls, {"session": 0}),
    ],
)
def test_values_out_of_range_are_refused(schema: type[Schema], change: dict[str, object]) -> None:
    day = {"start": date(1914, 1, 1), "end": date(1915, 1, 1)}
    plain: dict[type[Schema], dict[str, object]] = {
        Ties: {
            "layer": "x",
            "sender": "FRA",
            "receiver": "GBR",
            "weight": 1.0,
            "n_evidence": 1,
            **day,
        },
        Flows: {
            **{"fact_id": "f", "source_id": "s", "row": 1, "kind": "arms", "unit": "TIV"},
            **{"sender": "FRA", "receiver": "GBR", "value": 1.0},
            **day,
        },
        DyadVotes: {
            **{"a": "FRA", "b": "GBR", "year": 1946, "n": 1, "same": 1, "distance": 0},
            **dict.fromkeys(("shield", "counter", "with_reference", "neutral", "dissent"), 0.0),
            **{"ss_a": 0.0, "ss_b": 0.0},
        },
        RollCalls: {
            "rollcall": "1",
            "source_id": "s",
            "row": 1,
            "date": date(1946, 1, 1),
            "session": 1,
        },
    }
    for row, height in ((plain[schema], 1), (plain[schema] | change, 0)):
        frame = pl.DataFrame([row], schema=dtypes(schema))
        assert accept(schema, frame, **WHERE)[0].height == height


def test_reject_shows_the_value_seen() -> None:
    frame = pl.DataFrame({"row": [7], "vote": [5]})
    made = reject(frame, rule="vote is 1 to 3", column="vote", value="vote", **WHERE)
    assert made.rows() == [("s", "f.csv", 7, "vote", "vote is 1 to 3", "5")]
    assert reject(frame, rule="odd", **WHERE)["value"].to_list() == [None]


def test_together_keeps_the_order_and_the_types() -> None:
    one, two = world.spells().head(2), world.spells().tail(2)
    assert together(Spells, [two, one]).equals(pl.concat([two, one]))
