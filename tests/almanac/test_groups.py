"""Groups, memberships, nuclear status, support, red lines and sanctions of the almanac."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

FACTS = Path(__file__).parents[2] / "src" / "blocs" / "almanac" / "facts"
KEYS = {
    "groups": ["group"],
    "memberships": ["group", "actor", "rank", "start"],
    "nuclear": ["actor", "status", "start"],
    "support": ["id"],
    "red_lines": ["actor", "theatre", "rung", "start"],
    "sanctions": ["regime"],
    "citations_groups": ["key"],
}
CHECKED = [name for name in KEYS if name != "citations_groups"]
ENUMS = {
    ("groups", "kind"): {"alliance", "organisation", "forum", "coalition", "label"},
    ("memberships", "rank"): {
        "member",
        "partner",
        "guest",
        "observer",
        "candidate",
        "suspended",
    },
    ("nuclear", "status"): {"holder", "hosts", "threshold", "pursuing", "renounced"},
    ("support", "claim"): {"asserted", "reported", "hedged", "denied", "confirmed"},
    ("support", "side"): {"RUS", "UKR"},
}
RUNGS = {
    "none",
    "diplomatic",
    "economic",
    "dual_use",
    "intelligence",
    "munitions",
    "weapons",
    "troops",
}
ACTOR_COLUMNS = [
    ("memberships", "actor"),
    ("nuclear", "actor"),
    ("red_lines", "actor"),
    ("support", "supporter"),
    ("support", "recipient"),
    ("sanctions", "sender"),
    ("sanctions", "target"),
]
ARTICLES = ("kazan-and-the-troops", "pyongyang-treaty")
KINDS = ["trade", "arms", "military", "financial", "travel", "other"]

# GSDB spells senders and targets as names; only those our rows compare.
GSDB_NAMES = {
    "AFG": "Afghanistan",
    "ALB": "Albania",
    "ARG": "Argentina",
    "ARM": "Armenia",
    "AUS": "Australia",
    "BLR": "Belarus",
    "CAN": "Canada",
    "CHE": "Switzerland",
    "CHN": "China",
    "CUB": "Cuba",
    "EGY": "Egypt, Arab Rep.",
    "FRA": "France",
    "GBR": "United Kingdom",
    "GEO": "Georgia",
    "IND": "India",
    "IRN": "Iran",
    "IRQ": "Iraq",
    "JPN": "Japan",
    "KOR": "Korea, South",
    "LBY": "Libya",
    "LTU": "Lithuania",
    "MDA": "Moldova",
    "MLI": "Mali",
    "MMR": "Myanmar",
    "NER": "Niger",
    "NIC": "Nicaragua",
    "NOR": "Norway",
    "PAK": "Pakistan",
    "POL": "Poland",
    "PRK": "Korea, North",
    "QAT": "Qatar",
    "RUS": "Russia|Soviet Union",
    "SDN": "Sudan",
    "SRB": "Yugoslavia",
    "SYR": "Syria",
    "TUR": "Turkey",
    "TWN": "Taiwan",
    "UKR": "Ukraine",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "North Vietnam|South Vietnam",
    "YUG": "Yugoslavia",
    "ZAF": "South Africa",
    "ZWE": "Rhodesia|Zimbabwe",
    "group:arab_league": "League of Arab States",
    "group:cocom": "CoCom",
    "group:comecon": "Comecon",
    "group:ecowas": "ECOWAS",
    "group:eu": "EU|EEC",
    "group:nato": "NATO",
    "group:oas": "Organization of American States",
    "group:un": "UN",
}


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(FACTS / f"{name}.csv", infer_schema=False).fill_null("")


def day(text: str) -> str:
    """Read a partial date as its first day; text order is then date order."""
    return text + "-01-01"[: 10 - len(text)] if len(text) == 4 else (text + "-01")[:10]


def at(group: str, when: str, rank: str = "member") -> set[str]:
    rows = read("memberships").filter(pl.col("group") == group, pl.col("rank") == rank)
    return {
        row["actor"]
        for row in rows.iter_rows(named=True)
        if day(row["start"]) <= when and (not row["end"] or when < day(row["end"]))
    }


def codes(text: str) -> set[str]:
    return set(text.split())


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_sorted(name: str) -> None:
    keys = read(name).select(KEYS[name]).rows()
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", KEYS)
def test_files_are_utf8_with_unix_line_ends(name: str) -> None:
    raw = (FACTS / f"{name}.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    raw.decode("utf-8")


@pytest.mark.parametrize("name", CHECKED)
def test_dates_are_partial_iso_and_ordered(name: str) -> None:
    frame = read(name)
    for column in {"start", "end", "reported"} & set(frame.columns):
        for text in frame[column]:
            assert not text or re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text), text
    if "end" in frame.columns:
        for row in frame.iter_rows(named=True):
            assert not row["start"] or not row["end"] or day(row["start"]) < day(row["end"]), row


@pytest.mark.parametrize(("name", "column"), list(ENUMS))
def test_words_of_closed_lists(name: str, column: str) -> None:
    assert set(read(name)[column]) <= ENUMS[name, column]


@pytest.mark.parametrize("name", ["support", "red_lines"])
def test_rungs(name: str) -> None:
    assert set(read(name)["rung"]) <= RUNGS


@pytest.mark.parametrize(("name", "column"), ACTOR_COLUMNS)
def test_actors_are_codes_or_known_groups(name: str, column: str) -> None:
    groups = set(read("groups")["group"])
    known = FACTS / "actors.csv"
    ids = set(pl.read_csv(known, infer_schema=False).to_series(0)) if known.is_file() else None
    for actor in set(read(name)[column]) - {""}:
        if actor.startswith("group:"):
            assert actor.removeprefix("group:") in groups, actor
        else:
            assert re.fullmatch(r"[A-Z]{3}", actor), actor
            assert ids is None or actor in ids, actor


def test_only_private_support_has_no_supporter() -> None:
    support = read("support")
    private = support.filter(pl.col("supporter") == "")
    assert set(private["rung"]) == {"none"}
    assert set(support.filter(pl.col("rung") == "none")["supporter"]) == {""}


@pytest.mark.parametrize("name", CHECKED)
def test_checked_exactly_when_confirmed(name: str) -> None:
    frame = read(name)
    assert set(frame["checked"]) <= {"true", "false"}
    assert ((frame["checked"] == "true") == (frame["confirmed_by"] != "")).all()


@pytest.mark.parametrize("name", CHECKED)
def test_every_row_names_a_listed_source(name: str) -> None:
    assert set(read(name)["source"]) <= set(read("citations_groups")["key"])


def test_no_citation_is_left_over() -> None:
    used = {source for name in CHECKED for source in read(name)["source"]}
    assert set(read("citations_groups")["key"]) == used


def test_memberships_lie_in_their_group() -> None:
    groups = {row["group"]: row for row in read("groups").iter_rows(named=True)}
    for row in read("memberships").iter_rows(named=True):
        group = groups[row["group"]]
        # a partial date may stand before the day it hides
        assert row["start"][:4] >= group["start"][:4], row
        if group["end"]:
            assert row["end"], row
            assert day(row["end"]) <= day(group["end"]), row


def test_every_group_but_the_un_has_members() -> None:
    members = read("memberships").filter(pl.col("rank") == "member")["group"]
    assert set(read("groups")["group"]) - set(members) == {"un"}


def test_aliases_name_one_group_only() -> None:
    seen: dict[str, str] = {}
    for row in read("groups").iter_rows(named=True):
        for name in {row["group"], row["name"], *row["aliases"].split("|")} - {""}:
            assert seen.setdefault(name.casefold(), row["group"]) == row["group"], name


def test_spells_of_one_rank_do_not_overlap() -> None:
    frame = read("memberships").sort("group", "actor", "rank", "start")
    spells = frame.group_by("group", "actor", "rank", maintain_order=True).agg("start", "end")
    for row in spells.iter_rows(named=True):
        for end, start in zip(row["end"], row["start"][1:], strict=False):
            assert end, row
            assert day(end) <= day(start), row


def test_quantities_are_numbers_in_order() -> None:
    for row in read("support").iter_rows(named=True):
        low, high, value = (float(row[c]) if row[c] else None for c in ("low", "high", "value"))
        assert low is None or high is None or low <= high
        assert value is None or (low is None and high is None), row["id"]
        assert bool(row["unit"]) >= any(x is not None for x in (low, high, value)), row["id"]


def test_parts_are_inside_another_row() -> None:
    support = {row["id"]: row for row in read("support").iter_rows(named=True)}
    for row in support.values():
        if row["part_of"]:
            whole = support[row["part_of"]]
            assert (row["supporter"], row["recipient"]) == (whole["supporter"], whole["recipient"])


@pytest.mark.parametrize("name", ["sanctions"])
def test_kinds_are_flags_and_not_all_false(name: str) -> None:
    frame = read(name)
    assert set(frame.select(KINDS).unpivot()["value"]) == {"true", "false"}
    assert frame.select(pl.any_horizontal(pl.col(KINDS) == "true").all()).item()


@pytest.mark.shared
def test_quotes_are_pieces_of_the_articles(shared: Path) -> None:
    texts = {a: (shared / "cases/articles" / f"{a}.txt").read_text("utf-8") for a in ARTICLES}
    for name in ("support", "red_lines"):
        for row in read(name).filter(pl.col("quote") != "").iter_rows(named=True):
            assert row["quote"] in texts[row["source"]], row
    for name in CHECKED:
        for cell in read(name)["confirmed_by"]:
            for article, quote in re.findall(r'article:([\w-]+) "([^"]+)"', cell):
                assert quote in texts[article], cell


def _stands_in(cell: str, names: str) -> bool:
    return any(
        re.search(rf"(^|, *){re.escape(name)}($|,)", cell) is not None for name in names.split("|")
    )


def _last_year(end: str) -> int:
    """Last year in which an exclusive end leaves a day; GSDB stops at 2023."""
    if not end:
        return 2023
    year, rest = int(day(end)[:4]), day(end)[4:]
    return min(2023, year - 1 if rest == "-01-01" else year)


@pytest.mark.shared
def test_checked_sanctions_agree_with_gsdb(shared: Path) -> None:
    cases = pl.read_csv(shared / "data/gsdb/GSDB_V4.csv")
    checked = read("sanctions").filter(pl.col("checked") == "true")
    assert checked.height > 100
    for row in checked.iter_rows(named=True):
        ids = [int(i) for i in row["gsdb"].split("|")]
        assert row["confirmed_by"] == "|".join(f"gsdb:{i}" for i in ids)
        found = cases.filter(pl.col("case_id").is_in(ids))
        assert found.height == len(ids), row
        for target, sender in found.select("sanctioned_state", "sanctioning_state").rows():
            assert _stands_in(target, GSDB_NAMES[row["target"]]), row
            assert _stands_in(sender, GSDB_NAMES[row["sender"]]), row
        assert found["begin"].min() == int(row["start"][:4]), row
        assert found["end"].max() == _last_year(row["end"]), row
        for kind in KINDS:
            assert row[kind] == "false" or found[kind].max() == 1, (row, kind)


@pytest.mark.shared
def test_memberships_checked_by_atop_agree_to_the_year(shared: Path) -> None:
    path = shared / "data/atop/atop-member-level.csv.gz"
    atop = pl.read_csv(path, infer_schema_length=5000)
    tested = 0
    for row in read("memberships").iter_rows(named=True):
        for ref in row["confirmed_by"].split("|"):
            match = re.fullmatch(r"atop:(\d+)/(\d+)(#start|#end)?", ref)
            if match is None:
                continue
            spells = atop.filter(
                pl.col("atopid") == int(match[1]), pl.col("member") == int(match[2])
            )
            year = int(row["start"][:4])
            column = "yrexit" if match[3] == "#end" or row["rank"] == "suspended" else "yrent"
            if match[3] == "#end":
                year = int(row["end"][:4])
            assert year in spells[column].to_list(), row
            tested += 1
    assert tested > 200


FOUNDERS = "BEL CAN DNK FRA GBR ISL ITA LUX NLD NOR PRT USA"
NATO_2004 = f"{FOUNDERS} GRC TUR DEU ESP CZE HUN POL BGR EST LVA LTU ROU SVK SVN"


@pytest.mark.parametrize(
    ("when", "members"),
    [
        ("1949-12-31", FOUNDERS),
        ("1955-12-31", f"{FOUNDERS} GRC TUR DEU"),
        ("1982-12-31", f"{FOUNDERS} GRC TUR DEU ESP"),
        ("1999-12-31", f"{FOUNDERS} GRC TUR DEU ESP CZE HUN POL"),
        ("2004-12-31", NATO_2004),
        ("2024-12-31", f"{NATO_2004} ALB HRV MNE MKD FIN SWE"),
    ],
)
def test_nato(when: str, members: str) -> None:
    assert at("nato", when) == codes(members)


@pytest.mark.parametrize(
    ("when", "members"),
    [
        ("1960-06-30", "ALB BGR CSK DDR HUN POL ROU RUS"),
        ("1980-06-30", "BGR CSK DDR HUN POL ROU RUS"),
        ("1991-07-01", ""),
    ],
)
def test_warsaw_pact(when: str, members: str) -> None:
    assert at("warsaw_pact", when) == codes(members)


@pytest.mark.parametrize(
    ("when", "members"),
    [
        ("2009-06-15", ""),
        ("2009-12-31", "BRA CHN IND RUS"),
        ("2010-12-01", "BRA CHN IND RUS"),
        ("2011-06-30", "BRA CHN IND RUS ZAF"),
        ("2024-10-23", "ARE BRA CHN EGY ETH IND IRN RUS ZAF"),
    ],
)
def test_brics(when: str, members: str) -> None:
    assert at("brics", when) == codes(members)


def test_kazan_gathers_nine_members_and_around_twenty_guests() -> None:
    guests = at("brics", "2024-10-23", "guest")
    assert len(at("brics", "2024-10-23")) == 9
    assert 15 <= len(guests) <= 30
    assert not guests & at("brics", "2024-10-23")
    assert "SAU" in at("brics", "2024-10-23", "candidate")


def test_kazan_names_thirteen_partner_states() -> None:
    rows = read("memberships").filter(
        pl.col("group") == "brics", pl.col("note").str.contains("thirteen")
    )
    assert set(rows["actor"]) == codes("BLR BOL CUB DZA IDN KAZ MYS NGA THA TUR UGA UZB VNM")


def test_counts_that_the_organisations_publish() -> None:
    published = {
        "african_union": 55,
        "arab_league": 22,
        "asean": 10,
        "eu": 27,
        "g7": 7,
        "nam": 120,
        "nato": 32,
        "oecd": 38,
        "oic": 57,
        "sco": 10,
    }
    assert {group: len(at(group, "2024-12-31")) for group in published} == published
    assert len(at("eu", "2019-12-31")) == 28
    assert at("eu", "2019-12-31") - at("eu", "2020-02-01") == {"GBR"}


def test_cold_war_and_world_war_groups() -> None:
    assert at("g8", "2014-03-23") - at("g7", "2014-03-23") == {"RUS"}
    assert at("g8", "2014-03-24") == set()
    assert at("axis", "1940-10-01") == codes("DEU ITA JPN")
    assert at("central_powers", "1916-01-01") == codes("DEU XAH TUR BGR")
    assert at("entente", "1914-08-01") == codes("FRA GBR RUS")
    assert at("triple_alliance", "1914-08-01") == codes("DEU ITA XAH")
    assert at("csto", "2024-12-31") == codes("ARM BLR KAZ KGZ RUS TJK")
    assert at("sco", "2024-12-31") == codes("BLR CHN IND IRN KAZ KGZ PAK RUS TJK UZB")
    assert at("crink", "2024-06-19") == codes("CHN IRN PRK RUS")
    assert "SYR" in at("arab_league", "2020-01-01", "suspended")


def test_nine_states_hold_nuclear_weapons() -> None:
    rows = read("nuclear").filter(pl.col("status") == "holder")
    now = rows.filter(pl.col("end") == "")["actor"]
    assert set(now) == codes("CHN FRA GBR IND ISR PAK PRK RUS USA")
    assert at("crink", "2024-06-19") & set(now) == codes("CHN PRK RUS")
    assert set(rows["actor"]) - set(now) == {"ZAF"}


def test_the_articles_disagree_on_shells_and_both_stand() -> None:
    support = {row["id"]: row for row in read("support").iter_rows(named=True)}
    assert support["prk_shells_kazan"]["low"] == "200000"
    assert support["prk_shells_pyongyang"]["value"] == "2500000"
    troops, officers = support["prk_troops_kazan"], support["prk_officers_kazan"]
    assert (troops["low"], troops["high"]) == ("", "12000")
    assert (officers["value"], officers["part_of"]) == ("500", "prk_troops_kazan")
    drones, rate = support["irn_shahed_pyongyang"], support["irn_production_pyongyang"]
    assert (drones["low"], drones["high"]) == ("3700", "")
    assert (rate["low"], rate["per"]) == ("300", "month")
