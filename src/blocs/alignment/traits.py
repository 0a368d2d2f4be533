"""What kind of state each is: region, regime and power, as the almanac dates them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.almanac.tables import facts
from blocs.dates import holds_on

KINDS = ("regime", "power")


def traits_of(names: Sequence[str], year: int) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Lay the kind of each state out as 0 and 1.

    Parameters
    ----------
    names : sequence of str
        Actor ids.
    year : int
        What holds at the end of this year.

    Returns
    -------
    tuple of ndarray, shape (n, p), and tuple of str
        One column a category, ``region: Asia``; what is not told is a category too.

    Examples
    --------
    >>> table, columns = traits_of(["CHN", "FRA"], 2020)
    >>> table[:, columns.index("power: major")].tolist()
    [1.0, 1.0]
    """
    day = date(year, 12, 31)
    held = facts("attributes").filter(pl.col("kind").is_in(KINDS) & holds_on(day))
    told = {(a, k): v for a, k, v in held.select("actor", "kind", "value").iter_rows()}
    rows = [
        [
            f"region: {actors.actor(name).region or 'not told'}",
            *(f"{kind}: {told.get((name, kind), 'not told')}" for kind in KINDS),
        ]
        for name in names
    ]
    columns = tuple(sorted({cell for row in rows for cell in row}))
    table = np.array([[float(c in row) for c in columns] for row in rows])
    return table.reshape(len(rows), len(columns)), columns
