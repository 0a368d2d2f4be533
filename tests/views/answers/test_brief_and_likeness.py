"""What a brief says of a pair is what ``blocs likeness`` says of it, on the same votes."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from tests.known_groups import assessed, layer

from blocs.contracts import Evidence
from blocs.records import Brief
from blocs.views.answers.brief import brief
from blocs.views.answers.likeness import likeness

FOUR = ("CHN", "IRN", "PRK", "RUS")
OTHERS = ("USA", "GBR", "FRA", "IND", "BRA", "CUB", "JPN", "EGY")


@pytest.fixture(scope="module")
def votes(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published votes of a dozen states since 2021, in the publisher's own form."""
    file = shared / "data" / "un_votes_voeten" / "UNVotes_ext_2021_2024.csv.gz"
    table = pl.read_csv(file, infer_schema=False)
    path = tmp_path_factory.mktemp("votes") / "UNVotes_ext_2021_2024.csv"
    table.filter(pl.col("Country").is_in([*FOUR, *OTHERS])).write_csv(path)
    return path


def told(found: Brief) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Votes in common, agreement and identical votes of every pair."""
    return {
        (d.a, d.b): (d.votes.n, d.votes.agreement, d.votes.identical)
        for d in found.dyads
        if d.votes
    }


@pytest.mark.shared
@pytest.mark.parametrize("source", ["the almanac", "the votes themselves"])
def test_a_pair_in_a_brief_is_the_pair_that_likeness_scores(votes: Path, source: str) -> None:
    given = Evidence(data=(str(votes),))
    found = assessed("the four") if source == "the almanac" else brief(*FOUR, evidence=given)
    pairs = told(found)
    assert sorted(pairs) == list(combinations(FOUR, 2))
    years = {"from_": found.period.first, "to": found.period.last}
    for (a, b), (n, agreement, identical) in pairs.items():
        for measure, value in (("agreement", agreement), ("identical", identical)):
            scored = likeness(a, b, measure=measure, evidence=given, **years)
            assert scored.n == n
            assert scored.value == pytest.approx(value, abs=1e-12)
    raw = sum(agreement for _, agreement, _ in pairs.values()) / len(pairs)
    assert layer(found, "votes").raw == pytest.approx(raw, abs=1e-12)


def test_a_brief_says_how_the_figures_of_a_pair_are_defined() -> None:
    method = {m.id: m.text for m in assessed("the four").methods}["method-dyads"]
    for word in ("agreement", "identical", "absences are left out", "blocs likeness A B"):
        assert word in method
