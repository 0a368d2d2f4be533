"""UN Digital Library voting records: the wide table of adopted resolutions."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.errors import BadFile
from blocs.evidence.cleaning import all_rejects, covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile
from blocs.schemas import VOTES, Ballots, RollCalls, accept

_CODES = {"Y": "yes", "A": "abstain", "N": "no", "X": "absent"}
_ABOUT = (
    "council",
    "date",
    "title",
    "resolution",
    "total votes",
    "no-vote count",
    "absent count",
    "no count",
    "yes count",
    "link",
    "token",
)
_SPELT = {
    "CONGO": "CONGO (BRAZZAVILLE)",  # the Library's name since 1971; the other was Zaire
    "SERBIAMONTENEGRO": "SERBIA AND MONTENEGRO",
}
_YEARS = ((1946, 1963), (1965, 2021))  # no vote was taken in 1964
_PEKING_SEATED = date(1971, 10, 25)


def read(file: SourceFile, source_id: str) -> Facts:
    """Read the wide table: one row per resolution, one column per name of a state.

    The Security Council's rows are left out: `schemas.RollCalls` holds the
    General Assembly. A date that is only a year stands at its first day. An
    empty cell is a state that was not listed. CHINA is Taipei's seat before 25
    October 1971. Where several columns mean one state (" UNITED KINGDOM" beside
    "UNITED KINGDOM"), the first filled cell counts; if another differs the
    state's ballot is refused as "two columns disagree".
    """
    rows = read_rows(file, source_id, nulls=("",))
    spellings = [c for c in rows.frame.columns if c not in (*_ABOUT, "row")]
    if not spellings:
        raise BadFile(f"{file.path}: no column is named after a state")
    rows = _calls(rows)
    ballots = _ballots(rows, spellings)
    good, refused = accept(RollCalls, rows.frame, **rows.where)
    votes, twice = accept(Ballots, ballots.frame, **rows.where)
    return Facts(
        rollcalls=good.sort("date", "rollcall"),
        ballots=votes,
        coverage=pl.concat(covered("votes", source_id, *years) for years in _YEARS),
        rejects=all_rejects([*ballots.rejects, refused, twice]),
    )


def _calls(rows: Rows) -> Rows:
    bodies = ["General Assembly", "Security Council"]
    year_only = pl.lit("-01-01").str.slice(pl.col("date").str.len_chars() - 4)
    return (
        rows.require(
            pl.col("council").is_in(bodies),
            rule=f"council is {' or '.join(bodies)}",
            column="council",
        )
        .keep(pl.col("council") == bodies[0])
        .put(date=pl.col("date") + year_only)
        .dates("date")
        .require(pl.col("date").is_not_null(), rule="date is known", column="date")
        .put(name=pl.coalesce("resolution", "token"))
        .require(pl.col("name").is_not_null(), rule="resolution is named", column="resolution")
        .put(rollcall=pl.format("{}-{}", pl.col("date").dt.year(), "name"))
        .put(
            rollcall=pl.when(pl.col("rollcall").is_duplicated())
            .then(pl.format("{}-{}", "rollcall", "token"))
            .otherwise("rollcall"),
            session=_session(),
            source_id=rows.source_id,
            **{
                flag: pl.lit(None, dtype=pl.Boolean)
                for flag in ("amend", "para", "me", "nu", "di", "hr", "co", "ec")
            },
        )
    )


def _session() -> pl.Expr:
    told = pl.col("resolution").str.extract(r"^A/RES/(\d+)/").cast(pl.Int64)
    opening = pl.col("date").dt.year() - 1945 - (pl.col("date").dt.month() < 9).cast(pl.Int32)
    return told.fill_null(opening.clip(lower_bound=1).cast(pl.Int64))


def _ballots(rows: Rows, spellings: list[str]) -> Rows:
    cells = rows.frame.unpivot(
        spellings, index=["row", "rollcall", "date"], variable_name="state", value_name="vote"
    ).filter(pl.col("vote").is_not_null())
    taipei = (pl.col("actor") == "CHN") & (pl.col("date") < _PEKING_SEATED)
    known = (
        Rows(cells, rows.source_id, rows.file, rows.rejects)
        .require(pl.col("vote").is_in(list(_CODES)), rule="vote is Y, A, N or X", column="vote")
        .put(
            vote=pl.col("vote").replace_strict(_CODES, return_dtype=pl.Enum(VOTES)),
            state=pl.col("state").str.to_uppercase().replace(_SPELT),
        )
        .state("state", into="actor", system="name", on="date")
        .put(actor=pl.when(taipei).then(pl.lit("TWN")).otherwise("actor"))
    )
    seat = ["rollcall", "actor"]
    return (
        known.put(answers=pl.col("vote").n_unique().over(seat))
        .keep(pl.struct(seat).is_first_distinct())
        .require(pl.col("answers") == 1, rule="two columns disagree", column="state")
    )


DATASET = Dataset(
    title="UN Digital Library voting records",
    unit="adopted resolution x state",
    years="1946-2021",
    publisher="United Nations, Dag Hammarskjold Library",
    page="https://digitallibrary.un.org/search?cc=Voting+Data",
    licence="United Nations terms of use: non-commercial use with attribution",
    citation=Citation("United Nations, Dag Hammarskjold Library. UN Digital Library, Voting Data"),
    releases=(
        Release(
            version="2022-wide",
            columns=frozenset({"council", "date", "resolution", "token", "title"}),
            read=read,
            until=2021,
        ),
    ),
    lights=("votes",),
)
