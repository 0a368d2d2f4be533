"""Whether a group of states is an axis: verdict, figures, sources, one page."""

from __future__ import annotations

import shlex

from blocs import actors
from blocs.alignment.assessment import assess_group
from blocs.alignment.groups import resolve_group
from blocs.contracts import Answer, Evidence, View
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import known_through
from blocs.evidence.holdings import hold
from blocs.records import Brief
from blocs.views.briefing import brief_record

FIRST = 2022
POLES = ("USA", "RUS")


def brief(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Brief:
    """Assess a group of states: none, front, star, axis, or not known.

    Parameters
    ----------
    group : str
        Codes, names of states, or the name of a group.
    reference : str, optional
        The power the group is measured against: the United States, or Russia if
        the United States is a member.
    from_, to : int, optional
        Years, both included; 2022 to the almanac's last year by default. With
        only a `to` before 2022, the five years up to it.
    members_at : int, optional
        Freeze a named group at its membership at the end of this year.
    seed : int
        Seeds resampling; same seed, same figures.
    evidence : Evidence
        Where the evidence comes from; the almanac always fills the gaps.

    Returns
    -------
    Brief
        All facts; ``blocs brief --json`` prints the same.

    Examples
    --------
    >>> brief("China", "Russia", "Iran", "North Korea", from_=2022, to=2024).verdict.grade
    'front'
    """
    from blocs import __version__

    period = _period(from_, to)
    found = resolve_group(group, period, members_at=members_at)
    power = _reference(reference, found.members, period)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use)
    facts = held.with_almanac()
    assessment = assess_group(found, period, reference=power, evidence=facts, seed=seed)
    words = [f"--reference {power}", f"--from {period.first}", f"--to {period.last}"]
    words += [f"--members-at {members_at}"] if members_at else []
    words += [f"--data {shlex.quote(path)}" for path in evidence.data]
    words += [f"--project {shlex.quote(str(evidence.project))}"] if evidence.project else []
    words += [f"--seed {seed}"] if seed else []
    return brief_record(
        assessment,
        facts,
        command=f"blocs brief {' '.join(map(shlex.quote, group))} {' '.join(words)}",
        version=__version__,
        members_at=members_at,
        notes=held.notes,
    )


def ask(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell whether a group of states is an axis, a star, a front or none of these.

    Prints a summary and writes brief.html. The group may be given as codes, names,
    historical states, or one named group with its membership of each year.

    Parameters
    ----------
    group
        CHN RUS IRN PRK, "North Korea", USSR, BRICS, NATO, "Warsaw Pact" ...
    reference
        The power the group is measured against [default: USA, or RUS if it is a member].
    from_
        First year [default: 2022].
    to
        Last year, included [default: the almanac's last].
    members_at
        Freeze a named group at its membership at the end of this year.
    seed
        Seed of the resampling.
    """
    from blocs.views.terminal import summary

    found = brief(
        *group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        evidence=evidence,
    )

    def page() -> str:
        from blocs.views.report import page as draw

        return draw(found)

    from blocs.views.terminal import dyad_table

    return Answer(
        facts=found,
        text=summary(found),
        table=dyad_table(found),
        page=page,
        writes="brief.html",
    )


def _period(first: int | None, last: int | None) -> Period:
    reach = int(known_through()[:4])
    end = last if last is not None else max(reach, first or reach)
    earliest = FIRST if end >= FIRST else end - 4
    start = first if first is not None else earliest
    return Period(max(start, 1816) if first is None else start, end)


def _reference(text: str | None, members: tuple[str, ...], period: Period) -> str:
    if text is None:
        return (
            next(pole for pole in POLES if pole not in members)
            if set(POLES) - set(members)
            else "CHN"
        )
    from datetime import date

    found = actors.resolve(text, at=date(period.last, 12, 31))
    if found in members:
        raise BadInput(
            f"--reference {text}: {actors.name_of(found)} is a member of the group; "
            "name a power outside it"
        )
    return found


VIEW = View(
    ask=ask,
    examples=(
        "blocs brief CHN RUS IRN PRK",
        "blocs brief BRICS --to 2024 --members-at 2024",
        "blocs brief 'Warsaw Pact' --from 1958 --to 1962 --json",
    ),
)
