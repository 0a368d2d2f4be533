"""Likeness of votes held against what others published and against a plain recount.

`IdealpointsPublished.tab` (Voeten, United Nations General Assembly Voting Data; the
vintage to 2015) has the share of roll calls on which a state voted as the United
States, Russia, Brazil, China, India and Israel did. Which definition that is was
found here: *identical votes with absences left out*, by session, without unanimous
roll calls and, from session 45 on, without votes on amendments and paragraphs - those
that go into the ideal points (Bailey, Strezhnev & Voeten 2017). In 55 of 69 sessions
the shares are equal to the last of their seven digits; in the others, all after 1996,
that vintage rests on a roll call or a few more or fewer. The agreement score
1 - |difference| / 2 is another figure: it never matches.
"""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from blocs.alignment.similarity.agreement import agreement
from blocs.alignment.similarity.identical import identical
from blocs.contracts import Evidence
from blocs.errors import BadInput, NoCoverage
from blocs.evidence.holdings import Holdings, hold
from blocs.ties.common_votes import BallotMatrix, ballot_matrix, joint_tables
from blocs.views.answers import likeness as view
from blocs.views.answers.likeness import likeness

pytestmark = pytest.mark.shared

LONG, WIDE = "un_votes_voeten/UNVotes.csv.zst", "un_votes_voeten/ungaVoting_003.csv.gz"
LIBRARY, PACKAGE = "un_digital_library_votes", "unvotes_r"
PUBLISHED = "un_ideal_points_older/IdealpointsPublished.tab.gz"
POWERS = {"US": "USA", "RUSSIA": "RUS", "Brazil": "BRA", "China": "CHN", "India": "IND",
          "Israel": "ISR"}  # fmt: skip


@cache
def held(path: str) -> Holdings:
    return hold(data=[path])


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "hold", lambda data, **_: held(*data))


def of(shared: Path, data: str, a: str, b: str, **options):
    return likeness(a, b, evidence=Evidence(data=(str(shared / "data" / data),)), **options)


# a plain recount ----------------------------------------------------------------


@cache
def library_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path / "UN DATA.csv.gz", "rt", encoding="utf-8-sig") as stream:
        return [r for r in csv.DictReader(stream) if r["Council"] == "General Assembly"]


@pytest.mark.parametrize(
    ("a", "b", "columns"),
    [
        ("CHN", "RUS", (("CHINA",), ("RUSSIAN FEDERATION", "USSR"))),
        ("USA", "ISR", (("UNITED STATES", " UNITED STATES", "Aa UNITED STATES"), ("ISRAEL",))),
        ("IRN", "PRK", (("IRAN (ISLAMIC REPUBLIC OF)", "IRAN"),
                        ("DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA",))),
        ("FRA", "GBR", (("FRANCE",), ("UNITED KINGDOM", " UNITED KINGDOM"))),
        ("DEU", "CHN", (("GERMANY", "GERMANY, FEDERAL REPUBLIC OF"), ("CHINA",))),
    ],
)  # fmt: skip
def test_the_library_s_records_recounted(shared, a, b, columns):
    """Both ways of treating absence, row by row from the file as it is."""
    pairs = []
    for row in library_rows(shared / "data" / LIBRARY):
        if "1991" <= row["Date"][:4] <= "2021":
            x, y = (next((row[c] for c in names if row[c]), "") for names in columns)
            pairs += [(x, y)] if x and y else []
    for absent, kept in (("value", "YNAX"), ("drop", "YNA")):
        told = [(x, y) for x, y in pairs if x in kept and y in kept]
        found = of(shared, LIBRARY, a, b, measure="identical", absent=absent, from_=1991, to=2021)
        assert found.n == len(told)
        assert found.value == pytest.approx(np.mean([x == y for x, y in told]))


def test_absence_as_a_value_and_left_out_differ_by_points(shared):
    """Both are found in print; for North Korea and Iran they are far apart."""
    ends = {"measure": "identical", "from_": 1991, "to": 2021}
    gaps = [
        of(shared, LIBRARY, a, b, absent="drop", **ends).value
        - of(shared, LIBRARY, a, b, absent="value", **ends).value
        for a, b in (("CHN", "RUS"), ("PRK", "RUS"), ("CHN", "IRN"))
    ]
    assert 0.01 < gaps[0] < 0.02
    assert max(gaps) > 0.04


def test_taipei_s_votes_are_not_china_s(shared):
    for data in (LIBRARY, LONG, WIDE, PACKAGE):
        with pytest.raises(NoCoverage, match="China cast no vote in 1950–70"):
            of(shared, data, "CHN", "USA", from_=1950, to=1970)
    assert of(shared, WIDE, "CHN", "USA", from_=1971, to=1971).first_vote.isoformat() > "1971-10-25"


# three publications of the same roll calls -----------------------------------------


@pytest.mark.parametrize(
    ("a", "b"), [("CHN", "RUS"), ("USA", "ISR"), ("GBR", "FRA"), ("NAM", "ZAF")]
)
@pytest.mark.parametrize("measure", ["agreement", "identical", "s-score", "kappa", "pi", "tau-b"])
def test_long_wide_and_package_agree(shared, a, b, measure):
    """Same source: equal to rounding but for a handful of corrected roll calls."""
    ends = {"measure": measure, "from_": 1991, "to": 2019}
    long, wide, package = (of(shared, d, a, b, **ends) for d in (LONG, WIDE, PACKAGE))
    for other in (wide, package):
        assert abs(long.n - other.n) <= 3
        assert other.value == pytest.approx(long.value, abs=0.002)


def test_the_package_does_not_tell_who_was_absent(shared):
    with pytest.raises(BadInput, match="who was absent"):
        of(shared, PACKAGE, "CHN", "RUS", measure="identical", absent="value")


# Voeten's published shares -------------------------------------------------------


@cache
def published(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, separator="\t", infer_schema=False)
    table = table.with_columns(pl.all().str.strip_chars('"'))
    return table.select(
        pl.col("session").cast(pl.Int64),
        actor="CountryAbb",
        **{power: pl.col(f"PctAgree{name}").cast(pl.Float64) for name, power in POWERS.items()},
    )


def counted(matrix: BallotMatrix) -> np.ndarray:
    """Roll calls with some dissent; no amendments and paragraphs from session 45 on."""
    calls = matrix.rollcalls
    extra = (calls["amend"].fill_null(False) | calls["para"].fill_null(False)).to_numpy()
    late = calls["session"].to_numpy() >= 45
    contested = ((matrix.votes == 1) | (matrix.votes == 2)).any(axis=0)
    return contested & ~(extra & late)


def shares(shared: Path, measure) -> pl.DataFrame:
    """One row per session, state and power: published, and ours by one measure."""
    facts = held(str(shared / "data" / LONG)).by_dataset["unga"]
    matrix = ballot_matrix(facts.rollcalls, facts.ballots)
    matrix = matrix.where(counted(matrix))
    sessions = matrix.rollcalls["session"].to_numpy()
    place = {name: k for k, name in enumerate(matrix.actors)}
    at = [place[power] for power in POWERS.values()]
    rows = []
    for (session,), part in published(shared / "data" / PUBLISHED).group_by(["session"]):
        votes = matrix.votes[:, sessions == session]
        if not votes.shape[1]:
            continue
        scores = measure(joint_tables(votes))[:, at]
        for row in part.filter(pl.col("actor").is_in(matrix.actors)).iter_rows(named=True):
            rows += [
                (session, row["actor"], power, row[power], scores[place[row["actor"]], k])
                for k, power in enumerate(POWERS.values())
            ]
    frame = pl.DataFrame(rows, schema=["session", "actor", "power", "theirs", "ours"], orient="row")
    return frame.drop_nulls().filter(pl.col("theirs").is_finite() & pl.col("ours").is_finite())


def test_published_shares_are_identical_votes_without_absences(shared):
    table = shares(shared, identical).with_columns(gap=(pl.col("theirs") - pl.col("ours")).abs())
    assert table.height > 24_000
    by_session = table.group_by("session").agg(
        same=(pl.col("gap") < 1e-6).mean(), near=pl.col("gap").median()
    )
    assert by_session.filter(pl.col("same") > 0.95).height >= 55
    assert by_session.filter(pl.col("session") <= 51)["same"].min() > 0.95
    assert by_session["near"].max() < 0.02
    assert (table["gap"] < 1e-6).mean() > 0.73


def test_the_agreement_score_is_another_figure(shared):
    table = shares(shared, agreement).with_columns(gap=(pl.col("theirs") - pl.col("ours")).abs())
    away = table.filter(pl.col("actor") != pl.col("power"))
    assert (away["gap"] < 1e-6).mean() < 0.05
    assert (away["ours"] - away["theirs"]).mean() > 0.05
