"""States through time: who a name or a code means, and when."""

from __future__ import annotations

import unicodedata
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs import actors
from blocs.actors import actor, codes, members, name_of, normalise, resolve, with_actor
from blocs.almanac.tables import facts
from blocs.dates import Period, Spell
from blocs.errors import Ambiguous, UnknownName

ALL = actors.ids()


def test_a_name_that_passed_on_in_the_period_is_refused_and_its_code_is_not() -> None:
    with pytest.raises(Ambiguous, match="'Yugoslavia' means YUG in 1985–91 and SRB in 1992"):
        resolve("Yugoslavia", over=Period(1985, 1992))
    assert resolve("Yugoslavia", over=Period(1985, 1991)) == "YUG"
    assert resolve("Yugoslavia", over=Period(1993, 2010)) == "SRB"
    assert resolve("YUG", over=Period(1985, 1995)) == "YUG"
    assert resolve("Austria", over=Period(1946, 2024)) == "AUT"
    with pytest.raises(Ambiguous, match="XAH in 1900–17 and AUT in 1919–30"):
        resolve("Austria", over=Period(1900, 1930))


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


def test_no_letter_of_unicode_normalises_in_two_steps() -> None:
    every = (chr(i) for i in range(0x110000))
    letters = [c for c in every if unicodedata.category(c) not in {"Cn", "Co", "Cs"}]
    assert [c for c in letters if normalise(normalise(c)) != normalise(c)] == []


@given(st.text(st.characters(codec="latin-1")))
def test_normalising_is_blind_to_case_and_composition(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(text)
    assert normalise(text.upper()) == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d'Ivoire", "COTE D IVOIRE"),
        ("Korea, North", "  korea   north "),
        ("Guinea-Bissau", "guinea bissau"),
        ("Türkiye", "Turkiye"),
        ("São Tomé & Príncipe", "Sao Tome Principe"),
        ("Россия", "РОССИЯ"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_every_actor_is_found_by_its_id_and_its_name() -> None:
    for key in ALL:
        record = actor(key)
        assert record.id == key
        assert resolve(key) == resolve(key.lower()) == key
        day = record.spells[0].start if record.spells else None
        assert resolve(record.name, at=day) == key, record.name


def test_a_name_alone_means_one_state_but_for_the_two_koreas() -> None:
    unsure = {actor(key).name for key in ALL if not _is_sure(actor(key).name)}
    assert unsure == {"Korea"}


def _is_sure(name: str) -> bool:
    try:
        return bool(resolve(name))
    except Ambiguous:
        return False


def test_every_code_of_every_actor_leads_back_to_it() -> None:
    table = facts("systems").filter(pl.col("system").is_in(["cow", "gw"]))
    for system, code, key, start in table.select("system", "code", "actor", "start").iter_rows():
        assert resolve(str(code), system=system, at=start) == key, (system, code)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("USSR", "RUS"),
        ("Soviet Union", "RUS"),
        ("Prussia", "DEU"),
        ("GDR", "DDR"),
        ("East Germany", "DDR"),
        ("North Korea", "PRK"),
        ("Britain", "GBR"),
        ("UK", "GBR"),
        ("United States", "USA"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Viet Nam", "VNM"),
        ("Burma", "MMR"),
        ("Czechoslovakia", "CSK"),
        ("Kina", "CHN"),
        ("Россия", "RUS"),
    ],
)
def test_people_are_understood(text: str, key: str) -> None:
    assert resolve(text) == key


def test_a_date_decides_between_states_of_one_name() -> None:
    before, after = date(1950, 1, 1), date(2000, 1, 1)
    assert resolve("Germany", at=date(1900, 1, 1)) == "DEU"
    assert resolve("Yugoslavia", at=before) == "YUG"
    assert resolve("Vietnam", at=after) == "VNM"
    assert resolve("260", system="cow", at=date(1960, 1, 1)) == "DEU"
    assert resolve("255", system="cow", at=after) == "DEU"


def test_a_miss_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as seen:
        resolve("Russsia")
    assert "Russia" in seen.value.nearest
    assert "did you mean Russia" in str(seen.value)
    assert "ISO code" in str(seen.value)
    with pytest.raises(UnknownName):
        actor("XQZ")
    with pytest.raises(UnknownName, match="cow code '9999'"):
        resolve("9999", system="cow")
    with pytest.raises(UnknownName, match=r"Known: .*cow.*gw"):
        codes("nosuch")


def test_a_name_may_be_called_one() -> None:
    assert resolve("Korea, North", system="name") == "PRK"
    with pytest.raises(UnknownName, match="did you mean Russia"):
        resolve("Russsia", system="name")


def test_a_code_without_its_system_says_which_systems_have_it() -> None:
    with pytest.raises(UnknownName, match="code of cow_abbr: say --system cow_abbr"):
        resolve("GMY")
    with pytest.raises(UnknownName, match=r"code of cow, gw, .*say --system cow"):
        resolve("365")


def test_nothing_is_no_state() -> None:
    for text in ("", "  ", "-", "?!"):
        with pytest.raises(UnknownName):
            resolve(text)


def test_what_can_mean_two_states_is_asked_back() -> None:
    with pytest.raises(Ambiguous, match=r"South Korea \(KOR\), North Korea \(PRK\); give the code"):
        resolve("Korea")


def test_a_code_that_changed_hands_needs_a_date() -> None:
    table = facts("codes").vstack(facts("codes").clear())
    dated = [
        (system, code)
        for system, code, n in table.group_by("system", "code")
        .agg(pl.col("actor").n_unique())
        .sort("system", "code")
        .iter_rows()
        if n > 1 and codes(system).filter(pl.col("code") == code).height > 1
    ]
    for system, code in dated:
        rows = codes(system).filter(pl.col("code") == code).sort("start")
        with pytest.raises(Ambiguous, match="give a date"):
            resolve(code, system=system)
        for key, start in rows.select("actor", "start").iter_rows():
            assert resolve(code, system=system, at=start) == key


def test_codes_of_a_system_are_one_actor_a_day() -> None:
    for system in ("cow", "gw", *facts("codes")["system"].unique().sort()):
        table = codes(system)
        assert table.select("code", "start").is_duplicated().sum() == 0
        assert table.equals(table.sort("code", "start"))
        assert set(table["actor"]) <= set(ALL)


def test_a_column_of_codes_becomes_actors_in_order() -> None:
    frame = pl.DataFrame(
        {
            "code": [365, 2, 999999, None, 365],
            "day": [date(1950, 1, 1)] * 5,
        }
    )
    out = with_actor(frame, "code", system="cow", on="day")
    assert out["actor"].to_list() == ["RUS", "USA", None, None, "RUS"]
    assert out["code"].equals(frame["code"])


def test_a_column_of_names_becomes_actors_as_of_its_date() -> None:
    frame = pl.DataFrame(
        {
            "name": ["North Korea", "USSR", "Atlantis", None, "Yugoslavia"],
            "day": [date(1980, 1, 1)] * 5,
        }
    )
    out = with_actor(frame, "name", system="name", on="day")
    assert out["actor"].to_list() == ["PRK", "RUS", None, None, "YUG"]
    assert with_actor(frame, "name", system="name", into="who").columns == ["name", "day", "who"]


def test_columns_and_single_codes_agree() -> None:
    """Every COW code on a few days: the vectorised way and the slow one."""
    table = codes("cow").select("code").unique().sort("code")
    for day in (date(1850, 6, 1), date(1939, 1, 1), date(1975, 1, 1), date(2010, 1, 1)):
        frame = table.with_columns(day=pl.lit(day))
        column = with_actor(frame, "code", system="cow", on="day")["actor"].to_list()
        numbers = frame.with_columns(pl.col("code").cast(pl.Int64))
        assert with_actor(numbers, "code", system="cow", on="day")["actor"].to_list() == column
        single = [resolve(code, system="cow", at=day) for code in table["code"]]
        assert column == single


@pytest.mark.parametrize(
    ("year", "n"),
    [(1816, 23), (1900, 42), (1945, 64), (2011, 195), (2016, 195)],
)
def test_the_state_system_has_the_size_that_cow_publishes(year: int, n: int) -> None:
    """COW State System Membership v2016: number of states per year, system2016.csv."""
    rows = members(Period(year, year))
    assert rows["actor"].n_unique() == n


def test_members_existed_and_others_did_not() -> None:
    period = Period(1960, 1960)
    inside = set(members(period)["actor"])
    assert all(actor(key).existed(period) == (key in inside) for key in ALL)
    assert {"DDR", "RUS", "CSK"} <= inside
    assert not {"UKR", "BGD", "SRB"} & inside


def test_spells_of_a_state_are_in_order_and_apart() -> None:
    for key in ALL:
        spells = actor(key).spells
        for one, other in pairwise(spells):
            assert one.end is not None
            assert other.start is not None
            assert one.end <= other.start
        assert all(isinstance(s, Spell) for s in spells)


def test_predecessors_and_successors_know_each_other() -> None:
    for key in ALL:
        record = actor(key)
        assert key not in record.predecessors
        assert all(key in actor(p).successors for p in record.predecessors), key
        assert all(key in actor(s).predecessors for s in record.successors), key


def test_a_name_that_is_no_id_names_itself() -> None:
    assert name_of("PRK") == "North Korea"
    assert name_of("nobody") == "nobody"


def test_an_ambiguous_code_says_since_when_where_that_is_known() -> None:
    with pytest.raises(Ambiguous) as caught:
        resolve("305", system="polity")
    assert str(caught.value) == (
        "polity code '305' can mean Austria-Hungary (XAH), Austria (AUT) from 1918; give a date"
    )
    assert resolve("305", system="polity", at=date(1900, 1, 1)) == "XAH"


@pytest.mark.parametrize(
    ("actor_id", "on", "name"),
    [
        ("RUS", 1900, "Russia"),
        ("RUS", 1920, "Soviet Russia"),
        ("RUS", 1962, "Soviet Union"),
        ("RUS", date(1991, 12, 25), "Soviet Union"),
        ("RUS", date(1991, 12, 26), "Russia"),
        ("RUS", None, "Russia"),
        ("DEU", 1860, "Prussia"),
        ("DEU", 1939, "Germany"),
        ("DEU", 1970, "West Germany"),
        ("DEU", 1991, "Germany"),
        ("COD", 1965, "DR Congo"),
        ("COD", 1980, "Zaire"),
        ("MMR", 1980, "Burma"),
        ("MMR", 1990, "Myanmar"),
        ("SRB", 1999, "Yugoslavia"),
        ("SRB", 2004, "Serbia and Montenegro"),
        ("SRB", 2007, "Serbia"),
        ("TUR", 1914, "Ottoman Empire"),
        ("LKA", 1960, "Ceylon"),
        ("CZE", 1999, "Czechia"),
        ("NOSUCH", 1999, "NOSUCH"),
    ],
)
def test_a_state_is_called_as_it_was_then(actor_id: str, on: date | int | None, name: str) -> None:
    assert name_of(actor_id, on) == name


def test_a_name_of_then_finds_its_state() -> None:
    """Whatever a page calls a state of the past, the search and the commands understand."""
    for actor_id in ALL:
        for year in range(1816, 2025, 8):
            day = date(year, 7, 1)
            if any(day in spell for spell in actor(actor_id).spells):
                assert resolve(name_of(actor_id, day), at=day) == actor_id, (actor_id, year)
