"""Who answers whom, and how fast: reaction told apart from old quarrels.

Some dyads have many events because they are quarrelsome, others because each event
brings the next. A model that does not separate the two calls all of it reaction. Here
slow memory (a year, ten years) is kept apart from fast branching (sixty days and
less), and nothing is said of reaction unless it forecasts held-out events better than
slow memory alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.errors import NoCoverage
from blocs.outlook.hawkes.model import (
    FAST,
    SCALES,
    Design,
    branching,
    columns,
    design_of,
    fit_weights,
    gamma_poisson,
    held_out,
    rescaled_gaps,
    simulate_counts,
)
from blocs.outlook.hawkes.stream import Stream

Array = NDArray[np.float64]
Watch = Callable[[int, int | None], None]
LEAST = 60
LEAST_DAYS = 20
LEAST_PAIR = 20
LEVEL = 0.95
WORTH = 0.001
"""Gain per held-out event, in nats, below which a model is no better."""
_BLOCK = 60
_RESAMPLES = 1000
_REFITS = 80
_FUTURES = 300


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Answering:
    """How one side answers the other.

    Attributes
    ----------
    sender, receiver : str
        Who acts, towards whom.
    events : int
        Its events.
    own, answer : Interval
        Fast branching: events that an event of the sender's own brings within about
        sixty days, and that an event of the other side brings.
    half_life : float or None
        Days in which half of the fast answers come; none where there are none.
    """

    sender: str
    receiver: str
    events: int
    own: Interval
    answer: Interval
    half_life: float | None


@dataclass(frozen=True, slots=True)
class ReactionFit:
    """What the events of a record say of reaction.

    Attributes
    ----------
    stream : Stream
        The events.
    train, test : int
        Events trained on and held out.
    loglik : dict of str to float
        Held-out log-likelihood per event (nats, per day and dyad) by model.
    gain : Interval
        Of the whole model over slow memory alone, per held-out event.
    elsewhere : Interval
        Of events in other regions over the whole model.
    released : bool
        Whether the gain's interval lies above `WORTH`: only then is there reaction to tell.
    spreads : bool
        The same of `elsewhere`.
    parts : dict of str to Interval
        Branching by channel and speed, over all dyads.
    weights : ndarray, shape (2, R)
        Weights by scale of the self and the reciprocal channel.
    half_life : float or None
        Days in which half of the fast answers (reciprocal) come.
    ks, ks_p : float
        Kolmogorov-Smirnov distance of the rescaled gaps, and its p.
    counted : int
        Events held out.
    simulated : Interval
        The same in simulated futures: median and 95 %.
    """

    stream: Stream
    train: int
    test: int
    loglik: dict[str, float]
    gain: Interval
    elsewhere: Interval
    released: bool
    spreads: bool
    parts: dict[str, Interval]
    weights: Array
    half_life: float | None
    ks: float
    ks_p: float
    counted: int
    simulated: Interval


MODELS = {
    "poisson": "rates by the two states' activity",
    "gamma_poisson": "a rate for each dyad, shrunk",
    "slow_memory": "memory of a year and of ten years, no reaction",
    "reaction": "memory and reaction",
}


def fit_reaction(
    stream: Stream, *, train: float = 0.8, seed: int = 0, watch: Watch | None = None
) -> ReactionFit:
    """Fit the model on all dyads of a stream and hold it against its baselines.

    Parameters
    ----------
    stream : Stream
        Events of all dyads.
    train : float
        Share of the events to train on; the others are held out.
    seed : int
        Seed of resampling and simulation.
    watch : callable, optional
        ``watch(done, total)``, told in refits.

    Raises
    ------
    NoCoverage
        If there are fewer than 60 events, or they lie on fewer than 20 days.

    References
    ----------
    Hawkes, A. (1971). Spectra of some self-exciting and mutually exciting point
    processes. Biometrika 58. doi:10.1093/biomet/58.1.83; Lewis, E., Mohler, G. (2011).
    A nonparametric EM algorithm for multiscale Hawkes processes.
    """
    _check(stream)
    rng = np.random.default_rng(seed)
    design = design_of(stream, train=train)
    slow, whole = (
        columns("self", "reciprocal", scales=range(FAST, len(SCALES))),
        columns("self", "reciprocal"),
    )
    models = {"poisson": columns(), "slow_memory": slow, "reaction": whole}
    models["elsewhere"] = columns("self", "reciprocal", "elsewhere")
    theta = {name: fit_weights(design, which) for name, which in models.items()}
    told = {name: held_out(design, which, theta[name]) for name, which in models.items()}
    gamma = gamma_poisson(stream, design)
    gain = _mean(told["reaction"] - told["slow_memory"], rng)
    elsewhere = _mean(told["elsewhere"] - told["reaction"], rng)
    counts = simulate_counts(stream, design, theta["reaction"], runs=_FUTURES, rng=rng)
    ks, ks_p = _ks(rescaled_gaps(stream, design, whole, theta["reaction"], rng))
    refits = _refits(design, whole, rng, watch)
    weights = theta["reaction"][2:].reshape(2, len(SCALES))
    return ReactionFit(
        stream=stream,
        train=design.cut,
        test=len(gamma),
        loglik={
            "poisson": float(told["poisson"].mean()),
            "gamma_poisson": float(gamma.mean()),
            "slow_memory": float(told["slow_memory"].mean()),
            "reaction": float(told["reaction"].mean()),
        },
        gain=gain,
        elsewhere=elsewhere,
        released=gain.low > WORTH,
        spreads=elsewhere.low > WORTH,
        parts=_parts(whole, theta["reaction"], refits),
        weights=weights,
        half_life=half_life(weights[1]),
        ks=ks,
        ks_p=ks_p,
        counted=len(gamma),
        simulated=_interval(float(np.median(counts)), counts.astype(np.float64)),
    )


def fit_pair(stream: Stream, a: str, b: str, *, seed: int = 0) -> tuple[Answering, ...]:
    """Fit how `a` answers `b` and `b` answers `a`, on their own events alone.

    Returns
    -------
    tuple of Answering
        a to b, then b to a; empty if they have fewer than 20 events together.
    """
    codes = [stream.names.index(x) if x in stream.names else -1 for x in (a, b)]
    mine = np.isin(stream.sender, codes) & np.isin(stream.receiver, codes)
    if min(codes) < 0 or mine.sum() < LEAST_PAIR:
        return ()
    rng = np.random.default_rng(seed)
    first = stream.sender[mine] == codes[0]
    pair = Stream(
        names=(a, b),
        sender=np.where(first, 0, 1),
        receiver=np.where(first, 1, 0),
        day=stream.day[mine],
        origin=stream.origin,
        end=stream.end,
        region=np.zeros(2, dtype=np.int64),
        kind=stream.kind,
        notes=(),
    )
    design = design_of(pair, train=2.0)
    return tuple(
        _answering(pair, design, side, rng) for side in (0, 1) if (pair.sender == side).any()
    )


def half_life(weights: Array) -> float | None:
    """Days in which half of what fast scales bring has come; none if they bring nothing.

    Examples
    --------
    >>> round(half_life(np.array([0.0, 0.2, 0.0, 0.0, 0.0])), 2)  # one scale: tau ln 2
    9.71
    """
    fast = weights[:FAST]
    if fast.sum() <= 0.005:
        return None
    taus = np.asarray(SCALES[:FAST])
    t = np.geomspace(0.01, 1000.0, 4000)
    came = (fast[:, None] * -np.expm1(-t[None, :] / taus[:, None])).sum(axis=0)
    return float(t[np.searchsorted(came, fast.sum() / 2)])


def _check(stream: Stream) -> None:
    days = len(np.unique(stream.day))
    if len(stream.day) < LEAST or days < LEAST_DAYS:
        raise NoCoverage(
            f"{len(stream.day)} events on {days} days; reaction needs at least {LEAST} events on "
            f"{LEAST_DAYS} days: name a longer record with --data"
        )


def _answering(pair: Stream, design: Design, side: int, rng: np.random.Generator) -> Answering:
    which = columns("self", "reciprocal")
    mine = pair.sender == side
    cost = _pair_cost(pair, side)
    r = len(SCALES)
    part = Design(
        x=design.x[mine][:, which], train_cost=cost, all_cost=cost, cut=int(mine.sum()),
        cut_day=pair.end, out_share=design.out_share, in_share=design.in_share,
    )  # fmt: skip
    keep = np.delete(np.arange(2 + 2 * r), 1)  # two dyads have no degrees to tell apart
    theta = fit_weights(part, keep)
    refits = _refits(part, keep, rng)
    own, answer = (
        _interval(float(theta[at].sum()), refits[:, at].sum(axis=1))
        for at in (slice(1, 1 + FAST), slice(1 + r, 1 + r + FAST))
    )
    return Answering(
        sender=pair.names[side],
        receiver=pair.names[1 - side],
        events=int(mine.sum()),
        own=own,
        answer=answer,
        half_life=half_life(theta[1 + r :]),
    )


def _pair_cost(pair: Stream, side: int) -> Array:
    rates = 1 / np.asarray(SCALES)
    gone = -np.expm1(-np.maximum(pair.end - pair.day, 0.0)[:, None] * rates[None, :])
    mine = pair.sender == side
    return np.concatenate([[pair.end, pair.end], gone[mine].sum(axis=0), gone[~mine].sum(axis=0)])


def _refits(
    design: Design,
    which: NDArray[np.intp],
    rng: np.random.Generator,
    watch: Watch | None = None,
) -> Array:
    """Weights refitted with blocks of events given exponential weights, shape (refits, P)."""
    blocks = -(-design.cut // _BLOCK) if design.cut > 4 * _BLOCK else design.cut
    size = -(-design.cut // blocks)
    out = []
    for done in range(1, _REFITS + 1):
        weight = np.repeat(rng.exponential(1.0, blocks), size)[: design.cut]
        out.append(fit_weights(design, which, weight, steps=400))
        if watch is not None:
            watch(done, _REFITS)
    return np.array(out)


def _parts(which: NDArray[np.intp], theta: Array, refits: Array) -> dict[str, Interval]:
    drawn = [branching(which, t) for t in refits]
    return {
        name: _interval(value, np.array([d[name] for d in drawn]))
        for name, value in branching(which, theta).items()
        if not name.startswith("elsewhere")
    }


def _mean(gains: Array, rng: np.random.Generator) -> Interval:
    """Mean with an interval from blocks of consecutive events."""
    blocks = [gains[k : k + _BLOCK] for k in range(0, len(gains), _BLOCK)]
    if len(blocks) < 4:
        blocks = [gains[k : k + 1] for k in range(len(gains))]
    sums, sizes = np.array([b.sum() for b in blocks]), np.array([len(b) for b in blocks])
    at = rng.integers(0, len(blocks), (_RESAMPLES, len(blocks)))
    return _interval(float(gains.mean()), sums[at].sum(axis=1) / sizes[at].sum(axis=1))


def _interval(value: float, drawn: Array) -> Interval:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(value, float(low), float(high))


def _ks(gaps: Array) -> tuple[float, float]:
    from scipy.stats import kstest

    found = kstest(gaps, "expon")
    return float(found.statistic), float(found.pvalue)
