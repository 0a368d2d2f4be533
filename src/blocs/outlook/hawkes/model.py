"""The model of reaction: a constant, a memory and a branching; fitted, scored, simulated.

lambda_ij(t) = mu + nu a_i b_j + sum_r k_r [alpha_r S_ij + beta_r S_ji](t): S sums e^{-k_r (t-s)}
over earlier days. Decays are fixed, so that the likelihood is concave in the weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from blocs.outlook.hawkes.features import excitations, multiply_up
from blocs.outlook.hawkes.stream import Stream

Array = NDArray[np.float64]
SCALES = (0.5, 14.0, 60.0, 365.25, 3652.5)
"""Days to decay to 1/e."""
FAST = 3
"""Of these the first are reaction, the others memory: which dyads are quarrelsome."""
CHANNELS = ("self", "reciprocal", "elsewhere")
_SMOOTH = 0.05
_STEPS = 4000


@dataclass(frozen=True, slots=True)
class Design:
    """Features and what they cost, for a stream cut in training and held out.

    Attributes
    ----------
    x : ndarray, shape (E, 2 + 3R)
        Constant, degrees, then self, reciprocal and elsewhere by scale.
    train_cost, all_cost : ndarray, shape (2 + 3R,)
        Integral of every feature over all dyads, to the cut and to the end.
    cut : int
        Events before it are for training.
    cut_day : float
        When training ends.
    out_share, in_share : ndarray, shape (n,)
        Share of each actor in what is sent and received in training.
    """

    x: Array
    train_cost: Array
    all_cost: Array
    cut: int
    cut_day: float
    out_share: Array
    in_share: Array


def design_of(stream: Stream, *, train: float = 0.8, scales: tuple[float, ...] = SCALES) -> Design:
    """Lay out the features of a stream; degrees are those of the training part.

    Parameters
    ----------
    stream : Stream
        Events.
    train : float
        Share of the events to train on; the cut falls between two days.
    scales : tuple of float
        Days to decay to 1/e.
    """
    events, n = len(stream.day), len(stream.names)
    cut = int(np.searchsorted(stream.day, stream.day[min(int(train * events), events - 1)]))
    cut_day = float(stream.day[cut]) if cut else float(stream.day[0])
    rates = 1 / np.asarray(scales)
    a = np.bincount(stream.sender[:cut], minlength=n) + _SMOOTH
    b = np.bincount(stream.receiver[:cut], minlength=n) + _SMOOTH
    a, b = a / a.sum(), b / b.sum()
    parts = excitations(stream.sender, stream.receiver, stream.day, n, rates, a, b, stream.region)
    constant = np.ones((events, 1))
    degree = (a[stream.sender] * b[stream.receiver])[:, None]
    x = np.hstack([constant, degree, parts.reshape(events, -1)])
    costs = [_cost(stream, rates, a, b, until) for until in (cut_day, stream.end)]
    return Design(x, costs[0], costs[1], cut, cut_day, a, b)


def _cost(stream: Stream, rates: Array, a: Array, b: Array, until: float) -> Array:
    """Integrals from day 0 until a day; features hold their sums from the day after on."""
    n = len(stream.names)
    pairs = n * (n - 1)
    product = float(a.sum() * b.sum() - (a * b).sum())
    left = np.maximum(until - stream.day, 0.0)
    gone = -np.expm1(-left[:, None] * rates[None, :])
    receivers = np.bincount(stream.region, weights=b)
    same = np.bincount(stream.region, weights=a * b)
    spread = (1 - receivers) - (float((a * b).sum()) - same)
    share = spread[stream.region[stream.receiver]]
    each = gone.sum(axis=0)
    return np.concatenate(
        [[pairs * until, product * until], each, each, (gone * share[:, None]).sum(axis=0)]
    )


def columns(*channels: str, scales: range | None = None) -> NDArray[np.intp]:
    """Columns of a `Design`: the base and some channels at some scales.

    Examples
    --------
    >>> columns("self", scales=range(3, 5)).tolist()
    [0, 1, 5, 6]
    """
    r = len(SCALES)
    chosen = range(r) if scales is None else scales
    return np.array(
        [0, 1, *(2 + CHANNELS.index(c) * r + k for c in channels for k in chosen)], dtype=np.intp
    )


def fit_weights(
    design: Design, which: NDArray[np.intp], weight: Array | None = None, *, steps: int = _STEPS
) -> Array:
    """Maximise the training likelihood over weights >= 0, shape (P,).

    Notes
    -----
    Expectation and maximisation in one line (Lewis and Mohler 2011): every step
    raises the likelihood, which is concave, so that the end is the maximum.
    """
    x = np.ascontiguousarray(design.x[: design.cut, which])
    w = np.ones(design.cut) if weight is None else weight
    cost = design.train_cost[which]
    start = np.full(len(which), w.sum() / max(len(which), 1)) / np.maximum(cost, 1e-300)
    return np.asarray(multiply_up(x, w, cost, start, steps, 1e-4))


def held_out(design: Design, which: NDArray[np.intp], theta: Array) -> Array:
    """Log-likelihood of each held-out event, its share of the integral taken off, shape (H,)."""
    rate = design.x[design.cut :, which] @ theta
    spent = float((design.all_cost - design.train_cost)[which] @ theta)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(rate) - spent / max(len(rate), 1))


def gamma_poisson(stream: Stream, design: Design) -> Array:
    """Held-out log-likelihood of a rate for each dyad, shrunk to its degrees: no memory of when.

    Notes
    -----
    n_d events in T days with a Gamma(k m_d, k) prior on the rate per expected event
    m_d (from the degrees); k maximises the training marginal likelihood.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    cut, n = design.cut, len(stream.names)
    count = np.zeros((n, n))
    np.add.at(count, (stream.sender[:cut], stream.receiver[:cut]), 1.0)
    a, b = count.sum(axis=1) + _SMOOTH, count.sum(axis=0) + _SMOOTH
    mean = np.outer(a, b)
    np.fill_diagonal(mean, 0.0)
    mean *= cut / mean.sum()
    off = ~np.eye(n, dtype=bool)
    m, c = mean[off], count[off]

    def loss(log_k: float) -> float:
        k = np.exp(log_k)
        r = k * m
        return -float(
            (gammaln(r + c) - gammaln(r) + r * np.log(k / (k + 1)) - c * np.log1p(k)).sum()
        )

    k = float(np.exp(minimize_scalar(loss, bounds=(-7, 7), method="bounded").x))
    rate = (count + k * mean) / (1 + k) / design.cut_day
    spent = float(rate[off].sum()) * (stream.end - design.cut_day)
    events = rate[stream.sender[cut:], stream.receiver[cut:]]
    return np.asarray(np.log(events) - spent / max(len(events), 1))


def branching(which: NDArray[np.intp], theta: Array) -> dict[str, float]:
    """Events that one event brings, by channel and speed: ``self_fast`` and so on."""
    r = len(SCALES)
    out = {}
    for c, channel in enumerate(CHANNELS):
        for speed, part in (("fast", range(FAST)), ("slow", range(FAST, r))):
            at = np.isin(which, [2 + c * r + k for k in part])
            out[f"{channel}_{speed}"] = float(theta[at].sum())
    return out


def simulate_counts(
    stream: Stream, design: Design, theta: Array, *, runs: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Number of events in the held-out time, in simulated futures of the training past.

    Parameters
    ----------
    stream : Stream
        Events.
    design : Design
        Its features.
    theta : ndarray, shape (2 + 2R,)
        Weights of the base, self and reciprocal channels.
    runs : int
        Futures.
    rng : numpy.random.Generator
        Source of luck.

    Notes
    -----
    As clusters: immigrants, and the children of every event, of the past ones too.
    A run that grows past ten times the events of the record is stopped there.
    """
    r = len(SCALES)
    taus = np.asarray(SCALES)
    total = theta[2 : 2 + r] + theta[2 + r : 2 + 2 * r]
    start, end = design.cut_day, stream.end
    base = float((design.all_cost - design.train_cost)[:2] @ theta[:2])
    past = stream.day[: design.cut]
    most = 10 * len(stream.day) + 1000
    out = np.zeros(runs, dtype=np.int64)
    for run in range(runs):
        alive = np.concatenate([past, rng.uniform(start, end, rng.poisson(base))])
        born = len(alive) - len(past)
        while len(alive) and born < most:
            children = [np.repeat(alive, rng.poisson(total[k], len(alive))) for k in range(r)]
            times = np.concatenate(
                [c + rng.exponential(taus[k], len(c)) for k, c in enumerate(children)]
            )
            alive = times[(times >= start) & (times < end)]
            born += len(alive)
        out[run] = born
    return out


def rescaled_gaps(
    stream: Stream, design: Design, which: NDArray[np.intp], theta: Array, rng: np.random.Generator
) -> Array:
    """Gaps between held-out events on the model's own clock: exponential of mean 1 if it is true.

    Notes
    -----
    Time rescaling of all dyads together (Brown et al. 2002); the events of one day
    are spread over it at random, for their order within the day is not known.

    References
    ----------
    Brown, E., Barbieri, R., Ventura, V., Kass, R., Frank, L. (2002). The time-rescaling
    theorem and its application to neural spike train data analysis. Neural
    Computation 14. doi:10.1162/08997660252741149
    """
    days, counts = np.unique(stream.day[design.cut :], return_counts=True)
    times = [np.array([_integral(stream, design, which, theta, design.cut_day)])]
    for d, k in zip(days, counts, strict=True):
        low, high = (_integral(stream, design, which, theta, t) for t in (d, d + 1))
        times.append(low + (high - low) * np.sort(rng.random(int(k))))
    return np.diff(np.concatenate(times))


def _integral(
    stream: Stream, design: Design, which: NDArray[np.intp], theta: Array, until: float
) -> float:
    """Expected number of events from day 0 until a day, given those before it."""
    before = replace(
        stream,
        sender=stream.sender[stream.day < until],
        receiver=stream.receiver[stream.day < until],
        day=stream.day[stream.day < until],
    )
    rates = 1 / np.asarray(SCALES)
    cost = _cost(before, rates, design.out_share, design.in_share, until)
    return float(cost[which] @ theta)
