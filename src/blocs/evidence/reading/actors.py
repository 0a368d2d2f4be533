"""Who: states, bodies, groups and office holders named in a sentence, and in what part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812
from itertools import pairwise

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.names import Entry, Lookup, entry_on, holds_on, lookup
from blocs.evidence.reading.namesakes import PAPERS, is_namesake
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.repairs import known_names
from blocs.evidence.reading.sectors import is_secretary_general, role_of
from blocs.evidence.syntax.trees import Tree

_TOPICS = words(
    "specialist expert analyst scholar watcher researcher historian hand studies study desk "
    "policy affair programme program question issue strategist sinologist specialists border "
    "frontier"
)
_OWNED = words("policy programme program border frontier")
_MEDIA = words(
    "site website newspaper daily weekly magazine agency radio television tv channel "
    "broadcaster outlet media press tabloid paper portal blog"
)
_PLACE_CASES = words("in at near outside inside around through across from via")


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in a sentence.

    Attributes
    ----------
    first, last : int
        Half-open word span.
    head : int
        The word of the span that hangs outside it.
    code, role, kind : str
        See :class:`blocs.evidence.reading.names.Entry`.
    use : str
        actor, modifier, place, topic, outlet or (a user's agent noun) agent.
    """

    first: int
    last: int
    head: int
    code: str
    role: str
    kind: str
    use: str


@dataclass(frozen=True, slots=True)
class Party:
    """An actor as the sentence names it: code (``---`` unknown), sector, words."""

    code: str
    role: str
    first: int
    last: int
    head: int

    @property
    def full(self) -> str:
        """Return code and sector, for example ``USAGOV``."""
        return self.code + self.role if self.code != self.role else self.code


def find_mentions(
    tree: Tree,
    *,
    date: Date | None = None,
    own: Dictionaries | None = None,
    settled: Mapping[str, str] | None = None,
) -> list[Mention]:
    """Find the names in a sentence, longest first, and say how each is used.

    Parameters
    ----------
    tree : Tree
        The sentence.
    date : datetime.date, optional
        Day on which office holders are looked up; without it the latest holder of the name.
    own : Dictionaries, optional
        A user's own names and agent nouns, which go before the built-in ones (or, where they
        stand alone, replace them).
    settled : mapping, optional
        State of each name that two share (:mod:`blocs.evidence.reading.shared_names`); "" for
        neither.

    Returns
    -------
    list of Mention
        Disjoint, in order.

    Examples
    --------
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("Kyiv thanked the Washington Post.", 0)])
    >>> [(m.code, m.use) for m in find_mentions(tree)]
    [('UKR', 'actor'), ('', 'outlet')]
    """
    found: dict[int, Mention] = {}
    if own is not None:
        _add(found, tree, [w.upper() for w in tree.words], own.actors, date)
    if own is None or not own.alone:
        names = dict(found)
        _add(names, tree, [_spelling(w) for w in tree.words], lookup(), date)
        found = _settle(names, found, tree, settled) if settled else names
    if own is not None and own.agents:
        _add_agents(found, tree, own.agents)
    return _of_their_state([found[i] for i in sorted(found)], tree)


_BODIES = words(
    "Chiefs Department Ministry Council Congress Senate Treasury Parliament Army Navy Office "
    "Representatives Command Administration Security"
)


def _of_their_state(mentions: list[Mention], tree: Tree) -> list[Mention]:
    """Give a body the state that is named with it: "South Korea's Joint Chiefs of Staff"."""
    out = list(mentions)
    for i, (one, two) in enumerate(pairwise(mentions)):
        near = two.first - one.last <= 1 and one.kind in ("name", "demonym", "capital")
        body = two.kind in ("body", "seat") and len(two.code) == len(one.code) == 3
        if near and body and _BODIES & set(tree.words[two.first : two.last]):
            out[i + 1] = replace(two, code=one.code)
    return out


def _add(
    found: dict[int, Mention], tree: Tree, words: list[str], names: Lookup, date: Date | None
) -> None:
    """Add the names of one table that no name found before covers."""
    taken = {k for m in found.values() for k in range(m.first, m.last)}
    i = 0
    while i < len(words):
        hit = _longest(names, words, i)
        if hit is None or taken & set(range(i, i + hit[0])):
            i += 1
            continue
        mention = _mention(tree, words, i, i + hit[0], hit[1], date)
        if mention:
            found[i] = mention
        i += hit[0] if mention or hit[1][0].kind != "outlet" else 1


def _settle(
    names: dict[int, Mention], own: dict[int, Mention], tree: Tree, settled: Mapping[str, str]
) -> dict[int, Mention]:
    """Give a name that two states share the one that the article means, if it says which."""
    meant = {i: settled.get(tree.words[i]) for i, m in names.items() if m.last == i + 1}
    known = {i: code for i, code in meant.items() if code is not None and i not in own}
    return {i: replace(m, code=known.get(i, m.code)) for i, m in names.items()}


def _add_agents(found: dict[int, Mention], tree: Tree, agents: dict[str, str]) -> None:
    """Add a user's agent nouns ("rebel") where no name stands: a sector without a country."""
    taken = {k for m in found.values() for k in range(m.first, m.last)}
    for i, (low, lemma) in enumerate(zip(tree.lows, tree.lemmas, strict=True)):
        role = agents.get(low) or agents.get(lemma)
        if role and i not in taken and tree.tags[i][:2] == "NN":
            found[i] = Mention(i, i + 1, i, "", role, "agent", "agent")


def _spelling(word: str) -> str:
    """Undo curly apostrophes and lost capitals."""
    word = word.replace("’", "'")
    return word.capitalize() if word.islower() and word in known_names() else word


def _longest(names: Lookup, words: Sequence[str], i: int) -> tuple[int, tuple[Entry, ...]] | None:
    """Return the length and entries of the longest name that starts at a word."""
    for form, entries in names.get(words[i], ()):
        if tuple(words[i : i + len(form)]) == form:
            return len(form), entries
    return None


def _mention(
    tree: Tree, words: list[str], a: int, b: int, entries: tuple[Entry, ...], date: Date | None
) -> Mention | None:
    """Choose among the entries of a name and say how it is used; None for a false friend."""
    entry = entry_on(entries, date)
    if is_namesake(tree, words, a, b, entry):
        return None
    head = next((k for k in range(a, b) if not a <= tree.heads[k] < b or tree.heads[k] == k), a)
    use = _use(tree, words, a, b, head, entry)
    out = use == "outlet"
    role = entry.role
    if entry.kind == "holder" and date and not holds_on(entry, date) and role == "GOV":
        role = "ELI"
    return Mention(a, b, head, "" if out else entry.code, role, entry.kind, use)


def _use(tree: Tree, words: list[str], a: int, b: int, head: int, entry: Entry) -> str:
    """Say how a name is used in its sentence."""
    after = words[b] if b < len(words) else ""
    if entry.kind == "outlet" or (after in PAPERS and entry.kind in ("name", "capital", "place")):
        return "outlet"
    if entry.kind not in ("body", "seat", "holder") and _is_topic(tree, words, a, head, entry):
        return "topic"
    governor = tree.heads[head]
    label = tree.deps[head].split(":")[0]
    bare = governor != head and not tree.case(head)
    if bare and label in ("compound", "amod", "nmod", "obl"):
        return "modifier"
    if entry.kind == "demonym" and tree.tags[head].startswith("JJ"):
        return "modifier"
    located = tree.case(head) in _PLACE_CASES and entry.kind in ("name", "capital")
    return "place" if located or entry.kind == "place" else "actor"


def _is_topic(tree: Tree, words: list[str], a: int, head: int, entry: Entry) -> bool:
    """Say whether a name is what something is about: "Russia expert", "anti-Syria", "ethnic"."""
    if a and words[a - 1] == "ethnic":
        return True
    if a > 1 and words[a - 1] in "-–" and words[a - 2].lower() in ("anti", "pro", "ex"):
        return True
    label = tree.deps[head].split(":")[0]
    near = label in ("compound", "amod", "nmod") and not tree.case(head)
    governor = tree.heads[head]
    if entry.kind == "demonym" and tree.lemmas[governor] in _OWNED:
        return False
    return near and tree.lemmas[governor] in _TOPICS and tree.deps[governor] != "compound"


def by_word(mentions: Iterable[Mention]) -> dict[int, Mention]:
    """Return the mention that covers each word."""
    return {k: m for m in mentions for k in range(m.first, m.last)}


_NEAR = ("compound", "amod", "nmod:poss", "nmod:desc", "nmod:unmarked", "flat")


def resolve(tree: Tree, head: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the parties of a noun phrase and of those coordinated with it.

    Parameters
    ----------
    tree : Tree
        The sentence.
    head : int
        Head word of the phrase.
    covered : dict
        From :func:`by_word`.
    """
    heads = [head, *_conjuncts(tree, head)]
    found: list[Party] = []
    for h in heads:
        party = _party(tree, h, covered, 0)
        if party:
            found += _spread(tree, h, party, covered)
    if len(found) > 1:
        found = _share(found)
    return _distinct(found)


def _conjuncts(tree: Tree, head: int) -> list[int]:
    """Return the nouns coordinated with a head."""
    out = []
    for c in tree.kids(head, "conj"):
        apart = ";" in tree.words[head:c]
        if not apart and (tree.tags[c][:1] in "NPJ" or tree.tags[c] in ("CD", "DT")):
            out += [c, *_conjuncts(tree, c)]
    return out


def _spread(tree: Tree, h: int, party: Party, covered: dict[int, Mention]) -> list[Party]:
    """Give "US and British activists" one party per demonym."""
    found = [party]
    for c in tree.children[h]:
        listed = tree.deps[c] == "nmod" and covered.get(c) is not None
        same = listed and covered[c].code == party.code
        if tree.deps[c] in _NEAR[:3] or same:
            for k in _conjuncts(tree, c):
                m = covered.get(k)
                if m and m.code and m.code != party.code and m.kind in ("demonym", "name"):
                    found.append(replace(party, code=m.code))
                elif same and (p := _party(tree, k, covered, 1)) and p.code not in ("---", ""):
                    found.append(p)
    return found


def _share(found: list[Party]) -> list[Party]:
    """Give coordinated nouns without a country that of the first ("media and government")."""
    known = next((p.code for p in found if p.code != "---"), "---")
    return [replace(p, code=known) if p.code == "---" and p.role else p for p in found]


def _distinct(found: list[Party]) -> list[Party]:
    """Drop repeats, keep order."""
    seen: dict[tuple[str, str], Party] = {}
    for party in found:
        seen.setdefault((party.code, party.role), party)
    return list(seen.values())


def _party(tree: Tree, h: int, covered: dict[int, Mention], depth: int) -> Party | None:
    """Return the party of one noun: its own name, else its modifiers', with its sector."""
    own = covered.get(h)
    if own and own.use == "topic":
        return Party("---", "CVL", own.first, own.last, h)
    if own and own.use == "outlet":
        return None
    role = own.role if own and own.use == "agent" else role_of(tree, h)
    if own and own.code:
        code = _holder_code(tree, h, own, covered)
        return Party(code, own.role or _title_role(tree, own), own.first, own.last, h)
    mention = _country_near(tree, h, covered) or _country_far(tree, h, covered, depth)
    if mention is not None:
        return _owned(tree, h, mention, role)
    if role == "NGO" or is_secretary_general(tree, h):
        return Party(role or "IGOUNO", "", h, h + 1, h)
    return Party("---", role, h, h + 1, h) if role else None


def _owned(tree: Tree, h: int, mention: Mention | Party, role: str) -> Party:
    """Return a noun as a party of the country named with it; "missiles to Russia" are not its."""
    if isinstance(mention, Party) and role == "MIL" and tree.case(mention.head) == "to":
        return mention
    first, last = min(mention.first, h), max(mention.last, h + 1)
    return Party(mention.code, role or _second_role(mention, h), first, last, h)


def _holder_code(tree: Tree, h: int, own: Mention, covered: dict[int, Mention]) -> str:
    """Return the country a text gives an office holder ("Serbian President Kostunica")."""
    if own.kind == "holder":
        for c in tree.below(h):
            m = covered.get(c)
            near = m is not None and m.last <= own.first <= m.last + 3
            if m and near and m.kind in ("demonym", "name") and m.use in ("modifier", "actor"):
                return m.code
    return own.code


def _second_role(party: Mention | Party, h: int) -> str:
    """Return the sector of a named holder that a common noun stands beside."""
    return party.role if isinstance(party, Party) or party.kind in ("holder", "body") else ""


def _title_role(tree: Tree, own: Mention) -> str:
    """Return the sector of a demonym used as a noun."""
    return "CVL" if own.kind == "demonym" and tree.tags[own.head] == "NNS" else ""


def _country_near(tree: Tree, h: int, covered: dict[int, Mention]) -> Mention | None:
    """Look for a name among the modifiers just before the noun, nearest last."""
    best: Mention | None = None
    for c in tree.children[h]:
        if tree.deps[c] in _NEAR and not _bracketed(tree, c):
            own = covered.get(c)
            m = own if own and own.use != "agent" else _country_near(tree, c, covered)
            if m and m.code and m.use != "topic" and (best is None or m.kind != "holder"):
                best = best if best and best.kind != "holder" and m.kind == "holder" else m
                if tree.deps[c] in ("nmod:poss", "amod", "compound"):
                    return best
    return best


_OF = words("of from for in at within between among to with against on around near by")


def _country_far(tree: Tree, h: int, covered: dict[int, Mention], depth: int) -> Party | None:
    """Look in "of" and other phrases and in appositions after the noun."""
    if depth > 4:
        return None
    after = tree.kids(h, "appos", "nmod", "nmod:poss", "acl", "flat", "nmod:unmarked", "nmod:desc")
    ranked = sorted(after, key=lambda c: (_rank(tree, c), c))
    for c in ranked:
        if _is_apart(tree, c):
            continue
        if tree.lows[c] == "affairs" and depth < 4:
            return _country_far(tree, c, covered, depth + 1)
        if tree.deps[c] == "acl":
            inner = [k for k in tree.children[c] if tree.deps[k].split(":")[0] in ("obl", "obj")]
            parties = [p for k in inner if (p := _party(tree, k, covered, depth + 1))]
        else:
            party = _party(tree, c, covered, depth + 1)
            parties = [party] if party else []
        for party in parties:
            if party.code != "---":
                return party
    return None


def _is_apart(tree: Tree, c: int) -> bool:
    """Say whether a phrase after a noun names no country of it."""
    if tree.deps[c] == "nmod" and tree.case(c) not in _OF:
        return True
    return tree.deps[c] in ("nmod", "acl") and _bracketed(tree, c)


def _bracketed(tree: Tree, c: int) -> bool:
    """Say whether a phrase stands in brackets ("(now in Washington)")."""
    before = tree.words[:c]
    return "(" in before and ")" not in before[before.index("(") :]


def _rank(tree: Tree, c: int) -> int:
    """Order the phrases after a noun: of, appositions, origin, place, others."""
    if tree.deps[c] in ("nmod:poss", "flat"):
        return 0
    if tree.deps[c] == "appos":
        return 2
    case = tree.case(c)
    return 1 if case in ("of", "from", "by") else 3 if case in ("in", "at", "within") else 4
