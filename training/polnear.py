"""Read PolNeAR: articles with BRAT attributions (source, cue, content spans)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution: half-open character spans of its parts."""

    source: Spans
    cue: Spans
    content: Spans


def read_articles(path: Path) -> Iterator[tuple[str, str, list[list[Gold]]]]:
    """Yield (name, text, one list of attributions per annotator)."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for name in sorted(n for n in names if n.endswith(".txt")):
            stem = name.rsplit("/", 1)[-1][:-4]
            found = sorted(
                n for n in names if n.endswith(".ann") and n.rsplit("/", 1)[-1].startswith(stem)
            )
            text = archive.read(name).decode("utf-8")
            yield stem, text, [_annotations(archive.read(n).decode("utf-8")) for n in found]


def _annotations(text: str) -> list[Gold]:
    """Parse a BRAT file."""
    spans: dict[str, Spans] = {}
    out = []
    for line in text.splitlines():
        parts = line.split("\t")
        if line.startswith("T") and len(parts) > 1:
            where = parts[1].split(" ", 1)[1]
            spans[parts[0]] = tuple(
                (int(a), int(b)) for a, b in (w.split() for w in where.split(";"))
            )
    for line in text.splitlines():
        if line.startswith("E"):
            roles: dict[str, Spans] = {"Source": (), "Cue": (), "Content": ()}
            for item in line.split("\t", 1)[1].split():
                role, key = item.split(":", 1)
                role = role.rstrip("0123456789")
                if role in roles:
                    roles[role] = (*roles[role], *spans.get(key, ()))
            out.append(Gold(roles["Source"], roles["Cue"], roles["Content"]))
    return out
