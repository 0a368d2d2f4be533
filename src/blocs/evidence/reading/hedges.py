"""How sure: hedging words, and the certainty of an item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocs.evidence.events import Act
from blocs.evidence.reading.items import Certainty, Speaker
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.subjects import has_no
from blocs.evidence.syntax.lemmas import lemma
from blocs.evidence.syntax.trees import Tree

_HEDGES = words(
    "may might could perhaps possibly probably likely unlikely maybe reportedly allegedly "
    "apparently supposedly seemingly presumably purportedly seems appears seem appear "
    "appeared seemed suggests suggested believed alleged suspected rumoured rumored "
    "expected potentially conceivably arguably doubtless weakly partly roughly unconfirmed "
    "possible potential presumed supposed apparent"
)
_PHRASES = (("no", "doubt"), ("more", "or", "less"), ("in", "part"), ("not", "sure"))
_NEGATIONS = words("not n't n’t never no neither nor")


def find_hedges(tree: Tree, words: Iterable[int]) -> list[str]:
    """Return the hedging words among some words, as written, in order.

    Examples
    --------
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("It may perhaps follow.", 0)])
    >>> find_hedges(tree, range(len(tree)))
    ['may', 'perhaps']
    """
    chosen = sorted(words)
    out = [tree.words[i] for i in chosen if tree.lows[i] in _HEDGES and tree.words[i] != "May"]
    for phrase in _PHRASES:
        for i in chosen:
            if tree.lows[i : i + len(phrase)] == phrase:
                out.append(" ".join(tree.words[i : i + len(phrase)]))
    return [*out, "?"] if chosen and _asks(tree) else out


_MINDS = words("fear hope believe expect doubt suspect worry think wish suppose imagine dread")


def find_doubts(tree: Tree, span: Sequence[int]) -> list[str]:
    """Return the verb of mind that a clause is the object of ("Poland fears that ...").

    What somebody only fears or hopes is not asserted, even where nobody is heard to say it.
    """
    top = _top(tree, span)
    if top is None or tree.deps[top] not in ("ccomp", "acl") or tree.heads[top] in span:
        return []
    verb = tree.heads[top]
    minded = {tree.lemmas[verb], lemma(tree.lows[verb], "VBZ")} & _MINDS
    return [tree.words[verb]] if minded else []


def _asks(tree: Tree) -> bool:
    """Say whether a sentence is a question: what it asks is not asserted."""
    return "?" in tree.words[-2:]


def certainty_of(
    tree: Tree,
    words: Sequence[int],
    act: Act | None,
    hedges: Sequence[str],
    speakers: Sequence[Speaker],
) -> Certainty:
    """Return the certainty of an item; the strongest mark wins.

    Notes
    -----
    Order: negated, denied, conditional, hedged, reported, asserted.
    """
    if act.negated if act else _negated(tree, words):
        return "negated"
    if any(s.role == "denier" for s in speakers) or _is_denied(tree, words):
        return "denied"
    if (act is not None and act.conditional) or _conditional(tree, words):
        return "conditional"
    if hedges:
        return "hedged"
    return "reported" if speakers else "asserted"


def _top(tree: Tree, words: Sequence[int]) -> int | None:
    """Return the word of a span that hangs outside it."""
    inside = set(words)
    return next((i for i in words if tree.heads[i] not in inside or tree.heads[i] == i), None)


def _negated(tree: Tree, words: Sequence[int]) -> bool:
    """Say whether the main word of a span is negated."""
    top = _top(tree, words)
    if top is None:
        return False
    plain = any(tree.lows[c] in _NEGATIONS for c in tree.children[top])
    return plain or has_no(tree, top)


def _is_denied(tree: Tree, words: Sequence[int]) -> bool:
    """Say whether a span is what somebody denies: "denied supplying weapons"."""
    top = _top(tree, words)
    inner = top is not None and tree.deps[top] in ("xcomp", "ccomp", "advcl", "obj")
    return inner and tree.lemmas[tree.heads[top or 0]] in ("deny", "refute")


def _conditional(tree: Tree, words: Sequence[int]) -> bool:
    """Say whether a span depends on an if or unless, or on what was not ("had Beijing wanted")."""
    top = _top(tree, words)
    if top is None:
        return False
    while tree.deps[top] == "xcomp" and tree.heads[top] != top:
        top = tree.heads[top]
    clauses = [top, *tree.kids(top, "advcl")]
    marked = any(tree.lows[k] in ("if", "unless") for c in clauses for k in tree.kids(c, "mark"))
    return marked or any(_is_turned(tree, c) for c in clauses)


def _is_turned(tree: Tree, v: int) -> bool:
    """Say whether a clause opens with its auxiliary: "had it wanted to", "should it attack"."""
    subject = tree.child(v, "nsubj")
    first = min(tree.below(v))
    opens = tree.lows[first] in _TURNED and tree.heads[first] == v
    turned = opens and subject is not None and first < subject
    whole = tree.lows[0] in _TURNED and "," in tree.words  # "Were Iran to attack, ..."
    return (turned or whole) and tree.words[-1] != "?"


_TURNED = ("had", "were", "should")
