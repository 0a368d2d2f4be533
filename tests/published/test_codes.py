"""Every code and name of a state in the public data sets means an actor, or is known not to.

What is left over is listed here by name: regions, territories and the publishers' own
"do not know". A code that changed hands is asked for with its year.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from blocs import actors
from blocs.errors import Ambiguous, UnknownName
from blocs.files import decode, read_bytes, read_table, sniff

COLUMNS: list[tuple[str, str, tuple[str, ...], str, set[str]]] = [
    ("cow_states/states2016.csv", "cow", ("ccode",), "styear", set()),
    ("cow_states/states2016.csv", "cow_abbr", ("stateabb",), "styear", set()),
    ("cow_states/system2016.csv", "cow", ("ccode",), "year", set()),
    ("cow_contiguity/contdir.csv", "cow", ("statelno", "statehno"), "", set()),
    ("cow_nmc/NMC_5_0.csv.gz", "cow", ("ccode",), "year", set()),
    ("cow_igo/cow_igo_sy.csv.gz", "cow", ("ccode",), "year", set()),
    ("cow_trade/cow_trade_sy.csv.gz", "cow", ("ccode",), "year", set()),
    ("cow_alliances/alliance_v4.1_by_member.csv", "cow", ("ccode",), "", set()),
    ("cow_mids/MIDB_4.01.csv", "cow", ("ccode",), "StYear", set()),
    ("gml_mids/gml-midb-2.0.csv", "cow", ("ccode",), "styear", set()),
    # party to a treaty of 1874-83, no member of the COW system
    ("atop/atop-member-level.csv.gz", "cow", ("member",), "", {"8152"}),
    ("democracy/polity4v2015.csv.gz", "polity", ("ccode",), "year", set()),
    ("democracy/cw_democracy.csv.gz", "cow", ("ccode",), "year", set()),
    ("ucdp/ucdp_onsets.csv.gz", "gw", ("gwcode",), "year", set()),
    ("unvotes_r/un_votes.csv.gz", "iso2", ("country_code",), "", set()),
    ("unvotes_r/un_votes.csv.gz", "name", ("country",), "", set()),
]


def _meant(text: str, system: str, at: date | None) -> bool:
    try:
        actors.resolve(text, system=system, at=at)
    except Ambiguous:
        return at is None
    except UnknownName:
        return False
    return True


@pytest.mark.shared
@pytest.mark.parametrize(("file", "system", "columns", "year", "others"), COLUMNS)
def test_every_code_means_an_actor(
    shared: Path, file: str, system: str, columns: tuple[str, ...], year: str, others: set[str]
) -> None:
    dated = [year] if year else []
    table = read_table(sniff(shared / "data" / file), columns=[*columns, *dated], nulls=("", "-9"))
    left: set[str] = set()
    for column in columns:
        rows = table.group_by(column).agg(pl.col(dated).min()).drop_nulls(column)
        left |= {
            text
            for text, *when in rows.iter_rows()
            if not _meant(text, system, date(int(float(when[0])), 12, 31) if when else None)
        }
    assert left == others


@pytest.mark.shared
def test_all_spellings_of_the_un_library_but_one_mean_a_state(shared: Path) -> None:
    names = sniff(shared / "data/un_digital_library_votes/UN DATA.csv.gz").columns
    states = names[names.index("token") + 1 :]
    assert len(states) == 259
    assert {name for name in states if not _meant(name, "undl", None)} == {"DONOTKNOW"}


@pytest.mark.shared
def test_columns_of_the_wide_votes_are_actors(shared: Path) -> None:
    names = sniff(shared / "data/un_votes_voeten/ungaVoting_003.csv.gz").columns
    states = {name for name in names if len(name) == 3 and name.isupper()}
    assert len(states) > 190
    assert states <= set(actors.ids())


@pytest.mark.shared
def test_countries_of_gdelt_are_states_or_known_to_be_none(shared: Path) -> None:
    regions = {"AFR", "EUR", "SAF", "SEA"}
    # Bermuda; Hong Kong, Jersey, the Virgin Islands, undersea and its own place
    territories = {"BMU", "BD", "HK", "JE", "OS", "VI"}
    folder = shared / "data/gdelt_samples"
    text = [
        decode(read_bytes(p)) for p in sorted(folder.glob("2*.export.CSV*")) if p.suffix != ".zip"
    ]
    rows = [line.split("\t") for part in text for line in part.splitlines()]
    for system, places in (("cameo", (7, 17)), ("fips", (37, 45, 53))):
        found = {row[i] for row in rows for i in places} - {""}
        left = {code for code in found if not _meant(code, system, None)}
        assert left <= regions | territories
        assert len(found - left) > 80
