"""What a benchmark owes: figures of one size, each with what it is held against.

A file of `benchmarks.speed` or `benchmarks.quality` holds ::

    def measure(size: Size, shared: Path) -> Iterator[Figure]: ...

    if __name__ == "__main__":
        alone(measure)

and may take what it needs of the public data sets from ``shared``. It yields each figure as soon
as it is known. Peer or floor are measured in the same run, on the same machine, at the same size;
where a rival cannot run here, ``told`` says so and the number is the one that was published.
Seconds are CPU seconds, user and system, so that a busy machine does not distort them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Literal, TypeVar

import msgspec

T = TypeVar("T")
Size = Literal["toy", "usual", "large"]
Better = Literal["less", "more"]
SIZES: tuple[Size, ...] = ("toy", "usual", "large")
"""A few seconds; what a user asks; a hundred times a toy or all there is."""
LEFT_OUT = 3
"""How the process of a benchmark ends that lacks its data."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a benchmark.

    Attributes
    ----------
    name : str
        What is measured; with the size it is the key that later runs are compared by.
    value, unit : float, str
        Ours.
    better : str
        "less" or "more".
    goal : float or None
        What it should reach.
    peer, peer_is : float or None, str
        What another does in its place, and who that is: a rival, or a floor below which nothing
        can go.
    told : bool
        Whether the peer's figure was told by others, not measured in this run.
    note : str
        How many of what; what else a reader has to know.
    """

    name: str
    value: float
    unit: str
    better: Better = "less"
    goal: float | None = None
    peer: float | None = None
    peer_is: str = ""
    told: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer: above 1 we win; None where it cannot be said."""
        if self.peer is None or min(self.peer, self.value) <= 0:
            return None
        return self.peer / self.value if self.better == "less" else self.value / self.peer

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None if there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.better == "less" else self.value >= self.goal


class Missing(Exception):
    """What a benchmark needs is not here; it is left out with this reason."""


Measure = Callable[[Size, Path], Iterator[Figure]]


def cpu(work: Callable[[], T], *, runs: int = 1) -> tuple[float, T]:
    """Return the least CPU seconds of some runs, and what the last one made."""
    times = []
    for _ in range(runs):
        start = process_time()
        made = work()
        times.append(process_time() - start)
    return min(times), made


def needed(path: Path) -> Path:
    """Return a path that a benchmark needs.

    Raises
    ------
    Missing
        If it is not there.
    """
    if not path.exists():
        raise Missing(f"needs {path.name} of the public data sets (--shared FOLDER)")
    return path


def shared_folder() -> Path:
    """Return where the public data sets are: ``$BLOCS_SHARED``, or beside the checkout."""
    return Path(os.environ.get("BLOCS_SHARED") or Path(__file__).parents[2] / "shared")


def alone(measure: Measure) -> None:
    """Run one benchmark by itself: one JSON object a figure."""
    options = argparse.ArgumentParser(description="One benchmark, one JSON object a figure.")
    options.add_argument("--size", choices=SIZES, default="usual")
    options.add_argument("--shared", type=Path, default=shared_folder())
    given = options.parse_args()
    try:
        for figure in measure(given.size, given.shared):
            print(msgspec.json.encode(figure).decode(), flush=True)
    except Missing as reason:
        print(f"left out: {reason}", file=sys.stderr)
        raise SystemExit(LEFT_OUT) from None
