"""The record the claim is tested on: published tables where given, else the almanac."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Columns
from blocs.dates import FIRST_YEAR, Period
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import almanac_facts, held
from blocs.evidence.intake import choose, read_source, recognise
from blocs.evidence.panel_tables import tables_at
from blocs.files import parquet_bytes
from blocs.outlook.competition.dyad_models import DyadYears, count_relevant, dyad_years
from blocs.outlook.competition.indices import measure_competition
from blocs.outlook.competition.outcomes import (
    DISPUTES_LAST,
    WARS_LAST,
    count_disputes,
    count_wars,
    dispute_events,
    war_parts,
)
from blocs.outlook.competition.system import (
    YearSystem,
    systems_from_facts,
    systems_from_panels,
    yearly,
)
from blocs.outlook.panel import build_panel
from blocs.registry import COLUMNS, DATASETS

_SYSTEM = ("alliances", "power", "majors", "democracy")
_DYADS = ("alliances", "power", "majors", "contiguity", "disputes")
READS: Final = (
    "it reads mid and cow-wars each alone, cow-contiguity with cow-states, and atop, cow-nmc, "
    "cow-states and democracy together"
)
_LAST = 2018
_ALMANAC = "almanac"


@dataclass(frozen=True, slots=True)
class Record:
    """What is known by year and by dyad, and where from.

    Attributes
    ----------
    years : pl.DataFrame
        Indices, outcomes and exposures by year.
    dyads : DyadYears or None
        Politically relevant dyads, where every column for them is at hand.
    sources : tuple of (str, str)
        Data set id and what of it was used.
    missing : tuple of str
        What would light more of it, and how to add it.
    """

    years: pl.DataFrame
    dyads: DyadYears | None
    sources: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def gather_record(paths: Sequence[Path], *, use: Mapping[str, str]) -> Record:
    """Gather the record from published files, the almanac where they do not reach.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders in publishers' formats; may be empty.
    use : mapping of str to str
        Data set to version.
    """
    if paths and not recognise(paths)[0]:
        raise BadInput(
            f"{paths[0]}: no file in a known format; `blocs data list` tells which are, and "
            "`blocs compete` without --data uses the almanac"
        )
    every = {name: COLUMNS.get(name) for name in dict.fromkeys((*_SYSTEM, *_DYADS))}
    tables, told_by = _tables(paths, every, use)
    parts, told, disputes = _events(paths, use)
    published = set(_SYSTEM) <= set(tables)
    used = _used(set(tables))
    sources = _joined(told_by[name] for name in tables if name in used) | told
    systems = _published(tables) if published else _embedded()
    if not published:
        sources[_ALMANAC] = "treaties, regimes and major powers"
    years = measure_competition(systems).with_columns(pl.col("year").cast(pl.Int32))
    if _ALMANAC in told:
        sources[_ALMANAC] = ", ".join(dict.fromkeys((sources[_ALMANAC], told[_ALMANAC])))
    for table in (count_wars(parts, _majors()), disputes):
        if table is not None:
            years = years.join(table, on="year", how="left", maintain_order="left")
    dyads = None
    if {"contiguity", "majors"} <= set(tables):
        years, dyads = _with_dyads(years, tables)
    idle = [
        f"{name}: {told_by[name][0]} is here, but the indices take alliances, power, majors and "
        "democracy together"
        for name in tables
        if name not in used
    ]
    missing = (*idle, *_missing(tables, told))
    return Record(_trimmed(years), dyads, tuple(sorted(sources.items())), missing)


def fingerprint(record: Record, *settings: object) -> str:
    """Hash all that the test of a record depends on: its tables, settings and this version."""
    from blocs import __version__

    digest = hashlib.sha256(repr((__version__, *settings)).encode())
    digest.update(parquet_bytes(record.years))
    if record.dyads is not None:
        for field in fields(record.dyads):
            digest.update(np.ascontiguousarray(getattr(record.dyads, field.name)).tobytes())
    return digest.hexdigest()[:24]


def _used(names: set[str]) -> set[str]:
    """Say which tables come to use: the indices want all of theirs, relevant dyads two."""
    wholes = (_SYSTEM, ("contiguity", "majors"), _DYADS)
    return {name for whole in wholes if names.issuperset(whole) for name in whole}


def _tables(
    paths: Sequence[Path], every: Mapping[str, Columns], use: Mapping[str, str]
) -> tuple[dict[str, tuple[Columns, pl.DataFrame, int]], dict[str, tuple[str, str]]]:
    """Read the tables at hand; also the data set of each, and what to say of it."""
    known, _ = recognise(paths) if paths else ([], [])
    at_hand = {(f.dataset, f.release.part) for f in known}
    groups = {n: g for n, g in every.items() if at_hand & set(g.sources)}
    if not groups:
        return {}, {}
    found, _ = tables_at(paths, groups, use=use)
    tables = {n: (g, g.read(found[n].file), found[n].release.until) for n, g in groups.items()}
    told = {n: (f.dataset, f"{n} ({f.file.name}, {f.release.version})") for n, f in found.items()}
    return tables, told


def _joined(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join what is said of each data set."""
    sources: dict[str, str] = {}
    for dataset, said in told:
        sources[dataset] = "; ".join(filter(None, (sources.get(dataset, ""), said)))
    return sources


def _events(
    paths: Sequence[Path], use: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, str], pl.DataFrame | None]:
    known, _ = recognise(paths) if paths else ([], [])
    wanted = {("mid", "dyads"), ("cow-wars", "interstate")}
    files = [f for f in known if (f.dataset, f.release.part) in wanted]
    kept, _ = choose(files, use={k: v for k, v in use.items() if k in {"mid", "cow-wars"}})
    read = {f.dataset: read_source(f) for f in kept}
    sources = {f.dataset: f"{f.file.name}, {f.release.version}" for f in kept}
    disputes = count_disputes(dispute_events(read["mid"])) if "mid" in read else None
    if "cow-wars" in read:
        return war_parts(read["cow-wars"]), sources, disputes
    sources[_ALMANAC] = "wars between states"
    return _almanac_wars(), sources, disputes


def _almanac_wars() -> pl.DataFrame:
    """Participants of the wars that carry a number of the Correlates of War.

    The others in the almanac lie below its threshold or after its last year.
    """
    wars = almanac("wars").filter(pl.col("cow_war").is_not_null() & pl.col("checked"))
    return (
        almanac("war_sides")
        .join(wars.select("war", "cow_war"), on="war")
        .select(ref="cow_war", sender="actor", start="start")
        .with_columns(value=pl.lit(None, dtype=pl.Float64))
        .drop_nulls("start")
    )


def _majors() -> pl.DataFrame:
    return yearly(held("major"), Period(FIRST_YEAR, DISPUTES_LAST)).unique()


def _published(
    tables: Mapping[str, tuple[Columns, pl.DataFrame, int]],
) -> tuple[YearSystem, ...]:
    period = Period(FIRST_YEAR, _LAST)
    dyads = build_panel("dyad-year", period, {"alliances": tables["alliances"]})
    of_states = {n: tables[n] for n in _SYSTEM if n != "alliances"}
    return systems_from_panels(dyads, build_panel("state-year", period, of_states))


def _embedded() -> tuple[YearSystem, ...]:
    period = Period(FIRST_YEAR, _LAST)
    return systems_from_facts(almanac_facts(), almanac("attributes"), period)


def _with_dyads(
    years: pl.DataFrame, tables: Mapping[str, tuple[Columns, pl.DataFrame, int]]
) -> tuple[pl.DataFrame, DyadYears | None]:
    full = set(_DYADS) <= set(tables)
    names = _DYADS if full else ("contiguity", "majors")
    period = Period(FIRST_YEAR, DISPUTES_LAST)
    panel = build_panel("dyad-year", period, {n: tables[n] for n in names}, peace=full)
    counted = count_relevant(panel).with_columns(pl.col("year").cast(pl.Int32))
    joined = years.join(counted, on="year", how="left", maintain_order="left")
    return joined, dyad_years(panel) if full else None


def _trimmed(years: pl.DataFrame) -> pl.DataFrame:
    """Leave out the years at the end of which no outcome is told."""
    told = [c for c in ("disputes", "wars") if c in years.columns]
    last = years.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in told))["year"].max()
    return years.filter(pl.col("year") <= last)


def _missing(tables: Mapping[str, object], events: Mapping[str, str]) -> tuple[str, ...]:
    wanted = {
        "disputes": ("mid", f"disputes to {DISPUTES_LAST}", "mid" in events),
        "power": ("cow-nmc", "power as capabilities, not by counting states", "power" in tables),
        "alliances": ("atop", "every obligation of every pair", "alliances" in tables),
        "democracy": ("democracy", "regimes of all states by year", "democracy" in tables),
        "majors": ("cow-states", "major powers by year", "majors" in tables),
        "contiguity": ("cow-contiguity", "politically relevant dyads", "contiguity" in tables),
        "wars": ("cow-wars", f"battle deaths of the wars to {WARS_LAST}", "cow-wars" in events),
    }
    return tuple(
        f"{what}: {DATASETS.get(name).title}; `blocs data add {name} PATH`, or --data PATH"
        for name, what, there in wanted.values()
        if not there
    )
