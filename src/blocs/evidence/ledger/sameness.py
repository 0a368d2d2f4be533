"""When two items tell one fact: same ends, like words, figures that agree, times that meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from blocs.evidence.reading.items import Item
from blocs.evidence.reading.lists import words

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = words(
    "the a an of to in on at by for and or that this these those is are was were be been being "
    "has have had it its their his her with as from not but than will would could may might "
    "which who whom whose what when where into over under about more up also then there here "
    "they he she we you i them him us said says say told tells according some such so very "
    "including since during after before while because if unless can should must do does did"
)
_ONE_THING = {
    "soldier": "soldier troop serviceman servicemen fighter contingent detachment battalion army",
    "shell": "shell round ammunition munition",
    "treaty": "treaty pact agreement accord deal",
    "send": "send sent deploy dispatch ship deliver supply provide transfer give gave given "
    "hand delivery supplies shipment provision deployment",
    "attack": "attack strike struck bombard raid assault offensive",
    "missile": "missile rocket",
    "drone": "drone uav shahed",
    "kill": "kill dead die died death",
    "buy": "buy bought purchase import",
    "sign": "sign signature",
    "seize": "seize conquer capture occupy take took taken",
    "weapon": "weapon arm armament weaponry",
    "adviser": "adviser advisor instructor trainer",
    "accuse": "accuse accusation blame",
}
_SYNONYM = {form: head for head, forms in _ONE_THING.items() for form in forms.split()}
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))
CLOSE = 0.05
AGAINST = ("denied", "negated")


@lru_cache(maxsize=65536)
def concept(word: str) -> str:
    """Return what a word stands for: its stem, or the name of its group of like words.

    Examples
    --------
    >>> concept("troops"), concept("supplied"), concept("missiles")
    ('soldier', 'send', 'missile')
    """
    low = word.lower().removesuffix("'s").removesuffix("’s")
    for form in _forms(low):
        if form in _SYNONYM:
            return _SYNONYM[form]
    return _forms(low)[-1]


def _forms(word: str) -> list[str]:
    """Return the word and its simpler forms, the simplest last."""
    out = [word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
            stem = word[: -len(ending)] + instead
            out += [stem + "y" if ending == "ed" and stem.endswith("i") else stem]
            if ending == "ed" and stem.endswith("i"):
                out[-1] = stem[:-1] + "y"
            out += [stem + "e"] if ending in ("ing", "ed") and not stem.endswith("i") else []
            out.append(out[1])
            break
    return out


@lru_cache(maxsize=65536)
def concepts(text: str) -> frozenset[str]:
    """Return the concepts of the content words of a text; figures are left out."""
    found = (w for w in WORD.findall(text) if not w[0].isdigit() and w.lower() not in _STOP)
    return frozenset(concept(w) for w in found)


def likeness(one: str, two: str) -> float:
    """Return the Jaccard likeness of the concepts of two texts, 0 to 1.

    Examples
    --------
    >>> likeness("They sent soldiers", "They deployed troops")
    1.0
    """
    a, b = concepts(one), concepts(two)
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if a or b else 0.0


def states(codes: Sequence[str]) -> tuple[str, ...]:
    """Return sorted country codes without sectors."""
    return tuple(sorted({c[:6] if c.startswith("IGO") else c[:3] for c in codes}))


def key_of(item: Item) -> tuple[str, ...]:
    """Return what must be equal for two items to tell one fact, or to be in conflict."""
    subject = ",".join(states(item.subject))
    if item.quantity is not None:
        q = item.quantity
        return ("quantity", subject, q.unit, counted(item), q.per or "")
    if item.event is not None:
        return ("act", subject, item.event.plover)
    return (item.kind, subject)


def counted(item: Item) -> str:
    """Return what an amount counts: its noun, else the nearest noun of the ladder before it."""
    q = item.quantity
    if q is None:
        return ""
    if q.of:
        found = WORD.findall(q.of)
        return concept(found[-1]) if found else ""
    if q.unit != "count":
        return ""
    at = item.statement.find(item.quote)
    for word in reversed(WORD.findall(item.statement[max(0, at - 80) : max(at, 0)])):
        if concept(word) in ("soldier", "shell", "missile", "drone", "weapon", "adviser", "tank"):
            return concept(word)
    return ""


def same(one: Item, two: Item) -> bool:
    """Say whether two items with the same key tell one fact.

    Notes
    -----
    Times must meet (an unknown one meets any). Amounts: the figure within 5 %, or inside the
    other's bounds, and the words about it agree. Acts: the other end is the same or not told,
    and the words agree by half, or in two concepts. Others: the words agree by half.
    """
    if not times_meet(one, two):
        return False
    if one.quantity is not None and two.quantity is not None:
        return figures_agree(one, two) and about_one_thing(one, two)
    if one.event is not None:
        return _ends_meet(one, two) and _words_agree(one, two)
    if one.horizon is not None and two.horizon is not None:
        spans = {(i.horizon.low, i.horizon.high, i.horizon.unit) for i in (one, two) if i.horizon}
        return len(spans) == 1 and likeness(one.quote, two.quote) >= 0.4
    return likeness(one.quote, two.quote) >= 0.5


def _ends_meet(one: Item, two: Item) -> bool:
    """Say whether the objects of two acts are the same, or one is not told."""
    a, b = states(one.object), states(two.object)
    return not a or not b or a == b


def _words_agree(one: Item, two: Item) -> bool:
    """Say whether two acts are told in like words."""
    a, b = concepts(one.quote), concepts(two.quote)
    shared = (a & b) - _named(one.quote) - _named(two.quote)
    alike = len(a & b) / len(a | b) if a | b else 0.0
    places = _named(one.quote), _named(two.quote)
    if all(places) and not places[0] & places[1]:
        return alike >= 0.5
    return alike >= 0.5 or len(shared) >= 2 or (_dated(one, two) and bool(shared))


def _dated(one: Item, two: Item) -> bool:
    """Say whether both acts have a date of a month or less."""
    return all(
        i.when is not None and i.when.start and i.when.precision != "year" for i in (one, two)
    )


@lru_cache(maxsize=65536)
def _named(text: str) -> frozenset[str]:
    """Return concepts of capitalised words that do not open the text."""
    found = WORD.findall(text)
    return frozenset(concept(w) for w in found[1:] if w[0].isupper())


def about_one_thing(one: Item, two: Item) -> bool:
    """Say whether the words round two amounts share a concept beside the thing counted."""
    shared = _around(one) & _around(two)
    return bool(shared - {counted(one)}) or one.statement == two.statement


def _around(item: Item) -> frozenset[str]:
    """Return the concepts within about a dozen words of an amount."""
    at = item.statement.find(item.quote)
    if at < 0:
        return concepts(item.statement)
    before = item.statement[max(0, at - 90) : at]
    after = item.statement[at + len(item.quote) : at + len(item.quote) + 90]
    return concepts(f"{before} | {after}")


def times_meet(one: Item, two: Item) -> bool:
    """Say whether two spells overlap; an unknown one meets any."""
    if one.when is None or two.when is None:
        return True
    a, b = one.when, two.when
    if None in (a.start, a.end, b.start, b.end):
        return True
    return str(a.start) < str(b.end) and str(b.start) < str(a.end)


def figure(item: Item) -> float | None:
    """Return the number an item states: its value, else its upper, else its lower bound."""
    q = item.quantity
    if q is None:
        return None
    return q.value if q.value is not None else q.high if q.high is not None else q.low


def figures_agree(one: Item, two: Item) -> bool:
    """Say whether two amounts state the same figure, within 5 %, or one range holds the other."""
    a, b = figure(one), figure(two)
    if a is None or b is None:
        return False
    if abs(a - b) <= CLOSE * max(abs(a), abs(b)):
        return True
    return any(
        q.low is not None and q.high is not None and q.low <= x <= q.high
        for q, x in ((one.quantity, b), (two.quantity, a))
        if q is not None
    )


def bounds_meet(one: Item, two: Item) -> bool:
    """Say whether some number lies within the bounds of both amounts."""
    (a, b), (c, d) = _bounds(one), _bounds(two)
    return a <= d and c <= b


def _bounds(item: Item) -> tuple[float, float]:
    """Return the least and greatest number an amount allows."""
    q = item.quantity
    if q is None:
        return float("-inf"), float("inf")
    if q.value is not None and q.low is None and q.high is None:
        return q.value, q.value
    return (
        q.low if q.low is not None else float("-inf"),
        q.high if q.high is not None else float("inf"),
    )
