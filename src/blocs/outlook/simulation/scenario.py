"""A scenario file: the start, the theatres, who supports whom, and what is to happen.

TOML in, checked records out; every fault is told with the line it stands on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from blocs.dates import Partial
from blocs.errors import BadInput
from blocs.files import decode, read_bytes
from blocs.outlook.simulation.parameters import NAMES
from blocs.registry import nearest
from blocs.schemas import RUNGS

Share = Annotated[float, Meta(ge=0, le=1)]


class Amount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number with the range it is drawn from and where it is from.

    Attributes
    ----------
    value : float, optional
        Used value; the middle of the range if left out.
    range : tuple of float, optional
        Lowest and highest value that are thought possible.
    source : str
        ``assumption`` unless something better is named.
    dist : str
        How it is drawn; ``uniform``.
    """

    value: float | None = None
    range: tuple[float, float] | None = None
    source: str = "assumption"
    dist: Annotated[str, Meta(pattern="^uniform$")] = "uniform"

    def __post_init__(self) -> None:
        """Refuse an empty amount and a range the wrong way round."""
        if self.value is None and self.range is None:
            raise ValueError("give a value, a range, or both")
        if self.range is not None:
            low, high = self.range
            if not low <= high:
                raise ValueError(f"the range [{low:g}, {high:g}] is the wrong way round")
            if self.value is not None and not low <= self.value <= high:
                raise ValueError(f"{self.value:g} lies outside its range [{low:g}, {high:g}]")

    @property
    def middle(self) -> float:
        """The value, or the middle of the range."""
        if self.value is not None:
            return self.value
        low, high = self.range or (0.0, 0.0)
        return (low + high) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """The range; the value alone if there is none."""
        return self.range or (self.middle, self.middle)


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the scenario is called, when it starts, and how long and how often it runs."""

    name: str
    start: str
    months: Annotated[int, Meta(ge=1, le=600)] = 60
    runs: Annotated[int, Meta(ge=2, le=1_000_000)] = 2000
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    about: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is in which bloc at the start, beside what the evidence says."""

    reference: str = "USA"
    group: tuple[str, ...] = ("CHN", "RUS", "IRN", "PRK")
    neither: tuple[str, ...] = ()


class Theatre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A war with two sides; the first state of each side leads it."""

    id: str
    sides: tuple[tuple[str, ...], tuple[str, ...]]
    ratio: Amount | float = Amount(value=1.3, range=(1.1, 1.6))
    front_km2_month: Amount | float = Amount(value=0.0)


class Supporter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state that supports a side of a theatre, and how far it goes at the start."""

    theatre: str
    state: str
    side: Annotated[int, Meta(ge=0, le=1)]
    rung: str = "none"
    red_line: str | None = None
    taboo: Amount | float = Amount(range=(1.5, 5.0))
    patron: str | None = None
    capacity: Annotated[float, Meta(ge=0)] | None = None


class Shock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happens in month `at`, whatever led up to it."""

    at: Annotated[int, Meta(ge=0)]
    set: str
    to: str | float


class Compare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same world without one of the shocks."""

    without: Annotated[str, Meta(pattern=r"^shock\[\d+\]$")]

    @property
    def index(self) -> int:
        """Which shock, counted from 0."""
        return int(self.without[6:-1])


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole scenario file."""

    scenario: Head
    alignment: Standing = Standing()
    theatre: tuple[Theatre, ...] = ()
    supporter: tuple[Supporter, ...] = ()
    shock: tuple[Shock, ...] = ()
    compare: Compare | None = None
    vary: dict[str, Amount] = {}
    parameters: dict[str, Amount | float] = {}

    @property
    def start(self) -> Partial:
        """First month."""
        return Partial.parse(self.scenario.start)


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
        raise BadInput(f"{name}: no TOML: {error}") from error
    try:
        found = msgspec.convert(raw, Scenario)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        field = re.search(r"unknown field `(.+?)`", what)
        at = where.rstrip("`") + (f".{field[1]}" if field else "")
        raise BadInput(_told(name, text, at, what)) from error
    for where, what in _faults(found):
        raise BadInput(_told(name, text, where, what))
    return found


Faults = Iterator[tuple[str, str]]


def _faults(found: Scenario) -> Faults:
    """What the records alone cannot see: names that point to each other."""
    try:
        _ = found.start
    except BadInput as error:
        yield ".scenario.start", str(error)
    theatres = [t.id for t in found.theatre]
    for i, t in enumerate(found.theatre):
        if not all(t.sides):
            yield f".theatre[{i}].sides", "each side needs a state that leads it"
        if theatres.count(t.id) > 1:
            yield f".theatre[{i}].id", f"two theatres are called {t.id}"
    yield from _supporter_faults(found, theatres)
    for part, key in [("vary", k) for k in found.vary] + [
        ("parameters", k) for k in found.parameters
    ]:
        if key not in NAMES:
            yield f".{part}.{key}", _unknown("parameter", key, NAMES)
    if found.compare and found.compare.index >= len(found.shock):
        yield ".compare.without", f"there are {len(found.shock)} shocks, counted from 0"


def _supporter_faults(found: Scenario, theatres: list[str]) -> Faults:
    seen: set[tuple[str, str]] = set()
    for i, s in enumerate(found.supporter):
        at = f".supporter[{i}]"
        if s.theatre not in theatres:
            yield f"{at}.theatre", _unknown("theatre", s.theatre, theatres)
        for key, rung in (("rung", s.rung), ("red_line", s.red_line)):
            if rung is not None and rung not in RUNGS:
                yield f"{at}.{key}", _unknown("rung", rung, RUNGS)
        if (s.theatre, s.state) in seen:
            yield f"{at}.state", f"{s.state} stands twice in theatre {s.theatre}"
        seen.add((s.theatre, s.state))


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    close = nearest(name, list(known))
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    return f"no {kind} is called {name!r}{hint} Known: {', '.join(known)}"


def _told(name: str, text: str, where: str, what: str) -> str:
    line = line_of(text, where)
    place = where.lstrip(".") or "the file"
    return f"{name}{f', line {line}' if line else ''}: {place}: {what}"


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
