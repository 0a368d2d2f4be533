"""A scenario: the start, the theatres, who supports whom, and what is to happen."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from blocs.dates import Partial

MOST_RUNS = 1_000_000
SEEDS = 2**32
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
    runs: Annotated[int, Meta(ge=2, le=MOST_RUNS)] = 2000
    seed: Annotated[int, Meta(ge=0, lt=SEEDS)] = 0
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
