"""Experts' statements in a file: who said what, when, of which event, how sure.

Whether something ever happens (`p_ever`) is given as a number or a range, or left
open; it is never read off "could".
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import msgspec

from blocs.dates import Partial
from blocs.errors import BadFile, BadInput
from blocs.files import decode, read_bytes
from blocs.outlook.timing import SHAPES, Shape
from blocs.registry import nearest

UNITS = {"years": 1.0, "months": 1 / 12, "days": 1 / 365.2425}


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reference class of an event: attacks of whom on whom, since when.

    ``attacker`` and ``target`` are ``major``, ``nuclear``, ``any`` or a state;
    ``unit`` is ``pact`` (an attacker against all partners of a protector) or ``dyad``;
    ``outcome`` is ``war``, or ``force``: a dispute in which it uses force (needs mid).
    """

    attacker: str = "major"
    target: str = "major"
    unit: str = "pact"
    outcome: str = "war"
    since: int = 1946


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is forecast, how it will be decided, and whether it has been.

    ``decided`` is the day it happened or, if ``happened`` is false, the last day on
    which it was known not to have.
    """

    text: str
    resolution: str
    happened: bool | None = None
    decided: str | None = None
    base: Base | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statement; ``window`` in ``unit`` from the day it was said."""

    id: str
    event: str
    speaker: str
    said: str
    modality: str
    source: str
    shape: str = "by"
    window: tuple[float, float] | None = None
    unit: str = "years"
    rate: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    p_ever: float | tuple[float, float] | None = None
    quote: str = ""
    note: str = ""

    @property
    def years(self) -> tuple[float, float] | None:
        """The window in years."""
        if self.window is None:
            return None
        per = UNITS[self.unit]
        return self.window[0] * per, self.window[1] * per

    @property
    def ever(self) -> tuple[float, float]:
        """P(ever) as a range; (0, 1) where it was not given."""
        if self.p_ever is None:
            return 0.0, 1.0
        return self.p_ever if isinstance(self.p_ever, tuple) else (self.p_ever, self.p_ever)

    @property
    def day(self) -> date:
        """The day it was said; the first day of a partial date."""
        return Partial.parse(self.said).first

    @property
    def form(self) -> Shape:
        """The shape, checked."""
        return next(s for s in SHAPES if s == self.shape)


class Panel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of statements."""

    events: dict[str, Event] = msgspec.field(name="event", default_factory=dict)
    statements: tuple[Statement, ...] = msgspec.field(name="statement", default=())
    title: str = ""


class _Horizon(msgspec.Struct):
    low: float | None = None
    high: float | None = None
    unit: str = "year"
    start: str | None = msgspec.field(name="from", default=None)


class _When(msgspec.Struct):
    start: str | None = None
    precision: str | None = None


class _Speaker(msgspec.Struct):
    text: str = ""


class _Read(msgspec.Struct):
    """What is needed of an item of `blocs read`."""

    kind: str
    id: str = ""
    quote: str = ""
    statement: str = ""
    article: str = ""
    certainty: str = ""
    hedges: list[str] = []
    speakers: list[_Speaker] = []
    horizon: _Horizon | None = None
    when: _When | None = None


def read_statements(path: Path) -> Panel:
    """Read a file of statements: TOML, or the JSON lines of `blocs read`.

    Raises
    ------
    BadFile
        If it is neither, with the place.
    BadInput
        If a statement says what cannot be: an unknown event or shape, a window that
        ends before it begins, a probability outside [0, 1].
    """
    text = decode(read_bytes(path))
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return _from_reading(path, text)
    try:
        panel = msgspec.convert(tomllib.loads(text), Panel)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BadFile(
            f"{path}: {error}; `blocs experts new -o FILE.toml` writes an example"
        ) from None
    if not panel.statements:
        raise BadInput(
            f"{path}: no [[statement]] in it; `blocs experts new -o FILE.toml` shows one"
        )
    _check(path, panel)
    return panel


def _check(path: Path, panel: Panel) -> None:
    ids = [s.id for s in panel.statements]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise BadInput(f"{path}: the statement {twice[0]!r} is there twice; give each its own id")
    for s in panel.statements:
        where = f"{path}, statement {s.id!r}"
        if s.event not in panel.events:
            near = nearest(s.event, list(panel.events))
            hint = f"did you mean {near[0]}?" if near else f"add [event.{s.event}]"
            raise BadInput(f"{where}: there is no event {s.event!r}; {hint}")
        _check_statement(where, s)
    for name, event in panel.events.items():
        if event.happened is not None and event.decided is None:
            raise BadInput(
                f"{path}, event {name!r}: happened needs the day: decided = 'YYYY-MM-DD'"
            )
        if event.decided is not None:
            Partial.parse(event.decided)


def _check_statement(where: str, s: Statement) -> None:
    if s.shape not in SHAPES:
        near = nearest(s.shape, list(SHAPES))
        raise BadInput(f"{where}: shape {s.shape!r}; use {', '.join(near or SHAPES)}")
    if s.unit not in UNITS:
        raise BadInput(f"{where}: unit {s.unit!r}; use years, months or days")
    Partial.parse(s.said)
    needs = s.shape in {"by", "opens", "uniform"}
    floor = 0.0 if s.shape == "uniform" else 1e-9
    if needs and (s.window is None or not floor <= s.window[0] < s.window[1]):
        raise BadInput(
            f"{where}: window {s.window}; shape {s.shape!r} needs [low, high], low above 0 "
            "and below high, counted from the day it was said"
        )
    low, high = s.ever
    if not 0 <= low <= high <= 1:
        raise BadInput(f"{where}: p_ever {s.p_ever}; a probability lies between 0 and 1")
    if s.rate is not None and s.rate <= 0:
        raise BadInput(f"{where}: rate {s.rate}; a hazard a year is above 0")
    if s.shape == "hazard":
        _check_steps(where, s)


def _check_steps(where: str, s: Statement) -> None:
    starts = [step[0] for step in s.steps]
    if not s.steps or starts != sorted(set(starts)) or min(step[1] for step in s.steps) < 0:
        raise BadInput(
            f"{where}: shape 'hazard' needs steps = [[year, rate], ...], years rising, "
            "rates 0 or more"
        )


def _from_reading(path: Path, text: str) -> Panel:
    events: dict[str, Event] = {}
    statements = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = msgspec.json.decode(line, type=_Read)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
            raise BadFile(
                f"{path}, line {number}: {error}; want the lines of `blocs read`"
            ) from None
        if item.kind != "forecast" or item.horizon is None:
            continue
        made = _statement(item, item.horizon, number)
        if made is None:
            continue
        statements.append(made)
        events[made.event] = Event(
            text=item.statement or item.quote,
            resolution="none given: write one before this is scored",
        )
    if not statements:
        raise BadInput(
            f"{path}: no forecast with a horizon and a date in it; give `blocs read` the date of "
            "the article, or write the statements in a TOML file (`blocs experts new -o FILE.toml`)"
        )
    return Panel(events=events, statements=tuple(statements), title=path.name)


def _statement(item: _Read, horizon: _Horizon, number: int) -> Statement | None:
    """Turn a forecast that was read into a statement; none without a date or an end."""
    unit = f"{horizon.unit.rstrip('s')}s"
    if horizon.start is None or horizon.high is None or unit not in UNITS:
        return None
    low, high = horizon.low or 0.0, horizon.high
    name = item.id or f"line-{number}"
    speaker = ", ".join(s.text for s in item.speakers) or "the article"
    return Statement(
        id=name,
        event=name,  # two forecasts that were read are not known to be of one event
        speaker=speaker,
        said=_said(horizon.start, item.when),
        modality=", ".join(item.hedges) or item.certainty or "not told",
        source=f"article {item.article[:12]}",
        shape="by" if 0 < low < high else "uniform",
        window=(low, high) if low < high else (0.0, high),
        unit=unit,
        quote=item.quote,
    )


def _said(start: str, when: _When | None) -> str:
    """Day from which a horizon counts; a month or a year where no more is told."""
    told = when.precision if when is not None and when.start == start else None
    return start[: {"month": 7, "year": 4}.get(told or "", 10)]
