"""Where states stood in January of past years, by treaties alone: two poles and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.dates import Period, holds_on
from blocs.outlook.simulation.model import SIDES, UNALIGNED, Bytes, Reals, States
from blocs.outlook.simulation.pulls import DEFENCE, pulls, sparse_states
from blocs.ties.network import LayerState, build_layer, tie_matrix

SIZES = {"major": 1.0, "regional": 0.3, "other": 0.05}
"""Weight of a state by the almanac's class of power: an assumption."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where states stood on the first of January of a year.

    Attributes
    ----------
    year : int
        Nothing of this year or a later one is in it.
    names : tuple of str
        The states of that day, length n.
    states : States
        How they pulled each other, their sizes, and their blocs: 0 = in a treaty of
        defence with the reference power and not with its rival, 1 the reverse, 2 = neither.
    pull : ndarray, shape (n, n)
        Every pull, also those that `states` leaves out.
    known : ndarray of bool, shape (n,)
        Whether it is known of a state if it had a treaty with either.
    poles : (str, str)
        The reference power and its rival.
    told : tuple of str
        What it rests on.
    """

    year: int
    names: tuple[str, ...]
    states: States
    pull: Reals
    known: NDArray[np.bool_]
    poles: tuple[str, str]
    told: tuple[str, ...]

    @property
    def bloc(self) -> Bytes:
        """Bloc of each state."""
        return self.states.bloc


def standings(
    years: Iterable[int],
    evidence: Mapping[str, Facts],
    poles: tuple[str, str],
    *,
    step: Callable[[int], object] | None = None,
) -> dict[int, Standing]:
    """Find where states stood, for each year whose eve is covered.

    Parameters
    ----------
    years : iterable of int
        Years wanted; left out where no treaty data cover the year before, or where
        one of the poles was no state.
    evidence : mapping of str to Facts
        Data sets, the almanac among them.
    poles : (str, str)
        Actor ids of the reference power and of its rival.
    step : callable, optional
        Told each year that is done.
    """
    layer = build_layer("alliances", evidence)
    covered, out = set(layer.years), {}
    for year in years:
        if year - 1 in covered:
            found = _standing(year, layer, evidence, poles)
            if found is not None:
                out[year] = found
        if step is not None:
            step(year)
    return out


def _standing(
    year: int, layer: LayerState, evidence: Mapping[str, Facts], poles: tuple[str, str]
) -> Standing | None:
    day, before = date(year, 1, 1), Period(year - 1, year - 1)
    names = states_on(day)
    if not set(poles) <= set(names):
        return None
    treaty = tie_matrix(layer, before, among=names).mean()
    pull, told = pulls(names, day, treaty, evidence)
    heads = [names.index(pole) for pole in poles]
    bloc = sides_by_treaty(treaty, heads[0], heads[1])
    known = np.logical_not(np.isnan(treaty[heads])).all(axis=0) | np.isin(names, poles)
    return Standing(
        year, names, sparse_states(pull, sizes_on(names, day), bloc), pull, known, poles, told
    )


def states_on(day: date) -> tuple[str, ...]:
    """Ids of the states of a day's year, sorted."""
    return tuple(actors.members(Period(day.year, day.year))["actor"].unique().sort())


def sizes_on(names: tuple[str, ...], day: date) -> Reals:
    """Weight of each state by its class of power on a day, shape (n,)."""
    held = almanac("attributes").filter((pl.col("kind") == "power") & holds_on(day))
    power = dict(held.select("actor", "value").iter_rows())
    return np.array([SIZES.get(power.get(a, "other"), SIZES["other"]) for a in names])


def sides_by_treaty(treaty: Reals, reference: int, rival: int) -> Bytes:
    """Bloc of each state by its treaties of defence with two poles.

    Parameters
    ----------
    treaty : ndarray, shape (n, n)
        Strongest obligation, 1 = defence; nan = not known.
    reference, rival : int
        Places of the poles.

    Examples
    --------
    >>> treaty = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0], [1, 1, 0, 0.0]])
    >>> sides_by_treaty(treaty, 0, 1).tolist()  # the last is bound to both: neither's
    [0, 1, 0, 2]
    """
    one, two = treaty[reference] >= DEFENCE, treaty[rival] >= DEFENCE
    bloc = np.where(one & ~two, 0, np.where(two & ~one, 1, UNALIGNED)).astype(np.int8)
    bloc[reference], bloc[rival] = 0, 1
    return bloc


def fields(states: States) -> Reals:
    """Pull of each state towards either bloc, shape (n, 2): sum_j J_ij s_j [b_j = k]."""
    n = len(states.size)
    row = np.repeat(np.arange(n), np.diff(states.indptr))
    out = np.zeros((n, SIDES + 1))
    weight = states.pull * states.size[states.indices]
    np.add.at(out, (row, states.bloc[states.indices]), weight)
    return out[:, :SIDES]
