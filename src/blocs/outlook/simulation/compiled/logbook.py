"""What happened in one run, row by row, where somebody asked for it."""

from __future__ import annotations

from numba import njit

from blocs.outlook.simulation.model import Ints


@njit(cache=True, inline="always")
def note(rows: Ints, taken: Ints, month: int, kind: int, a: int, b: int, c: int) -> None:
    """Write a row if the log has room; the count goes on without room."""
    at = taken[0]
    if at < rows.shape[0]:
        rows[at, 0] = month
        rows[at, 1] = kind
        rows[at, 2] = a
        rows[at, 3] = b
        rows[at, 4] = c
    taken[0] = at + 1
