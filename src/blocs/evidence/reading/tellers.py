"""Who tells what the trained models miss: a noun after the verb, the subject of an aside."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.evidence.reading.attribution import SPEECH, Attribution
from blocs.evidence.reading.lists import words
from blocs.evidence.syntax.trees import Tree


def noun_after(
    tree: Tree, v: int, quoted: Sequence[bool], *, skip: frozenset[int] = frozenset()
) -> tuple[int, ...]:
    """Return the noun phrase that follows a verb, some words (times) passed over.

    Parameters
    ----------
    tree : Tree
        The sentence.
    v : int
        The verb.
    quoted : sequence of bool, shape (n_words,)
        Words in quotation marks never count.
    skip : frozenset of int
        Words to pass over.
    """
    beside = ("acl", "acl:relcl", "parataxis", "appos")
    loose = (*beside, "conj", "punct", "case")
    for k in range(v + 1, min(v + 10, len(tree))):
        if quoted[k] or tree.words[k] in (".", ";"):
            return ()
        noun = tree.tags[k][:2] in ("NN", "PR") and k not in skip
        if noun and tree.heads[k] not in range(k + 1, k + 4):
            out, stack = [], [k]
            while stack:
                i = stack.pop()
                out.append(i)
                inner = [c for c in tree.children[i] if c > v and c not in skip]
                stack += [c for c in inner if tree.deps[c] not in (loose if i == k else beside)]
            return tuple(sorted(out))
    return ()


_TELL = SPEECH | words("speak talk foresee predict foretell caution fear expect")


def teller_of(tree: Tree, i: int) -> Attribution | None:
    """Return the attribution of the nearest verb of telling above a word, with its subject."""
    below = i
    for v in tree.above(i):
        if tree.lemmas[v] in _TELL and tree.tags[v][:2] == "VB":
            subject = _teller(tree, v)
            content = tuple(tree.below(below))
            if subject is None or subject in content:
                return None
            source = tuple(k for k in tree.below(subject) if k not in content and k != v)
            return Attribution(v, (v,), source, content, 0.5)
        below = v
    return None


def _teller(tree: Tree, v: int) -> int | None:
    """Return the subject of a verb or of the clause it is an aside of."""
    for k in [v, *tree.above(v)]:
        subject = tree.child(k, "nsubj")
        if subject is not None and tree.deps[subject] == "nsubj":
            return subject
        if tree.deps[k] not in ("advcl", "conj", "xcomp", "acl"):
            return None
    return None
