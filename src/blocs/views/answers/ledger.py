"""Keep a ledger of what many articles say: facts, conflicts, chains, rungs, red lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date as Date  # noqa: N812
from pathlib import Path

import msgspec
import polars as pl
from rich.console import Group
from rich.text import Text

from blocs import actors
from blocs import project as projects
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput, UnknownName
from blocs.evidence.holdings import hold
from blocs.evidence.ledger.build import Ledger, open_ledger
from blocs.evidence.ledger.drawn_in import DrawnIn
from blocs.evidence.ledger.drawn_in import drawn_in as series_of
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.tables import forget, kept
from blocs.evidence.readings import open_articles, read
from blocs.registry import nearest
from blocs.views.ledger import rows as ledger_rows
from blocs.views.ledger import text as ledger_text
from blocs.views.ledger.gathering import read_files, read_into
from blocs.views.ledger.review import review
from blocs.views.reading.options import ReaderOptions


def ledger(
    *files: str | Path,
    date: str | Date | None = None,
    project: Path | None = None,
    about: Sequence[str] = (),
) -> Ledger:
    """Merge what articles say into facts, each with every telling of it.

    Parameters
    ----------
    files : str or Path
        Articles or folders of them.
    date : str or datetime.date, optional
        Day of publication of all of them.
    project : Path, optional
        Project whose ledger the articles join; without it they are merged alone and nothing
        is kept.
    about : sequence of str
        Only what concerns these states.

    Returns
    -------
    Ledger
        Facts, support, red lines, firsts; ``blocs ledger --json`` prints the same.
    """
    read_now = read(*files, date=date) if files else None
    return _about(open_ledger(read_now, project=project), about)


def ask(
    *files: Path,
    date: str | None = None,
    about: tuple[str, ...] = (),
    rows: str = "facts",
    alone: bool = False,
    all_: bool = False,
    project: Path | None = None,
    options: ReaderOptions = ReaderOptions(),
) -> Answer:
    """Merge articles into facts: same told twice, conflicts side by side, who confirms and denies.

    The articles join the ledger of the project and stay there; without files, the ledger as it is.
    Reading an article again changes nothing.

    Parameters
    ----------
    files
        Text or HTML files, or folders of them.
    date
        Day of publication, YYYY-MM-DD; a name like 2024-11-05-title.txt gives it too.
    about
        Only what concerns this state; again for more.
    rows
        Which table --csv and -o FILE.csv give: facts, mentions, support, red-lines, firsts,
        articles.
    alone
        Merge the files given alone and keep nothing.
    all_
        Show every fact on the terminal.
    project
        Project folder; made if missing.
    options
        Which reader reads the files.
    """
    table = _table(rows)
    if alone and not files:
        raise BadInput("--alone merges the files given; name an article or a folder")
    home = None if alone else projects.home(project)
    found = _about(read_into(files, date, home, options=options), about)
    if not found.articles:
        raise BadInput(f"the ledger of {home} is empty; name articles: blocs ledger FILE ...")

    def page() -> str:
        from blocs.views.ledger.page import page as draw

        return draw(found, _texts(files, home))

    kept_in = f"Kept in {home}" if home and files else ""
    text = Group(ledger_text.summary(found, all_=all_), Text(kept_in, style="dim"))
    return Answer(facts=found, text=text, table=table(found), page=page)


def drawn_in(
    theatre: str,
    *files: str | Path,
    date: str | Date | None = None,
    by: str = "year",
    from_: int | None = None,
    to: int | None = None,
    options: ReaderOptions = ReaderOptions(),
    evidence: Evidence = Evidence(),
) -> DrawnIn:
    """Say how far others are drawn into a war over time, by form, each value with its sources.

    Parameters
    ----------
    theatre : str
        State on whose soil it is fought.
    files : str or Path
        Articles to read beside the project's ledger; they are not kept.
    date : str or datetime.date, optional
        Day of publication of the files.
    by : {"year", "month"}
        Length of a period.
    from_, to : int, optional
        First and last year.
    options : ReaderOptions
        Which reader reads the files.
    evidence : Evidence
        Project and data sets; UCDP gives troops, SIPRI weapons.

    Returns
    -------
    DrawnIn
        Weapons, munitions, advisers, volunteers, mercenaries and troops, and other support.
    """
    if by not in ("year", "month"):
        raise UnknownName("period", by, nearest(by, ["year", "month"]), "Use year or month.")
    state = actors.resolve(theatre)
    rows = _support_rows(files, date, evidence.project, options)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use).by_dataset
    ends = Date(from_, 1, 1) if from_ else None, Date(to, 12, 31) if to else None
    return series_of(state, rows, evidence=held, by=by, first=ends[0], last=ends[1])


def ask_drawn_in(
    theatre: str,
    /,
    *files: Path,
    date: str | None = None,
    by: str = "year",
    from_: int | None = None,
    to: int | None = None,
    options: ReaderOptions = ReaderOptions(),
    evidence: Evidence = Evidence(),
) -> Answer:
    """Show how far outsiders are drawn into a war, from weapons and advisers to foreign troops.

    From the project's ledger, the almanac and added data sets. What nobody tells is not known,
    not zero.

    Parameters
    ----------
    theatre
        The state on whose soil it is fought: UKR, "South Vietnam" ...
    files
        Articles to read beside the project's ledger; they are not kept.
    date
        Day of publication of the files, YYYY-MM-DD.
    by
        year or month.
    from_
        First year.
    to
        Last year, included.
    options
        Which reader reads the files.
    """
    found = drawn_in(
        theatre,
        *files,
        date=date,
        by=by,
        from_=from_,
        to=to,
        options=options,
        evidence=evidence,
    )
    if not found.points:
        raise BadInput(
            f"nothing is told of outsiders in {actors.name_of(found.theatre)}; name articles, or "
            "add data sets with `blocs data add ucdp PATH`"
        )
    return _series(found)


def _series(found: DrawnIn) -> Answer:
    notes = [Text(f"covered: {line}", style="dim") for line in found.covered]
    last = Text("Each number rests on the tellings that --json lists; blank means not known.")
    text = Group(ledger_text.series_table(found), *notes, last)
    return Answer(facts=found, text=text, table=ledger_rows.points(found))


def forget_article(*articles: str, project: Path | None = None) -> Answer:
    """Take articles out of the project's ledger; corrections stay for a later reading.

    Parameters
    ----------
    articles
        The file as it was given, its name, or the first letters of its sha256.
    project
        Project folder.
    """
    home = projects.home(project)
    if not articles:
        raise BadInput("name an article: its file, or the first letters of its sha256")
    gone = forget(home, articles)
    facts = {"schema": "blocs.forgotten/1", "articles": [g.source_id for g in gone]}
    lines = [Text(f"forgotten: {g.file or g.source_id[:16]}, {g.rows} items") for g in gone]
    table = pl.DataFrame({"article": facts["articles"]}, schema={"article": pl.String})
    return Answer(facts=facts, text=Group(*lines), table=table)


def _texts(files: Sequence[Path], home: Path | None) -> dict[str, str]:
    """Return the text of each article, for the page."""
    if home is not None:
        return {a.sha256: a.text for a in kept(home).articles}
    return {a.sha256: a.text for a in open_articles(files)}


def _support_rows(
    files: Sequence[str | Path],
    date: str | Date | None,
    project: Path | None,
    options: ReaderOptions,
) -> list[SupportRow]:
    """Return support told by the project's ledger and by files that are not kept."""
    home = projects.home(project)
    opened = [open_ledger(project=home)] if projects.exists(home) else []
    if files:
        opened.append(open_ledger(read_files(files, date, options=options)))
    by_id = {row.id: row for found in reversed(opened) for row in found.support}
    return [by_id[key] for key in sorted(by_id)]


def _about(found: Ledger, words: Sequence[str]) -> Ledger:
    """Keep what concerns some states; conflicts keep both sides."""
    if not words:
        return found
    wanted = {actors.resolve(word) for word in words}
    facts = [f for f in found.facts if {c[:3] for c in (*f.subject, *f.object)} & wanted]
    return msgspec.structs.replace(
        found,
        facts=tuple(facts),
        support=tuple(s for s in found.support if {s.supporter, s.recipient, s.against} & wanted),
        red_lines=tuple(r for r in found.red_lines if r.actor in wanted),
        firsts=tuple(
            f for f in found.firsts if f.question.split()[1] in wanted or f.scope[:6] == "anyone"
        ),
    )


def rows_of(rows: str, found: Ledger) -> pl.DataFrame:
    """Return a table of a ledger by its name."""
    return _table(rows)(found)


def _table(rows: str) -> Callable[[Ledger], pl.DataFrame]:
    if rows not in ledger_rows.TABLES:
        near = nearest(rows, list(ledger_rows.TABLES))
        raise UnknownName("table", rows, near, f"Known: {', '.join(ledger_rows.TABLES)}.")
    return ledger_rows.TABLES[rows]


VIEW = View(
    ask=ask,
    shows={
        Ledger: lambda found: Answer(
            facts=found, text=ledger_text.summary(found), table=ledger_rows.facts(found)
        ),
        DrawnIn: _series,
    },
    verbs={"review": review, "drawn-in": ask_drawn_in, "forget": forget_article},
    examples=(
        "blocs ledger articles/ --project war",
        "blocs ledger a.txt b.html --alone --json",
        "blocs ledger --project war --about PRK --rows support --csv",
        "blocs ledger --project war -o ledger.html",
        "blocs ledger review articles/ --project war",
        "blocs ledger review --project war --accept 4f69 --correct 8bd0 quantity.high=10000",
        "blocs ledger drawn-in UKR --from 2022 --by month --project war",
    ),
)
