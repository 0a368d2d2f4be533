"""Every partition of a small signed graph, tried one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest


@dataclass(frozen=True)
class Brute:
    """Least frustration and all partitions that reach it."""

    least: float
    optima: np.ndarray


def _two_sides(n: int) -> Iterator[tuple[int, ...]]:
    return itertools.product((0, 1), repeat=n)


def _set_partitions(n: int) -> Iterator[tuple[int, ...]]:
    def grow(prefix: tuple[int, ...], top: int) -> Iterator[tuple[int, ...]]:
        if len(prefix) == n:
            yield prefix
            return
        for label in range(top + 1):
            yield from grow((*prefix, label), max(top, label + 1))

    return grow((), 0)


def _hangs_together(labels: np.ndarray, a: np.ndarray, b: np.ndarray, w: np.ndarray) -> bool:
    reach = np.arange(labels.size)
    for _ in range(labels.size):
        for x, y in zip(a[w > 0], b[w > 0], strict=True):
            if labels[x] == labels[y]:
                reach[x] = reach[y] = min(reach[x], reach[y])
    return len(set(reach.tolist())) == len(set(labels.tolist()))


@pytest.fixture(scope="session")
def brute_force():
    """``brute_force(n, a, b, w, two_sided)``; ties may repeat."""

    def run(n: int, a: np.ndarray, b: np.ndarray, w: np.ndarray, two_sided: bool) -> Brute:
        matrix = np.zeros((n, n))
        np.add.at(matrix, (np.minimum(a, b), np.maximum(a, b)), w)
        matrix = np.round(matrix, 9)
        a, b = np.nonzero(matrix)
        w = matrix[a, b]
        every = np.array(list(_two_sides(n) if two_sided else _set_partitions(n))).reshape(-1, n)
        same = every[:, a] == every[:, b]
        value = np.where(same == (w < 0), np.abs(w), 0.0).sum(axis=1)
        best = every[value <= value.min() + 1e-7]
        if not two_sided:
            best = np.array([x for x in best if _hangs_together(x, a, b, w)])
        return Brute(float(value.min()), best)

    return run


@pytest.fixture(scope="session")
def brute_partitions():
    """``brute_partitions(n)``: every partition of n actors as labels."""
    return lambda n: list(_set_partitions(n))
