"""From published files of UN ballots and of trade to validated ties, beside reading them only.

48,594 ballots, 1.23 million, and 1.35 million flows of trade. The floor decompresses and parses
the columns that are needed, and does no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.evidence.intake import by_dataset, take_in
from blocs.files import read_bytes
from blocs.ties.network import build_layer

VOTES = ("rcid", "ccode", "vote", "date", "descr")
FILES: dict[Size, tuple[str, str, tuple[str, ...], float | None]] = {
    "toy": ("un_votes_voeten/UNVotes_ext_2021_2024.csv.gz", "votes", VOTES, None),
    "usual": ("un_votes_voeten/UNVotes.csv.zst", "votes", VOTES, 3.0),
    "large": ("cow_trade/cow_trade_ddy.csv.gz", "trade", (), None),
}


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Time loading and its floor, best of three."""
    name, layer, columns, goal = FILES[size]
    path = needed(shared / "data" / name)
    used, built = cpu(lambda: build_layer(layer, by_dataset(take_in([path]).facts)), runs=3)
    floor, rows = cpu(lambda: parsed(path, columns), runs=3)
    note = f"{rows.height:,} rows, {built.ties.height:,} ties"
    yield Figure(
        name=f"{path.name} to validated ties", value=used, unit="CPU s", goal=goal, peer=floor,
        peer_is="decompressing and parsing", note=note,
    )  # fmt: skip


def parsed(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """Read a table, and nothing else."""
    return pl.read_csv(
        read_bytes(path), columns=list(columns) or None, infer_schema_length=0, null_values=["NA"]
    )


if __name__ == "__main__":
    alone(measure)
