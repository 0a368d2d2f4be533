"""Who a name or a code means: a state through time, with all its codes."""

from __future__ import annotations

from datetime import date

import msgspec
import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs import actors
from blocs.almanac.tables import facts
from blocs.contracts import Answer, View
from blocs.dates import Partial, holds_on
from blocs.errors import BadInput

_SYSTEMS = {
    "un_m49": "UN M49",
    "cow": "COW",
    "gw": "Gleditsch-Ward",
    "iso2": "ISO 2",
    "iso3": "ISO 3",
}
_TABLES = ("systems", "codes")
_RANKS = ("member", "partner", "observer", "candidate", "guest", "suspended")


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """A group the state belongs to; ``end`` is the first day no longer."""

    group: str
    name: str
    rank: str
    start: str | None
    end: str | None
    checked: bool
    source: str


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A code of one system and when it was in use."""

    system: str
    code: str
    start: str | None
    end: str | None


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A name in one language."""

    name: str
    lang: str
    kind: str
    start: str | None
    end: str | None


class Spelled(msgspec.Struct, frozen=True, kw_only=True):
    """Days in the state system; ``end`` is the first day no longer."""

    start: str | None
    end: str | None


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``who``."""

    schema: str = "blocs.who/1"
    asked: str
    actor: str
    name: str
    capital: str
    region: str
    subregion: str
    at: str | None
    existed: bool
    spells: tuple[Spelled, ...]
    codes: tuple[Code, ...]
    names: tuple[Name, ...]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    groups: tuple[Membership, ...]
    note: str


def who(text: str, *, system: str | None = None, at: str | None = None) -> Who:
    """Tell everything the almanac knows about the state that a text means.

    Parameters
    ----------
    text : str
        A name in any language, an ISO alpha-3 code, or a code of `system`.
    system : str, optional
        ``cow``, ``gw``, ``iso2``, ``fips``, ``cameo``, ``polity`` ...
    at : str, optional
        Day, month or year meant; today's groups without it.

    Raises
    ------
    UnknownName
        With the nearest names.
    Ambiguous
        With the candidates, if several states fit.
    BadInput
        If `at` is no date.

    Examples
    --------
    >>> who("260", system="gw", at="1985").name
    'Germany'
    """
    day = Partial.parse(at).first if at is not None else None
    actor_id = actors.resolve(text, at=day, system=system)
    known = actors.actor(actor_id)
    row = facts("actors").filter(pl.col("actor") == actor_id).row(0, named=True)
    return Who(
        asked=text,
        actor=actor_id,
        name=known.name,
        capital=known.capital,
        region=known.region,
        subregion=known.subregion,
        at=at,
        existed=any((day or date.max) in spell for spell in known.spells),
        spells=tuple(Spelled(start=_text(s.start), end=_text(s.end)) for s in known.spells),
        codes=_codes(actor_id),
        names=_names(actor_id),
        predecessors=known.predecessors,
        successors=known.successors,
        groups=_groups(actor_id, day),
        note=row["note"] or "",
    )


def ask(*text: str, system: str | None = None, at: str | None = None) -> Answer:
    """Say which state a name or a code means, and its codes, names and groups.

    Parameters
    ----------
    text
        A name in any language (several words are one name), an ISO code, or a code
        of the system given.
    system
        cow, gw, iso2, fips, cameo, polity ...
    at
        The date meant: YYYY, YYYY-MM or YYYY-MM-DD.
    """
    if not text:
        raise BadInput("say whom: a name or a code, for example `blocs who CHN`")
    found = who(" ".join(text), system=system, at=at)
    lines = [
        Text(f"{found.name} ({found.actor})", style="bold"),
        Text(_place(found)),
        Text(_in_system(found)),
    ]
    lines += [Text(found.note, style="dim")] if found.note else []
    lines += [Text(_kin(found))] if found.predecessors or found.successors else []
    table = Table.grid(padding=(0, 2, 0, 0))
    for code in found.codes:
        when = _when(code.start, code.end)
        table.add_row(Text(_SYSTEMS.get(code.system, code.system)), Text(code.code), Text(when))
    own = [n.name for n in found.names if n.lang == "en"]
    others = [f"{n.name} ({n.lang})" for n in found.names if n.lang != "en"]
    ends = [Text("Names: " + "; ".join([*own, *others])), Text(_grouped(found))]
    return Answer(facts=found, text=Group(*lines, table, *ends), table=_frame(found))


def _codes(actor_id: str) -> tuple[Code, ...]:
    wanted = ["system", "code", "start_text", "end_text"]
    rows = pl.concat([facts(t).filter(pl.col("actor") == actor_id).select(wanted) for t in _TABLES])
    return tuple(
        Code(system=system, code=code, start=start, end=end)
        for system, code, start, end in rows.sort("system", "start_text", "code").iter_rows()
    )


def _names(actor_id: str) -> tuple[Name, ...]:
    own = facts("names").filter(pl.col("actor") == actor_id)
    none = pl.lit(None, dtype=pl.String)
    cldr = facts("names_cldr").filter(pl.col("actor") == actor_id)
    rows = pl.concat(
        [
            own.select("name", "lang", "kind", start="start_text", end="end_text"),
            cldr.select("name", "lang", kind=pl.lit("name"), start=none, end=none),
        ]
    ).unique(["name", "lang"], keep="first", maintain_order=True)
    spelt = rows.filter(~pl.col("kind").is_in(["demonym", "adjective", "capital"]))
    spelt = spelt.sort(pl.col("lang") != "en", pl.col("kind") != "name", maintain_order=True)
    return tuple(Name(**row) for row in spelt.iter_rows(named=True))


def _groups(actor_id: str, at: date | None) -> tuple[Membership, ...]:
    inside = pl.col("end").is_null() if at is None else holds_on(at)
    names = facts("groups").select("group", "name")
    rows = (
        facts("memberships")
        .filter((pl.col("actor") == actor_id) & inside)
        .join(names, on="group", how="left")
        .with_columns(order=pl.col("rank").replace_strict(_RANKS, range(len(_RANKS)), default=99))
        .sort("order", "group", "start")
        .select("group", "name", "rank", "start_text", "end_text", "checked", "source")
    )
    fields = ("group", "name", "rank", "start", "end", "checked", "source")
    return tuple(Membership(**dict(zip(fields, r, strict=True))) for r in rows.iter_rows())


def _place(found: Who) -> str:
    parts = [found.subregion or found.region, f"capital {found.capital}" if found.capital else ""]
    return "; ".join(part for part in parts if part)


def _in_system(found: Who) -> str:
    spells = ", ".join(_when(s.start, s.end) or "always" for s in found.spells)
    text = f"In the state system {spells}" if spells else "Never in the COW state system"
    return text + (f"; not on {found.at}" if found.at and not found.existed else "")


def _kin(found: Who) -> str:
    named = {
        "from": [f"{actors.name_of(a)} ({a})" for a in found.predecessors],
        "to": [f"{actors.name_of(a)} ({a})" for a in found.successors],
    }
    return "; ".join(f"{word} {', '.join(names)}" for word, names in named.items() if names)


def _grouped(found: Who) -> str:
    when = f"in {found.at}" if found.at else "today"
    if not found.groups:
        return f"Groups {when}: none in the almanac"
    named = [g.name + ("" if g.rank == "member" else f" ({g.rank})") for g in found.groups]
    return f"Groups {when}: {', '.join(named)}"


def _when(start: str | None, end: str | None) -> str:
    if start is None and end is None:
        return ""
    return f"{start or '?'} to {end}" if end else f"since {start}"


def _frame(found: Who) -> pl.DataFrame:
    rows = [msgspec.structs.asdict(code) for code in found.codes]
    return pl.DataFrame(rows, schema=dict.fromkeys(("system", "code", "start", "end"), pl.String))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


VIEW = View(
    ask=ask,
    examples=(
        'blocs who "Korea, North"',
        "blocs who 260 --system gw --at 1985",
        "blocs who Yugoslavia --at 1999 --json",
    ),
)
