"""What is done: the CAMEO code of a predicate, looking through verbs that take another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from blocs.evidence.reading.lexicon import Rows, noun_codes
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.subjects import PRONOUNS, has_no
from blocs.evidence.syntax.trees import Tree

SAY = words(
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
_COMMENT = words("comment say elaborate answer discuss respond reply specify disclose")
_EXPECT = words("expect schedule set slate due plan")
_DEMAND = words("demand order insist press pressure require force compel command instruct")
_APPEAL = words("urge ask appeal call request beg implore exhort encourage invite want")
_PASS = words(
    "begin start continue try attempt manage use help appear seem resume keep proceed go "
    "resort move tend come get have be do happen seek serve decide"
)
_ALLOW = words("allow permit let authorize authorise enable")
_BAR = words("prevent ban forbid bar block stop prohibit")
_HALT = words("stop halt cease end suspend abandon call")
NOT = words("not n't n’t never no neither nor hardly")
_FUTURE = words("will would shall 'll ’ll wo to")
_OUGHT = words("must should")


@dataclass(frozen=True, slots=True)
class Code:
    """A CAMEO code found at a verb, and the verb whose arguments count."""

    cameo: str
    verb: int
    intended: bool = False
    negated: bool = False
    active: bool = False
    mutual: bool = False
    exchanged: bool = False


def predicates(tree: Tree) -> Iterator[int]:
    """Yield predicates from the root down: contents of reports first, then other clauses."""
    root = next((i for i, h in enumerate(tree.heads) if h == i), None)
    queue = [root] if root is not None else []
    if root is not None and tree.tags[root][:1] not in "VM":
        queue = [i for i, t in enumerate(tree.tags) if t == "VBD" and tree.lemmas[i] not in SAY][
            :1
        ] + queue
    queue = [i for i in range(len(tree)) if grievance(tree, i) == root] + queue
    seen: set[int] = set()
    while queue:
        v = queue.pop(0)
        if v in seen:
            continue
        seen.add(v)
        contents = tree.kids(v, "ccomp", "parataxis") if tree.lemmas[v] in SAY else []
        queue = contents + queue
        if (tree.tags[v][:2] == "VB" or tree.tags[v][:1] in "JN") and not noun_says_it(tree, v):
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


def noun_says_it(tree: Tree, v: int) -> bool:
    """Say whether a light participle adds nothing: "accusations launched by Moscow at NATO"."""
    light = tree.deps[v] == "acl" and tree.tags[v] == "VBN" and tree.lemmas[v] in _LIGHT
    return light and bool(_noun_code(tree, tree.heads[v]))


_ABOUT = ("obj", "iobj", "obl", "compound", "xcomp", "advmod", "nsubj", "dep")


def _arguments(tree: Tree, v: int) -> set[str]:
    """Return lemmas of the words that say what the act is about; of its subject after ``<``."""
    out: set[str] = set()
    for c in tree.children[v]:
        label = tree.deps[c].split(":")[0]
        if tree.words[c] in ("March", "May"):
            continue
        if label == "nsubj":
            nouns = (c, *tree.kids(c, "compound"))
            out |= {f"<{form[k]}" for k in nouns for form in (tree.lemmas, tree.lows)}
        if label in _ABOUT and (
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


def code_of(tree: Tree, v: int, depth: int, table: dict[str, Rows]) -> Code | None:
    """Code a predicate, looking through verbs that take another."""
    if depth > 6:
        return None
    lemma = tree.lemmas[v]
    inner_verb = tree.child(v, "xcomp") if lemma not in SAY else None
    if inner_verb is None:
        inner_verb = _complement(tree, v, lemma)
    inner = code_of(tree, inner_verb, depth + 1, table) if inner_verb is not None else None
    base = look_up(tree, v, table)
    code = _operate(tree, v, lemma, base, inner, inner_verb)
    if code is None:
        through = lemma in _PASS and not (base and tree.child(v, "obj") is not None)
        code = inner if inner and (through or base is None) else None
        code = code or (Code(base, v) if base else None)
    return modify(tree, v, code or Code("", v))


def _complement(tree: Tree, v: int, lemma: str) -> int | None:
    """Return the clause an operator verb takes as a complement."""
    if lemma in _AGREE | _PLAN | _REFUSE | _DEMAND | _APPEAL | {"threaten", "warn"} | _ALLOW:
        for c in tree.children[v]:
            if tree.deps[c] in ("ccomp", "advcl", "acl") and tree.tags[c][:1] in "VJ":
                return c
    if lemma in SAY:
        for c in tree.kids(v, "ccomp"):
            subject = tree.child(c, "nsubj")
            if subject is not None and tree.lows[subject] in PRONOUNS:
                return c
    return None


def look_up(tree: Tree, v: int, table: dict[str, Rows]) -> str | None:
    """Look a verb up with its objects; a light verb takes its noun's code."""
    lemma = tree.lemmas[v]
    rows = table.get(lemma) or table.get(tree.lows[v])
    if grievance(tree, v) is not None:
        return "111"
    arguments = _arguments(tree, v)
    if tree.tags[v][:1] != "V":
        return _noun_code(tree, v)
    for code, nouns in rows or ():
        if code == "010" and (not nouns or nouns & arguments):
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
_VESSELS = words("effort mission drive campaign bid process operation programme program round bout")


def _light(tree: Tree, v: int) -> str | None:
    """Return the code of the noun a light verb carries."""
    if tree.lemmas[v] in _IDLE:
        return None
    labels = ("obj", "obl", "nsubj:pass") if tree.lemmas[v] in _LIGHT else ("obj",)
    for c in tree.children[v]:
        if tree.deps[c] in labels:
            code = noun_codes().get(tree.lemmas[c]) or noun_codes().get(tree.lows[c])
            kind = tree.kids(c, "compound") if tree.lemmas[c] in _VESSELS else []
            for k in kind if code is None else ():
                code = code or noun_codes().get(tree.lemmas[k])
            if code:
                return code
    return None


def _noun_code(tree: Tree, v: int) -> str | None:
    """Return the code of a noun or adjective used as a predicate."""
    return noun_codes().get(tree.lemmas[v]) or noun_codes().get(tree.lows[v])


_SIMPLE = ((_DEMAND, "100"), (_ALLOW, "080"), (_BAR, "172"))


def _operate(
    tree: Tree, v: int, lemma: str, base: str | None, inner: Code | None, inner_verb: int | None
) -> Code | None:
    """Apply a verb that takes another: agree to, threaten to, refuse to, demand that ..."""
    if inner_verb is None:
        return None
    if lemma == "threaten" or (lemma == "warn" and inner):
        return Code(_threat(inner.cameo) if inner else "130", v, intended=True)
    if lemma in _REFUSE and base != "100":  # of what is denied, or not told, nothing is refused
        done = lemma == "deny" and tree.tags[inner_verb] == "VBG"  # "denied supplying arms"
        untold = tree.deps[inner_verb] == "xcomp" and tree.lemmas[inner_verb] in _COMMENT
        return Code("010" if done or untold else "120", v)
    named = lemma == "call" and tree.tags[inner_verb][:1] != "V"  # "called it unacceptable"
    if lemma in _APPEAL and not named and (lemma != "want" or tree.child(v, "obj") is not None):
        return Code("020", v)
    simple = next((code for verbs, code in _SIMPLE if lemma in verbs), None)
    return Code(simple, v) if simple else _promise(tree, v, lemma, inner)


def _promise(tree: Tree, v: int, lemma: str, inner: Code | None) -> Code | None:
    """Apply verbs of agreeing, planning and preparing; who "is expected to" do it, will."""
    if lemma in _EXPECT and inner and tree.child(v, "aux:pass") is not None:
        return replace(inner, cameo=_intent(inner.cameo), intended=True)
    if (
        lemma == "prepare"
        and inner
        and tree.child(v, "aux:pass", "cop") is None
        and inner.cameo[:2] in ("15", "18", "19")
    ):
        return Code("154", v, intended=True)
    if lemma in _AGREE or (lemma in _PLAN | {"prepare"} and inner):
        return Code(_intent(inner.cameo if inner else "030"), v, intended=True)
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


def modify(tree: Tree, v: int, code: Code) -> Code | None:
    """Apply negation, future and obligation at a verb; the code may still be empty."""
    aux = {
        tree.lows[c]
        for c in tree.children[v]
        if tree.deps[c] in ("aux", "mark", "advmod", "cop", "cc", "cc:preconj")
    }
    root = code.cameo[:2]
    governor = tree.heads[v]
    future = bool(aux & (_FUTURE - {"to"})) or any(
        tree.tags[c] == "MD" and tree.lows[c] == "to" for c in tree.children[v]
    )
    if aux & _OUGHT and tree.deps[v] == "ccomp" and tree.lemmas[governor] in SAY:
        return Code("100", governor)
    if aux & NOT or any(tree.lows[c] == "no" for c in tree.kids(v, "det")):
        if root in ("02", "03", "04", "05", "06", "07", "08") or (future and not root):
            return Code("120", code.verb)
        return replace(code, negated=True) if root else None
    if not root or has_no(tree, v):
        return replace(code, negated=True) if root else None
    if future and not code.intended and root not in ("01", "02", "03", "10", "12", "13"):
        code = Code(_intent(code.cameo), code.verb, intended=True)
    if code.intended and "unless" in tree.lows and code.cameo[:2] == "03":
        return Code("130", code.verb, intended=True)
    return code


_GRIEVE = words("protest complain charge allege object lament grumble fume")


def grievance(tree: Tree, v: int) -> int | None:
    """Return the clause a verb of protest says: "X lets Y down, aid groups protested"."""
    if tree.lemmas[v] not in _GRIEVE or tree.tags[v] not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    said = tree.child(v, "ccomp")
    said = tree.heads[v] if said is None and tree.deps[v] == "parataxis" else said
    return said if said is not None and said != v else None
