"""Dyad-year panels beside a plain Polars join of the same tables.

The pairs of the years since 2000, of 1816-2014, and both directions of them; tables read from
disk. The R package peacesciencer needs 24 and 39 CPU seconds and 1.4 and 2.2 GB for the latter.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.contracts import Evidence
from blocs.evidence.panel_tables import tables_at
from blocs.registry import COLUMNS
from blocs.views.answers.panel import panel

WITH = ("alliances", "disputes", "contiguity", "power", "majors")
RUNS = 3
PANELS: dict[Size, tuple[str, int, float | None, float | None]] = {
    "toy": ("dyad-year", 2000, None, None),
    "usual": ("dyad-year", 1816, 1.0, 24.0),
    "large": ("directed-dyad-year", 1816, 2.0, 39.0),
}
"""Unit, first year, goal, CPU seconds of peacesciencer."""


def ours(unit: str, data: Path, first: int) -> pl.DataFrame:
    """Build the panel as a user does."""
    return panel(
        unit=unit,
        from_=first,
        with_=",".join([*WITH, "peace-years"]),
        evidence=Evidence(data=(str(data),)),
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


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Build one panel, best of three."""
    data = needed(shared / "data")
    unit, first, goal, peer = PANELS[size]
    used, rows = cpu(partial(ours, unit, data, first), runs=RUNS)
    keys = rows.select("ccode1", "ccode2", "year")
    join, _ = cpu(partial(floor, unit, data, keys), runs=RUNS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    note = f"{rows.height:,} rows, peak {peak:,} MB"
    yield Figure(
        name=f"panel {unit}", value=used, unit="CPU s", goal=goal, peer=join,
        peer_is="joins of the same tables in Polars", note=note,
    )  # fmt: skip
    if peer is not None:
        yield Figure(
            name=f"panel {unit}, beside peacesciencer", value=used, unit="CPU s", peer=peer,
            peer_is="peacesciencer (R)", told=True, note=note,
        )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
