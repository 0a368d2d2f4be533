"""A state: codes, names, spells, attributes, groups, treaties, and who votes like it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import polars as pl

from blocs import actors
from blocs.alignment.vote_sums import vote_sums
from blocs.almanac.tables import dyad_votes, facts
from blocs.contracts import Answer
from blocs.dates import Period, Spell, meets
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.answers.who import Who, who
from blocs.views.asked import period_of
from blocs.views.bibliography import almanac
from blocs.views.charts.figure import Cell, Table, table
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link

_KINDS = ("defence", "offence", "neutrality", "nonaggression", "consultation")
_NEAR = 15


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """What a state is or was; ``end`` is the first day no longer."""

    kind: str
    value: str
    start: str | None
    end: str | None
    checked: bool
    source: str


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A treaty the state is or was bound by, and to what."""

    treaty: str
    name: str
    partners: tuple[str, ...]
    start: str | None
    end: str | None
    obligations: tuple[str, ...]
    checked: bool
    source: str


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """How like the state another voted: beyond the world's mean vote, and raw."""

    actor: str
    name: str
    likeness: float
    agreement: float
    n: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of the page of a state; ``who`` is what ``blocs who --json`` says."""

    schema: str = "blocs.state/1"
    who: Who
    attributes: tuple[Attribute, ...]
    treaties: tuple[Bound, ...]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    votes: tuple[Near, ...]


def show(visit: Visit) -> Answer:
    """Tell what the almanac knows of a state."""
    asked = visit.needed("name")
    period = period_of(visit.whole("from"), visit.whole("to"))
    told = who(asked, system=visit.text("system"), at=visit.date("at"))
    found = State(
        who=told,
        attributes=_attributes(told.actor),
        treaties=_treaties(told.actor),
        first=period.first,
        last=period.last,
        votes=voted_like(told.actor, period),
    )
    shown = ("actor", "name", "likeness", "agreement", "n")
    rows = [msgspec.structs.asdict(n) for n in found.votes]
    kin = dict.fromkeys((*told.predecessors, *told.successors))
    links = tuple(Link(actors.name_of(a), link("state", name=a)) for a in kin)
    return Answer(
        facts=found,
        text=told.name,
        table=pl.DataFrame(rows, schema=dict(zip(shown, _TYPES, strict=True))),
        page=lambda: write_page(_page(found), replace(visit, links=links)),
    )


_TYPES = (pl.String, pl.String, pl.Float64, pl.Float64, pl.Int64)


def voted_like(actor: str, period: Period) -> tuple[Near, ...]:
    """Rank every state by how like one it voted in the UN General Assembly.

    Parameters
    ----------
    actor : str
        Actor id.
    period : Period
        Years, pooled.

    Returns
    -------
    tuple of Near
        Most alike first; empty where the almanac counts no votes of the state then.
        ``likeness`` is C_ij of `alignment.cohesion`, ``agreement`` 1 - distance / 2.
    """
    counts = dyad_votes().filter(
        ((pl.col("a") == actor) | (pl.col("b") == actor))
        & pl.col("year").is_between(period.first, period.last)
    )
    if counts.is_empty():
        return ()
    sums = vote_sums(counts)
    pooled, me = sums.pooled(), sums.actors.index(actor)
    likeness, agreement = pooled.likeness()[me], pooled.agreement()[me]
    order = [i for i in np.argsort(-likeness, kind="stable") if np.isfinite(likeness[i])]
    return tuple(
        Near(
            actor=sums.actors[i],
            name=actors.name_of(sums.actors[i]),
            likeness=float(likeness[i]),
            agreement=float(agreement[i]),
            n=int(pooled.counts[0, me, i]),
        )
        for i in order
        if i != me
    )


def _attributes(actor: str) -> tuple[Attribute, ...]:
    rows = facts("attributes").filter(pl.col("actor") == actor).sort("kind", "start")
    kept = rows.select(
        "kind", "value", "checked", "source", start=pl.col("start_text"), end=pl.col("end_text")
    )
    return tuple(Attribute(**row) for row in kept.iter_rows(named=True))


def _treaties(actor: str) -> tuple[Bound, ...]:
    everyone = facts("treaty_members")
    names = facts("treaties").select("treaty", "name", "source")
    mine = everyone.filter(pl.col("actor") == actor).join(names, on="treaty", how="left")
    out = []
    for row in mine.sort("start", "treaty", nulls_last=True).iter_rows(named=True):
        while_in_it = meets(Spell(row["start"], row["end"]))
        beside = everyone.filter((pl.col("treaty") == row["treaty"]) & while_in_it)
        out.append(
            Bound(
                treaty=row["treaty"],
                name=row["name"] or row["treaty"],
                partners=tuple(a for a in beside["actor"].unique().sort() if a != actor),
                start=row["start_text"],
                end=row["end_text"],
                obligations=tuple(k for k in _KINDS if row[k]),
                checked=row["checked"],
                source=row["source"] or "",
            )
        )
    return tuple(out)


def _page(found: State) -> Page:
    told = found.who
    place = "; ".join(
        x for x in (told.subregion or told.region, told.capital and f"capital {told.capital}") if x
    )
    spells = ", ".join(_span(s.start, s.end) for s in told.spells)
    return Page(
        title=told.name,
        question="Who is it, what binds it, and who votes like it?",
        headline=f"{told.name} ({told.actor})",
        sentences=tuple(
            x
            for x in (
                place and f"{place}.",
                f"In the state system {spells}."
                if spells
                else "Never in the state system as the Correlates of War count it.",
                told.note,
            )
            if x
        ),
        sections=(
            _votes(found),
            Section("groups", "Groups", tables=(_groups(told),)),
            Section("treaties", "Treaties", tables=(_bound(found),)),
            Section("attributes", "Regime, income, power, arms", tables=(_kinds(found),)),
            Section("codes", "Codes and names", tables=_called(told)),
        ),
        sources=(Named("almanac", almanac().citation),),
        command=command_line("who", [told.actor], {"--at": told.at}),
    )


def _votes(found: State) -> Section:
    years = wording.years(found.first, found.last)
    if not found.votes:
        gone = f"Not known: the almanac counts none of its votes in {years}."
        return Section("votes", "Who votes like it", (gone,))
    most = max(n.n for n in found.votes)
    often = [n for n in found.votes if 2 * n.n >= most]
    ends = (*often[:_NEAR], *often[max(_NEAR, len(often) - _NEAR) :])
    rows = [
        (
            Cell(n.name, link("dyad", a=found.who.actor, b=n.actor)),
            wording.score(n.likeness),
            wording.percent(n.agreement),
            wording.count(n.n),
        )
        for n in ends
    ]
    caption = (
        f"The {_NEAR} most and the {_NEAR} least alike, {years}, of the {len(often)} states with "
        f"at least half as many roll calls in common as any ({most}); the CSV lists all "
        f"{len(found.votes)}"
    )
    heads = ("State", "#Beyond the mean vote", "#Raw agreement", "#Roll calls in common")
    said = (
        "Votes in the UN General Assembly, years pooled. Likeness beyond the world's mean vote "
        "runs from -1 to 1; with few roll calls in common it is rough."
    )
    return Section("votes", "Who votes like it", (said,), tables=(table(caption, heads, rows),))


def _groups(told: Who) -> Table:
    rows = [
        (
            Cell(g.name, link("group", members=g.name)),
            g.rank,
            _span(g.start, g.end),
            _mark(g.checked),
            g.source,
        )
        for g in told.groups
    ]
    when = f"on {told.at}" if told.at else "today"
    return table(f"Groups {when}", ("Group", "Rank", "When", "Checked", "Source"), rows)


def _bound(found: State) -> Table:
    rows = [
        (
            Cell(t.name, link("almanac", table="treaties", q=t.treaty)),
            wording.names(t.partners),
            ", ".join(t.obligations) or wording.NOT_KNOWN,
            _span(t.start, t.end),
            _mark(t.checked),
            t.source,
        )
        for t in found.treaties
    ]
    heads = ("Treaty", "With", "Obligations", "When", "Checked", "Source")
    return table("Treaties of the almanac, past ones included", heads, rows)


def _kinds(found: State) -> Table:
    rows = [
        (a.kind, a.value, _span(a.start, a.end), _mark(a.checked), a.source)
        for a in found.attributes
    ]
    return table("Attributes", ("Kind", "Value", "When", "Checked", "Source"), rows)


def _called(told: Who) -> tuple[Table, ...]:
    codes = [(c.system, c.code, _span(c.start, c.end)) for c in told.codes]
    names = [(n.name, n.lang, n.kind, _span(n.start, n.end)) for n in told.names]
    return (
        table("Codes", ("System", "Code", "When"), codes),
        table("Names", ("Name", "Language", "Kind", "When"), names),
    )


def _span(start: str | None, end: str | None) -> str:
    if start is None and end is None:
        return ""
    begun = wording.day(start)
    return f"{begun} to {wording.until(end)}" if end else f"since {begun}"


def _mark(checked: bool) -> str:
    return "yes" if checked else "no"


SCREEN = Screen(
    title="State",
    show=show,
    fields=(
        Field("name", "State", "a name in any language, or a code"),
        Field("at", "At", "a date, for the groups of then"),
        Field("system", "Code of", "cow, gw, iso2 ...; a name if empty"),
        Field("from", "Votes from", "2022"),
        Field("to", "to", "2024"),
    ),
)
