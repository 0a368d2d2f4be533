"""The almanac alone judges a group as roll calls at hand do, against each power it knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from blocs.alignment.assessment import assess_group
from blocs.alignment.groups import resolve_group
from blocs.alignment.votes_at_hand import votes_at_hand
from blocs.almanac.tables import CLASSED_BY
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.holdings import hold

PERIOD = Period(2022, 2024)
GRADES = {
    ("NATO", "RUS"): "axis",
    ("NATO", "CHN"): "axis",
    ("G7", "RUS"): "axis",
    ("G7", "CHN"): "axis",
    ("Five Eyes", "RUS"): "front",
    ("Five Eyes", "CHN"): "front",
    ("Gulf Cooperation Council", "RUS"): "none",
    ("Gulf Cooperation Council", "CHN"): "none",
}


@pytest.fixture(scope="module")
def rollcalls(shared: Path) -> Mapping[str, Facts]:
    file = shared / "data" / "un_votes_voeten" / "UNVotes_ext_2021_2024.csv.gz"
    return hold(data=(str(file),), project=None, use=(), only={"unga"}).with_almanac()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "power"), GRADES)
def test_the_almanac_judges_as_roll_calls_do(
    rollcalls: Mapping[str, Facts], name: str, power: str
) -> None:
    """Classes are within .02: the almanac leaves the group's votes in the mean."""
    group = resolve_group((name,), PERIOD)
    alone, beside = (
        assess_group(group, PERIOD, reference=power, evidence=evidence)
        for evidence in ({"almanac": almanac_facts()}, rollcalls)
    )
    assert (alone.held.source, beside.held.source) == ("almanac", "unga")
    for one in (alone, beside):
        assert one.verdict.grade == GRADES[name, power]
        against = next(f for f in one.verdict.findings if f.name == "against")
        assert "than backing what it opposes" in against.sentence
    assert [f.holds for f in alone.verdict.findings] == [f.holds for f in beside.verdict.findings]
    assert [m.value for m in alone.motives] == pytest.approx(
        [m.value for m in beside.motives], abs=0.02
    )


@pytest.mark.parametrize("power", [*CLASSED_BY, "GBR"])
def test_the_almanac_knows_the_votes_of_three_powers(power: str) -> None:
    group = resolve_group(("DNK", "NOR"), PERIOD)
    held = votes_at_hand({"almanac": almanac_facts()}, power, group, PERIOD)
    assert held.classed == (power in CLASSED_BY)
    assert held.source == "almanac"
