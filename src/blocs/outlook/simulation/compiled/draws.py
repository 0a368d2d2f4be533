"""Random numbers by counter: each event has its own draw, whatever was drawn before.

A draw is a function of (seed, run, month, purpose, index) and of nothing else, so
that two scenarios share their luck event by event, and one thread or many give
the same bytes.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blocs.outlook.simulation.model import Bytes, Ints

EVENTS, REVIEWS, CHOICES, LADDERS, STRIPS, POINTS = range(1, 7)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_STRIDE = np.uint32(0x9E3779B1)
_MUL_A = np.uint32(0x21F0AAAD)
_MUL_B = np.uint32(0x735A2D97)
UNIT = 2.0**-31
WORD = 8


@njit(cache=True, inline="always")
def _mix64(x):  # type: ignore[no-untyped-def]
    x = np.uint64((x ^ (x >> np.uint64(30))) * _MIX_A)
    x = np.uint64((x ^ (x >> np.uint64(27))) * _MIX_B)
    return np.uint64(x ^ (x >> np.uint64(31)))


@njit(cache=True, inline="always")
def stream_key(seed, run, month, purpose):  # type: ignore[no-untyped-def]
    """Key of one stream: 64 bits mixed from seed, run, month and purpose (SplitMix64)."""
    k = _mix64(np.uint64(seed) + _GOLDEN)
    k = _mix64(np.uint64(k ^ np.uint64(run)) + _GOLDEN)
    k = _mix64(np.uint64(k ^ np.uint64(month)) + _GOLDEN)
    return _mix64(np.uint64(k ^ np.uint64(purpose)) + _GOLDEN)


@njit(cache=True, inline="always")
def draw31(low, high, index):  # type: ignore[no-untyped-def]
    """31 random bits of draw `index` in the stream with key (`low`, `high`).

    Every operation is cast back: numba promotes 32-bit arithmetic to 64 bits.
    """
    x = np.uint32(np.uint32(np.uint32(index) * _STRIDE) ^ low)
    x = np.uint32(x ^ np.uint32(x >> np.uint32(16)))
    x = np.uint32(x * _MUL_A)
    x = np.uint32(x ^ np.uint32(x >> np.uint32(15)))
    x = np.uint32(x ^ high)
    x = np.uint32(x * _MUL_B)
    x = np.uint32(x ^ np.uint32(x >> np.uint32(15)))
    return np.int32(np.uint32(x >> np.uint32(1)))


@njit(cache=True, inline="always")
def halves(key):  # type: ignore[no-untyped-def]
    """Low and high 32 bits of a stream's key."""
    return np.uint32(key & np.uint64(0xFFFFFFFF)), np.uint32(key >> np.uint64(32))


@njit(cache=True, inline="always")
def uniform(low, high, index):  # type: ignore[no-untyped-def]
    """Draw `index` of a stream as a number strictly between 0 and 1 (31 bits)."""
    return (np.float64(draw31(low, high, index)) + 0.5) * UNIT


@njit(cache=True, inline="always")
def below_exp(x):  # type: ignore[no-untyped-def]
    """A number that exp(x) is never below: 1 + x + x^2 / 2 + x^3 / 6 for x > 0, else 0.

    Most draws are told to fail by it, and no exponential is computed for them.
    """
    return 1.0 + x * (1.0 + x * (0.5 + x / 6.0)) if x > 0.0 else 0.0


@njit(cache=True, inline="always")
def room(n):  # type: ignore[no-untyped-def]
    """Bytes for marks on `n` draws: whole words, so that `list_marked` can read eight at once."""
    return -(-n // WORD) * WORD


@njit(cache=True)
def mark_below(chance: float, low: np.uint32, high: np.uint32, n: int, marks: Bytes) -> None:
    """Mark which of a stream's first `n` draws, as `uniform` gives them, lie below a chance."""
    most = np.int32(math.ceil(chance / UNIT - 0.5) - 1)
    for i in range(n):
        marks[i] = np.int8(draw31(low, high, i) <= most)


@njit(cache=True)
def list_marked(marks: Bytes, found: Ints) -> int:
    """List the marked places in `found`, passing over words without any; return how many."""
    words, count = marks.view(np.int64), 0
    for w in range(words.shape[0]):
        if words[w] != 0:
            for i in range(w * WORD, w * WORD + WORD):
                if marks[i]:
                    found[count] = i
                    count += 1
    return count


@njit(cache=True)
def uniforms(seed: int, run: int, month: int, purpose: int, n: int) -> NDArray[np.float64]:
    """Draws 0 to n - 1 of one stream, for tests and figures.

    Parameters
    ----------
    seed, run, month, purpose : int
        What the stream belongs to; ``purpose`` is one of `EVENTS` to `POINTS`.
    n : int
        How many.

    Returns
    -------
    ndarray, shape (n,)
        Each strictly between 0 and 1.

    Notes
    -----
    The key is mixed from the four numbers by SplitMix64's finaliser; a draw is the
    two-round 32-bit finaliser "lowbias32" with half of the key mixed in (xor) before each
    round, so that no two streams share their draws even where one half collides.

    References
    ----------
    Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
    SC '11, https://doi.org/10.1145/2063384.2063405 (the idea of counters).
    Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators,
    OOPSLA '14, https://doi.org/10.1145/2660193.2660195 (the finaliser).

    Examples
    --------
    >>> first = uniforms(1, 0, 0, EVENTS, 3)
    >>> bool((first == uniforms(1, 0, 0, EVENTS, 5)[:3]).all())
    True
    """
    low, high = halves(stream_key(seed, run, month, purpose))
    out = np.empty(n)
    for i in range(n):
        out[i] = uniform(low, high, i)
    return out
