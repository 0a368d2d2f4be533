"""Does bloc competition raise conflict? The claim tested on the record since 1816.

Indices of bloc competition come from alliances, power and regimes; conflict from
disputes and wars. The answer is a specification curve against shuffled histories,
and may be no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from blocs.contracts import Keep
from blocs.outlook.competition.dyad_models import DyadYears, run_dyads
from blocs.outlook.competition.known_directions import Found, check_directions
from blocs.outlook.competition.permutations import circular_shifts, episode_orders
from blocs.outlook.competition.specifications import Curve, list_specifications, run_curve
from blocs.steps import at_once

Verdict = Literal["yes", "no", "the opposite"]
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class ConflictFit:
    """The claim's test.

    Attributes
    ----------
    verdict : str
        ``yes``, ``no`` (the record does not show it) or ``the opposite``.
    years : pl.DataFrame
        The yearly table it was tested on.
    curve : Curve
        Year-panel specifications.
    dyads : pl.DataFrame, optional
        Dyad-year hazard models; none without dyadic data.
    directions : tuple of Found
        Published directions; empty without wars of major powers.
    first, last : int
        Years of the record.
    """

    verdict: Verdict
    years: pl.DataFrame
    curve: Curve
    dyads: pl.DataFrame | None
    directions: tuple[Found, ...]
    first: int
    last: int


def assess_conflict(
    years: pl.DataFrame,
    *,
    dyads: DyadYears | None = None,
    most: int = 720,
    seed: int = 0,
    watch: Callable[[int, int | None], None] | None = None,
    keep: Keep = at_once,
) -> ConflictFit:
    """Test whether conflict is higher when blocs compete.

    Parameters
    ----------
    years : pl.DataFrame
        Consecutive ``year``; indices (`competition.indices.COMPETITION`), outcomes
        (`competition.outcomes.OUTCOMES`) and exposures ``states``,
        ``relevant_dyads``; null where not known. Missing columns are left out.
    dyads : DyadYears, optional
        Politically relevant dyads, for models of hazard.
    most : int
        Most orders of episodes; all of them if there are no more.
    seed : int
        Seed of the sample of orders.
    watch : callable, optional
        ``watch(done, total)``, told in specifications.
    keep : Keep
        Keeps what is done, so that work that is interrupted goes on from there.

    Returns
    -------
    ConflictFit

    Raises
    ------
    NoCoverage
        If too few years have both an index and an outcome.

    Notes
    -----
    "Yes" asks that the share of specifications with a positive and significant
    effect be larger than in all but 5 % of histories with the episodes in another
    order, and in all but 5 % of shifted histories; "the opposite" asks the same of
    negative effects. With seven episodes there is little to learn from: a "no" says
    that the record does not show it, not that there is no effect.
    """
    year = years["year"].to_numpy()
    episodes = episode_orders(year.astype(np.int64), seed=seed, most=most)
    curve = run_curve(
        *(years, list_specifications(years), episodes, circular_shifts(len(year))),
        watch=watch,
        keep=keep,
    )
    hazards = None if dyads is None else run_dyads(dyads, years, episodes, keep=keep)
    known = {"great_wars", "poles", "tightness", "discreteness"} <= set(years.columns)
    return ConflictFit(
        verdict=_verdict(curve),
        years=years,
        curve=curve,
        dyads=hazards,
        directions=check_directions(years) if known else (),
        first=int(year[0]),
        last=int(year[-1]),
    )


def _verdict(curve: Curve) -> Verdict:
    if curve.positive > 0.5 and max(curve.p_episodes, curve.p_shifts) <= LEVEL:
        return "yes"
    if curve.positive < 0.5 and curve.negative_significant > 0 and curve.p_opposite <= LEVEL:
        return "the opposite"
    return "no"
