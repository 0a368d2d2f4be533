"""A small made-up world whose every number is at hand."""

from __future__ import annotations

import numpy as np

from blocs.outlook.simulation.model import Dyads, Shocks, States, Supporters, Theatres, World
from blocs.outlook.simulation.parameters import DEFAULTS, NAMES


def states(pull: np.ndarray, size: np.ndarray, bloc: list[int]) -> States:
    row, column = np.nonzero(pull)
    place = np.full(pull.shape, -1, np.int32)
    place[row, column] = np.arange(len(row))
    indptr = np.concatenate([[0], np.cumsum((pull != 0).sum(axis=1))]).astype(np.int32)
    return States(
        indptr,
        column.astype(np.int32),
        pull[row, column].astype(np.float64),
        place[column, row],
        size.astype(np.float64),
        np.array(bloc, np.int8),
    )


def dyads(pairs: list[tuple[int, int]], rate: list[float], n: int) -> Dyads:
    """`rate` for each pair and then for each reverse."""
    one, two = np.array(pairs, np.int32).reshape(-1, 2).T
    sender, receiver = np.concatenate([one, two]), np.concatenate([two, one])
    ends = np.concatenate([sender, receiver])
    order = np.argsort(ends, kind="stable")
    at = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=n))])
    m = len(sender)
    return Dyads(
        sender,
        receiver,
        np.array(rate, np.float64),
        np.full(m, -1, np.int32),
        at.astype(np.int32),
        (order % max(m, 1)).astype(np.int32),
        np.zeros(m, np.bool_),
        np.zeros(0),
        np.zeros(0),
    )


def shocks(*rows: tuple[int, int, int, int, float]) -> Shocks:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    whole = [np.array(c, np.int32) for c in columns[:4]]
    return Shocks(whole[0], whole[1], whole[2], whole[3], np.array(columns[4], np.float64))


def world(
    n: int = 3,
    *,
    pull: np.ndarray | None = None,
    size: np.ndarray | None = None,
    bloc: list[int] | None = None,
    pairs: list[tuple[int, int]] = [],  # noqa: B006
    rate: list[float] = [],  # noqa: B006
    supporters: list[tuple[int, int, int, int]] = [],  # noqa: B006
    happenings: Shocks | None = None,
) -> World:
    """One theatre, state 0 against state 1; supporters are (state, side, rung, red line)."""
    k = len(DEFAULTS)
    s = len(supporters)
    rows = np.array(supporters, np.int32).reshape(s, 4)
    return World(
        states(
            np.zeros((n, n)) if pull is None else pull,
            np.ones(n) if size is None else size,
            [2] * n if bloc is None else bloc,
        ),
        dyads(pairs, rate, n),
        Theatres(
            np.array([[0, 1]], np.int32), np.array([k], np.int32), np.array([k + 1], np.int32)
        ),
        Supporters(
            np.zeros(s, np.int32),
            np.ascontiguousarray(rows[:, 0]),
            rows[:, 1].astype(np.int8, order="C"),
            rows[:, 2].astype(np.int8, order="C"),
            rows[:, 3].astype(np.int8, order="C"),
            np.full(s, -1, np.int32),
            np.ones(s),
            np.arange(k + 2, k + 2 + s, dtype=np.int32),
        ),
        shocks() if happenings is None else happenings,
        np.array([0, 1], np.int32),
    )


def parameters(runs: int, supporters: int = 0, **given: float) -> np.ndarray:
    """Quiet defaults: nothing happens unless it is given (names with __ for the dot)."""
    quiet = dict.fromkeys(NAMES, 0.0) | {
        "events.rate": 1.0,
        "events.fast_days": 60.0,
        "events.slow_days": 365.0,
        "events.across": 1.0,
        "events.within": 1.0,
        **{name: -99.0 for name in NAMES if name.startswith("ladder.up_")},
    }
    quiet |= {name.replace("__", "."): value for name, value in given.items() if "__" in name}
    row = [*quiet.values(), given.get("ratio", 1.0), given.get("front", 0.0)]
    row += [given.get("taboo", 0.0)] * supporters
    return np.tile(np.array(row, np.float64), (runs, 1))
