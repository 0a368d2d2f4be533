"""Walk balance: the share of closed walks, of all lengths, that are balanced."""

from __future__ import annotations

from blocs.alignment.balance import walk_balance
from blocs.contracts import Citation, Index

INDEX = Index(
    title="Walk balance: closed walks, balanced less unbalanced",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Estrada, E., Benzi, M. (2014). Walk-based measure of balance in signed networks. "
        "Physical Review E 90",
        "10.1103/PhysRevE.90.042802",
    ),
    score=walk_balance,
)
