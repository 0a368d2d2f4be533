"""Which layers are lit, by which data set, in which years - and which are dark."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from blocs.contracts import Layer
from blocs.dates import FIRST_YEAR, Period
from blocs.registry import DATASETS, LAYERS
from blocs.ties.yearly import years_told


@dataclass(frozen=True, slots=True)
class Span:
    """Years in which one data set lights a layer, or none does.

    Attributes
    ----------
    layer : str
        Name of the layer.
    dataset : str
        What lights it; empty = dark.
    first, last : int
        Years, both included.
    why : str
        For dark years: what would light them.
    """

    layer: str
    dataset: str
    first: int
    last: int
    why: str = ""

    @property
    def lit(self) -> bool:
        """Whether something is known."""
        return bool(self.dataset)


def lighting(coverage: Mapping[str, pl.DataFrame], *, last: int) -> tuple[Span, ...]:
    """Lay out which data set feeds each layer in which years, 1816 to `last`.

    Parameters
    ----------
    coverage : mapping
        Data set (or ``almanac``) to its table `schemas.Coverage`.
    last : int
        Last year of interest.

    Returns
    -------
    tuple of Span
        By layer, in order of years; together they cover 1816 to `last`.

    Examples
    --------
    >>> spans = lighting({}, last=2024)
    >>> {(s.lit, s.first, s.last) for s in spans}
    {(False, 1816, 2024)}
    """
    spans: list[Span] = []
    for name, layer in LAYERS.all().items():
        fed = _fed(layer, coverage)
        end = max([last, *fed])
        by_year = [fed.get(year, "") for year in range(FIRST_YEAR, end + 1)]
        turns = [i for i, d in enumerate(by_year) if i == 0 or d != by_year[i - 1]]
        for i, j in pairwise([*turns, len(by_year)]):
            first, until = FIRST_YEAR + i, FIRST_YEAR + j - 1
            why = "" if by_year[i] else _why_dark(layer, coverage, first, until)
            spans.append(Span(name, by_year[i], first, until, why))
    return tuple(spans)


def would_light(layer: Layer, held: Collection[str], *, period: Period) -> tuple[str, ...]:
    """Name the data sets not at hand that cover some year of a period on a layer.

    Parameters
    ----------
    layer : Layer
    held : collection of str
        Data sets at hand.
    period : Period

    Returns
    -------
    tuple of str
        In order of preference; none for votes before there was a United Nations.

    Examples
    --------
    >>> would_light(LAYERS.get("trade"), [], period=Period(1925, 1938))
    ('cow-trade',)
    >>> would_light(LAYERS.get("votes"), [], period=Period(1925, 1938))
    ()
    """
    absent = [d for d in layer.prefer if d in DATASETS.names() and d not in held]
    return tuple(d for d in absent if _overlaps(DATASETS.get(d).years, period.first, period.last))


def _fed(layer: Layer, coverage: Mapping[str, pl.DataFrame]) -> dict[int, str]:
    """Year to the preferred data set that covers it."""
    fed: dict[int, str] = {}
    for dataset in layer.prefer:
        told = coverage.get(dataset)
        years = years_told(told, *layer.topics) if told is not None else ()
        fed |= {year: dataset for year in years if year not in fed}
    return fed


def _why_dark(layer: Layer, coverage: Mapping[str, pl.DataFrame], first: int, last: int) -> str:
    ways = []
    for name in would_light(layer, coverage, period=Period(first, last)):
        dataset = DATASETS.get(name)
        how = f"get {name}" if dataset.downloads else f"add {name} PATH"
        ways.append(f"blocs data {how} ({dataset.years})")
    return " or ".join(ways) or "no data set that blocs reads covers these years"


def _overlaps(years: str, first: int, last: int) -> bool:
    reach = _reach(years)
    return first <= reach[1] and last >= reach[0]


def _reach(years: str) -> tuple[int, int]:
    """First and last year of a text such as ``1950-, as chosen`` or ``1816-2014``."""
    told = [int(year) for year in re.findall(r"\d{4}", years)]
    if not told:
        return FIRST_YEAR, 9999
    return told[0], told[-1] if len(told) > 1 else 9999
