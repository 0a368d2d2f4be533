"""States through time: ids, codes of other systems, names, who existed when.

An actor's id is its ISO 3166 alpha-3 code, withdrawn codes included (DDR, CSK,
YUG). Identity follows the Correlates of War: the USSR is RUS, Prussia is DEU.
The exceptions are documented in ``almanac/facts/README.md``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from blocs.almanac.tables import facts
from blocs.dates import Period, Spell, in_force
from blocs.errors import Ambiguous, UnknownName
from blocs.registry import nearest

_FAR_PAST = date(1, 1, 1)
_BEYOND_CYRILLIC = "\u0530"
_WITH_ARTICLE = frozenset(
    {"Bahamas", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines", "Soviet Union"}
    | {"Ottoman Empire", "Central African Empire", "Irish Free State"}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, from its first day in the international system to its last.

    Attributes
    ----------
    id, name : str
        ISO alpha-3 code and name as people say it.
    capital, region, subregion : str
        Seat of government today or last; where it lies.
    predecessors, successors : tuple of str
        Actor ids.
    spells : tuple of Spell
        When it was a member of the COW state system.
    """

    id: str
    name: str
    capital: str
    region: str
    subregion: str
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    spells: tuple[Spell, ...]

    def existed(self, period: Period) -> bool:
        """Tell whether it was a member on at least one day of the period."""
        return any(spell.overlaps(period.spell) for spell in self.spells)


def actor(actor_id: str) -> Actor:
    """Return the record of one actor id.

    Examples
    --------
    >>> actor("PRK").name
    'North Korea'
    """
    try:
        return _actors()[actor_id]
    except KeyError:
        raise UnknownName("actor", actor_id, nearest(actor_id, list(_actors()))) from None


def ids() -> tuple[str, ...]:
    """Ids of all actors, sorted."""
    return tuple(sorted(_actors()))


def name_of(actor_id: str, on: date | int | None = None) -> str:
    """Name of an actor as people say it, or said on a day or in the middle of a year.

    The id itself if it is not a state.

    Examples
    --------
    >>> name_of("RUS"), name_of("RUS", 1962), name_of("RUS", date(1991, 12, 26))
    ('Russia', 'Soviet Union', 'Russia')
    """
    day = date(on, 7, 1) if isinstance(on, int) else on
    known = _actors().get(actor_id)
    now = known.name if known else actor_id
    if day is None:
        return now
    return next((name for name, spell in _then().get(actor_id, ()) if day in spell), now)


def the(state: str) -> str:
    """Put the article before names that take one.

    Examples
    --------
    >>> the("United States"), the("Russia")
    ('the United States', 'Russia')
    """
    takes = state in _WITH_ARTICLE or state.startswith("United ") or "Republic" in state
    takes = takes or state.endswith(" SSR")
    return f"the {state}" if takes else state


def normalise(text: str) -> str:
    """Fold case, accents, punctuation and spaces away, so that spellings meet.

    Examples
    --------
    >>> normalise("  Côte d'Ivoire ") == normalise("COTE D IVOIRE")
    True
    """
    kept: list[str] = []
    base = ""
    # Folding case can undo a decomposition and the other way round; three steps settle both.
    folded = unicodedata.normalize("NFKD", text).casefold()
    for c in unicodedata.normalize("NFKD", folded):
        if unicodedata.combining(c) or unicodedata.category(c).startswith("M"):
            if base >= _BEYOND_CYRILLIC:
                kept.append(c)
            continue
        base = c if c.isalnum() else ""
        kept.append(base or " ")
    return " ".join("".join(kept).split())


def resolve(
    text: str,
    *,
    at: date | None = None,
    over: Period | None = None,
    system: str | None = None,
) -> str:
    """Find the one actor that a code or a name means, at a date or all through a period.

    Parameters
    ----------
    text : str
        ISO alpha-3 code or a name in any language the almanac holds; with
        `system`, a code of that system.
    at : date, optional
        The day meant; decides between actors that used a name at different times.
    over : Period, optional
        The years meant; a name that passed from one actor to another in them is refused.
    system : str, optional
        ``cow``, ``gw``, ``iso2``, ``fips``, ``cameo``, ``polity`` ...; ``name`` is
        the same as none.

    Returns
    -------
    str
        Actor id.

    Raises
    ------
    UnknownName
        With the nearest names, and the systems in which the text is a code.
    Ambiguous
        With the candidates, if several actors fit.

    Examples
    --------
    >>> resolve("USSR"), resolve("Korea, North"), resolve("260", system="gw")
    ('RUS', 'PRK', 'DEU')
    """
    if system not in {None, "name"}:
        return _resolve_code(text, str(system), at)
    hits = _found(text, _day_in(text, over) if over else at)
    if not hits:
        known = [a.name for a in _actors().values()] + list(_actors())
        raise UnknownName("state", text, nearest(text, known), _other_systems(text))
    if len(hits) > 1:
        options = ", ".join(f"{name_of(h)} ({h})" for h in hits)
        raise Ambiguous(f"{text!r} can mean {options}; give the code, or a date")
    return hits[0]


def _day_in(text: str, over: Period) -> date:
    """Last day of a period on which a text means the one actor it means in it."""
    meant: dict[str, list[int]] = {}
    for year in over.years:
        hits = _found(text, date(year, 12, 31))
        if len(hits) == 1 and actor(hits[0]).existed(Period(year, year)):
            meant.setdefault(hits[0], []).append(year)
    if len(meant) > 1:
        spans = (f"{a} in {Period(years[0], years[-1])}" for a, years in meant.items())
        raise Ambiguous(
            f"{text!r} means {' and '.join(spans)}; give the code, or a period in which it is one"
        )
    return date(next(iter(meant.values()), [over.last])[-1], 12, 31)


def codes(system: str) -> pl.DataFrame:
    """Table of one coding system: ``code`` (text), ``actor``, ``start``, sorted.

    ``start`` is the day from which the code means that actor; a code that only
    ever meant one actor holds for all time.
    """
    return _codes(system)


def with_actor(
    frame: pl.DataFrame,
    column: str,
    *,
    system: str,
    on: str | None = None,
    into: str = "actor",
) -> pl.DataFrame:
    """Add the actor that a column of codes means; null where no actor has the code.

    Parameters
    ----------
    frame : pl.DataFrame
        Any rows.
    column : str
        Codes as text or integers.
    system : str
        Coding system, or ``name`` for names in any spelling.
    on : str, optional
        Date column, for codes that meant different actors at different times.
    into : str
        Name of the new column.

    Returns
    -------
    pl.DataFrame
        The rows in their order with the column `into`.
    """
    if system == "name":
        return _with_named(frame, column, on, into)
    code = pl.col(column)
    kind = frame.schema[column] if frame.schema[column].is_integer() else pl.String()
    table = _codes(system).with_columns(pl.col("code").cast(kind, strict=False)).drop_nulls("code")
    dated = table.filter(pl.col("code").is_duplicated())
    fixed = table.filter(~pl.col("code").is_duplicated())
    out = frame.with_columns(
        code.replace_strict(
            fixed["code"], fixed["actor"], default=None, return_dtype=pl.String
        ).alias(into)
    )
    if on is None or dated.is_empty():
        return out
    choice = pl.col(into)
    for told, actor_id, start in dated.sort("code", "start").iter_rows():
        meant = (code == told) & (pl.col(on) >= start)
        choice = pl.when(meant).then(pl.lit(actor_id)).otherwise(choice)
    return out.with_columns(choice.alias(into))


def _with_named(frame: pl.DataFrame, column: str, on: str | None, into: str) -> pl.DataFrame:
    names = frame[column].unique().drop_nulls()
    dated = [n for n in names if on and len({h[0] for h in _names().get(normalise(n), ())}) > 1]
    certain = {n: hit for n in names if n not in dated and (hit := _resolve_or_none(n))}
    out = frame.with_columns(
        pl.col(column).replace_strict(certain, default=None, return_dtype=pl.String).alias(into)
    )
    if on is None or not dated:
        return out
    unsure = out.filter(pl.col(column).is_in(dated)).select(column, on).drop_nulls().unique()
    hits = unsure.with_columns(
        pl.Series(
            "__dated",
            [_resolve_or_none(name, at) for name, at in unsure.iter_rows()],
            dtype=pl.String,
        )
    )
    joined = out.join(hits, on=[column, on], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(into, "__dated").alias(into)).drop("__dated")


def members(period: Period, *, system: str = "cow") -> pl.DataFrame:
    """Spells of the states that were members on at least one day of the period.

    Returns
    -------
    pl.DataFrame
        ``code`` (integer), ``actor``, ``start``, ``end`` (null = still), sorted.
    """
    return (
        facts("systems")
        .filter((pl.col("system") == system) & in_force(period))
        .select(pl.col("code").cast(pl.Int64), "actor", "start", "end")
        .sort("code", "start")
    )


@cache
def _actors() -> dict[str, Actor]:
    spells: dict[str, list[Spell]] = {}
    cow = facts("systems").filter(pl.col("system") == "cow").sort("actor", "start")
    for actor_id, start, end in cow.select("actor", "start", "end").iter_rows():
        spells.setdefault(actor_id, []).append(Spell(start, end))
    rows = facts("actors").select(
        "actor", "name", "capital", "region", "subregion", "predecessors", "successors"
    )
    return {
        row[0]: Actor(
            row[0],
            row[1],
            row[2] or "",
            row[3] or "",
            row[4] or "",
            _listed(row[5]),
            _listed(row[6]),
            tuple(spells.get(row[0], ())),
        )
        for row in rows.iter_rows()
    }


@cache
def _then() -> dict[str, list[tuple[str, Spell]]]:
    """Names that states went by for a time; of two at once, the one that ended first."""
    rows = facts("names").filter(pl.col("kind") == "then").sort("actor", "end", "start")
    found: dict[str, list[tuple[str, Spell]]] = {}
    for actor_id, name, start, end in rows.select("actor", "name", "start", "end").iter_rows():
        found.setdefault(actor_id, []).append((name, Spell(start, end)))
    return found


def _listed(cell: str | None) -> tuple[str, ...]:
    return tuple(part for part in (cell or "").split("|") if part)


@cache
def _names() -> dict[str, tuple[tuple[str, date | None, date | None], ...]]:
    found: dict[str, list[tuple[str, date | None, date | None]]] = {}
    spelt = facts("names").filter(~pl.col("kind").is_in(["demonym", "adjective", "capital"]))
    rows = [*spelt.select("name", "actor", "start", "end").iter_rows()]
    rows += [(n, a, None, None) for n, a in facts("names_cldr").select("name", "actor").iter_rows()]
    rows += [(n, a, None, None) for n, a in facts("actors").select("name", "actor").iter_rows()]
    for name, actor_id, start, end in rows:
        found.setdefault(normalise(name), []).append((actor_id, start, end))
    return {name: tuple(dict.fromkeys(hits)) for name, hits in found.items()}


def _named(key: str, at: date | None) -> list[str]:
    hits = _names().get(key, ())
    if len({hit[0] for hit in hits}) > 1:
        at = at or date.max
        dated = [h for h in hits if at in Spell(h[1], h[2])]
        alive = [h for h in dated if any(at in s for s in _actors()[h[0]].spells)]
        hits = tuple(alive or dated or hits)
    return sorted({hit[0] for hit in hits})


def _resolve_or_none(name: str, at: date | None = None) -> str | None:
    # Without `resolve`: the nearest names of its message take a thousand times longer.
    hits = _found(name, at)
    return hits[0] if len(hits) == 1 else None


def _other_systems(text: str) -> str:
    """Say what else to give: a code's system, where the text is a code of one."""
    both = pl.concat([facts(name).select("system", "code") for name in ("systems", "codes")])
    mine = both.filter(pl.col("code").str.to_lowercase() == text.strip().lower())
    systems = sorted(set(mine["system"]) - {"iso3_withdrawn"})
    if systems:
        return f"It is a code of {', '.join(systems)}: say --system {systems[0]}."
    return "Give an ISO code such as CHN, or a name."


def _found(text: str, at: date | None) -> list[str]:
    upper = text.strip().upper()
    if upper in _actors():
        return [upper]
    return _named(normalise(text), at) or _by_withdrawn(upper)


@cache
def _codes(system: str) -> pl.DataFrame:
    if system in {"cow", "gw"}:
        rows = facts("systems").filter(pl.col("system") == system)
    else:
        rows = facts("codes").filter(pl.col("system") == system)
        if rows.is_empty():
            known = sorted({"cow", "gw", "name", *facts("codes")["system"].unique()})
            raise UnknownName(
                "code system", system, nearest(system, known), f"Known: {', '.join(known)}."
            )
    return (
        rows.with_columns(pl.col("start").fill_null(_FAR_PAST))
        .unique(["code", "actor", "start"])
        .sort("code", "start")
        .with_columns(
            pl.when(pl.col("start").cum_count().over("code") == 1)
            .then(pl.lit(_FAR_PAST))
            .otherwise(pl.col("start"))
            .alias("start")
        )
        .filter((pl.col("actor") != pl.col("actor").shift(1).over("code")).fill_null(True))
        .select("code", "actor", "start")
    )


def _resolve_code(text: str, system: str, at: date | None) -> str:
    table = _codes(system)
    rows = table.filter(pl.col("code").str.to_lowercase() == text.strip().lower())
    if rows.is_empty():
        raise UnknownName(f"{system} code", text, nearest(text, table["code"].to_list()))
    if at is not None:
        rows = rows.filter(pl.col("start") <= at).tail(1)
    if rows["actor"].n_unique() > 1:
        options = ", ".join(f"{name_of(a)} ({a}){_since(s)}" for _, a, s in rows.iter_rows())
        raise Ambiguous(f"{system} code {text!r} can mean {options}; give a date")
    return str(rows["actor"][0])


def _since(start: date) -> str:
    return "" if start == _FAR_PAST else f" from {start.year}"


def _by_withdrawn(upper: str) -> list[str]:
    table = facts("codes").filter(
        (pl.col("system") == "iso3_withdrawn") & (pl.col("code") == upper)
    )
    return sorted(table["actor"].unique())
