"""Simulated streams of events, by clusters: immigrants and the children of every event."""

from __future__ import annotations

import numpy as np

from blocs.outlook.hawkes.stream import Stream


def simulate(
    phi: np.ndarray, mu: np.ndarray, days: float, tau: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Times of each type: type k brings phi[i, k] events of type i, mu[i] a day come alone."""
    alive = [rng.uniform(0, days, rng.poisson(m * days)) for m in mu]
    every = [list(a) for a in alive]
    while any(len(a) for a in alive):
        born = []
        for i in range(len(mu)):
            times = [
                np.repeat(alive[k], rng.poisson(phi[i, k], len(alive[k]))) for k in range(len(mu))
            ]
            t = np.concatenate(times)
            t = t + rng.exponential(tau, len(t))
            born.append(t[t < days])
        for i, t in enumerate(born):
            every[i] += list(t)
        alive = born
    return [np.array(e) for e in every]


def many_dyads(
    own: float, answer: float, *, seed: int, pairs: int = 12, days: int = 6000
) -> Stream:
    """Pairs of states whose acts bring the next, by day; some pairs are more quarrelsome."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[float, int, int]] = []
    for p in range(pairs):
        rate = 0.012 * rng.gamma(1.0)
        phi = np.array([[own, answer], [answer, own]])
        out, back = simulate(phi, np.array([rate, rate]), days, 14.0, rng)
        rows += [(t, 2 * p, 2 * p + 1) for t in out] + [(t, 2 * p + 1, 2 * p) for t in back]
    rows.sort()
    day = np.floor([r[0] for r in rows])
    n = 2 * pairs
    return Stream(
        names=tuple(f"S{k:02d}" for k in range(n)),
        sender=np.array([r[1] for r in rows]),
        receiver=np.array([r[2] for r in rows]),
        day=day - day[0],
        origin=0,
        end=float(day[-1] - day[0] + 1),
        region=np.arange(n) % 2,
        kind="icews",
        notes=(),
    )
