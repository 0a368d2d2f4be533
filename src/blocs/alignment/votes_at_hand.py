"""Which votes a question rests on: roll calls at hand, or the almanac's yearly sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from blocs.alignment.groups import Group
from blocs.alignment.vote_draws import VoteDraws, draw_votes, draw_years
from blocs.alignment.vote_slices import call_slices
from blocs.alignment.vote_sums import VoteSums, vote_sums
from blocs.almanac.tables import CLASSED_BY
from blocs.almanac.tables import dyad_votes as almanac_votes
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.registry import LAYERS
from blocs.schemas import DyadVotes, empty
from blocs.ties.common_votes import ballot_matrix, dyad_votes
from blocs.ties.yearly import years_told

DRAW = 1_000_037


@dataclass(frozen=True)
class VotesAtHand:
    """Votes in common from one data set, classed by the reference's vote.

    Attributes
    ----------
    source : str
        The data set; empty if none tells votes.
    counts : pl.DataFrame
        Table `schemas.DyadVotes`.
    facts : Facts or None
        What the data set tells; none without one.
    reference : str
    group : Group
        Left out of the mean vote, like the reference, where roll calls are at hand.
    """

    source: str
    counts: pl.DataFrame
    facts: Facts | None
    reference: str
    group: Group

    @property
    def classed(self) -> bool:
        """Whether the classes are of the reference's vote: the almanac knows three powers'."""
        return self.source != "almanac" or self.reference in CLASSED_BY

    @cached_property
    def sums(self) -> VoteSums:
        """The counts as arrays."""
        return vote_sums(self.counts)

    def draws(self, period: Period, *, seed: int) -> VoteDraws:
        """Votes of a period and resamples of them: texts of roll calls at hand, else years.

        Parameters
        ----------
        period : Period
        seed : int
            The same seed draws the same texts, whatever is asked of them.
        """
        rng = np.random.default_rng([seed, DRAW])
        if self.facts is None or self.facts.ballots.is_empty():
            return draw_years(self.sums, list(period.years), rng)
        matrix = ballot_matrix(self.facts.rollcalls, self.facts.ballots, period=period)
        votes = call_slices(
            matrix, self.sums.actors, reference=self.reference, outside=self.group.ever
        )
        return draw_votes(votes, rng)


def votes_at_hand(
    evidence: Mapping[str, Facts], reference: str, group: Group, period: Period
) -> VotesAtHand:
    """Count votes in common, from roll calls at hand or as the almanac tells them.

    One data set tells all: the most preferred that knows a year of the period, and if none
    does the most preferred.

    Parameters
    ----------
    evidence : mapping of str to Facts
        Data set to facts, the almanac among them.
    reference : str
        The power whose vote classes the roll calls.
    group : Group
    period : Period
    """
    told = {
        name: years_told(evidence[name].coverage, "votes")
        for name in LAYERS.get("votes").prefer
        if name in evidence
        and not (evidence[name].ballots.is_empty() and evidence[name].dyad_votes.is_empty())
    }
    if not told:
        return VotesAtHand("", empty(DyadVotes), None, reference, group)
    knowing = (name for name, years in told.items() if set(years) & set(period.years))
    source = next(knowing, next(iter(told)))
    facts = evidence[source]
    counts = facts.dyad_votes
    if source == "almanac" and reference in CLASSED_BY:
        counts = almanac_votes(reference=reference)
    if not facts.ballots.is_empty():
        counts = dyad_votes(facts.rollcalls, facts.ballots, reference=reference, outside=group.ever)
    return VotesAtHand(source, counts, facts, reference, group)
