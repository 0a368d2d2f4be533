"""The first page: a search for states and groups by their names in any language."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import msgspec
import polars as pl

from blocs import actors
from blocs.actors import normalise
from blocs.alignment.groups import find_group, group_names, members_on
from blocs.almanac.tables import facts
from blocs.contracts import Answer
from blocs.dates import Partial
from blocs.errors import BlocsError
from blocs.evidence.almanac_facts import known_through
from blocs.registry import nearest
from blocs.views import wording
from blocs.views.answer_page import Page, Section, write_page
from blocs.views.charts.figure import Cell, table
from blocs.views.explorer.visit import Field, Screen, Visit, link

_MOST = 40


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A state or a group that a search found, by which of its names."""

    kind: str
    id: str
    name: str
    by: str
    lang: str
    page: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of the search; ``nearest`` = names close to what nothing is called."""

    schema: str = "blocs.search/1"
    q: str
    hits: tuple[Hit, ...]
    together: tuple[Hit, ...]
    nearest: tuple[str, ...]
    groups: tuple[Hit, ...]


def search(text: str) -> tuple[Hit, ...]:
    """Find states and groups whose names hold a text, exact names first.

    Examples
    --------
    >>> [hit.id for hit in search("Россия")], search("BRICS")[0].kind
    (['RUS'], 'group')
    """
    key = normalise(text)
    best: dict[tuple[str, str], tuple[tuple[int, int, bool], Hit]] = {}
    for spelt, hit in _names() if key else ():
        rank = _rank(key, spelt)
        if rank is None:
            continue
        mark = (rank, len(spelt), hit.lang not in {"en", ""})
        if (hit.kind, hit.id) not in best or mark < best[hit.kind, hit.id][0]:
            best[hit.kind, hit.id] = (mark, hit)
    ranked = sorted(best.values(), key=lambda found: (found[0], found[1].name, found[1].id))
    return tuple(hit for _, hit in ranked)[:_MOST]


def show(visit: Visit) -> Answer:
    """Search, or list what there is to look at."""
    asked = visit.text("q") or ""
    hits = search(asked)
    found = Found(
        q=asked,
        hits=hits,
        together=() if hits else _together(asked),
        nearest=() if hits or not asked else tuple(nearest(asked, _known())),
        groups=() if asked else tuple(_group(name) for name in group_names()),
    )
    rows = [msgspec.structs.asdict(h) for h in (*found.together, *found.hits, *found.groups)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(Hit.__struct_fields__, pl.String))
    return Answer(
        facts=found,
        text=f"{len(rows)} found",
        table=frame,
        page=lambda: write_page(_page(found), visit),
    )


def _page(found: Found) -> Page:
    sections = []
    for key, title, hits in (
        ("together", "Together", found.together),
        ("found", "Found", found.hits),
        ("groups", "Groups with a name", found.groups),
    ):
        if hits:
            rows = [
                (Cell(h.name, href=h.page), h.kind, h.by + (f" ({h.lang})" if h.lang else ""))
                for h in hits
            ]
            heads = ("Name", "What it is", "Found by" if found.q else "Members")
            caption = f"{title}: {len(rows)}"
            sections.append(Section(key, title, tables=(table(caption, heads, rows),)))
    return Page(
        title="Explorer",
        question="Name a state in any language, a code, a group, or several states with commas.",
        headline=_headline(found),
        sentences=(
            f"The almanac is known through {wording.day(known_through())}. Everything is computed "
            "on this machine.",
        ),
        sections=tuple(sections),
        sources=(),
        command="" if not found.hits else f"blocs who {found.hits[0].id}",
    )


def _headline(found: Found) -> str:
    if not found.q:
        return "Who stands with whom?"
    if found.together:
        return f"{wording.listed([h.name for h in found.together[:1]])}"
    if found.hits:
        return f"{len(found.hits)} found for “{found.q}”" + (
            ", the first of many" if len(found.hits) == _MOST else ""
        )
    close = f"; did you mean {wording.listed(found.nearest)}?" if found.nearest else ""
    return f"Nothing in the almanac is called “{found.q}”{close}"


def _rank(key: str, spelt: str) -> int | None:
    if spelt == key:
        return 0
    if spelt.startswith(key):
        return 1
    if len(key) > 1 and f" {key}" in f" {spelt}":
        return 2
    return 3 if len(key) > 3 and key in spelt else None


@cache
def _names() -> tuple[tuple[str, Hit], ...]:
    """Every name of every state and group, folded, with what it leads to."""
    own = facts("names").filter(~pl.col("kind").is_in(["demonym", "adjective", "capital"]))
    spelt = [(a, actors.name_of(a), "en") for a in actors.ids()]
    spelt += [(a, a, "") for a in actors.ids()]
    for rows in (own, facts("names_cldr")):
        spelt += list(rows.select("actor", "name", "lang").iter_rows())
    states = [(normalise(name), _state(a, name, lang or "")) for a, name, lang in spelt]
    groups = []
    for slug, name, aliases in facts("groups").select("group", "name", "aliases").iter_rows():
        for word in (name, slug, *(aliases or "").split("|")):
            if word:
                groups.append((normalise(word), _named_group(slug, name, word)))
    return tuple(dict.fromkeys([*states, *groups]))


def _state(actor: str, by: str, lang: str) -> Hit:
    return Hit(
        kind="state",
        id=actor,
        name=actors.name_of(actor),
        by=by,
        lang=lang,
        page=link("state", name=actor),
    )


def _named_group(slug: str, name: str, by: str) -> Hit:
    return Hit(kind="group", id=slug, name=name, by=by, lang="", page=link("group", members=name))


def _group(name: str) -> Hit:
    slug = str(find_group(name))
    day = Partial.parse(known_through()).first
    now = members_on(slug, day)
    row = facts("groups").filter(pl.col("group") == slug).row(0, named=True)
    ever = facts("memberships").filter(pl.col("group") == slug)
    years = [d.year for d in ever["end"].drop_nulls()]
    last = None if len(now) > 1 or not years else max(max(years) - 1, 1816)
    said = wording.listed([actors.name_of(m) for m in now[:6]])
    more = f" and {len(now) - 6} more" if len(now) > 6 else ""
    return Hit(
        kind=row["kind"] or "group",
        id=slug,
        name=name,
        by=(said + more) or (f"until {last}" if last else "none told"),
        lang="",
        page=link("group", members=name, to=last),
    )


def _together(text: str) -> tuple[Hit, ...]:
    """Read several names with commas: their page as a group, and each pair's."""
    words = [w.strip() for w in text.split(";" if ";" in text else ",") if w.strip()]
    ids = []
    for word in words[:12]:
        try:
            ids.append(actors.resolve(word))
        except BlocsError:
            return ()
    unique = list(dict.fromkeys(ids))
    if len(unique) < 2:
        return ()
    name = wording.listed([actors.name_of(a) for a in unique])
    members = ",".join(unique)
    group = Hit(
        kind="group",
        id=members,
        name=name,
        by="are they an axis?",
        lang="",
        page=link("group", members=members),
    )
    pairs = [
        Hit(
            kind="pair",
            id=f"{a},{b}",
            name=wording.pair(a, b),
            by="the history of their ties",
            lang="",
            page=link("dyad", a=a, b=b),
        )
        for a, b in combinations(unique, 2)
    ]
    return (group, *pairs)


def _known() -> list[str]:
    return [*(actors.name_of(a) for a in actors.ids()), *group_names()]


SCREEN = Screen(
    title="Search",
    show=show,
    fields=(Field("q", "State or group", "Korea, Россия, BRICS, or China, Russia"),),
)
