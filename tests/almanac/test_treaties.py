"""The almanac's treaties and wars: sound in themselves, and in agreement with ATOP, COW and UCDP.

ATOP dates an alliance from its signature, so its first year is compared with `signed`; the day a
treaty came into force (`start`) is not in ATOP and is never called confirmed by it. ATOP 4.01 ends
with 2016: an alliance open there agrees with a fact that is open or ends later.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import blocs

FACTS = Path(blocs.__file__).parent / "almanac" / "facts"
OBLIGATIONS = ["defence", "offence", "neutrality", "nonaggression", "consultation"]
ATOP_OBLIGATIONS = ["defense", "offense", "neutral", "nonagg", "consul"]
COLUMNS = {
    "treaties": [
        *("treaty", "name", "signed", "start", "end", *OBLIGATIONS),
        *("against", "atop", "source", "checked", "confirmed_by", "note"),
    ],
    "treaty_members": ["treaty", "actor", "start", "end", *OBLIGATIONS, "checked", "confirmed_by"],
    "wars": ["war", "name", "cow_war", "start", "end", "source", "checked", "confirmed_by", "note"],
    "war_sides": ["war", "actor", "side", "start", "end", "initiator", "checked", "confirmed_by"],
    "citations_treaties": ["key", "citation", "url", "kind"],
}
KEYS = {
    "treaties": ["treaty"],
    "treaty_members": ["treaty", "actor", "start"],
    "wars": ["war"],
    "war_sides": ["war", "actor", "start", "side"],
    "citations_treaties": ["key"],
}
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LAST_ATOP_YEAR = 2016
# COW gives 345 one code: Serbia, then Yugoslavia, then Serbia; 4 ATOP members are not COW states.
GLEDITSCH_WARD_ONLY = {"678": "YEM", "340": "SRB"}


def read(name: str) -> pl.DataFrame:
    frame = pl.read_csv(FACTS / f"{name}.csv", infer_schema_length=0)
    return frame.with_columns(pl.all().fill_null(""))


def before(earlier: str, later: str) -> bool:
    """Whether a partial date can be no later than another: 1902 can be no later than 1902-01-30."""
    shared_length = min(len(earlier), len(later))
    return not earlier or not later or earlier[:shared_length] <= later[:shared_length]


def year(date: str) -> int | None:
    return int(date[:4]) if date else None


def end_agrees(end: str, theirs: int | None) -> bool:
    """An exclusive end on 1 January, or known to the year only, may belong to the year before."""
    mine = year(end)
    if theirs is None or mine is None:
        return theirs is None and (mine is None or mine > LAST_ATOP_YEAR)
    return theirs == mine or (end[4:] in ("", "-01-01") and theirs == mine - 1)


@pytest.fixture(scope="module")
def treaties() -> pl.DataFrame:
    return read("treaties")


@pytest.fixture(scope="module")
def members() -> pl.DataFrame:
    return read("treaty_members")


def in_force(members: pl.DataFrame, day: str) -> pl.DataFrame:
    return members.filter(
        (pl.col("start") != "") & (pl.col("start") <= day),
        (pl.col("end") == "") | (pl.col("end") > day),
    )


def pair_obligations(members: pl.DataFrame, pair: tuple[str, str], day: str) -> set[str]:
    """Obligations in force between two actors on a day, under the treaties both are party to."""
    live = in_force(members, day).filter(pl.col("actor").is_in(pair))
    both = live.filter(pl.col("actor").n_unique().over("treaty") == 2)
    return {name for name in OBLIGATIONS if (both[name] == "true").any()}


# --- the files in themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_those_declared(name: str) -> None:
    assert read(name).columns == COLUMNS[name]


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_sorted(name: str) -> None:
    keys = [tuple(map(str, row)) for row in read(name).select(KEYS[name]).rows()]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["treaties", "treaty_members", "wars", "war_sides"])
def test_dates_are_iso_and_ordered(name: str) -> None:
    frame = read(name)
    columns = [c for c in ("signed", "start", "end") if c in frame.columns]
    bad = [
        row
        for row in frame.select(KEYS[name][0], *columns).rows()
        if not all(PARTIAL_DATE.fullmatch(d) for d in row[1:] if d)
        or not all(before(a, b) for a, b in pairwise(row[1:]))
    ]
    assert bad == []


@pytest.mark.parametrize("name", ["treaties", "treaty_members", "wars", "war_sides"])
def test_flags_are_booleans_and_checked_names_its_witness(name: str) -> None:
    frame = read(name)
    flags = [c for c in (*OBLIGATIONS, "checked", "initiator") if c in frame.columns]
    assert all(set(frame[flag]) <= {"true", "false"} for flag in flags)
    assert frame.filter((pl.col("checked") == "true") != (pl.col("confirmed_by") != "")).is_empty()


def test_ends_are_exclusive_so_never_the_first_day() -> None:
    for name in ("treaties", "treaty_members", "wars", "war_sides"):
        whole_days = pl.col("start").str.len_chars() == 10, pl.col("end") == pl.col("start")
        assert read(name).filter(*whole_days).is_empty()


def test_every_source_is_cited(treaties: pl.DataFrame) -> None:
    keys = set(read("citations_treaties")["key"])
    assert set(treaties["source"]) <= keys
    assert set(read("wars")["source"]) <= keys


def test_no_entry_into_force_goes_without_a_word(treaties: pl.DataFrame) -> None:
    silent = treaties.filter((pl.col("start") == "") & (pl.col("note") == ""))
    assert silent.is_empty(), silent["treaty"].to_list()


def test_actors_are_those_of_the_almanac(members: pl.DataFrame) -> None:
    known = set(read("actors")["actor"])
    assert set(members["actor"]) <= known
    assert set(read("war_sides")["actor"]) <= known
    threats = read("treaties")["against"].str.split("|").explode()
    assert set(threats) - {""} <= known


def test_treaties_have_two_parties_or_a_note(treaties: pl.DataFrame, members: pl.DataFrame) -> None:
    assert set(members["treaty"]) == set(treaties["treaty"])
    parties = members.group_by("treaty").agg(pl.col("actor").n_unique())
    alone = treaties.join(parties, on="treaty").filter(pl.col("actor") < 2, pl.col("note") == "")
    assert alone.is_empty()


def test_member_spells_lie_inside_the_treaty(treaties: pl.DataFrame, members: pl.DataFrame) -> None:
    spells = members.join(treaties.select("treaty", "start", "end"), on="treaty", suffix="_treaty")
    outside = [
        row[0]
        for row in spells.select("treaty", "start", "end", "start_treaty", "end_treaty").rows()
        if not before(row[3], row[1]) or not before(row[2], row[4]) or (row[4] and not row[2])
    ]
    assert outside == []


def test_spells_of_one_party_do_not_overlap(members: pl.DataFrame) -> None:
    nxt = pl.col("start").shift(-1).over("treaty", "actor")
    ends_late = members.sort("treaty", "actor", "start").filter(
        nxt.is_not_null() & ((pl.col("end") == "") | (pl.col("end") > nxt))
    )
    assert ends_late.is_empty()


def test_a_party_owes_nothing_its_treaty_does_not_hold(
    treaties: pl.DataFrame, members: pl.DataFrame
) -> None:
    both = members.join(treaties.select("treaty", *OBLIGATIONS), on="treaty", suffix="_treaty")
    for name in OBLIGATIONS:
        more = both.filter(pl.col(name) == "true", pl.col(f"{name}_treaty") == "false")
        assert more.is_empty(), (name, more["treaty"].to_list())


def test_wars_have_two_sides_and_sides_lie_inside_the_war() -> None:
    sides = read("war_sides")
    wars = read("wars")
    assert set(sides["side"]) == {"1", "2"}
    assert sides.group_by("war").agg(pl.col("side").n_unique())["side"].min() == 2
    spells = sides.join(wars.select("war", "start", "end"), on="war", suffix="_war")
    outside = [
        row[0]
        for row in spells.select("war", "start", "end", "start_war", "end_war").rows()
        if not before(row[3], row[1]) or not before(row[2], row[4])
    ]
    assert outside == []


# --- known answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [("DEU", "ITA"), ("DEU", "JPN"), ("ITA", "JPN")])
def test_the_axis_of_1938_owes_consultation_and_neutrality_only(
    members: pl.DataFrame, pair: tuple[str, str]
) -> None:
    assert pair_obligations(members, pair, "1938-06-30") == {"neutrality", "consultation"}


def test_the_axis_owes_defence_from_1939(members: pl.DataFrame) -> None:
    assert "defence" not in pair_obligations(members, ("DEU", "ITA"), "1939-05-21")
    assert "defence" in pair_obligations(members, ("DEU", "ITA"), "1939-05-22")
    assert "defence" in pair_obligations(members, ("DEU", "JPN"), "1940-12-31")


def test_germany_and_the_ussr_promised_not_to_attack_but_were_no_allies(
    members: pl.DataFrame,
) -> None:
    assert pair_obligations(members, ("DEU", "RUS"), "1940-06-30") == {
        "nonaggression",
        "neutrality",
    }
    assert pair_obligations(members, ("DEU", "RUS"), "1941-06-22") == set()


def test_a_treaty_signed_is_not_in_force(members: pl.DataFrame) -> None:
    assert "defence" not in pair_obligations(members, ("PRK", "RUS"), "2024-06-19")
    assert "defence" not in pair_obligations(members, ("PRK", "RUS"), "2024-12-03")
    assert "defence" in pair_obligations(members, ("PRK", "RUS"), "2024-12-04")


def test_the_soviet_pledge_to_north_korea_ended_in_1996(members: pl.DataFrame) -> None:
    assert "defence" in pair_obligations(members, ("PRK", "RUS"), "1996-09-09")
    assert pair_obligations(members, ("PRK", "RUS"), "1998-01-01") == set()


def test_china_still_owes_north_korea_defence_and_russia_not(members: pl.DataFrame) -> None:
    assert "defence" in pair_obligations(members, ("CHN", "PRK"), "2024-06-30")
    assert "defence" not in pair_obligations(members, ("CHN", "RUS"), "2024-06-30")
    assert "defence" in pair_obligations(members, ("CHN", "RUS"), "1960-06-30")


@pytest.mark.parametrize("other", ["CHN", "RUS", "PRK"])
def test_nobody_owes_iran_defence(members: pl.DataFrame, other: str) -> None:
    assert "defence" not in pair_obligations(members, ("IRN", other), "2025-12-31")


def test_nato_of_1949(members: pl.DataFrame) -> None:
    founders = in_force(members.filter(pl.col("treaty") == "nato_1949"), "1949-08-24")["actor"]
    assert set(founders) == {
        "BEL",
        "CAN",
        "DNK",
        "FRA",
        "GBR",
        "ISL",
        "ITA",
        "LUX",
        "NLD",
        "NOR",
        "PRT",
        "USA",
    }


def test_nato_has_32_members_in_2024(members: pl.DataFrame) -> None:
    now = in_force(members.filter(pl.col("treaty") == "nato_1949"), "2024-03-07")
    assert now["actor"].n_unique() == 32


@pytest.mark.parametrize(("day", "defence"), [("1952-04-27", False), ("1953-01-01", True)])
def test_usa_and_japan(members: pl.DataFrame, day: str, defence: bool) -> None:
    assert ("defence" in pair_obligations(members, ("JPN", "USA"), day)) is defence
    assert "defence" in pair_obligations(members, ("JPN", "USA"), "2024-01-01")


def test_warsaw_pact_1958_62(members: pl.DataFrame) -> None:
    pact = in_force(members.filter(pl.col("treaty") == "warsaw_pact_1955"), "1960-01-01")
    assert set(pact["actor"]) == {"ALB", "BGR", "CSK", "DDR", "HUN", "POL", "ROU", "RUS"}


# --- against the data sets -----------------------------------------------------------------------


def cow_actor(code: str, of_year: int) -> str:
    """Actor of a COW code in a year: the spell of `systems` that holds it, else the nearest one."""
    if code == "345":
        return "YUG" if 1919 <= of_year <= 1992 else "SRB"
    return COW_ACTORS.get(code, f"cow{code}")


def cow_actors() -> dict[str, str]:
    systems = read("systems").filter(pl.col("system") == "cow").sort("code", "start")
    return dict(systems.select("code", "actor").rows())


COW_ACTORS = cow_actors()


def is_state(actor: str, of_year: int) -> bool:
    spells = read("systems").filter(pl.col("system") == "cow", pl.col("actor") == actor)
    return any(
        int(start[:4]) <= of_year and (not end or of_year <= int(end[:4]))
        for start, end in spells.select("start", "end").rows()
    )


def read_atop(shared: Path) -> dict[str, dict[str, object]]:
    """Per ATOP number: years, obligations and actors, the members of all its phases together."""
    columns = ["atopid", "begyr", "endyr", *ATOP_OBLIGATIONS]
    path = shared / "data" / "atop" / "atop-alliance-level.csv"
    alliances = pl.read_csv(path, infer_schema_length=10_000).select(columns)
    path = shared / "data" / "atop" / "atop-member-level.csv.gz"
    parties = pl.read_csv(path, infer_schema_length=10_000).select("atopid", "member", "yrent")
    actors: dict[str, set[str]] = defaultdict(set)
    begins = dict(alliances.select("atopid", "begyr").rows())
    for number, code, entered in parties.rows():
        actors[str(number)].add(cow_actor(str(code), max(entered or 0, begins[number])))
    return {
        str(number): {
            "begin": begin,
            "end": end or None,
            "obligations": {
                name for name, flag in zip(OBLIGATIONS, flags, strict=True) if flag == 1
            },
            "actors": actors[str(number)],
        }
        for number, begin, end, *flags in alliances.rows()
    }


def atop_disagreements(
    row: dict[str, str], parties: list[tuple[str, str]], theirs: dict[str, object]
) -> list[str]:
    """Name what differs between a treaty and its alliance in ATOP."""
    begin, actors = theirs["begin"], theirs["actors"]
    assert isinstance(begin, int)
    assert isinstance(actors, set)
    end = theirs["end"]
    ours = {actor for actor, start in parties if not start or int(start[:4]) <= LAST_ATOP_YEAR}
    extra = {actor for actor in ours - actors if is_state(actor, begin)}
    found = {
        "begin": year(row["signed"] or row["start"]) != begin,
        "end": not end_agrees(row["end"], end if isinstance(end, int) else None),
        "obligations": {n for n in OBLIGATIONS if row[n] == "true"} != theirs["obligations"],
        "members": bool(extra or actors - {actor for actor, _ in parties}),
    }
    return [name for name, differs in found.items() if differs]


@pytest.mark.shared
def test_checked_treaties_agree_with_atop(
    shared: Path, treaties: pl.DataFrame, members: pl.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    atop = read_atop(shared)
    parties: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for treaty, actor, start in members.select("treaty", "actor", "start").rows():
        parties[treaty].append((actor, start))
    numbered = treaties.filter(pl.col("atop") != "")
    differ = {
        row["treaty"]: atop_disagreements(row, parties[row["treaty"]], atop[row["atop"]])
        for row in numbered.to_dicts()
    }
    checked = treaties.filter(pl.col("checked") == "true")
    with capsys.disabled():
        agree = sum(not found for found in differ.values())
        print(f"\n{len(treaties)} treaties, {len(numbered)} of the {len(atop)} in ATOP: ", end="")
        print(f"{agree} agree, {len(differ) - agree} differ")
    confirmed = checked.filter(pl.col("confirmed_by").str.starts_with("atop:"))["treaty"]
    assert {t: differ[t] for t in confirmed if differ[t]} == {}
    silent = [t for t, found in differ.items() if found and t not in set(checked["treaty"])]
    notes = dict(treaties.select("treaty", "note").rows())
    assert [t for t in silent if not notes[t]] == []


@pytest.mark.shared
def test_the_article_confirms_the_treaty_of_pyongyang(shared: Path, treaties: pl.DataFrame) -> None:
    text = (shared / "cases" / "articles" / "pyongyang-treaty.txt").read_text(encoding="utf-8")
    assert "signing of a mutual defense agreement between Russia and North Korea" in text
    named = treaties.filter(pl.col("confirmed_by") == "article:pyongyang-treaty")
    assert named["treaty"].to_list() == ["rus_prk_2024"]


@pytest.mark.shared
def test_atop_numbers_are_used_once_and_exist(shared: Path, treaties: pl.DataFrame) -> None:
    numbers = treaties.filter(pl.col("atop") != "")["atop"]
    assert numbers.n_unique() == len(numbers)
    assert set(numbers) <= set(read_atop(shared))


def dyad_years(members: pl.DataFrame, last: int) -> set[tuple[str, str, int]]:
    """Pairs of parties of which one at least owes defence on some day of a year, in force."""
    spells = members.filter(pl.col("start") != "").with_columns(
        since=pl.col("start").str.slice(0, 4).cast(pl.Int64),
        until=pl.col("end").str.slice(0, 4).cast(pl.Int64, strict=False).fill_null(last),
    )
    long = spells.with_columns(year=pl.int_ranges("since", pl.col("until") + 1)).explode("year")
    long = long.select("treaty", "actor", "defence", "year").filter(pl.col("year") <= last)
    pairs = long.join(long, on=["treaty", "year"]).filter(
        pl.col("actor") < pl.col("actor_right"),
        (pl.col("defence") == "true") | (pl.col("defence_right") == "true"),
    )
    return set(pairs.select("actor", "actor_right", "year").unique().rows())


@pytest.mark.shared
def test_defence_of_the_majors_covers_atop_5(
    shared: Path, members: pl.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of ATOP 5.1's dyad-years with a major and a defence pact, how many the almanac holds."""
    path = shared / "data" / "atop" / "atop_alliance_ddy_v5.csv.gz"
    theirs = pl.read_csv(path, infer_schema_length=10_000).filter(pl.col("atop_defense") == 1)
    majors = {"USA", "GBR", "FRA", "DEU", "XAH", "ITA", "RUS", "CHN", "JPN"}
    wanted = {
        (min(a, b), max(a, b), y)
        for a, b, y in (
            (cow_actor(str(one), y), cow_actor(str(two), y), y)
            for one, two, y in theirs.select("ccode1", "ccode2", "year").rows()
        )
        if {a, b} & majors and not (a + b).count("cow")
    }
    held = dyad_years(members, 2018)
    share = len(wanted & held) / len(wanted)
    with capsys.disabled():
        print(f"\ndefence dyad-years with a major in ATOP 5.1: {len(wanted)}, held {share:.3f}")
    assert share > 0.9


def read_cow_wars(shared: Path) -> list[dict[str, str]]:
    path = shared / "data" / "cow_wars" / "Inter-StateWarData_v4.0.csv"
    text = path.read_text(encoding="latin-1")  # the file ends its lines with a lone return
    frame = pl.read_csv(text.encode(), infer_schema_length=0)
    return frame.to_dicts()


def spells_of(row: dict[str, str]) -> list[tuple[int, int]]:
    spans = [(int(row[f"StartYear{k}"]), int(row[f"EndYear{k}"])) for k in (1, 2)]
    return [span for span in spans if span[0] > 0]


@pytest.mark.shared
def test_checked_wars_agree_with_cow(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cow: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read_cow_wars(shared):
        cow[row["WarNum"]].append(row)
    wars = read("wars").filter(pl.col("cow_war") != "")
    sides = read("war_sides")
    assert set(wars["cow_war"]) == set(cow)
    wrong = {}
    for war in wars.filter(pl.col("checked") == "true").to_dicts():
        theirs = cow[war["cow_war"]]
        years = [span for row in theirs for span in spells_of(row)]
        actors = {cow_actor(row["ccode"], int(row["StartYear1"])) for row in theirs}
        ours = sides.filter(pl.col("war") == war["war"])
        found = {
            # 345 becomes Serbia within the war over Bosnia
            "actors": set(ours["actor"]) - {"SRB"} != actors - {"SRB"},
            "start": year(war["start"]) != min(years)[0],
            "end": year(war["end"]) != max(end for _, end in years),
        }
        if any(found.values()):
            wrong[war["war"]] = found
    with capsys.disabled():
        print(f"\n{len(wars)} wars in COW; {(wars['checked'] == 'true').sum()} agree")
    assert wrong == {}


@pytest.mark.shared
def test_checked_sides_agree_with_cow(shared: Path) -> None:
    cow: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in read_cow_wars(shared):
        cow[row["WarNum"], cow_actor(row["ccode"], int(row["StartYear1"]))].append(row)
    numbers = dict(read("wars").select("war", "cow_war").rows())
    checked = read("war_sides").filter(
        pl.col("checked") == "true", pl.col("confirmed_by").str.starts_with("cow_wars:")
    )
    wrong = []
    spells = checked.group_by("war", "actor").agg("start", "end", "initiator").sort("war", "actor")
    for war, actor, starts, ends, initiators in spells.rows():
        theirs = cow[numbers[war], "YUG" if (war, actor) == ("bosnia_1992", "SRB") else actor]
        years = [span for row in theirs for span in spells_of(row)]
        same = (
            year(min(starts)) == min(years)[0],
            year(max(ends)) == max(end for _, end in years),
            ("true" in initiators) == any(row["Initiator"] == "1" for row in theirs),
        )
        if not all(same):
            wrong.append((war, actor))
    assert wrong == []


@pytest.mark.shared
def test_checked_later_wars_agree_with_ucdp(shared: Path) -> None:
    path = shared / "data" / "ucdp" / "ucdp_acd.csv.gz"
    ucdp = pl.read_csv(path, infer_schema_length=10_000)
    wars = read("wars").filter(pl.col("confirmed_by").str.starts_with("ucdp:"))
    sides = read("war_sides")
    assert {"ukraine_2022", "nagorno_karabakh_2020", "russo_georgian_2008"} <= set(wars["war"])
    codes = ["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]
    for war in wars.to_dicts():
        first, last = int(war["start"][:4]), min(year(war["end"]) or 2024, 2024)
        rows = ucdp.filter(
            pl.col("conflict_id") == int(war["confirmed_by"].split(":")[1]),
            pl.col("year").is_between(first, last),
        )
        seen = {str(code) for name in codes for code in rows[name].drop_nulls()}
        actors = {GLEDITSCH_WARD_ONLY.get(code) or cow_actor(code, first) for code in seen}
        ours = sides.filter(pl.col("war") == war["war"], pl.col("checked") == "true")
        assert set(ours["actor"]) <= actors, war["war"]
        assert set(range(first, last + 1)) <= set(rows["year"]), war["war"]
