"""Indices of bloc competition by year, from alliances, power and regimes alone.

Nothing here is built from disputes or wars: such an index would predict itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from blocs.alignment.indices.esteban_ray import esteban_ray
from blocs.alignment.indices.npi import measure_npi
from blocs.outlook.competition.system import DEFENCE, YearSystem
from blocs.registry import INDICES, SIMILARITIES
from blocs.ties.common_votes import joint_tables

COMPETITION = {
    "second_share": "power share of the second bloc",
    "parity": "parity of the two leading blocs",
    "contest": "ideological distance times the second bloc's power share",
    "esteban_ray": "Esteban-Ray polarisation of the blocs' power over regimes",
    "npi": "network polarisation of defence pacts",
    "signed_modularity": "signed modularity of the major powers' alliance portfolios",
    "walk_balance": "walk balance of the major powers' alliance portfolios",
    "tightness": "tightness: alliance likeness within clusters of major powers",
}
"""Indices that say more bloc competition when they are higher."""
STRUCTURE = {
    "poles": "number of clusters of major powers",
    "discreteness": "discreteness: alliance unlikeness between clusters of major powers",
}


@dataclass(frozen=True, slots=True)
class Blocs:
    """Blocs of one year, the strongest first.

    Attributes
    ----------
    member : ndarray of float64, shape (b, n)
        How much of a state belongs to a bloc: 1, or 1/k for one bound to k blocs.
    power : ndarray of float64, shape (b,)
        Power share of each bloc in the whole system.
    """

    member: NDArray[np.float64]
    power: NDArray[np.float64]


def find_blocs(system: YearSystem) -> Blocs:
    """Find the blocs of a year: clusters of major powers, and who is bound to them.

    Major powers cluster by their alliance portfolios (see `cluster_majors`), so that
    a pact left over from a war does not make one bloc of two; another state belongs
    to the blocs whose major powers it has a defence pact with, in equal parts.

    Examples
    --------
    >>> pact = np.zeros((3, 3), np.int8); pact[1, 2] = pact[2, 1] = 3
    >>> system = YearSystem(1900, pact, np.array([0.5, 0.3, 0.2]), np.ones(3),
    ...                     np.array([True, True, False]))
    >>> find_blocs(system).power.tolist()
    [0.5, 0.5]
    """
    great = np.flatnonzero(system.major)
    label = cluster_majors(portfolio_likeness(system))
    defence = system.obligation == DEFENCE
    count = int(label.max()) + 1 if len(label) else 0
    member = np.zeros((count, len(system.power)))
    for bloc in range(count):
        member[bloc] = defence[great[label == bloc]].any(axis=0)
    member[:, great] = label[None, :] == np.arange(count)[:, None]
    member /= np.maximum(member.sum(axis=0), 1.0)
    power = member @ system.power
    order = np.lexsort((np.arange(count), -power))
    return Blocs(member[order], power[order])


def measure_competition(systems: Sequence[YearSystem]) -> pl.DataFrame:
    """Measure every index in every year.

    Returns
    -------
    pl.DataFrame
        ``year``, the columns of `COMPETITION` and `STRUCTURE`, and the number of
        ``states`` and ``majors``. Null where an index is not defined.

    Notes
    -----
    With s1 >= s2 the power shares of the leading blocs and d_i their mean regime,
    weighted by power: parity = s2/s1, contest = |d_1 - d_2| s2. The alliance
    portfolio of a major power is its highest obligation to every state (its own
    counts as defence); likeness of portfolios is Kendall's tau-b, and clusters are
    those of McQuitty's typal analysis, as Bueno de Mesquita (1975) had them.
    Tightness is the mean tau-b within clusters of two or more (0 if there is none),
    discreteness one less the mean between clusters (0 if there is but one).

    References
    ----------
    Bueno de Mesquita, B. (1975). Measuring systemic polarity. Journal of Conflict
    Resolution 19. doi:10.1177/002200277501900201
    """
    return pl.DataFrame([_measured(s) for s in systems], infer_schema_length=None).with_columns(
        pl.col(*COMPETITION, *STRUCTURE).cast(pl.Float64).fill_nan(None)
    )


def _measured(system: YearSystem) -> dict[str, float | int]:
    blocs = find_blocs(system)
    first, second = (*blocs.power.tolist(), 0.0, 0.0)[:2]
    regime = _regimes(blocs, system)
    likeness = portfolio_likeness(system)
    label = cluster_majors(likeness)
    tightness, discreteness = cluster_shape(likeness, label)
    signed = likeness - np.diag(np.diagonal(likeness))
    known = np.isfinite(regime)
    spread = esteban_ray(blocs.power[known], regime[known]) if known.any() else np.nan
    return {
        "year": system.year,
        "second_share": second,
        "parity": second / first if first else np.nan,
        "contest": second * abs(regime[0] - regime[1]) if len(regime) > 1 else 0.0,
        "esteban_ray": spread,
        "npi": measure_npi((system.obligation == DEFENCE).astype(float)).npi,
        "signed_modularity": round(INDICES.get("signed-modularity").score(signed), 12),
        "walk_balance": INDICES.get("walk-balance").score(signed),
        "tightness": tightness,
        "poles": len(set(label.tolist())),
        "discreteness": discreteness,
        "states": len(system.power),
        "majors": int(system.major.sum()),
    }


def _regimes(blocs: Blocs, system: YearSystem) -> NDArray[np.float64]:
    """Mean regime of each bloc, weighted by the power of the states whose regime is known."""
    known = np.isfinite(system.regime)
    weight = blocs.member[:, known] * system.power[known]
    total = weight.sum(axis=1)
    mean: NDArray[np.float64] = np.divide(
        weight @ system.regime[known], total, out=np.full(len(total), np.nan), where=total > 0
    )
    return mean


def portfolio_likeness(system: YearSystem) -> NDArray[np.float64]:
    """Kendall's tau-b of the alliance portfolios of every two major powers, shape (m, m)."""
    own = system.obligation.copy()
    np.fill_diagonal(own, DEFENCE)
    table = joint_tables(own[system.major], levels=DEFENCE + 1)
    return np.nan_to_num(SIMILARITIES.get("tau-b").score(table))


def cluster_majors(likeness: NDArray[np.float64]) -> NDArray[np.int32]:
    """Cluster actors by typal analysis; labels, shape (m,).

    Each actor is joined to the one most like it (the first of equals), if they
    are alike at all; what hangs together is a cluster.

    References
    ----------
    McQuitty, L. L. (1957). Elementary linkage analysis for isolating orthogonal and
    oblique types and typal relevancies. Educational and Psychological Measurement 17.

    Examples
    --------
    >>> cluster_majors(np.array([[1, 0.8, 0], [0.8, 1, -0.2], [0, -0.2, 1]])).tolist()
    [0, 0, 1]
    """
    m = len(likeness)
    if m < 2:
        return np.zeros(m, dtype=np.int32)
    others = likeness - np.diag(np.full(m, np.inf))
    alike = np.flatnonzero(others.max(axis=1) > 0)
    joined = np.zeros((m, m), dtype=bool)
    joined[alike, others.argmax(axis=1)[alike]] = True
    label: NDArray[np.int32] = connected_components(joined, directed=False)[1]
    return label


def cluster_shape(likeness: NDArray[np.float64], label: NDArray[np.int32]) -> tuple[float, float]:
    """Tightness and discreteness of clusters.

    Examples
    --------
    >>> cluster_shape(np.array([[1, 0.8, 0], [0.8, 1, -0.2], [0, -0.2, 1]]),
    ...               np.array([0, 0, 1], np.int32))
    (0.8, 1.1)
    """
    same = label[:, None] == label[None, :]
    upper = np.triu(np.ones(same.shape, dtype=bool), 1)
    within, between = likeness[same & upper], likeness[~same & upper]
    tight = float(within.mean()) if within.size else 0.0
    apart = 1.0 - float(between.mean()) if between.size else 0.0
    return round(tight, 12), round(apart, 12)
