"""Acts that nouns carry - the signing of a treaty between A and B - and red lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blocs.evidence.events import Act
from blocs.evidence.reading.actors import Mention, Party, resolve
from blocs.evidence.reading.lexicon import mode, noun_codes, plover, sign
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.subjects import subject_of
from blocs.evidence.syntax.trees import Tree

_OWN = words(
    "visit trip tour withdrawal pullout pullback retreat talks summit meeting conference exercise "
    "drill offensive warning threat demand support praise"
)
_BACKERS = {"supporter": "051", "backer": "051", "ally": "050", "partner": "050"}
_TOWARD = words("to against on into toward towards with at over upon")
_NEAR = ("amod", "compound", "nmod:poss", "nmod:desc", "nmod:unmarked")
_MOVED = words("troop soldier force unit personnel peacekeeper army marine contingent missile")
_WEAPONS = words("air missile drone rocket artillery military nuclear precision bombing")
_LINES = words("line lines")
_DRAW = words("consider call deem regard view see declare draw set describe label treat")
_POSSIBLE = words("possible potential eventual future planned proposed likely would-be")


@dataclass(frozen=True, slots=True)
class Norm:
    """A red line: what must not be done, in whose eyes.

    Attributes
    ----------
    holders : tuple of Party
        Whose line it is; empty where the sentence does not say.
    act : Act or None
        What must not be done, if it is a known act.
    words : tuple of int
        Words of the clause that draws it.
    cue : int
        The word that says so: "taboo", "line".
    """

    holders: tuple[Party, ...]
    act: Act | None
    words: tuple[int, ...]
    cue: int


def find_nominals(
    tree: Tree, covered: dict[int, Mention], *, taken: Sequence[Act] = ()
) -> list[Act]:
    """Find acts that nouns carry and whose ends the noun's own phrases name.

    Parameters
    ----------
    tree : Tree
        The sentence.
    covered : dict
        Mentions by word (:func:`blocs.evidence.reading.actors.by_word`).
    taken : sequence of Act
        Acts of verbs; a noun that one of them used already is left out.

    Returns
    -------
    list of Act
        In the order of the nouns, rank 1 and up.

    Examples
    --------
    >>> from blocs.evidence.reading.actors import by_word, find_mentions
    >>> from blocs.evidence.syntax import parse_sentences
    >>> text = "The signing of a treaty between Russia and North Korea is no surprise."
    >>> [tree] = parse_sentences([(text, 0)])
    >>> [(a.plover, a.dyads()) for a in find_nominals(tree, by_word(find_mentions(tree)))]
    [('SUPPORT', [('RUS', 'PRK'), ('PRK', 'RUS')])]
    """
    out: list[Act] = []
    used: set[int] = set()
    verbs = {act.verb for act in taken if tree.tags[act.verb][:1] == "V"}
    for n, tag in enumerate(tree.tags):
        if tag not in ("NN", "NNS") or n in used or n in covered or n in verbs:
            continue
        code = _code(tree, n)
        if not code or _serves(tree, n, verbs):
            continue
        act = _nominal(tree, n, code, covered, rank=len(taken) + len(out))
        if act is not None:
            used |= set(act.words)
            out.append(act)
    return out


def _code(tree: Tree, n: int) -> str:
    """Return the CAMEO code of a noun; backers only where something says who they are."""
    lemma = tree.lemmas[n]
    if lemma in _BACKERS:
        return _BACKERS[lemma] if tree.child(n, "cop", "nsubj") is not None else ""
    if lemma == "strike" and _is_hit(tree, n):
        return "190"
    return noun_codes().get(lemma) or noun_codes().get(tree.lows[n]) or ""


def _is_hit(tree: Tree, n: int) -> bool:
    """Say whether a strike is one on something, from the air or by missiles."""
    before = {tree.lows[c] for c in tree.kids(n, "compound", "amod")}
    return bool(before & _WEAPONS) or any(tree.case(c) == "on" for c in tree.kids(n, "nmod"))


def _serves(tree: Tree, n: int, verbs: set[int]) -> bool:
    """Say whether a noun only completes a verb that is an act ("signed a treaty")."""
    if tree.deps[n].split(":")[0] in ("obj", "obl", "nsubj", "ccomp", "compound"):
        return tree.heads[n] in verbs
    return tree.deps[n] == "conj" and _serves(tree, tree.heads[n], verbs)


def _nominal(
    tree: Tree, n: int, code: str, covered: dict[int, Mention], *, rank: int
) -> Act | None:
    """Build the act of a noun; None where too few of its ends are named."""
    sources, targets, both = _ends(tree, n, code, covered, 0)
    own = {p.code for p in sources}
    targets = [p for p in targets if p.code not in own]
    if not (sources and targets) and not (sources and code[:2] in ("04", "07", "19")):
        return None
    return Act(
        cameo=code,
        plover=plover(code),
        mode=mode(code),
        sign=sign(code),
        sources=tuple(sources),
        targets=tuple(targets),
        verb=n,
        words=tuple(_phrase(tree, n)),
        negated=any(tree.lows[c] == "no" for c in tree.kids(n, "det")),
        intended=any(tree.lows[c] in _POSSIBLE for c in tree.kids(n, "amod")),
        reciprocal=both,
        rank=max(1, rank),
    )


def _phrase(tree: Tree, n: int) -> list[int]:
    """Return the words of a noun phrase without what is only said beside it."""
    out, stack = [], [n]
    while stack:
        k = stack.pop()
        out.append(k)
        loose = ("conj", "cc", "parataxis", "nsubj", "cop", "punct", "acl:relcl", "case", "mark")
        stack += [c for c in tree.children[k] if not (k == n and tree.deps[c] in loose)]
    return sorted(out)


Ends = tuple[list[Party], list[Party], bool]


@dataclass(slots=True)
class _Found:
    """Ends of a noun under construction."""

    sources: list[Party]
    targets: list[Party]
    both: bool = False


def _ends(tree: Tree, n: int, code: str, covered: dict[int, Mention], depth: int) -> Ends:
    """Return who does it, to whom, and whether both ways."""
    found = _Found([], [])
    backer = tree.lemmas[n] in _BACKERS
    subject = tree.child(n, "nsubj") if tree.child(n, "cop") is not None else None
    if backer and subject is not None:
        found.sources += _named(tree, _stands_for(tree, n, subject), covered)
    for c in tree.children[n]:
        if tree.deps[c] in _NEAR and tree.case(c) in ("", "'s", "’s", "'", "’"):
            (found.targets if backer else found.sources).extend(_modifier(tree, c, covered))
        for k in _phrases(tree, c):
            _phrase_end(tree, n, k, code, covered, found)
    own = _unlike(found.sources), _unlike(found.targets), found.both
    return own if all(own[:2]) or depth > 1 else _ends_below(tree, n, code, covered, depth) or own


def _ends_below(
    tree: Tree, n: int, code: str, covered: dict[int, Mention], depth: int
) -> Ends | None:
    """Return the ends of what the noun is of ("the signing of a treaty between A and B")."""
    for c in tree.kids(n, "nmod"):
        inner = _ends(tree, c, code, covered, depth + 1) if tree.case(c) == "of" else None
        if inner is not None and inner[0] and inner[1]:
            return inner
    return None


def _phrases(tree: Tree, c: int) -> list[int]:
    """Return the phrase a dependent is, or those of a participle ("launched by A against B")."""
    if tree.deps[c] == "acl" and tree.tags[c] == "VBN":
        return tree.kids(c, "obl", "obl:agent")
    return [c] if tree.deps[c].split(":")[0] in ("nmod", "obl") else []


def _phrase_end(
    tree: Tree, n: int, c: int, code: str, covered: dict[int, Mention], found: _Found
) -> None:
    """Put one phrase at the end that its preposition gives it."""
    case = tree.case(c)
    if case in ("between", "among"):
        named = _named(tree, c, covered)
        found.sources, found.targets, found.both = named[:1], named[1:], len(named) > 1
    elif case == "of":
        _of(tree, n, c, code, covered, found)
    elif case == "from" and code == "087":
        found.targets += _named(tree, c, covered)
    elif case in ("by", "from"):
        found.sources += _named(tree, c, covered)
        for k in tree.kids(c, "nmod"):
            found.targets += _named(tree, k, covered) if tree.case(k) in _TOWARD else []
    elif case in _TOWARD:
        found.targets += _named(tree, c, covered)


def _of(tree: Tree, n: int, c: int, code: str, covered: dict[int, Mention], found: _Found) -> None:
    """Put what follows "of" at its end: the doer of a visit, the object of a condemnation."""
    mention = covered.get(c)
    if mention is None and code[:2] == "07":  # "deliveries of American weapons", "aid from Seoul"
        for k in tree.children[c]:
            if tree.deps[k] in _NEAR:
                found.sources += _modifier(tree, k, covered)
            elif tree.deps[k] == "nmod" and tree.case(k) != "of":
                _phrase_end(tree, n, k, code, covered, found)
        return
    if mention is not None and (not mention.code or mention.use in ("topic", "outlet")):
        return
    for k in tree.kids(c, "nmod") if code == "087" and tree.lemmas[c] in _MOVED else ():
        found.targets += _named(tree, k, covered) if tree.case(k) == "from" else []
    doer = tree.lemmas[n] in _OWN or code[:2] in ("04", "05", "06", "14")
    first = doer and tree.lemmas[n] not in _BACKERS
    named = _named(tree, c, covered) if mention is not None else _near(tree, c, covered)
    (found.sources if first else found.targets).extend(named)


def _near(tree: Tree, c: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the parties that stand right before a noun ("a Canadian diplomat")."""
    return [
        p for k in tree.children[c] if tree.deps[k] in _NEAR for p in _modifier(tree, k, covered)
    ]


def _modifier(tree: Tree, c: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the party of a word before the noun: a name, or a noun with one ("China's army")."""
    mention = covered.get(c)
    if mention is not None:
        usable = mention.code and mention.use not in ("topic", "outlet", "place")
        return [p for p in resolve(tree, c, covered) if p.code != "---"] if usable else []
    return _named(tree, c, covered) if tree.deps[c] == "nmod:poss" else []


def _named(tree: Tree, c: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the named parties of a phrase."""
    return [p for p in resolve(tree, c, covered) if p.code != "---"]


def _stands_for(tree: Tree, n: int, subject: int) -> int:
    """Return what a relative pronoun stands for, else the subject itself."""
    relative = tree.tags[subject][:1] == "W" and tree.deps[n].startswith("acl")
    return tree.heads[n] if relative else subject


def _unlike(parties: list[Party]) -> list[Party]:
    """Drop repeats of a country, keep order."""
    seen: dict[str, Party] = {}
    for party in parties:
        seen.setdefault(party.code, party)
    return list(seen.values())


def find_norms(tree: Tree, covered: dict[int, Mention]) -> Iterator[Norm]:
    """Yield the red lines a sentence draws: who holds what must not be done.

    Examples
    --------
    >>> from blocs.evidence.reading.actors import by_word, find_mentions
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("For China, aid to Moscow is a red line.", 0)])
    >>> [norm] = find_norms(tree, by_word(find_mentions(tree)))
    >>> [p.code for p in norm.holders], norm.act.plover, [p.code for p in norm.act.targets]
    (['CHN'], 'AID', ['RUS'])
    """
    seen: set[int] = set()
    for n, lemma in enumerate(tree.lemmas):
        red = lemma in _LINES and any(tree.lows[c] == "red" for c in tree.children[n])
        if not red and lemma != "taboo":
            continue
        clause = _clause_of(tree, n)
        if clause in seen:
            continue
        seen.add(clause)
        yield _norm(tree, n, clause, covered)


def _clause_of(tree: Tree, n: int) -> int:
    """Return the predicate of the clause a noun stands in: its verb, or itself with a copula."""
    for k in [n, *tree.above(n)]:
        if tree.tags[k][:2] == "VB" or tree.child(k, "cop") is not None or tree.heads[k] == k:
            return k
    return n


def _norm(tree: Tree, n: int, clause: int, covered: dict[int, Mention]) -> Norm:
    """Build a red line."""
    subject = subject_of(tree, clause)
    drawn = tree.lemmas[clause] in _DRAW
    thing = tree.child(clause, "obj", "nsubj:pass") if drawn else subject
    holders = [p for c in tree.kids(n, "nmod:poss", "nmod") for p in _named(tree, c, covered)]
    for c in [*tree.kids(clause, "obl", "nmod"), *_fronted(tree, subject)]:
        if tree.case(c) in ("for", "to", "by"):
            holders = _named(tree, c, covered) or holders
    if drawn and subject is not None:
        holders = _named(tree, subject, covered) or holders
    return Norm(
        holders=tuple(_unlike(holders)),
        act=_forbidden(tree, thing, n, covered, holders),
        words=tuple(tree.below(clause)),
        cue=n,
    )


def _fronted(tree: Tree, subject: int | None) -> list[int]:
    """Phrases before the subject that a parse may hang on it: "For China, aid is ..."."""
    if subject is None:
        return []
    return [c for c in tree.kids(subject, "obl", "nmod") if c < subject]


def _forbidden(
    tree: Tree, thing: int | None, cue: int, covered: dict[int, Mention], holders: list[Party]
) -> Act | None:
    """Return the act that a phrase names, whoever would do it."""
    if thing is None or thing == cue:
        return None
    for n in sorted(tree.below(thing), key=lambda k: (k != thing, k)):
        code = noun_codes().get(tree.lemmas[n]) or noun_codes().get(tree.lows[n])
        if code and cue not in tree.below(n):
            sources, targets, _ = _ends(tree, n, code, covered, 0)
            return Act(
                cameo=code,
                plover=plover(code),
                mode=mode(code),
                sign=0.0,
                sources=tuple(sources or holders),
                targets=tuple(targets),
                verb=n,
                words=tuple(tree.below(thing)),
                negated=True,
                rank=1,
            )
    return None
