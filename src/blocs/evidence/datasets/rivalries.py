"""Strategic rivalries: pairs of states that saw each other as threat and enemy."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_TYPES = ("positional", "spatial", "ideological", "interventionary")


def read_2012(file: SourceFile, source_id: str) -> Facts:
    """Read Thompson and Dreyer: one row per rivalry; type columns hold words."""
    rows = read_rows(
        file, source_id, "rivalryno", "ccode1", "ccode2", "styear", "endyear", *_numbered()
    ).integers("ccode1", "ccode2", "styear", "endyear")
    words = pl.concat_list(pl.col(c).str.to_lowercase() for c in _numbered())
    return _facts(rows.put(words=words, ref=pl.col("rivalryno")), "styear", "endyear", 2010)


def read_2021(file: SourceFile, source_id: str) -> Facts:
    """Read Thompson, Sakuwa and Suhas: one row per rivalry; one column per type."""
    rows = read_rows(
        file, source_id, "tssr_id", "ccode1", "ccode2", "start", "end", *_TYPES
    ).integers("ccode1", "ccode2", "start", "end", *_TYPES)
    words = pl.concat_list(pl.when(pl.col(c) == 1).then(pl.lit(c)) for c in _TYPES)
    years = rows.put(words=words, ref=pl.col("tssr_id"), first=pl.col("start"), last=pl.col("end"))
    return _facts(years, "first", "last", 2020)


def _numbered() -> tuple[str, ...]:
    return ("type1", "type2", "type3")


def _facts(rows: Rows, first: str, last: str, coded_to: int) -> Facts:
    """Give one spell per rivalry; one that lasts to the last coded year is open."""
    ended = rows.put(last_year=pl.when(pl.col(last) < coded_to).then(last))
    named = pl.col("words").list.drop_nulls().list.sort().list.join("+")
    return (
        ended.years(first, "last_year")
        .dyad("ccode1", "ccode2")
        .put(kind="rivalry", type=pl.when(named != "").then(named))
        .facts("spells", covered("rivalry", rows.source_id, 1816, coded_to))
    )


DATASET = Dataset(
    title="Strategic rivalries",
    unit="rivalry (dyad spell)",
    years="1494-2020",
    publisher="W. R. Thompson and others",
    page="https://us.sagepub.com/en-us/nam/handbook-of-international-rivalries/book237120",
    licence="No licence stated; cite the books",
    citation=Citation(
        "Thompson, W. R., Dreyer, D. R. (2012). Handbook of International Rivalries, 1494-2010. "
        "CQ Press; Thompson, W. R., Sakuwa, K., Suhas, P. H. (2021). Analyzing Strategic "
        "Rivalries in World Politics. Springer"
    ),
    releases=(
        Release(
            version="2012",
            columns=frozenset({"rivalryno", "ccode1", "ccode2", "styear", "endyear", "type1"}),
            read=read_2012,
            until=2010,
        ),
        Release(
            version="2021",
            columns=frozenset({"tssr_id", "ccode1", "ccode2", "start", "end", *_TYPES}),
            read=read_2021,
            until=2020,
        ),
    ),
)
