"""Who stands for a content: its source, those it is quoted by, those who confirm or deny it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocs.evidence.reading.actors import Mention, resolve, role_of
from blocs.evidence.reading.attribution import Attribution
from blocs.evidence.reading.items import Role, Speaker
from blocs.evidence.reading.lists import words
from blocs.evidence.syntax.trees import Tree

_CONFIRM = words("confirm acknowledge corroborate verify admit")
_DENY = words("deny refute dispute reject rebut contradict disavow")
_PASS_ON = words("quote cite report publish carry relay")
_PUNCTUATION = frozenset([",", ";", ":", ".", "“", "”", '"', "«", "»", "(", ")", "–", "—"])
_OUTLETS = words(
    "site website newspaper daily weekly magazine agency radio television channel paper "
    "portal journal blog times post news"
)


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
    extra = tuple(_by_phrases(text, tree, covered))
    for found in attributions:
        own = _own(text, tree, found, covered)
        chained = tuple(s for s in extra if not any(_same(s, o) for o in own))
        yield frozenset(found.content), own + chained
    if not attributions and extra:
        yield frozenset(range(len(tree))), extra


def _same(one: Speaker, two: Speaker) -> bool:
    """Say whether two speakers are the same words."""
    return one.start < two.end and two.start < one.end


def _own(
    text: str, tree: Tree, found: Attribution, covered: dict[int, Mention]
) -> tuple[Speaker, ...]:
    """Return the sources of one attribution, one per party."""
    if not found.source:
        return ()
    source = [i for i in found.source if tree.words[i] not in _PUNCTUATION] or list(found.source)
    start, end = tree.span(source)
    cue = text[slice(*tree.span(list(found.cue)))] if found.cue else ""
    lemmas = {tree.lemmas[i] for i in found.cue}
    inside = set(found.source)
    head = next((i for i in found.source if tree.heads[i] not in inside), found.source[0])
    role = _role(tree, head, lemmas, covered)
    codes = [p.full for p in resolve(tree, head, covered) if p.code != "---"]
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


def _role(tree: Tree, head: int, cue: set[str], covered: dict[int, Mention]) -> Role:
    """Return what part a source plays."""
    if cue & _CONFIRM:
        return "confirmer"
    if cue & _DENY:
        return "denier"
    mention = covered.get(head)
    named = mention is not None and mention.use == "outlet"
    if named or tree.lemmas[head] in _OUTLETS or role_of(tree, head) == "MED":
        return "outlet"
    return "speaker"


def _by_phrases(text: str, tree: Tree, covered: dict[int, Mention]) -> Iterator[Speaker]:
    """Yield "quoted on ..." and "confirmed by ..." phrases."""
    for v, lemma in enumerate(tree.lemmas):
        if tree.tags[v] != "VBN" or lemma not in _CONFIRM | _DENY | _PASS_ON:
            continue
        role: Role = "outlet" if lemma in _PASS_ON else "denier" if lemma in _DENY else "confirmer"
        for c in tree.children[v]:
            if tree.deps[c] in ("obl:agent", "obl") and tree.case(c) in ("by", "on", "in"):
                yield from _phrase(text, tree, v, c, role, covered)


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
    yield Speaker(
        actor=actor, text=text[start:end], start=start, end=end, cue=tree.words[v], role=role
    )


def _in_clause(tree: Tree, k: int, top: int) -> bool:
    """Say whether a word hangs in a clause or list item below a noun."""
    while k != top:
        if tree.deps[k] in ("acl", "acl:relcl", "parataxis", "conj", "punct", "advcl"):
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
