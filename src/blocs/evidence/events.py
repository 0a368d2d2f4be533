"""Acts: who did what to whom, in CAMEO and PLOVER, from dependency trees."""

from __future__ import annotations

from dataclasses import dataclass, replace

from blocs.evidence.reading.actors import Mention, Party, by_word
from blocs.evidence.reading.coding import (
    NOT,
    SAY,
    Code,
    code_of,
    look_up,
    modify,
    noun_says_it,
    predicates,
)
from blocs.evidence.reading.lexicon import Rows, mode, plover, sign, verb_codes
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sources import (
    DOMESTIC,
    EACH_OTHER,
    EXCHANGE,
    MUTUAL,
    find_sources,
    place_ends,
    settle_ends,
    who_met,
    whose_act,
)
from blocs.evidence.reading.subjects import is_agent, shares_passive, subject_of
from blocs.evidence.reading.targets import FAITH, clause_of, find_targets, is_loose
from blocs.evidence.syntax.trees import Tree


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
    for verb in predicates(tree):
        code = code_of(tree, verb, 0, table)
        if code is None or code.cameo[:2] in ("01", "--") or not (verbs or plover(code.cameo)):
            continue
        act = _act(tree, verb, code, covered)
        one_way = verbs and (act.cameo[:3] in MUTUAL or tree.lemmas[act.verb] in EXCHANGE)
        found.append(replace(act, reciprocal=False) if one_way else act)
    found = _merge(found) or _merge(_loose_acts(tree, covered, table))
    ranked = sorted(range(len(found)), key=lambda i: (-_worth(tree, found[i]), i))
    return [_refer(tree, replace(found[i], rank=r), focus, covered) for r, i in enumerate(ranked)]


def _joined(verbs: dict[str, Rows]) -> dict[str, Rows]:
    """Put a user's verbs before the built-in ones; a default of the user's closes the list."""
    table = dict(verb_codes())
    for verb, rows in verbs.items():
        special = [row for row in [*rows, *table.get(verb, [])] if row[1]]
        table[verb] = special + [row for row in rows if not row[1]]
    return table


def _refer(tree: Tree, act: Act, focus: tuple[Party, ...], covered: dict[int, Mention]) -> Act:
    """Let a pronoun at either end stand for what the sentence before was about.

    An object does so only where no other name stands before it: "China has a pact with Korea and
    would honour it" is of no other sentence.
    """
    if not focus:
        return act
    subject = subject_of(tree, act.verb)
    if not act.sources and subject is not None and tree.lows[subject] in _REFER:
        act = replace(act, sources=focus)
    obj = tree.child(act.verb, "obj", "iobj")
    known = any(p.code != "---" for p in act.targets)
    ours = {p.code for p in act.sources}
    nearer = obj is not None and any(
        m.code and m.code not in ours and k < obj for k, m in covered.items()
    )
    if not known and obj is not None and tree.lows[obj] in _REFER and not nearer:
        apart = {p.code for p in focus} - {p.code for p in act.sources}
        act = replace(act, targets=tuple(p for p in focus if p.code in apart))
    return act


_REFER = words("it he she they them him her")


def _tail(tree: Tree) -> int:
    """Return where a closing ", officials said on Monday" starts; the length if there is none."""
    n = len(tree)
    for i in range(n - 1, max(n - 10, 0), -1):
        if tree.lemmas[i] in SAY and tree.tags[i] in ("VBD", "VBZ", "VBN", "VBP", "NNS"):
            if any(tree.tags[c] == "VBG" and c > i for c in tree.kids(i, "advcl")):
                return n  # "Kyiv said, blaming Moscow": an act of its own
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
        denied = v > 0 and tree.lows[v - 1] in NOT
        if tag in _VERBS and tree.lemmas[v] not in SAY and not (denied or noun_says_it(tree, v)):
            whole = code_of(tree, v, 0, table)
            if whole is not None and whole.cameo[:2] == "01":  # "declined to comment"
                continue
            base = look_up(tree, v, table)
            code = modify(tree, v, Code(base, v)) if base and plover(base) else None
            if code is not None:
                out.append(_act(tree, v, code, covered))
    return out[:1]


def _worth(tree: Tree, act: Act) -> int:
    """Prefer acts with a named end, outside a clause that says when or why; earlier ones win."""
    named = any(p.code != "---" for p in (*act.sources, *act.targets))
    return 2 * named - is_loose(tree, act.verb)


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


def _act(tree: Tree, verb: int, code: Code, covered: dict[int, Mention]) -> Act:
    """Find the two ends of a coded act."""
    sources = find_sources(tree, verb, code, covered)
    targets = who_met(tree, code, find_targets(tree, verb, code, covered, sources))
    if {p.code for p in sources} <= FAITH and plover(code.cameo) in ("PROTEST", "REQUEST"):
        sources = [replace(p, code="---") for p in sources]
    passive = tree.child(code.verb, "nsubj:pass", "aux:pass") is not None
    passive = passive or shares_passive(tree, code.verb)
    domestic = plover(code.cameo) in DOMESTIC - {"ASSAULT"}
    code = replace(
        code,
        active=domestic and not passive and is_agent(tree, code.verb),
        mutual=tree.lemmas[code.verb] in EACH_OTHER,
        exchanged=tree.lemmas[code.verb] in EXCHANGE and not passive,
    )
    if passive and not any(p.code != "---" for p in sources):
        sources = whose_act(tree, code.verb, covered) or sources
    if passive or domestic or plover(code.cameo) == "ASSAULT":
        sources, targets = place_ends(tree, code, covered, sources, targets)
    sources, targets, both = settle_ends(code, sources, targets)
    conditional = any(tree.lows[c] in ("if", "unless") for c in tree.kids(verb, "mark"))
    return Act(
        cameo=code.cameo,
        plover=plover(code.cameo),
        mode=mode(code.cameo),
        sign=0.0 if code.negated else sign(code.cameo),
        sources=tuple(sources),
        targets=tuple(targets),
        verb=code.verb,
        words=tuple(clause_of(tree, verb)),
        negated=code.negated,
        conditional=conditional,
        intended=code.intended,
        reciprocal=both,
    )
