"""Where each state stood in each session, on one scale, from how it voted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.errors import BadInput, UnknownName
from blocs.schemas import ISSUES

if TYPE_CHECKING:
    from blocs.alignment.irt.design import Design
    from blocs.alignment.irt.laplace import Mode

Method = Literal["map", "bsv", "posterior"]
Floats = NDArray[np.float64]
Report = Callable[[str], object]

METHODS: Final = ("map", "bsv", "posterior")
NO_VOTES_SESSION: Final = 19
"""The Assembly of 1964 agreed not to vote; one roll call was taken."""

LAST_WITH_PARTS: Final = 44
"""After 1989 votes on paragraphs and amendments are left out, as published."""

ENOUGH: Final = 100
"""Effective draws that every point of the full posterior needs."""

DRAWS: Final = {"map": 0, "bsv": 1000, "posterior": 2000}
"""Draws kept at most. The whole record's slowest point had 127 effective ones after 375."""

CODES: Final = {"yes": 1, "abstain": 2, "no": 3}


@dataclass(frozen=True, slots=True)
class IdealPoints:
    """Positions of states by session, with intervals.

    Attributes
    ----------
    actor : tuple of str
        State of each point.
    session : ndarray of int, shape (n_points,)
    mean, low, high : ndarray, shape (n_points,)
        Position and the bounds of its interval; mean 0 and variance 1 over all.
    level : float
        Probability the intervals are meant to cover.
    n : ndarray of int, shape (n_points,)
        Votes behind each point.
    items : int
        Roll calls, those of the same wording counted once.
    iterations : int
        Newton steps, or draws kept.
    converged : bool
        The mode was reached; for ``posterior`` also every point has an effective
        sample size of 100 or more.
    method : str
    effective_size : float or None
        Smallest effective sample size of a point, where there are draws.
    """

    actor: tuple[str, ...]
    session: NDArray[np.int64]
    mean: Floats
    low: Floats
    high: Floats
    level: float
    n: NDArray[np.int64]
    items: int
    iterations: int
    converged: bool
    method: str
    effective_size: float | None = None

    def table(self) -> pl.DataFrame:
        """One row per state and session: actor, session, mean, low, high, n."""
        return pl.DataFrame(
            {
                "actor": self.actor,
                "session": self.session,
                "mean": self.mean,
                "low": self.low,
                "high": self.high,
                "n": self.n,
            }
        )


def fit_ideal_points(
    ballots: pl.DataFrame,
    *,
    method: Method = "map",
    categories: int = 3,
    issues: Sequence[str] = (),
    level: float = 0.9,
    anchor: str = "USA",
    bridge: bool = True,
    smooth: float = 0.5,
    burn: int = 60,
    draws: int | None = None,
    rng: np.random.Generator | None = None,
    report: Report | None = None,
) -> IdealPoints:
    """Place states on one dimension, session by session, from their votes.

    Parameters
    ----------
    ballots : polars.DataFrame
        Columns actor, rollcall (unique over all sessions), session (int), vote
        ("yes", "abstain", "no", "absent"); optional title, amend, para (bool), the
        issue flags me, nu, di, hr, co, ec, and wording (str: roll calls of equal
        wording are one item; found from the titles where it is not given).
    method : {"map", "bsv", "posterior"}
        ``map``: mean and spread of the Gaussian that fits the posterior best,
        seconds. ``posterior``: draws from it, minutes. ``bsv``: the published
        sampler, whose walk looks back only, minutes.
    categories : {3, 2}
        2 counts an abstention as a no.
    issues : sequence of str
        Only roll calls with one of these flags.
    level : float
        Probability of the intervals, in (0, 1).
    anchor : str
        The state whose positions are positive on average.
    bridge : bool
        Roll calls of the same wording share slope and cutpoints over sessions.
    smooth : float
        Variance of a step is ``smooth * n_t / (n_t + n_last)``, n votes cast.
    burn, draws : int
        Rounds thrown away and kept at most (``bsv`` and ``posterior``); by default
        1,000 draws of ``bsv``, and as many of ``posterior`` as every point needs to
        have 100 effective ones, up to 2,000.
    rng : numpy.random.Generator, optional
        Of the draws; a fixed one by default.
    report : callable, optional
        Told in words how far the work is.

    Returns
    -------
    IdealPoints
        Sorted by session, then state.

    Raises
    ------
    BadInput
        A missing column, an unknown vote, issue or method, a ballot cast twice, no
        vote on which states differ, states that never voted on a common item.
    UnknownName
        The anchor did not vote.

    Notes
    -----
    z = beta_v theta_it + e, e ~ N(0, 1): yes below c1, abstain up to c2, no above.
    beta ~ N(0, 1), cutpoints N(0, 20^2), theta a random walk over sessions from a
    diffuse start; a gap counts as one step. Votes fix neither zero nor unit:
    positions have mean 0 and variance 1 over all states and sessions. The drift of
    a whole session against the next rests on the walk and the bridges only.
    Session 19, unanimous votes and, after 1989, votes on paragraphs and amendments
    are left out.

    References
    ----------
    Bailey, M., Strezhnev, A. and Voeten, E. (2017). Estimating Dynamic State
    Preferences from United Nations Voting Data. Journal of Conflict Resolution
    61(2), 430-456. doi:10.1177/0022002715595700

    Examples
    --------
    >>> votes = {"USA": "nnnnyy", "GBR": "nnnayy", "BRA": "nayyyn", "IND": "yyyyna",
    ...          "CUB": "yyyynn", "RUS": "ayyynn"}
    >>> word = {"y": "yes", "a": "abstain", "n": "no"}
    >>> ballots = pl.DataFrame([
    ...     {"actor": a, "rollcall": f"{s}/{k}", "session": s, "vote": word[v]}
    ...     for a, line in votes.items() for s in (70, 71) for k, v in enumerate(line)])
    >>> points = fit_ideal_points(ballots).table().filter(session=70).sort("mean")
    >>> points["actor"].to_list()[0], points["actor"].to_list()[-1]
    ('CUB', 'USA')
    """
    _check_options(method, categories, issues, level)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    from blocs.alignment.irt.design import build_design, check_connected

    kept = _usable(ballots, issues)
    names = kept["actor"].unique().sort()
    if anchor not in names:
        raise UnknownName(
            "anchor state", anchor, hint="choose a state that voted in these sessions"
        )
    number = {name: k for k, name in enumerate(names)}
    item = _item(kept, bridge=bridge)
    vote = kept["vote"].cast(pl.String).replace_strict(CODES, return_dtype=pl.Int64).to_numpy()
    design = build_design(
        kept["actor"].replace_strict(number, return_dtype=pl.Int64).to_numpy(),
        kept["session"].cast(pl.Int64).to_numpy(),
        item,
        np.where(vote == CODES["abstain"], CODES["no"], vote) if categories == 2 else vote,
        smooth=smooth,
    )
    check_connected(design, names.to_list())
    # Blocks are small: threads inside each product cost more than they save.
    with threadpool_limits(limits=1, user_api="blas"):
        fit = _fit(
            design,
            method,
            level,
            burn,
            DRAWS[method] if draws is None else draws,
            rng or np.random.default_rng(0),
            report or _silent,
        )
    return _result(design, fit, names.to_list(), number[anchor], level, method)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Positions of all nodes before the sign is set."""

    mean: Floats
    low: Floats
    high: Floats
    iterations: int
    converged: bool
    effective_size: float | None = None


def _fit(
    design: Design,
    method: Method,
    level: float,
    burn: int,
    draws: int,
    rng: np.random.Generator,
    report: Report,
) -> _Fit:
    """Run the method asked for."""
    from blocs.alignment.irt.laplace import fit_mode

    report(f"fitting {design.n_nodes:,} positions and {design.n_items:,} items")
    mode = fit_mode(design, report=report)
    if method == "map":
        report("moving from the mode to the mean")
        return _gaussian(design, mode, level)
    from blocs.alignment.irt.posterior import effective_size, sample_posterior

    if method == "posterior":
        theta = sample_posterior(design, mode, burn=burn, draws=draws, rng=rng, report=report).theta
        size = float(effective_size(theta[:, design.observed]).min())
        return _summary(theta, level, mode.converged and size >= ENOUGH, size)
    from blocs.alignment.irt.bsv import sample_bsv

    theta = sample_bsv(design, mode, burn=burn, draws=draws, rng=rng, report=report)
    size = float(effective_size(theta[:, design.observed]).min())
    return _summary(theta, level, mode.converged, size)


def _silent(_text: str) -> None:
    """Say nothing."""


def _gaussian(design: Design, mode: Mode, level: float) -> _Fit:
    """Mean and interval of the best-fitting Gaussian."""
    from blocs.alignment.irt.centre import posterior_centre
    from blocs.alignment.irt.identification import unit_scale
    from blocs.alignment.irt.laplace import position_variance

    theta = posterior_centre(design, mode)
    mean = unit_scale(design, theta)
    sd = np.sqrt(position_variance(design, mode.theta, mode.curvature))
    half = NormalDist().inv_cdf(0.5 + level / 2) * sd / theta[design.observed].std()
    return _Fit(mean, mean - half, mean + half, mode.iterations, mode.converged)


def _summary(theta: Floats, level: float, converged: bool, size: float) -> _Fit:
    """Mean and central interval of draws, shape (n_draws, n_nodes)."""
    low, high = np.quantile(theta, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return _Fit(theta.mean(axis=0), low, high, theta.shape[0], converged, size)


def _result(
    design: Design, fit: _Fit, names: list[str], anchor: int, level: float, method: str
) -> IdealPoints:
    """Set the sign, leave the silent nodes out."""
    from blocs.alignment.irt.identification import direction

    seen, walk = design.observed, design.walk
    up = direction(design, fit.mean, anchor) > 0
    low, high = (fit.low, fit.high) if up else (-fit.high, -fit.low)
    return IdealPoints(
        actor=tuple(names[k] for k in walk.actor[seen]),
        session=design.sessions[walk.session[seen]],
        mean=(fit.mean if up else -fit.mean)[seen],
        low=low[seen],
        high=high[seen],
        level=level,
        n=design.node_votes[seen],
        items=design.n_items,
        iterations=fit.iterations,
        converged=fit.converged,
        method=method,
        effective_size=fit.effective_size,
    )


def _check_options(method: str, categories: int, issues: Sequence[str], level: float) -> None:
    """Refuse options that are not on offer."""
    if method not in METHODS:
        raise UnknownName("method", method, hint=f"choose one of {', '.join(METHODS)}")
    if categories not in (2, 3):
        raise BadInput(f"categories is {categories}; choose 3 (yes, abstain, no) or 2 (yes, not)")
    unknown = [issue for issue in issues if issue not in ISSUES]
    if unknown:
        raise UnknownName("issue", unknown[0], hint=f"choose from {', '.join(ISSUES)}")
    if not 0 < level < 1:
        raise BadInput(f"level is {level}; give a probability between 0 and 1, for example 0.9")


def _usable(ballots: pl.DataFrame, issues: Sequence[str]) -> pl.DataFrame:
    """Keep the ballots that enter the model, in a fixed order."""
    needed = ["actor", "rollcall", "session", "vote", *issues]
    missing = [name for name in needed if name not in ballots.columns]
    if missing:
        raise BadInput(
            f"ballots lack the column {missing[0]!r}; they have {', '.join(ballots.columns)}"
        )
    votes = ballots["vote"].cast(pl.String)
    wrong = votes.filter(votes.is_null() | ~votes.is_in([*CODES, "absent"]))
    if wrong.len():
        raise BadInput(f"unknown vote {wrong[0]!r}; allowed: yes, abstain, no, absent")
    keep = (pl.col("vote").cast(pl.String) != "absent") & (pl.col("session") != NO_VOTES_SESSION)
    parts = [pl.col(c).fill_null(value=False) for c in ("amend", "para") if c in ballots.columns]
    if parts:
        keep &= ~(pl.any_horizontal(parts) & (pl.col("session") > LAST_WITH_PARTS))
    if issues:
        keep &= pl.any_horizontal([pl.col(c).fill_null(value=False) for c in issues])
    kept = ballots.filter(keep).sort("session", "rollcall", "actor")
    twice = kept.filter(pl.struct("rollcall", "actor").is_duplicated())
    if twice.height:
        row = twice.row(0, named=True)
        raise BadInput(
            f"{row['actor']} voted twice on roll call {row['rollcall']}; roll call ids must be "
            "unique over all sessions, with one ballot per state"
        )
    if not kept.height:
        raise BadInput("no ballot is left to fit: all are absent or outside what was asked")
    return kept


def _item(kept: pl.DataFrame, *, bridge: bool) -> NDArray[np.int64]:
    """Number each ballot's item."""
    from blocs.alignment.irt.bridging import wording

    if bridge and "wording" in kept.columns:
        name = kept.select(pl.coalesce("wording", "rollcall")).to_series()
    else:
        name = wording(kept) if bridge else kept["rollcall"]
    codes: NDArray[np.int64] = name.rank("dense").cast(pl.Int64).to_numpy()
    return codes
