"""Namesakes: words that look like the name of a state and are not ("Michael Jordan")."""

from __future__ import annotations

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.names import Entry
from blocs.evidence.syntax.trees import Tree

PAPERS = words(
    "Post Times Herald Globe Journal Tribune News Independent Daily Review Observer Gazette "
    "Telegraph Mail Sun Star Today Weekly Monitor Chronicle Examiner Press Guardian Standard"
)


_TITLES = words(
    "president minister premier chancellor king queen prince ayatollah general secretary "
    "senator ambassador leader dictator colonel mr mr. mrs mrs. ms ms. dr dr. chairman vice "
    "prime foreign defense defence gen. col. sen. gov. rep. lt. sir lord sheikh pope marshal "
    "comrade"
)


_DOCUMENTS = words(
    "Agreement Accord Accords Convention Treaty Protocol Protocols Declaration Conference "
    "Pact Plan Process Charter Principles"
)


_DAYS = words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April "
    "May June July August September October November December"
)


_FIRST_NAMES = words("Jordan Chad Georgia Israel Paris Sydney Ireland Kenya India Cuba")


_THINGS = words(
    "War Wars Sea Seas Strait Straits Peninsula Ocean Channel Gulf Bay Basin Plateau "
    "River Valley Mountains Desert Canal"
)


_GOODS = {
    "French": words("fries toast press bulldog horn kiss window windows door doors onion polish"),
    "Turkish": words("delight bath baths coffee towel towels"),
    "Chinese": words("checkers whispers lantern lanterns takeaway"),
    "Danish": words("pastry pastries"),
    "Russian": words("roulette doll dolls salad"),
    "Indian": words("summer ink"),
    "Dutch": words("courage auction oven elm"),
    "Swiss": words("cheese knife roll"),
    "German": words("shepherd shepherds measles"),
    "Greek": words("salad tragedy yogurt yoghurt"),
    "English": words("muffin muffins breakfast"),
    "Irish": words("stew coffee setter"),
    "Spanish": words("flu omelette"),
    "Mexican": words("wave standoff"),
    "Persian": words("carpet carpets rug rugs cat cats"),
    "Brazil": words("nut nuts"),
    "Guinea": words("pig pigs fowl worm"),
    "Panama": words("hat hats"),
    "Brussels": words("sprout sprouts"),
}


_MADE = words(
    "made built designed supplied manufactured style born speaking era backed funded armed trained"
)
_AMERICAN = words(
    "state governor gov. senator sen. congressman congresswoman republican republicans democrat "
    "democrats statehouse"
)


_IN_GEORGIA = words("Atlanta Savannah Augusta Macon Columbus")


def is_namesake(tree: Tree, words: list[str], a: int, b: int, entry: Entry) -> bool:
    """Say whether a name is part of another name, or a common word.

    Parameters
    ----------
    tree : Tree
        The sentence.
    words : list of str
        Its words as they are looked up.
    a, b : int
        Half-open span of the name.
    entry : Entry
        What the name would stand for.
    """
    before = words[a - 1] if a else ""
    after = words[b] if b < len(words) else ""
    if entry.kind == "outlet" and words[a] == "The" and after[:1].isupper():
        return after not in _DAYS and tree.tags[b][:3] == "NNP"
    named_before = before[:1].isupper() and before.lower() not in _TITLES and a > 1
    if entry.kind == "holder" and b - a == 1:
        first_name = tree.tags[a - 1][:3] == "NNP" if a else False
        return first_name and named_before and before.upper() != before
    if b - a == 1 and words[a] in _FIRST_NAMES and after[:1].isupper():
        person = tree.tags[b][:3] == "NNP" and after not in PAPERS and after not in _DAYS
        if person and entry.kind in ("name", "capital") and tree.heads[b] in range(a, b + 2):
            return after not in _DOCUMENTS
    if after.lower() in _GOODS.get(words[a], ()) or (
        words[a] in ("Washington", "Lincoln") and before in ("George", "Denzel", "Martha")
    ):
        return True
    if words[b - 1] in ("West", "East", "Four") and (after[:1].isupper() or after == "-"):
        return True
    made = after == "-" and b + 1 < len(words) and tree.lows[b + 1] in _MADE
    namesake = made or _is_surname(tree, a, b, entry) or _is_american(tree, words, a, b)
    return namesake or _names_a_thing(after, b - a, entry)


def _names_a_thing(after: str, size: int, entry: Entry) -> bool:
    """Say whether a name goes on as that of a war, water or paper ("South China Sea")."""
    if after in _DOCUMENTS:
        return entry.kind in ("capital", "place") and size == 1
    return after in _THINGS and entry.kind in ("name", "demonym")


def _is_surname(tree: Tree, a: int, b: int, entry: Entry) -> bool:
    """Say whether a name that is a surname too hangs on a first name ("Michael Jordan")."""
    if not a or b - a > 1 or entry.kind != "name" or tree.words[a] not in _FIRST_NAMES:
        return False
    person = tree.tags[a - 1][:3] == "NNP" and tree.lows[a - 1] not in _TITLES
    return person and tree.deps[a] == "flat" and tree.heads[a] == a - 1


def _is_american(tree: Tree, words: list[str], a: int, b: int) -> bool:
    """Say whether Georgia or Washington is the American state ("Georgia governor Brian Kemp")."""
    if words[a] not in ("Georgia", "Washington") or b - a > 1:
        return False
    after = tree.lows[b] if b < len(words) else ""
    if words[a] == "Washington":
        return after == "state"
    of = tree.case(a) in ("of", "from") and tree.lows[tree.heads[a]] in _AMERICAN
    return of or after in _AMERICAN or (a > 1 and words[a - 2] in _IN_GEORGIA)
