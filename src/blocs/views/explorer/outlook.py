"""What follows: forecasts that are kept, tests and simulations that were made, precedents.

Nothing slow is computed here. What takes long is made by its command, kept in the project and
shown; where there is none yet, the page says which command makes it.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import polars as pl

from blocs.contracts import Answer, Evidence
from blocs.errors import BadInput
from blocs.outlook.acts import KINDS
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, framed, write_page
from blocs.views.answers import precedent
from blocs.views.charts.figure import Cell, table
from blocs.views.charts.kept_forecasts import kept_forecasts
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link
from blocs.views.forecasts.calls import kept
from blocs.views.forecasts.record import Forecast
from blocs.views.kept_answers import KeptAnswer, kept_answers

_MOST = 100
_MADE_BY = (
    ("compete", "Is conflict higher when blocs compete?", ()),
    ("react", "Who answers whom, how fast?", ("RUS", "UKR")),
    ("simulate", "What if one thing were otherwise?", ("troops",)),
    ("experts", "What do experts say, beside the base rate?", ("statements.toml",)),
    (
        "forecast evaluate",
        "How well do the forecasts do?",
        ("--train", "train.txt", "--valid", "valid.txt", "--test", "test.txt"),
    ),
)


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is kept: its finding, its command, its page."""

    verb: str
    day: str
    question: str
    headline: str
    command: str
    page: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A question nobody asked yet, and the command that answers it."""

    verb: str
    question: str
    command: str


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of the page on what follows."""

    schema: str = "blocs.outlook/1"
    forecasts: tuple[Forecast, ...]
    made: tuple[Made, ...]
    missing: tuple[Missing, ...]
    precedents: dict[str, str]


def show(visit: Visit) -> Answer:
    """Show what is kept, one answer of it, or whether something was done before."""
    if visit.text("kept"):
        return _kept(visit)
    if visit.text("act"):
        return _precedent(visit)
    if len(visit.values) > 0:
        raise BadInput("say which act: act=weapons, act=third-state-troops; see /outlook")
    found = _gathered(visit.evidence)
    rows = [msgspec.structs.asdict(one) for one in found.made]
    return Answer(
        facts=found,
        text=f"{len(found.forecasts)} forecasts, {len(found.made)} answers",
        table=pl.DataFrame(rows, schema=dict.fromkeys(Made.__struct_fields__, pl.String)),
        page=lambda: write_page(_page(found, visit.evidence), visit),
    )


def _gathered(evidence: Evidence) -> Outlook:
    made = tuple(
        Made(
            verb=one.verb,
            day=one.day,
            question=one.question,
            headline=one.headline,
            command=one.command,
            page=link("outlook", kept=one.name),
        )
        for one in kept_answers(evidence)
    )
    verbs = {one.verb for one in made}
    return Outlook(
        forecasts=kept(evidence=evidence).forecasts,
        made=made,
        missing=tuple(
            Missing(verb=verb, question=asks, command=_command(verb, words, evidence))
            for verb, asks, words in _MADE_BY
            if verb not in verbs
        ),
        precedents={name: link("outlook", act=name) for name in KINDS},
    )


def _command(verb: str, words: tuple[str, ...], evidence: Evidence) -> str:
    name, *more = verb.split()
    given = {"--data": evidence.data, "--project": evidence.project}
    return command_line(name, [*more, *words], given)


def _kept(visit: Visit) -> Answer:
    word = visit.needed("kept")
    found = {one.name: one for one in kept_answers(visit.evidence)}
    if word not in found:
        raise BadInput(f"kept={word}: the project keeps no such answer; see /outlook")
    one = found[word]
    links = _back(f"Made on {wording.day(one.day)}; all of the outlook")
    return Answer(
        facts=one.facts,
        text=one.headline,
        table=pl.DataFrame([_row(one)]),
        page=lambda: framed(
            one.page,
            replace(visit, links=links),
        ),
    )


def _row(one: KeptAnswer) -> dict[str, str]:
    return {k: getattr(one, k) for k in ("verb", "day", "question", "headline", "command")}


def _precedent(visit: Visit) -> Answer:
    answer = precedent.ask(
        visit.needed("act"),
        conflict=visit.text("conflict") or "",
        state=visit.text("state") or "",
        before=visit.date("before") or "",
        evidence=visit.evidence,
    )
    page = answer.page
    assert page is not None
    links = (*_back("All of the outlook"), *_acts())
    return replace(answer, page=lambda: framed(page(), replace(visit, links=links)))


def _back(text: str) -> tuple[Link, ...]:
    return (Link(text, link("outlook")),)


def _acts() -> tuple[Link, ...]:
    return tuple(Link(_words(name), link("outlook", act=name)) for name in KINDS)


def _words(name: str) -> str:
    return wording.upper_first(name.replace("-", " "))


def _page(found: Outlook, evidence: Evidence) -> Page:
    return Page(
        title="Outlook",
        question="What follows, and how much is that worth?",
        headline=wording.upper_first(_some(len(found.forecasts), "forecast", "forecasts"))
        + f" kept, {_some(len(found.made), 'test or simulation', 'tests and simulations')} made",
        sentences=(
            "A forecast is shown beside the base rate of its kind: what the record alone would "
            "say. A simulation follows from its assumptions; it is no forecast.",
        ),
        sections=(
            _forecasts(found, evidence),
            _made(found),
            _asked(found),
        ),
        sources=(Named("project", "The project: answers and forecasts that it keeps"),),
        command="",
    )


def _some(n: int, one: str, many: str) -> str:
    return f"{wording.count(n) if n else 'no'} {one if n == 1 else many}"


def _forecasts(found: Outlook, evidence: Evidence) -> Section:
    if not found.forecasts:
        made = _command("forecast next", (), evidence)
        return Section(
            "forecasts",
            "Forecasts",
            sentences=(f"None is kept. `{made}` makes them and keeps them in the project.",),
        )
    newest = sorted(found.forecasts, key=lambda f: (f.issued, -f.rank), reverse=True)
    return Section("forecasts", "Forecasts", figures=(kept_forecasts(newest[:_MOST]),))


def _made(found: Outlook) -> Section:
    rows = [
        (Cell(one.headline, one.page), one.question, wording.day(one.day), one.command)
        for one in found.made
    ]
    missing = tuple(f"{one.question} Not asked yet: `{one.command}`" for one in found.missing)
    heads = ("Finding", "Question", "Made", "Command")
    return Section(
        "made",
        "Tests and simulations",
        sentences=missing,
        tables=(table("Answers the project keeps", heads, rows),) if rows else (),
    )


def _asked(found: Outlook) -> Section:
    rows = [
        (Cell(_words(name), href), KINDS[name].title) for name, href in found.precedents.items()
    ]
    return Section(
        "precedents",
        "Precedents",
        sentences=(
            "Has it been done before? Choose an act; above, name a conflict, a state or a date.",
        ),
        tables=(table("Acts", ("Act", "What counts"), rows),),
    )


SCREEN = Screen(
    title="Outlook",
    show=show,
    fields=(
        Field("act", "Done before", "weapons, third-state-troops"),
        Field("conflict", "In the conflict", "a war, or UKR for its latest"),
        Field("state", "By the state", "PRK"),
        Field("before", "Before", "2024"),
        Field("kept", "Kept answer", "a name of the list below"),
    ),
)
