"""Who says what: source, cue and content of each attribution, by small trained linear models.

A cue model says which words open an attribution; three pair models say which words belong to
its source, to the cue itself, and to its content. All four are logistic regressions over
readable features, trained on PolNeAR (recipe: ``training/train_attribution.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blocs.evidence.reading.lexicon import verb_codes
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.sectors import role_of
from blocs.evidence.reading.weights import PARTS, cue_model, models, pair_model, weigh
from blocs.evidence.syntax.trees import Tree

_SURE = 0.38  # of the cue, and of a word's part in it: where F1 is flat and highest, held out
_MEMBER = 0.42


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution inside a sentence: word indices, each possibly empty.

    Attributes
    ----------
    cue_head : int
        The word that opens it.
    cue, source, content : tuple of int
        Word indices.
    prob : float
        How sure the cue model is.
    """

    cue_head: int
    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: tuple[int, ...]
    prob: float


def find_attributions(tree: Tree, quoted: Sequence[bool]) -> list[Attribution]:
    """Find the attributions of a sentence.

    Parameters
    ----------
    tree : Tree
        The sentence.
    quoted : sequence of bool, shape (n_words,)
        Whether each word stands inside quotation marks; see
        :func:`blocs.evidence.reading.quoted.mark_quotes`.

    Returns
    -------
    list of Attribution
        In order of their cues. Cost O(n_words times n_cues).

    Examples
    --------
    >>> from blocs.evidence.syntax import parse_sentences
    >>> [tree] = parse_sentences([("Seoul said that Pyongyang sent troops.", 0)])
    >>> [found] = find_attributions(tree, [False] * len(tree))
    >>> [tree.words[i] for i in found.source], tree.words[found.cue_head]
    (['Seoul'], 'said')
    """
    out = []
    for head, prob in cue_probs(tree, quoted):
        if prob < _SURE:
            continue
        probs = weigh(pair_model(), list(pair_features(tree, head, quoted)))
        found = {
            part: _runs(p, head if part == "cue" else None, part)
            for part, p in zip(PARTS, probs.T.tolist(), strict=True)
        }
        cue = found["cue"] or (head,)
        taken = set(cue) | set(found["source"])
        content = tuple(i for i in found["content"] if i not in taken)
        content = content or _said_before(tree, head, cue, found["source"])
        if found["source"] or content:
            out.append(Attribution(head, cue, found["source"], content, round(prob, 3)))
    return out + _quoting(tree, quoted, out)


def _said_before(
    tree: Tree, head: int, cue: Sequence[int], source: Sequence[int]
) -> tuple[int, ...]:
    """Return the clause before ", X said" that the pair model gave to no one."""
    named = [i for i in source if tree.words[i] not in ",;:"]
    start = min([*cue, *named])
    plain = tree.lemmas[head] in SPEECH and source and tree.child(head, "ccomp", "xcomp") is None
    if not plain or start < 4 or tree.words[start - 1] != ",":
        return ()
    clause = range(start - 1)
    verbs = any(tree.tags[i] in ("VBD", "VBZ", "VBP", "MD") for i in clause)
    return tuple(clause) if verbs else ()


SPEECH = words(
    "say write note add summarize summarise conclude explain tell declare state argue warn "
    "insist describe define call comment remark observe stress underline quip joke recall "
    "detail analyze sum judge believe estimate assure announce claim ask reply answer "
    "continue indicate"
)


def _quoting(tree: Tree, quoted: Sequence[bool], known: list[Attribution]) -> list[Attribution]:
    """Tie quoted words that no attribution holds to a verb of speech outside the quotation."""
    words = {i for i, q in enumerate(quoted) if q}
    if len(words) < 4 or any(
        a.prob > 0.6 and a.source and len(words & set(a.content)) > 0.5 * len(words) for a in known
    ):
        return []
    for v, lemma in enumerate(tree.lemmas):
        if lemma not in SPEECH or tree.tags[v][:2] != "VB" or quoted[v]:
            continue
        subject = tree.child(v, "nsubj", "obl:agent")
        subject = _after(tree, v, quoted) if subject is None or quoted[subject] else subject
        if subject is not None:
            source = tuple(i for i in tree.below(subject) if i not in words and i != v)
            if source and not any(_holds(a, words, source) for a in known):
                return [Attribution(v, (v,), source, tuple(sorted(words)), 0.5)]
    return []


def _holds(known: Attribution, words: set[int], source: Sequence[int]) -> bool:
    """Say whether an attribution, however unsure, gives most of some words to a source."""
    most = len(words & set(known.content)) > 0.5 * len(words)
    return most and bool(set(source) & set(known.source))


def _after(tree: Tree, v: int, quoted: Sequence[bool]) -> int | None:
    """Return the noun right after a verb of speech ("...”, summarized the Washington Post")."""
    for k in range(v + 1, min(v + 6, len(tree))):
        if quoted[k] or tree.words[k] in (",", "."):
            return None
        if tree.tags[k][:2] in ("NN", "PR") and tree.heads[k] not in range(k + 1, v + 8):
            return k
    return None


def cue_candidates(tree: Tree) -> list[int]:
    """Return the words that may open an attribution: verbs, and lemmas seen as cues in training."""
    known = models()["lemmas"]
    clauses = {
        h
        for h, d in zip(tree.heads, tree.deps, strict=True)
        if d in ("ccomp", "xcomp", "parataxis")
    }
    return [
        i
        for i, lemma in enumerate(tree.lemmas)
        if (lemma in known or (tree.tags[i][:2] == "VB" and i in clauses))
        and not tree.deps[i].startswith(("aux", "cop"))
    ]


def cue_probs(tree: Tree, quoted: Sequence[bool]) -> list[tuple[int, float]]:
    """Return each candidate with how likely it opens an attribution."""
    heads = cue_candidates(tree)
    probs = weigh(cue_model(), [cue_features(tree, i, quoted) for i in heads])
    return [
        (i, max(p, _PLAIN) if _says_that(tree, i) else p)
        for i, p in zip(heads, probs[:, 0].tolist(), strict=True)
    ]


_PLAIN = 0.5


def _says_that(tree: Tree, i: int) -> bool:
    """Say whether a verb of speech has both who says it and a "that" clause of what is said."""
    clause = tree.child(i, "ccomp")
    return (
        tree.lemmas[i] in SPEECH
        and clause is not None
        and tree.child(i, "nsubj") is not None
        and any(tree.lows[c] == "that" for c in tree.kids(clause, "mark"))
    )


def cue_features(tree: Tree, i: int, quoted: Sequence[bool]) -> list[str]:
    """Return the features of a word as the head of a cue."""
    lemma, tag, dep = tree.lemmas[i], tree.tags[i], tree.deps[i]
    before = tree.lows[i - 1] if i else "<"
    after = tree.lows[i + 1] if i + 1 < len(tree) else ">"
    two = tree.lows[i + 2] if i + 2 < len(tree) else ">"
    kids = sorted({tree.deps[c] for c in tree.children[i]})
    subject = tree.child(i, "nsubj")
    marks = {
        tree.lows[c]
        for c in tree.children[i]
        if tree.deps[c] in ("mark", "aux", "advmod", "aux:pass")
    }
    out = ["b", f"l={lemma}", f"t={tag}", f"d={dep}", f"lt={lemma}/{tag}", f"ld={lemma}/{dep}"]
    out += [f"k={k}" for k in kids] + [f"lk={lemma}/{k}" for k in kids]
    out += [f"<={before}", f">={after}", f">>={two}", f"l>={lemma}/{after}", f"l<={lemma}/{before}"]
    out += [f"m={m}" for m in marks] + [f"lm={lemma}/{m}" for m in marks]
    out.append(f"q={quoted[i]}")
    out.append(f"nq={any(quoted)}/{quoted[i]}")
    out.append(f"s={tree.tags[subject] if subject is not None else '-'}")
    out.append(f"ls={lemma}/{tree.tags[subject] if subject is not None else '-'}")
    out.append(f"h={tree.lemmas[tree.heads[i]]}")
    out.append(f"sn={tree.lemmas[subject] if subject is not None else '-'}")
    clause = tree.child(i, "ccomp", "xcomp", "parataxis")
    out.append(f"c={tree.lemmas[clause] if clause is not None else '-'}")
    out.append(f"lc={lemma}/{tree.tags[clause] if clause is not None else '-'}")
    out.append(f"qn={any(quoted[i : i + 5])}/{any(quoted[max(0, i - 5) : i])}/{lemma}")
    out.append(f"at={before}/{tag}/{after}")
    out.append(f"tt={tree.tags[i - 1] if i else '<'}/{tag}/{_tag(tree, i + 1)}")
    obj = tree.child(i, "obj")
    out.append(f"lo={lemma}/{tree.lemmas[obj] if obj is not None else '-'}")
    out.append(f"o={tree.tags[obj] if obj is not None else '-'}/{tag}")
    out.append(f"ol={tree.lemmas[obj] if obj is not None else '-'}")
    return out + list(_frame_features(tree, i, quoted, kids, subject))


def _frame_features(
    tree: Tree, i: int, quoted: Sequence[bool], kids: list[str], subject: int | None
) -> Iterator[str]:
    """Yield features that unknown verbs share with known ones: frames, roles, quotation."""
    lemma, tag, dep = tree.lemmas[i], tree.tags[i], tree.deps[i]
    yield f"kk={tag}/{'+'.join(kids)}"
    yield f"su={lemma[-3:]}/{tag[:2]}"
    yield f"q0={quoted[0]}/{quoted[-1]}/{dep}/{quoted[i]}"
    yield f"dg={dep}/{tag}/{tree.tags[tree.heads[i]]}"
    yield f"n={min(len(tree), 9)}/{lemma}"
    role = role_of(tree, subject) if subject is not None else "-"
    yield f"sr={role}/{dep}"
    yield f"sc={role}/{'ccomp' in kids}/{any(quoted)}"
    for c in tree.children[i]:
        if tree.deps[c] in ("obl", "compound:prt", "mark"):
            yield f"lp={lemma}/{tree.deps[c]}/{tree.case(c) or tree.lows[c]}"
    yield from _clause_features(tree, i)


_CLAUSES = ("ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj")


def _clause_features(tree: Tree, i: int) -> Iterator[str]:
    """Yield what kind of act a word is, how the clauses below it open, and where it hangs."""
    lemma, tag = tree.lemmas[i], tree.tags[i]
    if tag[:2] == "VB":
        act = "say" if lemma in SPEECH else _act_class(lemma)
        yield f"vc={act}/{tag}"
        yield f"vd={act}/{tree.deps[i]}"
    for c in tree.children[i]:
        if tree.deps[c] in _CLAUSES:
            mark = tree.child(c, "mark", "advmod")
            opening = tree.lows[mark] if mark is not None and mark < c else tree.tags[c]
            yield f"cm={tree.deps[c]}/{opening}"
            yield f"cl={lemma}/{opening}"
            yield f"ct={tag[:2]}/{tree.deps[c]}/{opening}"
    up = tree.heads[i]
    yield f"hh={tree.lemmas[tree.heads[up]]}/{tree.deps[up]}/{tree.deps[i]}"
    yield f"hl={lemma}/{tree.lemmas[up]}"


def _act_class(lemma: str) -> str:
    """Return the first CAMEO root of a verb, or ``-``."""
    rows = verb_codes().get(lemma)
    return rows[0][0][:2] if rows else "-"


def _tag(tree: Tree, i: int) -> str:
    """Return a tag, or an end mark."""
    return tree.tags[i] if i < len(tree) else ">"


def pair_features(tree: Tree, cue: int, quoted: Sequence[bool]) -> Iterator[list[str]]:
    """Yield the features of each word as a part of the attribution of a cue."""
    lemma = tree.lemmas[cue]
    chain = [cue, *tree.above(cue)]
    rank = {node: r for r, node in enumerate(chain)}
    edges, rises, depths = _routes(tree, rank)
    ups = ["/".join(tree.deps[c] for c in chain[:r][-3:]) for r in range(len(chain))]
    kind = tree.tags[cue][:2]
    quotes = any(quoted)
    stops = _stops(tree)
    for k in range(len(tree)):
        rise, edge = rises[k], edges[k]
        route = f"{ups[rise]}^{edge}"
        side = "<" if k < cue else ">" if k > cue else "="
        far = min(abs(k - cue), 7) if abs(k - cue) < 8 else 9
        gap = min(abs(stops[k] - stops[cue]), 3)
        tag = tree.tags[k]
        word = tree.lows[k] if tag[0] not in "NVJRC" or tag in ("CC",) else "*"
        yield [
            "b",
            f"r={route}",
            f"rs={route}{side}",
            f"rl={route}/{lemma}",
            f"rk={route}/{kind}{side}{quoted[k]}",
            f"rd={route}/{min(depths[k], 4)}",
            f"f={side}{far}",
            f"fl={side}{far}/{lemma}" if far < 4 else f"sl={side}/{lemma}",
            f"t={tag}{side}",
            f"tr={tag}/{edge}/{rise}",
            f"w={word}{side}{min(far, 3)}",
            f"q={quoted[k]}/{quoted[cue]}/{quotes}{side}",
            f"wl={tree.lows[k]}/{lemma}/{side}" if far < 3 else f"n={side}",
            f"g={side}{gap}/{quoted[k]}",
            f"gl={side}{gap}/{lemma}",
            f"gr={route}/{gap}",
        ]


def _routes(tree: Tree, rank: dict[int, int]) -> tuple[list[str], list[int], list[int]]:
    """Return, per word, the label of the branch it hangs on, how far the cue rises, its depth."""
    n = len(tree)
    edges, rises, depths = [""] * n, [-1] * n, [0] * n
    for k in range(n):
        path: list[int] = []
        node = k
        while node not in rank and rises[node] < 0 and len(path) <= n:
            path.append(node)
            node = tree.heads[node]
        if node in rank:
            edge, rise, depth = "self", rank[node], 0
            edges[node], rises[node] = "self", rank[node]
        else:
            edge, rise, depth = edges[node], rises[node], depths[node]
        for p in reversed(path):
            edge = tree.deps[p] if depth == 0 else edge
            depth += 1
            edges[p], rises[p], depths[p] = edge, rise, depth
    return edges, rises, depths


def _stops(tree: Tree) -> list[int]:
    """Return the number of commas and quotation marks before each word."""
    count, out = 0, []
    for word in tree.words:
        count += word in (",", "“", "”", '"', ";", "``", "''", "—", "–", ":")
        out.append(count)
    return out


def _runs(probs: list[float], anchor: int | None, part: str) -> tuple[int, ...]:
    """Turn word probabilities into spans: small gaps filled, for source and cue one run only."""
    runs = _unbroken(probs)
    if not runs:
        return ()
    if part == "content":
        return tuple(i for run in runs if len(run) > 1 or probs[run[0]] > 0.7 for i in run)
    if anchor is not None:
        return tuple(next((run for run in runs if anchor in run), [anchor]))
    return tuple(max(runs, key=lambda run: sum(probs[i] for i in run)))


def _unbroken(probs: list[float]) -> list[list[int]]:
    """Return the runs of likely words, gaps of one word filled unless it is very unlikely."""
    chosen = [p > _MEMBER for p in probs]
    for i in range(1, len(probs) - 1):
        chosen[i] = chosen[i] or (chosen[i - 1] and chosen[i + 1] and probs[i] > 0.1)
    runs: list[list[int]] = []
    for i in (i for i, c in enumerate(chosen) if c):
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
