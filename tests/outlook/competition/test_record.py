"""The record from published files: what is used, what it says of known years."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocs.outlook.competition import record as module
from blocs.outlook.competition.record import gather_record

FILES = (
    "atop/atop_alliance_ddy_v5.csv.gz",
    "cow_nmc/cow_nmc_peacesciencer.csv.gz",
    "cow_states/majors2016.csv",
    "democracy/cw_democracy.csv.gz",
    "cow_contiguity/contdird.csv.gz",
    "cow_mids/cow_mid_dirdisps_v5.csv.gz",
    "cow_wars/Inter-StateWarData_v4.0.csv",
)


@pytest.mark.shared
def test_published_files_light_everything(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = module.systems_from_panels
    monkeypatch.setattr(
        module, "systems_from_panels", lambda d, s: tuple(x for x in kept(d, s) if x.year >= 1955)
    )  # the indices of sixty years are enough here
    record = gather_record([shared / "data" / f for f in FILES], use={})
    assert record.missing == ()
    years = record.years
    assert int(years["year"].max()) == 2014
    row = years.filter(year=1965).row(0, named=True)
    assert row["poles"] == 2
    assert row["relevant_dyads"] > 500
    assert years["wars"].null_count() == 2014 - 2007  # COW's wars end in 2007: unknown, not zero
    assert years.filter(year=2007)["wars"].is_not_null().all()
    assert record.dyads is not None
    assert len(record.dyads.year) > 100_000
    assert {name for name, _ in record.sources} == {
        "atop", "cow-nmc", "cow-states", "democracy", "cow-contiguity", "mid", "cow-wars",
    }  # fmt: skip


@pytest.mark.shared
def test_a_table_that_needs_others_is_not_said_to_be_used_without_them(shared: Path) -> None:
    record = gather_record([shared / "data" / FILES[1]], use={})
    assert {name for name, _ in record.sources} == {"almanac"}
    assert any("cow-nmc is here, but" in line for line in record.missing)
