"""Kinds of act that can have a precedent, and the cases that records tell of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from blocs import actors
from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.errors import BadInput, UnknownName
from blocs.evidence.almanac_facts import held
from blocs.outlook.competition.outcomes import WARS_LAST
from blocs.outlook.competition.system import yearly
from blocs.registry import nearest

CASES = {
    "source": pl.String,
    "state": pl.String,
    "towards": pl.String,
    "conflict": pl.String,
    "start": pl.Date,
    "precision": pl.String,
    "checked": pl.Boolean,
    "what": pl.String,
    "record": pl.String,
}
"""Columns of a table of cases; ``conflict`` is a war of the almanac or a data set's number,
``precision`` that of ``start``: year, month or day; ``towards`` lists the states helped, bound to
or acted against, with `AND` between them."""
AND = "; "
"""What stands between the values of a cell that lists several."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a source of cases covers.

    Attributes
    ----------
    source : str
        ``almanac`` or a data set's id.
    what : str
        Which of its records.
    first, last : date
        First day, and first day no longer covered.
    conflict : str
        The conflict it is limited to; empty if it is not.
    complete : bool
        Whether no row means that there was none.
    """

    source: str
    what: str
    first: date
    last: date
    conflict: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act.

    Attributes
    ----------
    title : str
        What a state does.
    aliases : tuple of str
        Other words for it.
    find : callable
        ``find(data) -> (cases, reaches)`` for the facts of data sets by id.
    data : tuple of str
        Data sets that add to the almanac.
    """

    title: str
    aliases: tuple[str, ...]
    find: Callable[[Mapping[str, Facts]], tuple[pl.DataFrame, tuple[Reach, ...]]]
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A war of the almanac: its id, name, first day, end and parties."""

    war: str
    name: str
    start: date
    end: date | None
    parties: tuple[str, ...]


def conflict_named(text: str) -> Conflict:
    """Find a war of the almanac: by its id or name, or the latest war of a state.

    Raises
    ------
    UnknownName
        With the nearest wars.

    Examples
    --------
    >>> conflict_named("UKR").war
    'ukraine_2022'
    """
    wars = almanac("wars").filter(pl.col("start").is_not_null())
    known = {actors.normalise(r["war"]): r["war"] for r in wars.iter_rows(named=True)}
    known |= {actors.normalise(r["name"]): r["war"] for r in wars.iter_rows(named=True)}
    war = known.get(actors.normalise(text)) or _latest_of(text, wars)
    if war is None:
        near = dict.fromkeys(known[k] for k in nearest(actors.normalise(text), list(known)))
        raise UnknownName("war", text, near, "`blocs almanac wars` lists them.")
    row = wars.filter(pl.col("war") == war).row(0, named=True)
    sides = almanac("war_sides").filter(pl.col("war") == war)
    return Conflict(war, row["name"], row["start"], row["end"], tuple(sorted(set(sides["actor"]))))


def _latest_of(text: str, wars: pl.DataFrame) -> str | None:
    try:
        actor = actors.resolve(text)
    except BadInput:
        return None
    mine = almanac("war_sides").filter(pl.col("actor") == actor).select("war").unique()
    found = wars.join(mine, on="war", how="semi").sort("start", "war")
    return None if found.is_empty() else str(found["war"][-1])


def _precision(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().replace_strict(
        {4: "year", 7: "month", 10: "day"}, default=None, return_dtype=pl.String
    )


def _frame(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in CASES.items() if n not in rows.columns]
    return rows.with_columns(missing).select(pl.col(n).cast(t) for n, t in CASES.items())


def _listed(column: str) -> pl.Expr:
    return pl.col(column).unique().sort().str.join(AND)


def _support(rungs: Sequence[str]) -> tuple[pl.DataFrame, Reach]:
    """Rungs of the almanac's ladder of support: reported or confirmed, not denied or feared."""
    told = almanac("support").filter(
        pl.col("rung").is_in(list(rungs))
        & ~pl.col("claim").is_in(["denied", "hedged"])
        & pl.col("supporter").is_not_null()
        & ~pl.col("supporter").str.starts_with("group:").fill_null(value=True)
    )
    wars = {t: conflict_named(t).war for t in told["theatre"].unique()}
    rows = told.select(
        source=pl.lit("almanac"),
        state="supporter",
        towards="recipient",
        conflict=pl.col("theatre").replace_strict(wars, return_dtype=pl.String),
        start=pl.coalesce("start", "reported"),
        precision=_precision(pl.coalesce("start_text", "reported_text")),
        checked="checked",
        what="what",
        record=pl.format("almanac/support:{}", "id"),
    )
    spell = almanac("coverage").filter(pl.col("topic") == "support").row(0, named=True)
    reach = Reach(
        "almanac",
        "the ladder of support in the war in Ukraine",
        spell["start"],
        spell["end"],
        "ukraine_2022",
    )
    return _frame(rows), reach


def _joiners() -> tuple[pl.DataFrame, Reach]:
    """States that entered a war between others after its first day.

    The heir of a state that fought on that side from the first day is no third state.
    """
    wars = almanac("wars").filter(pl.col("cow_war").is_not_null())
    sides = almanac("war_sides").join(
        wars.select("war", "name", begun="start", war_checked="checked"), on="war"
    )
    first = sides.filter(pl.col("start") <= pl.col("begun"))
    joined = sides.filter(pl.col("start") > pl.col("begun")).join(
        first.select("war", "actor").unique(), on=["war", "actor"], how="anti"
    )
    came_after = almanac("actors").select(before="actor", heir=pl.col("successors").str.split("|"))
    heirs = first.join(came_after.explode("heir"), left_on="actor", right_on="before")
    joined = joined.join(
        heirs.select("war", "side", actor="heir"), on=["war", "side", "actor"], how="anti"
    )
    helped = first.group_by("war", "side").agg(towards=_listed("actor"))
    rows = joined.join(helped, on=["war", "side"], how="left").select(
        source=pl.lit("almanac"),
        state="actor",
        towards="towards",
        conflict="war",
        start="start",
        precision=_precision(pl.col("start_text")),
        checked=pl.col("checked") & pl.col("war_checked"),
        what=pl.format("entered the {}", "name"),
        record=pl.format("almanac/war_sides:{}", "row"),
    )
    return _frame(rows), _wars_reach("entries into wars between states")


def _wars_reach(what: str) -> Reach:
    return Reach("almanac", what, date(1816, 1, 1), date(WARS_LAST + 1, 1, 1))


def _troops(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
    helped, ladder = _support(["troops"])
    entered, wars = _joiners()
    if "ucdp" not in data:
        return pl.concat([helped, entered]), (ladder, wars)
    events = data["ucdp"].events
    joined = events.filter((pl.col("kind") == "conflict_support") & pl.col("sender").is_not_null())
    rows = joined.select(
        source=pl.lit("ucdp"),
        state="sender",
        towards="receiver",
        conflict=pl.format("ucdp:{}", "ref"),
        start="start",
        precision=pl.lit("year"),
        checked=pl.lit(value=True),
        what=pl.format(
            "sent troops to a party of an {} conflict",
            pl.col("type").replace("II", "internationalised intrastate"),
        ),
        record="fact_id",
    )
    reach = Reach("ucdp", "states that sent troops", date(1946, 1, 1), date(2025, 1, 1))
    return pl.concat([helped, entered, _frame(rows)]), (ladder, wars, reach)


def _arms(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
    """Weapons and munitions to a warring party; transfers in general are no lethal aid."""
    cases, reach = _support(["munitions", "weapons"])
    return cases, (reach,)


def _intelligence(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
    cases, reach = _support(["intelligence"])
    return cases, (reach,)


def _treaties(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
    """Defence treaties, each party that owes defence towards those in it before it or with it.

    A party of the first day acts when the treaty is signed, one that accedes on its own day.
    """
    treaties = almanac("treaties").filter("defence")
    treaties = treaties.select("treaty", "name", "signed", "signed_text", "checked", first="start")
    parties = almanac("treaty_members").join(treaties, on="treaty", suffix="_treaty")
    parties = parties.with_columns(since=pl.coalesce("start", "first", "signed"))
    bound = parties.filter("defence")
    beside = bound.join(parties.select("treaty", "actor", "since", "end"), on="treaty", suffix="_b")
    beside = beside.filter(
        (pl.col("actor") != pl.col("actor_b"))
        & (pl.col("since_b") <= pl.col("since"))
        & (pl.col("end_b").is_null() | (pl.col("end_b") > pl.col("since")))
    )
    others = beside.group_by("row").agg(towards=_listed("actor_b"))
    accedes = (pl.col("start") > pl.coalesce("first", "signed")).fill_null(value=False)
    signs = ~accedes & pl.col("signed").is_not_null()
    rows = bound.join(others, on="row", how="left").select(
        source=pl.lit("almanac"),
        state="actor",
        towards="towards",
        conflict="treaty",
        start=pl.when(signs).then("signed").otherwise("since"),
        precision=_precision(pl.when(signs).then("signed_text").otherwise("start_text")),
        checked=pl.col("checked") & pl.col("checked_treaty"),
        what="name",
        record=pl.format("almanac/treaty_members:{}", "row"),
    )
    spell = almanac("coverage").filter(pl.col("topic") == "alliances").row(0, named=True)
    return _frame(rows), (Reach("almanac", "defence treaties", spell["start"], spell["end"]),)


def _sanctions(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
    rows = almanac("sanctions").select(
        source=pl.lit("almanac"),
        state="sender",
        towards="target",
        conflict="regime",
        start="start",
        precision=_precision(pl.col("start_text")),
        checked="checked",
        what=_measures(),
        record=pl.format("almanac/sanctions:{}", "row"),
    )
    span = Reach(
        "almanac", "the best-known sanctions", date(1949, 1, 1), date(2025, 1, 1), complete=False
    )
    if "gsdb" not in data:
        return _frame(rows), (span,)
    spells = data["gsdb"].spells.filter(pl.col("kind") == "sanction")
    theirs = spells.select(
        source=pl.lit("gsdb"),
        state="sender",
        towards="receiver",
        conflict=pl.format("gsdb:{}", "ref"),
        start="start",
        precision=pl.lit("year"),
        checked=pl.lit(value=True),
        what=pl.format("{} sanctions", "type"),
        record="fact_id",
    )
    reach = Reach("gsdb", "sanction cases", date(1949, 1, 1), date(2024, 1, 1))
    return pl.concat([_frame(rows), _frame(theirs)]), (span, reach)


def _measures() -> pl.Expr:
    """What the almanac says a regime of sanctions is on: trade, arms, travel."""
    kinds = ("trade", "arms", "military", "financial", "travel", "other")
    named = {"military": "military aid", "financial": "finance", "other": "other dealings"}
    on = [pl.when(pl.col(k)).then(pl.lit(named.get(k, k))) for k in kinds]
    listed = pl.concat_list(on).list.drop_nulls().list.join(", ")
    return pl.when(listed == "").then(pl.lit("sanctions")).otherwise("sanctions on " + listed)


def _between(name: str) -> Callable[[Mapping[str, Facts]], tuple[pl.DataFrame, tuple[Reach, ...]]]:
    """Make the finder of wars begun by one state of a class against another of it."""

    def find(data: Mapping[str, Facts]) -> tuple[pl.DataFrame, tuple[Reach, ...]]:
        wars = almanac("wars").filter(pl.col("cow_war").is_not_null())
        sides = almanac("war_sides").join(wars.select("war", "name"), on="war")
        told = sides.with_columns(year=pl.col("start").dt.year().cast(pl.Int64))
        ours = told.join(_class(name), on=["actor", "year"], how="semi")
        pairs = ours.join(ours, on="war", suffix="_2").filter(
            (pl.col("side") != pl.col("side_2")) & (pl.col("actor") != pl.col("actor_2"))
        )
        rows = pairs.select(
            source=pl.lit("almanac"),
            state="actor",
            towards="actor_2",
            conflict="war",
            start=pl.max_horizontal("start", "start_2"),
            precision=_precision(pl.col("start_text")),
            checked=pl.col("checked") & pl.col("checked_2"),
            what="name",
            record=pl.format("almanac/war_sides:{}+{}", "row", "row_2"),
        )
        return _frame(rows), (_wars_reach("wars between states"),)

    return find


def _class(name: str) -> pl.DataFrame:
    years = yearly(held(name), Period(1816, WARS_LAST)).unique()
    return years.select("actor", pl.col("year").cast(pl.Int64))


KINDS: Mapping[str, Kind] = {
    "third-state-troops": Kind(
        "a state that was no party sends its troops to another's war",
        ("third state troops", "troops", "army of a third country", "foreign troops", "soldiers"),
        _troops,
        ("ucdp",),
    ),
    "weapons": Kind(
        "a state gives a warring party weapons or munitions",
        ("lethal aid", "arms", "munitions", "shells", "missiles", "drones"),
        _arms,
    ),
    "intelligence": Kind(
        "a state gives a warring party intelligence, advisers or territory",
        ("satellite information", "advisers", "satellite intelligence"),
        _intelligence,
    ),
    "defence-treaty": Kind(
        "a state binds itself to defend another",
        ("mutual defence treaty", "defense treaty", "alliance", "defence pact"),
        _treaties,
    ),
    "sanctions": Kind("a state puts sanctions on another", ("embargo",), _sanctions, ("gsdb",)),
    "war-between-major-powers": Kind(
        "two major powers are at war with each other",
        ("great power war", "major power war"),
        _between("major"),
    ),
    "war-between-nuclear-powers": Kind(
        "two states with nuclear weapons are at war with each other",
        ("nuclear powers at war", "war of nuclear powers"),
        _between("nuclear"),
    ),
}
