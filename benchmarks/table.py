"""The one table of all benchmarks, and what changed since it was stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.contract import Figure, Size

HERE = Path(__file__).parent
STORED = HERE / "results.json"
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
ENOUGH = 0.10
"""A ratio that moved by more than this share is told."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, where it is from, and what it cost: CPU seconds of the whole benchmark."""

    benchmark: str
    size: Size
    figure: Figure

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same figure in another run."""
        return self.benchmark, self.size, self.figure.name


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of a run, and the machine it ran on."""

    machine: str
    date: str
    version: str
    rows: tuple[Row, ...]


def read_stored(path: Path = STORED) -> Results | None:
    """Read the results that are stored; None if there are none."""
    return msgspec.json.decode(path.read_bytes(), type=Results) if path.is_file() else None


def changes(old: Results | None, new: Results) -> list[str]:
    """Tell each ratio to the peer that moved by more than a tenth, the worst first."""
    before = {row.key: row.figure.ratio for row in old.rows} if old else {}
    moved = []
    for row in new.rows:
        was, now = before.get(row.key), row.figure.ratio
        if was and now and abs(now / was - 1) > ENOUGH:
            word = "better" if now > was else "WORSE"
            told = f"{word} by {abs(now / was - 1):.0%}: {' / '.join(row.key)}"
            moved.append((now / was, f"{told}: {was:.3g} times the peer before, {now:.3g} now"))
    return [line for _, line in sorted(moved)]


def together(old: Results | None, new: Results) -> Results:
    """Return the new results, and of the old ones the figures that were not measured again."""
    again = {(row.benchmark, row.size) for row in new.rows}
    left = [row for row in (old.rows if old else ()) if (row.benchmark, row.size) not in again]
    rows = sorted([*left, *new.rows], key=lambda row: (row.benchmark, _order(row.size)))
    return msgspec.structs.replace(new, rows=tuple(rows))


def page(results: Results) -> str:
    """Return the table as a page of the documentation."""
    out = [
        "# Benchmarks",
        "",
        "Made by `python -m benchmarks --store`; do not edit. Every figure stands beside a peer or "
        "a floor of the same run, at three sizes: a toy, what a user asks, and all there is. "
        "Seconds are CPU seconds. **Times** says how many times better than the peer ours is: "
        "above 1 we win. A peer marked with * could not run here; its figure is as published.",
        "",
        f"Measured {results.date} with blocs {results.version} on {results.machine}.",
        "",
    ]
    for name in dict.fromkeys(row.benchmark for row in results.rows):
        out += [f"## {name}", "", *_head(), *map(_line, _of(results.rows, name)), ""]
    return "\n".join(out)


def _of(rows: Sequence[Row], name: str) -> list[Row]:
    return [row for row in rows if row.benchmark == name]


def _head() -> list[str]:
    return [
        "| what | size | ours | goal | peer or floor | times | note |",
        "|---|---|---:|---:|---|---:|---|",
    ]


def _line(row: Row) -> str:
    one = row.figure
    goal = "" if one.goal is None else f"{one.goal:.4g} {'met' if one.met else '**missed**'}"
    star = "*" if one.told else ""
    peer = "" if one.peer is None else f"{one.peer:.4g}{star} {one.peer_is}"
    times = "" if one.ratio is None else f"{one.ratio:.3g}"
    cells = (one.name, row.size, f"{one.value:.4g} {one.unit}", goal, peer, times, one.note)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _order(size: Size) -> int:
    return ("toy", "usual", "large").index(size)
