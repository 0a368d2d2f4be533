"""What happened in one run, row by row, where somebody asked for it."""

from __future__ import annotations

from numba import njit

from blocs.outlook.simulation.model import Log


@njit(cache=True, inline="always")
def note(log: Log, month: int, kind: int, a: int, b: int, c: int) -> None:
    """Write a row if the log has room; the count goes on without room."""
    at = log.taken[0]
    if at < log.rows.shape[0]:
        log.rows[at, 0] = month
        log.rows[at, 1] = kind
        log.rows[at, 2] = a
        log.rows[at, 3] = b
        log.rows[at, 4] = c
    log.taken[0] = at + 1
