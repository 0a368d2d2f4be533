"""Counts of past events as compiled loops take them: arrays by key, and the keys' numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Counts(NamedTuple):
    """Occurrences of keys; see `blocs.outlook.history`.

    ``times``, ``first``, ``last`` have shape (n_keys,), ``sums`` (n_keys, n_rates).
    A key that has not occurred yet has ``times`` 0 and must be passed over.
    """

    times: Ints
    first: Ints
    last: Ints
    sums: Floats


class Index(NamedTuple):
    """Numbers of triples, pairs, acts and parts, each sorted by its own key.

    Triples of sender s are ``triple_start[s]:triple_start[s + 1]``, by relation and
    receiver; likewise its pairs and acts, and the parts of a relation.
    ``pair_triples[pair_first[p]:pair_first[p + 1]]`` are the triples of pair p.
    """

    triple_start: Ints
    triple_relation: Ints
    triple_receiver: Ints
    pair_start: Ints
    pair_receiver: Ints
    pair_first: Ints
    pair_triples: Ints
    act_start: Ints
    act_relation: Ints
    part_start: Ints
    part_receiver: Ints


class Past(NamedTuple):
    """A history as compiled loops take it."""

    keys: Index
    triples: Counts
    pairs: Counts
    acts: Counts
    parts: Counts
    senders: Counts
    receivers: Counts
    decay: Floats
