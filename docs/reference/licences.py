"""What blocs is made of: every package that the core and each extra draw in, and its licence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
TEXT = (ROOT / "constraints.txt").read_text("utf-8")
PINS = {
    canonicalize_name(name): Version(version)
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", TEXT, re.MULTILINE)
}
GPL = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
CHOICE = re.compile(r"\bOR\b|,|/", re.IGNORECASE)
"""Between licences of which the user takes one."""


def needed(requirements: list[str], extra: str = "") -> Iterator[Requirement]:
    """Requirements that hold on this machine, those of blocs's own extras among them."""
    for text in requirements:
        one = Requirement(text)
        if one.name == "blocs":
            for name in sorted(one.extras):
                yield from needed(EXTRAS[name])
        elif one.marker is None or one.marker.evaluate({"extra": extra}):
            yield one


def closure(requirements: list[str]) -> dict[str, set[str]]:
    """Every installed package that requirements draw in, and what drew it in."""
    found: dict[str, set[str]] = {}
    todo = [(one, "blocs") for one in needed(requirements)]
    while todo:
        one, by = todo.pop()
        name = canonicalize_name(one.name)
        first = name not in found
        found.setdefault(name, set()).add(by)
        if not first:
            continue
        try:
            told = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for extra in ("", *one.extras):
            todo += [(again, name) for again in needed(told, extra)]
    return found


def licence(name: str) -> str:
    """Licence of an installed package, as it says itself."""
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        return "not installed where this page was made"
    classes = [c for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    short = (told.get("License") or "").strip().splitlines()[:1]
    said = " OR ".join([c.rpartition(":: ")[2] for c in classes] or short)
    return told.get("License-Expression") or said or _first_line(name)


def _first_line(name: str) -> str:
    """First line of the licence that lies with a package that says none otherwise."""
    for file in distribution(name).files or []:
        if re.match(r"LICEN[CS]E", file.name):
            return file.read_text("utf-8").strip().splitlines()[0]
    return ""


def page() -> str:
    """Return the list as a page of the documentation."""
    out = [
        "# Licences",
        "",
        "blocs is MIT, its almanac CC BY 4.0; the treebanks its pipeline was trained on are "
        "CC BY-SA 4.0 (see NOTICE beside the model). Nothing else is shipped: what follows is "
        "installed from its own publishers, pinned by hash in `constraints.txt`. The core draws "
        "in nothing under the GPL; a test holds it to that.",
    ]
    for name in ("core", *(e for e in sorted(EXTRAS) if e not in {"all", "bench", "docs", "test"})):
        asked = PROJECT["dependencies"] if name == "core" else EXTRAS[name]
        out += ["", f"## {name}", "", "| package | version | licence |", "|---|---|---|"]
        for package in sorted(closure(asked)):
            told = licence(package).replace("|", "/")
            out.append(f"| {package} | {PINS.get(package, '')} | {told} |")
    return "\n".join(out) + "\n"
