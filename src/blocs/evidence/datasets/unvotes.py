"""The three tables of the R package unvotes: votes, roll calls, issues."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import all_rejects, covered
from blocs.evidence.rows import Rows, beside, read_rows
from blocs.files import SourceFile, sniff
from blocs.schemas import ISSUES, VOTES, Ballots, RollCalls, accept

_VOTES = ("yes", "abstain", "no")
_FLAGS = {"1": True, "0": False}
_CALLS = ("rcid", "session", "date", "unres", "amend", "para", "descr")
_ISSUES = ("rcid", "short_name", "issue")


def read_votes(file: SourceFile, source_id: str) -> Facts:
    """Read ``un_votes``: one row per roll call and state that voted.

    "NA" is Namibia, not missing. Absences and non-members are not listed. States
    without a code of their own go by name. The file has no dates: they are
    looked up in ``un_roll_calls`` beside it, to tell Yugoslavia from Serbia;
    without that file the ballots belong to no roll call and stay unused.
    """
    rows = read_rows(file, source_id, "rcid", "country", "country_code", "vote", nulls=("",))
    voted = (
        rows.integers("rcid")
        .require(pl.col("rcid").is_not_null(), rule="rcid is empty", column="rcid")
        .require(pl.col("vote").is_in(_VOTES), rule="vote is yes, abstain or no", column="vote")
    )
    uncoded = pl.when(pl.col("country_code").is_null()).then("country")
    states = (
        _dated(voted, file)
        .put(uncoded=uncoded)
        .state("uncoded", into="by_name", system="name", on="date", needed=False)
        .state("country_code", into="by_code", system="iso2", on="date", needed=False)
        .put(actor=pl.coalesce("by_name", "by_code"))
        .put(rollcall=_key(), vote=pl.col("vote").cast(pl.Enum(VOTES)))
    )
    ballots, twice = accept(Ballots, states.frame, **rows.where)
    return Facts(ballots=ballots, rejects=all_rejects([*states.rejects, twice]))


def _dated(rows: Rows, file: SourceFile) -> Rows:
    path = beside(file, "un_roll_calls")
    if path is None:
        return rows.put(date=pl.lit(None, dtype=pl.Date))
    calls = read_rows(sniff(path), rows.source_id, "rcid", "date").integers("rcid").dates("date")
    days = calls.frame.select("rcid", "date").unique("rcid", keep="first", maintain_order=True)
    joined = rows.frame.join(days, on="rcid", how="left", maintain_order="left")
    return replace(rows, frame=joined)


def read_calls(file: SourceFile, source_id: str) -> Facts:
    """Read ``un_roll_calls``, with the issues of ``un_roll_call_issues`` beside it.

    Without that file no roll call has an issue: the flags are null, not false.
    """
    rows = read_rows(file, source_id, *_CALLS, nulls=("", "NA"))
    dated = (
        rows.integers("rcid", "session")
        .dates("date")
        .require(pl.col("rcid").is_not_null(), rule="rcid is empty", column="rcid")
        .require(pl.col("date").is_not_null(), rule="date is known", column="date")
        .put(
            rollcall=_key(),
            source_id=source_id,
            resolution=pl.col("unres"),
            title=pl.col("descr"),
            **{c: pl.col(c).replace_strict(_FLAGS, default=None) for c in ("amend", "para")},
        )
    )
    flagged = _with_issues(dated, file)
    calls, bad = accept(RollCalls, flagged.frame, **rows.where)
    return Facts(
        rollcalls=calls.sort("date", "rollcall"),
        coverage=covered("votes", source_id, 1946, 2019),
        rejects=all_rejects([*flagged.rejects, bad]),
    )


def read_issues(file: SourceFile, source_id: str) -> Facts:
    """Check ``un_roll_call_issues``: its flags come in with the roll calls beside it."""
    return Facts(rejects=all_rejects(_issues(file, source_id).rejects))


def _issues(file: SourceFile, source_id: str) -> Rows:
    rows = read_rows(file, source_id, *_ISSUES, nulls=("", "NA")).integers("rcid")
    return rows.require(
        pl.col("short_name").is_in(list(ISSUES)),
        rule=f"issue is {', '.join(ISSUES)}",
        column="short_name",
    )


def _with_issues(calls: Rows, file: SourceFile) -> Rows:
    path = beside(file, "un_roll_call_issues")
    if path is None:
        return calls.put(**{issue: pl.lit(None, dtype=pl.Boolean) for issue in ISSUES})
    flags = _issues(sniff(path), calls.source_id).frame
    about = {
        issue: pl.col("rcid").is_in(
            flags.filter(pl.col("short_name") == issue)["rcid"].drop_nulls().implode()
        )
        for issue in ISSUES
    }
    return calls.put(**about)


def _key() -> pl.Expr:
    return pl.col("rcid").cast(pl.String)


DATASET = Dataset(
    title="UN votes of the R package unvotes",
    unit="roll call x state; roll call; roll call x issue",
    years="1946-2019",
    publisher="D. Robinson and N. Goguen-Compagnoni, CRAN",
    page="https://cran.r-project.org/package=unvotes",
    licence="Package MIT; data CC0 1.0",
    citation=Citation(
        "Robinson, D., Goguen-Compagnoni, N. (2021). unvotes: United Nations General Assembly "
        "Voting Data. R package 0.3.0"
    ),
    releases=(
        Release(
            part="votes",
            version="0.3.0",
            columns=frozenset({"rcid", "country", "country_code", "vote"}),
            read=read_votes,
            until=2019,
        ),
        Release(
            part="calls",
            version="0.3.0",
            columns=frozenset(_CALLS),
            # the long file of Voeten has these columns too, and the ballots beside them
            shape=lambda file: set(_CALLS) <= set(file.columns) and "ccode" not in file.columns,
            read=read_calls,
            until=2019,
        ),
        Release(
            part="issues",
            version="0.3.0",
            columns=frozenset(_ISSUES),
            read=read_issues,
            until=2019,
        ),
    ),
    lights=("votes",),
)
