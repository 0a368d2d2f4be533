"""Names of states, capitals, bodies, groups and office holders, as word tuples to look up."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from functools import cache
from importlib import resources

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.tokens import cut_words


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for.

    Attributes
    ----------
    code : str
        ISO alpha-3 code, ``IGO``/``NGO``/``IMG`` with a suffix, or a group's id.
    kind : str
        name, demonym, capital, seat, place, body, group, holder, outlet.
    role : str
        Sector (GOV, MIL, REB ...) or ``""``.
    start, end : datetime.date or None
        When it holds, half-open; None is open.
    """

    code: str
    kind: str
    role: str = ""
    start: Date | None = None
    end: Date | None = None


def _rows(name: str) -> list[dict[str, str]]:
    """Read one of the reader's own tables."""
    text = (resources.files("blocs.evidence.reading") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _almanac(name: str) -> list[dict[str, str]]:
    """Read a fact table of the almanac as text; empty where it is not there."""
    path = resources.files("blocs.almanac") / "facts" / f"{name}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.is_file() else []


_ALMANAC_KINDS = {
    "name": "name",
    "official": "name",
    "variant": "name",
    "then": "name",
    "adjective": "demonym",
    "demonym": "demonym",
    "capital": "capital",
}
_OTHERS = words(
    "Brussels Santiago Male Victoria Piedmont Sardinia Sardinian Sardinians Salvador Siamese "
    "Hellenic Sucre Kingstown Solomons"
) | {"San Jose", "Gold Coast", "St. John's"}
_KINDS = (("name", "name"), ("demonym", "demonym"), ("capital", "capital"), ("place", "place"))


@cache
def load_names() -> tuple[tuple[str, Entry, str], ...]:
    """Return (name, entry, kind) of states, places, bodies and groups.

    Examples
    --------
    >>> {e.code for n, e, k in load_names() if n == "Pyongyang"}
    {'PRK'}
    """
    found = state_names()
    for row in _rows("states.csv"):
        for column, kind in _KINDS:
            role = "GOV" if kind == "capital" else ""
            for name in filter(None, row[column].split("|")):
                found.append((name.removeprefix("the "), Entry(row["actor"], kind, role), kind))
    groups = _group_ids()
    for row in _rows("bodies.csv"):
        code, role = row["actor"], row["role"]
        if code in ("IGO", "NGO", "IMG", "ISM"):
            code, role = (code + role if code == "IGO" else code), "" if code == "IGO" else role
        kind = "seat" if role == "GOV" else "body"
        for name in row["names"].split("|"):
            own = f"IGO{groups[name]}" if code == "IGOINT" and name in groups else code
            found.append((name.removeprefix("the "), Entry(own, kind, role), kind))
    found += [(row["name"], Entry("", "outlet", "MED"), "outlet") for row in _rows("outlets.csv")]
    return tuple(found + _groups({name for name, _, _ in found}))


def state_names() -> list[tuple[str, Entry, str]]:
    """Return (name, entry, kind) of the almanac's English names that mean one state alone.

    Names of states that are gone since before 1945, former capitals, acronyms and a few names
    that mostly mean something else ("Brussels") are left to the reader's own table.
    """
    rows = [row for row in _almanac("names") if _is_plain(row)]
    owners: dict[str, set[str]] = {}
    for row in rows:
        owners.setdefault(row["name"], set()).add(row["actor"])
    found = []
    for row in rows:
        if len(owners[row["name"]]) == 1:
            kind = _ALMANAC_KINDS[row["kind"]]
            role = "GOV" if kind == "capital" else ""
            spell = _day(row["start"]), _day(row["end"])
            found.append((row["name"], Entry(row["actor"], kind, role, *spell), kind))
    return found


def _is_plain(row: dict[str, str]) -> bool:
    """Say whether a row of the almanac's names is how news text may name a state."""
    name = row["name"]
    acronym = name.replace(".", "").isupper() and len(name.replace(".", "")) < 5
    historical = row["actor"].startswith("X") and row["actor"] not in ("XKX", "XVS")
    former = row["kind"] == "capital" and row["end"]
    odd = any(c in name for c in ",()/") or name.startswith("The ") or name in _OTHERS
    return bool(
        row["lang"] == "en"
        and row["kind"] in _ALMANAC_KINDS
        and not (acronym or historical or former or odd)
    )


def _groups(known: set[str]) -> list[tuple[str, Entry, str]]:
    """Return the almanac's groups that are not already bodies, and the West."""
    found = [
        (name, Entry("west", "group"), "group")
        for name in (
            "West",
            "Western bloc",
            "Western allies",
            "Western powers",
            "Western countries",
        )
    ]
    for row in _almanac("groups"):
        for name in [row["name"], *filter(None, (row["aliases"] or "").split("|"))]:
            proper = len(name) > 2 and name[:1].isupper() and name not in known and "," not in name
            if proper and name not in ("Allies", "Axis", "Quad", "Common Market"):
                found.append((name, Entry(row["group"], "group"), "group"))
    return found


def _group_ids() -> dict[str, str]:
    """Return the almanac's id of each group, in capitals, by name and alias."""
    return {
        name: row["group"].upper()
        for row in _almanac("groups")
        for name in [row["name"], *filter(None, (row["aliases"] or "").split("|"))]
    }


@cache
def load_holders() -> tuple[tuple[str, Entry], ...]:
    """Return (name, entry) of office holders with their terms.

    Examples
    --------
    >>> {e.code for n, e in load_holders() if n == "Boris Pistorius"}
    {'DEU'}
    """
    found = []
    for row in _almanac("offices"):
        code = f"IGO{row['actor']}" if row["actor"] in ("UNO", "NAT", "EUR") else row["actor"]
        role = "" if code[:3] == "IGO" else "GOV"
        entry = Entry(code, "holder", role, _day(row["start"]), _day(row["end"]))
        names = [row["person"], *filter(None, row["aliases"].split("|"))]
        titled = [f"{title} {names[0].split()[-1]}" for title in _titles(row["office"])]
        found += [(name, entry) for name in names + titled]
    return tuple(found)


_TITLES = {
    "head of state": ("President",),
    "head of government": ("Prime Minister", "Premier", "Chancellor"),
    "foreign minister": ("Foreign Minister", "Foreign Secretary", "Secretary of State"),
    "defence minister": ("Defence Minister", "Defense Minister", "Defense Secretary"),
    "head of state and government": ("President", "Prime Minister"),
}


def _titles(office: str) -> tuple[str, ...]:
    """Return the titles that may stand before the surname of who holds an office."""
    return _TITLES.get(office, ())


def _day(text: str) -> Date | None:
    """Return a full date, or None."""
    return Date.fromisoformat(text) if len(text) == 10 else None


Lookup = dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]]


@cache
def lookup() -> Lookup:
    """Return entries by first word, longest name first; capitals-only spellings included."""
    table: dict[tuple[str, ...], list[Entry]] = {}
    for name, entry in [*((n, e) for n, e, _ in load_names()), *load_holders()]:
        parts = tuple(name[a:b].replace("’", "'") for a, b in cut_words(name))
        for form in {parts, tuple(w.upper() for w in parts) if len(name) > 4 else parts}:
            entries = table.setdefault(form, [])
            if entry not in entries:
                entries.append(entry)
    return index(table)


def index(table: dict[tuple[str, ...], list[Entry]]) -> Lookup:
    """Arrange word tuples by first word, longest first."""
    out: Lookup = {}
    for form, entries in table.items():
        out.setdefault(form[0], []).append((form, tuple(entries)))
    for choices in out.values():
        choices.sort(key=lambda c: -len(c[0]))
    return out


@cache
def agents() -> dict[str, str]:
    """Return the sector of each agent noun (lemma or plural; two words joined by a blank)."""
    out: dict[str, str] = {}
    for row in _rows("agents.csv"):
        for noun in row["nouns"].split("|"):
            out.setdefault(noun, row["role"])
    return out


def entry_on(entries: tuple[Entry, ...], date: Date | None) -> Entry:
    """Return the entry that holds on the date, else the nearest in time (latest without date)."""
    timed = [e for e in entries if e.start or e.end]
    if len(entries) == 1 or not timed:
        return entries[0]
    if date is None:
        return max(timed, key=lambda e: e.start or Date.min)
    return min(timed, key=lambda e: _distance(e, date))


def holds_on(entry: Entry, date: Date) -> bool:
    """Say whether a term covers the date."""
    return (entry.start or Date.min) <= date < (entry.end or Date.max)


def _distance(entry: Entry, date: Date) -> int:
    """Return days between a term and a date; 0 inside."""
    if holds_on(entry, date):
        return 0
    edges = [d for d in (entry.start, entry.end) if d]
    return min(abs((date - d).days) for d in edges)
