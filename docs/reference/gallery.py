"""Draw the gallery: every picture of ``blocs.plot``, made from the almanac when the site is."""

from __future__ import annotations

from pathlib import Path

import blocs
from blocs.errors import BadInput

PICTURES = {
    "plane": "shield against counter-programme, a group's trail among history's blocs",
    "cohesion": "how firm, layer by layer, on the band of groups of the size",
    "world": "how alike each state votes to the members, in true areas",
    "issues": "agreement by issue, pair by pair",
    "timeline": "support in war, rung by rung",
    "treaties": "who is bound to whom, and by what obligation",
    "analogues": "the nearest and the farthest groups of history",
    "coverage": "what is known, by layer and year; dashed is dark",
}
GROUP = ("CHN", "RUS", "IRN", "PRK")


def write(folder: Path) -> None:
    """Write one SVG a picture, and the page that shows them."""
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
    ]
    for name, about in PICTURES.items():
        out += ["", f"## {name.capitalize()}", "", f"{about.capitalize()}:", ""]
        out += [f"`blocs.plot.{name}(found)`", ""]
        try:
            chart = getattr(blocs.plot, name)(found)
        except BadInput as why:
            out += [f"Not drawn: {why}."]
            continue
        chart.save(str(folder / f"{name}.svg"))
        title = chart.title.text if hasattr(chart.title, "text") else about
        title = " ".join(title) if isinstance(title, list) else str(title)
        out += [f"![{title}]({name}.svg)"]
    (folder / "gallery.md").write_text("\n".join(out) + "\n", "utf-8")
