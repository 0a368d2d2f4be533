"""The ledger on a terminal: conflicts, chains, the ladder, red lines, firsts, scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs.evidence.corroborate import Fact
from blocs.evidence.ledger.build import Ledger
from blocs.evidence.ledger.drawn_in import DrawnIn, amount
from blocs.evidence.ledger.red_lines import RedLine
from blocs.evidence.ledger.scores import Score
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.voices import Voice
from blocs.views import wording

_GROUPS = {"group:west": "the West", "group:eu": "the European Union", "group:nat": "NATO"}
_SHOWN = 12
_QUOTE = 110


def summary(ledger: Ledger, *, all_: bool = False) -> Group:
    """Lay the ledger out: counts, conflicts, facts, ladder, red lines, firsts, scores."""
    parts: list[Text | Table] = [Text(_heading(ledger), style="bold")]
    parts += [Text(f"- {line}", style="dim") for line in _articles(ledger)]
    parts += _section("In conflict, side by side", _conflicts(ledger))
    parts += _section("Facts", _facts(ledger, all_=all_))
    parts += _section("Support, rung by rung", [_support_line(s) for s in ladder(ledger)])
    parts += _section("Red lines", [_red_line(r) for r in ledger.red_lines])
    parts += _section("First of its kind", _firsts(ledger))
    parts += _section("The machine, on what was reviewed", [score_line(s) for s in ledger.scores])
    return Group(*parts)


def code_name(code: str) -> str:
    """Name an actor code with or without a sector.

    Examples
    --------
    >>> code_name("UKRGOV"), code_name("IGONAT")
    ('Ukraine', 'NATO')
    """
    if code.startswith("IGO"):
        return {"IGONAT": "NATO", "IGOUNO": "United Nations", "IGOEUR": "European Union"}.get(
            code[:6], code
        )
    if code.startswith("group:"):
        return _GROUPS.get(code, code.removeprefix("group:").upper())
    return wording.name(code[:3])


def source_name(article: str, ledger: Ledger) -> str:
    """Name an article by its file, else its title, else the start of its hash."""
    found = next((a for a in ledger.articles if a.sha256 == article), None)
    if found is None:
        return article[:12]
    return Path(found.name).name if found.name else found.title or article[:12]


def chain(voices: Sequence[Voice]) -> str:
    """Write a chain of confirmation and denial in one line."""
    return " > ".join(chain_steps(voices))


def chain_steps(voices: Sequence[Voice]) -> tuple[str, ...]:
    """Write each step of a chain of confirmation and denial, each once, in order."""
    steps: dict[str, None] = {}
    for v in voices:
        who = code_name(v.actor) if v.actor else v.text
        how = {"confirmer": "confirmed", "denier": "denied", "outlet": "passed it on"}.get(v.role)
        strength = f"{v.strength} " if v.strength else ""
        kind = " (evidence, not a speaker)" if v.evidence else ""
        steps.setdefault(f"{who} {strength}{how or v.cue or 'said it'}{kind}")
    return tuple(steps)


def ladder(ledger: Ledger) -> list[SupportRow]:
    """Return support the highest rung first, then by day."""
    return sorted(
        ledger.support,
        key=lambda s: (-s.level, s.start or s.reported or "", s.supporter or "", s.id),
    )


def score_line(s: Score) -> str:
    """Write how often the machine was right."""
    if s.precision is None:
        return f"{s.kind}: nothing reviewed that it still gives; {s.missed} missed"
    ends = f"{wording.score(s.low)} to {wording.score(s.high)}"
    missed = f", {s.missed} missed" if s.missed else ""
    return (
        f"{s.kind}: {s.right} of {s.n} right, precision {wording.score(s.precision)} "
        f"(95 % interval {ends}), {s.corrected} to correct, {s.wrong} wrong{missed}"
    )


def series_table(series: DrawnIn) -> Table:
    """One row a form, one column a period: outside states told, blank where nobody tells."""
    periods = list(dict.fromkeys(p.period for p in series.points))[-12:]
    title = f"Outside states drawn into {series.war or series.theatre}, by form and {series.by}"
    table = Table(title=title, box=None, pad_edge=False)
    table.add_column("form")
    for period in periods:
        table.add_column(period, justify="right")
    for form in dict.fromkeys(p.form for p in series.points):
        cells = {p.period: p for p in series.points if p.form == form}
        table.add_row(
            form, *(_cell(cells[period].outsiders, cells[period].tellings) for period in periods)
        )
    return table


def _cell(outsiders: int | None, tellings: Sequence[object]) -> str:
    if outsiders is None:
        return f"({len(tellings)} told)" if tellings else "not known"
    return str(outsiders)


def _heading(ledger: Ledger) -> str:
    copies = sum(a.copy_of is not None for a in ledger.articles)
    told = sum(len(f.mentions) for f in ledger.facts)
    return (
        f"{wording.count(len(ledger.articles))} "
        + ("article" if len(ledger.articles) == 1 else "articles")
        + (f" ({copies} of them copies)" if copies else "")
        + f", {wording.count(len(ledger.facts))} facts in {wording.count(told)} tellings"
    )


def _articles(ledger: Ledger) -> Iterator[str]:
    for a in ledger.articles:
        day = wording.day(a.date) if a.date else "no date known (give --date)"
        copy = f", a copy of {source_name(a.copy_of, ledger)}" if a.copy_of else ""
        wire = f", by {a.wire}" if a.wire else ""
        yield f"{source_name(a.sha256, ledger)}, {day}: {a.items} items{copy}{wire}"


def _section(title: str, lines: Sequence[str]) -> list[Text]:
    if not lines:
        return []
    return [Text(f"\n{title}", style="bold"), *(Text(f"- {line}") for line in lines)]


def _conflicts(ledger: Ledger) -> list[str]:
    by_id = {f.id: f for f in ledger.facts}
    out, seen = [], set()
    for f in ledger.facts:
        for c in f.conflicts:
            pair = frozenset((f.id, c.fact))
            if pair in seen or c.fact not in by_id:
                continue
            seen.add(pair)
            out.append(f"{_side(f, ledger)}  |  {_side(by_id[c.fact], ledger)}: {c.why}")
    for f in ledger.facts:
        if f.n_denials:
            out.append(f"told and denied: {_short(f.statement)} [{chain(f.voices)}]")
    return out


def _side(fact: Fact, ledger: Ledger) -> str:
    first = fact.mentions[0]
    return f"“{_short(first.quote)}” ({source_name(first.article, ledger)}, {first.start})"


def _facts(ledger: Ledger, *, all_: bool) -> list[str]:
    ranked = sorted(
        ledger.facts,
        key=lambda f: (
            -f.n_sources - f.n_evidence,
            -len(f.mentions),
            str(f.mentions[0].published),
            f.id,
        ),
    )
    shown = ranked if all_ else ranked[:_SHOWN]
    lines = [_fact_line(f, ledger) for f in shown]
    if len(ranked) > len(shown):
        lines.append(f"and {len(ranked) - len(shown)} more: --all, --csv or --json")
    return lines


def _fact_line(f: Fact, ledger: Ledger) -> str:
    first = f.mentions[0]
    told = [m for m in f.mentions if m.copy_of is None]
    copies = len(f.mentions) - len(told)
    times = f"; told {len(f.mentions)} times" if len(f.mentions) > 1 else ""
    times += f", {copies} of them copied" if copies else ""
    said = f" [{chain(f.voices)}]" if f.voices else ""
    return (
        f"{f.kind}: “{_short(first.quote)}”{said}; {f.n_sources} independent "
        f"{'source' if f.n_sources == 1 else 'sources'}{times}; credence "
        f"{wording.score(f.credence.value)} ({wording.score(f.credence.low)} to "
        f"{wording.score(f.credence.high)}) ({source_name(first.article, ledger)}, {first.start})"
    )


def _support_line(s: SupportRow) -> str:
    giver = code_name(s.supporter) if s.supporter else "private persons"
    to = f" to {code_name(s.recipient)}" if s.recipient else ""
    against = f" against {code_name(s.against)}" if s.against else ""
    much = amount(s.low, s.high, s.value, s.unit, s.per) or s.what
    when = (
        wording.day(s.when) if s.start else f"told {wording.day(s.reported)}" if s.reported else ""
    )
    return (
        f"{s.rung.replace('_', ' ')}: {giver}{to}{against}, {much}, {s.certainty}"
        + (f", {when}" if when else "")
        + f": “{_short(s.quote)}” ({s.article[:8]}, {s.span_start}) [{s.id}]"
    )


def _red_line(r: RedLine) -> str:
    crossed = f"; crossed by {len(r.crossed_by)} told facts" if r.crossed_by else ""
    near = f"; approached by {len(r.approached_by)}" if r.approached_by else ""
    return (
        f"{code_name(r.actor)}, at {r.rung.replace('_', ' ')}{crossed}{near}: “{_short(r.quote)}” "
        f"({r.article[:8]}, {r.span_start}) [{r.id}]"
    )


def _firsts(ledger: Ledger) -> list[str]:
    said = {True: "none in this record", False: "yes", None: "not known"}
    return [
        f"{f.question} {said[f.first]}"
        + (f": {f.precedent}" if f.precedent else "")
        + f" ({f.searched} compared; {f.coverage})"
        for f in ledger.firsts
        if f.first is not False or f.scope == "actor anywhere"
    ]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTE else flat[: _QUOTE - 1].rstrip() + "…"
