"""The world in one year: states, groups with their members, treaties in force, wars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import msgspec
import polars as pl

from blocs import actors
from blocs.alignment.groups import members_on
from blocs.almanac.tables import facts
from blocs.contracts import Answer
from blocs.dates import FIRST_YEAR, Partial, Period, in_force
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import known_through
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.bibliography import almanac
from blocs.views.charts.figure import Cell, Figure, Table, table
from blocs.views.charts.world import NOTE, unplaced
from blocs.views.charts.year_blocs import bloc_letter, draw_bloc_circle, draw_bloc_map
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link
from blocs.views.explorer.year_blocs import BlocsThen, blocs_then

SCRIPTS = ("year.js",)
_KINDS = ("defence", "offence", "neutrality", "nonaggression", "consultation")


class GroupThen(msgspec.Struct, frozen=True, kw_only=True):
    """A named group and its members on 31 December."""

    group: str
    name: str
    kind: str
    members: tuple[str, ...]


class TreatyThen(msgspec.Struct, frozen=True, kw_only=True):
    """A treaty in force on 31 December, and whom it bound then."""

    treaty: str
    name: str
    members: tuple[str, ...]
    obligations: tuple[str, ...]
    checked: bool
    source: str


class WarThen(msgspec.Struct, frozen=True, kw_only=True):
    """A war fought on at least one day of the year; ``end`` is the first day no longer."""

    war: str
    name: str
    sides: dict[str, tuple[str, ...]]
    start: str | None
    end: str | None
    checked: bool


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of the page of a year."""

    schema: str = "blocs.year/1"
    year: int
    states: tuple[str, ...]
    groups: tuple[GroupThen, ...]
    treaties: tuple[TreatyThen, ...]
    wars: tuple[WarThen, ...]
    network: BlocsThen


def show(visit: Visit) -> Answer:
    """Tell which groups, treaties and wars there were in a year."""
    reach = _reach()
    asked = visit.whole("year")
    year = reach if asked is None else asked
    if not FIRST_YEAR <= year <= reach:
        raise BadInput(f"year={year}: the almanac knows {FIRST_YEAR} to {reach}")
    wars = _wars(Period(year, year))
    found = Year(
        year=year,
        states=tuple(actors.members(Period(year, year))["actor"].unique().sort()),
        groups=_groups(date(year, 12, 31)),
        treaties=_treaties(date(year, 12, 31)),
        wars=wars,
        network=blocs_then(year, [war.sides for war in wars]),
    )
    near = [y for y in (year - 10, year - 1, year + 1, year + 10) if FIRST_YEAR <= y <= reach]
    links = tuple(Link(str(y), link("year", year=y)) for y in near)
    rows = [
        {"group": g.group, "name": g.name, "kind": g.kind, "actor": m}
        for g in found.groups
        for m in g.members
    ]
    heads = dict.fromkeys(("group", "name", "kind", "actor"), pl.String)
    here = replace(visit, values={"year": str(year)}, links=links, scripts=SCRIPTS)
    return Answer(
        facts=found,
        text=str(year),
        table=pl.DataFrame(rows, schema=heads),
        page=lambda: write_page(_page(found), here),
    )


def _reach() -> int:
    return Partial.parse(known_through()).first.year


def _groups(day: date) -> tuple[GroupThen, ...]:
    rows = facts("groups").sort("name").select("group", "name", "kind")
    every = (
        GroupThen(
            group=slug, name=name, kind=kind or "", members=_alive(members_on(slug, day), day)
        )
        for slug, name, kind in rows.iter_rows()
        if _begun(slug, day)
    )
    return tuple(group for group in every if group.members)


def _begun(slug: str, day: date) -> bool:
    """Tell whether a group had been named by a day; `members_on` lends labels their first day."""
    start = facts("groups").filter(pl.col("group") == slug)["start"][0]
    return start is None or start <= day


def _alive(members: tuple[str, ...], day: date) -> tuple[str, ...]:
    return tuple(m for m in members if any(day in spell for spell in actors.actor(m).spells))


def _on(day: date) -> pl.Expr:
    begun = pl.col("start") <= day
    return begun & (pl.col("end").is_null() | (pl.col("end") > day))


def _treaties(day: date) -> tuple[TreatyThen, ...]:
    bound = facts("treaty_members").filter(_on(day)).group_by("treaty").agg(pl.col("actor").sort())
    rows = facts("treaties").filter(_on(day)).join(bound, on="treaty").sort("start", "treaty")
    return tuple(
        TreatyThen(
            treaty=row["treaty"],
            name=row["name"],
            members=tuple(dict.fromkeys(row["actor"])),
            obligations=tuple(k for k in _KINDS if row[k]),
            checked=row["checked"],
            source=row["source"],
        )
        for row in rows.iter_rows(named=True)
    )


def _wars(period: Period) -> tuple[WarThen, ...]:
    sides = facts("war_sides")
    out = []
    for row in facts("wars").filter(in_force(period)).sort("start").iter_rows(named=True):
        mine = sides.filter((pl.col("war") == row["war"]) & in_force(period))
        by_side = mine.group_by("side").agg(pl.col("actor").unique().sort()).sort("side")
        out.append(
            WarThen(
                war=row["war"],
                name=row["name"],
                sides={str(side): tuple(who) for side, who in by_side.iter_rows()},
                start=row["start_text"],
                end=row["end_text"],
                checked=row["checked"],
            )
        )
    return tuple(out)


def _page(found: Year) -> Page:
    none = "None in the almanac, which does not say that there was none."
    parts = (
        ("groups", "Groups", ("Group", "Kind", "#Members", "Who"), _group_rows(found)),
        (
            "treaties",
            "Treaties",
            ("Treaty", "Between", "Obligations", "Checked", "Source"),
            _treaty_rows(found),
        ),
        ("wars", "Wars", ("War", "Sides", "From", "To", "Checked"), _war_rows(found)),
    )
    return Page(
        title=str(found.year),
        question="Which groups, treaties and wars were there?",
        headline=f"{found.year}: {len(found.groups)} groups of {len(found.states)} states, "
        f"{len(found.treaties)} treaties in force, {len(found.wars)} "
        f"{'war' if len(found.wars) == 1 else 'wars'}",
        sentences=(
            "Groups and treaties as they stood on 31 December; wars fought on some day of the "
            "year, among those that the almanac holds.",
        ),
        sections=_blocs(found)
        + tuple(
            Section(key, title, tables=(table(f"{title} in {found.year}", heads, rows, most=500),))
            if rows
            else Section(key, title, sentences=(none,))
            for key, title, heads, rows in parts
        ),
        sources=(Named("almanac", almanac().citation),),
        command=command_line("almanac", ["show", "memberships"], {}),
    )


def _blocs(found: Year) -> tuple[Section, ...]:
    blocs, ties = found.network.blocs, {(t.a, t.b): t.sign for t in found.network.ties}
    how = (
        "Blocs are communities of the network of defence treaties (+1) and wars (-1), by Leiden's "
        "method with seed 0: a description of these ties, not a test; a slight change of the ties "
        "may move a state."
    )
    if not blocs:
        none = f"No three states were bound together in {found.year}, as far as the almanac knows."
        return (Section("blocs", "Blocs", sentences=(none, how)),)
    foes = sum(sign < 0 for sign in ties.values())
    ended = unplaced(set(found.states))
    rows = [
        (bloc_letter(k), str(len(bloc)), wording.names(bloc, found.year))
        for k, bloc in enumerate(blocs)
    ]
    listed = table(f"Blocs in {found.year}", ("Bloc", "#States", "Who"), rows)
    n = f"{len(blocs)} blocs of three states or more, {len(ties)} ties, {foes} hostile"
    inside = sorted({s for bloc in blocs for s in bloc})
    figures = (
        Figure(
            key="fig-map",
            title=_largest(blocs, found.year),
            subtitle=f"Defence treaties and wars of the year: {n}",
            alt=" ".join(f"{letter}: {who}." for letter, _, who in rows),
            draw=lambda width: draw_bloc_map(blocs, found.states, width=width, year=found.year),
            table=listed,
            note=NOTE
            + (
                f" No land of its own on the map: {wording.names(ended, found.year)}."
                if ended
                else ""
            ),
        ),
        Figure(
            key="fig-network",
            title=_across(blocs, ties, found.year),
            subtitle=f"{len(inside)} states on a circle, bloc beside bloc: {n}",
            alt=f"Circle of {len(inside)} states; {foes} pairs at war.",
            draw=lambda width: draw_bloc_circle(blocs, ties, width=width, year=found.year),
            table=_ties(found),
            note="Dashed orange: at war. Grey: bound by a defence treaty across two blocs, or "
            "bound and at war in one year. Treaties inside a bloc are not drawn; the JSON has all.",
        ),
    )
    return (Section("blocs", "Blocs", sentences=(how,), figures=figures),)


def _largest(blocs: Sequence[Sequence[str]], year: int) -> str:
    first = f"The largest bloc of {year} has {len(blocs[0])} states"
    return first + (f", the next {len(blocs[1])}" if len(blocs) > 1 else "; there is no other")


def _across(blocs: Sequence[Sequence[str]], ties: Mapping[tuple[str, str], int], year: int) -> str:
    home = {state: k for k, bloc in enumerate(blocs) for state in bloc}
    inside = {pair: sign for pair, sign in ties.items() if set(pair) <= home.keys()}
    foes = sum(sign < 0 for sign in inside.values())
    bound = sum(sign > 0 and home[a] != home[b] for (a, b), sign in inside.items())
    pairs = "pair" if foes == 1 else "pairs"
    return f"In {year} {foes} {pairs} of their states were at war, {bound} bound across blocs"


def _ties(found: Year) -> Table:
    said = {1: "bound by a treaty", 0: "bound and at war", -1: "at war"}
    rows = [
        (
            Cell(wording.pair(t.a, t.b, found.year), link("dyad", a=t.a, b=t.b)),
            said[max(t.sign, -1)],
        )
        for t in sorted(found.network.ties, key=lambda t: t.sign)
    ]
    return table(f"Ties in {found.year}, hostile ones first", ("Pair", "Tie"), rows)


def _group_rows(found: Year) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(g.name, link("group", members=g.name, from_=found.year, to=found.year)),
            g.kind,
            str(len(g.members)),
            wording.names(g.members, found.year),
        )
        for g in found.groups
    ]


def _treaty_rows(found: Year) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(t.name, link("almanac", table="treaties", q=t.treaty)),
            wording.names(t.members, found.year),
            ", ".join(t.obligations) or wording.NOT_KNOWN,
            _mark(t.checked),
            t.source,
        )
        for t in found.treaties
    ]


def _war_rows(found: Year) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(w.name, link("almanac", table="wars", q=w.war)),
            " against ".join(wording.names(side, found.year) for side in w.sides.values()),
            wording.day(w.start),
            wording.until(w.end),
            _mark(w.checked),
        )
        for w in found.wars
    ]


def _mark(checked: bool) -> str:
    return "yes" if checked else "no"


SCREEN = Screen(
    title="Year",
    show=show,
    fields=(Field("year", "Year", "1914", span=(FIRST_YEAR, _reach())),),
    scripts=SCRIPTS,
)
