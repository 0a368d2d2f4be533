"""Test a named group: is it an axis, a star, a front, or none of these.

The verdict is graded by a fixed table of rules over separate findings; there is
no composite score. Every finding is yes, no or not known, with its figures, and
the verdict says which findings would change it.

Rules, in order; a finding that is not known never counts as yes or no:

==========  ==================================================================
verdict     when
==========  ==================================================================
axis        against, not unlike, bound, and no single hub holds it
star        against, not unlike, and one hub is bound to every other member
            while the others are mostly not bound to each other
front       against and alike
none        not alike, or not against
not known   otherwise: too little is lit to tell
==========  ==================================================================

Against: likeness to the reference's side is below zero and surely below that within; and
they surely share more by opposing what the reference supports (shield) than by backing what
it opposes (counter-programme) or by voting with it. Distance alone will not do: the states of
the European Union are unlike many allies of the United States, and vote with it. Nor will
backing what it opposes: there the United States mostly stands alone, and who votes with the
many is no front. Where roll calls are not classed by the reference's vote, the second
condition is left out and the finding says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.bonds import Bonds, Truth, mean_known
from blocs.alignment.cohesion import Cohesion
from blocs.alignment.motives import Lead
from blocs.alignment.resampling import span
from blocs.alignment.vote_draws import Pairs, VoteDraws, drawn_likeness, whole_likeness

Grade = Literal["axis", "star", "front", "none", "not known"]

ALIKE_PERCENTILE = 0.95
ALIKE_P = 0.01
"""Stricter than the usual 5 %: a group is mostly named after somebody looked."""
UNLIKE_PERCENTILE = 0.50


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding the verdict rests on.

    Attributes
    ----------
    name : str
        alike, unlike, against, bound, hub_free or star.
    holds : str
        ``yes``, ``no`` or ``not known``.
    sentence : str
        The finding in words, with its figures.
    layer : str
        The layer it was read from.
    """

    name: str
    holds: Truth
    sentence: str
    layer: str


@dataclass(frozen=True, slots=True)
class Separation:
    """How far a group stands from the reference power and its allies on votes.

    Attributes
    ----------
    within : float
        Mean C_ij inside the group.
    across : float
        Mean C_ij between the group and the reference's side.
    to_reference : float or None
        Mean C_ij between the group and the reference alone; none if it cast no vote.
    gap, low, high : float
        ``within - across`` with its 90 % interval from resampling texts or years (none
        with one of them).
    side : tuple of str
        The reference and its allies.
    """

    within: float
    across: float
    to_reference: float | None
    gap: float
    low: float | None
    high: float | None
    side: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxisVerdict:
    """The graded verdict, the findings behind it and what would change it."""

    grade: Grade
    findings: tuple[Finding, ...]
    would_change: tuple[str, ...]


def assess_separation(
    draws: VoteDraws, members: Sequence[str], side: Sequence[str]
) -> Separation | None:
    """Compare likeness inside a group with likeness to the reference's side.

    Parameters
    ----------
    draws : VoteDraws
        Votes of the period, and resamples of them.
    members : sequence of str
    side : sequence of str
        The reference first, then its allies.

    Returns
    -------
    Separation or None
        None if either has no votes in the period.
    """
    actors = draws.votes.actors
    ours = [actors.index(m) for m in members if m in actors]
    theirs = [actors.index(s) for s in side if s in actors and s not in members]
    if len(ours) < 2 or not theirs:
        return None
    inside = np.array(list(combinations(ours, 2)), dtype=np.intp).T
    between = np.array(list(product(ours, theirs)), dtype=np.intp).T
    pairs, k = Pairs(*np.concatenate([inside, between], axis=1)), inside.shape[1]
    likeness = whole_likeness(draws.votes, pairs)
    within, across = _within_across(likeness, k)
    if np.isnan(within) or np.isnan(across):
        return None
    voted = actors[theirs[0]] == side[0]
    to_reference = mean_known(likeness[k :: len(theirs)]) if voted else float("nan")
    gaps = [np.subtract(*_within_across(one, k)) for one in drawn_likeness(draws, pairs)]
    low, high = span(np.array(gaps), within - across)
    return Separation(
        within=within,
        across=across,
        to_reference=None if np.isnan(to_reference) else to_reference,
        gap=within - across,
        low=low,
        high=high,
        side=tuple(actors[t] for t in theirs),
    )


def assess_axis(
    votes: Cohesion | None,
    separation: Separation | None,
    bonds: Bonds | None,
    *,
    lead: Lead | None = None,
    hostile: Truth,
    reference: str,
) -> AxisVerdict:
    """Grade a group by the table of rules in this module's description.

    Parameters
    ----------
    votes : Cohesion or None
        On UN votes; none if dark.
    separation : Separation or None
        From the reference's side on votes.
    bonds : Bonds or None
        Treaties of defence.
    lead : Lead or None
        How much more they share by opposing what the reference supports than by backing
        what it opposes or by voting with it; none where roll calls are not classed by its vote.
    hostile : str
        Whether at least half of the members fought the reference in the period:
        tells "against" where votes are dark.
    reference : str
        Name of the reference power with its article, for the sentences.
    """
    findings = (
        *_likeness_findings(votes),
        _against(separation, lead, hostile, reference),
        *_bond_findings(bonds),
    )
    truth = {f.name: f.holds for f in findings}
    grade = grade_of(truth)
    return AxisVerdict(grade, findings, _would_change(truth, grade))


def grade_of(truth: dict[str, Truth]) -> Grade:
    """Apply the table of rules to findings by name.

    Examples
    --------
    >>> grade_of({"alike": "yes", "unlike": "no", "against": "yes", "bound": "no",
    ...           "hub_free": "no", "star": "no"})
    'front'
    """
    against = truth["against"] == "yes"
    fit = against and truth["unlike"] != "yes"
    if fit and truth["bound"] == "yes" and truth["hub_free"] == "yes":
        return "axis"
    if fit and truth["star"] == "yes":
        return "star"
    if against and truth["alike"] == "yes":
        return "front"
    if truth["alike"] == "no" or truth["against"] == "no":
        return "none"
    return "not known"


def _likeness_findings(votes: Cohesion | None) -> tuple[Finding, Finding]:
    if votes is None:
        dark = "how alike they vote is not known: no votes in this period"
        return (
            Finding("alike", "not known", dark, "votes"),
            Finding("unlike", "not known", dark, "votes"),
        )
    p = votes.rank.percentile
    sure = votes.low is None or votes.low > 0
    place = (
        f"more alike than {100 * p:.1f} % of all groups of {len(votes.ranked)} states "
        f"({_ranked(votes)}residual likeness {_score(votes.residual)}"
        + (f", {span}" if (span := _span(votes.low, votes.high)) else "")
        + f", {votes.items} roll calls in common); beyond what each state's general propensity "
        f"gives, {100 * votes.null.at_least:.2g} % of groups are as alike"
    )
    rare = votes.null.at_least <= ALIKE_P
    alike: Truth = "yes" if p >= ALIKE_PERCENTILE and rare and sure else "no"
    unlike: Truth = "yes" if p < UNLIKE_PERCENTILE or votes.residual <= 0 else "no"
    return (
        Finding("alike", alike, f"they vote {place}", "votes"),
        Finding(
            "unlike",
            unlike,
            "they vote less alike than half of all groups of their size, or not alike at all"
            if unlike == "yes"
            else "they do not vote less alike than half of all groups of their size",
            "votes",
        ),
    )


def _against(
    separation: Separation | None, lead: Lead | None, hostile: Truth, reference: str
) -> Finding:
    if separation is None:
        words = {
            "yes": f"at least half of them fought {reference} in this period",
            "no": f"fewer than half of them fought {reference}, and no votes tell more",
            "not known": f"whether they stand against {reference} is not known",
        }
        return Finding(
            "against", "yes" if hostile == "yes" else "not known", words[hostile], "wars"
        )
    sure = separation.low is None or separation.low > 0
    itself = separation.to_reference
    apart = separation.across < 0 and separation.gap > 0 and sure
    opposing = lead is None or (lead.value if lead.low is None else lead.low) > 0
    holds: Truth = "yes" if apart and opposing else "no"
    span = _span(separation.low, separation.high)
    interval = f" ({span})" if span else ""
    where = "below" if separation.gap >= 0 else "above"
    alone = "not known" if itself is None else _score(itself)
    sentence = (
        f"likeness to {reference} is {alone}, to it and its allies {_score(separation.across)}, "
        f"{_score(abs(separation.gap))} {where} that among themselves{interval}"
    )
    return Finding("against", holds, f"{sentence}; {_led(lead)}", "votes")


def _led(lead: Lead | None) -> str:
    if lead is None:
        return "what they share is not split by its vote, which needs the roll calls"
    more = "more" if lead.value >= 0 else "less"
    span = _span(lead.low, lead.high)
    return (
        f"opposing what it supports makes {_score(abs(lead.value))} {more} of what they share than "
        "backing what it opposes or voting with it" + (f" (difference: {span})" if span else "")
    )


def _bond_findings(bonds: Bonds | None) -> tuple[Finding, Finding, Finding]:
    if bonds is None:
        dark = "which treaties bind them is not known in this period"
        return (
            Finding("bound", "not known", dark, "alliances"),
            Finding("hub_free", "not known", dark, "alliances"),
            Finding("star", "not known", dark, "alliances"),
        )
    return (
        Finding(
            "bound",
            bonds.bound,
            f"{bonds.count()} are bound by a treaty of defence",
            "alliances",
        ),
        Finding(
            "hub_free",
            bonds.hub_free,
            {
                "yes": "no single member holds the treaties together",
                "no": "without one member, fewer than half of the remaining pairs are bound",
                "not known": "whether a single member holds the treaties together is not known",
            }[bonds.hub_free],
            "alliances",
        ),
        Finding(
            "star",
            bonds.star,
            {
                "yes": f"{bonds.hub} is bound to every other member, and they hardly to each other",
                "no": "no member is the one hub to which all others are bound",
                "not known": "whether one member is the hub of all treaties is not known",
            }[bonds.star],
            "alliances",
        ),
    )


def _would_change(truth: dict[str, Truth], grade: Grade) -> tuple[str, ...]:
    """Name the findings that would give another grade: single ones, else two together."""
    words = {
        "alike": "if their votes were (or were not) among the most alike 5 % of groups",
        "unlike": "if their votes fell below (or rose above) those of half of all groups",
        "against": "if their votes moved towards (or away from) the reference's side",
        "bound": "if treaties of defence bound two thirds of the pairs (or no longer did)",
        "hub_free": "if the treaties held (or no longer held) without any one member",
        "star": "if one member were bound to all others (or no longer were)",
    }
    others: dict[str, list[Truth]] = {
        name: [t for t in ("yes", "no") if t != truth[name]] for name in words
    }
    out: list[str] = []
    for k in (1, 2):  # two findings together only where no single one would
        for names in combinations(words, k) if not out else ():
            flips = product(*(others[name] for name in names))
            grades = {grade_of(truth | dict(zip(names, flip, strict=True))) for flip in flips}
            if grades - {grade}:
                said = ", and ".join([words[names[0]], *(words[n][3:] for n in names[1:])])
                out.append(f"{said}: {' or '.join(sorted(grades - {grade}))}")
    both = grade_of(truth | {"bound": "yes", "hub_free": "yes"})
    if both == "axis" and grade != "axis" and truth["bound"] != "yes":
        out.append("if treaties of defence bound most pairs, through more than one member: axis")
    return tuple(out)


def _within_across(likeness: NDArray[np.float64], inside: int) -> tuple[float, float]:
    return mean_known(likeness[:inside]), mean_known(likeness[inside:])


def _score(value: float) -> str:
    """Write a score as people read it, with a true minus."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")


def _span(low: float | None, high: float | None) -> str:
    """Write an interval; nothing where there is none."""
    if low is None or high is None:
        return ""
    return f"90 % interval {_score(low)} to {_score(high)}"


def _ranked(votes: Cohesion) -> str:
    """Say how many members the percentile is about, where it is not all of them."""
    size = round((1 + sqrt(1 + 8 * votes.possible)) / 2)
    return "" if len(votes.ranked) == size else f"{len(votes.ranked)} of {size} members; "
