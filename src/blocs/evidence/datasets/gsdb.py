"""Global Sanctions Data Base: who imposed which kind of sanction on whom."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_TYPES = ("trade", "arms", "military", "financial", "travel", "other")
_LAST_YEAR = 2023
# Names that hold the comma which also separates names, and old names of states
# for which the almanac has another word.
_SPELT = {
    "Korea, North": "North Korea",
    "Korea, South": "South Korea",
    "Yemen, North": "Yemen",
    "Yemen, South": "South Yemen",
    "Congo, Democratic Republic of the": "DR Congo",
    "Congo (Brazzaville)": "Congo-Brazzaville",
    "Egypt, Arab Rep.": "Egypt",
    "Gambia, The": "Gambia",
    "Ethiopia (excludes Eritrea)": "Ethiopia",
    "FRY": "Serbia and Montenegro",
}
# Names the file keeps after the end of the state they name: who is meant from then on.
_HEIRS = {"South Vietnam": "VNM", "Yugoslavia": "SRB"}
_GROUPS = {
    "EU": "eu",
    "EEC": "eu",
    "NATO": "nato",
    "ECOWAS": "ecowas",
    "League of Arab States": "arab_league",
    "African Union": "african_union",
    "Organisation of African Unity": "oau",
    "Organization of American States": "oas",
    "OIC": "oic",
    "MERCOSUR": "mercosur",
    "G7": "g7",
    "G8": "g8",
    "Comecon": "comecon",
    "EEU": "eaeu",
}


def read(file: SourceFile, source_id: str) -> Facts:
    """Read the case file: one row per case, senders and targets in comma lists.

    Gives one spell per sender, target and kind of sanction, from the first day
    of the first year to the last day of the last; a case called ongoing whose
    last year is the data set's last stays open. A group whose members the
    almanac knows (EU, NATO, Arab League ...) stands for its members while they
    belong to it. Other bodies (UN, OSCE, CoCom ...) and targets that are no
    states are refused under a rule that says so. A member never sanctions
    itself or a fellow of the same list: such pairs are left out.
    """
    rows = (
        read_rows(file, source_id, nulls=("", "NA"))
        .integers("begin", "end", *_TYPES)
        .years("begin", "end")
    )
    ongoing = pl.col("success").str.contains("ongoing") & (pl.col("end") > date(_LAST_YEAR, 12, 31))
    rows = rows.put(end=pl.when(~ongoing.fill_null(value=False)).then("end"))
    senders = _parties(rows, "sanctioning_state", "sender")
    targets = _parties(rows, "sanctioned_state", "receiver")
    begun, ended = ("start_sender", "start_receiver"), ("end_sender", "end_receiver")
    pairs = (
        senders.frame.join(targets.frame, on="row")
        .filter(pl.col("sender") != pl.col("receiver"))
        .with_columns(start=pl.max_horizontal(begun), end=pl.min_horizontal(ended))
        .filter(pl.col("end").is_null() | (pl.col("start") < pl.col("end")))
        .join(rows.frame.select("row", "case_id", *_TYPES), on="row")
        .sort("row", "sender", "receiver", "start", "end", descending=[False] * 4 + [True])
        .filter(pl.struct("row", "sender", "receiver", "start").is_first_distinct())
        .unpivot(
            _TYPES,
            index=["row", "case_id", "sender", "receiver", "start", "end"],
            variable_name="type",
            value_name="imposed",
        )
        .filter(pl.col("imposed") == 1)
        .sort("row", "sender", "receiver", "type", "start")
    )
    refused = (*rows.rejects, *senders.rejects, *targets.rejects)
    return (
        Rows(pairs, source_id, file.name, refused)
        .put(
            kind="sanction",
            ref=pl.col("case_id"),
            part=pl.format("{}-{}/{}/{}", "sender", "receiver", "type", "start"),
        )
        .facts("spells", covered("sanctions", source_id, 1949, _LAST_YEAR))
    )


def _parties(rows: Rows, column: str, role: str) -> Rows:
    """List the states behind a cell of names, each with the days it was meant."""
    names = pl.col(column).str.replace_many(_SPELT).str.split(",")
    listed = rows.frame.select("row", "start", "end", name=names).explode("name")
    named = Rows(listed, rows.source_id, rows.file).put(name=pl.col("name").str.strip_chars())
    group = pl.col("name").replace_strict(_GROUPS, default=None, return_dtype=pl.String)
    one_by_one = named.keep(group.is_null()).put(known=pl.col("name"))
    states = one_by_one.state("known", into=role, system="name", on="start")
    living = _while_they_last(states.frame, role)
    members = _members(named.frame.with_columns(group=group), role)
    wanted = ["row", role, "start", "end"]
    together = pl.concat([living.select(wanted), members.select(wanted)])
    renamed = together.rename({"start": f"start_{role}", "end": f"end_{role}"})
    rule = pl.lit(f"{role} is a state or a group whose members are known")
    refused = (r.with_columns(rule=rule, column=pl.lit(column)) for r in states.rejects)
    return Rows(renamed, rows.source_id, rows.file, tuple(refused))


def _while_they_last(cells: pl.DataFrame, role: str) -> pl.DataFrame:
    """Cut what is told of a state at its end; from then on its heir by name is meant."""
    end = pl.col("end").max()
    gone = (
        almanac("systems")
        .filter(pl.col("system") == "cow")
        .group_by(pl.col("actor").alias(role))
        .agg(gone=pl.when(pl.col("end").is_not_null().all()).then(end))
    )
    told = cells.join(gone, on=role, how="left")
    after = pl.max_horizontal("start", "gone")
    heirs = told.filter(pl.col("gone").is_not_null()).with_columns(
        pl.col("name").replace_strict(_HEIRS, default=None, return_dtype=pl.String).alias(role),
        start=after,
    )
    cut = pl.concat([told.with_columns(end=pl.min_horizontal("end", "gone")), heirs])
    lasting = pl.col("end").is_null() | (pl.col("start") < pl.col("end"))
    return cut.filter(pl.col(role).is_not_null() & lasting)


def _members(cells: pl.DataFrame, role: str) -> pl.DataFrame:
    belong = (
        almanac("memberships")
        .filter(pl.col("rank") == "member")
        .select("group", pl.col("actor").alias(role), joined="start", left="end")
    )
    spans = cells.join(belong, on="group").with_columns(
        start=pl.max_horizontal("start", pl.col("joined").fill_null(date(1, 1, 1))),
        end=pl.min_horizontal("end", "left"),
    )
    return spans.filter(pl.col("end").is_null() | (pl.col("start") < pl.col("end")))


DATASET = Dataset(
    title="Global Sanctions Data Base (GSDB)",
    unit="sanction case",
    years="1949-2023",
    publisher="Global Sanctions Data Base, Drexel University",
    page="https://www.globalsanctionsdatabase.com",
    licence="Free for research with citation; on request from the authors",
    citation=Citation(
        "Felbermayr, G., Kirilakha, A., Syropoulos, C., Yalcin, E., Yotov, Y. V. (2020). The "
        "Global Sanctions Data Base. European Economic Review 129",
        "10.1016/j.euroecorev.2020.103561",
    ),
    releases=(
        Release(
            version="4",
            columns=frozenset(
                {"case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *_TYPES}
            ),
            read=read,
            until=_LAST_YEAR,
        ),
    ),
    lights=("sanctions",),
)
