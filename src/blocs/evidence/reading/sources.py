"""Who does it: subjects, agents, places that say who; and what the two ends share."""

from __future__ import annotations

from dataclasses import replace

from blocs.evidence.reading.actors import Mention, Party, resolve
from blocs.evidence.reading.coding import Code
from blocs.evidence.reading.lexicon import noun_codes, plover
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.reading.subjects import PRONOUNS, shares_passive, subject_of
from blocs.evidence.reading.targets import asides
from blocs.evidence.syntax.trees import Tree

MUTUAL = ("040", "041", "046", "057")
_TRUCE = "0871"
_RECIPROCAL = frozenset({"03", "04", "05", "06"})


def who_met(tree: Tree, code: Code, targets: list[Party]) -> list[Party]:
    """Leave out where people met: "met his counterpart in Kazan", "A and B signed it in Paris"."""
    alone = tree.child(code.verb, "obl") is None or tree.child(code.verb, "obj") is not None
    subject = tree.child(code.verb, "nsubj")
    held = [] if subject is None else [subject, *tree.kids(subject, "nmod", "nmod:poss")]
    several = any(tree.kids(k, "conj") for k in held)
    met = tree.lemmas[code.verb] == "meet" and alone
    if not met and not (several and code.cameo[:2] in _RECIPROCAL):
        return targets
    return [
        p
        for p in targets
        if all(tree.case(k) not in ("in", "at") for k in {p.head, *range(p.first, p.last)})
    ]


def place_ends(
    tree: Tree,
    code: Code,
    covered: dict[int, Mention],
    sources: list[Party],
    targets: list[Party],
) -> tuple[list[Party], list[Party]]:
    """Let a place say who: "arrested in Lebanon", "people marched in Kyiv", "shipped out of Mali".

    Police and courts act where they are, crowds march at home, and troops that are taken out of
    a country are taken out by those who sent them.

    Parameters
    ----------
    tree : Tree
        The sentence.
    code : Code
        What is done, and the verb that says it.
    covered : dict
        The mention of each word that has one.
    sources, targets : list of Party
        The two ends as far as subjects and objects tell.
    """
    if any(p.code != "---" for p in sources):
        return sources, targets
    cases = ("in", "at", "across", "throughout")
    left = code.cameo in _LEAVING and tree.lemmas[code.verb] in _TAKEN_OUT
    places = [
        Party(m.code, role_of(tree, m.head), m.first, m.last, m.head)
        for c in _phrases(tree, code.verb)
        if (m := covered.get(c)) and m.code and tree.case(c) in (_FROM if left else cases)
    ]
    if left:
        moved = [p for p in targets if p.code != "---" and p.code not in {q.code for q in places}]
        return (moved, places) if moved and places else (sources, targets)
    if places and plover(code.cameo) == "ASSAULT" and sources:
        return [_supposed(p, places[0].code) for p in sources], targets
    if not places or code.cameo[:3] not in _AT_HOME:
        return sources, targets
    place = places[0]
    role = next((p.role for p in sources if p.role), "")
    own = [p for p in targets if p.code not in ("---", place.code)]
    if plover(code.cameo) == "PROTEST":
        own = [p for c in _phrases(tree, code.verb) for p in resolve(tree, c, covered)]
        own = [p for p in own if p.code not in ("---", place.code)][:1]
    return [replace(place, role=role)], own or [replace(place, role="")]


def whose_act(tree: Tree, v: int, covered: dict[int, Mention]) -> list[Party]:
    """Return whose act a passive happened in: "killed in a Russian air strike"."""
    for c in tree.kids(v, "obl"):
        code = noun_codes().get(tree.lemmas[c], "")
        struck = code[:2] in ("15", "17", "18", "19") or tree.lemmas[c] == "strike"
        if struck and tree.case(c) in ("in", "by", "during"):
            near = [
                k for k in tree.children[c] if tree.deps[k] in ("amod", "compound", "nmod:poss")
            ]
            return [
                Party(m.code, "", m.first, m.last, m.head)
                for k in near
                if (m := covered.get(k)) and m.code
            ]
    return []


_LEAVING = ("070", "087", "0872", "1661", "166", "073")
_TAKEN_OUT = words("withdraw pull ship evacuate remove redeploy fly airlift")
_FROM = ("from", "out of", "of", "out")
_AT_HOME = ("141", "143", "144", "145", "140", "116", "173", "174", "172")


def _phrases(tree: Tree, v: int) -> list[int]:
    """Return the nouns in prepositional phrases of a verb, and of their nouns, in order."""
    out, stack = [], [v]
    while stack:
        k = stack.pop()
        out += [c for c in tree.children[k] if tree.deps[c] in ("obl", "nmod")]
        stack += [c for c in tree.children[k] if tree.deps[c] in ("obl", "nmod", "obj")]
    return sorted(set(out))


EACH_OTHER = words("exchange trade clash fight battle skirmish swap duel spar")
EXCHANGE = words("exchange trade swap clash skirmish duel")
DOMESTIC = frozenset({"REQUEST", "COERCE", "CONCEDE", "PROTEST", "REJECT", "ASSAULT", "ACCUSE"})


def settle_ends(
    code: Code, sources: list[Party], targets: list[Party]
) -> tuple[list[Party], list[Party], bool]:
    """Share countries between the ends, and read "A and B agreed" both ways."""
    known_s = [p for p in sources if p.code != "---"]
    known_t = [p for p in targets if p.code != "---"]
    countries = list(dict.fromkeys(p.code for p in known_s))
    abroad = [p for p in known_t if p.code not in countries]
    mutual = code.mutual or code.cameo[:2] in _RECIPROCAL or code.cameo == _TRUCE
    if mutual and len(countries) > 1 and not abroad:
        return known_s[:1], [p for p in known_s if p.code != known_s[0].code], True
    both = (code.cameo[:3] in MUTUAL or code.exchanged) and bool(known_s and abroad)
    if not known_s and known_t and (sources or code.active):
        shown = sources or [replace(known_t[0], role="")]
        sources = [_supposed(p, known_t[0].code) for p in shown]
    if known_s and not known_t and (targets or plover(code.cameo) in DOMESTIC):
        shown = targets or [replace(known_s[0], role="")]
        targets = [_supposed(p, known_s[0].code) for p in shown]
    if abroad and len(countries) == 1:
        targets = abroad
    if plover(code.cameo) in ("AGREE", "RETREAT", "MOBILIZE") and not abroad:
        targets = [p for p in targets if p.role in ("CVL", "OPP", "REB", "LEG", "PTY", "REF")]
    return sources, targets, both


def _supposed(party: Party, code: str) -> Party:
    """Give a party a country the text does not name: no words stand for it, so no item says it."""
    return replace(party, code=code, last=party.first)


def find_sources(tree: Tree, verb: int, code: Code, covered: dict[int, Mention]) -> list[Party]:
    """Return who acts: the subject, what its pronoun stands for, else a name before the verb."""
    if shares_passive(tree, code.verb):
        return []
    tried = False
    unnamed: list[Party] = []
    for v in dict.fromkeys((code.verb, verb)):
        subject = subject_of(tree, v)
        if subject is None:
            continue
        tried = True
        if tree.lows[subject] in PRONOUNS and subject not in covered:
            parties = _antecedent(tree, v, subject, covered)
        else:
            parties = resolve(tree, subject, covered)
        if any(p.code != "---" for p in parties):
            return _and_last(tree, parties, covered, v)
        unnamed = unnamed or parties
    if not tried and tree.child(code.verb, "nsubj:pass") is not None:
        return []
    return (
        unnamed
        or _subject_above(tree, code.verb, covered)
        or _name_before(tree, code.verb, covered)
    )


def _and_last(tree: Tree, parties: list[Party], covered: dict[int, Mention], v: int) -> list[Party]:
    """Add the last name of a list of subjects where the tree lost it ("Cuba, X and Y said")."""
    k = parties[-1].last
    m = covered.get(k + 1)
    lost = k + 1 < v and tree.lows[k] in ("and", "&") and m is not None and m.last == v
    if m is None or not lost or not m.code or m.use not in ("actor", "modifier"):
        return parties
    known = {p.code for p in parties}
    return (
        parties if m.code in known else [*parties, Party(m.code, m.role, m.first, m.last, m.head)]
    )


def _subject_above(tree: Tree, verb: int, covered: dict[int, Mention]) -> list[Party]:
    """Fall back on the subject of the nearest clause above."""
    below = verb
    for k in tree.above(verb):
        modified = tree.deps[below] == "acl" and (k in covered or bool(role_of(tree, k)))
        below = k
        subject = k if modified else subject_of(tree, k)
        if subject is not None and tree.lows[subject] not in PRONOUNS:
            found = resolve(tree, subject, covered)
            if found:
                return found
    return []


def _name_before(tree: Tree, verb: int, covered: dict[int, Mention]) -> list[Party]:
    """Fall back on the first name before the verb, asides left out."""
    skip = {k for c in asides(tree) for k in tree.below(c)}
    for m in dict.fromkeys(covered.values()):
        if m.code and m.last <= verb and m.head not in skip and m.use in ("actor", "modifier"):
            role = m.role or role_of(tree, tree.heads[m.head])
            return [Party(m.code, role, m.first, m.last, m.head)]
    return []


def _antecedent(tree: Tree, v: int, pronoun: int, covered: dict[int, Mention]) -> list[Party]:
    """Resolve a pronoun to the subject of a clause above, or the noun of a relative clause."""
    if tree.deps[v] == "acl:relcl":
        return resolve(tree, tree.heads[v], covered)
    for k in tree.above(v):
        subject = subject_of(tree, k)
        if subject is not None and subject != pronoun and tree.lows[subject] not in PRONOUNS:
            found = resolve(tree, subject, covered)
            if found:
                return found
    return []
