"""United Nations General Assembly roll-call votes (Voeten, Strezhnev & Bailey)."""

from __future__ import annotations

import polars as pl

from blocs import actors
from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.errors import BadFile
from blocs.evidence.cleaning import all_rejects, covered, dates, integers, known
from blocs.files import SourceFile, read_table
from blocs.schemas import ISSUES, VOTES, Ballots, Coverage, RollCalls, accept, empty, reject

_CODES = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
_NOT_A_MEMBER = 9
_NULLS = ("", "NA")
_ABOUT = ("session", "unres", "amend", "para", "descr", *ISSUES)
_WIDE_HEAD = ("rcid", "date", *ISSUES)


def read_long(file: SourceFile, source_id: str) -> Facts:
    """Read the long file: one row per roll call and state (``UNVotes.csv``)."""
    columns = [c for c in ("rcid", "ccode", "vote", "date", *_ABOUT) if c in file.columns]
    return _facts(read_table(file, columns=columns, nulls=_NULLS), "cow", file, source_id)


def read_wide(file: SourceFile, source_id: str) -> Facts:
    """Read the wide file: one row per roll call, one column per ISO3 code.

    A 9 there is also a hole left by a change of name, so such cells are unknown,
    not non-membership: they are left out. Votes of predecessors are merged into
    today's columns by the publisher (Yugoslavia into SRB).
    """
    states = [c for c in file.columns if len(c) == 3 and c.isupper()]
    if not states:
        raise BadFile(f"{file.path}: no column is an ISO3 code; is this the wide file?")
    table = read_table(file, columns=[*_WIDE_HEAD, *states], nulls=_NULLS)
    long = table.unpivot(
        states, index=["row", *_WIDE_HEAD], variable_name="ccode", value_name="vote"
    ).filter(pl.col("vote").is_not_null())
    return _facts(long, "iso3", file, source_id)


def read_rdata(file: SourceFile, source_id: str) -> Facts:
    """Read the published R file (``UNVotesPublished.RData``, 2016)."""
    from blocs.evidence.rdata import read_rdata as read

    table = read(file.path)
    missing = sorted({"rcid", "ccode", "vote", "date"} - set(table.columns))
    if missing:
        raise BadFile(f"{file.path}: column {missing[0]!r} is missing; is this the file of votes?")
    wanted = [c for c in ("rcid", "ccode", "vote", "date", *_ABOUT) if c in table.columns]
    text = table.select(pl.col(wanted).cast(pl.String))
    frame = text.with_columns(
        _day(pl.col("date").str.slice(0, 10)),
        *(pl.col(c).str.replace(r"\.0$", "") for c in wanted if c != "date"),
    ).with_row_index("row", offset=1)
    return _facts(frame.with_columns(pl.col("row").cast(pl.Int64)), "cow", file, source_id)


def _day(text: pl.Expr) -> pl.Expr:
    """The 2016 file writes 12/6/1989 for the sixth of December."""
    return pl.coalesce(text.str.to_date("%m/%d/%Y", strict=False).cast(pl.String), text)


def _facts(frame: pl.DataFrame, system: str, file: SourceFile, source_id: str) -> Facts:
    where = {"source_id": source_id, "file": file.name}
    frame = frame.with_columns(pl.col("ccode").alias("code"))
    frame, bad_numbers = integers(frame, ["rcid", "vote"], **where)
    frame, bad_dates = dates(frame, ["date"], **where)
    holes = [
        reject(frame.filter(pl.col(c).is_null()), rule=f"{c} is empty", column=c, **where)
        for c in ("rcid", "date", "vote")
    ]
    frame = frame.drop_nulls(["rcid", "date", "vote"]).filter(pl.col("vote") != _NOT_A_MEMBER)
    odd = ~pl.col("vote").is_in(list(_CODES))
    bad_votes = reject(
        frame.filter(odd), rule="vote is 1, 2, 3, 8 or 9", column="vote", value="vote", **where
    )
    frame = _states(frame.filter(~odd), system)
    frame, strangers = known(frame, "actor", rule="state is known", value="code", **where)
    frame = frame.with_columns(
        (pl.col("date").dt.year().cast(pl.String) + "-" + pl.col("rcid").cast(pl.String)).alias(
            "rollcall"
        ),
        pl.col("vote").replace_strict(_CODES, return_dtype=pl.Enum(VOTES)),
    )
    ballots, twice = accept(Ballots, frame, **where)
    rollcalls, bad_calls = accept(RollCalls, _rollcalls(frame, source_id), **where)
    rejects = [bad_numbers, bad_dates, *holes, bad_votes, strangers, twice, bad_calls]
    return Facts(
        rollcalls=rollcalls,
        ballots=ballots,
        coverage=_coverage(rollcalls, source_id),
        rejects=all_rejects(rejects),
    )


def _coverage(rollcalls: pl.DataFrame, source_id: str) -> pl.DataFrame:
    if rollcalls.is_empty():
        return empty(Coverage)
    years = rollcalls["date"].dt.year()
    return covered("votes", source_id, int(years[0]), int(years[-1]))


def _states(frame: pl.DataFrame, system: str) -> pl.DataFrame:
    if system == "iso3":
        own = pl.Series(actors.ids())
        return frame.with_columns(
            pl.when(pl.col("code").is_in(own.implode())).then(pl.col("code")).alias("actor")
        )
    voeten = actors.with_actor(frame, "code", system="voeten", on="date", into="variant")
    cow = actors.with_actor(voeten, "code", system="cow", on="date")
    return cow.with_columns(pl.coalesce("variant", "actor").alias("actor")).drop("variant")


def _rollcalls(frame: pl.DataFrame, source_id: str) -> pl.DataFrame:
    first = frame.unique("rollcall", keep="first", maintain_order=True)

    def has(name: str) -> bool:
        return name in frame.columns

    def flag(name: str) -> pl.Expr:
        text = pl.col(name).str.to_lowercase() if has(name) else pl.lit(None, dtype=pl.String)
        return text.replace_strict(
            {"1": True, "true": True, "0": False, "false": False},
            default=None,
            return_dtype=pl.Boolean,
        ).alias(name)

    session = pl.col("session") if has("session") else pl.lit(None, dtype=pl.String)
    opening = pl.col("date").dt.year() - 1945 - (pl.col("date").dt.month() < 9).cast(pl.Int32)
    return first.select(
        "rollcall",
        pl.lit(source_id).alias("source_id"),
        "row",
        "date",
        session.cast(pl.Int64, strict=False)
        .fill_null(opening.clip(lower_bound=1))
        .alias("session"),
        (pl.col("unres") if has("unres") else pl.lit(None, dtype=pl.String)).alias("resolution"),
        (pl.col("descr") if has("descr") else pl.lit(None, dtype=pl.String)).alias("title"),
        *(flag(name) for name in ("amend", "para", *ISSUES)),
    ).sort("date", "rollcall")


DATASET = Dataset(
    title="UN General Assembly roll-call votes",
    unit="roll call x state",
    years="1946-2024",
    publisher="Erik Voeten, Harvard Dataverse",
    page="https://doi.org/10.7910/DVN/LEJUQZ",
    licence="CC0 1.0",
    citation=Citation(
        "Voeten, E., Strezhnev, A., Bailey, M. (2009-). United Nations General Assembly "
        "Voting Data. Harvard Dataverse",
        "10.7910/DVN/LEJUQZ",
    ),
    releases=(
        Release(
            version="2016-rdata",
            columns=frozenset(),
            shape=lambda file: (
                file.start.startswith((b"RDX2\n", b"RDX3\n"))
                or file.path.suffix.lower() == ".rdata"
            ),
            read=read_rdata,
            until=2015,
        ),
        Release(
            version="2024-wide",
            columns=frozenset({*_WIDE_HEAD, "usa", "rus", "fra"}),
            read=read_wide,
            until=2024,
        ),
        Release(
            version="long",
            columns=frozenset({"rcid", "ccode", "vote", "date", "member"}),
            read=read_long,
            until=2024,
        ),
    ),
    downloads=(
        Download(
            url="https://dataverse.harvard.edu/api/access/dataset/:persistentId/"
            "?persistentId=doi:10.7910/DVN/LEJUQZ",
            file="dataverse_files.zip",
        ),
    ),
    lights=("votes",),
)
