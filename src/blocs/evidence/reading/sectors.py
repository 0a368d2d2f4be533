"""The sector of a noun: government, military, media, rebels, as agent nouns tell it."""

from __future__ import annotations

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.names import agents
from blocs.evidence.syntax.trees import Tree

_COUNTS = words("hundred thousand dozen ten number")


def is_secretary_general(tree: Tree, h: int) -> bool:
    """Say whether a word ends "Secretary-General": of the United Nations, where none is named."""
    return tree.words[h] == "General" and "Secretary" in tree.words[max(0, h - 2) : h]


def role_of(tree: Tree, h: int) -> str:
    """Return the sector of a noun, read with the noun before it, or ``""``."""
    table = agents()
    if is_secretary_general(tree, h):
        return ""
    for c in tree.kids(h, "compound", "amod"):
        pair = f"{tree.lows[c]} {tree.lemmas[h]}"
        if pair in table:
            return table[pair]
    if tree.lemmas[h] == "site" and _is_place(tree, h):
        return ""
    own = table.get(tree.lows[h]) or table.get(tree.lemmas[h], "")
    if tree.lemmas[h] in _COUNTS:
        return next((role_of(tree, c) for c in tree.kids(h, "nmod") if tree.case(c) == "of"), "")
    if own or tree.tags[h][:3] != "NNP":
        return own
    titles = tree.kids(h, "nmod:desc", "compound", "flat", "appos")
    return next((table[tree.lows[c]] for c in titles if tree.lows[c] in table), "")


def _is_place(tree: Tree, h: int) -> bool:
    """Say whether a site is one on the ground: "nuclear sites" publish nothing."""
    return any(tree.lows[c] in _GROUNDS for c in tree.kids(h, "amod", "compound"))


_GROUNDS = words(
    "nuclear military missile test launch construction enrichment burial crash holy landing oil "
    "industrial historic archaeological storage"
)
