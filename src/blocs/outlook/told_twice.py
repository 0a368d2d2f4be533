"""One act that two sources tell of is one act with two sources."""

from __future__ import annotations

from typing import Final

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.outlook.acts import AND

SEVERAL: Final = 2
"""Acts that a war and a record's conflict must share to be taken for one and the same."""


def merge_told_twice(cases: pl.DataFrame) -> pl.DataFrame:
    """Make one row of every act that the almanac and a data set both tell of.

    Parameters
    ----------
    cases : pl.DataFrame
        `blocs.outlook.acts.CASES`; one row an act within each source.

    Returns
    -------
    pl.DataFrame
        The same columns, sorted by date. ``source`` and ``record`` list those of an act
        with "; " between them; the rest is as the almanac tells it, whose rows are dated
        to the day where they can be. It is checked if any of its sources is.

    Notes
    -----
    Two rows of the same state tell of one act if the almanac itself gives the record's
    number for the war (or for the sanctions, and the target is the same); else if the
    state acts towards one and the same other from the same year on, each row matched once. A war
    and a conflict that share `SEVERAL` such acts are taken for the same, which settles
    states that two sources date a year apart.
    """
    rows = cases.sort("start", "source", "record", nulls_last=True).with_row_index("act")
    mine, theirs = (rows.filter((pl.col("source") == "almanac") == own) for own in (True, False))
    pairs = mine.join(theirs, on="state", suffix="_2").with_columns(
        gap=(pl.col("start").dt.year() - pl.col("start_2").dt.year()).abs(),
        elsewhere=_apart("towards", "towards_2"),
    )
    named = pairs.join(_numbers(), left_on=["conflict", "conflict_2"], right_on=["own", "number"])
    named = named.filter(pl.col("war") | ~pl.col("elsewhere"))
    alike = pairs.filter(~pl.col("elsewhere") & (pl.col("gap") == 0))
    alike = _nearest(alike.join(named, on="act_2", how="anti")).unique("act", keep="first")
    shared = (
        pl.concat([named.select(alike.columns), alike])
        .group_by("conflict", "conflict_2")
        .agg(acts=pl.col("act").n_unique())
        .filter(pl.col("acts") >= SEVERAL)
    )
    same = pairs.join(shared, on=["conflict", "conflict_2"], how="semi")
    found = pl.concat([named.select(alike.columns), alike, same.select(alike.columns)])
    joined = _nearest(found).select(act="act_2", into="act")
    return _merged(rows.join(joined, on="act", how="left"))


def _apart(ours: str, theirs: str) -> pl.Expr:
    """Whether two cells of states name none in common; two that are not known may be the same."""
    common = pl.col(ours).str.split(AND).list.set_intersection(pl.col(theirs).str.split(AND))
    unknown = pl.col(ours).is_null() & pl.col(theirs).is_null()
    return ~unknown & (common.list.len() == 0).fill_null(value=True)


def _nearest(pairs: pl.DataFrame) -> pl.DataFrame:
    """The best row of the almanac for each row of a data set."""
    ordered = pairs.sort("elsewhere", "gap", "act", "act_2")
    return ordered.unique("act_2", keep="first", maintain_order=True)


def _numbers() -> pl.DataFrame:
    """What the almanac says its wars and sanctions are called elsewhere: own, number, war."""
    text = pl.col("confirmed_by").str.extract_all(r"ucdp:\d+")
    wars = pl.concat(
        almanac(table).select(own="war", number=text).explode("number").drop_nulls()
        for table in ("wars", "war_sides")
    ).with_columns(war=pl.lit(value=True))
    sanctions = (
        almanac("sanctions")
        .drop_nulls("gsdb")
        .select(own="regime", number=pl.col("gsdb").cast(pl.String).str.split("|"))
        .explode("number")
        .with_columns(number=pl.format("gsdb:{}", "number"), war=pl.lit(value=False))
    )
    return pl.concat([wars, sanctions]).unique()


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each act: the almanac's first, with every source and record."""
    columns = [c for c in rows.columns if c not in {"act", "into"}]
    act = pl.coalesce("into", "act")
    ordered = rows.sort(act, pl.col("into").is_not_null(), "start", "record", nulls_last=True)
    listed = {
        name: pl.col(name).unique(maintain_order=True).str.join(AND)
        for name in ("source", "record")
    }
    first = {name: pl.col(name).first() for name in columns if name not in {*listed, "checked"}}
    merged = ordered.group_by(act.alias("act"), maintain_order=True).agg(
        **first, **listed, checked=pl.col("checked").any()
    )
    return merged.select(columns).sort("start", "source", "record", nulls_last=True)
