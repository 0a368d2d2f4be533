"""How sure a verdict is: the whole test again on resampled votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.axis import ALIKE_P, ALIKE_PERCENTILE, UNLIKE_PERCENTILE, grade_of
from blocs.alignment.bonds import Truth, mean_known
from blocs.alignment.groups import Group
from blocs.alignment.motives import ahead
from blocs.alignment.nulls import complete_core, group_mean, propensity_excess, sampled_means
from blocs.alignment.resampling import Resampled, interval
from blocs.alignment.vote_draws import Pairs, VoteDraws, drawn_classes

DRAWS = 200
GROUPS = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """How often something came out of the resamples, in [0, 1]."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class VerdictDraws:
    """The verdict over resampled votes.

    Attributes
    ----------
    draws : int
        Resamples.
    resampled : Resampled
        What was drawn: texts where roll calls are at hand, else years.
    grades : tuple of Share
        Each grade's share, most often first.
    findings : tuple of Share
        Share of resamples in which each finding on votes holds.
    percentile_low, percentile_high : float
        90 % interval of the percentile among groups of the size.
    p_low, p_high : float
        The same of the share of groups as alike once propensity is taken out.
    groups : int
        Groups drawn in each resample.
    """

    draws: int
    resampled: Resampled
    grades: tuple[Share, ...]
    findings: tuple[Share, ...]
    percentile_low: float
    percentile_high: float
    p_low: float
    p_high: float
    groups: int


def resample_verdict(
    again: VoteDraws,
    group: Group,
    side: Sequence[str],
    truth: dict[str, Truth],
    *,
    classed: bool,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> VerdictDraws | None:
    """Run the findings on votes, and the verdict, again on resampled votes.

    Parameters
    ----------
    again : VoteDraws
        Votes of the period and resamples of them; the first `draws` are used.
    group : Group
        Its members at the end of the period.
    side : sequence of str
        The reference and its allies.
    truth : dict of str to str
        All findings; those on treaties are kept as they are.
    classed : bool
        Whether roll calls are classed by the reference's vote.
    rng : numpy.random.Generator
        For groups drawn.
    draws : int
        Resamples.

    Returns
    -------
    VerdictDraws or None
        None where one unit cannot be resampled, or fewer than two members voted.

    Notes
    -----
    A pair that shares no vote in a resample keeps its value over all votes.
    """
    votes = again.votes
    if again.resampled is None:
        return None
    whole = votes.likeness(np.ones(len(votes.years)))
    at = np.array(
        [votes.actors.index(m) for m in group.members if m in votes.actors], dtype=np.intp
    )
    core = complete_core(whole, at)
    ours = np.flatnonzero(np.isin(core, at))
    allies = [votes.actors.index(s) for s in side if s in votes.actors]
    theirs = np.flatnonzero(np.isin(core, allies) & ~np.isin(core, at))
    if len(ours) < 2 or len(core) < len(ours) + 2:
        return None
    part = VoteDraws(votes.among(core), again.weight[:draws])
    base = whole[np.ix_(core, core)]
    upper = np.triu_indices(len(ours), 1)
    lead = ahead(drawn_classes(part, Pairs(ours[upper[0]], ours[upper[1]])))
    grades: Counter[str] = Counter()
    holds: Counter[str] = Counter()
    rank = np.empty((len(part.weight), 2))
    for d, weight in enumerate(part.weight):
        drawn = part.votes.likeness(weight)
        found, rank[d] = _findings(np.where(np.isnan(drawn), base, drawn), ours, theirs, rng)
        if classed:
            found["against"] &= bool(lead[d] > 0)
        holds.update(name for name, yes in found.items() if yes)
        grades[grade_of({**truth, **_words(found, truth)})] += 1
    percentile, p = (interval(column, float(np.median(column))) for column in rank.T)
    return VerdictDraws(
        draws=len(rank),
        resampled=again.resampled,
        grades=tuple(Share(name, n / len(rank)) for name, n in grades.most_common()),
        findings=tuple(Share(n, holds[n] / len(rank)) for n in ("alike", "unlike", "against")),
        percentile_low=percentile[0],
        percentile_high=percentile[1],
        p_low=p[0],
        p_high=p[1],
        groups=GROUPS,
    )


def _findings(
    matrix: NDArray[np.float64],
    ours: NDArray[np.intp],
    theirs: NDArray[np.intp],
    rng: np.random.Generator,
) -> tuple[dict[str, bool], tuple[float, float]]:
    """Findings on votes of one resample, and percentile and p."""
    k = len(ours)
    value, free = group_mean(matrix, ours), propensity_excess(matrix)
    percentile = float((sampled_means(matrix, k, rng=rng, samples=GROUPS) < value).mean())
    beyond = sampled_means(free, k, rng=rng, samples=GROUPS) >= group_mean(free, ours)
    p = float((1 + beyond.sum()) / (1 + GROUPS))
    across = mean_known(matrix[np.ix_(ours, theirs)].ravel())
    return {
        "alike": percentile >= ALIKE_PERCENTILE and p <= ALIKE_P and value > 0,
        "unlike": percentile < UNLIKE_PERCENTILE or value <= 0,
        "against": across < 0 and value > across,
    }, (percentile, p)


def _words(found: dict[str, bool], truth: dict[str, Truth]) -> dict[str, Truth]:
    """The findings as words; one that rests on no votes at all stays as it is."""
    return {
        name: ("yes" if holds else "no")
        for name, holds in found.items()
        if truth.get(name) != "not known"
    }
