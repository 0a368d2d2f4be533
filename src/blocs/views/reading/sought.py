"""What a reader of articles looks for among their items: words, kind, certainty, actor, speaker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blocs.evidence.reading.items import Item

NAMES = ("q", "kind", "certainty", "actor", "speaker")
"""What an address calls them; the page's form and script use the same."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; what is empty fits everything.

    Attributes
    ----------
    q : str
        Words, all of which an item must hold somewhere.
    kind, certainty : str
        As the item's.
    actor : str
        Code of a state or group that is its subject, its object or its speaker.
    speaker : str
        Part of the words for who says it.
    """

    q: str = ""
    kind: str = ""
    certainty: str = ""
    actor: str = ""
    speaker: str = ""

    @classmethod
    def said(cls, values: Mapping[str, str]) -> Sought:
        """Take it from what an address says.

        Examples
        --------
        >>> Sought.said({"kind": "event", "article": "9f"})
        Sought(q='', kind='event', certainty='', actor='', speaker='')
        """
        return cls(**{name: values[name] for name in NAMES if name in values})

    def said_of(self) -> tuple[tuple[str, str], ...]:
        """Return what is looked for under each name."""
        return tuple((name, getattr(self, name)) for name in NAMES)

    def fits(self, item: Item, *, text: str, says: str) -> bool:
        """Tell whether an item is looked for.

        Parameters
        ----------
        item : Item
            The item.
        text : str
            All that the page says of it.
        says : str
            Who says it, in words.
        """
        low = text.lower()
        return (
            (not self.kind or item.kind == self.kind)
            and (not self.certainty or item.certainty == self.certainty)
            and (not self.actor or self.actor in actors_of(item))
            and self.speaker.lower() in says.lower()
            and all(word in low for word in self.q.lower().split())
        )


def actors_of(item: Item) -> set[str]:
    """Return the country or group codes an item names."""
    codes = [*item.subject, *item.object, *(s.actor for s in item.speakers if s.actor)]
    return {c if c[:3] in ("IGO", "NGO") or c.islower() else c[:3] for c in codes}
