"""Dyad-year panels beside a plain Polars join of the same tables.

``python -m benchmarks.speed.bench_panel DATA`` prints one JSON object a line; DATA is the
folder of public data sets. CPU seconds of user and system, tables read from disk. The R
package peacesciencer needs 24 and 39 CPU seconds and 1.4 and 2.2 GB for the same panels.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

import polars as pl

from blocs.contracts import Evidence
from blocs.evidence.panel_tables import tables_at
from blocs.registry import COLUMNS
from blocs.views.answers.panel import panel

WITH = ("alliances", "disputes", "contiguity", "power", "majors")
RUNS = 3


def ours(unit: str, data: Path) -> pl.DataFrame:
    """Build the panel as a user does."""
    return panel(
        unit=unit, with_=",".join([*WITH, "peace-years"]), evidence=Evidence(data=(str(data),))
    )


def floor(unit: str, data: Path, keys: pl.DataFrame) -> pl.DataFrame:
    """Left-join the same published tables onto the same rows; nothing else."""
    groups = {name: COLUMNS.get(name) for name in WITH}
    found, _ = tables_at([data], groups, use={})
    out = keys
    for name, group in groups.items():
        table = group.read(found[name].file)
        if group.unit == "dyad":
            out = out.join(table, on=["ccode1", "ccode2", "year"], how="left")
        else:
            for side in ("1", "2"):
                renamed = table.rename({c: f"{c}{side}" for c in table.columns if c != "year"})
                out = out.join(renamed, on=[f"ccode{side}", "year"], how="left")
    return out


def cpu(work: Callable[[], object]) -> float:
    """Smallest CPU seconds of a few runs."""
    times = []
    for _ in range(RUNS):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def main(data: Path) -> None:
    """Print one row a panel."""
    for unit, goal, peer in (("dyad-year", 1.0, 24.0), ("directed-dyad-year", 2.0, 39.0)):
        rows = ours(unit, data)
        keys = rows.select("ccode1", "ccode2", "year")
        mine = cpu(partial(ours, unit, data))
        join = cpu(partial(floor, unit, data, keys))
        print(
            json.dumps(
                {
                    "name": f"panel {unit} 1816-2014",
                    "value": round(mine, 2),
                    "unit": "CPU s",
                    "goal": goal,
                    "peer": peer,
                    "floor": round(join, 2),
                    "ratio": round(mine / join, 2),
                    "rows": rows.height,
                    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                }
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
