"""Analogues: every group and window of history one by one, and what the distance does."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest

from blocs.alignment.analogues import DIMENSIONS, LARGEST, nearest_groups, profile
from blocs.alignment.groups import members_on
from blocs.alignment.vote_sums import CLASSES, Pooled, VoteSums
from blocs.almanac.tables import facts
from blocs.ties.network import TieMatrix

STATES = "BEL NLD LUX EST LVA LTU POL HUN CZE SVK SAU ARE KWT QAT OMN BHR AUS NZL USA"
NAMES = tuple(sorted(STATES.split()))
VOTED = tuple(y for y in range(1946, 2025) if y != 1964)


def made_up(seed: int) -> tuple[VoteSums, TieMatrix]:
    """Random sums of votes with pairs that never met, and treaties with holes."""
    rng = np.random.default_rng(seed)
    n, y = len(NAMES), len(VOTED)

    def pairs(draw: np.ndarray) -> np.ndarray:
        upper = np.triu(draw, 1)
        return upper + upper.swapaxes(-1, -2)

    calls = pairs(rng.integers(0, 4, (y, n, n)).astype(float))
    counts = np.stack([calls, calls, calls])
    products = pairs(rng.normal(size=(5, y, n, n))) * (calls > 0)
    squares = rng.integers(0, 3, (y, n, n)) * calls
    weight = pairs(rng.integers(0, 4, (2025 - 1930, n, n)) / 3)
    weight[pairs(rng.random(weight.shape)) > 0.85] = np.nan
    return (
        VoteSums(NAMES, VOTED, counts, products, squares),
        TieMatrix(NAMES, tuple(range(1930, 2025)), weight),
    )


def plain_profile(
    sums: VoteSums, ties: TieMatrix, members: tuple[str, ...], years: range
) -> np.ndarray:
    """The profile of a group, pair by pair and year by year."""
    mine = [m for m in members if m in NAMES]
    shares, bonds = [], []
    for a, b in itertools.combinations(mine, 2):
        i, j = NAMES.index(a), NAMES.index(b)
        at = [sums.years.index(y) for y in years if y in sums.years]
        scale = np.sqrt(sums.squares[at, i, j].sum() * sums.squares[at, j, i].sum())
        if sums.counts[0][at, i, j].sum() > 0 and scale > 0:
            shares.append([sums.products[c][at, i, j].sum() / scale for c in range(5)])
        lit = [ties.years.index(y) for y in years if y in ties.years]
        weights = [ties.weight[y, i, j] for y in lit]
        if weights and not np.isnan(weights).any():
            bonds.append(np.mean(weights))
    parts = np.mean(shares, axis=0) if shares else np.full(5, np.nan)
    return np.array([parts.sum(), *parts, np.mean(bonds) if bonds else np.nan])


def plain_ranking(target, sums, ties, window, exclude, until, classed):
    best = {}
    for slug, start, end, kind in facts("groups").select("group", "start", "end", "kind").rows():
        if kind == "label" or start is None:
            continue
        for year in range(max(start.year, 1816), min(until, end.year - 1 if end else until) + 1):
            members = members_on(slug, date(year, 12, 31))
            shared = len(set(members) & set(exclude))
            if not 3 <= len(members) <= LARGEST or shared > len(members) / 2:
                continue
            theirs = plain_profile(sums, ties, members, range(year - window + 1, year + 1))
            goal = np.array(target)
            if not classed:
                theirs[1:6] = goal[1:6] = np.nan
            gap = theirs - goal
            known = ~np.isnan(gap)
            if known.any():
                key = (not known[0], np.sqrt((gap[known] ** 2).mean()))
                if slug not in best or key < (best[slug][0][0], best[slug][0][1] - 1e-12):
                    best[slug] = (key, year, members)
    return best


@pytest.mark.parametrize(("window", "classed", "until"), [(3, True, 2024), (6, False, 1999)])
def test_every_window_of_every_group(window, classed, until):
    sums, ties = made_up(window)
    target = [0.3, 0.2, 0.1, 0.0, np.nan, -0.1, 0.6]
    exclude = ("POL", "HUN", "SVK", "USA")
    found = nearest_groups(
        target,
        sums=sums,
        treaties=ties,
        window=window,
        exclude=exclude,
        until=until,
        classed=classed,
    )
    wanted = plain_ranking(target, sums, ties, window, exclude, until, classed)
    assert {a.group for a in found} == set(wanted)
    assert len(found) > 10
    for a in found:
        (dark, distance), year, members = wanted[a.group]
        assert a.distance == pytest.approx(distance, abs=1e-12)
        assert (a.first, a.last, a.members) == (year - window + 1, year, members)
        assert ("likeness" not in a.dimensions) == dark
    keys = [("likeness" not in a.dimensions, a.distance, a.group) for a in found]
    assert keys == sorted(keys)
    assert "visegrad" not in {a.group for a in found}


def test_a_group_is_its_own_nearest_when_it_is_not_left_out():
    sums, ties = made_up(0)
    members = members_on("baltic", date(2010, 12, 31))
    target = plain_profile(sums, ties, members, range(2008, 2011))
    found = nearest_groups(target, sums=sums, treaties=ties, window=3, exclude=(), until=2024)
    assert (found[0].group, found[0].last) == ("baltic", 2010)
    assert found[0].distance == pytest.approx(0, abs=1e-12)


def test_classes_of_another_reference_are_not_known():
    sums, ties = made_up(1)
    found = nearest_groups(
        [0.3, 0.2, 0.1, 0.0, 0.0, -0.1, 0.6],
        sums=sums,
        treaties=ties,
        window=3,
        exclude=(),
        until=2024,
        classed=False,
    )
    assert all(np.isnan(a.profile[1:6]).all() for a in found)
    assert not {d for a in found for d in a.dimensions} & set(CLASSES)


def test_profile_by_hand():
    # pairs: 0-1 shares 2 calls, C = (1 + 0.5) / 2; 0-2 never met; 1-2 has no scale
    counts = np.zeros((3, 3, 3))
    counts[0, 0, 1] = counts[0, 1, 0] = 2
    counts[0, 1, 2] = counts[0, 2, 1] = 5
    squares = np.zeros((3, 3))
    squares[0, 1], squares[1, 0] = 4.0, 1.0
    products = np.zeros((5, 3, 3))
    products[0, 0, 1] = products[0, 1, 0] = 1.0
    products[3, 0, 1] = products[3, 1, 0] = 0.5
    bonds = np.array([[np.nan, 1, np.nan], [1, np.nan, 0], [np.nan, 0, np.nan]])
    found = profile(
        Pooled(counts=counts, products=products, squares=squares),
        bonds,
        ("A", "B", "C"),
        ("A", "B", "C", "D"),
    )
    assert dict(zip(DIMENSIONS, found, strict=True)) == pytest.approx(
        {
            "likeness": 0.75, "shield": 0.5, "counter": 0, "with_reference": 0,
            "neutral": 0.25, "dissent": 0, "treaties": 0.5,
        }
    )  # fmt: skip


def test_profile_of_nothing_known_is_not_known():
    assert np.isnan(profile(None, None, (), ("A", "B"))).all()
