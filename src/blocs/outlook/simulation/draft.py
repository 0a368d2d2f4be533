"""A scenario file written from what is known now: supporters, rungs and red lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from blocs import actors
from blocs.almanac.tables import facts
from blocs.contracts import Facts
from blocs.dates import Partial
from blocs.evidence.almanac_facts import known_through
from blocs.outlook.simulation.model import TOP_RUNG
from blocs.schemas import RUNGS

HEAD = """\
# A scenario drafted from what the almanac and the project know through {known}.
# Change it freely; run it with: blocs simulate FILE.toml
# Every number may be written {{ value = 1, range = [0.5, 2], source = "where it is from" }}.

[scenario]
name = "draft"
about = "What is known, and {step}"
start = "{start}"
months = 60            # how long a run is
runs = 2000            # how many runs
seed = 1               # same seed, same bytes

[alignment]
reference = "USA"      # this power and its treaty allies start in one bloc
group = ["CHN", "RUS", "IRN", "PRK"]

[[theatre]]
id = "{theatre}"
sides = [["{one}"], ["{other}"]]    # the first state of each side leads it
ratio = {{ value = 1.3, range = [1.1, 1.6], source = "assumption" }}
front_km2_month = 0    # square km the first side gains a month at the start

# rungs: {rungs}
"""
SUPPORTER = """
[[supporter]]          # {why}
theatre = "{theatre}"
state = "{state}"      # {name}
side = {side}
rung = "{rung}"
{line}"""
TAIL = """
# What is to happen. Forms: ladder.THEATRE.STATE.rung, ladder.THEATRE.STATE.red_line,
# trade.STATE.lost, bloc.STATE, pull.STATE.STATE, events.STATE.STATE
[[shock]]
at = 1                 # month, 0 = the first
set = "{what}"
to = {to}

[compare]
without = "shock[0]"   # the same luck in a world without it

[vary]
"ladder.react" = {{ dist = "uniform", range = [0.1, 0.6] }}
"""


def draft_scenario(*, supports: Sequence[Facts] = (), theatre: str = "UKR") -> str:
    """Write a commented scenario of one war from the ladder of support as known now.

    Parameters
    ----------
    supports : sequence of Facts
        Further facts whose spells of kind ``support`` count, beside the almanac's, if
        they support a side of this war.
    theatre : str
        The state on whose soil the war is.

    Returns
    -------
    str
        TOML with the highest rung that each supporter has reached in a checked fact.
    """
    rows = _ladder(supports, theatre)
    day = Partial.parse(known_through()).first
    heads = _leaders(rows, theatre)
    lines = _red_lines(theatre)
    listed = rows.filter(~pl.col("state").is_in(heads) & pl.col("side").is_in(heads))
    what, to, told = _asked(_next_step(listed, lines, heads[0]), theatre, heads[0])
    text = HEAD.format(
        known=known_through(), start=f"{day.year}-{day.month:02d}", theatre=theatre,
        one=heads[0], other=heads[1], rungs=" ".join(RUNGS), step=told,
    )  # fmt: skip
    for state, side, rung, record in listed.iter_rows():
        line = lines.get(state)
        text += SUPPORTER.format(
            theatre=theatre, state=state, name=actors.name_of(state), side=heads.index(side),
            rung=RUNGS[rung], why=f"highest checked rung through {known_through()}: {record}",
            line=f'red_line = "{line}"\n' if line else "",
        )  # fmt: skip
    return text + TAIL.format(what=what, to=to)


def _next_step(rows: pl.DataFrame, lines: Mapping[str, str], foe: str) -> pl.DataFrame:
    """The row whose next step is asked about, if any is left to take.

    First those whose red line is still ahead, the nearest of them; then the foe's side,
    and there the lowest rung.
    """
    numbers = {state: RUNGS.index(rung) for state, rung in lines.items()}
    line = pl.col("state").replace_strict(numbers, default=None, return_dtype=pl.Int64)
    ahead = pl.when(line > pl.col("rung")).then(line - pl.col("rung"))
    open_ = rows.filter(pl.col("rung") < TOP_RUNG)
    order = (ahead.is_null(), ahead, pl.col("side") != foe, pl.col("rung"), pl.col("state"))
    return open_.sort(*order).head(1)


def _asked(row: pl.DataFrame, theatre: str, foe: str) -> tuple[str, str, str]:
    """What the shock sets, to what, and how to say it."""
    if row.is_empty():
        told = f"five hostile events of {actors.name_of(foe)} against {actors.name_of(theatre)}"
        return f"events.{foe}.{theatre}", "5", told
    state, rung = row["state"][0], RUNGS[row["rung"][0] + 1]
    told = f"{actors.name_of(state)} going on to {rung.replace('_', ' ')}"
    return f"ladder.{theatre}.{state}.rung", f'"{rung}"', told


def _ladder(supports: Sequence[Facts], theatre: str) -> pl.DataFrame:
    """State, the state it supports, its highest rung as a number, and one record of it."""
    told = facts("support").filter(
        (pl.col("theatre") == theatre)
        & pl.col("checked")
        & ~pl.col("claim").is_in(["denied", "hedged"])
        & pl.col("supporter").is_in(actors.ids())
        & pl.col("recipient").is_in(actors.ids())
    )
    mine = told.select(
        state="supporter",
        side="side",
        rung=pl.col("rung").replace_strict(
            {r: i for i, r in enumerate(RUNGS)}, return_dtype=pl.Int64
        ),
        record=pl.format("almanac/support:{}", "id"),
    )
    here = {theatre, *mine["side"]}  # a spell names no theatre: only who fights in this one counts
    added = [
        f.spells.filter((pl.col("kind") == "support") & pl.col("receiver").is_in(here)).select(
            state="sender",
            side="receiver",
            rung=pl.col("value").cast(pl.Int64),
            record="fact_id",
        )
        for f in supports
    ]
    every = pl.concat([mine, *added]).filter(pl.col("rung") > 0)
    first = every.sort("rung", "record", descending=[True, False])
    return first.unique(["state", "side"], keep="first").sort("state", "side")


def _leaders(rows: pl.DataFrame, theatre: str) -> tuple[str, str]:
    """Who is supported most beside the theatre's own state, and that state."""
    others = rows.filter(pl.col("side") != theatre).group_by("side").len().sort("len", "side")
    foe = str(others["side"][-1]) if others.height else "RUS"
    return foe, theatre


def _red_lines(theatre: str) -> dict[str, str]:
    """Lowest checked red line of each state in a theatre."""
    rows = facts("red_lines").filter((pl.col("theatre") == theatre) & pl.col("checked"))
    found: dict[str, str] = {}
    for state, rung in rows.select("actor", "rung").iter_rows():
        if state not in found or RUNGS.index(rung) < RUNGS.index(found[state]):
            found[state] = rung
    return found
