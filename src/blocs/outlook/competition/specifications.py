"""The specification curve: every reasonable model at once, against shuffled histories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.contracts import Keep
from blocs.errors import NoCoverage
from blocs.outlook.competition.count_models import Array, bandwidth, fit_means, score_tests
from blocs.outlook.competition.indices import COMPETITION
from blocs.outlook.competition.outcomes import OUTCOMES, RANKED
from blocs.outlook.competition.permutations import Histories, chance
from blocs.steps import at_once

LAGS = (1, 5)
RISE = 5
FORMS = ("level", "rise")
EXPOSURES = {"states": "per state", "relevant_dyads": "per politically relevant dyad"}
Z = 1.959963984540054
LEAST_YEARS = 40
Watch = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Specification:
    """One reasonable way to put the question.

    Attributes
    ----------
    index, outcome : str
        Columns of the yearly table.
    form : str
        ``level`` of the index, or its ``rise`` over five years.
    exposure : str
        What outcomes are counted per: ``states`` or ``relevant_dyads``.
    lag : int
        Years from the index to the outcome.
    first, last : int
        Years of the outcome, both included.
    trend : bool
        Whether a quadratic trend is in the model.
    """

    index: str
    outcome: str
    form: str
    exposure: str
    lag: int
    first: int
    last: int
    trend: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """What all specifications say.

    Attributes
    ----------
    table : pl.DataFrame
        One row per specification: what it is, ``n``, ``events``, ``effect`` per
        standard deviation (rate ratio; for ranks, ranks as a share of n), its
        ``low`` and ``high`` (95 %, HAC), ``z`` (HAC Wald), ``score_z``, and the
        chance of a ``score_z`` as high under ``episodes`` and ``shifts``.
    positive, significant, negative_significant : float
        Shares of specifications: effect above none; score_z above 1.96; below -1.96.
    median_z : float
        Median of score_z.
    p_episodes, p_shifts : float
        Chance, over shuffled histories, of as large a share significant.
    p_median_episodes, p_median_shifts : float
        The same of as large a median.
    p_opposite : float
        Chance under episodes of as large a share negative and significant.
    share_if_none : float
        Mean share significant over shuffled histories: what chance alone gives.
    histories : int
        Number of episode orders.
    exact : bool
        Whether those are all there are.
    shares : ndarray, shape (P,)
        Share significant in every episode order, the true one first.
    band : ndarray, shape (3, S)
        Of the score_z sorted within each other order: 2.5 %, median and 97.5 % by rank.
    """

    table: pl.DataFrame
    positive: float
    significant: float
    negative_significant: float
    median_z: float
    p_episodes: float
    p_shifts: float
    p_median_episodes: float
    p_median_shifts: float
    p_opposite: float
    share_if_none: float
    histories: int
    exact: bool
    shares: Array
    band: Array


def list_specifications(years: pl.DataFrame) -> tuple[Specification, ...]:
    """List the specifications that a yearly table can answer.

    Parameters
    ----------
    years : pl.DataFrame
        ``year``, indices, outcomes and exposures; see `run_curve`.
    """
    periods = _periods(years)
    indices = [c for c in COMPETITION if c in years.columns]
    counted = [
        (o, e)
        for o in OUTCOMES
        if o in years.columns
        for e in (("states",) if o in RANKED else tuple(EXPOSURES))
        if e in years.columns
    ]
    grid = product(indices, FORMS, counted, LAGS, periods, (False, True))
    return tuple(
        Specification(index, outcome, form, exposure, lag, first, last, trend)
        for index, form, (outcome, exposure), lag, (first, last), trend in grid
        if _enough(years, outcome, first, last)
    )


def _periods(years: pl.DataFrame) -> list[tuple[int, int]]:
    first, last = int(np.min(years["year"].to_numpy())), int(np.max(years["year"].to_numpy()))
    wanted = ((first, last), (first, 1945), (1946, last))
    return list(dict.fromkeys(p for p in wanted if first <= p[0] < p[1] <= last))


def _enough(years: pl.DataFrame, outcome: str, first: int, last: int) -> bool:
    told = years.filter(pl.col("year").is_between(first, last) & pl.col(outcome).is_not_null())
    return told.height >= LEAST_YEARS and told[outcome].n_unique() > 1


def run_curve(
    years: pl.DataFrame,
    specifications: Sequence[Specification],
    episodes: Histories,
    shifts: Histories,
    *,
    watch: Watch | None = None,
    keep: Keep = at_once,
) -> Curve:
    """Fit every specification, and again on shuffled histories.

    Parameters
    ----------
    years : pl.DataFrame
        Consecutive ``year``; the indices, outcomes and exposures that the
        specifications name, null where not known.
    specifications : sequence of Specification
        Models.
    episodes, shifts : Histories
        Orders of the years; the same order is given to every specification, so
        that what they have in common stays in common.
    watch : callable, optional
        ``watch(done, total)``.
    keep : Keep
        Keeps the tests on shuffled histories that are done.

    Returns
    -------
    Curve

    Raises
    ------
    NoCoverage
        If there is no specification.

    Notes
    -----
    The share of significant specifications has no null distribution of its own:
    specifications overlap and the errors of five episodes are not those of 200
    years. It is compared with the same share computed on shuffled histories of the
    indices, outcomes staying where they are (Simonsohn, Simmons and Nelson 2020).
    Cost O(S P T).

    References
    ----------
    Simonsohn, U., Simmons, J., Nelson, L. (2020). Specification curve analysis.
    Nature Human Behaviour 4. doi:10.1038/s41562-020-0912-z
    """
    if not specifications:
        raise NoCoverage(
            f"no model can be fitted: fewer than {LEAST_YEARS} years have both an index of "
            "bloc competition and an outcome; name more data with --data"
        )
    columns = {c: years[c].cast(pl.Float64).fill_null(np.nan).to_numpy() for c in years.columns}
    lags = bandwidth(years.height)
    fitted = _fit_all(columns, specifications, lags)
    tests = (
        _shuffled(columns, specifications, episodes, lags, watch, keep, 0, 2),
        _shuffled(columns, specifications, shifts, lags, watch, keep, 1, 2),
    )
    return _summed(fitted, tests[0], tests[1], episodes)


def _summed(fitted: pl.DataFrame, by_episode: Array, by_shift: Array, episodes: Histories) -> Curve:
    share, other = (by_episode > Z).mean(axis=0), (by_shift > Z).mean(axis=0)
    z = by_episode[:, 0]
    table = fitted.with_columns(
        score_z=z,
        p_episodes=pl.Series([chance(row) for row in by_episode]),
        p_shifts=pl.Series([chance(row) for row in by_shift]),
    )
    return Curve(
        table=table,
        positive=float((z > 0).mean()),
        significant=float(share[0]),
        negative_significant=float((z < -Z).mean()),
        median_z=float(np.median(z)),
        p_episodes=chance(share),
        p_shifts=chance(other),
        p_median_episodes=chance(np.median(by_episode, axis=0)),
        p_median_shifts=chance(np.median(by_shift, axis=0)),
        p_opposite=chance((by_episode < -Z).mean(axis=0)),
        share_if_none=float(share[1:].mean()) if len(share) > 1 else float("nan"),
        histories=len(episodes.order),
        exact=episodes.exact,
        shares=share,
        band=np.percentile(np.sort(by_episode[:, 1:], axis=0), [2.5, 50, 97.5], axis=1)
        if len(share) > 1
        else np.full((3, len(z)), np.nan),
    )


def shaped(series: Array, form: str, lag: int) -> Array:
    """Give the last axis of a series its form and lag; nan where it does not reach.

    Examples
    --------
    >>> shaped(np.array([1.0, 2, 4]), "level", 1)
    array([nan,  1.,  2.])
    """
    out = np.full_like(series, np.nan)
    value = series
    if form == "rise":
        value = np.full_like(series, np.nan)
        value[..., RISE:] = series[..., RISE:] - series[..., :-RISE]
    out[..., lag:] = value[..., : series.shape[-1] - lag]
    return out


def _outcome(columns: dict[str, Array], s: Specification) -> tuple[Array, Array, Array]:
    """Outcome, exposure and use of the years; ranks are shares of the years ranked."""
    year = columns["year"]
    exposure = np.ones(len(year)) if s.outcome in RANKED else columns[s.exposure]
    y = columns[s.outcome]
    use = (year >= s.first) & (year <= s.last) & np.isfinite(y) & np.isfinite(exposure)
    use &= np.nan_to_num(exposure) > 0
    out = np.where(use, y, 0.0)
    if s.outcome in RANKED:
        ranked: Array = pl.Series(y[use]).rank("average").to_numpy() / max(int(use.sum()), 1)
        out[use] = ranked
    return out, np.where(use, exposure, 1.0), use.astype(np.float64)


def _controls(year: Array, s: Specification) -> Array:
    middle = (s.first + s.last) / 2
    t = (year - middle) / max((s.last - s.first) / 2, 1.0)
    columns = [np.ones_like(t), t, t**2] if s.trend else [np.ones_like(t)]
    return np.column_stack(columns)


def _fit_all(
    columns: dict[str, Array], specifications: Sequence[Specification], lags: int
) -> pl.DataFrame:
    rows: dict[int, dict[str, object]] = {}
    for trend in (False, True):
        at = [i for i, s in enumerate(specifications) if s.trend == trend]
        if not at:
            continue
        prepared = [_prepared(columns, specifications[i]) for i in at]
        y, x, exposure, use = (np.stack(part) for part in zip(*prepared, strict=True))
        counts = np.array([specifications[i].outcome not in RANKED for i in at])
        fits = fit_means(y, x, exposure, use, counts, lags=lags)
        b, se = fits.beta[:, -1], fits.se[:, -1]
        low, high = b - Z * se, b + Z * se
        for k, i in enumerate(at):
            told = np.exp if counts[k] else float
            rows[i] = {
                **{f: getattr(specifications[i], f) for f in Specification.__slots__},
                "n": int(use[k].sum()),
                "events": float((y[k] * use[k]).sum()) if counts[k] else None,
                "effect": float(told(b[k])),
                "low": float(told(low[k])),
                "high": float(told(high[k])),
                "z": float(b[k] / se[k]) if se[k] > 0 else 0.0,
            }
    return pl.DataFrame([rows[i] for i in range(len(specifications))], infer_schema_length=None)


def _prepared(columns: dict[str, Array], s: Specification) -> tuple[Array, Array, Array, Array]:
    y, exposure, use = _outcome(columns, s)
    x = shaped(columns[s.index], s.form, s.lag)
    use = use * np.isfinite(x)
    kept = x[use > 0]
    spread = float(kept.std()) if kept.size else 0.0
    scaled = np.where(use > 0, (x - (kept.mean() if kept.size else 0.0)) / (spread or 1.0), 0.0)
    design = np.column_stack([_controls(columns["year"], s), scaled]) * use[:, None]
    return y * use, design, exposure, use


def _shuffled(
    columns: dict[str, Array],
    specifications: Sequence[Specification],
    histories: Histories,
    lags: int,
    watch: Watch | None,
    keep: Keep,
    turn: int,
    turns: int,
) -> Array:
    """Score statistics of every specification (rows) in every history (columns)."""
    out = np.zeros((len(specifications), len(histories.order)))
    groups: dict[tuple[str, str, int, int, bool], list[int]] = {}
    for i, s in enumerate(specifications):
        groups.setdefault((s.outcome, s.exposure, s.first, s.last, s.trend), []).append(i)
    shapes: dict[tuple[str, str, int], Array] = {}
    done = 0
    for n, group in enumerate(groups.values()):
        members = [specifications[i] for i in group]
        test = partial(_tested, columns, members, histories, lags, shapes)
        out[group] = np.frombuffer(keep(f"curve-{turn}-{n}", test)).reshape(len(group), -1)
        done += len(group)
        if watch is not None:
            watch(turn * len(specifications) + done, turns * len(specifications))
    return out


def _tested(
    columns: dict[str, Array],
    members: Sequence[Specification],
    histories: Histories,
    lags: int,
    shapes: dict[tuple[str, str, int], Array],
) -> bytes:
    """Score statistics, as bytes, of specifications that differ in the index alone."""
    residual, weight, controls = _without(columns, members[0], lags)
    rows = []
    for s in members:
        key = (s.index, s.form, s.lag)
        if key not in shapes:
            shapes[key] = shaped(columns[s.index][histories.order], s.form, s.lag)
        rows.append(score_tests(residual, weight, controls, shapes[key], lags=lags))
    return np.stack(rows).astype(np.float64).tobytes()


def _without(
    columns: dict[str, Array], s: Specification, lags: int
) -> tuple[Array, Array, NDArray[np.float64]]:
    """Residuals, variance function and controls of the model without the index."""
    y, exposure, use = _outcome(columns, s)
    controls = _controls(columns["year"], s) * use[:, None]
    counts = np.array([s.outcome not in RANKED])
    fit = fit_means(y[None], controls[None], exposure[None], use[None], counts, lags=lags)
    mu = fit.mu[0]
    weight = use * (mu if counts[0] else 1.0)
    return use * (y - mu), weight, controls
