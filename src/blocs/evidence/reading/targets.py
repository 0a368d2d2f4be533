"""To whom it is done: objects in the order in which they count, lists, owners."""

from __future__ import annotations

from collections.abc import Iterator

from blocs.evidence.reading.actors import Mention, Party, resolve
from blocs.evidence.reading.coding import SAY, Code, grievance
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.reading.subjects import PRONOUNS, subject_of
from blocs.evidence.syntax.trees import Tree


def clause_of(tree: Tree, verb: int) -> list[int]:
    """Return the words of a clause without clauses that hang off it loosely."""
    out, stack = [], [verb]
    while stack:
        k = stack.pop()
        out.append(k)
        stack += [
            c
            for c in tree.children[k]
            if not (k == verb and tree.deps[c] in ("parataxis", "conj") and tree.tags[c][:1] == "V")
        ]
    return sorted(out)


FAITH = frozenset({"ISM"})


def find_targets(
    tree: Tree, verb: int, code: Code, covered: dict[int, Mention], sources: list[Party]
) -> list[Party]:
    """Return whom it is done to: the first other country among the objects, else a domestic one.

    Parameters
    ----------
    tree : Tree
        The sentence.
    verb : int
        The predicate looked at; ``code.verb`` may be one inside it.
    code : Code
        What is done.
    covered : dict
        The mention of each word that has one.
    sources : list of Party
        Who does it.
    """
    own = {p.code for p in sources} | {"---"} | FAITH
    patient = [*_patient(tree, code.verb, covered), *_blamed(tree, code.verb, covered)]
    patient += _meant(tree, code.verb, covered)
    patient = [p for p in patient if p.code not in own]
    if patient:
        return patient
    domestic: list[Party] = []
    deepest = 0
    venue = code.cameo[:2] == "11"  # complained of, not complained to
    found = list(_candidates(tree, verb, code, covered))
    if venue and any(p.code not in own and p.code[:3] != "IGO" for _, ps in found for p in ps):
        found = [(level, [p for p in ps if p.code[:3] != "IGO"]) for level, ps in found]
    for level, parties in found:
        others = [p for p in parties if p.code not in own]
        if others and (level <= deepest or not domestic):
            return _between(tree, _listed(tree, others, covered), covered, own)
        if not domestic:
            domestic = [p for p in parties if p.code not in FAITH and not _is_means(code, p)]
            deepest = level
    if code.cameo[:2] == "13":  # "Iran warned that Tehran would answer" threatens not Iran
        domestic = [p for p in domestic if not tree.deps[p.head].startswith("nsubj")]
    warned = _warned(tree, covered, own) if code.cameo[:2] == "13" else []
    return (
        warned
        or _possessor(tree, code.verb, covered, own)
        or _told(tree, code.verb, covered, own)
        or _by_doing(tree, verb, code, covered, own)
        or domestic
        or _other_names(tree, verb, code, covered, own)
    )


def _possessor(tree: Tree, v: int, covered: dict[int, Mention], own: set[str]) -> list[Party]:
    """Return whose it is that something is done to: "Tbilisi says jets crossed its border"."""
    pronouns = [
        k
        for c in tree.kids(v, "obj", "nsubj:pass", "obl")
        for k in (*tree.kids(c, "nmod:poss"), *_of_its(tree, c))
        if tree.lows[k] in ("its", "their", "our")
        and not (len(own) > 3 and tree.lows[k] == "their")
    ]
    for k in tree.above(v) if pronouns else ():
        subject = subject_of(tree, k)
        parties = resolve(tree, subject, covered) if subject is not None else []
        others = [p for p in parties if p.code not in own]
        if others:
            return others
    return []


def _by_doing(
    tree: Tree, v: int, code: Code, covered: dict[int, Mention], own: set[str]
) -> list[Party]:
    """Return whom the clause is about that this one is part of.

    "Hit back at Seoul by banning tours"; "tore through a school in Kherson, killing nine".
    """
    by = any(tree.lows[k] == "by" for k in tree.kids(v, "mark"))
    harm = code.cameo[:2] in ("18", "19") and v > 0 and tree.words[v - 1] == ","
    whole = tree.deps[v] == "advcl" and (by or harm)
    aimed = tree.kids(tree.heads[v], "obj", "obl") if whole else []
    named = [ps for c in aimed for ps in (resolve(tree, c, covered), *_inside(tree, c, covered))]
    return [p for ps in named for p in ps if p.code not in own][:1]


_TO_SOMEBODY = words("tell inform assure remind notify")


def _told(tree: Tree, v: int, covered: dict[int, Mention], own: set[str]) -> list[Party]:
    """Return who is told it: "Copenhagen told Washington that Greenland was not for sale"."""
    for teller in tree.above(v):
        if tree.lemmas[teller] in _TO_SOMEBODY:
            heard = tree.child(teller, "iobj", "obj")
            parties = resolve(tree, heard, covered) if heard is not None else []
            return [p for p in parties if p.code not in own]
    return []


def _patient(tree: Tree, v: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the name just before a participle with an agent ("NATO, accused by Moscow of")."""
    if tree.tags[v] != "VBN" or tree.deps[v] != "acl" or not tree.kids(v, "obl:agent"):
        return []
    before = v - 2 if v > 1 and tree.words[v - 1] == "," else v - 1
    return resolve(tree, before, covered) if before in covered else []


def _of_its(tree: Tree, c: int) -> list[int]:
    """Return the owner in "two of its oases"."""
    return [k for n in tree.kids(c, "nmod") for k in tree.kids(n, "nmod:poss")]


def _meant(tree: Tree, v: int, covered: dict[int, Mention]) -> list[Party]:
    """Return whom "it" means in "Egypt seized the canal, and Britain attacked it": who did so."""
    obj = tree.child(v, "obj") if tree.deps[v] == "conj" else None
    own = tree.child(v, "nsubj")
    if obj is None or own is None or tree.lows[obj] not in ("it", "him", "her", "them"):
        return []
    subject = subject_of(tree, tree.heads[v])
    return resolve(tree, subject, covered) if subject is not None else []


def _blamed(tree: Tree, v: int, covered: dict[int, Mention]) -> list[Party]:
    """Return who does what a verb of protest says."""
    said = grievance(tree, v)
    subject = subject_of(tree, said) if said is not None else None
    return resolve(tree, subject, covered) if subject is not None else []


def _is_means(code: Code, party: Party) -> bool:
    """Say whether unnamed troops are what is moved, not whom it is done to."""
    return (
        party.code == "---" and party.role == "MIL" and code.cameo[:2] in ("03", "07", "08", "15")
    )


def _warned(tree: Tree, covered: dict[int, Mention], own: set[str]) -> list[Party]:
    """Return whom a threat is meant for: who must act, in "unless Israel withdraws"."""
    for i, label in enumerate(tree.deps):
        if label == "mark" and tree.lows[i] in ("unless", "if"):
            subject = tree.child(tree.heads[i], "nsubj")
            if subject is not None:
                return [p for p in resolve(tree, subject, covered) if p.code not in own]
    return []


def _candidates(
    tree: Tree, verb: int, code: Code, covered: dict[int, Mention]
) -> Iterator[tuple[int, list[Party]]]:
    """Yield (depth, parties) of each object-like phrase, in the order in which they count."""
    queue = [(v, 0) for v in dict.fromkeys((code.verb, verb))]
    seen = {v for v, _ in queue}
    agent = subject_of(tree, code.verb)
    while queue:
        v, level = queue.pop(0)
        ranked = sorted(
            (c for c in tree.children[v] if _place(tree, c) is not None and c != agent),
            key=lambda c: (_place(tree, c), c),
        )
        for c in ranked:
            if _is_weapon(tree, c, code):
                yield from ((level, resolve(tree, k, covered)) for k in _aimed(tree, c))
                continue
            if tree.deps[c] not in ("xcomp", "ccomp", "advcl"):
                yield level, resolve(tree, c, covered)
                for parties in _inside(tree, c, covered):
                    yield level, parties
                continue
            inner = tree.child(c, "nsubj")
            if inner is not None and tree.lows[inner] not in PRONOUNS:
                yield level, resolve(tree, inner, covered)
            if c not in seen:
                seen.add(c)
                queue.append((c, level + (tree.deps[c] == "advcl")))


_WEAPONS = words(
    "drone missile rocket shell bomb mortar projectile round munition torpedo warhead grenade"
)


_DOWN = words("shoot down intercept destroy sink repel neutralise neutralize")
"""What is done to a weapon, not with it."""


def _is_weapon(tree: Tree, c: int, code: Code) -> bool:
    """Say whether an object is what an attack is made with, whoever built it."""
    attack = code.cameo[:2] in ("18", "19") and tree.lemmas[tree.heads[c]] not in _DOWN
    return attack and tree.lemmas[c] in _WEAPONS and tree.deps[c] == "obj"


def _aimed(tree: Tree, c: int) -> list[int]:
    """Return the phrases that say at whom a weapon is aimed."""
    toward = ("on", "at", "against", "into", "toward", "towards", "over")
    return [k for k in tree.kids(c, "nmod", "obl") if tree.case(k) in toward]


def _inside(tree: Tree, c: int, covered: dict[int, Mention]) -> Iterator[list[Party]]:
    """Yield named parties in the phrases within an object, clauses left out."""
    for k in tree.children[c]:
        if tree.deps[k].split(":")[0] in ("nmod", "appos", "conj", "obl", "compound", "amod"):
            yield [p for p in resolve(tree, k, covered) if p.code != "---"]
            yield from _inside(tree, k, covered)


_NEARNESS = {"with": 2, "against": 1, "to": 2, "at": 4, "on": 3, "from": 4, "for": 4, "over": 5}
_NEVER = ("obl:unmarked", "obl:tmod", "nsubj", "nsubj:outer")
_LABELS = {"obj": 2, "iobj": 1, "nsubj:pass": 2, "xcomp": 5, "ccomp": 5, "advcl": 9}


def _place(tree: Tree, c: int) -> int | None:
    """Return how early a dependent counts as a target; None for one that never does."""
    label = tree.deps[c]
    active = tree.child(tree.heads[c], "nsubj:pass", "aux:pass") is None
    if label in _NEVER or (label == "obl:agent" and not active):
        return None
    if label.split(":")[0] in ("obl", "nmod"):
        case = tree.case(c)
        if case.startswith("according"):
            return None
        return 8 if case in ("in", "after", "during", "by", "before") else _NEARNESS.get(case, 5)
    if is_loose(tree, c):
        return None
    return _LABELS.get(label)


def is_loose(tree: Tree, v: int) -> bool:
    """Say whether a clause only says when, where or why: "five years after crowds burned it"."""
    marks = tree.kids(v, "mark", "advmod") if tree.deps[v] == "advcl" else []
    return any(tree.lows[k] in _LOOSE for k in marks)


_LOOSE = words("as when while after before since because although though if unless where")


def _other_names(
    tree: Tree, verb: int, code: Code, covered: dict[int, Mention], own: set[str]
) -> list[Party]:
    """Fall back on another country named in the clause."""
    skip = {k for c in asides(tree) for k in tree.below(c)}
    inside = set(clause_of(tree, verb)) | set(clause_of(tree, code.verb))
    inside |= {k for c in _shared(tree, code.verb) for k in clause_of(tree, c)}
    subject = subject_of(tree, code.verb)
    skip |= set(tree.below(subject)) if subject is not None else set()
    for m in dict.fromkeys(covered.values()):
        usable = m.code and m.code not in own and m.use not in ("topic", "outlet")
        if usable and m.head in inside and m.head not in skip:
            role = m.role or role_of(tree, tree.heads[m.head])
            return [Party(m.code, role, m.first, m.last, m.head)]
    return []


def _shared(tree: Tree, v: int) -> list[int]:
    """Return the verb that ends what this one leaves open: "set up ties with and visited Chad"."""
    hanging = any(
        tree.tags[c] == "IN" and tree.deps[c] in ("obl", "case", "advmod", "nmod")
        for k in (v, *tree.kids(v, "obj"))
        for c in tree.children[k]
        if c > v and not tree.children[c] and tree.deps[c] != "case"
    )
    return tree.kids(v, "conj") if hanging else []


def _listed(tree: Tree, parties: list[Party], covered: dict[int, Mention]) -> list[Party]:
    """Add the names that stand in one list with the last party ("Iran, Libya and Cuba")."""
    out = list(parties)
    k = max((p.last for p in parties), default=len(tree))
    while k < len(tree) - 1 and tree.lows[k] in (",", "and", "or", "&", "the"):
        m = covered.get(k)
        if m is None:
            k += 1
            continue
        break
    m = covered.get(k) if k < len(tree) else None
    known = {p.code for p in out}
    if m and _opens(tree, m, out[-1]):
        return out
    if m and m.code and m.use in ("actor", "modifier") and m.code not in known and k > out[-1].last:
        return _listed(tree, [*out, Party(m.code, m.role, m.first, m.last, m.head)], covered)
    return out


def _between(
    tree: Tree, parties: list[Party], covered: dict[int, Mention], own: set[str]
) -> list[Party]:
    """Add the second of two named with "between" where the tree lost it."""
    first = parties[0].first
    if len(parties) > 1 or not first or "between" not in tree.lows[max(0, first - 3) : first]:
        return parties
    joined = next((k for k in range(first, len(tree)) if tree.lows[k] == "and"), len(tree))
    for k in range(joined + 1, min(joined + 5, len(tree))):
        m = covered.get(k)
        if m and m.code and m.code not in own | {parties[0].code}:
            head = tree.heads[m.head] if m.use == "modifier" else m.head
            return [*parties, Party(m.code, m.role or role_of(tree, head), m.first, m.last, m.head)]
    return parties


def _opens(tree: Tree, m: Mention, last: Party) -> bool:
    """Say whether a name is the subject of a clause of its own ("Israel, the US will answer")."""
    noun = m.head
    while tree.deps[noun] in ("nmod:poss", "compound", "amod") and tree.heads[noun] > noun:
        noun = tree.heads[noun]  # "Seoul's spy service estimates"
    return tree.deps[noun].startswith("nsubj") and tree.heads[noun] != tree.heads[last.head]


def asides(tree: Tree) -> list[int]:
    """Return the heads of phrases that only say who reports it, and of loose clauses."""
    out = []
    for i, label in enumerate(tree.deps):
        if tree.lemmas[i] in SAY:
            content = tree.child(i, "ccomp")
            subject = tree.child(i, "nsubj")
            if label == "parataxis" and content is None:
                out.append(i)
            elif content is not None and subject is not None and content < subject:
                out.append(subject)
        according = label.startswith("obl") and tree.case(i).startswith("according")
        if according or is_loose(tree, i):
            out.append(i)
    return out
