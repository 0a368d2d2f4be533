"""A question about a group: which states, which years, against whom, on what evidence."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from blocs import actors
from blocs.alignment.groups import Group, resolve_group
from blocs.contracts import Evidence, Facts
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import known_through
from blocs.evidence.holdings import hold
from blocs.registry import LAYERS
from blocs.ties.yearly import years_told

FIRST = 2022
POLES = ("USA", "RUS")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a group, resolved.

    Attributes
    ----------
    group : Group
    period : Period
    reference : str
        Actor id of the power the group is measured against.
    facts : mapping of str to Facts
        Data set to facts, the almanac among them.
    notes : tuple of str
        What the user should know of the evidence.
    command : str
        How to ask again, without the name of the command.
    """

    group: Group
    period: Period
    reference: str
    facts: Mapping[str, Facts]
    notes: tuple[str, ...]
    command: str

    def ballots(self) -> tuple[str, Facts] | None:
        """The preferred data set at hand that tells single votes of the period, if there is one."""
        for name in LAYERS.get("votes").prefer:
            facts = self.facts.get(name)
            if facts is None or facts.ballots.is_empty():
                continue
            if set(years_told(facts.coverage, "votes")) & set(self.period.years):
                return name, facts
        return None


def ask_group(
    words: Sequence[str],
    *,
    reference: str | None,
    from_: int | None,
    to: int | None,
    members_at: int | None = None,
    seed: int = 0,
    evidence: Evidence,
    only: Collection[str] | None = None,
) -> Asked:
    """Resolve the words of a question about a group.

    Parameters
    ----------
    words : sequence of str
        Codes, names of states, or the name of a group.
    reference : str or None
        The power; by default the United States, or Russia if it is a member.
    from_, to : int or None
        Years, both included; see `period_of`.
    members_at : int or None
        Year at which a named group is frozen.
    seed : int
    evidence : Evidence
    only : collection of str, optional
        Data sets that can matter; files of others are not read.
    """
    period = period_of(from_, to)
    group = resolve_group(words, period, members_at=members_at)
    power = reference_of(reference, group.members, period)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=only)
    options = [f"--reference {power}", f"--from {period.first}", f"--to {period.last}"]
    options += [f"--members-at {members_at}"] if members_at else []
    options += [f"--data {shlex.quote(path)}" for path in evidence.data]
    options += [f"--project {shlex.quote(str(evidence.project))}"] if evidence.project else []
    options += [f"--seed {seed}"] if seed else []
    return Asked(
        group=group,
        period=period,
        reference=power,
        facts=held.with_almanac(),
        notes=held.notes,
        command=" ".join([*map(shlex.quote, words), *options]),
    )


def period_of(first: int | None, last: int | None) -> Period:
    """Years asked for: 2022 to the almanac's last by default, five years before 2022."""
    reach = int(known_through()[:4])
    end = last if last is not None else max(reach, first or reach)
    earliest = FIRST if end >= FIRST else end - 4
    start = first if first is not None else earliest
    return Period(max(start, 1816) if first is None else start, end)


def reference_of(text: str | None, members: tuple[str, ...], period: Period) -> str:
    """Return the power a group is measured against; refuse a member of it."""
    if text is None:
        return (
            next(pole for pole in POLES if pole not in members)
            if set(POLES) - set(members)
            else "CHN"
        )
    found = actors.resolve(text, over=period)
    if found in members:
        raise BadInput(
            f"--reference {text}: {actors.name_of(found)} is a member of the group; "
            "name a power outside it"
        )
    return found
