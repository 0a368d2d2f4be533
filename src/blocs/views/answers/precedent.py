"""Whether a state has done this kind of thing before, in this conflict and in the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

import msgspec
import polars as pl

from blocs import actors
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
        states=earlier["state"].n_unique(),
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


def _case(row: dict[str, object]) -> Case:
    start = row["start"]
    towards = str(row["towards"]).split(AND) if row["towards"] else ()
    told = {
        **row,
        "start": start.isoformat() if isinstance(start, date) else None,
        "towards": towards,
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
            f"{where}: {wording.count(elsewhere.height)} cases by "
            f"{elsewhere['state'].n_unique()} states{when}, the last: {_names(elsewhere)}."
        )
    return said


def _first(cases: pl.DataFrame, when: str, since: str) -> str:
    if cases.is_empty():
        return f"none in this record{since}{when}."
    sure = cases.filter("checked")
    ordered = (sure if sure.height else cases).sort("start", "source", nulls_last=True)
    row = ordered.row(0, named=True)
    mark = "" if sure.height else ", which nothing at hand confirms"
    more = cases["state"].n_unique() - 1
    return (
        f"first {_name(row['state'])}, {_when(row)} ({row['what']}{mark})"
        + (f", then {more} more state{'s' * (more != 1)}" if more else "")
        + f"; none earlier in this record{since}."
    )


def _names(cases: pl.DataFrame) -> str:
    last = cases.sort("start", "source", nulls_last=False).tail(3).iter_rows(named=True)
    return "; ".join(f"{_name(r['state'])} {_year(r)} ({r['what']})" for r in last)


def _name(actor: str) -> str:
    return actors.name_of(actor) if actor in actors.ids() else actor.removeprefix("group:").upper()


def _when(row: dict[str, object]) -> str:
    start, precision = row["start"], row["precision"]
    if not isinstance(start, date):
        return "date not known"
    return wording.day(start.isoformat()[: {"year": 4, "month": 7}.get(str(precision), 10)])


def _year(row: dict[str, object]) -> str:
    start = row["start"]
    return str(start.year) if isinstance(start, date) else "date not known"


def _since(p: Precedents) -> str:
    broad = [r for r in p.reaches if not r.conflict]
    reach = min(broad or p.reaches, key=lambda r: r.first)
    limit = f" of {reach.what}" if reach.conflict else ""
    full = "" if reach.complete else ", which is not complete"
    return f"{limit} since {reach.first.year}{full}"


def _since_here(reaches: Sequence[Reach], conflict: Conflict) -> str:
    start = max(conflict.start, min(r.first for r in reaches))
    return f" since {wording.day(start.isoformat())}"


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
        lines.append(f"{f.unchecked} of {f.in_record} cases are not confirmed by anything at hand.")
    return "\n".join([*lines, *(f"Dark: {m}" for m in f.missing)])


def _told_twice(f: PrecedentFacts) -> str:
    both = sum(";" in c.source for c in f.cases)
    return (
        f"An act that two sources tell of counts once: {both} of {len(f.cases)} have two or more."
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
            wording.day(c.start),
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
