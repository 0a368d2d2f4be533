"""A small world worked out by hand: eight states, ten years, four layers.

Votes. Three roll calls a year, 2001-2010. The reference, the United States, is
left out of the mean; of the seven others, India abstains always and the rest are
three against three, so the mean is 0 and a residual is the vote itself.

=========  ===  ===  ===  ===  ===  ===  ===  ===
roll call  USA  GBR  FRA  DEU  IND  RUS  CHN  IRN
=========  ===  ===  ===  ===  ===  ===  ===  ===
1 (arms)    +    +    +    +    0    -    -    -
2 (trade)   -    -    -    -    0    +    +    +
3 (rest)    0    +    -    0    0    +    -    0
=========  ===  ===  ===  ===  ===  ===  ===  ===

From 2006 France and Iran change places in roll calls 1 and 2.

Alliances, 2001-2010. Defence: USA, GBR, FRA, DEU throughout. Consultation:
CHN-RUS from 1 July 2003, open. Non-aggression: IRN-RUS, 2001 to the end of 2004.

Sanctions, 2001-2009. USA on IRN: trade and arms from 15 March 2002, financial in
2008 alone. Arms, 2001-2010. RUS to CHN 150, RUS to IRN 50 every year, in two
deliveries each; USA to GBR 50 in 2010.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import polars as pl

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Ballots, Flows, RollCalls, Sources, Spells, dtypes

SpellRow: TypeAlias = tuple[str, str, str, str, date | None, date | None]
STATES = ("CHN", "DEU", "FRA", "GBR", "IND", "IRN", "RUS", "USA")
YEARS = tuple(range(2001, 2011))
TURN = 2006
SOURCE = "world"

_WEST = ("USA", "GBR", "FRA", "DEU")
_EAST = ("RUS", "CHN", "IRN")
_THIRD = {"GBR": "yes", "RUS": "yes", "FRA": "no", "CHN": "no"}
_OTHER = {"yes": "no", "no": "yes"}


def votes_of(year: int) -> tuple[dict[str, str], ...]:
    """Every state's vote on the three roll calls of a year."""
    swap = {"FRA": "IRN", "IRN": "FRA"} if year >= TURN else {}
    first = {"IND": "abstain"}
    for actor in (*_WEST, *_EAST):
        first[swap.get(actor, actor)] = "yes" if actor in _WEST else "no"
    second = {actor: _OTHER.get(vote, vote) for actor, vote in first.items()}
    third = {actor: _THIRD.get(actor, "abstain") for actor in STATES}
    return first, second, third


def rollcalls() -> pl.DataFrame:
    """Thirty roll calls; the first of each year is about arms, the second about trade."""
    rows = [
        {
            "rollcall": f"{year}-{k}",
            "source_id": SOURCE,
            "row": 3 * i + k,
            "date": date(year, 9 + k, 1),
            "session": year - 1945,
            **dict.fromkeys(("me", "nu", "di", "hr", "co", "ec"), False),
            "di": k == 1,
            "ec": k == 2,
        }
        for i, year in enumerate(YEARS)
        for k in (1, 2, 3)
    ]
    return pl.DataFrame(rows, schema=dtypes(RollCalls))


def ballots() -> pl.DataFrame:
    """Two hundred and forty ballots, in the order of roll call and state."""
    cells = [
        (f"{year}-{k}", actor, call[actor])
        for year in YEARS
        for k, call in enumerate(votes_of(year), start=1)
        for actor in STATES
    ]
    rows = [(*cell, i) for i, cell in enumerate(cells, start=1)]
    return pl.DataFrame(rows, schema=dtypes(Ballots), orient="row")


def spells() -> pl.DataFrame:
    """Treaties and sanctions."""
    west = sorted(_WEST)
    pairs = [(a, b) for i, a in enumerate(west) for b in west[i + 1 :]]
    rows: list[SpellRow] = [
        ("alliance", "defence", a, b, date(1949, 8, 24), None) for a, b in pairs
    ]
    rows += [
        ("alliance", "consultation", "RUS", "CHN", date(2003, 7, 1), None),
        ("alliance", "nonaggression", "IRN", "RUS", date(2001, 1, 1), date(2005, 1, 1)),
        ("sanction", "trade", "USA", "IRN", date(2002, 3, 15), None),
        ("sanction", "arms", "USA", "IRN", date(2002, 3, 15), None),
        ("sanction", "financial", "USA", "IRN", date(2008, 1, 1), date(2009, 1, 1)),
    ]
    return spell_table(rows)


def spell_table(
    rows: list[SpellRow],
    values: list[float] | None = None,
) -> pl.DataFrame:
    """Table `schemas.Spells` of (kind, type, sender, receiver, start, end) rows."""
    return pl.DataFrame(
        [
            {
                "fact_id": f"s{i}",
                "source_id": SOURCE,
                "row": i,
                "kind": kind,
                "type": type_,
                "sender": sender,
                "receiver": receiver,
                "start": start,
                "end": end,
                "value": None if values is None else values[i - 1],
            }
            for i, (kind, type_, sender, receiver, start, end) in enumerate(rows, start=1)
        ],
        schema=dtypes(Spells),
    )


def flows() -> pl.DataFrame:
    """Deliveries of arms."""
    rows: list[tuple[str, str, int, float]] = []
    for year in YEARS:
        rows += [("RUS", "CHN", year, 100.0), ("RUS", "CHN", year, 50.0)]
        rows += [("RUS", "IRN", year, 25.0), ("RUS", "IRN", year, 25.0)]
    return flow_table("arms", [*rows, ("USA", "GBR", 2010, 50.0)])


def flow_table(kind: str, rows: list[tuple[str, str, int, float | None]]) -> pl.DataFrame:
    """Table `schemas.Flows` of (sender, receiver, year, value) rows."""
    return pl.DataFrame(
        [
            {
                "fact_id": f"f{i}",
                "source_id": SOURCE,
                "row": i,
                "kind": kind,
                "sender": sender,
                "receiver": receiver,
                "start": date(year, 1, 1),
                "end": date(year + 1, 1, 1),
                "value": value,
                "unit": "units",
            }
            for i, (sender, receiver, year, value) in enumerate(rows, start=1)
        ],
        schema=dtypes(Flows),
    )


def coverage() -> pl.DataFrame:
    """Where absence means zero; sanctions are not known for 2010."""
    return pl.concat(
        [
            covered("votes", SOURCE, 2001, 2010),
            covered("alliances", SOURCE, 2001, 2010),
            covered("sanctions", SOURCE, 2001, 2009),
            covered("arms", SOURCE, 2001, 2010),
        ]
    )


def sources(dataset: str = "almanac") -> pl.DataFrame:
    """One source that tells all of it."""
    row = {
        "source_id": SOURCE,
        "dataset": dataset,
        "version": "1",
        "file": "world.csv",
        "retrieved": None,
        "rows": 240,
        "rejected": 0,
    }
    return pl.DataFrame([row], schema=dtypes(Sources))


def facts(dataset: str = "almanac") -> Facts:
    """Return the whole world as the facts of one data set."""
    return Facts(
        sources=sources(dataset),
        rollcalls=rollcalls(),
        ballots=ballots(),
        spells=spells(),
        flows=flows(),
        coverage=coverage(),
    )
