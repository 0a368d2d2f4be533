"""Many event files to ties: file by file, resumable, each row of the answer accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import polars as pl

from blocs import actors, files
from blocs.errors import BadFile, BadInput
from blocs.ties.event_sums.engines import Engine, engine
from blocs.ties.event_sums.forms import check_class, class_of, recognise
from blocs.ties.event_sums.sums import PERIODS, RULES, TENTHS

_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")
_PARQUET = b"PAR1"
_REJECTS = {
    "file": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "rule": pl.String,
    "value": pl.String,
    "n": pl.Int64,
}
_KEYS = ("sender", "receiver", "start", "class")


class EventSource(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was summed: its events, and how many of them count."""

    file: str
    sha256: str
    form: str
    rows: int
    counted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class EventSums:
    """Ties from events.

    Attributes
    ----------
    ties : pl.DataFrame
        ``sender, receiver, start, class, n, scored, value``: events, how many have a value,
        and their mean value; sorted by key.
    rejects : pl.DataFrame
        ``file, row, column, rule, value, n``: lines and values that were refused.
    left_out : dict of str to int
        Events that are no tie between two states, by rule.
    sources : tuple of EventSource
        The files, in order.
    resumed : int
        Files whose sums an interrupted run had left.
    """

    ties: pl.DataFrame
    rejects: pl.DataFrame
    left_out: dict[str, int]
    sources: tuple[EventSource, ...]
    resumed: int


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    source: EventSource
    left_out: dict[str, int]


def sum_files(
    paths: Sequence[Path],
    *,
    period: str,
    by: str,
    engine_name: str,
    memory: str,
    folder: Path,
    watch: Callable[[int, int | None], None],
) -> EventSums:
    """Sum the events of files to directed ties by period and class.

    Parameters
    ----------
    paths : sequence of Path
        Event files; one given twice, or two of the same content, counts once.
    period, by : str
        day, month or year; quad, plover or root.
    engine_name, memory : str
        See `blocs.ties.event_sums.engines.engine`.
    folder : Path
        Where the sums of each file are kept until all are there.
    watch : callable
        ``watch(done, total)`` in bytes.

    Raises
    ------
    BadInput, BadFile
        A period, class or engine that is none; a file that is no event file.
    StorageError
        Another run is summing in the same folder; the disk refused.
    """
    check_class(by)
    if period not in PERIODS:
        raise BadInput(f"--period {period}: use {', '.join(PERIODS)}")
    digests = {files.sha256(path): path for path in reversed(paths)}
    for path in digests.values():
        recognise(_sniffed(path))  # a wrong file is told before any work is done
    total, done, resumed = sum(p.stat().st_size for p in digests.values()), 0, 0
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[pl.DataFrame] = []
    rejects: list[pl.DataFrame] = [pl.DataFrame(schema=_REJECTS)]
    told: list[_Part] = []
    with (
        files.locked(folder / ".lock"),
        engine(engine_name, memory=memory, folder=folder) as run,
    ):
        for digest, path in sorted(digests.items(), key=lambda pair: str(pair[1])):
            stem = folder / f"{digest[:24]}-{period}-{by}"
            if stem.with_suffix(".json").is_file():
                resumed += 1
            else:
                _sum_one(run, path, digest, stem, period, by)
            told.append(
                msgspec.json.decode(files.read_bytes(stem.with_suffix(".json")), type=_Part)
            )
            tables.append(_kept(stem.with_suffix(".parquet")))
            rejects.append(_kept(stem.with_suffix(".rejects.parquet")))
            done += path.stat().st_size
            watch(done, total)
    left_out: dict[str, int] = {}
    for part in told:
        for rule, n in part.left_out.items():
            left_out[rule] = left_out.get(rule, 0) + n
    sources = tuple(part.source for part in told)
    return EventSums(_joined(tables), pl.concat(rejects), left_out, sources, resumed)


def _sum_one(
    run: Engine,
    path: Path,
    digest: str,
    stem: Path,
    period: str,
    by: str,
) -> None:
    """Sum one file and keep the answer; the record is written last and makes it count."""
    file = _sniffed(path)
    form = recognise(file)
    plain = path
    if _packed(path):
        plain = stem.with_suffix(".unpacked")
        files.write_atomic(plain, lambda out: out.write(files.read_bytes(path)))
    raw, odd = run(plain, form, period, 2 if by == "root" and form.name != "polecat" else 0)
    if plain is not path:
        plain.unlink()
    ties, unknown = _translated(raw.filter(pl.col("rule") == 0), form.system, by)
    counts = dict(raw.group_by("rule").agg(pl.col("n").sum()).iter_rows())
    broken = [(rule, counts.get(rule, 0)) for rule in (3, 4) if counts.get(rule, 0)]
    columns = {3: form.column("day"), 4: form.column("value")}
    more = [(None, columns[rule], RULES[rule], None, n) for rule, n in broken]
    schema = {name: kind for name, kind in _REJECTS.items() if name != "file"}
    refused = pl.concat(
        [
            odd.select(
                "row",
                pl.lit(None, pl.String).alias("column"),
                "rule",
                "value",
                n=pl.lit(1, pl.Int64),
            ),
            pl.DataFrame(more, schema=schema, orient="row"),
            unknown.with_columns(
                pl.col("column").replace(
                    {r: form.column(r) for r in ("sender", "receiver", "code")}
                )
            ).select(list(schema)),
        ]
    ).select(pl.lit(str(path)).alias("file"), *schema)
    home = int(ties.filter(pl.col("sender") == pl.col("receiver"))["n"].sum())
    ties = ties.filter(pl.col("sender") != pl.col("receiver"))
    rows, counted = sum(counts.values()) + odd.height, int(ties["n"].sum())
    left = {RULES[1]: counts.get(1, 0), RULES[2]: counts.get(2, 0) + home}
    source = EventSource(
        file=path.name,
        sha256=digest,
        form=form.name,
        rows=rows,
        counted=counted,
        rejected=rows - counted - sum(left.values()),
    )
    files.write_parquet(stem.with_suffix(".parquet"), ties)
    files.write_parquet(stem.with_suffix(".rejects.parquet"), refused)
    record = msgspec.json.encode(_Part(source=source, left_out=left))
    files.write_atomic(stem.with_suffix(".json"), lambda out: out.write(record))


def _translated(raw: pl.DataFrame, system: str, by: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put actors and classes for codes; the codes that mean none, counted by column."""
    codes = raw["code"].unique().to_list()
    classes = {code: class_of(code, by) for code in codes if code is not None}
    start = pl.col("period").cast(pl.String)
    month = start.str.slice(4, 2).replace("00", "01")
    day = start.str.slice(6, 2).replace("00", "01")
    dated = raw.with_columns(
        start=(start.str.slice(0, 4) + month + day).str.to_date("%Y%m%d", strict=False),
    ).with_columns(
        pl.col("code").replace_strict(classes, default=None, return_dtype=pl.String).alias("class")
    )
    for side in ("sender", "receiver"):
        pairs = dated.select(side, "start").unique()
        meant = actors.with_actor(pairs, side, system=system, on="start", into="meant")
        dated = dated.join(meant, on=[side, "start"], how="left").rename({"meant": f"{side}_id"})
    known = pl.all_horizontal(pl.col("sender_id", "receiver_id", "class").is_not_null())
    ties = dated.filter(known).select(
        pl.col("sender_id").alias("sender"),
        pl.col("receiver_id").alias("receiver"),
        *("start", "class", "n", "scored", "tenths"),
    )
    return _added(ties), _unknown(dated)


def _unknown(dated: pl.DataFrame) -> pl.DataFrame:
    """Count rows once, under the first column whose code means nothing."""
    found, left = [], dated
    for column, meant in (("sender", "sender_id"), ("receiver", "receiver_id"), ("code", "class")):
        missing = left.filter(pl.col(meant).is_null())
        left = left.filter(pl.col(meant).is_not_null())
        rule = "the code has a class" if column == "code" else "state is known"
        found.append(
            missing.group_by(pl.col(column).alias("value"))
            .agg(pl.col("n").sum())
            .sort("value")
            .select(
                pl.lit(None, pl.Int64).alias("row"),
                pl.lit(column).alias("column"),
                pl.lit(rule).alias("rule"),
                "value",
                "n",
            )
        )
    return pl.concat(found)


def _added(ties: pl.DataFrame) -> pl.DataFrame:
    return ties.group_by(_KEYS).agg(pl.col("n", "scored", "tenths").sum()).sort(_KEYS)


def _joined(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add the integers of all files, and divide once."""
    return (
        _added(pl.concat(tables))
        .with_columns(
            value=pl.when(pl.col("scored") > 0).then(pl.col("tenths") / (pl.col("scored") * TENTHS))
        )
        .select(*_KEYS, "n", "scored", "value")
    )


def _sniffed(path: Path) -> files.SourceFile:
    file = files.sniff(path)
    if file.start.startswith(_PARQUET):
        names = tuple(pl.read_parquet_schema(path))
        return files.SourceFile(path, names, "", start=file.start)
    if not file.columns:
        raise BadFile(f"{path}: neither a delimited table nor Parquet; give event files")
    return file


def _packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4).startswith(_PACKED)


def _kept(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path)
