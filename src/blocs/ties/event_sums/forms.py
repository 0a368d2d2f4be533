"""Forms of event files, recognised by their columns: GDELT, ICEWS, POLECAT-like, own."""

from __future__ import annotations

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
Kind = Literal["text", "number", "date"]


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
        Roles of a Parquet file that are no text.
    """

    name: Literal["gdelt", "icews", "polecat", "own"]
    names: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    separator: str
    header: bool = True
    kinds: tuple[tuple[str, Kind], ...] = ()

    @property
    def quotes(self) -> bool:
        """Whether ``"`` encloses cells: not where tabs separate them."""
        return self.separator != "\t"

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
        return EventForm("gdelt", names, tuple(roles), "\t", header=False)
    plain = {name.strip().lower(): name for name in reversed(cells)}
    found = {role: _first(plain, names) for role, names in _ROLES.items()}
    missing = [role for role in _NEEDED if not found[role]]
    if missing:
        known = ", ".join(_ROLES[missing[0]])
        raise BadFile(
            f"{file.path}: no column for the {missing[0]} of an event ({known}); the file has "
            f"{', '.join(cells[:12]) or 'no columns'}{' ...' if len(cells) > 12 else ''}"
        )
    twice = [c for c in found.values() if c and any(f"{c}_{i}" == n for i, n in enumerate(cells))]
    if twice:  # `blocs.files.sniff` has numbered the second
        raise BadFile(f"{file.path}: two columns are called {twice[0]!r}; take one out")
    kinds = {"sqldate": "gdelt", "event date": "icews"}
    name = kinds.get(found["day"].strip().lower(), "own")
    if name == "icews" and found["code"].strip().lower() == "event type":
        name = "polecat"
    roles_found = tuple((role, column) for role, column in found.items() if column)
    return EventForm(name, cells, roles_found, file.separator)  # type: ignore[arg-type]


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
        return "date" if isinstance(dtype, (pl.Date, pl.Datetime)) else None
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
    if not code[:2].isdigit():
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
