"""How alike every two states voted in every year, by any measure of a joint table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.registry import SIMILARITIES
from blocs.threads import one_thread
from blocs.ties.common_votes import ABSENT, YES, ballot_matrix

MEASURES = ("agreement", "s-score")


def likeness_years(
    rollcalls: pl.DataFrame,
    ballots: pl.DataFrame,
    *,
    measures: Sequence[str] = MEASURES,
) -> pl.DataFrame:
    """Score every pair of states in every calendar year they have a vote in common.

    Parameters
    ----------
    rollcalls : pl.DataFrame
        Table `schemas.RollCalls`; ``rollcall, date`` are enough, the key of any type.
    ballots : pl.DataFrame
        Table `schemas.Ballots`; ``rollcall, actor, vote`` are enough.
    measures : sequence of str
        Names of similarities: ``agreement``, ``identical``, ``s-score``, ``kappa``,
        ``pi``, ``tau-b``. Absences are left out.

    Returns
    -------
    pl.DataFrame
        ``a, b, year, n`` and a column a measure (``s-score`` is ``s_score``), null
        where it is not defined; a < b, sorted by year, a, b. ``n`` counts the roll
        calls in which both voted yes, no or abstained.

    Notes
    -----
    The joint tables of a year are one matrix product, O(n^2 V) multiplications in
    single precision, exact up to 16 million roll calls a year.

    Examples
    --------
    >>> from datetime import date
    >>> calls = pl.DataFrame({"rollcall": [1, 2], "date": [date(1991, 10, 1)] * 2})
    >>> cast = pl.DataFrame({"rollcall": [1, 1, 2, 2], "actor": ["USA", "RUS"] * 2,
    ...                      "vote": ["yes", "no", "abstain", "no"]})
    >>> likeness_years(calls, cast, measures=["agreement"]).row(0)
    ('RUS', 'USA', 1991, 2, 0.25)
    """
    score = {name: SIMILARITIES.get(name).score for name in measures}
    matrix = ballot_matrix(rollcalls, ballots)
    years = matrix.rollcalls["date"].dt.year().to_numpy()
    ends: list[NDArray[np.intp]] = []
    counts: list[NDArray[np.float64]] = []
    values: dict[str, list[NDArray[np.float64]]] = {name: [] for name in measures}
    sizes: list[tuple[int, int]] = []
    with one_thread():
        for year in np.unique(years):
            votes = matrix.votes[:, years == year]
            here = np.flatnonzero(((votes >= YES) & (votes < ABSENT)).any(axis=1))
            i, j, n, tables = _pairs_in_common(votes[here])
            ends.append(np.stack([here[i], here[j]]))
            counts.append(n)
            for name in measures:
                values[name].append(score[name](tables))
            sizes.append((int(year), len(n)))
    a, b = np.concatenate(ends, axis=1) if ends else np.empty((2, 0), dtype=np.intp)
    states = pl.Series(matrix.actors, dtype=pl.String)
    return pl.DataFrame(
        {
            "a": states.gather(a),
            "b": states.gather(b),
            "year": np.repeat(*np.array(sizes, dtype=np.int64).reshape(-1, 2).T),
            "n": _joined(counts).astype(np.int64),
            **{
                name.replace("-", "_"): pl.Series(_joined(parts)).fill_nan(None)
                for name, parts in values.items()
            },
        }
    )


def _pairs_in_common(
    votes: NDArray[np.int8],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Pairs i < j with votes in common: i, j, how many, and joint tables (pairs, 3, 3)."""
    states = len(votes)
    at = np.concatenate([votes == level for level in range(YES, ABSENT)]).astype(np.float32)
    cells = (at @ at.T).reshape(ABSENT, states, ABSENT, states)
    i, j = np.triu_indices(states, 1)
    tables = cells[:, i, :, j].astype(np.float64)
    n: NDArray[np.float64] = tables.reshape(-1, ABSENT * ABSENT) @ np.ones(ABSENT * ABSENT)
    met = n > 0
    return (i, j, n, tables) if met.all() else (i[met], j[met], n[met], tables[met])


def _joined(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate(parts) if parts else np.empty(0)
