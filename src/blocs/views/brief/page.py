"""The brief as one page: a self-contained file that needs no network and no script.

The page is drawn from a `records.Brief` alone. Every text in it is data and is
escaped; the only markup comes from the templates and from our own charts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from blocs.records import AttributeRecord, Brief, LayerRecord, SupportRecord, ToldRecord
from blocs.views import wording
from blocs.views.brief import claims, dyads
from blocs.views.charts.figure import Cell, Figure, Table, table
from blocs.views.charts.ladder import RUNGS, anchor, quantity, when
from blocs.views.explorer.visit import Visit
from blocs.views.templating import environment, styles, trusted

if TYPE_CHECKING:
    from markupsafe import Markup

_KINDS: Final = {
    "regime": "Regime",
    "income": "Income",
    "power": "Power",
    "nuclear": "Nuclear arms",
}
_SAYS: Final = {
    "axis": "an axis",
    "star": "a star",
    "front": "a front",
    "none": "none of these",
    "not known": "not known",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its two pictures, for wide and narrow screens."""

    figure: Figure
    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of support as the page lists it."""

    anchor: str
    when: str
    who: str
    what: str
    quantity: str
    fact: SupportRecord


def page(brief: Brief, visit: Visit | None = None) -> str:
    """Write the brief as one HTML page.

    Parameters
    ----------
    brief : Brief
        Everything the page says.
    visit : Visit, optional
        The explorer's page that it is shown on; a file of its own without one.

    Returns
    -------
    str
        A complete document: styles and pictures inside it, no script, no request.
        Its Content-Security-Policy forbids everything but its own style sheet.

    Notes
    -----
    Most of the time goes to starting the drawing engine (about a second).
    """
    css, digest = styles(explorer=visit is not None)
    return (
        environment()
        .get_template("brief.html")
        .render(
            brief=brief,
            visit=visit,
            css=css,
            css_digest=digest,
            figures=figures(brief),
            title=f"{wording.upper_first(brief.group.label)}, "
            f"{wording.years(brief.period.first, brief.period.last)}",
            headline=headline(brief),
            sentences=[_sentence(brief, i) for i in range(len(brief.verdict.sentences))],
            says=_SAYS,
            layers=layer_table(brief),
            dark=[layer for layer in brief.layers if layer.residual is None],
            matrix=dyads.matrix(brief),
            matrix_title=dyads.finding(brief),
            pairs=dyads.pairs(brief),
            rungs=rungs(brief.support),
            conflicts=claims.conflicts(brief),
            told_conflicts=_told_conflicts(brief),
            chains=[s for s in brief.support if s.confirmation and s.level > 0],
            kinds=_KINDS,
            attributes={m.id: _attributes(m.attributes) for m in brief.members},
            w=wording,
            chain_link=claims.chain_link,
            ticked=ticked,
            speaker=claims.speaker,
            anchor=anchor,
            quantity=quantity,
            when=when,
            rung_names=RUNGS,
            cite={c.key: f"#{_citation_anchor(c.key)}" for c in brief.citations},
            citation_anchor=_citation_anchor,
        )
    )


def figures(brief: Brief) -> dict[str, Drawn]:
    """Draw every figure the brief has evidence for, by its key."""
    from blocs.views.charts import (
        analogues,
        cohesion,
        coverage,
        foretold,
        issues,
        ladder,
        left_out,
        motives,
        nearness,
        plane,
        treaties,
    )

    made = (
        plane.plane(brief),
        motives.motives(brief),
        cohesion.cohesion(brief),
        nearness.nearness(brief),
        issues.issues(brief),
        left_out.left_out(brief),
        treaties.treaties(brief),
        ladder.ladder(brief),
        foretold.foretold(brief),
        analogues.analogues(brief),
        coverage.coverage(brief),
    )
    return {figure.key: draw(figure) for figure in made if figure is not None}


def headline(brief: Brief) -> Markup:
    """Write the verdict with its grade as a link to how it was graded."""
    return _linked(brief.verdict.headline, brief.verdict.grade, "#method-verdict")


def ticked(text: str) -> Markup:
    """Show what stands between backticks as code."""
    from markupsafe import Markup

    parts = text.split("`")
    made = [Markup("<code>{}</code>" if i % 2 else "{}").format(x) for i, x in enumerate(parts)]
    return Markup("").join(made)


def layer_table(brief: Brief) -> Table:
    """One row a layer: raw beside residual, interval, standing, p, what is known."""
    rows = [_layer_row(layer) for layer in brief.layers]
    columns = (
        "Layer",
        "#Raw",
        "#Residual, interval",
        "#Above",
        "#p",
        "#Pairs known",
        "Years, data",
    )
    return table("How firm the group is, layer by layer", columns, rows)


def rungs(support: Sequence[SupportRecord]) -> list[tuple[str, list[Told]]]:
    """Told facts by rung, the highest first, by date within it."""
    out = []
    for level in range(len(RUNGS) - 1, 0, -1):
        here = sorted(
            (s for s in support if s.level == level),
            key=lambda s: (s.start or s.reported or "", s.id),
        )
        if here:
            out.append((RUNGS[level], [_told(s) for s in here]))
    return out


def _told_conflicts(brief: Brief) -> list[tuple[ToldRecord, ToldRecord]]:
    """Return every two told facts that do not agree, once."""
    by_id = {f.id: f for f in brief.told}
    pairs = [(f.id, c) for f in brief.told for c in f.conflicts if c in by_id]
    unique = {frozenset(pair): pair for pair in pairs}
    return [(by_id[a], by_id[b]) for a, b in unique.values()]


def _citation_anchor(key: str) -> str:
    return "cite-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in key)


def _told(fact: SupportRecord) -> Told:
    who = wording.giving(fact.supporter, fact.recipient)
    return Told(anchor(fact), wording.upper_first(when(fact)), who, fact.what, quantity(fact), fact)


def _layer_row(layer: LayerRecord) -> list[str | Cell]:
    dark = Cell(wording.NOT_KNOWN, missing=True)
    fed = ", ".join(dict.fromkeys(feed.dataset for feed in layer.feeds))
    name = Cell(layer.title, href=f"#{layer.method}")
    if layer.residual is None:
        return [name, *[dark] * 5, fed or Cell("none at hand", missing=True)]
    items = f", {wording.count(layer.items)} roll calls" if layer.items else ""
    span = wording.years(layer.years[0], layer.years[-1]) if layer.years else ""
    return [
        name,
        wording.score(layer.raw),
        f"{wording.score(layer.residual)}, {wording.interval(layer.low, layer.high)}",
        Cell(_above(layer), href="#method-standing"),
        Cell(_p(layer.p), href="#method-standing"),
        f"{layer.pairs} of {layer.possible_pairs}{items}",
        f"{span}, {fed}",
    ]


def _above(layer: LayerRecord) -> str:
    error = "" if layer.exact else f" ±{wording.percent(layer.percentile_error, decimals=2)}"
    return (
        f"{wording.percent(layer.percentile, decimals=1)}{error} of "
        f"{wording.count(layer.groups or 0)}"
    )


def _p(p: float | None) -> str:
    if p is None:
        return wording.NOT_KNOWN
    return "under 0.001" if p < 0.001 else f"{p:.3f}"


def _attributes(held: Sequence[AttributeRecord]) -> dict[str, list[AttributeRecord]]:
    out: dict[str, list[AttributeRecord]] = {}
    for attribute in held:
        out.setdefault(attribute.kind, []).append(attribute)
    return out


def _sentence(brief: Brief, index: int) -> Markup:
    said = brief.verdict.sentences[index]
    return _linked(wording.unbroken(said.text), said.figure, f"#{said.anchor}")


def _linked(text: str, part: str, href: str) -> Markup:
    """Make the first whole occurrence of a part a link; the rest stays text."""
    from markupsafe import Markup

    loose = re.escape(part).replace(r"\ ", r"\s+(?:the\s+)?")
    found = re.search(rf"(?<![\w.]){loose}(?!\w)", text) if part else None
    if found is None:
        return Markup('{} <a href="{}">How?</a>').format(text, href)
    return Markup('{}<a href="{}">{}</a>{}').format(
        text[: found.start()], href, found[0], text[found.end() :]
    )


def draw(figure: Figure) -> Drawn:
    """Draw a figure twice, for wide and narrow screens."""
    from blocs.views.charts.svg import figure_svg
    from blocs.views.charts.theme import NARROW, WIDE

    wide, narrow = (trusted(figure_svg(figure, width)) for width in (WIDE, NARROW))
    return Drawn(figure, wide, narrow)
