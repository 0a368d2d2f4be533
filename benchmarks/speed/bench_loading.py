"""From the published file of 1.23 M UN ballots to validated ties, beside reading it only.

``python -m benchmarks.speed.bench_loading DATA`` prints one JSON object; DATA is the folder
of public data sets.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from blocs.evidence.intake import by_dataset, take_in
from blocs.files import read_bytes
from blocs.ties.network import build_layer


def main(data: Path) -> None:
    """Time loading (best of three) and the floor: decompress, parse five columns, no more."""
    path = data / "un_votes_voeten" / "UNVotes.csv.zst"
    ours = []
    for _ in range(3):
        wall, cpu = perf_counter(), process_time()
        state = build_layer("votes", by_dataset(take_in([path]).facts))
        ours.append((perf_counter() - wall, process_time() - cpu))
    floors = []
    for _ in range(3):
        cpu = process_time()
        types = {"rcid": pl.Int64, "ccode": pl.Int64, "vote": pl.Int64}
        rows = pl.read_csv(
            read_bytes(path), columns=[*types, "date", "descr"], schema_overrides=types
        )
        floors.append(process_time() - cpu)
    print(
        json.dumps(
            {
                "name": "UN votes file to validated ties",
                "value": round(min(cpu for _, cpu in ours), 2),
                "unit": "CPU s",
                "goal": 3.0,
                "wall_s": round(min(wall for wall, _ in ours), 2),
                "floor": round(min(floors), 2),
                "rows": rows.height,
                "ties": state.ties.height,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
