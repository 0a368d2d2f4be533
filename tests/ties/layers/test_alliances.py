"""Treaties by the strongest obligation in force that year."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests import world

from blocs.contracts import Facts
from blocs.dates import Period
from blocs.evidence.cleaning import covered
from blocs.ties.layers.alliances import LAYER, build_defence
from blocs.ties.network import build_layer, tie_matrix

START = date(1990, 1, 1)


def built(*types: str, checked: list[float] | None = None, defence: bool = False) -> pl.DataFrame:
    """Ties of one pair in one year that several obligations bind."""
    spells = world.spell_table([("alliance", t, "USA", "GBR", START, None) for t in types], checked)
    facts = Facts(spells=spells, coverage=covered("alliances", "s", 1990, 1990))
    return (build_defence if defence else LAYER.build)(facts).ties


@pytest.mark.parametrize(
    ("types", "level"),
    [
        (["defence"], 3),
        (["offence"], 3),
        (["neutrality"], 2),
        (["consultation"], 2),
        (["nonaggression"], 1),
        (["nonaggression", "consultation"], 2),
        (["consultation", "defence", "nonaggression"], 3),
        (["defence", "defence"], 3),
    ],
)
def test_the_strongest_obligation_counts(types: list[str], level: int) -> None:
    (row,) = built(*types).iter_rows(named=True)
    assert (row["sender"], row["receiver"], row["start"]) == ("GBR", "USA", START)
    assert row["weight"] == pytest.approx(level / 3)
    assert (row["value"], row["unit"]) == (level, "obligation 0-3")
    assert row["n_evidence"] == len(types)


@pytest.mark.parametrize(
    ("types", "weight", "defence"),
    [
        (["unchecked"], None, None),
        (["unchecked", "nonaggression"], None, None),
        (["unchecked", "defence"], None, None),  # the sources differ about defence
        (["unchecked_below"], None, 0.0),
        (["unchecked_below", "defence"], 1.0, 1.0),
        (["nonaggression"], 1 / 3, 0.0),
    ],
)
def test_where_sources_differ_nothing_is_known(
    types: list[str], weight: float | None, defence: float | None
) -> None:
    assert built(*types)["weight"].to_list() == [pytest.approx(weight) if weight else weight]
    assert built(*types, defence=True)["weight"].to_list() == [defence]


def test_a_treaty_that_nothing_confirms_takes_nothing_from_one_that_is_confirmed() -> None:
    for defence in (False, True):
        ties = built("unchecked", "defence", checked=[0.0, 1.0], defence=defence)
        assert ties["weight"].to_list() == [1.0]


def test_a_treaty_confirmed_since_the_sources_were_compared_is_known() -> None:
    rows: list[world.SpellRow] = [
        ("alliance", "unchecked", "USA", "GBR", date(2010, 1, 1), None),
        ("alliance", "defence", "USA", "GBR", date(2010, 1, 1), None),
        ("alliance", "defence", "USA", "GBR", date(2022, 5, 1), None),
    ]
    spells = world.spell_table(rows, [None, 1.0, 1.0])
    facts = Facts(spells=spells, coverage=covered("alliances", "s", 2018, 2022))
    ties = LAYER.build(facts).ties
    assert ties["value"].to_list() == [None, None, None, None, 3.0]


def test_where_dyad_years_are_listed_they_say_who_owes_whom() -> None:
    """Two sureties of one pact owe each other nothing; a listed year without them is none."""
    begin, end = date(1925, 1, 1), date(1928, 1, 1)
    rows: list[world.SpellRow] = [
        ("alliance", "defence", "GBR", "ITA", begin, end),
        ("alliance", "defence", "FRA", "GBR", begin, end),
        ("alliance_year", "defence", "FRA", "GBR", date(1925, 1, 1), date(1926, 1, 1)),
        ("alliance_year", "consultation", "GBR", "ITA", date(1926, 1, 1), date(1927, 1, 1)),
    ]
    listed = covered("alliance_years", "s", 1925, 1926)
    coverage = pl.concat([covered("alliances", "s", 1925, 1927), listed])
    ties = LAYER.build(Facts(spells=world.spell_table(rows), coverage=coverage))
    told = ties.ties.select("sender", "receiver", pl.col("start").dt.year(), "value", "n_evidence")
    assert told.rows() == [
        ("FRA", "GBR", 1925, 3.0, 2),  # the treaty is borne out, and named
        ("FRA", "GBR", 1927, 3.0, 1),  # past the list the treaty stands alone
        ("GBR", "ITA", 1926, 2.0, 1),
        ("GBR", "ITA", 1927, 3.0, 1),
    ]


def test_dyad_years_alone_make_ties_and_their_absence_is_none() -> None:
    rows: list[world.SpellRow] = [
        ("alliance_year", "consultation", "GBR", "ITA", date(1926, 1, 1), date(1927, 1, 1)),
        ("alliance_year", "defence", "ITA", "GBR", date(1927, 1, 1), date(1928, 1, 1)),
    ]
    facts = Facts(
        spells=world.spell_table(rows), coverage=covered("alliance_years", "s", 1926, 1928)
    )
    told = LAYER.build(facts).ties.select("sender", "receiver", pl.col("start").dt.year(), "value")
    assert told.rows() == [("GBR", "ITA", 1926, 2.0), ("GBR", "ITA", 1927, 3.0)]
    state = build_layer("alliances", {"atop": facts})
    matrix = tie_matrix(state, Period(1926, 1928), among=("FRA", "GBR", "ITA"))
    assert matrix.weight[:, 1, 2].tolist() == [pytest.approx(2 / 3), 1.0, 0.0]
    assert matrix.weight[:, 0, 1].tolist() == [0.0, 0.0, 0.0]


def test_where_only_checked_rows_count_the_others_do_not() -> None:
    sure, unsure = 1.0, 0.0
    both = built("defence", "nonaggression", "only_checked", checked=[unsure, sure, sure])
    assert both["value"].to_list() == [1.0]
    none = built("defence", "only_checked", checked=[unsure, sure])
    assert none["value"].to_list() == [0.0]
    without = built("defence", "nonaggression", checked=[unsure, sure])
    assert without["value"].to_list() == [3.0]


def test_a_treaty_counts_in_every_year_it_touches_and_coverage_bounds_it() -> None:
    rows: list[world.SpellRow] = [
        ("alliance", "defence", "FRA", "GBR", date(1904, 4, 8), date(1914, 8, 4))
    ]
    facts = Facts(spells=world.spell_table(rows), coverage=covered("alliances", "s", 1910, 1950))
    assert LAYER.build(facts).ties["start"].dt.year().to_list() == list(range(1910, 1915))


def test_spells_of_other_kinds_make_no_treaty_and_no_coverage_no_layer() -> None:
    facts = world.facts()
    only = Facts(spells=facts.spells.filter(pl.col("kind") != "alliance"), coverage=facts.coverage)
    assert LAYER.build(only).ties.is_empty()
    assert LAYER.build(Facts(spells=facts.spells)).ties.is_empty()
