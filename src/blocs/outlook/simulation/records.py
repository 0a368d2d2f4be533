"""What a simulation says: records at the edge, field names are the JSON keys."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from blocs.outlook.simulation.effects import Effect
from blocs.outlook.simulation.parameters import Parameter
from blocs.shown import Shown


class Fan(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome over time: quantiles over the runs, month by month."""

    outcome: str
    unit: str
    quantiles: tuple[float, ...]
    months: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


class LadderPath(msgspec.Struct, frozen=True, kw_only=True):
    """How far one supporter goes: share of the runs on each rung, month by month."""

    theatre: str
    state: str
    name: str
    red_line: str | None
    rungs: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    crosses_red_line: float | None


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Where one state stands at the start, and in which share of the runs at the end."""

    actor: str
    name: str
    start: str
    reference: float
    group: float
    neither: float


class PartingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A middle run, told in both worlds: what happened in one of them alone."""

    run: int
    first: str | None
    with_shock: tuple[str, ...]
    without_shock: tuple[str, ...]


class ShareRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What an outcome depends on: total Sobol share of one parameter, or of luck.

    ``low`` and ``high`` (90 %) are None where the outcome varies too seldom to tell.
    """

    outcome: str
    parameter: str
    source: str
    total: float
    low: float | None
    high: float | None


class BoxRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions under which something is most frequent (PRIM)."""

    outcome: str
    limits: tuple[tuple[str, float, float], ...]
    density: float
    base: float
    coverage: float
    inside: int


class SimulationFacts(Shown, frozen=True, kw_only=True):
    """Everything a simulation says.

    ``conditional`` names the outcomes of which assumed parameters carry more than
    half of the Sobol shares: they are true only if the assumptions are.
    ``share_runs`` counts the further runs that the shares took.
    ``months_past_knowledge`` counts from ``knowledge_ends``, the last day that the
    almanac knows of, to the start.
    """

    shown_by: ClassVar[str] = "simulate"

    schema: str
    scenario: str
    about: str
    start: str
    knowledge_ends: str
    months_past_knowledge: int
    months: int
    runs: int
    seed: int
    group: tuple[str, ...]
    reference: str
    fans: tuple[Fan, ...]
    together: Fan
    together_at_end: float
    membership: tuple[Membership, ...]
    together_pairs: tuple[tuple[str, str, float], ...]
    ladders: tuple[LadderPath, ...]
    holders_opposed: float | None
    effects: tuple[Effect, ...]
    parting: PartingRecord | None
    shares: tuple[ShareRecord, ...]
    share_runs: int
    conditional: tuple[str, ...]
    boxes: tuple[BoxRecord, ...]
    parameters: tuple[Parameter, ...]
    known: tuple[str, ...]
    not_: tuple[str, ...] = msgspec.field(name="not")

    @property
    def gap(self) -> tuple[str, ...]:
        """A sentence on the months before the start that nothing is known of, if there are any."""
        if self.months_past_knowledge == 0:
            return ()
        n = self.months_past_knowledge
        return (
            f"What is known ends on {self.knowledge_ends}: the {n} month{'s' if n > 1 else ''} "
            f"to the start in {self.start} are passed over, as if nothing had happened in them.",
        )
