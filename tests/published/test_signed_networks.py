"""Published values for signed networks, met exactly.

Sources: Read, K. E. (1954), Cultures of the central highlands, New Guinea,
Southwestern Journal of Anthropology 10, as the signed graph of Hage, P., Harary, F.
(1983), Structural models in anthropology, p. 56-60; its line index 7 is in Aref, S.,
Wilson, M. C. (2019), Balance and frustration in signed networks, Journal of Complex
Networks 7. Correlates of War windows: Doreian, P., Mrvar, A. (2015), Structural balance
and signed international relations, Journal of Social Structure 16(2).
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from blocs.alignment.partitions import correlation, frustration
from blocs.alignment.partitions.landscape import map_landscape

# tribes by number as in Hage & Harary; "rova" (friendship) and "hina" (enmity)
ROVA = (
    "1-2 1-15 1-16 2-15 2-16 15-16 3-4 3-6 3-7 3-8 4-8 5-7 5-9 5-14 6-7 6-8 6-11 6-12 "
    "7-8 7-11 7-12 7-13 8-11 8-12 9-10 9-13 10-13 11-12 13-14"
)
HINA = (
    "1-3 1-4 1-5 1-6 1-12 2-3 2-5 2-6 2-9 2-10 5-15 5-16 6-9 6-13 6-16 8-14 9-11 9-15 10-11 "
    "10-15 11-13 11-15 11-16 12-14 12-15 12-16 13-15 13-16 14-16"
)


def read_ties(text: str) -> np.ndarray:
    return np.array([tie.split("-") for tie in text.split()], dtype=int) - 1


def test_highland_tribes_have_line_index_seven():
    friends, foes = read_ties(ROVA), read_ties(HINA)
    assert (len(friends), len(foes)) == (29, 29)
    a, b = np.concatenate([friends, foes]).T
    w = np.repeat([1.0, -1.0], 29)
    rng = np.random.default_rng(0)
    two = frustration.partition(16, a, b, w, rng=rng)
    assert (two.frustration, two.proved, two.m) == (7, True, 58)
    many = correlation.partition(16, a, b, w, rng=rng)
    assert (many.frustration, many.proved) == (2, True)
    assert len(set(many.sides.tolist())) == 3


# an application of Axelrod and Bennett (1993) to eleven actors in 2016: strengths, and
# scores 1-5 of every pair; propensity is the score less 3
STRENGTH = [10, 10, 50, 10, 10, 20, 100, 20, 40, 10, 50]
SCORES = "2|24|521|4323|23421|111212|1343352|42123313|222222222|4433321332"


def test_landscape_of_eleven_actors_has_one_minimum():
    size = np.array(STRENGTH, dtype=float)
    rows = [[int(c) for c in row] for row in SCORES.split("|")]
    b = np.concatenate([np.full(len(row), i + 1) for i, row in enumerate(rows)])
    a = np.concatenate([np.arange(len(row)) for row in rows])
    propensity = np.concatenate(rows) - 3.0
    found = map_landscape(11, a, b, size[a] * size[b] * propensity)
    assert found.energy.tolist() == [-83_200.0]
    assert np.flatnonzero(found.sides[0]).tolist() == [3, 6, 9]


def read_windows(path: Path) -> dict[str, np.ndarray]:
    windows: dict[str, list[list[float]]] = {}
    name = ""
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if line.lower().startswith("*edges"):
                name = line.split('"')[1]
                windows[name] = []
            elif name and line.strip():
                windows[name].append([float(x) for x in line.split()])
    return {name: np.array(ties) for name, ties in windows.items()}


@pytest.mark.shared
def test_first_window_and_all_others_are_proved(shared):
    windows = read_windows(shared / "data" / "cow_signed_networks" / "Cow.net.gz")
    assert len(windows) == 51
    values = {}
    for name, ties in windows.items():
        a, b = (ties[:, :2].astype(int) - 1).T
        found = frustration.partition(180, a, b, ties[:, 2], rng=np.random.default_rng(0))
        assert found.proved, name
        assert not (found.forced & found.free).any()
        values[name] = found
    first = values["46-49"]
    tied = len(np.unique(windows["46-49"][:, :2]))
    assert (tied, first.m, int((windows["46-49"][:, 2] < 0).sum())) == (64, 362, 42)
    assert first.frustration == 17
    # in the nineties many states can switch sides at no cost
    free = values["96-99"].free.sum() - (180 - len(np.unique(windows["96-99"][:, :2])))
    assert free >= 5


@pytest.mark.shared
def test_any_number_of_blocs_never_frustrates_more(shared):
    windows = read_windows(shared / "data" / "cow_signed_networks" / "Cow.net.gz")
    for name in ("46-49", "75-78", "96-99"):
        a, b = (windows[name][:, :2].astype(int) - 1).T
        w = windows[name][:, 2]
        rng = np.random.default_rng(0)
        two = frustration.partition(180, a, b, w, rng=rng)
        many = correlation.partition(180, a, b, w, rng=rng)
        assert many.proved
        assert many.frustration <= two.frustration
