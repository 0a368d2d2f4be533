"""Likeness of every two voters in every year, in a few matrix products a year."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.ties.common_votes import ABSTAIN, NO, YES, ballot_matrix


def likeness_years(rollcalls: pl.DataFrame, ballots: pl.DataFrame) -> pl.DataFrame:
    """Score agreement and S of all pairs by calendar year.

    Parameters
    ----------
    rollcalls : pl.DataFrame
        ``rollcall, date``.
    ballots : pl.DataFrame
        ``rollcall, actor, vote`` with votes yes, abstain, no; others are left out.

    Returns
    -------
    pl.DataFrame
        ``a, b, year, n, agreement, s_score`` for every pair with at least one
        vote in common, sorted by year, a, b.

    Notes
    -----
    With x in {0, 1, 2} and thresholds t in {1, 2}, |x - y| is the number of
    thresholds that lie between the two, so all distances of a year are three
    products of indicator matrices: O(years actors^2 roll calls), in BLAS.
    Agreement is 1 - d / 2 and S (absolute distance, three levels) 1 - d.

    References
    ----------
    Signorino, C., Ritter, J. (1999). Tau-b or Not Tau-b. International Studies
    Quarterly 43(1). doi:10.1111/0020-8833.00113

    Examples
    --------
    >>> from datetime import date
    >>> calls = pl.DataFrame({"rollcall": ["x", "y"], "date": [date(2024, 5, 1)] * 2})
    >>> cast = pl.DataFrame({"rollcall": ["x", "x", "y", "y"], "vote": ["yes", "no", "yes", "yes"],
    ...                      "actor": ["CHN", "USA", "CHN", "USA"]})
    >>> likeness_years(calls, cast).row(0)
    ('CHN', 'USA', 2024, 2, 0.5, 0.0)
    """
    matrix = ballot_matrix(rollcalls, ballots)
    when = matrix.rollcalls["date"].dt.year().to_numpy()
    names = pl.Series(matrix.actors, dtype=pl.String)
    parts = [_one_year(matrix.votes[:, when == year], int(year)) for year in np.unique(when)]
    whole = [np.concatenate(column) for column in zip(*parts, strict=True)]
    a, b, year, n, d = whole or [np.empty(0, dtype=np.int64)] * 5
    return pl.DataFrame(
        {
            "a": names.gather(a),
            "b": names.gather(b),
            "year": pl.Series(year, dtype=pl.Int32),
            "n": pl.Series(n, dtype=pl.Int64),
            "agreement": 1 - d / 2,
            "s_score": 1 - d,
        }
    )


def _one_year(votes: NDArray[np.int8], year: int) -> tuple[NDArray[np.generic], ...]:
    """Pairs of rows with a vote in common: i, j, year, n and mean distance."""
    known = (votes >= YES) & (votes <= NO)
    here = np.flatnonzero(known.any(axis=1))
    part = known[here].astype(np.float32)
    one = ((votes[here] >= ABSTAIN) & known[here]).astype(np.float32)
    two = ((votes[here] == NO) & known[here]).astype(np.float32)
    n = part @ part.T
    above = (one + two) @ part.T
    both = np.hstack([one, two])
    distance = above + above.T - 2 * (both @ both.T)
    a, b = np.triu_indices(len(here), 1)
    shared = n[a, b] > 0
    a, b = a[shared], b[shared]
    d = distance[a, b].astype(np.float64) / n[a, b]
    return here[a], here[b], np.full(len(a), year), n[a, b], d
