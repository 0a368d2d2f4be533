"""Acts: who did what to whom, in CAMEO and PLOVER, from dependency trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from blocs.evidence.reading.actors import Mention, Party, by_word, resolve, role_of
from blocs.evidence.reading.lexicon import Rows, mode, noun_codes, plover, sign, verb_codes
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.subjects import PRONOUNS, has_no, is_agent, subject_of
from blocs.evidence.syntax.trees import Tree

_SAY = words(
    "say tell announce declare state report reveal claim add note believe think comment "
    "describe explain remark reply write quote confirm acknowledge admit argue maintain "
    "suggest indicate assert stress emphasize emphasise hear learn show know warn insist "
    "reiterate allege"
)
_AGREE = words("agree pledge promise commit consent undertake offer vow volunteer")
_PLAN = words(
    "plan intend schedule expect want hope seek wish set propose willing ready prepared "
    "committed due determined aim prefer about"
)
_REFUSE = words("refuse decline reject deny renege fail neglect resist oppose")
_DEMAND = words("demand order insist press pressure require force compel command instruct")
_APPEAL = words("urge ask appeal call request beg implore exhort encourage invite want")
_PASS = words(
    "begin start continue try attempt manage use help appear seem resume keep proceed go "
    "resort move tend come get have be do happen seek serve decide"
)
_ALLOW = words("allow permit let authorize authorise enable")
_BAR = words("prevent ban forbid bar block stop prohibit")
_HALT = words("stop halt cease end suspend abandon call")
_NOT = words("not n't n’t never no neither nor hardly")
_FUTURE = words("will would shall 'll ’ll wo to")
_OUGHT = words("must should")
_MUTUAL = ("040", "041", "046", "057")
_RECIPROCAL = frozenset({"03", "04", "05", "06"})
_ORDER = ("obj", "iobj", "nsubj:pass", "ccomp", "obl", "nmod", "xcomp", "advcl", "acl")


@dataclass(frozen=True, slots=True)
class Act:
    """One coded act of a sentence.

    Attributes
    ----------
    cameo, plover : str
        CAMEO code (two to four digits) and PLOVER type (2021 list).
    mode : str or None
        PLOVER mode.
    sign : float
        Signed weight in [-1, 1].
    sources, targets : tuple of Party
        Who did it, to whom; empty where the sentence does not say.
    verb : int
        Index of the word that carries the act.
    words : tuple of int
        Words of the clause.
    negated, conditional, intended : bool
        Not done; only under a condition; announced or planned.
    rank : int
        0 for the main act of the sentence, 1 and up for the others.
    """

    cameo: str
    plover: str
    mode: str | None
    sign: float
    sources: tuple[Party, ...]
    targets: tuple[Party, ...]
    verb: int
    words: tuple[int, ...]
    negated: bool = False
    conditional: bool = False
    intended: bool = False
    reciprocal: bool = False
    rank: int = 0

    def dyads(self) -> list[tuple[str, str]]:
        """Return (source, target) codes with sector; ``---`` where not named."""
        pairs = [
            (s, t)
            for s in ([p.full for p in self.sources] or ["---"])
            for t in ([p.full for p in self.targets] or ["---"])
        ]
        return pairs + [(t, s) for s, t in pairs] if self.reciprocal else pairs


@dataclass(frozen=True, slots=True)
class _Code:
    """A CAMEO code found at a verb, and the verb whose arguments count."""

    cameo: str
    verb: int
    intended: bool = False
    negated: bool = False
    active: bool = False


def find_acts(
    tree: Tree,
    mentions: list[Mention],
    *,
    focus: tuple[Party, ...] = (),
    verbs: dict[str, Rows] | None = None,
) -> list[Act]:
    """Code the acts of a sentence, the main one first.

    Parameters
    ----------
    tree : Tree
        The sentence.
    mentions : list of Mention
        From :func:`blocs.evidence.reading.actors.find_mentions`.
    focus : tuple of Party
        Whom the sentence before was about: what "it" or "they" may stand for.
    verbs : dict, optional
        A user's own verb codes, which go before the built-in ones.

    Returns
    -------
    list of Act
        Main act first; empty where nothing is done, only said.

    Examples
    --------
    >>> from blocs.evidence.reading.actors import find_mentions
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("Norway has issued an ultimatum to Chile.", 0)])
    >>> [(a.plover, a.dyads()) for a in find_acts(tree, find_mentions(tree))]
    [('THREATEN', [('NOR', 'CHL')])]
    """
    aside = _tail(tree)
    table = _joined(verbs) if verbs else verb_codes()
    covered = by_word(m for m in mentions if m.first < aside)
    found = []
    for verb in _predicates(tree):
        code = _code(tree, verb, 0, table)
        if code is None or code.cameo[:2] in ("01", "--") or not (verbs or plover(code.cameo)):
            continue
        act = _act(tree, verb, code, covered)
        one_way = verbs and act.cameo[:3] in _MUTUAL
        found.append(replace(act, reciprocal=False) if one_way else act)
    found = _merge(found) or _merge(_loose_acts(tree, covered, table))
    ranked = sorted(range(len(found)), key=lambda i: (-_worth(found[i]), i))
    return [_refer(tree, replace(found[i], rank=r), focus) for r, i in enumerate(ranked)]


def _joined(verbs: dict[str, Rows]) -> dict[str, Rows]:
    """Put a user's verbs before the built-in ones; a default of the user's closes the list."""
    table = dict(verb_codes())
    for verb, rows in verbs.items():
        special = [row for row in [*rows, *table.get(verb, [])] if row[1]]
        table[verb] = special + [row for row in rows if not row[1]]
    return table


def _refer(tree: Tree, act: Act, focus: tuple[Party, ...]) -> Act:
    """Let a pronoun at either end stand for what the sentence before was about."""
    if not focus:
        return act
    subject = subject_of(tree, act.verb)
    if not act.sources and subject is not None and tree.lows[subject] in _REFER:
        act = replace(act, sources=focus)
    obj = tree.child(act.verb, "obj", "iobj")
    known = any(p.code != "---" for p in act.targets)
    if not known and obj is not None and tree.lows[obj] in _REFER:
        apart = {p.code for p in focus} - {p.code for p in act.sources}
        act = replace(act, targets=tuple(p for p in focus if p.code in apart))
    return act


_REFER = words("it he she they them him her")


def _tail(tree: Tree) -> int:
    """Return where a closing ", officials said on Monday" starts; the length if there is none."""
    n = len(tree)
    for i in range(n - 1, max(n - 10, 0), -1):
        if tree.lemmas[i] in _SAY and tree.tags[i] in ("VBD", "VBZ", "VBN", "VBP", "NNS"):
            for k in range(i - 1, max(i - 16, 0), -1):
                if tree.words[k] in (",", "”", "''"):
                    verbs = any(
                        tree.tags[j] in ("VBD", "VBZ", "VBP", "MD") for j in range(k + 1, i)
                    )
                    return n if verbs else k
            return n
    return n


_VERBS = ("VBD", "VBZ", "VBP", "VBN", "VBG")


def _loose_acts(tree: Tree, covered: dict[int, Mention], table: dict[str, Rows]) -> list[Act]:
    """Fall back on verbs outside the clauses found, for trees that went wrong."""
    out = []
    for v, tag in enumerate(tree.tags):
        denied = v > 0 and tree.lows[v - 1] in _NOT
        if tag in _VERBS and tree.lemmas[v] not in _SAY and not denied:
            base = _lookup(tree, v, table)
            code = _modify(tree, v, _Code(base, v)) if base and plover(base) else None
            if code is not None:
                out.append(_act(tree, v, code, covered))
    return out[:1]


def _worth(act: Act) -> int:
    """Prefer acts with a named end; earlier ones win ties."""
    return int(any(p.code != "---" for p in (*act.sources, *act.targets)))


def _merge(found: list[Act]) -> list[Act]:
    """Drop an act whose verb was already used as the inside of another."""
    used: set[int] = set()
    out = []
    for act in found:
        if act.verb in used:
            continue
        used |= {act.verb}
        out.append(act)
    return out


def _predicates(tree: Tree) -> Iterator[int]:
    """Yield predicates from the root down: contents of reports first, then other clauses."""
    root = next((i for i, h in enumerate(tree.heads) if h == i), None)
    queue = [root] if root is not None else []
    if root is not None and tree.tags[root][:1] not in "VM":
        queue = [i for i, t in enumerate(tree.tags) if t == "VBD" and tree.lemmas[i] not in _SAY][
            :1
        ] + queue
    seen: set[int] = set()
    while queue:
        v = queue.pop(0)
        if v in seen:
            continue
        seen.add(v)
        contents = tree.kids(v, "ccomp", "parataxis") if tree.lemmas[v] in _SAY else []
        queue = contents + queue
        if tree.tags[v][:2] == "VB" or tree.tags[v][:1] in "JN":
            yield v
        for c in tree.children[v]:
            if tree.deps[c] in (
                "conj",
                "ccomp",
                "parataxis",
                "advcl",
                "acl",
                "acl:relcl",
                "xcomp",
                "advcl:relcl",
            ):
                queue.append(c)
            elif tree.deps[c].split(":")[0] in ("nsubj", "obj", "obl", "nmod", "appos"):
                queue += [
                    k for k in tree.below(c) if tree.deps[k] in ("acl", "acl:relcl") and k != c
                ]


def _arguments(tree: Tree, v: int) -> set[str]:
    """Return lemmas of the words that say what the act is about."""
    out: set[str] = set()
    for c in tree.children[v]:
        label = tree.deps[c].split(":")[0]
        if tree.words[c] in ("March", "May"):
            continue
        if label in ("obj", "iobj", "obl", "compound", "xcomp", "advmod", "nsubj", "dep") and (
            label != "nsubj" or tree.deps[c] == "nsubj:pass" or tree.tags[v] == "VBN"
        ):
            out |= {tree.lemmas[c], tree.lows[c]}
            case = tree.case(c)
            out |= {case} if case else set()
            out |= _below_nouns(tree, c, 3 if label in ("obj", "nsubj") else 1)
    return out


def _below_nouns(tree: Tree, c: int, depth: int) -> set[str]:
    """Return lemmas of the nouns and adjectives inside a noun phrase."""
    out: set[str] = set()
    for k in tree.children[c]:
        if tree.deps[k] in ("conj", "compound", "nmod", "amod", "compound:prt"):
            out |= {tree.lemmas[k], tree.lows[k]}
            out |= {tree.case(k)} & _TOWARD
            out |= _below_nouns(tree, k, depth - 1) if depth > 1 else set()
    return out


_TOWARD = words("at against into")


def _code(tree: Tree, v: int, depth: int, table: dict[str, Rows]) -> _Code | None:
    """Code a predicate, looking through verbs that take another."""
    if depth > 6:
        return None
    lemma = tree.lemmas[v]
    inner_verb = tree.child(v, "xcomp") if lemma not in _SAY else None
    if inner_verb is None:
        inner_verb = _complement(tree, v, lemma)
    inner = _code(tree, inner_verb, depth + 1, table) if inner_verb is not None else None
    base = _lookup(tree, v, table)
    code = _operate(tree, v, lemma, base, inner, inner_verb)
    if code is None:
        through = lemma in _PASS and not (base and tree.child(v, "obj") is not None)
        code = inner if inner and (through or base is None) else None
        code = code or (_Code(base, v) if base else None)
    return _modify(tree, v, code or _Code("", v))


def _complement(tree: Tree, v: int, lemma: str) -> int | None:
    """Return the clause an operator verb takes as a complement."""
    if lemma in _AGREE | _PLAN | _REFUSE | _DEMAND | _APPEAL | {"threaten", "warn"} | _ALLOW:
        for c in tree.children[v]:
            if tree.deps[c] in ("ccomp", "advcl", "acl") and tree.tags[c][:1] in "VJ":
                return c
    if lemma in _SAY:
        for c in tree.kids(v, "ccomp"):
            subject = tree.child(c, "nsubj")
            if subject is not None and tree.lows[subject] in PRONOUNS:
                return c
    return None


def _lookup(tree: Tree, v: int, table: dict[str, Rows]) -> str | None:
    """Look a verb up with its objects; a light verb takes its noun's code."""
    lemma = tree.lemmas[v]
    rows = table.get(lemma)
    arguments = _arguments(tree, v)
    if tree.tags[v][:1] != "V":
        return _noun_code(tree, v)
    for code, nouns in rows or ():
        if code == "010":
            return _light(tree, v) or code
        if code == "143" and not nouns and _hits(tree, v):
            continue
        if (not nouns and not _is_bare(tree, v, code)) or nouns & arguments:
            return code
    if rows is None or lemma in (
        "conduct",
        "carry",
        "launch",
        "begin",
        "continue",
        "start",
        "sign",
    ):
        return _light(tree, v)
    return None


def _hits(tree: Tree, v: int) -> bool:
    """Say whether a strike is one on something: "Israel strikes Tehran", not "workers strike"."""
    return tree.lemmas[v] == "strike" and tree.child(v, "obj", "nsubj:pass") is not None


def _is_bare(tree: Tree, v: int, code: str) -> bool:
    """Say whether a verb of refusal or force has nothing it is done to ("a declining West")."""
    if code[:2] not in ("12", "16", "17"):
        return False
    return (
        tree.child(v, "obj", "xcomp", "ccomp", "obl", "nsubj:pass") is None
        and tree.deps[v] != "acl"
    )


_IDLE = words(
    "face fear avoid discuss mourn mark describe call consider want transform turn change convert"
)
_LIGHT = words(
    "make take give have hold conduct carry launch begin start continue stage mount wage "
    "resume undertake pursue engage renew step perform commit suffer see follow renew lead "
    "join"
)


def _light(tree: Tree, v: int) -> str | None:
    """Return the code of the noun a light verb carries."""
    if tree.lemmas[v] in _IDLE:
        return None
    labels = ("obj", "obl", "nsubj:pass") if tree.lemmas[v] in _LIGHT else ("obj",)
    for c in tree.children[v]:
        if tree.deps[c] in labels:
            code = noun_codes().get(tree.lemmas[c]) or noun_codes().get(tree.lows[c])
            if code:
                return code
    return None


def _noun_code(tree: Tree, v: int) -> str | None:
    """Return the code of a noun or adjective used as a predicate."""
    return noun_codes().get(tree.lemmas[v]) or noun_codes().get(tree.lows[v])


_SIMPLE = ((_DEMAND, "100"), (_ALLOW, "080"), (_BAR, "172"))


def _operate(
    tree: Tree, v: int, lemma: str, base: str | None, inner: _Code | None, inner_verb: int | None
) -> _Code | None:
    """Apply a verb that takes another: agree to, threaten to, refuse to, demand that ..."""
    if inner_verb is None:
        return None
    if lemma == "threaten" or (lemma == "warn" and inner):
        return _Code(_threat(inner.cameo) if inner else "130", v, intended=True)
    if lemma in _REFUSE and base != "100":
        return _Code("120", v)
    if lemma in _APPEAL and (lemma != "want" or tree.child(v, "obj") is not None):
        return _Code("020", v)
    simple = next((code for verbs, code in _SIMPLE if lemma in verbs), None)
    return _Code(simple, v) if simple else _promise(tree, v, lemma, inner)


def _promise(tree: Tree, v: int, lemma: str, inner: _Code | None) -> _Code | None:
    """Apply verbs of agreeing, planning and preparing."""
    if (
        lemma == "prepare"
        and inner
        and tree.child(v, "aux:pass", "cop") is None
        and inner.cameo[:2] in ("15", "18", "19")
    ):
        return _Code("154", v, intended=True)
    if lemma in _AGREE or (lemma in _PLAN | {"prepare"} and inner):
        return _Code(_intent(inner.cameo if inner else "030"), v, intended=True)
    return None


def _threat(cameo: str) -> str:
    """Return the threat to do an act."""
    root = cameo[:2]
    table = {"16": "1313", "17": "132", "18": "138", "19": "138", "20": "138", "14": "133"}
    return table.get(root, "131" if root in ("10", "12") else "130")


def _intent(cameo: str) -> str:
    """Return the announcement to do an act: an intent to cooperate, or a threat."""
    root = cameo[:2]
    if root in ("12", "13"):
        return cameo
    if root in ("09", "10", "11", "14", "15", "16", "17", "18", "19", "20"):
        return _threat(cameo)
    table = {"04": "036", "05": "032", "06": "031", "07": "033", "08": "035"}
    return table.get(root, "030")


def _modify(tree: Tree, v: int, code: _Code) -> _Code | None:
    """Apply negation, future and obligation at a verb; the code may still be empty."""
    aux = {
        tree.lows[c]
        for c in tree.children[v]
        if tree.deps[c] in ("aux", "mark", "advmod", "cop", "cc", "cc:preconj")
    }
    root = code.cameo[:2]
    governor = tree.heads[v]
    future = bool(aux & (_FUTURE - {"to"}))
    if aux & _OUGHT and tree.deps[v] == "ccomp" and tree.lemmas[governor] in _SAY:
        return _Code("100", governor)
    if aux & _NOT or any(tree.lows[c] == "no" for c in tree.kids(v, "det")):
        if root in ("02", "03", "04", "05", "06", "07", "08") or (future and not root):
            return _Code("120", code.verb)
        return replace(code, negated=True) if root else None
    if not root or has_no(tree, v):
        return replace(code, negated=True) if root else None
    if future and not code.intended and root not in ("01", "02", "03", "10", "12", "13"):
        code = _Code(_intent(code.cameo), code.verb, intended=True)
    if code.intended and "unless" in tree.lows and code.cameo[:2] == "03":
        return _Code("130", code.verb, intended=True)
    return code


def _met(tree: Tree, code: _Code, targets: list[Party]) -> list[Party]:
    """Leave out where people met: "met his counterpart in Kazan", "they met in Paris"."""
    alone = tree.child(code.verb, "obl") is None or tree.child(code.verb, "obj") is not None
    subject = tree.child(code.verb, "nsubj")
    several = subject is not None and bool(tree.kids(subject, "conj"))
    if tree.lemmas[code.verb] != "meet" or not (alone or several):
        return targets
    return [p for p in targets if tree.case(p.head) not in ("in", "at")]


def _act(tree: Tree, verb: int, code: _Code, covered: dict[int, Mention]) -> Act:
    """Find the two ends of a coded act."""
    sources = _sources(tree, verb, code, covered)
    targets = _met(tree, code, _targets(tree, verb, code, covered, sources))
    if {p.code for p in sources} <= _FAITH and plover(code.cameo) in ("PROTEST", "REQUEST"):
        sources = [replace(p, code="---") for p in sources]
    passive = tree.child(code.verb, "nsubj:pass", "aux:pass") is not None
    domestic = plover(code.cameo) in _DOMESTIC - {"ASSAULT"}
    code = replace(code, active=domestic and not passive and is_agent(tree, code.verb))
    sources, targets, both = _settle(code, sources, targets)
    conditional = any(tree.lows[c] in ("if", "unless") for c in tree.kids(verb, "mark"))
    return Act(
        cameo=code.cameo,
        plover=plover(code.cameo),
        mode=mode(code.cameo),
        sign=0.0 if code.negated else sign(code.cameo),
        sources=tuple(sources),
        targets=tuple(targets),
        verb=code.verb,
        words=tuple(_clause(tree, verb)),
        negated=code.negated,
        conditional=conditional,
        intended=code.intended,
        reciprocal=both,
    )


def _clause(tree: Tree, verb: int) -> list[int]:
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


_DOMESTIC = frozenset({"REQUEST", "COERCE", "CONCEDE", "PROTEST", "REJECT", "ASSAULT", "ACCUSE"})
_FAITH = frozenset({"ISM"})


def _settle(
    code: _Code, sources: list[Party], targets: list[Party]
) -> tuple[list[Party], list[Party], bool]:
    """Share countries between the ends, and read "A and B agreed" both ways."""
    known_s = [p for p in sources if p.code != "---"]
    known_t = [p for p in targets if p.code != "---"]
    countries = list(dict.fromkeys(p.code for p in known_s))
    abroad = [p for p in known_t if p.code not in countries]
    if code.cameo[:2] in _RECIPROCAL and len(countries) > 1 and not abroad:
        return known_s[:1], [p for p in known_s if p.code != known_s[0].code], True
    both = code.cameo[:3] in _MUTUAL and bool(known_s and abroad)
    if not known_s and known_t and (sources or code.active):
        shown = sources or [replace(known_t[0], role="")]
        sources = [_supposed(p, known_t[0].code) for p in shown]
    if known_s and not known_t and (targets or plover(code.cameo) in _DOMESTIC):
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


def _sources(tree: Tree, verb: int, code: _Code, covered: dict[int, Mention]) -> list[Party]:
    """Return who acts: the subject, what its pronoun stands for, else a name before the verb."""
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
    skip = {k for c in _asides(tree) for k in tree.below(c)}
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


def _targets(
    tree: Tree, verb: int, code: _Code, covered: dict[int, Mention], sources: list[Party]
) -> list[Party]:
    """Return whom it is done to: the first other country among the objects, else a domestic one."""
    own = {p.code for p in sources} | {"---"} | _FAITH
    patient = [p for p in _patient(tree, code.verb, covered) if p.code not in own]
    if patient:
        return patient
    domestic: list[Party] = []
    deepest = 0
    for level, parties in _candidates(tree, verb, code, covered):
        others = [p for p in parties if p.code not in own]
        if others and (level <= deepest or not domestic):
            return _listed(tree, others, covered)
        if not domestic:
            domestic = [p for p in parties if p.code not in _FAITH and not _is_means(code, p)]
            deepest = level
    warned = _warned(tree, covered, own) if code.cameo[:2] == "13" else []
    return warned or domestic or _other_names(tree, verb, code, covered, own)


def _patient(tree: Tree, v: int, covered: dict[int, Mention]) -> list[Party]:
    """Return the name just before a participle with an agent ("NATO, accused by Moscow of")."""
    if tree.tags[v] != "VBN" or tree.deps[v] != "acl" or not tree.kids(v, "obl:agent"):
        return []
    before = v - 2 if v > 1 and tree.words[v - 1] == "," else v - 1
    return resolve(tree, before, covered) if before in covered else []


def _is_means(code: _Code, party: Party) -> bool:
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
    tree: Tree, verb: int, code: _Code, covered: dict[int, Mention]
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


def _is_weapon(tree: Tree, c: int, code: _Code) -> bool:
    """Say whether an object is what an attack is made with, whoever built it."""
    return tree.lemmas[c] in _WEAPONS and tree.deps[c] == "obj" and code.cameo[:2] in ("18", "19")


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
        return 8 if case in ("in", "after", "during", "by", "before") else _NEARNESS.get(case, 5)
    if label == "advcl" and any(tree.lows[k] in _LOOSE for k in tree.kids(c, "mark", "advmod")):
        return None
    return _LABELS.get(label)


_LOOSE = words("as when while after before since because although though if unless where")


def _other_names(
    tree: Tree, verb: int, code: _Code, covered: dict[int, Mention], own: set[str]
) -> list[Party]:
    """Fall back on another country named in the clause."""
    skip = {k for c in _asides(tree) for k in tree.below(c)}
    inside = set(_clause(tree, verb)) | set(_clause(tree, code.verb))
    subject = subject_of(tree, code.verb)
    skip |= set(tree.below(subject)) if subject is not None else set()
    for m in dict.fromkeys(covered.values()):
        usable = m.code and m.code not in own and m.use not in ("topic", "outlet")
        if usable and m.head in inside and m.head not in skip:
            role = m.role or role_of(tree, tree.heads[m.head])
            return [Party(m.code, role, m.first, m.last, m.head)]
    return []


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


def _opens(tree: Tree, m: Mention, last: Party) -> bool:
    """Say whether a name is the subject of a clause of its own ("Israel, the US will answer")."""
    return tree.deps[m.head].startswith("nsubj") and tree.heads[m.head] != tree.heads[last.head]


def _asides(tree: Tree) -> list[int]:
    """Return the heads of phrases that only say who reports it, and of loose clauses."""
    out = []
    for i, label in enumerate(tree.deps):
        if tree.lemmas[i] in _SAY:
            content = tree.child(i, "ccomp")
            subject = tree.child(i, "nsubj")
            if label == "parataxis" and content is None:
                out.append(i)
            elif content is not None and subject is not None and content < subject:
                out.append(subject)
        according = label.startswith("obl") and tree.case(i).startswith("according")
        loose = label == "advcl" and any(
            tree.lows[k] in _LOOSE for k in tree.kids(i, "mark", "advmod")
        )
        if according or loose:
            out.append(i)
    return out
