"""What a brief tells of its members: their kind, treaties, support given, red lines drawn."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs import actors, records
from blocs.alignment.assessment import GroupAssessment
from blocs.almanac.tables import facts
from blocs.dates import holds_on
from blocs.evidence.almanac_facts import OBLIGATIONS, treaties_between
from blocs.schemas import RUNGS
from blocs.views.brief.layers import left_out_record


def member_records(found: GroupAssessment) -> tuple[records.MemberRecord, ...]:
    """Lay out each member: when it joined, its properties, what leaving it out does."""
    left: dict[str, list[records.LeftOutRecord]] = {m: [] for m in found.group.members}
    for layer in found.layers:
        if layer.cohesion is None:
            continue
        for x in layer.left_out:
            left[x.member].append(left_out_record(x))
    return tuple(
        records.MemberRecord(
            id=m,
            name=actors.name_of(m, found.period.last),
            joined=next(y for y, members in found.group.by_year if m in members),
            attributes=_attributes(m, found.period.last),
            left_out=tuple(left[m]),
        )
        for m in found.group.members
    )


def _attributes(actor: str, year: int) -> tuple[records.AttributeRecord, ...]:
    """Dated properties that hold on the last day of a year."""
    day = date(year, 12, 31)
    holds = (pl.col("actor") == actor) & holds_on(day)
    named = facts("attributes").filter(holds).sort("kind")
    nuclear = facts("nuclear").filter(holds).sort("start")
    rows = [(r["kind"], r["value"], r) for r in named.iter_rows(named=True)]
    rows += [("nuclear", r["status"], r) for r in nuclear.iter_rows(named=True)]
    return tuple(
        records.AttributeRecord(
            kind=kind,
            value=value,
            start=row["start_text"],
            end=row["end_text"],
            checked=row["checked"],
            source=row["source"] or "",
        )
        for kind, value, row in rows
    )


def heterogeneity(found: GroupAssessment) -> tuple[str, ...]:
    """Say in one sentence a property how alike the members are in kind."""
    out = []
    for kind, label in (
        ("regime", "Regime"),
        ("income", "Income"),
        ("power", "Power"),
        ("nuclear", "Nuclear weapons"),
    ):
        values: dict[str, list[str]] = {}
        for m in found.group.members:
            held = [a.value for a in _attributes(m, found.period.last) if a.kind == kind]
            values.setdefault(
                held[-1] if held else ("none told" if kind == "nuclear" else "not known"), []
            ).append(m)
        parts = [f"{v.replace('_', ' ')}: {', '.join(ms)}" for v, ms in sorted(values.items())]
        out.append(f"{label} - {'; '.join(parts)}")
    return tuple(out)


def treaty_records(found: GroupAssessment) -> tuple[records.TreatyRecord, ...]:
    """Lay out the treaties between members, oldest first."""
    table = treaties_between(pl.Series(sorted(found.group.members)), found.period)
    out = []
    for (treaty,), rows in table.group_by(["treaty"], maintain_order=True):
        row = rows.row(0, named=True)
        out.append(
            records.TreatyRecord(
                id=str(treaty),
                name=row["name"],
                members=tuple(rows["actor"].unique().sort()),
                signed=row["signed_text"],
                start=row["start_text"],
                end=row["end_text"],
                in_force=_in_force(row["start"], row["end"], found),
                obligations=tuple(o for o in OBLIGATIONS if rows[o].any()),
                against=tuple(x for x in (row["against"] or "").split("|") if x),
                atop=row["atop"],
                checked=row["checked"],
                confirmed_by=row["confirmed_by"] or "",
                source=row["source"] or "",
                note=row["note"] or "",
                row=f"almanac/treaties:{row['row']}",
            )
        )
    return tuple(sorted(out, key=lambda t: (t.signed or "", t.id)))


def _in_force(start: date | None, end: date | None, found: GroupAssessment) -> str:
    spell = found.period.spell
    if start is None:
        return "entry into force not known"
    if end is not None and spell.start is not None and end <= spell.start:
        return "ended before the period"
    if spell.end is not None and start >= spell.end:
        return "signed, not in force in the period"
    begins = spell.start is not None and start > spell.start
    ends = end is not None and spell.end is not None and end < spell.end
    return "in force for part of the period" if begins or ends else "in force"


def support_records(found: GroupAssessment) -> tuple[records.SupportRecord, ...]:
    """Facts of support that a member gave or received, told within the period."""
    ours = list(found.group.members)
    told = pl.coalesce("reported", "start")
    rows = facts("support").filter(
        (pl.col("supporter").is_in(ours) | pl.col("recipient").is_in(ours))
        & told.dt.year().is_between(found.period.first, found.period.last)
    )
    return tuple(
        records.SupportRecord(
            id=r["id"],
            theatre=r["theatre"],
            supporter=r["supporter"] or "",
            recipient=r["recipient"] or "",
            rung=r["rung"],
            level=RUNGS.index(r["rung"]),
            what=r["what"] or "",
            low=_number(r["low"]),
            high=_number(r["high"]),
            value=_number(r["value"]),
            unit=r["unit"],
            per=r["per"],
            part_of=r["part_of"],
            start=r["start_text"],
            end=r["end_text"],
            reported=r["reported_text"],
            speaker=r["speaker"] or "",
            claim=r["claim"] or "",
            confirmation=tuple(x for x in (r["confirmation"] or "").split("|") if x),
            quote=r["quote"] or "",
            checked=r["checked"],
            confirmed_by=r["confirmed_by"] or "",
            source=r["source"] or "",
            note=r["note"] or "",
            row=f"almanac/support:{r['row']}",
        )
        for r in rows.sort(told, "id").iter_rows(named=True)
    )


def red_line_records(found: GroupAssessment) -> tuple[records.RedLineRecord, ...]:
    """Lay out the red lines that members drew before the period ended."""
    rows = facts("red_lines").filter(
        pl.col("actor").is_in(list(found.group.members))
        & (pl.col("start").is_null() | (pl.col("start").dt.year() <= found.period.last))
    )
    return tuple(
        records.RedLineRecord(
            actor=r["actor"],
            theatre=r["theatre"],
            rung=r["rung"],
            level=RUNGS.index(r["rung"]),
            stated_by=r["stated_by"] or "",
            text=r["text"] or "",
            start=r["start_text"],
            quote=r["quote"] or "",
            checked=r["checked"],
            source=r["source"] or "",
        )
        for r in rows.sort("actor", "rung").iter_rows(named=True)
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None
