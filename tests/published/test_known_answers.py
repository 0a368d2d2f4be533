"""Groups of history of which any sound tool gives the same answer.

What is held against the briefs is in the textbooks and in ATOP: who was bound by
what and when, who sat for China in the General Assembly, who votes with whom.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.known_groups import assessed, layer

from blocs.records import Brief
from blocs.views.answers.brief import brief


def holds(found: Brief, name: str) -> str:
    return next(f.holds for f in found.verdict.findings if f.name == name)


def classes(found: Brief) -> dict[str, float]:
    return {m.name: m.value for m in found.motives.classes}


def in_force(found: Brief, *members: str) -> set[str]:
    """Obligations of the treaties in force between all of some members."""
    return {
        obligation
        for t in found.treaties
        if t.in_force.startswith("in force") and set(members) <= set(t.members)
        for obligation in t.obligations
    }


def test_the_warsaw_pact_was_a_bloc_against_the_united_states():
    found = assessed("Warsaw Pact")
    votes = layer(found, "votes")
    assert found.verdict.grade == "axis"
    assert found.reference.id == "USA"
    assert {m.id for m in found.group.members} == {
        "ALB", "BGR", "CSK", "DDR", "HUN", "POL", "ROU", "RUS"
    }  # fmt: skip
    assert votes.residual is not None
    assert votes.residual > 0.95
    assert votes.percentile is not None
    assert votes.percentile > 0.99
    assert found.reference.across is not None
    assert found.reference.across < 0
    assert [holds(found, n) for n in ("alike", "against", "bound", "hub_free")] == ["yes"] * 4


def test_east_germany_had_no_seat_and_is_a_hole_not_a_nought():
    votes = layer(assessed("Warsaw Pact"), "votes")
    assert {tuple(sorted(pair)) for pair in votes.holes} == {
        tuple(sorted(("DDR", m))) for m in ("ALB", "BGR", "CSK", "HUN", "POL", "ROU", "RUS")
    }
    assert (votes.pairs, votes.possible_pairs) == (21, 28)


def test_four_states_with_nothing_in_common_agree_and_are_no_axis():
    found = assessed("no group")
    votes, treaties = layer(found, "votes"), layer(found, "alliances")
    assert votes.raw is not None
    assert votes.raw > 0.95
    assert found.verdict.grade == "none"
    assert votes.p is not None
    assert votes.p > 0.01
    assert treaties.percentile is not None
    assert treaties.percentile < 0.95


def test_the_raw_agreement_of_the_four_is_lower_than_that_of_four_at_random():
    """Why raw agreement is no test: those with nothing in common conform more."""
    ours, theirs = (layer(assessed(n), "votes").raw for n in ("the four", "no group"))
    assert ours is not None
    assert theirs is not None
    assert ours < theirs


def test_the_nordic_states_are_cohesive_and_have_no_enemy():
    found = assessed("Nordic states")
    votes = layer(found, "votes")
    assert found.verdict.grade == "none"
    assert holds(found, "alike") == "yes"
    assert holds(found, "against") == "no"
    assert votes.percentile is not None
    assert votes.percentile > 0.99
    assert classes(found)["with_reference"] > 0.8
    assert found.reference.across is not None
    assert found.reference.across > 0


@pytest.mark.parametrize("name", ["five of BRICS", "BRICS"])
def test_brics_dissents_and_is_no_bloc(name):
    found = assessed(name)
    parts = classes(found)
    assert found.verdict.grade == "none"
    assert holds(found, "alike") == "no"
    assert holds(found, "bound") == "no"
    assert -parts["dissent"] > 0.1
    assert -parts["dissent"] > parts["neutral"] + parts["with_reference"]
    assert -parts["dissent"] > 2.5 * -classes(assessed("the four"))["dissent"]


def test_the_four_are_a_front_led_by_shielding_each_other():
    found = assessed("the four")
    parts = classes(found)
    assert found.verdict.grade == "front"
    assert max(parts, key=lambda name: parts[name]) == "shield"
    assert parts["shield"] > 3 * parts["counter"]
    assert holds(found, "bound") == "no"


def test_the_voting_likeness_of_the_four_is_older_than_2022_and_their_support_is_not():
    found = assessed("the four")
    series = {p.year: p.value for p in layer(found, "votes").series}
    before = [series[y] for y in range(2012, 2022)]
    assert np.mean(before) > 0.5
    told = [s for s in found.support if s.supporter in {"CHN", "IRN", "PRK"}]
    assert len(told) > 5
    assert all(s.recipient == "RUS" for s in told)
    assert min((s.reported or s.start or "") for s in told) >= "2022"


def test_the_treaty_of_russia_and_north_korea_is_in_force_from_december_2024():
    found = assessed("the four")
    (treaty,) = (t for t in found.treaties if (t.start or "") >= "2024")
    assert set(treaty.members) == {"PRK", "RUS"}
    assert (treaty.signed, treaty.start) == ("2024-06-19", "2024-12-04")
    assert treaty.in_force == "in force for part of the period"
    assert "defence" in treaty.obligations


def test_china_is_dark_before_october_1971():
    """Until then Taipei sat for China (COW 713, not 710): its votes are nobody's else."""
    found = assessed("before the seat")
    votes = layer(found, "votes")
    assert (votes.raw, votes.residual, votes.percentile) == (None, None, None)
    assert votes.series == ()
    assert [d.votes for d in found.dyads] == [None, None, None]
    assert found.motives.classes == ()
    assert holds(found, "alike") == "not known"


def test_china_votes_from_its_seat_on():
    found = assessed("after the seat")
    n = {(d.a, d.b): d.votes.n for d in found.dyads if d.votes}
    assert {pair for pair in n if "CHN" in pair} == {
        ("ALB", "CHN"), ("CHN", "CUB"), ("CHN", "RUS")
    }  # fmt: skip
    assert max(n[p] for p in n if "CHN" in p) < n["CUB", "RUS"]
    assert min(p.year for p in found.motives.series) < 1971


def test_the_axis_of_1938_had_consultation_and_neutrality_only():
    found = assessed("Axis 1938")
    assert in_force(found, "DEU", "ITA") | in_force(found, "DEU", "JPN") == {
        "consultation", "neutrality"
    }  # fmt: skip
    treaties = layer(found, "alliances")
    assert treaties.raw == pytest.approx(2 / 3)
    assert (treaties.pairs, treaties.low) == (3, None)
    assert holds(found, "bound") == "no"
    assert not layer(found, "votes").lit


def test_germany_and_italy_were_bound_to_defend_each_other_from_1939():
    found = assessed("Axis 1939")
    assert {"defence", "offence"} <= in_force(found, "DEU", "ITA")
    assert "defence" not in in_force(found, "DEU", "JPN")
    weights = {(d.a, d.b): {t.layer: t.weight for t in d.ties} for d in found.dyads}
    assert weights["DEU", "ITA"]["alliances"] == 1.0
    assert weights["DEU", "JPN"]["alliances"] == pytest.approx(2 / 3)


def test_germany_and_the_soviet_union_promised_not_to_attack_and_were_no_allies():
    found = assessed("the pact of 1939")
    assert {m.id for m in found.group.members} == {"DEU", "RUS"}
    bound = in_force(found, "DEU", "RUS")
    assert "nonaggression" in bound
    assert not bound & {"defence", "offence"}
    assert holds(found, "bound") == "no"
    (tie,) = (t for t in found.dyads[0].ties if t.layer == "alliances")
    assert tie.weight is not None
    assert tie.weight < 1
    (pact,) = (t for t in found.treaties if t.in_force.startswith("in force"))
    assert (pact.signed, pact.end) == ("1939-08-23", "1941-06-22")


def test_nato_took_west_germany_in_in_1955():
    found = assessed("NATO 1955")
    members = {m.id for m in found.group.members}
    assert len(members) == 15
    assert {"DEU", "TUR", "GRC", "USA"} <= members
    assert "ESP" not in members
    assert found.reference.id == "RUS"
    treaties = layer(found, "alliances")
    assert (treaties.raw, treaties.pairs) == (1.0, 105)
    assert holds(found, "bound") == "yes"
    # neither Germany nor Italy nor Portugal voted in most of that year
    votes = layer(found, "votes")
    assert ("BEL", "DEU") in votes.holes


def test_the_european_union_votes_with_the_united_states_not_against_it():
    found = assessed("European Union")
    assert found.reference.id == "USA"
    assert classes(found)["with_reference"] > 10 * classes(found)["shield"]
    assert found.reference.across is not None
    assert found.reference.to_reference is not None
    assert found.reference.across < 0 < found.reference.to_reference
    assert (holds(found, "against"), found.verdict.grade) == ("no", "none")


def test_a_treaty_signed_is_not_in_force():
    """Signed 14 May 1955, in force 4 June: the state of 1954 knows nothing of it."""
    found = brief("POL", "RUS", "HUN", from_=1954, to=1954)
    assert "Warsaw Pact" not in {t.name for t in found.treaties}
    later = brief("PRK", "RUS", from_=2023, to=2023)
    assert all((t.signed or "") < "2024" for t in later.treaties)
    assert holds(later, "bound") == "no"


@pytest.mark.parametrize("seed", range(2))
def test_groups_drawn_by_lot_are_no_axis(seed):
    states = [
        "ARG", "AUS", "BGD", "BRA", "CAN", "CHL", "COD", "COL", "DZA", "EGY", "ETH", "FRA",
        "GHA", "IDN", "IND", "IRQ", "ITA", "JPN", "KAZ", "KEN", "MAR", "MEX", "MMR", "NGA",
        "NLD", "NZL", "PAK", "PER", "PHL", "POL", "SAU", "SEN", "SWE", "THA", "TUR", "TZA",
        "UKR", "VNM", "ZAF", "ZMB",
    ]  # fmt: skip
    members = np.random.default_rng(seed).choice(states, 4, replace=False)
    found = brief(*members, from_=2015, to=2019)
    assert found.verdict.grade == "none"
    p = layer(found, "votes").p
    assert p is not None
    assert p > 0.01
