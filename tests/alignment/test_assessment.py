"""A group assessed on a world worked out by hand (see `tests.world`)."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import polars as pl
import pytest
from tests import world

from blocs.alignment.assessment import GroupAssessment, assess_group
from blocs.alignment.groups import Group, resolve_group
from blocs.alignment.resampling import Resampled
from blocs.contracts import Facts
from blocs.dates import Period

PERIOD = Period(2001, 2005)
EAST = ("RUS", "CHN", "IRN")


def assess(
    *members: str,
    facts: Facts | None = None,
    period: Period = PERIOD,
    reference: str = "USA",
    seed: int = 0,
) -> GroupAssessment:
    return assess_group(
        resolve_group(members, period),
        period,
        reference=reference,
        evidence=evidence(facts or world.facts()),
        seed=seed,
    )


def evidence(told: Facts) -> dict[str, Facts]:
    """The world's votes and arms from data sets that feed these layers, the rest from one."""
    return {"unga": told, "sipri": told, "almanac": told}


def layer(found: GroupAssessment, name: str):
    return next(one for one in found.layers if one.state.name == name)


@pytest.fixture(scope="module")
def east() -> GroupAssessment:
    return assess(*EAST)


# The mean leaves the group and the United States out. On the first two roll calls the
# three western states and India make it 3/4 (or -3/4), so a residual of the east is
# 7/4; on the third the mean is 0, Russia +1, China -1, Iran 0.
SQUARE = (7 / 4) ** 2
RUS_CHN = (2 * SQUARE - 1) / (2 * SQUARE + 1)
WITH_IRN = 2 * SQUARE / np.sqrt((2 * SQUARE + 1) * 2 * SQUARE)


def test_likeness_by_hand(east):
    votes = layer(east, "votes").cohesion
    assert votes is not None
    assert votes.residual == pytest.approx((RUS_CHN + 2 * WITH_IRN) / 3)
    assert (votes.items, votes.years, votes.pairs) == (15, (2001, 2002, 2003, 2004, 2005), 3)
    # agreement: the two differ by all of the scale on one roll call of three, Iran by half
    assert votes.raw == pytest.approx((2 / 3 + 5 / 6 + 5 / 6) / 3)
    # every year is the same, and resampling years would move nothing; but which roll calls come
    # up is luck, and without a title each is a text of its own
    assert votes.resampled == Resampled("texts", 15, 15)
    assert votes.low is not None
    assert votes.low < votes.residual - 0.05


def test_motives_by_hand(east):
    found = {m.name: m.value for m in east.motives}
    scale = (1 / (2 * SQUARE + 1) + 2 / np.sqrt((2 * SQUARE + 1) * 2 * SQUARE)) / 3
    assert found == {
        "shield": pytest.approx(SQUARE * scale),
        "counter": pytest.approx(SQUARE * scale),
        "with_reference": pytest.approx(0.0),
        "neutral": pytest.approx(0.0),
        "dissent": pytest.approx(-1 / (2 * SQUARE + 1) / 3),
    }


def test_allies_separation_and_bonds_by_hand(east):
    assert east.allies == ("DEU", "FRA", "GBR")
    assert east.separation is not None
    assert east.separation.side == ("USA", "DEU", "FRA", "GBR")
    assert east.separation.across < -0.4
    assert east.bonds is not None
    assert (east.bonds.pairs, east.bonds.known) == ((), 3)
    assert (east.bonds.bound, east.bonds.star) == ("no", "no")


def test_ties_of_the_pairs_by_hand(east):
    rows = {(r["a"], r["b"]): r for r in east.dyads.iter_rows(named=True)}
    assert list(rows) == [("CHN", "IRN"), ("CHN", "RUS"), ("IRN", "RUS")]
    # consultation, 2/3, in three of five years; non-aggression, 1/3, in four of five
    assert rows["CHN", "RUS"]["alliances"] == pytest.approx(2 / 3 * 3 / 5)
    assert rows["IRN", "RUS"]["alliances"] == pytest.approx(1 / 3 * 4 / 5)
    assert rows["CHN", "IRN"]["alliances"] == 0.0
    # 150 one way is 150 / 200, nothing the other way is nought
    assert rows["CHN", "RUS"]["arms"] == pytest.approx((150 / 200 + 0) / 2)
    assert rows["IRN", "RUS"]["arms"] == pytest.approx((50 / 100 + 0) / 2)
    assert rows["CHN", "RUS"]["votes_n"] == 15
    assert rows["CHN", "RUS"]["votes_likeness"] == pytest.approx(RUS_CHN)
    assert rows["CHN", "IRN"]["votes_likeness"] == pytest.approx(WITH_IRN)


def test_issues_by_hand(east):
    rows = {(r["a"], r["b"], r["issue"]): r for r in east.issues.iter_rows(named=True)}
    assert rows["CHN", "RUS", "di"]["n"] == 5
    assert rows["CHN", "RUS", "di"]["same"] == 5
    assert rows["CHN", "USA", "ec"]["distance"] == 10
    assert ("CHN", "RUS", "hr") not in rows


def test_layers_without_evidence_are_dark(east):
    for name in ("disputes", "trade", "support"):
        assert layer(east, name).cohesion is None
        assert layer(east, name).left_out == ()
    assert layer(east, "votes").cohesion is not None
    assert "disputes" not in east.dyads.columns


def test_a_layer_that_ends_before_the_period_is_cut_at_its_coverage():
    found = assess(*EAST, period=Period(2007, 2010))
    sanctions = layer(found, "sanctions").cohesion
    assert sanctions is not None
    assert sanctions.years == (2007, 2008, 2009)


def test_the_west_is_a_bound_bloc_and_the_weak_link_leaves_in_2006():
    found = assess("USA", "GBR", "FRA", "DEU", reference="RUS", period=PERIOD)
    assert found.bonds is not None
    assert (found.bonds.share, found.bonds.bound, found.bonds.hub_free) == (1.0, "yes", "yes")
    later = assess("USA", "GBR", "FRA", "DEU", reference="RUS", period=Period(2006, 2010))
    assert layer(later, "votes").left_out[-1].member == "FRA"


def test_motives_need_the_reference_s_own_votes():
    """From roll calls any state can be the reference; the almanac's figures know one."""
    assert assess(*EAST, reference="GBR").motives
    facts = world.facts()
    counts = facts.ballots.head(0)
    told = dataclasses.replace(facts, ballots=counts, dyad_votes=_counts())
    for reference, lit in (("USA", True), ("GBR", False)):
        found = assess_group(
            resolve_group(EAST, PERIOD), PERIOD, reference=reference, evidence={"almanac": told}
        )
        assert bool(found.motives) == lit
        assert bool(found.motive_years) == lit
        assert found.dyads["votes_likeness"].null_count() == 0
        assert found.dyads["votes_shield"].null_count() == (0 if lit else 3)


def _counts() -> pl.DataFrame:
    from blocs.ties.common_votes import dyad_votes

    return dyad_votes(world.rollcalls(), world.ballots())


# what is not known -----------------------------------------------------------------


def with_spells(*rows) -> Facts:
    return dataclasses.replace(world.facts(), spells=world.spell_table(list(rows)))


def test_a_treaty_in_force_on_one_day_binds_and_one_that_ended_before_does_not():
    pact = ("alliance", "defence", "CHN", "RUS")
    for start, end, bound in (
        (date(2005, 12, 31), None, 1),
        (date(1950, 1, 1), date(2001, 1, 2), 1),
        (date(1950, 1, 1), date(2001, 1, 1), 0),
        (date(2006, 1, 1), None, 0),
    ):
        found = assess("CHN", "RUS", "IRN", facts=with_spells((*pact, start, end)))
        assert found.bonds is not None
        assert (len(found.bonds.pairs), found.bonds.known) == (bound, 3)


def test_a_treaty_nothing_confirms_leaves_the_pair_unknown():
    doubt = ("alliance", "unchecked", "CHN", "RUS", date(2004, 1, 1), None)
    found = assess("CHN", "RUS", facts=with_spells(doubt))
    assert found.bonds is None
    sure = ("alliance", "defence", "CHN", "RUS", date(2002, 1, 1), date(2003, 1, 1))
    found = assess("CHN", "RUS", facts=with_spells(doubt, sure))
    assert found.bonds is not None
    assert found.bonds.pairs == (("CHN", "RUS"),)


def test_a_state_that_did_not_exist_yet_leaves_no_doubt():
    """Montenegro is a state from 2006: the years before are no reason for doubt."""
    found = assess("RUS", "MNE", facts=with_spells(), period=Period(2004, 2008))
    assert found.bonds is not None
    assert (found.bonds.known, found.bonds.share) == (1, 0.0)


# invariants ------------------------------------------------------------------------


def same(a: GroupAssessment, b: GroupAssessment) -> None:
    assert [x.cohesion for x in a.layers] == [x.cohesion for x in b.layers]
    assert [x.left_out for x in a.layers] == [x.left_out for x in b.layers]
    assert (a.motives, a.separation, a.bonds, a.verdict) == (
        b.motives, b.separation, b.bonds, b.verdict
    )  # fmt: skip
    assert a.dyads.equals(b.dyads)
    assert a.issues.equals(b.issues)
    assert repr(a.analogues) == repr(b.analogues)


def test_same_seed_same_figures(east):
    same(east, assess(*EAST))


def test_rows_in_any_order_give_the_same_figures(east):
    facts = world.facts()
    mixed = {
        name: getattr(facts, name).sample(fraction=1.0, shuffle=True, seed=k)
        for k, name in enumerate(("rollcalls", "ballots", "spells", "flows", "coverage"))
    }
    same(east, assess(*EAST, facts=dataclasses.replace(facts, **mixed)))


def test_members_in_any_order_give_the_same_figures(east):
    same(east, assess("IRN", "RUS", "CHN"))


def test_a_frozen_group_of_years_is_the_group(east):
    frozen = Group("", "", tuple((y, tuple(sorted(EAST))) for y in PERIOD.years))
    found = assess_group(frozen, PERIOD, reference="USA", evidence=evidence(world.facts()))
    same(east, found)
