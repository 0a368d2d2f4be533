"""Of whom a verb is said: its subject, its own or shared, and whether that can act at all."""

from __future__ import annotations

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.syntax.trees import Tree

PRONOUNS = words("they he she it who that which we i them him her us")


_MANY = words("hundred thousand million dozen ten member number team crowd")


_NOBODY = words("nobody none nothing no-one noone")


def subject_of(tree: Tree, v: int) -> int | None:
    """Return the subject of a verb, its own or the one it shares with a verb or noun above it."""
    return _subject(tree, v, 0)


def _subject(tree: Tree, v: int, depth: int) -> int | None:
    """Return the subject of a verb some steps below where the search began."""
    own = tree.child(v, "nsubj", "csubj")
    minded = tree.lemmas[v] in _MINDED and tree.child(v, "xcomp", "advcl", "obl") is not None
    if own is not None and (tree.deps[own] != "nsubj:pass" or minded):
        return own
    agent = next(iter(tree.kids(v, "obl:agent")), None)
    if agent is not None or own is not None or tree.heads[v] == v or depth > 5:
        return agent
    return _shared_subject(tree, v, depth)


_BLAME = words(
    "accuse blame suspect criticise criticize condemn denounce charge thank praise punish rebuke "
    "chide castigate fault sanction"
)


def _shared_subject(tree: Tree, v: int, depth: int) -> int | None:
    """Return the subject a verb without one shares with the clause or noun above it."""
    governor, label = tree.heads[v], tree.deps[v]
    if label in ("conj", "xcomp", "advcl", "parataxis", "ccomp"):
        blamed = tree.lemmas[governor] in _BLAME and any(
            tree.lows[k] in ("of", "for") for k in tree.kids(v, "mark", "case")
        )
        controlled = tree.child(governor, "obj") if label == "xcomp" or blamed else None
        return controlled if controlled is not None else _subject(tree, governor, depth + 1)
    clause = label == "acl:relcl" or (label == "acl" and tree.tags[v] == "VBG")
    return governor if clause else None


def shares_passive(tree: Tree, v: int) -> bool:
    """Say whether a participle goes on with a passive: "15 were killed and 40 wounded"."""
    own = tree.child(v, "nsubj", "aux", "cop", "obj")
    linked = tree.deps[v] in ("conj", "advcl", "parataxis") and tree.tags[v] == "VBN"
    return linked and own is None and tree.child(tree.heads[v], "aux:pass") is not None


def is_agent(tree: Tree, verb: int) -> bool:
    """Say whether the subject of a verb can be a person or body at all."""
    subject = subject_of(tree, verb)
    if subject is None:
        return True
    tag = tree.tags[subject]
    return (
        tag[:3] in ("NNP", "PRP", "CD")
        or bool(role_of(tree, subject))
        or tree.lemmas[subject] in _MANY
    )


def has_no(tree: Tree, v: int) -> bool:
    """Say whether what a verb is said of or done to is none ("no troops crossed", "sent no arms").

    Examples
    --------
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("Poland sent no weapons.", 0)])
    >>> has_no(tree, 1)
    True
    """
    ends = tree.kids(v, "nsubj", "nsubj:pass", "obj", "csubj")
    return any(
        tree.lows[c] in _NOBODY or any(tree.lows[k] == "no" for k in tree.kids(c, "det"))
        for c in ends
    )


_MINDED = words("commit prepare determine schedule oblige dedicate")
