"""Names of states come from the almanac; the reader adds only what news text needs."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources

import pytest

from blocs.evidence.reading.actors import find_mentions
from blocs.evidence.reading.names import load_names, state_names
from blocs.evidence.syntax import parse_sentences


def codes(text: str, day: date | None = None) -> list[str]:
    [tree] = parse_sentences([(text, 0)])
    return [m.code for m in find_mentions(tree, date=day)]


def test_the_reader_repeats_no_name_that_the_almanac_has() -> None:
    almanac = {(entry.code, name, kind) for name, entry, kind in state_names()}
    path = resources.files("blocs.evidence.reading") / "data" / "states.csv"
    own = {
        (row["actor"], name.removeprefix("the "), column)
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
        for column in ("name", "demonym", "capital")
        for name in row[column].split("|")
        if name
    }
    assert len(almanac) > 1000
    assert almanac & own == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dahomey protested.", "BEN"),
        ("Prussia attacked.", "DEU"),
        ("East Germany protested.", "DDR"),
        ("Czechoslovakia protested.", "CSK"),
        ("The United Arab Republic protested.", "EGY"),
        ("Hong Kong protested.", "HKG"),
    ],
)
def test_names_of_the_past_and_the_readers_own_are_known(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text", ["The four anti-Western states met.", "Santiago scored twice.", "Two males were hurt."]
)
def test_common_words_are_no_states(text: str) -> None:
    assert set(codes(text)) <= {"west"}


def test_a_body_that_the_almanac_knows_as_a_group_is_told_by_it() -> None:
    assert {e.code for n, e, _ in load_names() if n == "BRICS"} == {"IGOBRICS"}
