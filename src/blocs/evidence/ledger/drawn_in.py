"""How far others are drawn into a war: a dated series of forms, outsiders and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from typing import ClassVar, Final

import msgspec
import polars as pl

from blocs.almanac.tables import facts
from blocs.contracts import Facts
from blocs.evidence.ledger.forms import FORM, FORMS, find_forms
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.wars import War, wars
from blocs.shown import Shown

SERIES: Final = ("weapons", "munitions", "advisers", "volunteers", "mercenaries", "troops")
_GIVEN = ("asserted", "reported", "confirmed")


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One source that says an outsider is drawn in: where, in whose words, how much."""

    form: str
    supporter: str | None
    side: str | None
    start: str
    end: str
    text: str
    amount: str
    source: str
    row: str


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One form in one period.

    Attributes
    ----------
    period : str
        ``2024`` or ``2024-10``.
    form : str
        Weapons, munitions, advisers, volunteers, mercenaries, troops, and the rest.
    outsiders : int or None
        Distinct outside states told to be drawn in in this form then; null where nobody tells,
        0 only where a data set covers the period and finds none. Private fighters have no
        state: they count as tellings, not as outsiders.
    so_far : int or None
        Distinct outsiders told up to and with the period.
    who : tuple of str
        Their codes.
    tellings : tuple of Telling
        The sources.
    """

    period: str
    form: str
    outsiders: int | None
    so_far: int | None
    who: tuple[str, ...]
    tellings: tuple[Telling, ...]


class DrawnIn(Shown, frozen=True, kw_only=True):
    """How internationalised a war is over time.

    Attributes
    ----------
    theatre, war : str
        The state where it is fought; the war's name in the almanac, empty if it has none.
    by : str
        ``year`` or ``month``.
    points : tuple of Point
        By period and form.
    covered : tuple of str
        Which sources say when zero is zero; a period and form outside them is not known.
    """

    shown_by: ClassVar[str] = "ledger"

    schema: str = "blocs.drawn-in/1"
    theatre: str
    war: str
    by: str
    points: tuple[Point, ...]
    covered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zeros:
    """A spell in which a data set would tell of a form: none told means none."""

    form: str
    start: Date
    end: Date
    dataset: str


def drawn_in(
    theatre: str,
    rows: Sequence[SupportRow],
    *,
    evidence: Mapping[str, Facts] | None = None,
    by: str = "year",
    first: Date | None = None,
    last: Date | None = None,
) -> DrawnIn:
    """Say how outsiders are drawn into a war, by form and period, each value with its sources.

    Parameters
    ----------
    theatre : str
        State on whose soil it is fought.
    rows : sequence of SupportRow
        The ledger's support; only what is told as given counts.
    evidence : mapping of str to Facts, optional
        Data sets: secondary warring parties (``conflict_support`` of UCDP) count as troops,
        arms transfers to a warring side (SIPRI) as weapons.
    by : {"year", "month"}
        Length of a period.
    first, last : date, optional
        First and last day; those of what is told by default.

    Returns
    -------
    DrawnIn
        Every form of :data:`SERIES` in every period, and other forms where told.

    Notes
    -----
    A telling counts in every period from its start to its end; without an end, in its first
    period only, since nobody says that it went on.
    """
    war = _war(theatre)
    told = [*_from_ledger(theatre, rows), *_from_almanac(theatre)]
    zeros: list[Zeros] = []
    for name, held in sorted((evidence or {}).items()):
        told += [*_troops(theatre, war, name, held), *_arms(war, name, held)]
        zeros += _zeros(name, held)
    told = [t for t in told if t.supporter not in _belligerents(war, theatre)]
    spans = [t for t in told if _in(t, first, last)]
    periods = _periods(spans, by, first, last)
    return DrawnIn(
        theatre=theatre,
        war=war.name if war else "",
        by=by,
        points=tuple(_points(spans, periods, zeros)),
        covered=tuple(
            f"{z.form}: {z.dataset} {z.start.year}-{z.end.year - 1}, zero means none" for z in zeros
        ),
    )


def _war(theatre: str) -> War | None:
    """Return the latest war of the almanac that is fought in a state."""
    found = [w for w in wars() if w.theatre == theatre]
    return found[-1] if found else None


def _belligerents(war: War | None, theatre: str) -> set[str | None]:
    """Return whose war it is from the first day: no outsiders."""
    return {theatre, *(war.attackers + war.defenders if war else ())}


def _from_ledger(theatre: str, rows: Sequence[SupportRow]) -> Iterator[Telling]:
    for r in rows:
        day = r.start or r.reported
        if r.theatre == theatre and day and r.certainty in _GIVEN:
            yield Telling(
                form=r.form,
                supporter=r.supporter,
                side=r.side,
                start=day,
                end=r.end or day,
                text=r.quote,
                amount=amount(r.low, r.high, r.value, r.unit, r.per),
                source=f"article {r.article}",
                row=f"{r.span_start}-{r.span_end}",
            )


def amount(
    low: float | None, high: float | None, value: float | None, unit: str | None, per: str | None
) -> str:
    """Write an amount with its bounds; empty if there is none.

    Parameters
    ----------
    low, high, value : float or None
        Bounds, or the number itself.
    unit, per : str or None
        What it counts, and in which time.

    Examples
    --------
    >>> amount(None, 12000.0, None, "soldiers", None)
    'up to 12,000 soldiers'
    """
    if value is not None:
        text = f"{value:,.12g}"
    elif low is not None and high is not None:
        text = f"{low:,.12g} to {high:,.12g}"
    elif low is not None:
        text = f"{low:,.12g} or more"
    elif high is not None:
        text = f"up to {high:,.12g}"
    else:
        return ""
    return " ".join(filter(None, (text, unit, f"a {per}" if per else "")))


def _from_almanac(theatre: str) -> Iterator[Telling]:
    told = pl.col("claim").is_in(_GIVEN) & (pl.col("theatre") == theatre)
    for r in facts("support").filter(told).iter_rows(named=True):
        day = r["start"] or r["reported"]
        if day is None:
            continue
        named = find_forms(r["what"] or "")
        fits = [n.form.name for n in named if n.form.rung == r["rung"]]
        form = fits[0] if fits else r["rung"].replace("_", " ")
        low, high, value = (float(r[n]) if r[n] else None for n in ("low", "high", "value"))
        yield Telling(
            form=form,
            supporter=r["supporter"],
            side=r["side"],
            start=day.isoformat(),
            end=(r["end"] or day).isoformat(),
            text=r["quote"] or r["what"] or "",
            amount=amount(low, high, value, r["unit"], r["per"]),
            source=f"almanac, {r['source']}",
            row=r["id"],
        )


def _troops(theatre: str, war: War | None, name: str, held: Facts) -> Iterator[Telling]:
    """Yield states that a data set counts as warring beside a party of a conflict fought there."""
    fought = held.events.filter(pl.col("kind") == "conflict")
    ours = fought.filter((pl.col("sender") == theatre) | (pl.col("receiver") == theatre))
    if war is not None and war.start is not None:
        ours = ours.filter(pl.col("start").dt.year() >= war.start.year)
    joined = held.events.filter(
        (pl.col("kind") == "conflict_support") & pl.col("ref").is_in(ours["ref"].implode())
    )
    for r in joined.iter_rows(named=True):
        yield _from_row(name, "troops", r, "secondary warring party")


def _arms(war: War | None, name: str, held: Facts) -> Iterator[Telling]:
    if war is None or war.start is None:
        return
    sides = list(war.attackers + war.defenders)
    flows = held.flows.filter(
        (pl.col("kind") == "arms")
        & pl.col("receiver").is_in(sides)
        & (pl.col("start").dt.year() >= war.start.year)
    )
    for r in flows.iter_rows(named=True):
        yield _from_row(name, "weapons", r, f"arms transfer, {r['value']:g} {r['unit']}")


def _from_row(name: str, form: str, r: Mapping[str, object], text: str) -> Telling:
    start = r["start"]
    day = start.isoformat() if isinstance(start, Date) else str(start)
    return Telling(
        form=form,
        supporter=str(r["sender"]),
        side=str(r["receiver"]) if r["receiver"] else None,
        start=day,
        end=f"{day[:4]}-12-31",
        text=text,
        amount="",
        source=name,
        row=f"row {r['row']}",
    )


def _zeros(name: str, held: Facts) -> Iterator[Zeros]:
    forms = {"conflicts": "troops"}
    for r in held.coverage.iter_rows(named=True):
        if r["topic"] in forms and r["actor"] is None:
            yield Zeros(forms[r["topic"]], r["start"], r["end"], name)


def _in(t: Telling, first: Date | None, last: Date | None) -> bool:
    late = first is not None and t.end < first.isoformat()
    return not late and not (last is not None and t.start > last.isoformat())


def _periods(told: Sequence[Telling], by: str, first: Date | None, last: Date | None) -> list[str]:
    """Return every year or month from the first told to the last."""
    if not told and (first is None or last is None):
        return []
    begin = first or Date.fromisoformat(min(t.start for t in told))
    end = last or Date.fromisoformat(max(t.end for t in told))
    if by == "year":
        return [str(year) for year in range(begin.year, end.year + 1)]
    count = 12 * (end.year - begin.year) + end.month - begin.month + 1
    months = (begin.month - 1 + k for k in range(count))
    return [f"{begin.year + m // 12}-{m % 12 + 1:02d}" for m in months]


def _points(
    told: Sequence[Telling], periods: Sequence[str], zeros: Sequence[Zeros]
) -> Iterator[Point]:
    forms = [f.name for f in FORMS if f.name in SERIES or any(t.form == f.name for t in told)]
    others = sorted({t.form for t in told} - set(FORM))
    order = [*sorted(forms, key=lambda f: (-FORM[f].level, f)), *others]
    seen: dict[str, set[str]] = {form: set() for form in order}
    for period in periods:
        for form in order:
            here = [t for t in told if t.form == form and _covers(t, period)]
            who = sorted({t.supporter for t in here if t.supporter})
            seen[form] |= set(who)
            zero = any(
                z.form == form and z.start.year <= int(period[:4]) < z.end.year for z in zeros
            )
            known = bool(who) or zero
            yield Point(
                period=period,
                form=form,
                outsiders=len(who) if known else None,
                so_far=len(seen[form]) if seen[form] or zero else None,
                who=tuple(who),
                tellings=tuple(
                    sorted(here, key=lambda t: (t.start, t.supporter or "", t.source, t.row))
                ),
            )


def _covers(t: Telling, period: str) -> bool:
    n = len(period)
    return t.start[:n] <= period <= t.end[:n]
