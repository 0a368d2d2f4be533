"""Who voted what, when and on what: the arrays every fit of ideal points reads.

States' positions live on *nodes*, one per state and session in which it voted,
plus silent nodes that fill a state's gaps so that a walk only ever steps from
one session to the next. Items (roll calls, or several of the same wording) are
numbered so that those of one session stand together and those that bridge
sessions come last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.irt.random_walk import Walk, build_walk
from blocs.errors import BadInput

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YES, ABSTAIN, NO = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Design:
    """Ballots, nodes, walk and items as arrays.

    Attributes
    ----------
    node, item, vote : ndarray, shape (n_ballots,)
        Sorted by item, then node. Vote 1 low, 2 middle, 3 high; an item on which
        only two kinds of vote were cast has 1 and 3 only.
    item_ptr : ndarray, shape (n_items + 1,)
        Where the ballots of each item start.
    two : ndarray of bool, shape (n_items,)
        Item with two kinds of vote, hence one cutpoint.
    item_first : ndarray, shape (n_items,)
        First session index with a vote on the item.
    n_local : int
        Items 0 .. n_local - 1 belong to one session and are sorted by it; the
        others bridge sessions and are sorted by their first.
    walk : Walk
        The nodes and the steps between them.
    node_votes : ndarray, shape (n_nodes,)
        Votes cast (0: a silent node).
    sessions : ndarray, shape (n_sessions,)
        The caller's session numbers, increasing.
    """

    node: Ints
    item: Ints
    vote: NDArray[np.int8]
    item_ptr: Ints
    two: Bools
    item_first: Ints
    n_local: int
    walk: Walk
    node_votes: Ints
    sessions: Ints

    @property
    def n_nodes(self) -> int:
        """Count nodes, silent ones included."""
        return int(self.node_votes.size)

    @property
    def n_items(self) -> int:
        """Count items."""
        return int(self.two.size)

    @property
    def observed(self) -> Bools:
        """Tell the nodes with votes from the silent ones, shape (n_nodes,)."""
        seen: Bools = self.node_votes > 0
        return seen


def build_design(
    actor: Ints, session: Ints, item: Ints, vote: Ints, *, smooth: float = 0.5
) -> Design:
    """Arrange ballots for fitting, without the items on which all voted alike.

    Parameters
    ----------
    actor, session, item, vote : ndarray of int, shape (n_ballots,)
        Any non-negative numbers; vote 1 yes, 2 abstain, 3 no, without absences.
    smooth : float
        The walk's variance is ``smooth * n_t / (n_t + n_last)``.

    Returns
    -------
    Design

    Raises
    ------
    BadInput
        Unknown vote codes; nothing but unanimous items; a single state.

    Examples
    --------
    >>> usa, cuba = 0, 1
    >>> design = build_design(
    ...     np.array([usa, cuba, usa, cuba]), np.array([46, 46, 47, 47]),
    ...     np.array([0, 0, 1, 1]), np.array([3, 1, 3, 1]))
    >>> design.n_nodes, design.n_items, design.two.tolist()
    (4, 2, [True, True])
    """
    _check_votes(vote)
    keep, item, vote, two = _divided(item, vote)
    actor, session = actor[keep], session[keep]
    if np.unique(actor).size < 2:
        raise BadInput(
            "ideal points need at least two states that disagree on some vote; "
            f"{np.unique(actor).size} left after dropping unanimous votes; add states or sessions"
        )
    sessions, when = np.unique(session, return_inverse=True)
    walk, node = build_walk(actor, when, smooth)
    first, last = _span(item, when, two.size)
    order = np.lexsort((first, first != last))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    place = np.lexsort((node, rank[item]))
    item = rank[item][place]
    return Design(
        node=node[place],
        item=item,
        vote=vote[place].astype(np.int8),
        item_ptr=np.searchsorted(item, np.arange(order.size + 1)),
        two=two[order],
        item_first=first[order],
        n_local=int(np.sum(first == last)),
        walk=walk,
        node_votes=np.bincount(node, minlength=walk.prev.size),
        sessions=sessions,
    )


def _check_votes(vote: Ints) -> None:
    """Refuse codes other than 1, 2, 3."""
    wrong = np.flatnonzero((vote < YES) | (vote > NO))
    if wrong.size:
        raise BadInput(
            f"vote code {int(vote[wrong[0]])} at row {int(wrong[0])}; allowed: 1 yes, 2 abstain, "
            "3 no (leave absences out)"
        )


def _divided(item: Ints, vote: Ints) -> tuple[Bools, Ints, Ints, Bools]:
    """Keep the items with two or three kinds of vote; with two, call them 1 and 3."""
    codes, item = np.unique(item, return_inverse=True)
    cast = np.bincount(item * 3 + (vote - 1), minlength=3 * codes.size).reshape(-1, 3) > 0
    kinds = cast.sum(axis=1)
    keep = kinds[item] > 1
    item, vote = item[keep], vote[keep]
    lowest = np.argmax(cast, axis=1) + 1
    vote = np.where(kinds[item] == 2, np.where(vote == lowest[item], YES, NO), vote)
    codes, item = np.unique(item, return_inverse=True)
    return keep, item, vote, kinds[codes] == 2


def _span(item: Ints, when: Ints, n_items: int) -> tuple[Ints, Ints]:
    """First and last session of each item."""
    first = np.full(n_items, np.iinfo(np.int64).max)
    last = np.full(n_items, -1)
    np.minimum.at(first, item, when)
    np.maximum.at(last, item, when)
    return first, last


def check_connected(design: Design, names: list[str]) -> None:
    """Refuse states that no chain of common items joins: they share no scale.

    Parameters
    ----------
    design : Design
    names : list of str
        Names of the caller's state numbers.

    Raises
    ------
    BadInput
        With states of both parts.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    states, who = np.unique(design.walk.actor[design.node], return_inverse=True)
    size = states.size + design.n_items
    met = coo_array((np.ones(who.size), (who, states.size + design.item)), shape=(size, size))
    parts, label = connected_components(met, directed=False)
    if parts > 1:
        apart = [names[k] for k in states[label[: states.size] != label[0]]]
        raise BadInput(
            f"{', '.join(apart[:5])} and {names[states[0]]} are joined by no chain of common "
            "votes, so that their positions have no common scale; fit them apart"
        )
