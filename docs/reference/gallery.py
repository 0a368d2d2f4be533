"""Draw the gallery: every picture of ``blocs.plot``, made from the almanac when the site is."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import blocs
from blocs.errors import BadInput

if TYPE_CHECKING:
    import altair

PICTURES = {
    "plane": "shield against counter-programme, a group's trail among history's blocs",
    "cohesion": "how firm, layer by layer, on the band of groups of the size",
    "matrix": "how alike each pair votes, members by members",
    "network": "signed ties of the members, a circle a layer",
    "motives": "what likeness is about, with intervals",
    "left_out": "who holds the group together",
    "world": "how alike each state votes to the members, in true areas",
    "issues": "agreement by issue, pair by pair",
    "timeline": "support in war, rung by rung",
    "treaties": "who is bound to whom, and by what obligation",
    "analogues": "the nearest and the farthest groups of history",
    "coverage": "what is known, by layer and year; dashed is dark",
}
GROUP = ("CHN", "RUS", "IRN", "PRK")
WIDTH = 520
"""Of the plot alone: with its axes it fits the column."""


def write(folder: Path) -> None:
    """Write the page that shows every picture, drawn into it so that it follows the theme."""
    folder.mkdir(parents=True, exist_ok=True)
    found = blocs.brief(*GROUP, from_=2022, to=2024)
    out = [
        "# Gallery",
        "",
        "Drawn when this site was built, from the almanac alone, for China, Russia, Iran and North "
        "Korea in 2022-24. Each is one line in a notebook, and "
        "one figure of `blocs brief`, where it has its sources and its table.",
        "",
        "`found = blocs.brief(" + ", ".join(f'"{g}"' for g in GROUP) + ", from_=2022, to=2024)`",
        "",
        *html(f"<style>{repainted()}</style>"),
    ]
    for name, about in PICTURES.items():
        out += ["", f"## {name.replace('_', ' ').capitalize()}", "", f"{about.capitalize()}:", ""]
        out += [f"`blocs.plot.{name}(found)`", ""]
        try:
            out += html(drawn(name, getattr(blocs.plot, name)(found, width=WIDTH)))
        except BadInput as why:
            out += [f"Not drawn: {why}."]
    (folder / "gallery.md").write_text("\n".join(out) + "\n", "utf-8")


def html(text: str) -> list[str]:
    """Markup inside Markdown."""
    return ["```{raw} html", text, "```"]


def drawn(key: str, chart: altair.Chart) -> str:
    """Draw a chart as SVG that scales with the page, and says what it shows."""
    import vl_convert

    spec = chart.to_dict()
    title = " ".join(spec["title"]["text"])
    label = escape(title, quote=True)
    clear = {**spec, "background": "transparent"}
    svg = vl_convert.vegalite_to_svg(clear, allowed_base_urls=[])
    svg = re.sub(r"((?:clip|gradient)\d+)", rf"{key}-\1", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def repainted() -> str:
    """The colours of the brief, light and dark, by which its style sheet repaints a picture."""
    sheet = files("blocs.views").joinpath("templates/brief.css").read_text("utf-8")
    colours = sheet[: sheet.index("* {")].replace(":root", "body")
    chosen = [f'body[data-theme="{c}"] {{ color-scheme: {c}; }}' for c in ("light", "dark")]
    rules = [line for line in sheet.splitlines() if line.startswith("svg [")]
    return "\n".join([colours, *chosen, *rules])
