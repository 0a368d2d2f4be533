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
        """Return the word forms in lower case; "US" is no "us"."""
        return tuple("u.s." if w == "US" else w.lower() for w in self.words)

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
