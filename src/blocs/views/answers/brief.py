"""Whether a group of states is an axis: verdict, figures, sources, one page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs import project as projects
from blocs.alignment.assessment import assess_group
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput
from blocs.records import Brief
from blocs.views.asked import ask_group
from blocs.views.brief.record import brief_record
from blocs.views.reading.options import ReaderOptions


def brief(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    articles: Sequence[str | Path] = (),
    date: str | Date | None = None,
    options: ReaderOptions = ReaderOptions(),
    evidence: Evidence = Evidence(),
) -> Brief:
    """Assess a group of states: none, front, star, axis, or not known.

    Parameters
    ----------
    group : str
        Codes, names of states, or the name of a group.
    reference : str, optional
        The power the group is measured against: the United States, or Russia if
        the United States is a member.
    from_, to : int, optional
        Years, both included; 2022 to the almanac's last year by default. With
        only a `to` before 2022, the five years up to it.
    members_at : int, optional
        Freeze a named group at its membership at the end of this year.
    seed : int
        Seeds resampling; same seed, same figures.
    articles : sequence of str or Path
        Articles, or folders of them, that fill evidence, ladder, red lines and forecasts.
    date : str or datetime.date, optional
        Day of publication of the articles, where they do not give it.
    options : ReaderOptions
        Which reader reads the articles: the embedded one, or a language model.
    evidence : Evidence
        Where the evidence comes from; the almanac always fills the gaps.

    Returns
    -------
    Brief
        All facts; ``blocs brief --json`` prints the same.

    Examples
    --------
    >>> brief("China", "Russia", "Iran", "North Korea", from_=2022, to=2024).verdict.grade
    'front'
    """
    from blocs import __version__

    if not articles and options != ReaderOptions():
        raise BadInput("--reader, --model and --endpoint read articles; name some: --articles DIR")
    options.chosen()
    asked = ask_group(
        group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        evidence=evidence,
    )
    assessment = assess_group(
        asked.group, asked.period, reference=asked.reference, evidence=asked.facts, seed=seed
    )
    words = [f"--articles {shlex.quote(str(path))}" for path in articles]
    words += [f"--date {date}"] if date and articles else []
    words += options.words()
    made = brief_record(
        assessment,
        asked.facts,
        command=" ".join(["blocs brief", asked.command, *words]),
        version=__version__,
        members_at=members_at,
        notes=asked.notes,
    )
    if not articles:
        return made
    from blocs.views.brief.told import with_articles
    from blocs.views.ledger.gathering import read_files

    read = read_files(articles, date, options=options)
    return with_articles(made, read, project=projects.home(evidence.project))


def ask(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    articles: tuple[Path, ...] = (),
    date: str | None = None,
    options: ReaderOptions = ReaderOptions(),
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell whether a group of states is an axis, a star, a front or none of these.

    Prints a summary and writes brief.html. The group may be given as codes, names,
    historical states, or one named group with its membership of each year.

    Parameters
    ----------
    group
        CHN RUS IRN PRK, "North Korea", USSR, BRICS, NATO, "Warsaw Pact" ...
    reference
        The power the group is measured against [default: USA, or RUS if it is a member].
    from_
        First year [default: 2022].
    to
        Last year, included [default: the almanac's last].
    members_at
        Freeze a named group at its membership at the end of this year.
    seed
        Seed of the resampling.
    articles
        An article, or a folder of them, that fills evidence, ladder, red lines and forecasts,
        each line with its quote; again for more.
    date
        Day of publication of the articles, YYYY-MM-DD, where they do not give it.
    options
        Which reader reads the articles.
    """
    found = brief(
        *group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        articles=articles,
        date=date,
        options=options,
        evidence=evidence,
    )
    return _answer(found)


def _answer(found: Brief) -> Answer:
    from blocs.views.brief.terminal import dyad_table, summary

    def page() -> str:
        from blocs.views.brief.page import page as draw

        return draw(found)

    def picture() -> str:
        from blocs.views.charts.plane import plane
        from blocs.views.charts.svg import small

        return small(plane(found))

    return Answer(
        facts=found,
        text=summary(found),
        table=dyad_table(found),
        page=page,
        writes="brief.html",
        picture=picture,
    )


VIEW = View(
    ask=ask,
    shows={Brief: _answer},
    examples=(
        "blocs brief CHN RUS IRN PRK",
        "blocs brief CHN RUS IRN PRK --articles articles/",
        "blocs brief BRICS --to 2024 --members-at 2024",
        "blocs brief 'Warsaw Pact' --from 1958 --to 1962 --json",
    ),
)
