"""Which roll calls put the same text to the vote again: the bridges between sessions."""

from __future__ import annotations

import polars as pl

LETTERS = 20
"""Shorter wordings ("draft resolution as a whole") name no particular text."""

GAP = 1
"""Sessions after which a text of the same name is taken for a new one: only the next counts."""


def wording(ballots: pl.DataFrame) -> pl.Series:
    """Name each ballot's item: its roll call, or the first one of the same wording.

    Parameters
    ----------
    ballots : polars.DataFrame
        Columns rollcall, session, title (null or missing: never a bridge).

    Returns
    -------
    polars.Series
        One string per ballot, in the order of the ballots.

    Notes
    -----
    Wordings are compared in lower case, letters and digits only, without the
    agenda number before and ": resolution / adopted by ..." after. A wording used
    twice within a session is ambiguous there and bridges nothing; a wording not
    put to the vote in the session before starts anew: texts change under one title, and
    the published points too match neighbouring sessions only.

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
    calls = (
        ballots.select("rollcall", "session", text=_normal(pl.col("title")))
        .unique("rollcall")
        .sort("session", "rollcall")
    )
    named = calls.filter(
        pl.col("text").str.len_chars() >= LETTERS,
        pl.len().over("text", "session") == 1,
    ).sort("text", "session")
    anew = (pl.col("session").diff().over("text") > GAP).fill_null(value=True)
    named = named.with_columns(chain=anew.cum_sum()).select(
        "rollcall", item=pl.col("rollcall").first().over("chain")
    )
    return (
        ballots.select("rollcall")
        .join(named, on="rollcall", how="left", maintain_order="left")
        .select(pl.coalesce("item", "rollcall").alias("item"))
        .to_series()
    )


def _normal(title: pl.Expr) -> pl.Expr:
    """Strip what differs between two prints of one title."""
    return (
        title.str.to_lowercase()
        .str.replace(r"^a/\S+ \S+ - .* - ", "")
        .str.replace(r"\s*:\s*resolution.*$", "")
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars()
    )
