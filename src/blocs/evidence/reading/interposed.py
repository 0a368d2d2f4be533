"""Attributions that cut into what they report: "The deal, France insists, is dead"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from blocs.evidence.reading.attribution import SPEECH, Attribution
from blocs.evidence.reading.lists import words
from blocs.evidence.syntax.lemmas import lemma
from blocs.evidence.syntax.trees import Tree

_ASIDES = words("but though although while whereas yet and")
_LONGEST = 8


def with_interposed(tree: Tree, found: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions with those between two commas, which the models miss.

    A name and a verb of speech between commas report the clause around them; "but nobody
    believes it" right after them is no part of it.

    Examples
    --------
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("The deal, France insists, but Poland doubts it, is dead.", 0)])
    >>> [a] = with_interposed(tree, [])
    >>> " ".join(tree.words[i] for i in a.content)
    'The deal is dead'
    """
    out = list(found)
    for new in _between_commas(tree):
        same = [a for a in out if a.cue_head == new.cue_head]
        around = any(
            min(a.content, default=new.cue_head) < new.cue_head
            and set(a.content) <= {*new.content, len(tree) - 1}
            for a in same
        )
        if not around:
            out = [a for a in out if a not in same] + [new]
    return [_in_its_clause(tree, a) for a in sorted(out, key=lambda a: a.cue_head)]


def _in_its_clause(tree: Tree, found: Attribution) -> Attribution:
    """Keep "which, according to Kim, will bring peace" to the clause that it stands in."""
    named = next((i for i in found.source if tree.case(i) == "according to"), None)
    verb = tree.heads[named] if named is not None else found.cue_head
    if named is None or tree.deps[verb] != "acl:relcl" or tree.tags[verb][:2] != "VB":
        return found
    outside = {*found.source, *found.cue, found.cue_head}
    clause = tuple(i for i in tree.below(verb) if i not in outside)
    while clause and tree.words[clause[0]] == ",":
        clause = clause[1:]
    return replace(found, content=clause) if len(clause) > 2 else found


def _between_commas(tree: Tree) -> Iterator[Attribution]:
    """Yield ", source cue," with the clause around it."""
    commas = [i for i, w in enumerate(tree.words) if w in ",;"]
    for comma, stop in pairwise(commas):
        if tree.words[comma] == ";":
            continue
        v = _cue_between(tree, comma, stop)
        source = tuple(range(comma + 1, v))
        if not 0 < len(source) <= _LONGEST or not _says(tree, v) or not _is_somebody(tree, source):
            continue
        end = len(tree) - (tree.words[-1] in ".!")
        after = stop + 1
        if after < end and tree.lows[after] in _ASIDES:
            after = next((k + 1 for k in commas if k > stop), end)
        goes_on = tree.tags[stop + 1 : stop + 2] == ("VBG",)  # "..., Kyiv said, adding that"
        if tree.words[stop] == ";" or goes_on:
            after = end
        first = max((k + 1 for k in commas if k < comma and tree.words[k] == ";"), default=0)
        content = (*range(first, comma), *range(after, end))
        if comma and any(tree.tags[i][:2] in ("VB", "MD") for i in content):
            yield Attribution(v, (v,), source, content, 0.6)


def _cue_between(tree: Tree, comma: int, stop: int) -> int:
    """Return the last word before a stop, or the verb before a few that say when ("on Monday")."""
    for v in range(stop - 2, max(comma + 1, stop - 5), -1):
        when = all(tree.tags[i] in ("IN", "NNP", "CD", "RB", "JJ") for i in range(v + 1, stop))
        if when and tree.tags[v] in ("VBD", "VBZ") and _says(tree, v):
            return v
    return stop - 1


def _says(tree: Tree, v: int) -> bool:
    """Say whether a word is a verb of speech, even one taken for a plural ("insists")."""
    tag = tree.tags[v]
    return (
        tag in ("VBD", "VBZ", "NNS", "VBP")
        and lemma(tree.lows[v], "VBZ" if tag == "NNS" else tag) in SPEECH
    )


def _is_somebody(tree: Tree, source: Sequence[int]) -> bool:
    """Say whether some words are a noun phrase and nothing more."""
    plain = all(tree.tags[i][:2] in ("NN", "PR", "DT", "JJ", "IN", "PO", "CD") for i in source)
    return plain and tree.tags[source[-1]][:2] in ("NN", "PR") and tree.tags[source[0]] != "IN"
