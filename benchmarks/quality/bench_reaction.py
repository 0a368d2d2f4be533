"""Time and held-out gain of the model of reaction, beside its baselines.

Run ``python -m benchmarks.quality.bench_reaction [--shared FOLDER]``; it prints one JSON row
per measurement: name, value, unit, goal, floor, note. The floor of a log-likelihood is
slow memory alone in the same run; seconds are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from blocs.evidence.holdings import hold
from blocs.outlook.hawkes.model import columns, design_of, fit_weights
from blocs.outlook.hawkes.stream import stream_of
from blocs.outlook.reaction import fit_reaction

RECORDS = (("mid", "data/cow_mids/dyadic_mid_4.02.csv.gz"), ("icews14", "data/tkg_icews14"))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--shared", type=Path, default=os.environ.get("BLOCS_SHARED", "../shared"))
    given = options.parse_args()
    for name, place in RECORDS:
        held = hold(data=[str(Path(given.shared) / place)], only=(name,))
        stream = stream_of(held.by_dataset[name], about="all" if name == "icews14" else "conflict")
        which = columns("self", "reciprocal")
        fit_weights(design_of(stream), which)  # compiles
        start = time.process_time()
        fit_weights(design_of(stream), which)
        seconds = time.process_time() - start
        found = fit_reaction(stream)
        note = f"{len(stream.day):,} events, {len(stream.names)} states"
        rows = (
            ("fit_s", seconds, "cpu s", 2.0 if name == "mid" else None, None),
            ("loglik", found.loglik["reaction"], "nats/event", None, found.loglik["slow_memory"]),
            ("gain_low", found.gain.low, "nats/event", None, 0.0),
            ("ks", found.ks, "distance", None, None),
        )
        for what, value, unit, goal, floor in rows:
            told = {"name": f"{name}_{what}", "value": round(value, 4), "unit": unit}
            print(json.dumps(told | {"goal": goal, "floor": floor, "note": note}))


if __name__ == "__main__":
    main()
