"""Read the open treebanks: CoNLL-U sentences with named entities, genres filtered.

GUM's genres whow and fiction are non-commercial, podcast and conversation are
speech; the shipped pipeline learns from none of the four.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LEFT_OUT = frozenset({"whow", "fiction", "podcast", "conversation"})
KINDS = {"person": "PER", "organization": "ORG", "place": "LOC"}


@dataclass(slots=True)
class Sentence:
    """One tree: words, spacing, tags, lemmas, heads (index), labels, entities."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    misc: list[str] = field(default_factory=list)


def read_sentences(path: Path) -> Iterator[tuple[str, Sentence]]:
    """Yield (document id, sentence) of a gzipped CoNLL-U file."""
    doc, rows = "", []
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for raw in handle:
            line = raw.rstrip("\n")
            if line.startswith("# newdoc id"):
                doc = line.split("=", 1)[1].strip()
            elif line.startswith("#"):
                continue
            elif line:
                rows.append(line.split("\t"))
            elif rows:
                yield doc, _sentence(rows)
                rows = []


def _sentence(rows: list[list[str]]) -> Sentence:
    """Turn CoNLL-U rows into a sentence; a fused token gives its space to its last part."""
    out, fused_end, fused_space = Sentence(), 0, True
    for row in rows:
        if "." in row[0]:
            continue
        if "-" in row[0]:
            fused_end = int(row[0].split("-")[1])
            fused_space = "SpaceAfter=No" not in row[9]
            continue
        number = int(row[0])
        inside = number <= fused_end
        space = (fused_space if number == fused_end else False) if inside else None
        out.words.append(row[1])
        out.spaces.append("SpaceAfter=No" not in row[9] if space is None else space)
        out.tags.append(row[4])
        out.lemmas.append(row[2])
        out.heads.append(int(row[6]) - 1 if row[6] != "0" else number - 1)
        out.deps.append("ROOT" if row[6] == "0" else row[7])
        out.misc.append(row[9])
    return out


def genre(doc: str) -> str:
    """Return the genre in a GUM document id, else ``""``."""
    match = re.match(r"GUM_([a-z]+)_", doc)
    return match.group(1) if match else ""


def named_spans(sentence: Sentence) -> list[tuple[int, int, str]]:
    """Return (first word, last word + 1, kind) of named people, places and bodies in GUM."""
    open_, spans = [], []
    for i, misc in enumerate(sentence.misc):
        match = re.search(r"(?:^|\|)Entity=([^|]*)", misc)
        for part in re.findall(r"\([^()]*\)?|[^()]+\)", match.group(1) if match else ""):
            if part.startswith("("):
                open_.append((part.strip("()"), i))
            if part.endswith(")"):
                key = part.strip("()").split("-")[0]
                at = max((k for k, e in enumerate(open_) if e[0].split("-")[0] == key), default=-1)
                if at >= 0:
                    spans.append((*open_.pop(at), i + 1))
    found = [
        (a, b, KINDS[tag.split("-")[1]])
        for tag, a, b in spans
        if tag.count("-") and tag.split("-")[1] in KINDS and _is_name(sentence, a, b)
    ]
    return _longest_apart(found)


def _is_name(sentence: Sentence, a: int, b: int) -> bool:
    """Say whether a mention is a bare name: proper nouns (with of, the, ...) and nothing else."""
    tags = sentence.tags[a:b]
    plain = all(t in {"NNP", "NNPS", "IN", "DT", "POS", "CC", "HYPH", "CD", "."} for t in tags)
    return plain and tags[-1] in {"NNP", "NNPS", "CD", "."} and tags[0] not in {"IN", "POS", "CC"}


def _longest_apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Keep the longest of overlapping spans."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if all(span[1] <= a or span[0] >= b for a, b, _ in kept):
            kept.append(span)
    return sorted(kept)
