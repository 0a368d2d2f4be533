"""Hazard of a dispute in politically relevant dyads, with errors that know the dyads.

The index of competition is the same for all dyads of a year, so that errors must
allow for dyads that share a state, for the years of one dyad, and for all dyads of
one year together; the episodes decide whether it could be chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import product

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.dyadic_regression import dyadic_variance
from blocs.contracts import Keep
from blocs.outlook.competition.indices import COMPETITION
from blocs.outlook.competition.permutations import Histories, chance
from blocs.outlook.competition.specifications import LAGS, shaped
from blocs.steps import at_once

Array = NDArray[np.float64]
MOST_MODELS = 40
OUTCOMES = {"onset": "a dispute begins", "force": "a dispute begins and comes to force"}
CONTROLS = (
    "contiguous by land",
    "both major powers",
    "defence pact",
    "log ratio of capabilities",
    "years of peace, cubic",
)
_STEPS = 30


@dataclass(frozen=True, slots=True)
class DyadYears:
    """Politically relevant dyads by year.

    Attributes
    ----------
    year, i, j : ndarray of int, shape (rows,)
        Year and the two states' positions 0..n-1.
    controls : ndarray, shape (rows, k)
        Constant, `CONTROLS` (years of peace cubic, scaled).
    onset, force : ndarray, shape (rows,)
        1 where a dispute began; where it also came to the use of force.
    """

    year: NDArray[np.int64]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    controls: Array
    onset: Array
    force: Array


def relevant_dyads(panel: pl.DataFrame) -> pl.DataFrame:
    """Keep the dyad-years in which the two are contiguous or one is a major power.

    References
    ----------
    Maoz, Z., Russett, B. (1993). Normative and structural causes of democratic
    peace, 1946-1986. American Political Science Review 87. doi:10.2307/2938740
    """
    return panel.filter(
        (pl.col("conttype") > 0) | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)
    )


def dyad_years(panel: pl.DataFrame) -> DyadYears:
    """Make the design of dyad-year models from a panel's relevant dyads.

    A row with a missing value is left out. While a dispute goes on no other can
    begin between the two: such rows are out too, as in a model of hazard.
    """
    rows = (
        relevant_dyads(panel)
        .filter((pl.col("cowmidongoing") == 0) | (pl.col("cowmidonset") == 1))
        .with_columns(
            land=(pl.col("conttype") == 1).cast(pl.Float64),
            both=((pl.col("cowmaj1") == 1) & (pl.col("cowmaj2") == 1)).cast(pl.Float64),
            pact=(pl.col("atop_defense") == 1).cast(pl.Float64),
            ratio=(
                pl.max_horizontal("cinc1", "cinc2").log()
                - pl.min_horizontal("cinc1", "cinc2").log()
            ),
            hostility=pl.max_horizontal("hostility1", "hostility2"),
        )
        .filter(pl.col("ratio").is_finite())
        .drop_nulls(
            ["land", "both", "pact", "ratio", "peace_years", "cowmidonset", "hostility", "conttype"]
        )
    )
    peace = np.minimum(rows["peace_years"].to_numpy(), 100) / 100
    parts = [rows[c].to_numpy().astype(np.float64) for c in ("land", "both", "pact", "ratio")]
    controls = np.column_stack([np.ones(rows.height), *parts, peace, peace**2, peace**3])
    codes = np.unique(np.concatenate([rows["ccode1"].to_numpy(), rows["ccode2"].to_numpy()]))
    onset = rows["cowmidonset"].to_numpy().astype(np.float64)
    return DyadYears(
        year=rows["year"].to_numpy().astype(np.int64),
        i=np.searchsorted(codes, rows["ccode1"].to_numpy()),
        j=np.searchsorted(codes, rows["ccode2"].to_numpy()),
        controls=controls,
        onset=onset,
        force=onset * (rows["hostility"].to_numpy() >= 4),
    )


def fit_logit(x: Array, y: Array, start: Array | None = None) -> tuple[Array, Array]:
    """Fit a logistic regression; coefficients (k,) and fitted probabilities (rows,).

    Examples
    --------
    >>> beta, _ = fit_logit(np.ones((4, 1)), np.array([1.0, 0, 0, 0]))
    >>> float(np.exp(beta[0]).round(6))
    0.333333
    """
    beta = np.zeros(x.shape[1]) if start is None else start.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -35, 35)))
        step = np.linalg.solve(
            x.T @ (x * (p * (1 - p))[:, None]) + 1e-9 * np.eye(x.shape[1]), x.T @ (y - p)
        )
        beta = beta + np.clip(step, -4, 4)
        if np.abs(step).max() < 1e-9:
            break
    return beta, 1 / (1 + np.exp(-np.clip(x @ beta, -35, 35)))


def year_and_dyad_variance(
    scores: Array, rows: DyadYears, bread: Array
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Variances robust to dyads that share a state, and to dyads of one year as well.

    The second adds all pairs of rows of one year and takes off those counted twice,
    which share a year and a state (Cameron, Gelbach and Miller 2011).
    """
    t = rows.year - rows.year.min()
    n = int(max(rows.i.max(), rows.j.max())) + 1
    dyadic = dyadic_variance(scores, rows.i, rows.j, bread)
    within = dyadic_variance(scores, t * n + rows.i, t * n + rows.j, bread)
    last = int(t.max()) + 1
    years = np.column_stack([np.bincount(t, column, last) for column in scores.T])
    return dyadic, dyadic + bread @ (years.T @ years) @ bread.T - within


def run_dyads(
    rows: DyadYears,
    years: pl.DataFrame,
    histories: Histories,
    *,
    watch: Callable[[int, int | None], None] | None = None,
    keep: Keep = at_once,
) -> pl.DataFrame:
    """Fit a hazard model for each index, outcome and lag.

    Parameters
    ----------
    rows : DyadYears
        Politically relevant dyads.
    years : pl.DataFrame
        ``year`` and the indices, consecutive.
    histories : Histories
        Orders of those years for the permutation test.
    watch : callable, optional
        ``watch(done, total)``.
    keep : Keep
        Keeps the models that are done.

    Returns
    -------
    pl.DataFrame
        ``index, outcome, lag, n, events, odds_ratio`` per standard deviation (over
        rows), ``low, high`` (95 %, dyads and years), ``z_dyadic, z`` and
        ``p_episodes``.

    Notes
    -----
    The permutation statistic is the score U = sum_t x_t R_t, R_t the summed
    residuals of year t in the model without the index, over shuffled x, scaled by
    the spread of x in the years the outcome is known.
    """
    names = [c for c in COMPETITION if c in years.columns]
    grid = list(product(OUTCOMES, names, LAGS))[:MOST_MODELS]
    place = np.searchsorted(years["year"].to_numpy(), rows.year)
    inside = (place < years.height) & (rows.year >= int(years["year"][0]))
    place = np.minimum(place, years.height - 1)

    @cache
    def without(outcome: str) -> tuple[Array, Array]:
        """Coefficients of the model without the index, and its residuals summed by year."""
        y = getattr(rows, outcome)
        beta, p = fit_logit(rows.controls[inside], y[inside])
        return beta, np.bincount(place[inside], y[inside] - p, years.height).astype(np.float64)

    def fit(outcome: str, name: str, lag: int) -> bytes:
        start, totals = without(outcome)
        series = years[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        x = shaped(series, "level", lag)
        p = _chance(shaped(series[histories.order], "level", lag), totals)
        row = {"index": name, "outcome": outcome, "lag": lag}
        return msgspec.msgpack.encode(
            row | _fit(rows, getattr(rows, outcome), x[place], inside, start) | {"p_episodes": p}
        )

    out = []
    for done, (outcome, name, lag) in enumerate(grid, 1):
        made = keep(f"dyads-{outcome}-{name}-{lag}", partial(fit, outcome, name, lag))
        out.append(msgspec.msgpack.decode(made))
        if watch is not None:
            watch(done, len(grid))
    return pl.DataFrame(out, infer_schema_length=None)


def _fit(
    rows: DyadYears, y: Array, x: Array, inside: NDArray[np.bool_], start: Array
) -> dict[str, float | int]:
    use = inside & np.isfinite(x)
    spread = float(x[use].std()) or 1.0
    design = np.column_stack([rows.controls[use], (x[use] - x[use].mean()) / spread])
    beta, p = fit_logit(design, y[use], np.append(start, 0.0))
    bread: Array = np.asarray(
        np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None])), np.float64
    )
    part = DyadYears(
        rows.year[use], rows.i[use], rows.j[use], design, rows.onset[use], rows.force[use]
    )
    variances = year_and_dyad_variance(design * (y[use] - p)[:, None], part, bread)
    dyadic, both = (float(np.sqrt(max(v[-1, -1], 0.0))) for v in variances)
    wide = max(dyadic, both)
    b = float(beta[-1])
    return {
        "n": int(use.sum()),
        "events": int(y[use].sum()),
        "odds_ratio": float(np.exp(b)),
        "low": float(np.exp(b - 1.96 * wide)),
        "high": float(np.exp(b + 1.96 * wide)),
        "z_dyadic": b / dyadic if dyadic > 0 else 0.0,
        "z": b / wide if wide > 0 else 0.0,
    }


def _chance(x: Array, totals: Array) -> float:
    known = np.isfinite(x) & (totals != 0)[None, :]
    count = known.sum(axis=1, keepdims=True)
    mean = np.where(known, x, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    left = np.where(known, x - mean, 0.0)
    spread = np.sqrt((left**2).sum(axis=1))
    return chance(np.divide(left @ totals, spread, out=np.zeros(len(x)), where=spread > 0))


def count_relevant(panel: pl.DataFrame) -> pl.DataFrame:
    """Number of politically relevant dyads by year: ``year, relevant_dyads``."""
    known = panel.filter(pl.col("conttype").is_not_null())
    return relevant_dyads(known).group_by("year").agg(relevant_dyads=pl.len()).sort("year")
