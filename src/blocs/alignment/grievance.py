"""Grievance and commitment on ties: common enemies on one axis, mutual ties on the other.

On votes grievance and programme add up; on ties they do not, so they are two axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.resampling import DRAWS, interval, resampled
from blocs.ties.network import TieMatrix

TOP = 3


@dataclass(frozen=True, slots=True)
class Enemy:
    """A state outside that both of a pair are hostile with, and its part of the grievance."""

    actor: str
    part: float


@dataclass(frozen=True, slots=True)
class PairAxes:
    """One pair on both axes.

    Attributes
    ----------
    a, b : str
    grievance, grievance_raw, grievance_expected : float or None
        Sum over common enemies h of n_ah n_bh the year before, minus what signed
        degrees give; and both parts. None where not known.
    enemies : tuple of Enemy
        The three largest parts of `grievance_raw`.
    commitment, commitment_raw, commitment_expected : float or None
        Positive tie minus what positive degrees give; and both parts.
    """

    a: str
    b: str
    grievance: float | None
    grievance_raw: float | None
    grievance_expected: float | None
    enemies: tuple[Enemy, ...]
    commitment: float | None
    commitment_raw: float | None
    commitment_expected: float | None


@dataclass(frozen=True, slots=True)
class AxisValue:
    """The group's mean on one axis, its 90 % interval over resampled years, and n."""

    value: float
    low: float | None
    high: float | None
    years: tuple[int, ...]
    pairs: int
    possible: int


@dataclass(frozen=True, slots=True)
class TieAxes:
    """A group on the two axes of ties; an axis is None where its layers are dark."""

    grievance: AxisValue | None
    commitment: AxisValue | None
    pairs: tuple[PairAxes, ...]


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong the ties of one sign are, by year.

    Attributes
    ----------
    actors : tuple of str
    years : tuple of int
    value : ndarray, shape (y, n, n)
        In [0, 1], symmetric; nan = not known.
    """

    actors: tuple[str, ...]
    years: tuple[int, ...]
    value: NDArray[np.float64]


def strength(matrices: Sequence[TieMatrix], *, sign: int) -> Strength | None:
    """Put the ties of one sign of several layers together: the strongest counts.

    Parameters
    ----------
    matrices : sequence of TieMatrix
        Layers with the same actors; the stronger direction of a tie counts.
    sign : int
        1 for friendly ties, -1 for hostile ones.

    Returns
    -------
    Strength or None
        Over the years any layer is lit; a pair is known in a year if any layer knows
        it. None without layers.
    """
    lit = [m for m in matrices if m.years]
    if not lit:
        return None
    names = lit[0].actors
    years = tuple(sorted({y for m in lit for y in m.years}))
    out = np.full((len(years), len(names), len(names)), np.nan)
    for m in lit:
        at = [years.index(y) for y in m.years]
        one = np.clip(sign * m.weight, 0, None)
        both = np.fmax(one, one.transpose(0, 2, 1))
        out[at] = np.fmax(out[at], both)
    return Strength(names, years, out)


def assess_tie_axes(
    hostile: Strength | None,
    friendly: Strength | None,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
) -> TieAxes:
    """Place a group on grievance and commitment.

    Parameters
    ----------
    hostile, friendly : Strength or None
        Over the window, and the hostile ones over the year before it.
    group : Group
        Its members at the end of the period.
    window : sequence of int
        Years t; grievance is read from t - 1.
    rng : numpy.random.Generator
        For resampling years.

    Notes
    -----
    Grievance of a pair in year t is sum_h n_ih n_jh over states h outside the group,
    n the hostile strength in t - 1, minus its expectation when every state keeps its
    degree: k_i k_j sum_h k_h^2 / K^2 with k the row sums and K their total (ties
    drawn independently in proportion to degrees). Commitment is p_ij - k_i k_j / K on
    friendly ties in t. A pair's value is the mean over the years in which it is known.
    """
    pairs = [(a, b) for x, a in enumerate(group.members) for b in group.members[x + 1 :]]
    wanted = set(window)
    raw_g = _grievances(hostile, group, {t - 1 for t in wanted}) if hostile else None
    raw_p = _commitments(friendly, group, wanted) if friendly else None
    return TieAxes(
        grievance=_axis(raw_g, len(pairs), 1, rng) if raw_g else None,
        commitment=_axis(raw_p, len(pairs), 0, rng) if raw_p else None,
        pairs=tuple(_pair(a, b, k, raw_g, raw_p) for k, (a, b) in enumerate(pairs)),
    )


@dataclass(frozen=True, slots=True)
class _Yearly:
    """Values of every pair by year, (y, pairs), and for grievance the parts by enemy."""

    years: tuple[int, ...]
    raw: NDArray[np.float64]
    expected: NDArray[np.float64]
    parts: NDArray[np.float64]
    enemies: tuple[str, ...]


def _grievances(hostile: Strength, group: Group, years: set[int]) -> _Yearly:
    at = [k for k, y in enumerate(hostile.years) if y in years]
    outside = [k for k, a in enumerate(hostile.actors) if a not in group.members]
    place = {a: k for k, a in enumerate(hostile.actors)}
    i, j = np.triu_indices(len(group.members), 1)
    raw = np.full((len(at), len(i)), np.nan)
    expected, parts = raw.copy(), np.zeros((len(at), len(i), len(outside)))
    rows = [place.get(m) for m in group.members]
    for y, t in enumerate(at):
        n = hostile.value[t]
        degree = np.nansum(n, axis=1)
        total = float(degree.sum())
        fan = float((degree[outside] ** 2).sum()) / total**2 if total else 0.0
        for p, (x, z) in enumerate(zip(i, j, strict=True)):
            a, b = rows[x], rows[z]
            if a is None or b is None:
                continue
            both = n[a, outside] * n[b, outside]
            if np.isnan(both).all():
                continue
            parts[y, p] = np.nan_to_num(both)
            raw[y, p], expected[y, p] = np.nansum(both), degree[a] * degree[b] * fan
    names = tuple(hostile.actors[k] for k in outside)
    return _Yearly(tuple(hostile.years[k] for k in at), raw, expected, parts, names)


def _commitments(friendly: Strength, group: Group, years: set[int]) -> _Yearly:
    at = [k for k, y in enumerate(friendly.years) if y in years]
    place = {a: k for k, a in enumerate(friendly.actors)}
    i, j = np.triu_indices(len(group.members), 1)
    raw = np.full((len(at), len(i)), np.nan)
    expected = raw.copy()
    rows = [place.get(m) for m in group.members]
    for y, t in enumerate(at):
        p_t = friendly.value[t]
        degree = np.nansum(p_t, axis=1)
        total = float(degree.sum())
        for p, (x, z) in enumerate(zip(i, j, strict=True)):
            a, b = rows[x], rows[z]
            if a is None or b is None or np.isnan(p_t[a, b]):
                continue
            raw[y, p] = p_t[a, b]
            expected[y, p] = degree[a] * degree[b] / total if total else 0.0
    return _Yearly(
        tuple(friendly.years[k] for k in at), raw, expected, np.zeros((len(at), len(i), 0)), ()
    )


def _axis(found: _Yearly, possible: int, lag: int, rng: np.random.Generator) -> AxisValue | None:
    excess = found.raw - found.expected
    mean = _known_mean(excess, np.ones((1, len(excess))))
    if np.isnan(mean).all():
        return None
    known = int((~np.isnan(excess)).any(axis=0).sum())
    low, high = None, None
    if len(excess) > 1:
        weight = resampled(len(excess), DRAWS, rng)
        low, high = interval(_known_mean(excess, weight), float(mean[0]))
    years = tuple(y + lag for y in found.years)
    return AxisValue(float(mean[0]), low, high, years, known, possible)


def _known_mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over pairs of their weighted means over the years known, shape (weights,)."""
    known = ~np.isnan(values)
    total, count = weight @ np.where(known, values, 0.0), weight @ known.astype(np.float64)
    each = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    told = ~np.isnan(each)
    mean: NDArray[np.float64] = np.divide(
        np.where(told, each, 0.0).sum(axis=1),
        told.sum(axis=1),
        out=np.full(len(each), np.nan),
        where=told.any(axis=1),
    )
    return mean


def _pair(a: str, b: str, k: int, g: _Yearly | None, p: _Yearly | None) -> PairAxes:
    grievance, commitment = _means(g, k), _means(p, k)
    return PairAxes(a, b, *grievance, _enemies(g, k), *commitment)


def _means(found: _Yearly | None, k: int) -> tuple[float | None, float | None, float | None]:
    """Excess, raw and expected value of one pair, over the years it is known."""
    if found is None:
        return None, None, None
    known = ~np.isnan(found.raw[:, k])
    if not known.any():
        return None, None, None
    raw, expected = float(found.raw[known, k].mean()), float(found.expected[known, k].mean())
    return raw - expected, raw, expected


def _enemies(found: _Yearly | None, k: int) -> tuple[Enemy, ...]:
    if found is None:
        return ()
    known = ~np.isnan(found.raw[:, k])
    if not known.any():
        return ()
    mean = found.parts[known, k].mean(axis=0)
    order = np.lexsort((np.array(found.enemies), -mean))[:TOP]
    return tuple(Enemy(found.enemies[h], float(mean[h])) for h in order if mean[h] > 0)
