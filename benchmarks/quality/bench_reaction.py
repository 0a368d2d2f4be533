"""Time and held-out gain of the model of reaction, beside its baselines.

Disputes of 1816-2014, a year of coded events, and both. The peer of a log-likelihood is slow
memory alone in the same run; seconds are CPU seconds of this process.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.evidence.holdings import hold
from blocs.outlook.hawkes.model import columns, design_of, fit_weights
from blocs.outlook.hawkes.stream import stream_of
from blocs.outlook.reaction import fit_reaction

PLACES = {"mid": "data/cow_mids/dyadic_mid_4.02.csv.gz", "icews14": "data/tkg_icews14"}
RECORDS: dict[Size, tuple[str, ...]] = {
    "toy": ("mid",),
    "usual": ("icews14",),
    "large": ("mid", "icews14"),
}


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Fit each record; how much better it foretells than slow memory."""
    for name in RECORDS[size]:
        held = hold(data=[str(needed(shared / PLACES[name]))], only=(name,))
        stream = stream_of(held.by_dataset[name], about="all" if name == "icews14" else "conflict")
        which = columns("self", "reciprocal")
        fit_weights(design_of(stream), which)  # compiles
        used, _ = cpu(partial(fit_weights, design_of(stream), which))
        found = fit_reaction(stream)
        note = f"{len(stream.day):,} events, {len(stream.names)} states"
        goal = 2.0 if name == "mid" else None
        yield Figure(name=f"{name}: fit", value=used, unit="CPU s", goal=goal, note=note)
        likelihood = math.exp(found.loglik["reaction"])
        yield Figure(
            name=f"{name}: likelihood an event, held out", value=likelihood, unit="density",
            better="more", peer=math.exp(found.loglik["slow_memory"]), peer_is="slow memory alone",
            note=f"gain at least {found.gain.low:.4f} nats an event; {note}",
        )  # fmt: skip
        yield Figure(name=f"{name}: distance from uniform", value=found.ks, unit="KS", note=note)


if __name__ == "__main__":
    alone(measure)
