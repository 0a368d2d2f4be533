"""Seconds and memory of ideal points of the whole record, beside a program that has none of it.

Sessions from 70 on, the whole record as two categories, and as three. emIRT (binary
votes only, no usable intervals) is told to need 10.6 CPU seconds on such a machine; the
floor measured here in the same run is the leading eigenvector of votes in common: one fixed
position per state, no dynamics, no intervals.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.alignment.ideal_points import fit_ideal_points
from blocs.evidence.holdings import hold
from blocs.ties.common_votes import ballot_matrix

EMIRT = 10.6
"""CPU seconds that emIRT is told to need for the whole record."""


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Fit one record; its floor on the same votes."""
    folder = needed(shared / "data/un_votes_voeten")
    facts = hold(data=[str(folder)], only={"unga"}).by_dataset["unga"]
    calls = facts.rollcalls
    if size == "toy":
        calls = calls.filter(pl.col("session") >= 70)
    votes = facts.ballots.join(calls.select("rollcall"), on="rollcall", how="semi")
    ballots = votes.join(calls.drop("row", "source_id", "resolution"), on="rollcall")
    fit_ideal_points(ballots.filter(pl.col("session") > 76))  # compile
    floor, _ = cpu(lambda: leading(calls, votes), runs=3)
    categories = 2 if size == "usual" else 3
    used, found = cpu(lambda: fit_ideal_points(ballots, categories=categories))
    note = f"{len(found.actor):,} points, {found.items:,} items, {found.iterations} steps"
    name = f"{categories} categories, with intervals"
    yield Figure(
        name=name, value=used, unit="CPU s", goal=60.0, peer=floor,
        peer_is="leading eigenvector, no dynamics, no intervals", note=note,
    )  # fmt: skip
    if size == "usual":
        yield Figure(
            name=f"{name}, beside emIRT", value=used, unit="CPU s", goal=EMIRT, peer=EMIRT,
            peer_is="emIRT, no usable intervals", told=True, note=note,
        )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure(name="peak memory", value=peak, unit="GB", goal=2.0)


def leading(calls: pl.DataFrame, ballots: pl.DataFrame) -> np.ndarray:
    """One fixed position a state: the leading eigenvector of the correlations of its votes."""
    votes = ballot_matrix(calls, ballots).votes
    x = np.where((votes >= 0) & (votes < 3), votes - 1.0, 0.0)
    return np.linalg.eigh(np.corrcoef(x[x.std(axis=1) > 0]))[1][:, -1]  # a constant row has none


if __name__ == "__main__":
    alone(measure)
