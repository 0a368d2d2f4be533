"""The trained weights of attribution, and the sums of them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, repeat

import numpy as np
import numpy.typing as npt

PARTS = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Model:
    """Row of each feature in a table of weights, one column per outcome; row 0 is zero."""

    rows: dict[str, int]
    weights: npt.NDArray[np.float64]


def weigh(model: Model, features: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """Return the logistic of the summed weights, shape (n_rows, n_outcomes)."""
    if not features:
        return np.zeros((0, model.weights.shape[1]))
    found = np.fromiter(map(model.rows.get, chain.from_iterable(features), repeat(0)), np.int64)
    begins = np.cumsum([0, *map(len, features[:-1])])
    totals = np.add.reduceat(model.weights[found], begins, axis=0)
    logistic: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.maximum(totals, -30.0)))
    return logistic


def _table(*columns: dict[str, float]) -> Model:
    """Set the weights of several outcomes side by side."""
    names = sorted({f for column in columns for f in column})
    weights = np.zeros((len(names) + 1, len(columns)))
    for j, column in enumerate(columns):
        weights[1:, j] = [column.get(f, 0.0) for f in names]
    return Model({f: k for k, f in enumerate(names, 1)}, weights)


@cache
def cue_model() -> Model:
    """Return the weights of the cue."""
    return _table(models()["is_cue"])


@cache
def pair_model() -> Model:
    """Return the weights of the three parts."""
    return _table(*(models()[part] for part in PARTS))


@cache
def models() -> dict[str, dict[str, float]]:
    """Read the models: part, feature, weight in thousandths; and the cue lemmas."""
    path = resources.files("blocs.evidence.reading") / "data" / "attribution.tsv.gz"
    out: dict[str, dict[str, float]] = {p: {} for p in ("is_cue", *PARTS, "lemmas")}
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        part, feature, weight = line.split("\t")
        out[part][feature] = int(weight) / 1000
    return out
