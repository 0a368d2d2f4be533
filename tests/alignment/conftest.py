"""Ballots out of a matrix of votes, for worlds that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import polars as pl
import pytest

from blocs.schemas import VOTES, Ballots, RollCalls, dtypes

Tables = Callable[[np.ndarray, Sequence[str], Sequence[int]], tuple[pl.DataFrame, pl.DataFrame]]


@pytest.fixture(scope="session")
def tables() -> Tables:
    """``tables(votes, names, years)``: roll calls and ballots; 0 yes ... 3 absent, -1 none."""

    def _tables(
        votes: np.ndarray, names: Sequence[str], years: Sequence[int]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        calls = pl.DataFrame(
            [
                {"rollcall": f"{v:04d}", "source_id": "t", "row": v + 1, "date": date(y, 10, 1)}
                for v, y in enumerate(years)
            ],
            schema=dtypes(RollCalls),
        )
        cells = [
            (f"{v:04d}", name, VOTES[votes[i, v]], i * len(years) + v + 1)
            for i, name in enumerate(names)
            for v in range(len(years))
            if votes[i, v] >= 0
        ]
        return calls, pl.DataFrame(cells, schema=dtypes(Ballots), orient="row")

    return _tables
