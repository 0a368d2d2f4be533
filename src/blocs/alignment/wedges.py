"""Wedges: which ties, if cut, would split a bloc at least cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from blocs.errors import BadInput

ENUMERATED = 16
SECONDS = 5.0
SAME = 1e-9
STARTS = 64


@dataclass(frozen=True, slots=True)
class CutTie:
    """A tie that the split cuts."""

    a: str
    b: str
    weight: float


@dataclass(frozen=True, slots=True)
class Wedge:
    """A split of a bloc in two and the ties it cuts.

    Attributes
    ----------
    part, rest : tuple of str
        Both parts, the smaller one first.
    cost : float
        Sum of the weights of the ties cut: what the bloc loses.
    share : float or None
        Cost over the weight of all its positive ties; None without any.
    bound : float
        No such split costs less.
    proved : bool
        Whether none costs less.
    unique : bool or None
        Whether every other such split costs more; False, and this one is the first of
        equals, if another was found at the same cost; None if none was found and not all
        were tried.
    cut : tuple of CutTie
        The ties cut, dearest first.
    unknown : int
        Pairs across the split of which nothing is known; they count nothing.
    """

    part: tuple[str, ...]
    rest: tuple[str, ...]
    cost: float
    share: float | None
    bound: float
    proved: bool
    unique: bool | None
    cut: tuple[CutTie, ...]
    unknown: int


def cheapest_wedge(weight: NDArray[np.float64], names: Sequence[str], *, least: int = 1) -> Wedge:
    """Split a bloc in two parts so that the ties cut weigh least.

    Parameters
    ----------
    weight : ndarray, shape (k, k)
        Signed ties, symmetric; nan = not known, which counts nothing; the diagonal is
        not looked at. A hostile tie makes its cut cheaper.
    names : sequence of str
        Members, length k.
    least : int
        Fewest members of either part.

    Returns
    -------
    Wedge

    Raises
    ------
    BadInput
        If the bloc is too small for two such parts.

    Notes
    -----
    The minimum cut; in the words of balance, the two sides of least frustration that
    are both at least `least` strong. Up to 16 members every split is tried. Above, the
    best of 64 local searches (moves and swaps) and of a mixed-integer program solved for
    up to five seconds is given, with the better of the program's and the spectral bound
    (a cut of s of k members weighs at least s (k - s) / k times the second smallest
    eigenvalue of the Laplacian).

    References
    ----------
    Kernighan, B. W., Lin, S. (1970). An efficient heuristic procedure for partitioning
    graphs. Bell System Technical Journal 49(2). doi:10.1002/j.1538-7305.1970.tb01770.x.
    Fiedler, M. (1973). Algebraic connectivity of graphs. Czechoslovak Mathematical Journal
    23(2). doi:10.21136/CMJ.1973.101168

    Examples
    --------
    Two pairs of close friends who hardly know each other:

    >>> w = np.array([[0, 3, 1, 0], [3, 0, 0, 0], [1, 0, 0, 3], [0, 0, 3, 0.0]])
    >>> found = cheapest_wedge(w, ["A", "B", "C", "D"])
    >>> found.part, found.rest, found.cost
    (('A', 'B'), ('C', 'D'), 1.0)
    """
    k = len(names)
    if least < 1 or k < 2 * least:
        raise BadInput(f"a bloc of {k} has no two parts of {least} or more")
    ties = np.nan_to_num(np.array(weight, dtype=np.float64))
    np.fill_diagonal(ties, 0.0)
    inside, bound, unique = _try_all(ties, least) if k <= ENUMERATED else _solve(ties, least)
    cost = float(ties[np.ix_(inside, ~inside)].sum())
    gap = 1e-6 * max(1.0, abs(cost))
    part = inside if inside.sum() <= k / 2 else ~inside
    x, y = np.flatnonzero(part).tolist(), np.flatnonzero(~part).tolist()
    cut = [CutTie(names[i], names[j], float(ties[i, j])) for i in x for j in y if ties[i, j]]
    total = float(np.clip(ties, 0, None).sum() / 2)
    return Wedge(
        part=tuple(names[i] for i in x),
        rest=tuple(names[j] for j in y),
        cost=cost,
        share=cost / total if total > 0 else None,
        bound=min(bound, cost),
        proved=cost - bound <= gap,
        unique=unique,
        cut=tuple(sorted(cut, key=lambda t: (-t.weight, t.a, t.b))),
        unknown=int(np.isnan(weight[np.ix_(x, y)]).sum()),
    )


def _try_all(ties: NDArray[np.float64], least: int) -> tuple[NDArray[np.bool_], float, bool]:
    """The cheapest of all splits, each tried by its smaller part, and whether it is alone."""
    k = len(ties)
    best, found = np.inf, np.zeros(k, dtype=bool)
    costs = []
    for size in range(least, k // 2 + 1):
        sets = np.array(list(combinations(range(k), size)), dtype=np.intp)
        member = np.zeros((len(sets), k))
        np.put_along_axis(member, sets, 1.0, axis=1)
        cost = np.einsum("sk,sk->s", member @ ties, 1 - member)
        # Of two halves each split has two sets: half of them tell all.
        costs.append(cost[: len(cost) // 2] if 2 * size == k else cost)
        first = int(cost.argmin())
        if cost[first] < best - 1e-12:
            best, found = float(cost[first]), member[first] > 0
    return found, best, int((np.concatenate(costs) <= best + SAME).sum()) == 1


def _solve(
    ties: NDArray[np.float64], least: int
) -> tuple[NDArray[np.bool_], float, Literal[False] | None]:
    """The minimum cut with parts of a least size, as a mixed-integer program."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    k = len(ties)
    i, j = np.triu_indices(k, 1)
    used = ties[i, j] != 0
    i, j = i[used], j[used]
    w = ties[i, j]
    m = len(w)
    e = np.arange(m)

    def rows(on_i: float, on_j: float) -> coo_array:
        """One row a tie: y + on_i x_i + on_j x_j."""
        return coo_array(
            (
                np.concatenate([np.ones(m), np.full(m, on_i), np.full(m, on_j)]),
                (np.tile(e, 3), np.concatenate([k + e, i, j])),
            ),
            shape=(m, k + m),
        )

    size = coo_array((np.ones(k), (np.zeros(k, dtype=int), np.arange(k))), shape=(1, k + m))
    matrix = vstack([rows(-1, 1), rows(1, -1), rows(-1, -1), rows(1, 1), size])
    low = np.concatenate([np.zeros(2 * m), np.full(2 * m, -np.inf), [least]])
    high = np.concatenate([np.full(2 * m, np.inf), np.zeros(m), np.full(m, 2.0), [k - least]])
    upper = np.ones(k + m)
    start = int(np.abs(ties).sum(axis=1).argmax())
    lower = np.zeros(k + m)
    lower[start] = 1.0
    solved = milp(
        np.concatenate([np.zeros(k), w]),
        integrality=np.concatenate([np.ones(k), np.zeros(m)]),
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    rng = np.random.default_rng(0)
    starts = [rng.permutation(k) < rng.integers(least, k - least + 1) for _ in range(STARTS)]
    if solved.x is not None:
        starts.append(np.asarray(solved.x[:k] > 0.5, dtype=bool))
    found = [_descend(ties, start, least) for start in starts]
    bound = max(
        _spectral(ties, least),
        -np.inf if solved.mip_dual_bound is None else float(solved.mip_dual_bound),
    )
    best = min(found, key=lambda side: float(ties[np.ix_(side, ~side)].sum()))
    return best, bound, False if _has_equal(ties, best, least) else None


def _spectral(ties: NDArray[np.float64], least: int) -> float:
    """Fiedler's bound on the weight of any cut with parts of a least size."""
    k = len(ties)
    values = np.linalg.eigvalsh(np.diag(ties.sum(axis=1)) - ties + np.ones((k, k)) * 1e6)
    sizes = np.arange(least, k // 2 + 1)
    return float((values[0] * sizes * (k - sizes) / k).min())


def _descend(ties: NDArray[np.float64], inside: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Move or swap members as long as that makes the cut cheaper."""
    side = inside.copy()
    while True:
        move, swap = _gains(ties, side, least)
        i, j = np.unravel_index(int(swap.argmax()), swap.shape)
        best = int(move.argmax())
        if max(move[best], swap[i, j]) <= 1e-9:
            return side
        change = [best] if move[best] >= swap[i, j] else [i, j]
        side[change] = ~side[change]


def _has_equal(ties: NDArray[np.float64], side: NDArray[np.bool_], least: int) -> bool:
    """Whether one move or one swap leads to another split of the same cost."""
    move, swap = _gains(ties, side, least)
    # Swapping the two parts of a bloc of two would give the same split again.
    return bool(move.max() >= -SAME or (len(ties) > 2 and swap.max() >= -SAME))


def _gains(
    ties: NDArray[np.float64], side: NDArray[np.bool_], least: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much cheaper the cut gets by moving each member, and by swapping every two."""
    x = np.where(side, 1.0, -1.0)
    pull = (ties @ x) * x
    sizes = np.where(side, side.sum(), (~side).sum())
    move = np.where(sizes > least, -pull, -np.inf)
    swap = -pull[:, None] - pull[None, :] - 2 * ties
    swap[np.equal.outer(side, side)] = -np.inf
    return move, swap
