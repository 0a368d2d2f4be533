"""Which roll calls put the same text to the vote again: the bridges between sessions."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

LETTERS = 20
"""Shorter wordings ("draft resolution as a whole") name no particular text."""

ALIKE = 0.5
"""Cosine of two descriptions above which they tell of one text."""

TIE = 1e-9

RARE = 0.7
"""Least length of a description's vector, in logarithms of how many there are: one rare
word has nearly 1; with less it says too little to be matched."""


def wording(ballots: pl.DataFrame) -> pl.Series:
    """Name each ballot's item: its roll call, or the first one of the same text.

    Parameters
    ----------
    ballots : polars.DataFrame
        Columns rollcall, session, title (null or missing: never a bridge); optional
        amend, para: votes on parts, whose descriptions bridge only if equal.

    Returns
    -------
    polars.Series
        One string per ballot, in the order of the ballots.

    Notes
    -----
    Only neighbouring sessions are bridged, in chains: a text not put to the vote in the
    session before starts anew, as in the published points. Two roll calls are one text if
    their titles are equal (lower case, letters and digits only, without the agenda number
    before and ": resolution / adopted by ..." after) and come up once in each session.
    Where titles are descriptions that clerks wrote anew every year, two roll calls are one
    text if each is alone the other's nearest in its session and the cosine of their
    words, weighted by rarity, is `ALIKE` or more. How anybody voted is not looked at.

    Examples
    --------
    >>> wording(pl.DataFrame({
    ...     "rollcall": ["a", "b", "c"], "session": [40, 41, 41],
    ...     "title": ["Question of East Timor", "Question of East Timor : resolution / adopted",
    ...               "Cessation of all test explosions"]})).to_list()
    ['a', 'a', 'c']
    """
    if "title" not in ballots.columns:
        return ballots["rollcall"]
    parts = [pl.col(c).fill_null(value=False) for c in ("amend", "para") if c in ballots.columns]
    calls = (
        ballots.select(
            "rollcall",
            "session",
            text=_normal(pl.col("title")).fill_null(""),
            part=pl.any_horizontal(parts) if parts else pl.lit(value=False),
        )
        .unique("rollcall")
        .sort("session", "rollcall")
        .with_row_index("k")
    )
    before = np.arange(calls.height)
    later, earlier = _repeated(calls)
    before[later] = earlier
    again, first = _restated(calls)
    free = ~np.isin(again, later) & ~np.isin(first, earlier)
    before[again[free]] = first[free]
    while not np.array_equal(before[before], before):
        before = before[before]
    names = calls.select("rollcall", item=pl.col("rollcall").gather(before))
    return (
        ballots.select("rollcall")
        .join(names, on="rollcall", how="left", maintain_order="left")["item"]
        .alias("item")
    )


def _repeated(calls: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Roll calls whose very title came up in the session before, and those of before."""
    named = calls.filter(
        pl.col("text").str.len_chars() >= LETTERS, pl.len().over("text", "session") == 1
    ).select("k", "session", "text")
    pairs = named.join(
        named.with_columns(pl.col("session") + 1), on=["session", "text"], suffix="_before"
    )
    return pairs["k"].to_numpy().astype(np.int64), pairs["k_before"].to_numpy().astype(np.int64)


def _restated(calls: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Roll calls nearest to one of the session before in words, and those of before."""
    vectors = _vectors(calls["text"])
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    usable = (length > RARE * np.log(calls.height)) & ~calls["part"].to_numpy()
    session = calls["session"].to_numpy()
    later, earlier = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for s in np.unique(session):
        old, new = (np.flatnonzero(usable & (session == t)) for t in (s - 1, s))
        if not old.size or not new.size:
            continue
        near = (vectors[new] @ vectors[old].T).toarray() / np.outer(length[new], length[old])
        top = (near > near.max(axis=1, keepdims=True) - TIE) & (near > near.max(axis=0) - TIE)
        # Two that are equally near tell nothing of which one it is.
        alone = (top.sum(axis=1, keepdims=True) == 1) & (top.sum(axis=0) == 1)
        at, best = np.nonzero(top & alone & (near >= ALIKE))
        later.append(new[at])
        earlier.append(old[best])
    return np.concatenate(later), np.concatenate(earlier)


def _vectors(texts: pl.Series) -> csr_array:
    """Which stems (first six letters of words of four or more) each text has, by rarity."""
    stems = (
        pl.DataFrame({"stem": texts.str.extract_all(r"[a-z]{4,}")})
        .with_row_index("k")
        .explode("stem")
        .select("k", pl.col("stem").str.slice(0, 6))
        .drop_nulls()
        .unique()
        .sort("k", "stem")
        .with_columns(
            column=pl.col("stem").rank("dense") - 1,
            weight=(texts.len() / pl.len().over("stem")).log(),
        )
    )
    cells = (stems["k"].to_numpy(), stems["column"].to_numpy())
    shape = (texts.len(), int(stems["column"].n_unique()))
    return csr_array((stems["weight"].to_numpy(), cells), shape=shape)


def _normal(title: pl.Expr) -> pl.Expr:
    """Strip what differs between two prints of one title."""
    return (
        title.str.to_lowercase()
        .str.replace(r"^a/\S+ \S+ - .* - ", "")
        .str.replace(r"\s*:\s*resolution.*$", "")
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars()
    )
