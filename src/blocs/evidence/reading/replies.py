"""Who answers what was just said: "Moscow denied it", "Washington confirmed the report"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from blocs.evidence.reading.actors import by_word
from blocs.evidence.reading.attribution import Attribution
from blocs.evidence.reading.items import Item, Speaker
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.reading import Reading
from blocs.evidence.reading.speakers import CONFIRM, DENY, attributed
from blocs.evidence.syntax.trees import Tree

_IT = words("it this that them these those both")
_SAID = words(
    "claim report allegation accusation charge statement assertion revelation account news figure "
    "information finding"
)
_POINTING = words("the this that these those such both")


class Replies:
    """What the sentences of an article answer, sentence by sentence, in order."""

    def __init__(self) -> None:
        self._said: tuple[int, int] | None = None
        self._found: list[tuple[tuple[int, int], Speaker]] = []

    def hear(self, text: str, reading: Reading) -> None:
        """Take the next sentence in: a reply to the one before, or something new."""
        answers = replies_in(text, reading)
        if not answers:
            self._said = (reading.tree.begins[0], reading.tree.ends[-1])
        elif self._said is not None:
            self._found += [(self._said, one) for one in answers]

    def told(self, items: Iterable[Item]) -> list[Item]:
        """Give the items of an answered sentence those who answered, last in their chain."""
        return [self._answered(item) for item in items]

    def _answered(self, item: Item) -> Item:
        more = [s for (a, b), s in self._found if a <= item.start and item.end <= b]
        return msgspec.structs.replace(item, speakers=[*item.speakers, *more]) if more else item


def replies_in(text: str, reading: Reading) -> Sequence[Speaker]:
    """Return who confirms or denies the sentence before, if that is all this one says.

    Parameters
    ----------
    text : str
        The article.
    reading : Reading
        The sentence.

    Returns
    -------
    sequence of Speaker
        In the part ``confirmer`` or ``denier``; empty where the sentence says what it is that
        was confirmed, or says that it was not.
    """
    tree = reading.tree
    root = next((i for i, label in enumerate(tree.deps) if label == "root"), None)
    if root is None or tree.lemmas[root] not in CONFIRM | DENY or tree.tags[root][:2] != "VB":
        return ()
    obj, subject = tree.child(root, "obj"), tree.child(root, "nsubj")
    negated = any(tree.lows[k] in ("not", "n't", "n’t", "never") for k in tree.children[root])
    if obj is None or subject is None or negated or tree.child(root, "ccomp") is not None:
        return ()
    if not _points_back(tree, obj):
        return ()
    how = tuple(k for k in tree.kids(root, "advmod") if k == root - 1)
    source = tuple(tree.below(subject))
    said = Attribution(root, (*how, root), source, (), 1.0)
    return attributed(text, tree, said, by_word(reading.mentions))


def _points_back(tree: Tree, obj: int) -> bool:
    """Say whether an object is what was said before: "it", "the report"."""
    if tree.lows[obj] in _IT and not tree.children[obj]:
        return True
    kids = tree.children[obj]
    pointing = all(tree.deps[k] == "det" and tree.lows[k] in _POINTING for k in kids)
    return tree.lemmas[obj] in _SAID and bool(kids) and pointing
