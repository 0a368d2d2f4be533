"""Seconds and memory of ideal points of the whole record, beside a program that has none of it.

``python -m benchmarks.speed.bench_ideal_points [--shared FOLDER]`` prints one JSON row a
figure: name, value, unit, goal, floor, note; CPU seconds of this process. emIRT (binary
votes only, no usable intervals) is told to need 10.6 CPU seconds on such a machine; the
floor measured here in the same run is the leading eigenvector of votes in common: one fixed
position per state, no dynamics, no intervals.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from blocs.alignment.ideal_points import fit_ideal_points
from blocs.evidence.holdings import hold
from blocs.ties.common_votes import ballot_matrix

EMIRT = 10.6


def main(shared: Path) -> None:
    began = time.process_time()
    facts = hold(data=[str(shared / "data/un_votes_voeten")], only={"unga"}).by_dataset["unga"]
    show("reading the votes", time.process_time() - began, "CPU s", None, None, "")
    calls = facts.rollcalls.drop("row", "source_id", "resolution")
    ballots = facts.ballots.join(calls, on="rollcall")
    fit_ideal_points(ballots.filter(pl.col("session") > 76))  # compile
    began = time.process_time()
    votes = ballot_matrix(facts.rollcalls, facts.ballots).votes
    x = np.where((votes >= 0) & (votes < 3), votes - 1.0, 0.0)
    np.linalg.eigh(np.corrcoef(x[x.std(axis=1) > 0]))  # who never departs has no correlation
    floor = time.process_time() - began
    for name, categories, goal, peer in (
        ("ordinal, whole record, with intervals", 3, 60.0, floor),
        ("binary, whole record, with intervals", 2, EMIRT, EMIRT),
    ):
        began = time.process_time()
        found = fit_ideal_points(ballots, categories=categories)
        note = f"{len(found.actor):,} points, {found.items:,} items, {found.iterations} steps"
        show(name, time.process_time() - began, "CPU s", goal, peer, note)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    show("peak memory of all this", peak, "GB", 2.0, None, "")


def show(name: str, value: float, unit: str, goal: object, floor: float | None, note: str) -> None:
    row = {"name": name, "value": round(value, 2), "unit": unit, "goal": goal,
           "floor": None if floor is None else round(floor, 2), "note": note}  # fmt: skip
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2].parent / "shared")
    main(parser.parse_args().shared)
