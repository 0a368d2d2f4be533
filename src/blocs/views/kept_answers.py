"""Answers that take long, kept in the project so that the explorer shows them at once.

``compete``, ``react``, ``simulate``, ``experts`` and ``forecast evaluate`` keep what they answer
where there is a project; the same command again takes the place of its older answer.
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import date

import msgspec

from blocs import project as projects
from blocs.contracts import Answer, Evidence
from blocs.errors import BadFile
from blocs.views.formats import json_text

_FOLDER = "answers"


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it was given: by which command, on which day, its data and its page."""

    schema: str = "blocs.kept-answer/1"
    name: str
    verb: str
    day: str
    question: str
    headline: str
    command: str
    facts: msgspec.Raw
    page: str


def keep_answer(verb: str, answer: Answer, evidence: Evidence) -> Answer:
    """Keep an answer that has a page in the project, if there is one; return it as it is.

    Parameters
    ----------
    verb : str
        The command: ``compete``.
    answer : Answer
        What it found.
    evidence : Evidence
        Says which project.
    """
    home = projects.home(evidence.project)
    if answer.page is None or not projects.exists(home):
        return answer
    page = answer.page()
    command = _told(page, r'<pre tabindex="0">(.*?)</pre>')
    name = f"{verb.replace(' ', '-')}-{hashlib.sha256(command.encode()).hexdigest()[:12]}"
    kept = KeptAnswer(
        name=name,
        verb=verb,
        day=str(date.today()),
        question=_told(page, r'<section id="answer".*?<p class="small">(.*?)</p>'),
        headline=_told(page, r'<h1 id="answer-title">(.*?)</h1>'),
        command=command,
        facts=msgspec.Raw(json_text(answer.facts).encode()),
        page=page,
    )
    projects.keep_result(home, f"{_FOLDER}/{name}.json", msgspec.json.encode(kept))
    return answer


def kept_answers(evidence: Evidence) -> tuple[KeptAnswer, ...]:
    """Return the answers that the project keeps, by command, the newest first."""
    home = projects.home(evidence.project)
    found = []
    for name in projects.kept_names(home, _FOLDER):
        raw = projects.kept_result(home, name)
        if raw is None:
            continue  # taken away meanwhile
        try:
            found.append(msgspec.json.decode(raw, type=KeptAnswer))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadFile(f"{home / name}: not a kept answer ({error}); delete the file") from None
    newest = sorted(found, key=lambda kept: kept.day, reverse=True)
    return tuple(sorted(newest, key=lambda kept: kept.verb))


def _told(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found[1])).strip() if found else ""
