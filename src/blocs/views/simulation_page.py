"""The page of a simulation: what came about, with and without, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from blocs import actors
from blocs.outlook.simulation.records import LadderPath, Membership, SimulationFacts
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, write_page
from blocs.views.charts import simulation as charts
from blocs.views.charts.figure import Table, table

MOVERS = 20
"""States outside the group that the page names."""
TOGETHER = "the group together at the end"
_MOST = 3
METHOD = (
    "Months in this order: shocks, hostile events (Hawkes), reviews of alignment (logit), ladders "
    "of support, stocks (Lanchester) and fronts, rerouting of trade. Paired runs share their luck "
    "event by event; parameters are drawn evenly from their ranges. Source: blocs.outlook.simulate."
)


def simulation_page(found: SimulationFacts, command: str) -> str:
    """Write a simulation as one offline page.

    Parameters
    ----------
    found : SimulationFacts
        What was simulated.
    command : str
        The command line that gives it.
    """
    members = wording.names(found.group)
    return write_page(
        Page(
            title=f"What if: {found.scenario}",
            question=f"{found.about or found.scenario}: what follows in {found.months} months from "
            f"{found.start}?",
            headline=f"{members} stand in one bloc in {wording.often(found.together_at_end)} of "
            f"{wording.count(found.runs)} runs at the end{_without(found)}",
            sentences=_sentences(found),
            sections=tuple(s for s in _sections(found) if s.figures or s.tables),
            sources=(
                Named("almanac", "The blocs almanac, and the data sets named below"),
                Named("method", METHOD),
                *(Named(f"known-{k}", text) for k, text in enumerate(found.known)),
            ),
            command=command,
            cautions=found.not_,
        )
    )


def _without(found: SimulationFacts) -> str:
    """Say how that differs from the same world without the shock, where one is compared."""
    effect = next((e for e in found.effects if e.outcome == TOGETHER), None)
    if effect is None:
        return ""
    if effect.changed == 0:
        return ", with the shock as without it"
    points = wording.figures(100 * abs(effect.mean))
    return f", {points} points {'more' if effect.mean > 0 else 'less'} than without the shock"


def _changed(found: SimulationFacts) -> list[str]:
    """Say which outcomes the shock changes in most runs."""
    most = sorted((e for e in found.effects if e.changed), key=lambda e: -e.changed)[:_MOST]
    told = [f"{charts.in_words(found, e.outcome)} ({wording.often(e.changed)})" for e in most]
    return [f"Most often the shock changes, in so many runs: {', '.join(told)}."] if told else []


def _put(found: SimulationFacts, path: LadderPath) -> str:
    """Say where the scenario itself puts a state on a rung, so that it is no finding."""
    lines = found.parting.with_shock if found.parting else ()
    put = any(line.partition(": ")[2].startswith(f"{path.name} is put on ") for line in lines)
    return ", where the scenario puts it" if put else ""


def _sentences(found: SimulationFacts) -> tuple[str, ...]:
    crossed = [
        f"{wording.upper_first(wording.the(path.name))} crosses its red line "
        f"({_words(path.red_line or '')}) in "
        f"{wording.often(path.crosses_red_line)} of the runs{_put(found, path)}."
        for path in found.ladders
        if path.crosses_red_line
    ]
    only = (
        [f"Conditional on assumptions: {', '.join(_told(found, found.conditional))}."]
        if found.conditional
        else []
    )
    return (*found.gap, *_changed(found), *crossed, *only)


def _words(text: str) -> str:
    """Write the names of rungs as words: dual use."""
    return text.replace("_", " ")


def _told(found: SimulationFacts, outcomes: Iterable[str]) -> list[str]:
    return [charts.in_words(found, outcome) for outcome in outcomes]


def _sections(found: SimulationFacts) -> tuple[Section, ...]:
    outcomes = tuple(dict.fromkeys(s.outcome for s in found.shares))
    return (
        Section(
            key="ladders",
            title="Support",
            figures=(charts.rungs(found),) if found.ladders else (),
        ),
        Section(key="effect", title="With and without", tables=_effects(found)),
        Section(
            key="blocs",
            title="Blocs",
            figures=(charts.fan(found, found.together, title="Whether the group stays together"),),
            tables=(_membership(found), _pairs(found)),
        ),
        Section(
            key="time",
            title="Events and fronts",
            figures=tuple(
                charts.fan(found, f, title=_headed(charts.in_words(found, f.outcome)))
                for f in found.fans
            ),
        ),
        Section(
            key="depends",
            title="What it depends on",
            figures=tuple(charts.shares(found, outcome) for outcome in outcomes),
            tables=_boxes(found),
        ),
        Section(key="parameters", title="Every parameter", tables=(_parameters(found),)),
    )


def _headed(outcome: str) -> str:
    return f"{outcome[0].upper()}{outcome[1:]}"


def _effects(found: SimulationFacts) -> tuple[Table, ...]:
    if not found.effects:
        return ()
    rows = [
        [
            charts.in_words(found, e.outcome),
            wording.figures(e.mean, signed=True),
            wording.figures(1.645 * e.error),
            f"{wording.figures(e.low)} to {wording.figures(e.high)}",
            wording.often(e.changed),
            "yes" if e.outcome in found.conditional else "no",
        ]
        for e in found.effects
    ]
    effects = table(
        "What the shock changes: mean of with minus without, its sampling error (90 %), and the "
        f"spread over {wording.count(found.effects[0].runs)} paired runs",
        ("Outcome", "#Mean", "#±", "90 % of runs", "#Changed in", "Conditional"),
        rows,
    )
    if found.parting is None:
        return (effects,)
    told = [["with", _words(line)] for line in found.parting.with_shock]
    told += [["without", _words(line)] for line in found.parting.without_shock]
    chain = table(
        f"A middle run (number {found.parting.run}): what happened in one world alone",
        ("World", "What"),
        told,
    )
    return (effects, chain)


def _membership(found: SimulationFacts) -> Table:
    order = sorted(found.membership, key=lambda m: (m.actor not in found.group, _stays(m), m.name))
    rows = [
        [m.name, m.start, *map(wording.often, (m.reference, m.group, m.neither))] for m in order
    ]
    return table(
        f"Bloc at the end, share of {wording.count(found.runs)} runs: the group, then the states "
        "that move most often (of those that move in at least one run of a hundred)",
        ("State", "Bloc at the start", "#Reference's", "#Group's", "#Neither"),
        rows,
        most=len(found.group) + MOVERS,
    )


def _stays(state: Membership) -> float:
    """Share of the runs in which a state ends where it began."""
    shares = {"reference": state.reference, "group": state.group, "neither": state.neither}
    return shares[state.start]


def _pairs(found: SimulationFacts) -> Table:
    rows = [
        [f"{actors.name_of(a)} and {actors.name_of(b)}", wording.often(share)]
        for a, b, share in found.together_pairs
    ]
    said = f"In one bloc at the end, share of {wording.count(found.runs)} runs"
    return table(said, ("Pair", "#Together"), rows)


def _boxes(found: SimulationFacts) -> tuple[Table, ...]:
    rows = [
        [
            charts.in_words(found, box.outcome),
            "; ".join(
                f"{name} {wording.figures(low)} to {wording.figures(high)}"
                for name, low, high in box.limits
            ),
            *map(wording.often, (box.density, box.base, box.coverage)),
            wording.count(box.inside),
        ]
        for box in found.boxes
    ]
    if not rows:
        return ()
    return (
        table(
            "Conditions under which something is most frequent (PRIM): how often inside the box, "
            "how often at all, and which share of its cases the box holds",
            ("What", "Conditions", "#Inside", "#At all", "#Holds", "#Runs inside"),
            rows,
        ),
    )


def _parameters(found: SimulationFacts) -> Table:
    rows = [
        [
            p.name,
            f"{p.value:.4g}".replace("-", wording.MINUS),
            f"{p.low:.4g} to {p.high:.4g}".replace("-", wording.MINUS),
            p.source,
            p.meaning,
        ]
        for p in found.parameters
    ]
    return table(
        "Value, range and source of every parameter",
        ("Parameter", "#Value", "Range", "From", "Meaning"),
        rows,
    )
