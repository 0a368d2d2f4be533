"""The brief on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs.records import Brief, LayerRecord, TellingRecord
from blocs.views import wording
from blocs.views.wording import the, years

_BAR = 10


def summary(brief: Brief) -> Group:
    """Verdict, a line a layer, what is dark and how to light it."""
    parts: list[object] = [
        Text(brief.verdict.headline, style="bold"),
        Text(
            f"{years(brief.period.first, brief.period.last)}, against {the(brief.reference.name)}",
            style="dim",
        ),
        Text(""),
        *(Text(f"- {s.text}") for s in brief.verdict.sentences),
        Text(""),
        _layers([layer for layer in brief.layers if layer.residual is not None]),
    ]
    dark = [layer for layer in brief.layers if layer.residual is None]
    if dark:
        parts.append(Text("\nDark:", style="bold"))
        parts += [Text(f"- {d.title}: {d.why_dark}") for d in dark]
    parts += [Text(line) for line in _articles(brief)]
    for warning in brief.warnings:
        parts.append(Text(f"Note: {warning}", style="yellow"))
    parts.append(Text(brief.verdict.hindsight, style="dim"))
    return Group(*parts)  # type: ignore[arg-type]


def dyad_table(brief: Brief) -> pl.DataFrame:
    """One row per pair: votes, their split and the ties of each lit layer."""
    rows = []
    for d in brief.dyads:
        votes = d.votes
        rows.append(
            {
                "a": d.a,
                "b": d.b,
                "votes_n": votes.n if votes else None,
                "agreement": votes.agreement if votes else None,
                "identical": votes.identical if votes else None,
                "likeness": votes.likeness if votes else None,
                "shield": votes.shield if votes else None,
                "counter": votes.counter if votes else None,
                "with_reference": votes.with_reference if votes else None,
                "neutral": votes.neutral if votes else None,
                "dissent": votes.dissent if votes else None,
                "differs_most_on": d.differs_most_on,
                **{tie.layer: tie.weight for tie in d.ties},
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _articles(brief: Brief) -> list[str]:
    """What the articles tell: counts, figures that differ, red lines, forecasts, with quotes."""
    if not brief.articles:
        return []
    by_id = {f.id: f for f in brief.told}
    lines = [
        f"\nArticles: {len(brief.articles)} read, {len(brief.told)} facts about members, "
        f"{sum(bool(s.told_in) for s in brief.support)} rungs, {len(brief.foretold)} forecasts"
    ]
    for f in brief.told:
        for other in (by_id[c] for c in f.conflicts if c in by_id and f.id < c):
            lines.append(f"- differ: {_words(f.tellings)} against {_words(other.tellings)}")
    told = [s for s in brief.support if s.told_in]
    top = max((s.level for s in told), default=0)
    for s in told:
        if s.level == top:
            what = f"{wording.giving(s.supporter, s.recipient)}, {s.what}"
            lines.append(f"- {what}: {_words(s.told_in)}")
    lines += [f"- red line: {_words(r.told_in)}" for r in brief.red_lines if r.told_in]
    for x in brief.foretold:
        window = f" ({x.opens} to {x.closes})" if x.opens and x.closes else ""
        lines.append(f"- foretold{window}: {_words(x.tellings)}")
    return lines


def _words(tellings: Sequence[TellingRecord]) -> str:
    first = tellings[0]
    flat = " ".join(first.quote.split())
    quote = flat if len(flat) <= 110 else flat[:109] + "…"
    return f"“{quote}” ({first.name}, {first.span_start})"


def _layers(lit: list[LayerRecord]) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("layer", "raw", "beyond", "90 %", "percentile", "", "p", "pairs"):
        words = name in {"layer", ""}
        table.add_column(name, justify="left" if words else "right", no_wrap=True)
    for layer in lit:
        share = layer.percentile or 0.0
        table.add_row(
            layer.title,
            wording.score(layer.raw),
            wording.score(layer.residual),
            f"{wording.score(layer.low)} to {wording.score(layer.high)}"
            if layer.low is not None
            else "one year",
            f"{100 * share:.1f}" + _error(layer),
            "█" * round(_BAR * share) + "░" * (_BAR - round(_BAR * share)),
            f"{layer.p:.2g}",
            f"{layer.pairs}/{layer.possible_pairs}",
        )
    return table


def _error(layer: LayerRecord) -> str:
    return "" if layer.exact else f" ±{100 * (layer.percentile_error or 0):.1f}"
