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
_TRUTH = {"1": True, "true": True, "0": False, "false": False}
_NOT_A_MEMBER = 9
_NULLS = ("", "NA")
_ABOUT = ("session", "unres", "amend", "para", "descr", *ISSUES)
_WIDE_HEAD = ("rcid", "date", *ISSUES)
_FLAGS = ("amend", "para", *ISSUES)
_NUMBERS = dict.fromkeys(("rcid", "ccode", "vote", "session", *_FLAGS), pl.Int64)


def read_long(file: SourceFile, source_id: str) -> Facts:
    """Read the long file: one row per roll call and state (``UNVotes.csv``)."""
    columns = [c for c in ("rcid", "ccode", "vote", "date", *_ABOUT) if c in file.columns]
    types = {c: _NUMBERS[c] for c in columns if c in _NUMBERS}
    try:
        table = read_table(file, columns=columns, dtypes=types, nulls=_NULLS, strict=True)
    except BadFile:  # a cell is no number: as text, so that its row is refused aloud
        table = read_table(file, columns=columns, nulls=_NULLS)
    return _facts(table, "cow", file, source_id)


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


def _facts(table: pl.DataFrame, system: str, file: SourceFile, source_id: str) -> Facts:
    where = {"source_id": source_id, "file": file.name}
    votes = table.select("row", "rcid", "vote", "date", code="ccode").with_row_index("at")
    votes, bad_numbers = integers(votes, ["rcid", "vote"], **where)
    votes, bad_dates = dates(votes, ["date"], **where)
    holes = [
        reject(votes.filter(pl.col(c).is_null()), rule=f"{c} is empty", column=c, **where)
        for c in ("rcid", "date", "vote")
    ]
    votes = votes.drop_nulls(["rcid", "date", "vote"]).filter(pl.col("vote") != _NOT_A_MEMBER)
    odd = ~pl.col("vote").is_in(list(_CODES))
    bad_votes = reject(
        votes.filter(odd), rule="vote is 1, 2, 3, 8 or 9", column="vote", value="vote", **where
    )
    votes = _states(votes.filter(~odd), system)
    votes, strangers = known(votes, "actor", rule="state is known", value="code", **where)
    votes = _named(votes).with_columns(
        pl.col("vote").replace_strict(_CODES, return_dtype=pl.Enum(VOTES))
    )
    ballots, twice = accept(Ballots, votes, **where)
    rollcalls, bad_calls = accept(RollCalls, _rollcalls(table, votes, source_id), **where)
    rejects = [bad_numbers, bad_dates, *holes, bad_votes, strangers, twice, bad_calls]
    return Facts(
        rollcalls=rollcalls,
        ballots=ballots,
        coverage=_coverage(rollcalls, source_id),
        rejects=all_rejects(rejects),
    )


def _named(votes: pl.DataFrame) -> pl.DataFrame:
    """Name the roll calls, once a run of rows: numbers are used again in another year."""
    key = votes.select(year=pl.col("date").dt.year(), rcid="rcid")
    run = key.select(pl.struct("year", "rcid").rle_id().alias("run"))["run"]
    names = key.filter(run.is_first_distinct()).select(pl.format("{}-{}", "year", "rcid"))
    return votes.with_columns(rollcall=names.to_series().gather(run))


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


def _rollcalls(table: pl.DataFrame, votes: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Tell of each roll call what its first good row says."""
    first = votes.unique("rollcall", keep="first", maintain_order=True)
    told = table[first["at"]].select(c for c in _ABOUT if c in table.columns)
    missing = [pl.lit(None, dtype=pl.String).alias(c) for c in _ABOUT if c not in table.columns]
    about = first.hstack(told).with_columns(missing)
    opening = pl.col("date").dt.year() - 1945 - (pl.col("date").dt.month() < 9).cast(pl.Int32)
    return about.select(
        "rollcall",
        pl.lit(source_id).alias("source_id"),
        "row",
        "date",
        pl.col("session")
        .cast(pl.Int64, strict=False)
        .fill_null(opening.clip(lower_bound=1))
        .alias("session"),
        pl.col("unres").alias("resolution"),
        pl.col("descr").alias("title"),
        *(
            pl.col(name)
            .cast(pl.String)
            .str.to_lowercase()
            .replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
            for name in _FLAGS
        ),
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
