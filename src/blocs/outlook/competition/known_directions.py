"""Directions published by Bueno de Mesquita, and what this record says of them.

Only the abstracts of the two papers are known to us: his 1975 paper has fewer poles
with less war, discreteness without effect and tightness itself without relation to
war among major powers; his 1978 paper has increases in tightness related to war in
the twentieth century and not in the nineteenth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from blocs.outlook.competition.count_models import bandwidth, fit_means
from blocs.outlook.competition.specifications import Z, shaped

PAPER_LAST = 1965
ABSTRACT_1975 = "Bueno de Mesquita (1975), doi:10.1177/002200277501900201"
ABSTRACT_1978 = "Bueno de Mesquita (1978), doi:10.1177/002200277802200203"
DIFFERENCES = (
    "His poles cluster all states of a region or of the major-power system by tau-b of alliance "
    "commitments; here major powers are clustered by tau-b of their obligations in ATOP, which "
    "counts treaties his list did not have; his outcome is mainly the duration of wars (nation-"
    "months), here it is wars begun in the next year, per state."
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One published direction.

    Attributes
    ----------
    claim, paper : str
        What is said and where.
    index : str
        Column of the yearly table.
    form : str
        ``level`` or ``rise``.
    first, last : int
        Years.
    expected : int
        Sign published: 1, -1, or 0 for no relation.
    """

    claim: str
    paper: str
    index: str
    form: str
    first: int
    last: int
    expected: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the record says of a direction.

    Attributes
    ----------
    direction : Direction
        What was published.
    n : int
        Years.
    wars : int
        Wars begun in them.
    ratio, low, high : float
        Rate ratio per standard deviation and its 95 % interval (HAC).
    recovered : bool
        Whether the interval lies on the published side of 1; for no relation,
        whether it holds 1.
    why : str
        The difference explained, where it is not recovered.
    """

    direction: Direction
    n: int
    wars: int
    ratio: float
    low: float
    high: float
    recovered: bool
    why: str


DIRECTIONS = (
    Direction("fewer poles, less war", ABSTRACT_1975, "poles", "level", 1816, PAPER_LAST, 1),
    Direction(
        "discreteness has no effect", ABSTRACT_1975, "discreteness", "level", 1816, PAPER_LAST, 0
    ),
    Direction(
        "tightness itself is unrelated to war among major powers",
        *(ABSTRACT_1975, "tightness", "level", 1816, PAPER_LAST, 0),
    ),
    Direction(
        "increases in tightness go with war in the twentieth century",
        *(ABSTRACT_1978, "tightness", "rise", 1900, PAPER_LAST, 1),
    ),
    Direction(
        "increases in tightness do not go with war in the nineteenth century",
        *(ABSTRACT_1978, "tightness", "rise", 1816, 1899, 0),
    ),
)


def check_directions(years: pl.DataFrame) -> tuple[Found, ...]:
    """Test the published directions on wars with a major power, one year on.

    Parameters
    ----------
    years : pl.DataFrame
        ``year, states, great_wars`` and the indices.
    """
    return tuple(_checked(years, d) for d in DIRECTIONS)


def _checked(years: pl.DataFrame, d: Direction) -> Found:
    series = years[d.index].cast(pl.Float64).fill_null(np.nan).to_numpy()
    x = shaped(series, d.form, 1)
    y = years["great_wars"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    year = years["year"].to_numpy()
    use = (year >= d.first) & (year <= d.last) & np.isfinite(x) & np.isfinite(y)
    scaled = (x[use] - x[use].mean()) / (float(x[use].std()) or 1.0)
    design = np.column_stack([np.ones(len(scaled)), scaled])
    exposure = years["states"].cast(pl.Float64).to_numpy()[use]
    ones = np.ones((1, len(scaled)))
    fit = fit_means(
        y[use][None],
        design[None],
        exposure[None],
        ones,
        np.array([True]),
        lags=bandwidth(len(scaled)),
    )
    b, se = float(fit.beta[0, 1]), float(fit.se[0, 1])
    low, high = b - Z * se, b + Z * se
    near, far = sorted((d.expected * low, d.expected * high))
    recovered = low <= 0 <= high if d.expected == 0 else 0 < near <= far
    return Found(
        direction=d,
        n=int(use.sum()),
        wars=int(y[use].sum()),
        ratio=float(np.exp(b)),
        low=float(np.exp(low)),
        high=float(np.exp(high)),
        recovered=recovered,
        why="" if recovered else _why(d, low, high),
    )


def _why(d: Direction, low: float, high: float) -> str:
    if d.expected and low <= 0 <= high:
        same = d.expected * (low + high) > 0
        sign = "as published" if same else "the other one"
        said = f"The sign is {sign}, but the interval holds no effect: too few wars to tell."
    elif d.expected == 0:
        said = "A relation shows where none was published."
    else:
        said = "The sign is the other one."
    return f"{said} {DIFFERENCES}"
