"""The almanac against data sets: tiny ones made here, and the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from blocs.almanac import tables
from blocs.contracts import Evidence, Facts
from blocs.errors import BadInput, MissingData
from blocs.evidence.almanac_check import check_almanac, comparable, evidence_to_compare
from blocs.evidence.checking.comparison import Comparison
from blocs.evidence.cleaning import covered
from blocs.schemas import Events, Flows, Spells, dtypes


def frame(schema: type, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Facts with only some columns given."""
    full = dict(dtypes(schema).items())
    base = [{"fact_id": f"s:{i}", "source_id": "s", "row": i} | r for i, r in enumerate(rows, 1)]
    return pl.DataFrame(
        [{name: row.get(name) for name in full} for row in base], schema=full, orient="row"
    )


def treaty(atop: str) -> dict[str, object]:
    rows = tables.facts("treaties").filter(pl.col("atop") == atop)
    return rows.row(0, named=True)


def atop_like(number: str, **changes: object) -> Facts:
    """What ATOP tells of one treaty, if it tells what the almanac does, but for changes."""
    row = treaty(number)
    parties = tables.facts("treaty_members").filter(pl.col("treaty") == row["treaty"])
    actors = sorted(parties["actor"].unique()) if "actors" not in changes else changes["actors"]
    assert isinstance(actors, list)
    told = [
        n for n in ("consultation", "defence", "neutrality", "nonaggression", "offence") if row[n]
    ]
    kinds = changes.get("kinds", told)
    assert isinstance(kinds, list)
    spells = [
        {
            "kind": "alliance_treaty",
            "type": kind,
            "sender": a,
            "receiver": b,
            "start": changes.get("start", row["signed"]),
            "end": changes.get("end", row["end"]),
            "ref": number,
        }
        for kind in kinds
        for a in actors
        for b in actors
        if a != b
    ]
    # the rule that needs member spells looks at the same pairs
    members = [row | {"kind": "alliance"} for row in spells]
    return Facts(spells=frame(Spells, [*spells, *members]))


def about(key: str, comparisons: tuple[Comparison, ...], table: str) -> list[tuple[object, ...]]:
    rows = next(c for c in comparisons if c.table == table).disagreements
    return rows.filter(pl.col("key") == key).select("column", "almanac", "told").rows()


def test_a_treaty_told_alike_gives_no_disagreement() -> None:
    assert about("warsaw_pact_1955", check_almanac({"atop": atop_like(WARSAW)}), "treaties") == []


WARSAW = str(tables.facts("treaties").filter(pl.col("treaty") == "warsaw_pact_1955")["atop"].item())


def test_every_kind_of_difference_is_one_row_by_hand() -> None:
    told = atop_like(
        WARSAW,
        start=date(1956, 5, 14),
        end=date(1985, 1, 2),
        kinds=["defence", "offence"],
        actors=["BGR", "CSK", "DDR", "HUN", "POL", "ROU", "RUS", "YUG"],
    )
    rows = about("warsaw_pact_1955", check_almanac({"atop": told}), "treaties")
    row = treaty(WARSAW)
    owed = " ".join(
        n for n in ("consultation", "defence", "neutrality", "nonaggression", "offence") if row[n]
    )
    assert rows == [
        ("end", row["end_text"], "1985"),
        ("member", "ALB", None),
        ("member", None, "YUG"),
        ("obligations", owed, "defence offence"),
        ("signed", row["signed_text"], "1956"),
    ]


def test_a_record_that_is_not_there_is_told() -> None:
    comparisons = check_almanac({"atop": atop_like(WARSAW)})
    treaties = next(c for c in comparisons if c.table == "treaties")
    missing = treaties.disagreements.filter(pl.col("column") == "record")
    assert missing.height == treaties.compared - 1
    assert treaties.agreed == 1


def test_the_order_of_facts_changes_nothing() -> None:
    facts = atop_like(WARSAW, start=date(1956, 5, 14))
    turned = Facts(spells=facts.spells.reverse())
    twice = Facts(spells=pl.concat([facts.spells, facts.spells]))
    first, *others = (check_almanac({"atop": f}) for f in (facts, turned, twice))
    for other in others:
        for a, b in zip(first, other, strict=True):
            assert a.disagreements.equals(b.disagreements)
            assert (a.compared, a.agreed) == (b.compared, b.agreed)


BOSNIA = str(tables.facts("wars").filter(pl.col("war") == "bosnia_1992")["cow_war"].item())


def test_a_war_told_otherwise() -> None:
    days = {"start": date(1992, 4, 7), "end": date(1992, 6, 6)}
    part: dict[str, object] = {"kind": "war_part", "ref": BOSNIA, "type": "side 1", **days}
    events = [part | {"sender": state} for state in ("YUG", "BIH", "ITA")]
    rows = check_almanac({"cow-wars": Facts(events=frame(Events, events))})
    found = about("bosnia_1992", rows, "wars")
    # Code 345 is one state there and two here; Italy took no part, Croatia did.
    assert ("party", None, "ITA") in found
    assert ("party", "HRV", None) in found
    assert not [row for row in found if row[1] in {"SRB", "YUG"}]


def test_a_state_that_began_otherwise() -> None:
    mine = tables.facts("systems").filter((pl.col("system") == "cow") & (pl.col("code") == "20"))
    spell = {"kind": "member", "sender": "CAN", "ref": "20", "start": date(1867, 7, 1)}
    (one,) = check_almanac({"cow-states": Facts(spells=frame(Spells, [spell]))})
    found = one.disagreements.filter(pl.col("key") == "cow 20 (1)")
    assert found.select("column", "almanac", "told").rows() == [
        ("start", str(mine["start"].item()), "1867-07-01")
    ]


def test_weapons_of_another_supplier() -> None:
    support = tables.facts("support").filter(
        pl.col("confirmed_by").str.starts_with("sipri_arms_transfers:")
        & (pl.col("rung") == "weapons")
    )
    row = support.sort("id").row(0, named=True)
    deal = str(row["confirmed_by"]).removeprefix("sipri_arms_transfers:").partition("|")[0]
    flow = {
        "kind": "arms",
        "sender": "BRA",
        "receiver": row["recipient"],
        "start": date(2023, 1, 1),
        "end": date(2024, 1, 1),
        "unit": "million TIV",
        "ref": deal,
    }
    found = about(
        str(row["id"]), check_almanac({"sipri": Facts(flows=frame(Flows, [flow]))}), "support"
    )
    assert found[0] == (
        "parties",
        f"{row['supporter']} to {row['recipient']}",
        f"BRA to {row['recipient']}",
    )


def test_sanctions_told_otherwise() -> None:
    rows = tables.facts("sanctions").filter(
        pl.col("checked")
        & ~pl.col("sender").str.starts_with("group:")
        & ~pl.col("gsdb").str.contains(r"\|")
        & (pl.col("start").dt.year() > 1990)
    )
    row = rows.sort("regime").row(0, named=True)
    spell = {
        "kind": "sanction",
        "type": "other",
        "sender": row["sender"],
        "receiver": row["target"],
        "ref": row["gsdb"],
        "start": date(1950, 1, 1),
        "end": date(1951, 1, 1),
    }
    facts = Facts(spells=frame(Spells, [spell]), coverage=covered("sanctions", "s", 1949, 2023))
    found = about(str(row["regime"]), check_almanac({"gsdb": facts}), "sanctions")
    columns = {column: told for column, _, told in found}
    assert columns["start"] == "1950"
    assert columns["end"] == "1950"


def test_nothing_to_compare_is_no_comparison() -> None:
    assert check_almanac({}) == ()
    assert check_almanac({"atop": Facts(), "unga": Facts()}) == ()
    assert set(comparable()) >= {"atop", "cow-wars", "ucdp", "gsdb", "sipri", "cow-states"}


def test_files_of_other_kinds_are_nothing_to_compare_with(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("rcid,ccode,vote,date,member\n1,2,1,1991-10-01,1\n")
    with pytest.raises(MissingData, match="nothing to compare the almanac with"):
        evidence_to_compare(Evidence(data=(str(path),)))
    with pytest.raises(MissingData, match="blocs data add ID PATH"):
        evidence_to_compare(Evidence())
    with pytest.raises(BadInput, match="unknown file, folder or data set"):
        evidence_to_compare(Evidence(data=("nowhere",)))


def test_a_party_of_a_war_used_force_against_the_other_side() -> None:
    """Argentina and Britain fought in 1982; a threat is no force, and another year no match."""

    def dispute(a: str, b: str, year: int, level: float) -> dict[str, object]:
        first, last = date(year, 1, 1), date(year + 1, 1, 1)
        ends = {"sender": a, "receiver": b, "start": first, "end": last}
        return {"kind": "dispute", "value": level, **ends}

    def idle(*rows: dict[str, object]) -> list[str]:
        facts = Facts(
            events=frame(Events, list(rows)), coverage=covered("disputes", "s", 1816, 2014)
        )
        (found,) = check_almanac({"mid": facts})
        assert (found.table, found.dataset) == ("wars", "mid")
        mine = found.disagreements.filter(pl.col("key") == "falklands_1982")
        return mine["almanac"].to_list()

    assert idle(dispute("ARG", "GBR", 1982, 5), dispute("GBR", "ARG", 1982, 4)) == []
    assert idle(dispute("ARG", "GBR", 1982, 5), dispute("GBR", "ARG", 1982, 3)) == ["GBR"]
    assert idle(dispute("ARG", "GBR", 1981, 5), dispute("GBR", "CHL", 1982, 4)) == ["ARG", "GBR"]


# Rows compared and rows that agree, by table and data set, with the data sets in ../shared.
AGREEMENT = {
    ("systems", "cow-states"): (243, 243),
    ("treaties", "atop"): (581, 564),
    ("memberships", "atop"): (227, 227),
    ("wars", "cow-wars"): (95, 95),
    ("wars", "mid"): (99, 97),
    ("wars", "ucdp"): (12, 12),
    ("sanctions", "gsdb"): (106, 106),
    ("support", "sipri"): (50, 47),
}


NAMES = {
    "atop": ["ATOP"],
    "mid": ["MID", "COW"],
    "gsdb": ["GSDB"],
    "sipri": ["SIPRI"],
}
ROOT = Path(__file__).resolve().parents[2]


def compared_in_words(found: Sequence[Comparison]) -> str:
    """Write the second half of the page on the almanac and the data sets."""
    lines = ["", "", "| table | data set | rows compared | agree |", "|---|---|---|---|"]
    lines += [f"| {c.table} | {c.dataset} | {c.compared} | {c.agreed} |" for c in found]
    lines += ["", "## Where they disagree, and why", ""]
    lines += ["| row | column | almanac | data set | why |", "|---|---|---|---|---|"]
    for row in pl.concat([c.disagreements for c in found]).iter_rows(named=True):
        cells = f"{row['almanac'] or '-'} | {row['dataset']}: {row['told'] or '-'}"
        lines.append(f"| `{row['key']}` | {row['column']} | {cells} | {row['explanation']} |")
    return "\n".join(lines) + "\n"


@pytest.mark.shared
def test_the_published_data_sets_agree_or_the_almanac_says_why(shared: Path) -> None:
    names = ("atop", "cow_mids", "cow_states", "cow_wars", "ucdp", "gsdb", "sipri_arms_transfers")
    paths = tuple(str(shared / "data" / name) for name in names)
    found = check_almanac(evidence_to_compare(Evidence(data=paths)))
    assert {(c.table, c.dataset): (c.compared, c.agreed) for c in found} == AGREEMENT
    every = pl.concat([c.disagreements for c in found])
    silent = every.filter(pl.col("explanation").is_null())
    assert silent.is_empty(), silent
    for name, dataset, explanation in every["key", "dataset", "explanation"].rows():
        words = NAMES[dataset]
        assert any(word in explanation for word in words), f"{name}: {dataset} is not spoken of"
    page = (ROOT / "docs" / "explanation" / "almanac-and-data-sets.md").read_text(encoding="utf-8")
    assert page.partition("<!-- compared -->")[2] == compared_in_words(found)
    # A treaty called checked agrees in every column that is compared.
    treaties = every.filter(pl.col("checked") & (pl.col("table") == "treaties"))
    assert treaties.is_empty(), treaties
