"""Whether a state has done this kind of thing before, in this conflict and in the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

import msgspec
import polars as pl

from blocs import actors
from blocs.almanac.tables import facts as almanac
from blocs.contracts import Answer, Evidence, View
from blocs.dates import Partial
from blocs.evidence.holdings import hold
from blocs.outlook.acts import AND, KINDS, Conflict, Reach
from blocs.outlook.precedent import Precedents, covering, find_precedents, kind_named
from blocs.registry import DATASETS
from blocs.shown import Shown
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.charts.figure import Table, table

_GROUP = "group:"
_FEW = 2


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case: the earliest of a state in a conflict that a source tells of."""

    source: str
    state: str
    towards: tuple[str, ...]
    conflict: str | None
    start: str | None
    precision: str | None
    checked: bool
    what: str | None
    record: str | None
    here: bool
    earlier: bool


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer rests on; outside it, no case says nothing."""

    source: str
    what: str
    first_day: str
    last_day: str
    conflict: str
    complete: bool


class PrecedentFacts(Shown, frozen=True, kw_only=True):
    """Cases of a kind of act, counted here, by the state, and in the record."""

    shown_by: ClassVar[str] = "precedent"

    schema: str
    kind: str
    title: str
    conflict: str | None
    state: str | None
    before: str | None
    sentences: tuple[str, ...]
    here: int
    by_state: int | None
    in_record: int
    states: int
    organisations: int
    unchecked: int
    cases: tuple[Case, ...]
    coverage: tuple[Covered, ...]
    missing: tuple[str, ...]


def precedent(
    kind: str,
    *,
    conflict: str = "",
    state: str = "",
    before: str = "",
    evidence: Evidence = Evidence(),
) -> PrecedentFacts:
    """Tell whether a state has done this kind of thing before, and in which record.

    Parameters
    ----------
    kind : str
        A kind of act, or other words for it.
    conflict, state : str
        A war, or a state for its latest; a state. Empty = any.
    before : str
        A date: only what is known to have come before counts.
    evidence : Evidence
        Data sets beside the almanac.
    """
    return _found(kind, conflict, state, before, evidence)[1]


def ask(
    kind: str,
    *,
    conflict: str = "",
    state: str = "",
    before: str = "",
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell whether a state has done this kind of thing before, and in which record.

    A precedent is denied only inside what a record covers: "none in this record since
    1946". Kinds: third-state-troops, weapons, intelligence, defence-treaty, sanctions,
    war-between-major-powers, war-between-nuclear-powers.

    Parameters
    ----------
    kind
        A kind of act, or other words for it ("lethal aid").
    conflict
        A war (`blocs almanac wars`), or a state: its latest war.
    state
        A state: has it done so before?
    before
        A date: only what came before counts.
    """
    found, facts = _found(kind, conflict, state, before, evidence)
    page = _page(facts, evidence)
    return Answer(facts=facts, text=_text(facts), table=found.cases, page=lambda: write_page(page))


def _found(
    kind: str, conflict: str, state: str, before: str, evidence: Evidence
) -> tuple[Precedents, PrecedentFacts]:
    name = kind_named(kind)
    day = Partial.parse(before).first if before else None
    wanted = KINDS[name].data
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=wanted)
    data = {n: f for n, f in held.by_dataset.items() if n in wanted}
    found = find_precedents(name, data, conflict=conflict, state=state, before=day)
    return found, _facts(found, tuple(n for n in wanted if n not in data))


def _facts(p: Precedents, missing: tuple[str, ...]) -> PrecedentFacts:
    earlier = p.cases.filter("earlier")
    mine = _of(earlier, p.state)
    return PrecedentFacts(
        schema="blocs.precedent/1",
        kind=p.kind,
        title=KINDS[p.kind].title,
        conflict=p.conflict.name if p.conflict else None,
        state=p.state,
        before=p.before.isoformat() if p.before else None,
        sentences=tuple(_sentences(p, earlier)),
        here=earlier.filter("here").height,
        by_state=mine.height if p.state else None,
        in_record=earlier.height,
        states=_actors(earlier)[0],
        organisations=_actors(earlier)[1],
        unchecked=earlier.filter(~pl.col("checked")).height,
        cases=tuple(_case(row) for row in p.cases.iter_rows(named=True)),
        coverage=tuple(
            Covered(
                source=r.source,
                what=r.what,
                first_day=r.first.isoformat(),
                last_day=date.fromordinal(r.last.toordinal() - 1).isoformat(),
                conflict=r.conflict,
                complete=r.complete,
            )
            for r in p.reaches
        ),
        missing=tuple(
            f"{DATASETS.get(n).title}; `blocs data add {n} PATH`, or --data PATH" for n in missing
        ),
    )


def _case(row: Mapping[str, object]) -> Case:
    start = row["start"]
    told = {
        **row,
        "start": start.isoformat() if isinstance(start, date) else None,
        "towards": _split(row["towards"]),
    }
    return msgspec.convert(told, Case)


def _of(cases: pl.DataFrame, state: str | None) -> pl.DataFrame:
    return cases.clear() if state is None else cases.filter(pl.col("state") == state)


def _sentences(p: Precedents, earlier: pl.DataFrame) -> list[str]:
    when = f" before {wording.day(p.before.isoformat())}" if p.before else ""
    said = []
    if p.conflict is not None:
        known = covering(p.reaches, p.conflict)
        told = (
            _first(earlier.filter("here"), when, _since_here(known, p.conflict))
            if known
            else "not known; no record at hand covers it."
        )
        said.append(f"In the {p.conflict.name}: {told}")
    if p.state is not None:
        mine = _of(earlier, p.state)
        said.append(f"{actors.name_of(p.state)} itself: {_first(mine, when, _since(p))}")
    elsewhere = earlier.filter(~pl.col("here")) if p.conflict else earlier
    where = "Elsewhere" if p.conflict else "In this record"
    if elsewhere.is_empty():
        said.append(f"{where}: none in this record{_since(p)}{when}.")
    else:
        said.append(
            f"{where}: {wording.count(elsewhere.height)} cases by {_by(elsewhere)}{when}, "
            f"the last: {_names(elsewhere)}."
        )
    return said


def _actors(cases: pl.DataFrame) -> tuple[int, int]:
    """How many states acted, and how many organisations."""
    who = cases["state"].unique()
    groups = int(who.str.starts_with(_GROUP).sum())
    return who.len() - groups, groups


def _by(cases: pl.DataFrame) -> str:
    states, groups = _actors(cases)
    told = ((states, "state"), (groups, "organisation"))
    return wording.listed([f"{n} {what}{'s' * (n != 1)}" for n, what in told if n])


def _first(cases: pl.DataFrame, when: str, since: str) -> str:
    if cases.is_empty():
        return f"none in this record{since}{when}."
    sure = cases.filter("checked")
    ordered = (sure if sure.height else cases).sort("start", "source", nulls_last=True)
    row = ordered.row(0, named=True)
    mark = "" if sure.height else ", which nothing at hand confirms"
    rest = cases.filter(pl.col("state") != row["state"])
    return (
        f"first {_name(row['state'])}, {_when(row)} ({row['what']}{mark})"
        + (f", then {_by(rest)} more" if rest.height else "")
        + f"; none earlier in this record{since}."
    )


def _names(cases: pl.DataFrame) -> str:
    last = cases.sort("start", "source", nulls_last=False).tail(3).iter_rows(named=True)
    return "; ".join(f"{_name(r['state'])}{_towards(r)} {_year(r)} ({r['what']})" for r in last)


def _towards(row: Mapping[str, object]) -> str:
    """Whom an act was towards, if it was one or two."""
    others = _split(row["towards"])
    few = 0 < len(others) <= _FEW
    return f" towards {wording.listed([_name(o) for o in others])}" if few else ""


def _split(cell: object) -> tuple[str, ...]:
    return tuple(str(cell).split(AND)) if cell else ()


def _name(actor: str) -> str:
    """Name of a state, or of an organisation that acts as one."""
    if actor in actors.ids():
        return actors.name_of(actor)
    slug = actor.removeprefix(_GROUP)
    named = almanac("groups").filter(group=slug)["name"]
    return str(named.item()) if named.len() else slug.upper()


def _when(row: Mapping[str, object]) -> str:
    start = row["start"]
    told = isinstance(start, date) and _told(start.isoformat(), str(row["precision"]))
    return wording.day(told) if told else "date not known"


def _told(start: str | None, precision: str | None) -> str | None:
    """Write a day no more exactly than it is told."""
    return start and start[: {"year": 4, "month": 7}.get(precision or "", 10)]


def _year(row: Mapping[str, object]) -> str:
    start = row["start"]
    return str(start.year) if isinstance(start, date) else "date not known"


def _since(p: Precedents) -> str:
    broad = [r for r in p.reaches if not r.conflict]
    reach = min(broad or p.reaches, key=lambda r: r.first)
    limit = f" of {reach.what}" if reach.conflict else ""
    full = "" if reach.complete else ", which is not complete"
    return f"{limit} since {reach.first.year}{full}"


def _since_here(reaches: Sequence[Reach], conflict: Conflict) -> str:
    """From when on acts count as of the conflict: many are known to the year only."""
    return f" since {max(conflict.start.year, min(r.first.year for r in reaches))}"


def _text(f: PrecedentFacts) -> str:
    lines = [f"{wording.upper_first(f.title)}.", *f.sentences]
    lines += [
        f"Rests on {c.source}: {c.what}, {c.first_day} to {c.last_day}"
        + ("" if c.complete else " (not complete: no row says nothing)")
        for c in f.coverage
    ]
    if len({c.source for c in f.coverage}) > 1:
        lines.append(_told_twice(f))
    if f.unchecked:
        lines.append(
            f"{wording.count(f.unchecked)} of {wording.count(f.in_record)} cases are not confirmed "
            "by anything at hand."
        )
    return "\n".join([*lines, *(f"Dark: {m}" for m in f.missing)])


def _told_twice(f: PrecedentFacts) -> str:
    both = sum(";" in c.source for c in f.cases)
    return (
        f"An act that two sources tell of counts once: {wording.count(both)} of "
        f"{wording.count(len(f.cases))} have two or more."
    )


def _page(f: PrecedentFacts, evidence: Evidence) -> Page:
    command = command_line(
        "precedent",
        [f.kind],
        {
            "--conflict": f.conflict,
            "--state": f.state,
            "--before": f.before,
            "--data": evidence.data,
            "--project": evidence.project,
        },
    )
    cited = tuple(
        Named(name, _cited(name, f)) for name in dict.fromkeys(c.source for c in f.coverage)
    )
    return Page(
        title=f"Precedents: {f.kind.replace('-', ' ')}",
        question=f"Has it been done before: {f.title}?",
        headline=f.sentences[0],
        sentences=f.sentences[1:],
        cautions=(
            "No case in a record is no proof that there was none: a record covers what it covers.",
            *(f"Dark: {m}" for m in f.missing),
        ),
        sections=(
            Section(key="cases", title="Cases, the latest first", tables=(_cases(f),)),
            Section(key="coverage", title="What the answer rests on", tables=(_coverage(f),)),
        ),
        sources=cited,
        command=command,
    )


def _cited(name: str, f: PrecedentFacts) -> str:
    what = "; ".join(c.what for c in f.coverage if c.source == name)
    if name == "almanac":
        return f"almanac of blocs: {what}"
    return f"{name}: {what}. {DATASETS.get(name).citation}"


def _cases(f: PrecedentFacts) -> Table:
    rows = [
        [
            _name(c.state),
            wording.day(_told(c.start, c.precision)),
            wording.listed([_name(t) for t in c.towards]) if c.towards else wording.NOT_KNOWN,
            c.what or "",
            "this conflict" if c.here else "",
            "yes" if c.checked else "no",
            c.record or "",
        ]
        for c in sorted(f.cases, key=lambda c: (c.here, c.start or ""), reverse=True)
    ]
    columns = ("State", "From", "Towards", "What", "Here", "Confirmed", "Record")
    return table(f"Cases: {f.title}", columns, rows)


def _coverage(f: PrecedentFacts) -> Table:
    rows = [
        [c.source, c.what, f"{c.first_day} to {c.last_day}", "yes" if c.complete else "no"]
        for c in f.coverage
    ]
    return table("Coverage", ("Source", "What", "Days", "Absence means none"), rows)


VIEW = View(
    ask=ask,
    shows={PrecedentFacts: lambda found: Answer(facts=found, text=_text(found))},
    examples=(
        "blocs precedent 'third-state troops' --conflict UKR",
        "blocs precedent weapons --state CHN",
        "blocs precedent 'third-state troops' --state PRK --before 2024 --data ucdp_acd.csv",
    ),
)
