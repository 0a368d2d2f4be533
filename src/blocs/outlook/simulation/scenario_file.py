"""A scenario file: TOML in, checked records out; a fault is told with the line it stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from blocs.errors import BadInput
from blocs.files import decode, read_bytes
from blocs.outlook.simulation.faults import faults, unknown
from blocs.outlook.simulation.parameters import NAMES
from blocs.outlook.simulation.scenario import (
    Amount,
    Compare,
    Head,
    Scenario,
    Shock,
    Standing,
    Supporter,
    Theatre,
)


def read_scenario(path: Path) -> Scenario:
    """Read and check a scenario file.

    Parameters
    ----------
    path : Path
        A TOML file as ``blocs simulate new`` writes one.

    Raises
    ------
    BadInput
        With file, line and what is allowed there.
    """
    return parse_scenario(decode(read_bytes(path)), name=str(path))


def parse_scenario(text: str, *, name: str = "scenario") -> Scenario:
    r"""Read and check the text of a scenario file.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        What to call it in messages.

    Raises
    ------
    BadInput
        With line and what is allowed there.

    Examples
    --------
    >>> text = '[scenario]\nname = "quiet"\nstart = "2024-11"\nmonths = 12'
    >>> parse_scenario(text).scenario.months
    12
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"{name}: no TOML: {error}; {_EXAMPLE}") from error
    try:
        found = msgspec.convert(raw, Scenario)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        field = re.search(r"unknown field `(.+?)`", what)
        at = _named(where.rstrip("`"), raw)
        if "matching regex" in what:
            what = f"write {_FORMS.get(at, what)}"
        if field:
            what = _unknown_field(at, field[1])
            at += f".{field[1]}"
        raise BadInput(_told(name, text, at, what)) from error
    for where, what in faults(found):
        raise BadInput(_told(name, text, where, what))
    return found


_FORMS: Final[Mapping[str, str]] = {".compare.without": '"shock[0]", counted from 0'}
"""What a text of a certain form looks like; `Amount.dist` is told by its only value."""


def _named(where: str, raw: Mapping[str, Any]) -> str:
    """Put the name of the amount at fault where the path of an error has ``[...]``."""
    table, any_key, rest = where.partition("[...]")
    for key, value in raw.get(table.lstrip("."), {}).items() if any_key else ():
        try:
            msgspec.convert(value, Amount if table == ".vary" else Amount | float)
        except msgspec.ValidationError:
            return f"{table}.{key}{rest}"
    return where


_EXAMPLE = "`blocs simulate new -o FILE.toml` writes one that runs, with every field explained"

TABLES: Final[Mapping[str, type[msgspec.Struct]]] = {
    "": Scenario,
    "scenario": Head,
    "alignment": Standing,
    "theatre": Theatre,
    "supporter": Supporter,
    "shock": Shock,
    "compare": Compare,
}
"""Records of the tables of a file."""


def _unknown_field(where: str, field: str) -> str:
    """Tell which fields a table has; deeper than a table stand amounts."""
    table, *deeper = [key for key, _ in _STEP.findall(where) if key] or [""]
    record = Amount if deeper or table not in TABLES else TABLES[table]
    if record is Amount and deeper and f"{deeper[0]}.{field}" in NAMES:
        return f'a name with a dot stands in quotation marks: "{deeper[0]}.{field}" = ...'
    return unknown("field", field, record.__struct_fields__)


def _told(name: str, text: str, where: str, what: str) -> str:
    line = line_of(text, where)
    place = where.lstrip(".") or "the file"
    told = f"{name}{f', line {line}' if line else ''}: {place}: {what}"
    return f"{told}; {_EXAMPLE}" if "missing required" in what else told


_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, where: str) -> int | None:
    r"""Line of a TOML text on which a value such as ``.supporter[1].rung`` stands.

    Examples
    --------
    >>> line_of('[[shock]]\nat = 0\n[[shock]]\nat = "x"', ".shock[1].at")
    4
    """
    steps: list[Any] = [key or int(at) for key, at in _STEP.findall(where)]
    if not steps:
        return None
    lines = text.splitlines()
    inner = [str(s) for s in steps[1:] if not isinstance(s, int)]
    keys = {*inner, ".".join(inner)}  # "ladder.react" is one key, with dots in it
    table = str(steps[0])
    nth = next((s for s in steps if isinstance(s, int)), 0)
    heads = [
        i for i, row in enumerate(lines) if re.match(rf"\s*\[+\s*{re.escape(table)}\s*\]", row)
    ]
    if nth >= len(heads):
        return None
    start = heads[nth]
    for i in range(start + 1, len(lines)):
        if re.match(r"\s*\[", lines[i]):
            break
        name, assigned, _ = lines[i].partition("=")
        if assigned and name.strip().strip("\"'") in keys:
            return i + 1
    return start + 1
