"""What is said: the content of an attribution in one piece, and whether it looks ahead."""

from __future__ import annotations

from blocs.evidence.reading.attribution import Attribution
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.speakers import passing_words
from blocs.evidence.syntax.trees import Tree

_FORETELL = words(
    "believe expect predict forecast foresee foretell warn fear anticipate estimate project "
    "reckon bet caution think prophesy doubt hope"
)
_AHEAD = words("will would could may might 'll ’ll")


def content_piece(tree: Tree, found: Attribution) -> tuple[int, ...]:
    """Return the content in one piece: the stretch beside the cue where the source cuts it up."""
    outside = set(found.source) | set(found.cue) | passing_words(tree)
    also = [v for v in tree.kids(found.cue_head, "conj") if tree.tags[v][:2] == "VB"]
    outside |= {i for v in also if v > found.cue_head for i in tree.below(v)}  # "and urged China"
    content = _from_that(tree, tuple(i for i in found.content if i not in outside))
    runs: list[list[int]] = []
    for i in content:
        if runs and not outside & set(range(runs[-1][-1] + 1, i)):
            runs[-1].append(i)
        else:
            runs.append([i])
    if len(runs) < 2:
        return content or found.content
    marks = [any(tree.words[i] in '“”"«»' for i in run) for run in runs]
    if (all(marks[:2]) and max(runs[0]) < found.cue_head) or _cut_through(tree, runs):
        return content
    longest = max(len(run) for run in runs)
    near = [run for run in runs if 2 * len(run) >= longest or len(run) > 4]
    return tuple(min(near, key=lambda run: min(abs(i - found.cue_head) for i in run)))


def _cut_through(tree: Tree, runs: list[list[int]]) -> bool:
    """Say whether one clause stands on both sides: its subject before, its verb after."""
    before, after = set(runs[0]), set(runs[1])
    return any(tree.deps[i].startswith("nsubj") and tree.heads[i] in after for i in before)


def _from_that(tree: Tree, content: tuple[int, ...]) -> tuple[int, ...]:
    """Begin a content at its "that" where a few words of the cue slipped in before it."""
    for n, i in enumerate(content[:4]):
        if n and tree.lows[i] == "that" and tree.deps[i] == "mark":
            return content[n:]
    return content


def foretells(tree: Tree, found: Attribution) -> bool:
    """Say whether a cue of expectation holds a content that looks ahead."""
    cue = {tree.lemmas[i] for i in (*found.cue, found.cue_head)}
    if not cue & _FORETELL:
        return False
    inside = set(found.content)
    tops = [i for i in found.content if tree.heads[i] not in inside]
    heads = [h for top in tops for h in (top, *tree.kids(top, "ccomp", "conj"))]
    return any(tree.lows[c] in _AHEAD for h in heads for c in tree.kids(h, "aux"))
