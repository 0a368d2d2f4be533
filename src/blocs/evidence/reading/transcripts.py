"""Transcripts: whose turn it is ("PRESIDENT PUTIN: ...", "Q: ..."), by labels at line starts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

from blocs.evidence.reading.items import Speaker
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.names import Entry, entry_on, holds_on, lookup
from blocs.evidence.reading.tokens import cut_words

_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Amb)\b\.?|Miss|Sir|Lord|Lady|(?:Vice )?President|"
    r"(?:Deputy )?Prime Minister|Premier|Chancellor|King|Queen|Secretary(?:[- ]General| of State)?|"
    r"Under Secretary|(?:Foreign|Defen[cs]e|Finance|Interior) (?:Minister|Secretary)|Minister|"
    r"Ambassador|General|Admiral|Senator|Representative|Chair(?:man|woman)?|Speaker|Governor|"
    r"High Representative|(?:Press Secretary|Spokes(?:man|woman|person))"
)
_ASIDE = r"(?:[^\S\n]*\([^()\n]{1,60}\)){0,2}"
_ASKS = r"(?:QUESTION|REPORTER|JOURNALIST|PRESS|MODERATOR|INTERVIEWER|CORRESPONDENT)S?"
_LABEL = re.compile(
    rf"^[^\S\n]*+(?:(?P<ask>(?:Q|(?i:{_ASKS})){_ASIDE})(?:[.:]\s|[^\S\n]{{2,}}|(?<=Q) (?=[A-Z“\"]))"
    rf"|(?P<answer>A)[.:]\s"
    rf"|(?P<titled>(?:(?i:the )?(?i:acting )?(?i:{_TITLES}))(?:[^\S\n][A-Z][\w.'’-]{{0,30}}){{0,5}}"
    rf"{_ASIDE}):\s"
    rf"|(?P<capitals>[A-Z][A-Z.'’-]{{1,30}}(?: [A-Z][A-Z.'’-]{{0,30}}){{0,5}}{_ASIDE}):\s"
    rf"|(?P<plain>[A-Z][\w'’-]{{1,30}}(?: (?:[a-z]{{1,3}} )?[A-Z][\w.'’-]{{0,30}}){{0,3}}"
    rf"{_ASIDE}):\s)",
    re.MULTILINE,
)
_HEADINGS = words(
    "update breaking note notes analysis background watch read live explainer key summary source "
    "sources end video photo photos editor editors contact more related highlights topics factbox "
    "timeline quote subject re from to date fact facts why what how who when where"
)
_NAMED = re.compile(r"[^(]*[^(\s]")
_BRACKETS = re.compile(r"\(([^()\n]+)\)")
_POLITE = re.compile(r"(?:the )?(?:mr|mrs|ms|dr|miss|sir|lord|lady)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a speaker.

    Attributes
    ----------
    start, said, until : int
        The label stands in ``[start, said)``, what is said in ``[said, until)``.
    label : str
        As written, without the colon: ``PRESIDENT PUTIN``.
    asks : bool
        Whether the label is a questioner's.
    """

    start: int
    said: int
    until: int
    label: str
    asks: bool


def find_turns(text: str) -> tuple[Turn, ...]:
    r"""Find the turns of a transcript; of any other text, none.

    A label with a title, in capitals or of a questioner opens a turn that lasts to the next one;
    a name alone does where it comes again or where questions stand beside it. A headline
    ("President Putin: we will win") holds for its own line only.

    Parameters
    ----------
    text : str
        Canonical text.

    Examples
    --------
    >>> text = "Q: Will you attack?\n\nPRESIDENT PUTIN: No. Poland is safe."
    >>> [(t.label, t.asks, text[t.said : t.until].strip()) for t in find_turns(text)]
    [('Q', True, 'Will you attack?'), ('PRESIDENT PUTIN', False, 'No. Poland is safe.')]
    """
    found = [m for m in _LABEL.finditer(text) if _is_name(m)]
    often = Counter(_of(m) for m in found)
    asked = any(m.lastgroup == "ask" for m in found)
    speech = asked or any(m.lastgroup == "titled" for m in found)
    labels = [m for m in found if _holds(m, often, asked=asked, speech=speech)]
    if all(m.lastgroup == "ask" for m in labels):
        return ()
    return tuple(_turns(text, labels, often, asked=asked))


def _is_name(match: re.Match[str]) -> bool:
    """Say whether a label is no heading."""
    return not {w.lower() for w in _of(match).replace(".", " ").split()} & _HEADINGS


def _of(match: re.Match[str]) -> str:
    """Return the label of a match, asides left out."""
    named = _NAMED.match(match.group(match.lastgroup or 0))
    return named.group() if named else ""


def _holds(match: re.Match[str], often: Counter[str], *, asked: bool, speech: bool) -> bool:
    """Say whether a label opens a turn, given the other labels of the text."""
    kind, name = match.lastgroup, _of(match)
    if kind == "capitals":
        return often[name] > 1 or speech
    if kind == "plain":
        return (often[name] > 1 and len(often) > 1) or (asked and " " in name)
    return kind in ("ask", "titled") or asked


def _turns(
    text: str, labels: Sequence[re.Match[str]], often: Counter[str], *, asked: bool
) -> Iterator[Turn]:
    """Yield the turns: to the next label, or to the end of the line where it is a headline's."""
    ends = [m.start() for m in labels[1:]] + [len(text)]
    for match, end in zip(labels, ends, strict=True):
        name = _of(match)
        written = match.group(match.lastgroup or 0)
        runs = asked or often[name] > 1 or "(" in written or (name.isupper() and len(labels) > 1)
        line = text.find("\n", match.end())
        until = end if runs or line < 0 else min(end, line)
        start = match.start(match.lastgroup or 0)
        yield Turn(start, match.end(), until, written, match.lastgroup == "ask")


def voice_of(turn: Turn, date: Date | None) -> Speaker:
    """Return whose turn it is: an office holder on the date, a state in brackets, else a name.

    Examples
    --------
    >>> [turn] = find_turns("MR. LAVROV: We did not attack.")
    >>> voice_of(turn, Date(2022, 3, 10)).actor
    'RUSGOV'
    """
    name = _NAMED.match(turn.label)
    end = turn.start + (name.end() if name else len(turn.label))
    return Speaker(
        actor=None if turn.asks else _actor(turn.label, date),
        text=turn.label[: end - turn.start],
        start=turn.start,
        end=end,
        cue=":",
    )


def _actor(label: str, date: Date | None) -> str | None:
    """Return the actor of a label, if it is one."""
    for inside in _BRACKETS.findall(label):
        found = [e for e, whole in _entries(inside, date) if whole and e.kind == "name"]
        if found:
            return f"{found[0].code}GOV"
    named = _NAMED.match(label)
    entries = [e for e, _ in _entries(named.group() if named else "", date)]
    holder = next((e for e in reversed(entries) if e.kind == "holder"), None)
    if holder is not None:
        now = date is None or holds_on(holder, date)
        role = holder.role if now or holder.role != "GOV" else "ELI"
        return None if not now and _POLITE.match(label) else holder.code + role
    state = next((e for e in entries if e.kind in ("name", "demonym", "body", "seat")), None)
    role = "GOV" if state and state.kind == "demonym" else state.role if state else ""
    return f"{state.code}{role}" if state else None


def _entries(label: str, date: Date | None) -> Iterator[tuple[Entry, bool]]:
    """Yield what the names in a label stand for, and whether each is all of it."""
    parts = [label[a:b].replace("’", "'") for a, b in cut_words(label)]
    parts = [p.title() if p.isupper() else p for p in parts]
    i = 0
    while i < len(parts):
        hit = next((h for h in lookup().get(parts[i], ()) if _fits(h[0], parts, i)), None)
        if hit is not None:
            yield entry_on(hit[1], date), len(hit[0]) == len(parts)
        i += len(hit[0]) if hit else 1


def _fits(form: tuple[str, ...], parts: Sequence[str], i: int) -> bool:
    return tuple(parts[i : i + len(form)]) == form


def turn_at(turns: Sequence[Turn], starts: Sequence[int], at: int) -> Turn | None:
    """Return the turn that a place in the text lies in; ``starts`` are those of the turns."""
    k = bisect_right(starts, at) - 1
    return turns[k] if k >= 0 and turns[k].said <= at < turns[k].until else None
