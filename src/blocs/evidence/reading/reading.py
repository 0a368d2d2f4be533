"""One sentence read: what every part of the reader finds in it, before it becomes items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812

from blocs.evidence.events import Act, find_acts
from blocs.evidence.quantities import Amount, find_amounts
from blocs.evidence.reading.actors import Mention, Party, by_word, find_mentions, resolve
from blocs.evidence.reading.attribution import Attribution, find_attributions
from blocs.evidence.reading.horizons import Span, find_horizons
from blocs.evidence.reading.interposed import with_interposed
from blocs.evidence.reading.items import Speaker
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.nominals import Norm, find_nominals, find_norms
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.speakers import can_say, speakers_of
from blocs.evidence.reading.spells import without_spells
from blocs.evidence.reading.subjects import subject_of
from blocs.evidence.reading.tellers import noun_after, teller_of
from blocs.evidence.reading.times import Moment, find_moments
from blocs.evidence.syntax.trees import Tree


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one sentence.

    Attributes
    ----------
    tree : Tree
        Words and syntax.
    mentions, acts, nominals, norms, attributions, amounts, moments, horizons
        Results of the parts of the reader on the sentence.
    speakers : tuple of (frozenset of int, tuple of Speaker)
        Words of a content and who stands for it.
    quoted : tuple of bool
        Whether each word stands in a quotation.
    voice : Speaker or None
        Of a transcript: whose turn it is.
    """

    tree: Tree
    mentions: tuple[Mention, ...]
    acts: tuple[Act, ...]
    nominals: tuple[Act, ...]
    norms: tuple[Norm, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[tuple[frozenset[int], tuple[Speaker, ...]], ...]
    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]
    horizons: tuple[Span, ...]
    quoted: tuple[bool, ...] = ()
    voice: Speaker | None = None


def read_sentence(
    text: str,
    tree: Tree,
    quoted: list[bool],
    *,
    date: Date | None = None,
    dictionaries: Dictionaries | None = None,
    focus: tuple[Party, ...] = (),
    settled: Mapping[str, str] | None = None,
    voice: Speaker | None = None,
) -> Reading:
    """Run the parts of the reader on one sentence.

    Parameters
    ----------
    text : str
        Text of the whole article.
    tree : Tree
        The sentence.
    quoted : list of bool, shape (n_words,)
        From :func:`blocs.evidence.reading.quoted.mark_quotes`.
    date : datetime.date, optional
        Day of publication.
    dictionaries : Dictionaries, optional
        A user's own names and verbs.
    focus : tuple of Party
        Whom the sentence before was about.
    settled : mapping, optional
        State of each name that two share; see :func:`find_mentions`.
    voice : Speaker, optional
        Whose turn it is in a transcript: all that the sentence says is said by them.
    """
    start, end = tree.begins[0], tree.ends[-1]
    verbs = dictionaries.verbs if dictionaries else None
    moments = find_moments(text, start=start, end=end, date=date)
    horizons = find_horizons(text, start=start, end=end)
    amounts = find_amounts(text, start=start, end=end)
    mentions = find_mentions(tree, date=date, own=dictionaries, settled=settled)
    covered = by_word(mentions)
    told = with_interposed(tree, find_attributions(tree, quoted))
    found = [_timeless(tree, a, moments, quoted) for a in told]
    if not found and sum(quoted) > 0.8 * len(quoted):
        found = [Attribution(0, (), (), tuple(range(len(tree))), 0.5)]
    found += _tellers(tree, found, horizons)
    heard = [a for a in found if can_say(tree, mentions, quoted, a)]
    acts = find_acts(tree, mentions, focus=focus, verbs=verbs)
    acts = [_in_person(tree, act, heard, covered, voice) for act in acts]
    nominals = find_nominals(tree, covered, taken=acts)
    acts = _with_nominals(tree, acts, nominals)
    speakers = list(speakers_of(text, tree, heard, covered))
    if voice is not None:
        speakers.append((frozenset(range(len(tree))), (voice,)))
    return Reading(
        tree=tree,
        mentions=tuple(mentions),
        acts=tuple(acts),
        nominals=tuple(nominals),
        norms=tuple(find_norms(tree, covered)),
        attributions=tuple(found),
        speakers=tuple(speakers),
        amounts=tuple(without_spells(text, amounts, (*moments, *horizons))),
        moments=tuple(moments),
        horizons=tuple(horizons),
        quoted=tuple(quoted),
        voice=voice,
    )


def _with_nominals(tree: Tree, acts: list[Act], nominals: list[Act]) -> list[Act]:
    """Let the act that a noun tells come first where the verb only says that it is planned."""
    if not acts:
        return [replace(act, rank=0) for act in nominals[:1]]
    if any(p.code != "---" for p in acts[0].sources):
        return acts
    told = [a for a in nominals if a.verb in tree.kids(acts[0].verb, "nsubj", "nsubj:pass")]
    whole = [replace(a, rank=0) for a in told if a.sources and a.targets][:1]
    return whole + [replace(a, rank=a.rank + len(whole)) for a in acts]


_FIRST_PERSON = words("we i us me")


def _in_person(
    tree: Tree,
    act: Act,
    heard: list[Attribution],
    covered: dict[int, Mention],
    voice: Speaker | None,
) -> Act:
    """Let "we" and "us" in what somebody says stand for who says it, else for nobody known."""
    subject = subject_of(tree, act.verb)
    if subject is None or tree.lows[subject] not in _FIRST_PERSON:
        return act
    said = next((a for a in heard if act.verb in a.content and a.source), None)
    if said is None:
        actor = (voice.actor if voice is not None else None) or ""
        n = len(actor) if actor.startswith("IGO") else 3
        own = Party(actor[:n], actor[n:], subject, subject + 1, subject)
        return replace(act, sources=(own,) if actor else ())
    inside = set(said.source)
    head = next((i for i in said.source if tree.heads[i] not in inside), said.source[0])
    speaker = tuple(p for p in resolve(tree, head, covered) if p.code != "---")
    apart = {p.code for p in speaker}
    return replace(
        act, sources=speaker, targets=tuple(p for p in act.targets if p.code not in apart)
    )


def _timeless(
    tree: Tree, found: Attribution, moments: list[Moment], quoted: list[bool]
) -> Attribution:
    """Take times out of a source ("summarized last April the former envoy")."""
    times = frozenset(
        i
        for i in range(len(tree))
        if any(tree.begins[i] < m.until and tree.ends[i] > m.at for m in moments)
    )
    kept = tuple(i for i in found.source if i not in times)
    if len(kept) == len(found.source):
        return found
    after = noun_after(tree, found.cue_head, quoted, skip=times)
    named = any(tree.tags[i][:2] in ("NN", "PR") for i in kept)
    if not named or (after and min(found.source) > found.cue_head):
        return replace(found, source=after)
    return replace(found, source=kept)


def _tellers(tree: Tree, known: list[Attribution], horizons: list[Span]) -> list[Attribution]:
    """Find who foretells what no attribution holds ("speaking of a window of five years")."""
    out = []
    for span in horizons:
        inside = [i for i in range(len(tree)) if span.at <= tree.begins[i] < span.until]
        if not inside or any(a.source and set(inside) <= set(a.content) for a in known):
            continue
        told = teller_of(tree, inside[0])
        out += [told] if told is not None else []
    return out
