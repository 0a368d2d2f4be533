"""A dependency tree as plain tuples, and the questions the reader asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Tree:
    """One sentence: words with offsets in the article, tags, lemmas, heads and labels.

    Attributes
    ----------
    words, tags, lemmas, deps : tuple of str
        Word forms, Penn tags, lower-case lemmas, Universal Dependencies labels (``root``).
    begins, ends : tuple of int
        Half-open offsets in the article.
    heads : tuple of int
        Index of the head; the root is its own head.
    """

    words: tuple[str, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[str, ...]
    lemmas: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Return the dependents of each word, in order."""
        below: list[list[int]] = [[] for _ in self.words]
        for i, h in enumerate(self.heads):
            if h != i:
                below[h].append(i)
        return tuple(map(tuple, below))

    @cached_property
    def lows(self) -> tuple[str, ...]:
        """Return the word forms in lower case."""
        return tuple(w.lower() for w in self.words)

    def child(self, i: int, *labels: str) -> int | None:
        """Return the first dependent with one of the labels (subtypes count), or None."""
        for c in self.children[i]:
            if self.deps[c] in labels or self.deps[c].split(":")[0] in labels:
                return c
        return None

    def kids(self, i: int, *labels: str) -> list[int]:
        """Return all dependents with one of the exact labels."""
        return [c for c in self.children[i] if self.deps[c] in labels]

    def below(self, i: int) -> list[int]:
        """Return the words of the subtree, in order."""
        seen, stack = [], [i]
        while stack:
            k = stack.pop()
            seen.append(k)
            stack.extend(self.children[k])
        return sorted(seen)

    def above(self, i: int) -> list[int]:
        """Return the heads from a word up to the root, nearest first."""
        out: list[int] = []
        while self.heads[i] != i and len(out) < len(self.words):
            i = self.heads[i]
            out.append(i)
        return out

    def span(self, words: list[int]) -> tuple[int, int]:
        """Return the half-open offsets from the first to the last of some words."""
        return self.begins[min(words)], self.ends[max(words)]

    def case(self, i: int) -> str:
        """Return the preposition of a word, lower case; joined for fixed ones; else ``""``."""
        found = self.kids(i, "case")
        return " ".join(self.lows[k] for c in found for k in [c, *self.kids(c, "fixed")])


_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAMED = frozenset({"NNP", "NNPS", "CD"})
_TIMES = frozenset({"today", "yesterday", "tomorrow", "day", "week", "weekend", "month", "year"})
_TIMES |= {"morning", "afternoon", "evening", "night"}
_MOVED = (
    *("crossed", "marched", "advanced", "entered", "arrived", "landed", "rolled", "poured"),
    *("retreated", "withdrew", "voted", "agreed", "protested", "rallied", "demonstrated"),
    *("clashed", "deployed", "appealed", "complained"),
)


def untwist(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> tuple[list[str], list[int], list[str]]:
    """Find the verb of a sentence that was taken for a noun phrase.

    "North Korea expelled inspectors" is at times read as inspectors that were expelled: a
    participle hung on its own object. A participle that has a subject is a verb, and so is one
    right after a name, or one with an object, in a sentence without any other.

    Returns
    -------
    (list of str, list of int, list of str)
        Tags, heads and labels; the ones given are changed in place.
    """
    root = next((i for i, h in enumerate(heads) if h == i), None)
    if root is not None and tags[root][:2] == "NN" and not _FINITE & set(tags):
        held = {deps[i] for i, h in enumerate(heads) if h == root}
        if tags[root] == "NN" and {"nsubj", "obj"} <= held:
            tags[root] = "VBD"
        _give_a_subject(root, tags, heads, deps)
        _lift_the_verb(root, words, tags, heads, deps)
    for v in [v for v, label in enumerate(deps) if label == "amod"]:
        subject = any(h == v and deps[i] == "nsubj" and i < v for i, h in enumerate(heads))
        if subject and heads[v] > v:
            noun = heads[v]
            heads[v] = v if heads[noun] == noun else heads[noun]
            deps[v] = deps[noun]
            heads[noun], deps[noun], tags[v] = v, "obj", "VBD"
    _hang_on_the_saying(words, tags, heads, deps)
    return tags, heads, deps


def _hang_on_the_saying(
    words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Hang a clause with "that" on its verb, not on the day or place before it.

    "Seoul said on Friday that Pyongyang had sent troops": no Friday had sent them.
    """
    for that in [i for i, word in enumerate(words) if word.lower() == "that" and deps[i] == "mark"]:
        clause = heads[that]
        noun = verb = heads[clause]
        if noun >= that:
            continue
        when_or_where = deps[noun].startswith(("obl", "nmod")) and (
            tags[noun] in _NAMED or words[noun].lower() in _TIMES
        )
        while tags[verb][:2] != "VB" and heads[verb] != verb:
            verb = heads[verb]
        hung = deps[clause].startswith("acl") and when_or_where
        if tags[verb][:2] == "VB" and (hung or (verb == noun and deps[clause] == "obj")):
            heads[clause], deps[clause] = verb, "ccomp"


def _give_a_subject(root: int, tags: list[str], heads: list[int], deps: list[str]) -> None:
    """Hang a name before a participle on it: "Turkey massed tanks", "Taylor armed rebels"."""
    near = [i for i in range(1, root) if heads[i] == root]
    v = next((i for i in near if deps[i] == "amod" or tags[i] == "VBN"), root)
    if v == root or tags[v] not in ("VBN", "JJ"):
        return
    deps[v] = "amod"
    name = heads[v - 1] if deps[v - 1] == "flat" else v - 1
    label = deps[name]
    named = tags[v] == "VBN" and tags[name][:2] == "NN" and label in ("compound", "nmod")
    if heads[name] in (root, v) and (named or label == "nsubj"):
        heads[name], deps[name] = v, "nsubj"
        for i in range(name):
            if heads[i] in (root, v) and deps[i] in ("det", "amod", "compound", "nmod:poss"):
                heads[i] = name


def _lift_the_verb(
    root: int, words: tuple[str, ...], tags: list[str], heads: list[int], deps: list[str]
) -> None:
    """Set a participle above the noun it was hung on: "Mugabe blamed Britain"."""
    below = [i for i, h in enumerate(heads) if h == root and i > root]
    after = next((i for i in below if deps[i] == "appos"), None)
    v = next((i for i, h in enumerate(heads) if h == after and deps[i] == "amod"), None)
    v = v if v is not None else next((i for i in below if deps[i] in ("acl", "amod")), None)
    if v is None or tags[v] != "VBN" or v < root:
        return
    held = {deps[i] for i, h in enumerate(heads) if h == v}
    active = (after is not None and after > v) or "obj" in held or words[v] in _MOVED
    if "obl:agent" in held or not active:
        return
    for i in [i for i in below if i > v]:
        heads[i], deps[i] = v, {"appos": "obj", "nmod": "obl"}.get(deps[i], deps[i])
    if heads[v] == after and after is not None:
        for i in [i for i, h in enumerate(heads) if h == after and i > after]:
            heads[i], deps[i] = v, {"nmod": "obl"}.get(deps[i], deps[i])
    heads[v], deps[v], tags[v] = v, "root", "VBD"
    heads[root], deps[root] = v, "nsubj"
