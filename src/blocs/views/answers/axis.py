"""The axis test in full: likeness, commitment, coordination, shape, separation."""

from __future__ import annotations

import msgspec
import polars as pl
from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from blocs import actors
from blocs.contracts import Answer, Evidence, View
from blocs.views import wording
from blocs.views.asked import ask_group
from blocs.views.records.aspects import TestRow, told_uncompared
from blocs.views.records.axis import AxisTest, axis_record
from blocs.views.records.moved_together import days_of
from blocs.views.wording import change


def assess_axis(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    named: int | None = None,
    shock: tuple[str, ...] = (),
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> AxisTest:
    """Test whether a named group is an axis, with every figure of the test.

    Parameters
    ----------
    group : str
        Codes, names of states, or the name of a group.
    reference : str, optional
        The power the group is measured against [default: USA, or RUS].
    from_, to : int, optional
        Years, both included; 2022 to the almanac's last year by default.
    members_at : int, optional
        Freeze a named group at its membership at the end of this year.
    named : int, optional
        Year in which somebody named the group; the votes after it test it.
    shock : tuple of str
        Days (YYYY-MM-DD) of events over which coordination is tested.
    seed : int
        Seeds resampling and the groups drawn.
    evidence : Evidence
        Coordination needs roll calls with titles.

    Returns
    -------
    AxisTest

    Examples
    --------
    >>> assess_axis("DNK", "FIN", "ISL", "NOR", "SWE", from_=2022, to=2024).grade
    'none'
    """
    days = days_of(shock)
    asked = ask_group(
        group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        evidence=evidence,
    )
    return axis_record(asked, named=named, shocks=days, seed=seed)


def ask(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    named: int | None = None,
    shock: tuple[str, ...] = (),
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Test a group in full: likeness, commitment, coordination, shape, separation.

    The brief tells the verdict; this tells the whole test table: percentiles and p under
    their null models, states of the same kind, who moved, since when, how often the
    verdict comes out on resampled votes, and what the test cannot say.

    Parameters
    ----------
    group
        CHN RUS IRN PRK, "North Korea", BRICS, NATO ...
    reference
        The power the group is measured against [default: USA, or RUS if it is a member].
    from_
        First year [default: 2022].
    to
        Last year, included [default: the almanac's last].
    members_at
        Freeze a named group at its membership at the end of this year.
    named
        Year in which the group was named: it is tested on the votes after it.
    shock
        Day of an event, YYYY-MM-DD; give it again for more.
    seed
        Seed of the resampling.
    """
    found = assess_axis(
        *group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        named=named,
        shock=shock,
        seed=seed,
        evidence=evidence,
    )
    return _answer(found)


def _answer(found: AxisTest) -> Answer:
    rows = [msgspec.to_builtins(row) for row in found.tests]
    return Answer(
        facts=found, text=_text(found), table=pl.DataFrame(rows, infer_schema_length=None)
    )


def _text(found: AxisTest) -> Lines:
    power = wording.the(actors.name_of(found.reference, found.last))
    parts: list[str] = [
        *(f"- {f.sentence}: {f.holds}" for f in found.findings),
        *_compared_lines(found),
        *_drawn_lines(found),
        *_shape_lines(found),
        *_separation_lines(found, power),
        *_matched_lines(found),
        *_since_lines(found),
        *_sure_lines(found),
        *_analogue_lines(found),
        *(f"It would change {line}" for line in found.would_change),
        *(f"Note: {note}" for note in found.notes),
    ]
    head = f"{found.label}, {wording.years(found.first, found.last)}, against {power}: "
    return Lines(
        Text(head + found.grade, style="bold"),
        _rows([row for row in found.tests if row.value is not None]),
        *(Text(f"- {line}" if not line.startswith("-") else line) for line in parts),
        Text("Dark:", style="bold"),
        *(Text(f"- {r.aspect}, {r.layer}: {r.why_dark}") for r in found.tests if r.why_dark),
        Text("What this cannot say:", style="bold"),
        *(Text(f"- {line}") for line in found.cannot),
    )


def _rows(rows: list[TestRow]) -> Table:
    # where a terminal is narrow, figures go on in the next line: half a number misleads
    table = Table(box=None, pad_edge=False, show_edge=False, collapse_padding=True)
    for name in ("aspect", "layer", "value", "90 %", "percentile", "p", "n", "years", "pairs"):
        left = name in {"aspect", "layer"}
        table.add_column(name, justify="left" if left else "right", overflow="fold")
    for r in rows:
        error = "" if r.exact else f" ±{100 * (r.percentile_error or 0):.1f}"
        table.add_row(
            r.aspect,
            r.layer,
            wording.score(r.value),
            f"{wording.score(r.low)} to {wording.score(r.high)}"
            if r.low is not None
            else "one year",
            f"{100 * (r.percentile or 0):.1f}{error}",
            f"{r.p:.2g}",
            str(r.n),
            wording.years(r.first or 0, r.last or 0),
            f"{r.pairs}/{r.possible_pairs}",
        )
    return table


def _compared_lines(found: AxisTest) -> list[str]:
    """Say among how many sets each percentile is, and which states are in none of them."""
    out = []
    for r in found.tests:
        if r.sets is None or r.members is None:
            continue
        sets = f"all {wording.count(r.sets)}" if r.exact else f"{wording.count(r.sets)} sampled"
        gone = [x for x in found.uncompared if (x.aspect, x.layer) == (r.aspect, r.layer)]
        out.append(
            f"percentile of {r.aspect} on {r.layer}: among {sets} sets of {r.members} of "
            f"{r.states} states"
            + (f"; in none of them: {told_uncompared(gone, found.last)}" if gone else "")
        )
    return out


def _drawn_lines(found: AxisTest) -> list[str]:
    """Say what each interval was drawn from, and what would give a better one."""
    told = [f"{r.aspect} on {r.layer} {r.interval}" for r in found.tests if r.interval]
    years = any((r.layer, r.resampled) == ("votes", "years") for r in found.tests)
    better = "; with roll calls at hand (`blocs data get unga`) texts are drawn" if years else ""
    return [f"intervals: {'; '.join(told)}{better}"] if told else []


def _shape_lines(found: AxisTest) -> list[str]:
    out = []
    for row in found.shapes:
        s = row.shape
        hub = s.hub
        told = (
            f"; most ties: {actors.name_of(hub.member, found.last)} ({hub.degree})"
            + (f", {100 * hub.new_share:.0f} % of the new ones" if hub.new_share else "")
            + (
                f"; density without it {wording.score(hub.density)}"
                if hub.density is not None
                else ""
            )
            if hub
            else ""
        )
        out.append(
            f"shape on {row.layer}: {s.form}, {s.tied} of {s.pairs} known pairs tied "
            f"({s.possible} possible){told}"
        )
    return out


def _separation_lines(found: AxisTest, power: str) -> list[str]:
    m = found.separation.mover
    if m is None:
        return []
    span = wording.years(found.separation.mover_from or 0, found.separation.mover_to or 0)
    return [
        f"on {m.series} texts voted on again ({m.steps} votes, {span}) the distance to {power} "
        f"changed by {change(m.change)} ({change(m.low)} to {change(m.high)}): "
        f"{change(m.by_group)} by the group's moves, {change(m.by_reference)} by the reference's"
    ]


def _matched_lines(found: AxisTest) -> list[str]:
    m = found.matched
    if m is None:
        return []
    if m.percentile is None:
        return [
            f"among groups of the same region, regime and power: refused, only {m.effective:.0f} "
            f"of {m.drawn:,} groups drawn carry the comparison (50 are needed)"
        ]
    return [
        f"among groups of the same region, regime and power: more alike than "
        f"{100 * m.percentile:.1f} % (±{100 * (m.error or 0):.1f}; effectively "
        f"{m.effective:.0f} groups)"
    ]


def _since_lines(found: AxisTest) -> list[str]:
    out = []
    for s in found.since:
        changes = ", ".join(
            f"{c.year} ({c.low}-{c.high}): {wording.score(c.before)} to "
            f"{wording.score(c.after)}, p {c.p:.2g}"
            for c in s.changes
        )
        outside = (
            f"; above what 95 % of groups do since {s.outside_since}" if s.outside_since else ""
        )
        out.append(
            f"since when, {s.layer} ({wording.years(s.first, s.last)}): "
            f"{changes or 'no lasting change of level'}{outside}"
        )
    return out


def _sure_lines(found: AxisTest) -> list[str]:
    out = []
    u = found.uncertainty
    if u is not None:
        shares = ", ".join(f"{g.name} {100 * g.share:.0f} %" for g in u.grades)
        out.append(
            f"on {u.draws} resamples of {u.resampled}: {shares}; percentile "
            f"{100 * u.percentile_low:.1f} to {100 * u.percentile_high:.1f}"
        )
    c = found.confirmation
    if c is not None:
        out.append(
            f"on votes after {c.named}, when it was named ({wording.years(c.first, c.last)}): "
            f"likeness {wording.score(c.likeness)}, percentile {100 * c.percentile:.1f}, "
            f"p {c.p:.2g}"
        )
    else:
        out.append(f"no test on votes after the naming: {found.why_no_confirmation}")
    return out


def _analogue_lines(found: AxisTest) -> list[str]:
    def told(title: str, rows: tuple[object, ...]) -> list[str]:
        names = [
            f"{a.name} {wording.years(a.first, a.last)} ({wording.score(a.distance)})"  # type: ignore[attr-defined]
            for a in rows
        ]
        return [f"{title}: {', '.join(names)}"] if names else []

    return told("nearest in history", found.nearest) + told("farthest", found.farthest)


VIEW = View(
    ask=ask,
    shows={AxisTest: _answer},
    examples=(
        "blocs axis CHN RUS IRN PRK",
        "blocs axis BRICS --to 2024 --members-at 2024 --json",
        "blocs axis CHN RUS IRN PRK --from 2015 --shock 2022-02-24 --data UNVotes.csv",
    ),
)
