from __future__ import annotations

from datetime import date

import pytest

FACT = ("type", "sender", "receiver", "start", "end", "value", "ref")


def test_a_dispute_is_cut_at_the_year_and_days_may_be_unknown(read):
    facts = read("mid", "dyadic.csv")
    begun, turned, over = date(1911, 11, 3), date(1912, 1, 1), date(1912, 2, 1)
    assert facts.events.select(FACT).rows() == [
        ("use", "GBR", "DEU", begun, turned, 4.0, "1"),
        ("threat", "GBR", "DEU", turned, over, 2.0, "1"),
        (None, "DEU", "GBR", begun, turned, None, "1"),
    ]
    assert facts.coverage.select("topic", "start", "end").rows() == [
        ("disputes", date(1816, 1, 1), date(2015, 1, 1))
    ]


def test_rows_that_contradict_themselves_are_refused(read):
    assert read("mid", "dyadic.csv").rejects.select("row", "rule", "value").rows() == [
        (4, "year is within the dispute", "1913"),
        (5, "state is known", "1000"),
        (6, "start is a day", "30"),
        (7, "hostility is 1 to 5", "7"),
        (8, "hihosta must be: integer", "soon"),
    ]


def test_version_5_knows_years_only(read):
    rows = read("mid", "directed.csv").events.select(FACT).rows()
    span = (date(1940, 1, 1), date(1941, 1, 1))
    assert rows == [
        ("war", "USA", "FRA", *span, 5.0, "3551"),
        ("none", "FRA", "USA", *span, 1.0, "3551"),
    ]


@pytest.mark.parametrize(
    ("file", "kind", "sender", "start", "end"),
    [
        ("MIDA.csv", "dispute_whole", None, date(1902, 7, 1), date(1903, 1, 25)),
        ("disputes.csv", "dispute_whole", None, date(1902, 7, 1), None),
        ("MIDB.csv", "dispute_part", "GBR", date(1902, 7, 1), date(1903, 1, 25)),
        ("MIDLOC.csv", "dispute_place", None, date(1902, 1, 1), date(1903, 1, 1)),
    ],
)
def test_disputes_participants_and_places(read, file, kind, sender, start, end):
    facts = read("mid", file)
    first = facts.events.select("kind", "sender", "receiver", "start", "end", "ref").row(0)
    assert first == (kind, sender, None, start, end, "7")
    assert facts.rejects.height == 0


def test_a_number_of_the_fourth_version_stands_in_for_the_third(read):
    assert read("mid", "MIDA.csv").events["ref"].to_list() == ["7", "4021"]


def test_latin_1_is_read(read):
    assert read("mid", "MIDLOC.csv").events["type"].to_list() == ["Embouchure de l'Évre"]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/cow_mids"
    dyadic = read("mid", folder / "dyadic_mid_4.02.csv.gz")
    assert dyadic.events.height == 10_352
    assert set(dyadic.rejects["rule"]) == {"year is within the dispute"}
    assert dyadic.rejects.height == 6
    directed = read("mid", folder / "cow_mid_dirdisps_v5.csv.gz")
    assert (directed.events.height, directed.rejects.height) == (11_390, 0)
    sizes = {"MIDA_4.01.csv": 2586, "cow_mid_disps_v5.csv.gz": 2436, "MIDB_4.01.csv": 6132}
    for name, height in (sizes | {"MIDLOCA_2.1.csv": 2315}).items():
        facts = read("mid", folder / name)
        assert (facts.events.height, facts.rejects.height) == (height, 0)
