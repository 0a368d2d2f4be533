"""Forms of event files, recognised by their columns: GDELT, ICEWS, POLECAT-like, own."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl

from blocs.errors import BadFile, BadInput, UnknownName
from blocs.evidence.reading.lexicon import TYPES, plover
from blocs.files import SourceFile
from blocs.registry import nearest

CLASSES = ("quad", "plover", "root")
QUADS = (
    "verbal_cooperation",
    "material_cooperation",
    "verbal_conflict",
    "material_conflict",
)
_LAST = (5, 9, 14, 20)  # last CAMEO root of each quad class, as GDELT has them
_ROLES = {
    "day": ("sqldate", "event date", "date", "day", "start"),
    "sender": ("actor1countrycode", "source country", "actor country", "sender"),
    "receiver": ("actor2countrycode", "target country", "recipient country", "receiver"),
    "code": ("eventcode", "cameo code", "event type", "cameo", "code", "type"),
    "value": ("goldsteinscale", "intensity", "goldstein", "value"),
}
_NEEDED = ("day", "sender", "receiver", "code")
_GDELT = {1: "SQLDATE", 7: "Actor1CountryCode", 17: "Actor2CountryCode", 26: "EventCode"}
_GDELT |= {30: "GoldsteinScale"}
_WIDTHS = (58, 61)
FILE = "blocs_file"
"""Column in which an engine names the file of a row."""
ROW = "blocs_row"
"""Column in which rows are numbered, to find those that are refused."""
Kind = Literal["text", "number", "date", "listed"]
"""What cells are; listed: the number of a text in a list (`jobs.Listed`)."""


@dataclass(frozen=True, slots=True)
class EventForm:
    """How a file tells its events.

    Attributes
    ----------
    name : str
        gdelt, icews, polecat or own.
    names : tuple of str
        Names of all its columns, in order.
    roles : tuple of (str, str)
        day, sender, receiver, code and value, with the column that holds each.
    separator : str
        Character between cells; empty for Parquet.
    header : bool
        Whether the first line holds names.
    kinds : tuple of (str, Kind)
        Roles of a Parquet file whose cells are no text.
    quotes : bool
        Whether ``"`` encloses cells: where tabs separate them, only if it does in the header.
    """

    name: Literal["gdelt", "icews", "polecat", "own"]
    names: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    separator: str
    header: bool = True
    kinds: tuple[tuple[str, Kind], ...] = ()
    quotes: bool = True

    @property
    def header_lines(self) -> int:
        """Lines before the first row."""
        return 1 if self.separator and self.header else 0

    @property
    def system(self) -> str:
        """Coding system of its states."""
        return "cameo" if self.name == "gdelt" else "name"

    def column(self, role: str) -> str:
        """Return the column of a role; empty if the file has none."""
        return dict(self.roles).get(role, "")

    def kind(self, role: str) -> Kind:
        """Return what the cells of a role are."""
        return dict(self.kinds).get(role, "text")


def recognise(file: SourceFile) -> EventForm:
    """Tell the form of an event file by its columns.

    Raises
    ------
    BadFile
        If a column that is needed is missing; the message names it.
    """
    cells = file.columns
    if file.skip:
        raise BadFile(f"{file.path}: {file.skip} lines stand before the header; take them out")
    if file.separator == "\t" and len(cells) in _WIDTHS and cells[0].isdigit():
        names = tuple(_GDELT.get(i, f"column_{i}") for i in range(len(cells)))
        roles = zip(("day", "sender", "receiver", "code", "value"), _GDELT.values(), strict=True)
        return EventForm("gdelt", names, tuple(roles), "\t", header=False, quotes=False)
    plain = {_folded(name): name for name in reversed(cells)}
    found = {role: _first(plain, names) for role, names in _ROLES.items()}
    missing = [role for role in _NEEDED if not found[role]]
    if missing:
        known = ", ".join(_ROLES[missing[0]])
        raise BadFile(
            f"{file.path}: no column for the {missing[0]} of an event ({known}); the file has "
            f"{', '.join(cells[:12]) or 'no columns'}{' ...' if len(cells) > 12 else ''}"
        )
    for column in filter(None, found.values()):
        alike = [n for i, n in enumerate(cells) if _is_twin(n, i, column)]
        if len(alike) > 1:
            raise BadFile(f"{file.path}: two columns are called {column!r}; take one out")
    kinds = {"sqldate": "gdelt", "event date": "icews"}
    name = kinds.get(found["day"].strip().lower(), "own")
    if name == "icews" and found["code"].strip().lower() == "event type":
        name = "polecat"
    roles_found = tuple((role, column) for role, column in found.items() if column)
    quotes = file.separator != "\t" or file.start.removeprefix(BOM_UTF8).startswith(b'"')
    return EventForm(name, _apart(cells), roles_found, file.separator, quotes=quotes)  # type: ignore[arg-type]


def _folded(name: str) -> str:
    return name.strip().lower()


def _is_twin(name: str, place: int, column: str) -> bool:
    """Whether a column has the name of another; `blocs.files.sniff` has numbered the second."""
    return _folded(name) == _folded(column) or name == f"{column}_{place}"


def _apart(names: tuple[str, ...]) -> tuple[str, ...]:
    """Number names that only capitals tell apart, which engines take for one."""
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        first.setdefault(name.lower(), i)
    return tuple(n if first[n.lower()] == i else f"{n}_{i}" for i, n in enumerate(names))


def with_kinds(form: EventForm, path: Path, schema: Mapping[str, pl.DataType]) -> EventForm:
    """Tell which roles of a Parquet file are dates or numbers.

    Raises
    ------
    BadFile
        If a column is of a type that its role cannot have: codes that are numbers have lost
        their leading zeros, and 14 may be 014.
    """
    kinds: list[tuple[str, Kind]] = []
    for role, column in form.roles:
        kind = _kind(role, schema[column])
        if kind is None:
            raise BadFile(
                f"{path}: column {column!r} is {schema[column]}, which is no type for the {role} "
                f"of an event; write it as {_AS[role]}"
            )
        if kind != "text":
            kinds.append((role, kind))
    return replace(form, kinds=tuple(kinds))


def _kind(role: str, dtype: pl.DataType) -> Kind | None:
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)):
        return "text"
    if role == "day" and dtype.is_temporal():
        plain = dtype == pl.Date or (isinstance(dtype, pl.Datetime) and dtype.time_zone is None)
        return "date" if plain else None  # the day of an hour hangs on the zone of who reads it
    if (role == "day" and dtype.is_integer()) or (role == "value" and dtype.is_numeric()):
        return "number"
    return None


_AS = {
    "day": "a date, as text (2014-01-31) or as a number (20140131)",
    "value": "a number",
    "code": "text, as in '0411'",
    "sender": "text, as in 'USA'",
    "receiver": "text, as in 'USA'",
}


def check_class(by: str) -> None:
    """Refuse a class of events that is none."""
    if by not in CLASSES:
        raise UnknownName(
            "class of events", by, nearest(by, list(CLASSES)), "Use quad, plover, root."
        )


def class_of(code: str, by: str) -> str | None:
    """Return the class of a CAMEO code or PLOVER type; None if it has none.

    Parameters
    ----------
    code : str
        A CAMEO code with its leading zeros ("0411") or a PLOVER type ("CONSULT").
    by : str
        quad, plover or root.

    Raises
    ------
    BadInput
        If a PLOVER type is to be put under a CAMEO root.

    Notes
    -----
    The quad classes follow GDELT's own columns: roots 01 to 05, 06 to 09, 10 to 14, 15 to 20.

    Examples
    --------
    >>> class_of("0411", "quad"), class_of("190", "plover"), class_of("CONSULT", "quad")
    ('verbal_cooperation', 'ASSAULT', 'verbal_cooperation')
    """
    if not (code[:2].isdigit() and code.isascii()):
        return _class_of_type(code.strip().upper(), by)
    root = int(code[:2])
    if len(code) < 2 or not 1 <= root <= _LAST[-1]:
        return None
    if by == "root":
        return code[:2]
    return plover(code) or None if by == "plover" else _quad(root)


def _class_of_type(kind: str, by: str) -> str | None:
    roots = sorted(int(root) for root, name in TYPES.items() if name == kind)
    if not roots:
        return None
    if by == "root":
        raise BadInput(f"{kind!r} is a PLOVER type, which has no CAMEO root; use --by plover")
    return kind if by == "plover" else _quad(roots[0])


def _quad(root: int) -> str:
    return next(name for name, last in zip(QUADS, _LAST, strict=True) if root <= last)


def _first(plain: dict[str, str], names: tuple[str, ...]) -> str:
    return next((plain[name] for name in names if name in plain), "")
