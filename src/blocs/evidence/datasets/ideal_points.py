"""Published ideal points of states in the UN General Assembly, three vintages."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_FIRST_SESSION = 1945
_IMPORTANT = "idealpointimportant"


def read_2012(file: SourceFile, source_id: str) -> Facts:
    """Read the first table: year, abbreviation, name, point; states go by name.

    The abbreviations are close to the Correlates of War's but not the same.
    """
    rows = read_rows(file, source_id, "year", "name", "ideal.point", nulls=("", "NA"))
    dated = rows.integers("year").numbers("ideal.point").years("year")
    spelt = dated.put(name=pl.col("name").replace("Congo", "Congo-Brazzaville"))
    named = spelt.state("name", into="actor", system="name", on="start")
    return _facts(named.put(ideal_point=pl.col("ideal.point")))


def read_2015(file: SourceFile, source_id: str) -> Facts:
    """Read the Dataverse table: year, COW number ("2.0"), point."""
    rows = read_rows(file, source_id, "year", "ccode", "idealpoint", nulls=("", "NA", "NaN"))
    dated = rows.integers("year", "ccode").numbers("idealpoint").years("year")
    coded = _coded(dated)
    return _facts(coded.put(ideal_point=pl.col("idealpoint")))


def read_important(file: SourceFile, source_id: str) -> Facts:
    """Read points from important votes only, by session; kind ``ideal_point_important``.

    Session s opens in September of 1945 + s; its points stand for that year.
    """
    rows = read_rows(file, source_id, "ccode", "session", _IMPORTANT, nulls=("", "NA"))
    dated = rows.integers("ccode", "session").numbers(_IMPORTANT)
    years = dated.put(year=pl.col("session") + _FIRST_SESSION).years("year")
    named = _coded(years).put(ideal_point_important=pl.col(_IMPORTANT))
    return named.attributes({"ideal_point_important": "ideal point"})


def _coded(rows: Rows) -> Rows:
    return rows.state("ccode", into="actor", system="voeten", on="start")


def _facts(rows: Rows) -> Facts:
    return rows.attributes({"ideal_point": "ideal point"})


DATASET = Dataset(
    title="Ideal points in the UN General Assembly, as published",
    unit="state x year or session",
    years="1946-2018",
    publisher="Michael A. Bailey, Anton Strezhnev and Erik Voeten, Harvard Dataverse",
    page="https://doi.org/10.7910/DVN/LEJUQZ",
    licence="CC0 1.0",
    citation=Citation(
        "Bailey, M. A., Strezhnev, A., Voeten, E. (2017). Estimating Dynamic State Preferences "
        "from United Nations Voting Data. Journal of Conflict Resolution 61(2): 430-456",
        "10.1177/0022002715595700",
    ),
    releases=(
        Release(
            version="2012",
            columns=frozenset({"year", "id", "name", "ideal.point"}),
            read=read_2012,
            until=2012,
        ),
        Release(
            version="2015",
            columns=frozenset({"year", "ccode", "countryabb", "session", "idealpoint"}),
            read=read_2015,
            until=2015,
        ),
        Release(
            part="important",
            version="2020",
            columns=frozenset({"ccode", "session", _IMPORTANT, "iso3c"}),
            read=read_important,
            until=2018,
        ),
    ),
)
