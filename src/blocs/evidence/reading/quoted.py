"""Which words of a sentence stand in quotation marks, from one sentence to the next."""

from __future__ import annotations

from blocs.evidence.reading.attribution import SPEECH
from blocs.evidence.reading.lists import words
from blocs.evidence.syntax.trees import Tree

_OPEN = words("“ « `` ‹ „")
_CLOSE = words("” » '' ›")


def mark_quotes(tree: Tree, depth: int) -> tuple[list[bool], int]:
    """Say which words stand inside quotation marks, given the depth at the start.

    Returns
    -------
    (list of bool, int)
        One flag per word, and the depth at the end: an unclosed quotation goes on
        in the next sentence of the paragraph.
    """
    flags = []
    for i, word in enumerate(tree.words):
        if word in _OPEN and not (depth and _shuts(tree, i)):
            depth += 1
            flags.append(True)
        elif word in _CLOSE or word in _OPEN:
            flags.append(True)
            depth = max(0, depth - 1)
        elif word == '"':
            flags.append(True)
            depth = 0 if depth else 1
        elif depth and word == "," and _says_next(tree, i):
            flags.append(True)
            depth = 0
        else:
            flags.append(bool(depth))
    return flags, depth


def _says_next(tree: Tree, i: int) -> bool:
    """Say whether ", said X" follows, and no mark that would close what was opened."""
    said = i + 1 < len(tree) and tree.lemmas[i + 1] in SPEECH
    closed = any(w in _CLOSE or w == '"' for w in tree.words[i:])
    return said and tree.tags[i + 1] in ("VBD", "VBZ") and not closed


def _shuts(tree: Tree, i: int) -> bool:
    """Say whether an opening mark was set for a closing one ("in the region “.")."""
    last = i + 1 == len(tree)
    return last or tree.begins[i + 1] > tree.ends[i] or tree.words[i + 1] in ".,;:!?"
