"""Who stands for a content: its source, those it is quoted by, those who confirm or deny it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from blocs.evidence.reading.actors import Mention, resolve
from blocs.evidence.reading.attribution import SPEECH, Attribution
from blocs.evidence.reading.items import Role, Speaker
from blocs.evidence.reading.lexicon import plover, verb_codes
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.syntax.trees import Tree

CONFIRM = words("confirm acknowledge corroborate verify admit")
DENY = words("deny refute dispute reject rebut contradict disavow")
_PASS_ON = words("quote cite report publish carry relay")
_PUNCTUATION = frozenset([",", ";", ":", ".", "“", "”", '"', "«", "»", "(", ")", "–", "—"])
CITING = words("citing quoting")
_OUTLETS = words(
    "site website newspaper daily weekly magazine agency radio television channel paper "
    "portal journal blog times post news"
)


_NO_ONE = words("nothing what which that this there it these those all how")
_NARRATOR = words("we i us me you")
_SPEAK = words(
    "say tell write report announce declare reveal claim state add note insist accord indicate "
    "conclude warn argue"
)
_NO_SAYING = words(
    "praise hail welcome condemn criticise criticize denounce applaud laud thank commend deplore "
    "slam blast decry salute congratulate mock seek aim try attempt strive agree sign "
    "provide upset anger worry alarm annoy please shock surprise irritate infuriate"
)
_UTTER = SPEECH | words(
    "report reveal accord accuse blame charge allege cite mention propose promise pledge vow "
    "threaten predict forecast foresee expect anticipate doubt suspect suggest deny reject refute "
    "dispute concede admit confirm acknowledge label brand term dub portray depict paint view "
    "regard consider deem think feel find caution advise recommend appeal object protest complain "
    "question point agree disagree interpret signal hint imply reassure emphasize emphasise "
    "highlight boast brag lament plead beg implore urge demand request speculate guess presume "
    "imagine hear learn know show disclose publish attribute assess calculate reckon envisage rule "
    "testify tweet post quote deride dismiss defend respond rail link liken compare invoke mock "
    "speak talk discuss debate wonder advocate reference contend assert opine maintain posit "
    "proclaim pronounce lie joke compliment"
)
_TOLD = words(
    "statement remark comment claim pledge promise threat speech interview letter report warning "
    "accusation allegation denial reference point case argument complaint announcement"
)
_WISH = words("want wish hope fear like prefer seek refuse decide plan need intend")
_DEEDS = frozenset({"ASSAULT", "MOBILIZE", "COERCE", "SANCTION", "AID", "RETREAT"})
_PERSON = words("people person man woman name voice critic supporter opponent observer resident")


def can_say(
    tree: Tree, mentions: Sequence[Mention], quoted: Sequence[bool], found: Attribution
) -> bool:
    """Say whether a source is somebody or a text: things that upset or aim do not speak.

    Parameters
    ----------
    tree : Tree
        The sentence.
    mentions : sequence of Mention
        Its names.
    quoted : sequence of bool, shape (n_words,)
        Words in quotation marks.
    found : Attribution
        Who is said to say what.
    """
    deeds = tree.kids(found.cue_head, "xcomp", "advcl")
    to_do = any(tree.lows[k] == "to" for d in deeds for k in tree.kids(d, "mark"))
    if to_do and tree.lemmas[found.cue_head] == "threaten":
        return False
    deed = _is_deed(tree.lemmas[found.cue_head]) or not _utters(tree, found)
    if _holds_back(tree, found) or (deed and not _says_that(tree, quoted, found)):
        return False
    if not found.source:
        return any(quoted[i] for i in found.content if i < len(quoted))
    inside = set(found.source)
    head = next((i for i in found.source if tree.heads[i] not in inside), found.source[0])
    speech = bool({tree.lemmas[i] for i in found.cue} & (_SPEAK | SPEECH))
    low = tree.lows[head]
    if low in _NO_ONE:
        return speech and low not in ("nothing", "there", "what")
    if low in _NARRATOR:
        return speech or (head < len(quoted) and quoted[head])
    named = tree.tags[head][:3] in ("NNP", "PRP") or any(
        m.first <= i < m.last for m in mentions for i in inside
    )
    person = bool(role_of(tree, head)) or tree.lemmas[head] in _PERSON
    return named or person or speech or found.prob > 0.8


def _holds_back(tree: Tree, found: Attribution) -> bool:
    """Say whether nothing is told: "would not say whether", "asked not to be named"."""
    head = found.cue_head
    silent = tree.lemmas[head] in _SPEAK and any(
        tree.lows[k] in ("not", "n't", "n’t", "never", "neither") for k in tree.children[head]
    )
    unnamed = [k for k in found.content if tree.lemmas[k] in ("name", "identify")]
    return silent or (len(found.content) < 6 and bool(unnamed))


def _utters(tree: Tree, found: Attribution) -> bool:
    """Say whether a cue says or thinks: who embraced somebody or doubled a tariff has not."""
    head = found.cue_head
    if tree.tags[head][:2] != "VB":
        return True
    if tree.lemmas[head] == "call" and tree.child(head, "xcomp", "obl", "ccomp") is None:
        return False  # "called a meeting"
    if tree.lemmas[head] in _WISH:
        return bool(tree.kids(head, "xcomp", "ccomp"))
    return bool({tree.lemmas[i] for i in (head, *found.cue)} & (_UTTER | _TOLD))


@cache
def _is_deed(lemma: str) -> bool:
    """Say whether a verb does, feels or judges rather than says, whatever its object."""
    codes = [code for code, nouns in verb_codes().get(lemma, ()) if not nouns]
    return lemma in _NO_SAYING or any(plover(code) in _DEEDS for code in codes)


def _says_that(tree: Tree, quoted: Sequence[bool], found: Attribution) -> bool:
    """Say whether words follow or a that-clause, where "praised the treaty" tells only of what."""
    words = sum(quoted[i] for i in found.content if i < len(quoted))
    return 2 * words > len(found.content) or tree.child(found.cue_head, "ccomp") is not None


def speakers_of(
    text: str,
    tree: Tree,
    attributions: Sequence[Attribution],
    covered: dict[int, Mention],
) -> Iterator[tuple[frozenset[int], tuple[Speaker, ...]]]:
    """Yield (content words, speakers) per attribution, chains joined.

    "X, quoted on the site Y, says" gives X as speaker and Y as outlet; "confirmed by Z" after
    a revelation gives Z as confirmer.
    """
    extra = (*_by_phrases(text, tree, covered), *_cited(text, tree, covered))
    passed = passing_words(tree)
    for found in attributions:
        own = attributed(text, tree, _without(found, passed), covered)
        chained = tuple(s for s in extra if not any(_same(s, o) for o in own))
        yield frozenset(found.content), own + chained
    if not attributions and extra:
        yield frozenset(range(len(tree))), extra


def passing_words(tree: Tree) -> frozenset[int]:
    """Return the words of "quoted on ..." and "confirmed by ..." phrases.

    After a dash the noun they hang on belongs to them ("- revelations confirmed by ...").
    """
    out: set[int] = set()
    for v in _passing(tree):
        first = min(tree.below(v))
        dash = next((k for k in range(first - 1, max(first - 4, 0), -1) if _is_dash(tree, k)), None)
        out |= set(tree.below(v)) | set(range(first if dash is None else dash, v))
    return frozenset(out)


def _is_dash(tree: Tree, k: int) -> bool:
    """Say whether a word is a dash that opens an aside."""
    return tree.words[k] in ("–", "—", "--") and tree.begins[k] > tree.ends[k - 1]


def _without(found: Attribution, passed: frozenset[int]) -> Attribution:
    """Take "quoted on the site Y" out of the source X."""
    kept = tuple(i for i in found.source if i not in passed)
    return replace(found, source=kept) if kept else found


def _same(one: Speaker, two: Speaker) -> bool:
    """Say whether two speakers are the same words."""
    return one.start < two.end and two.start < one.end


def attributed(
    text: str, tree: Tree, found: Attribution, covered: dict[int, Mention]
) -> tuple[Speaker, ...]:
    """Return the sources of one attribution as speakers, one per party."""
    if not found.source:
        return ()
    source = [i for i in found.source if tree.words[i] not in _PUNCTUATION] or list(found.source)
    start, end = _whole(text, *tree.span(source))
    cue = text[slice(*tree.span(list(found.cue)))] if found.cue else ""
    lemmas = {tree.lemmas[i] for i in found.cue}
    inside = set(found.source)
    head = next((i for i in found.source if tree.heads[i] not in inside), found.source[0])
    role = _role(tree, head, lemmas, covered)
    codes = _codes(tree, head, covered)
    if role == "outlet" or not codes:
        return (
            Speaker(
                actor=codes[0] if codes and role != "outlet" else None,
                text=text[start:end],
                start=start,
                end=end,
                cue=cue,
                role=role,
            ),
        )
    return tuple(
        Speaker(actor=code, text=text[start:end], start=start, end=end, cue=cue, role=role)
        for code in dict.fromkeys(codes)
    )


_PERSONAL = words("he she him her")


def _codes(tree: Tree, head: int, covered: dict[int, Mention]) -> list[str]:
    """Return the actors of a source; "him" is the one office holder named before, if there is."""
    if tree.lows[head] in _PERSONAL:
        before = {m.head: m for k, m in covered.items() if k < head and m.kind == "holder"}
        codes = {p.full for h in before for p in resolve(tree, h, covered) if p.code != "---"}
        return sorted(codes) if len(codes) == 1 else []
    found = [p.full for p in resolve(tree, head, covered) if p.code != "---"]
    if found or tree.deps[head] != "appos":
        return found
    return [p.full for p in resolve(tree, tree.heads[head], covered) if p.code != "---"]


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Close a bracket that a span opens."""
    open_ones = text.count("(", start, end) - text.count(")", start, end)
    return (start, end + 1) if open_ones == 1 and text[end : end + 1] == ")" else (start, end)


def _role(tree: Tree, head: int, cue: set[str], covered: dict[int, Mention]) -> Role:
    """Return what part a source plays."""
    if cue & CONFIRM:
        return "confirmer"
    if cue & DENY:
        return "denier"
    mention = covered.get(head)
    named = mention is not None and mention.use == "outlet"
    if named or _is_outlet(tree, head) or role_of(tree, head) == "MED":
        return "outlet"
    return "speaker"


def _is_outlet(tree: Tree, head: int) -> bool:
    """Say whether a noun is a paper or station; an agency is one only for news, or by its name."""
    if tree.lemmas[head] != "agency" or tree.tags[head][:3] == "NNP":
        return tree.lemmas[head] in _OUTLETS
    kinds = tree.kids(head, "compound", "amod")
    plain = [k for k in kinds if tree.tags[k][:3] != "NNP"]
    return any(tree.lows[k] in ("news", "press", "wire") for k in kinds) or not plain


def _passing(tree: Tree) -> Iterator[int]:
    """Yield the participles of "quoted on ..." and "confirmed by ..." phrases."""
    for v, lemma in enumerate(tree.lemmas):
        if tree.tags[v] == "VBN" and lemma in CONFIRM | DENY | _PASS_ON:
            cases = [tree.case(c) for c in tree.children[v] if tree.deps[c] in ("obl:agent", "obl")]
            if tree.deps[v] not in ("root", "ccomp") and {"by", "on", "in"} & set(cases):
                yield v


def _by_phrases(text: str, tree: Tree, covered: dict[int, Mention]) -> Iterator[Speaker]:
    """Yield the speakers of "quoted on ..." and "confirmed by ..." phrases, each of a list."""
    for v in _passing(tree):
        lemma = tree.lemmas[v]
        role: Role = "outlet" if lemma in _PASS_ON else "denier" if lemma in DENY else "confirmer"
        for c in tree.children[v]:
            if tree.deps[c] in ("obl:agent", "obl") and tree.case(c) in ("by", "on", "in"):
                for one in (c, *(k for k in tree.kids(c, "conj") if tree.tags[k][:2] == "NN")):
                    yield from _phrase(text, tree, v, one, role, covered)


def _cited(text: str, tree: Tree, covered: dict[int, Mention]) -> Iterator[Speaker]:
    """Yield whom a source cites: "the ministry said, citing Ukrainian intelligence"."""
    for v in range(len(tree)):
        obj = tree.child(v, "obj") if tree.lows[v] in CITING else None
        if obj is not None and tree.tags[obj][:2] == "NN":
            role: Role = "outlet" if _role(tree, obj, set(), covered) == "outlet" else "speaker"
            yield from _phrase(text, tree, v, obj, role, covered)


def _phrase(
    text: str, tree: Tree, v: int, c: int, role: Role, covered: dict[int, Mention]
) -> Iterator[Speaker]:
    """Yield the speaker of one such phrase."""
    case = set(tree.kids(c, "case"))
    words = [
        k for k in tree.below(c) if k not in case and not any(x in tree.above(k) for x in case)
    ]
    inner = [k for k in words if not _in_clause(tree, k, c)]
    start, end = tree.span(_run(inner, c))
    named = covered.get(c)
    if role == "outlet" and not (named or tree.lemmas[c] in _OUTLETS or tree.tags[c][:3] == "NNP"):
        return
    codes = [p.full for p in resolve(tree, c, covered) if p.code != "---"]
    actor = codes[0] if codes and role != "outlet" else None
    how = [k for k in tree.kids(v, "advmod") if k == v - 1]
    cue = text[slice(*tree.span([*how, v]))]
    yield Speaker(actor=actor, text=text[start:end], start=start, end=end, cue=cue, role=role)


def _in_clause(tree: Tree, k: int, top: int) -> bool:
    """Say whether a word hangs in a clause or list item below a noun."""
    while k != top:
        if tree.words[k] == "-":
            return False
        if tree.deps[k] in ("acl", "acl:relcl", "parataxis", "conj", "cc", "punct", "advcl"):
            return True
        k = tree.heads[k]
    return False


def _run(words: list[int], anchor: int) -> list[int]:
    """Return the unbroken run of words round an anchor."""
    run = [anchor]
    chosen = set(words)
    for step in (-1, 1):
        k = anchor + step
        while k in chosen:
            run.append(k)
            k += step
    return sorted(run)
