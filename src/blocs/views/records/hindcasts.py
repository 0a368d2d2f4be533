"""Hindcasts in words and as a table: scores, skill with its interval, calibration."""

from __future__ import annotations

import polars as pl

from blocs import actors
from blocs.outlook.hindcast import EventScore, HindcastFacts, MembershipScore, SkillRecord


def hindcast_table(found: HindcastFacts) -> pl.DataFrame:
    """One row per outcome and years ahead: scores and skill with its interval."""
    rows = [_row("blocs", "brier", m.states, m) for m in found.membership]
    rows += [_row("events", "crps", e.years, e) for e in found.events]
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(what: str, score: str, n: int, s: MembershipScore | EventScore) -> dict[str, object]:
    scores = (
        (s.crps, s.crps_no_change, s.crps_base_rate)
        if isinstance(s, EventScore)
        else (s.brier, s.brier_no_change, s.brier_base_rate)
    )
    return {
        "what": what,
        "ahead": s.ahead,
        "starts": s.starts,
        "n": n,
        "score": score,
        **dict(zip(("simulation", "no_change", "base_rate"), scores, strict=True)),
        **_flat("over_no_change", s.skill_over_no_change),
        **_flat("over_base_rate", s.skill_over_base_rate),
    }


def _flat(name: str, s: SkillRecord) -> dict[str, float | None]:
    return {f"skill_{name}": s.value, f"{name}_low": s.low, f"{name}_high": s.high}


def told_hindcast(found: HindcastFacts) -> str:
    """Tell the hindcasts on one screen."""
    first, last = found.starts[0].year, found.starts[-1].year
    lines = [
        found.sentence,
        "",
        f"{len(found.starts)} starts in {first}-{last}, {found.years} years ahead, {found.runs} "
        f"runs each; poles {actors.name_of(found.reference)} and {actors.name_of(found.rival)}.",
        "",
        "Blocs (Brier score, 0 is perfect; skill 1 perfect, 0 no better, 95 % over the starts):",
    ]
    for m in found.membership:
        lines.append(
            f"- {_ahead(m.ahead)}: {m.brier:.4f}, no change {m.brier_no_change:.4f}, base rate "
            f"{m.brier_base_rate:.4f}; skill {_skill(m.skill_over_no_change)} over no change, "
            f"{_skill(m.skill_over_base_rate)} over base rate; {m.states} states and starts, "
            f"{m.moved} had moved"
        )
    lines += ["", "When a bloc was given a probability, it came in:"]
    lines += [
        f"- given {b.prob:.1%}: {b.rate:.1%} ({b.low:.1%} to {b.high:.1%}), n {b.n}"
        for b in found.reliability
    ]
    if found.events:
        lines += ["", "Events a year (CRPS, in events):"]
    for e in found.events:
        lines.append(
            f"- {_ahead(e.ahead)}: {e.crps:.1f}, no change {e.crps_no_change:.1f}, base rate "
            f"{e.crps_base_rate:.1f}; skill {_skill(e.skill_over_no_change)} over no change, "
            f"{_skill(e.skill_over_base_rate)} over base rate; {e.years} years; within the 50 % "
            f"interval {e.inside_50:.0%}, within the 90 % {e.inside_90:.0%}"
        )
    return "\n".join([*lines, "", *(f"Left out: {x}." for x in found.left_out)]).rstrip()


def _ahead(years: int | None) -> str:
    return "all" if years is None else f"{years} ahead"


def _skill(s: SkillRecord) -> str:
    if s.value is None:
        return "not defined"
    span = "" if s.low is None else f" ({s.low:+.2f} to {s.high:+.2f})"
    return f"{s.value:+.2f}{span}"
