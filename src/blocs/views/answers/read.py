"""Read articles: who says what of whom, how surely, when, how much, and what is foretold."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs.contracts import Answer, View
from blocs.errors import BadInput
from blocs.evidence.reading.items import Item
from blocs.evidence.reading.petrarch import Dictionaries, open_dictionaries
from blocs.evidence.readings import ArticleRecord, Readings, read
from blocs.project import home
from blocs.views.progress import announce, progress
from blocs.views.reading.options import ReaderOptions, told, told_if_lost

_TEXTS = (
    *("id", "article", "kind", "quote", "statement", "subject", "object", "speakers", "roles"),
    *("certainty", "hedges", "plover", "mode", "cameo", "unit", "of", "per", "part_of"),
    *("when_start", "when_end", "precision", "when_text", "horizon_unit", "horizon_from"),
)
_NUMBERS = ("sign", "low", "high", "value", "horizon_low", "horizon_high")
_COLUMNS = (
    *("id", "article", "kind", "start", "end", "quote", "statement", "subject", "object"),
    *("speakers", "roles", "certainty", "hedges", "plover", "mode", "cameo", "sign"),
    *("low", "high", "value", "unit", "of", "per", "part_of"),
    *("when_start", "when_end", "precision", "when_text"),
    *("horizon_low", "horizon_high", "horizon_unit", "horizon_from"),
)
_LIST = " | "
_SHOWN = 5
_ON_SCREEN = 200


def ask(
    *files: Path,
    date: str | None = None,
    actors: Path | None = None,
    agents: Path | None = None,
    verbs: Path | None = None,
    alone: bool = False,
    project: Path | None = None,
    options: ReaderOptions = ReaderOptions(),
) -> Answer:
    """Read articles into items, each an exact stretch of its article.

    A folder is read on all cores; files that cannot be read are set aside with the reason, and
    a run that was interrupted goes on where it was.

    Parameters
    ----------
    files
        Text or HTML files, or folders of them; - is the standard input.
    date
        Day of publication, YYYY-MM-DD: office holders, "last January" and "within five years"
        are counted from it.
    actors
        Actors of your own in PETRARCH format, which go before the built-in names.
    agents
        Agent nouns in PETRARCH format ("rebel" is REB); needs --actors.
    verbs
        Verbs in PETRARCH format, which go before the built-in ones; needs --actors.
    alone
        Use the names of --actors only, none of the built-in ones.
    project
        Project folder, where what is read of a folder is kept until all of it is read.
    options
        Which reader reads them.
    """
    if not files:
        raise BadInput("no article given; name a text or HTML file, a folder of them, or -")
    dictionaries = _dictionaries(actors, agents, verbs, alone=alone)
    reader = options.chosen()
    with told_if_lost(reader, options.price), progress() as step:
        found = read(
            *(sys.stdin.buffer.read() if str(file) == "-" else file for file in files),
            date=date,
            model=options.model,
            dictionaries=dictionaries,
            reader=reader,
            workers=os.cpu_count() or 1,
            keep=home(project) / "reading",
            watch=step("reading"),
        )
    for note in (*_notes(found), *told(found, options.price)):
        announce(note)
    return _answer(found)


def _answer(found: Readings) -> Answer:
    return Answer(
        facts=found,
        text=_text(found),
        table=frame(found.items),
        lines=found.items,
        page=partial(_page, found),
    )


def _page(found: Readings) -> str:
    """Write the page, whose engine is imported only when it is wanted."""
    from blocs.views.reading.page import page

    return page(found)


def frame(items: Sequence[Item]) -> pl.DataFrame:
    """Lay items out as a table, one row an item; lists stand in one cell, joined by `` | ``."""
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(_COLUMNS, pl.Int64)
    schema |= dict.fromkeys(_TEXTS, pl.String) | dict.fromkeys(_NUMBERS, pl.Float64)
    return pl.DataFrame([_row(item) for item in items], schema=schema)


def _notes(found: Readings) -> list[str]:
    """Say what a reader of any format must know of each article."""
    notes = [f"{_name(a)}: {note}" for a in found.articles for note in a.notes]
    notes += [f"set aside: {one.reason}" for one in found.set_aside[:_SHOWN]]
    if len(found.set_aside) > _SHOWN:
        notes.append(f"set aside: {len(found.set_aside) - _SHOWN} more files; -o FILE.json has all")
    undated = [a for a in found.articles if a.date is None]
    if undated:
        names = ", ".join(map(_name, undated[:3])) + (", ..." if len(undated) > 3 else "")
        notes.append(f"{names}: no date known; relative dates stay null (give --date)")
    return notes


def _name(article: ArticleRecord) -> str:
    """Name an article: its file, else its title, else its hash."""
    return article.name or article.title or article.sha256[:16]


def _dictionaries(
    actors: Path | None, agents: Path | None, verbs: Path | None, *, alone: bool
) -> Dictionaries | None:
    """Open the user's dictionaries."""
    if actors is not None:
        return open_dictionaries(actors, agents=agents, verbs=verbs, alone=alone)
    if agents or verbs or alone:
        raise BadInput("--agents, --verbs and --alone go with --actors FILE; give that too")
    return None


def _row(item: Item) -> dict[str, object]:
    """Return the cells of one item."""
    event, quantity, when, horizon = item.event, item.quantity, item.when, item.horizon
    own = ("id", "article", "kind", "start", "end", "quote", "statement", "certainty", "sign")
    row: dict[str, object] = {name: getattr(item, name) for name in own}
    row |= {k: _LIST.join(getattr(item, k)) or None for k in ("subject", "object", "hedges")}
    row["speakers"] = _LIST.join(s.actor or s.text for s in item.speakers) or None
    row["roles"] = _LIST.join(s.role for s in item.speakers) or None
    row |= {k: getattr(event, k) if event else None for k in ("plover", "mode", "cameo")}
    amounts = ("low", "high", "value", "unit", "of", "per", "part_of")
    row |= {k: getattr(quantity, k) if quantity else None for k in amounts}
    row |= {f"when_{k}": getattr(when, k) if when else None for k in ("start", "end", "text")}
    row["precision"] = when.precision if when else None
    row |= {f"horizon_{k}": getattr(horizon, k) if horizon else None for k in ("low", "high")}
    row["horizon_unit"] = horizon.unit if horizon else None
    row["horizon_from"] = horizon.from_ if horizon else None
    return row


def _text(found: Readings) -> Group:
    """Return what a terminal shows: each article, its counts, and the first 200 items."""
    parts: list[Text | Table] = []
    room = _ON_SCREEN
    for article in found.articles:
        items = [i for i in found.items if i.article == article.sha256]
        parts += [Text(_heading(article), style="bold"), Text(_counts(items), style="dim")]
        parts += [_table(items[:room])] if room else []
        parts += [Text("")]
        room = max(0, room - len(items))
    left = len(found) - _ON_SCREEN
    parts += [Text(f"{left:,} more items; --csv, --json or -o FILE has all")] if left > 0 else []
    return Group(*parts)


def _heading(article: ArticleRecord) -> str:
    """Name an article and its day."""
    day = f"{article.date} ({article.date_from})" if article.date else "no date known"
    return f"{_name(article)}, {day}"


def _counts(items: Sequence[Item]) -> str:
    """Say how many items of each kind there are."""
    kinds = Counter(i.kind for i in items)
    return ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "nothing found"


def _table(items: Sequence[Item]) -> Table:
    """Return a table of items."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("at", "kind", "who", "whom", "what", "certainty", "quote"):
        table.add_column(name, overflow="fold", justify="right" if name == "at" else "left")
    for i in items:
        who = " ".join(i.subject) or " ".join(s.actor or s.text for s in i.speakers[:1])
        what = i.event.plover if i.event else ""
        cells = (str(i.start), i.kind, who, " ".join(i.object), what, i.certainty, i.quote)
        table.add_row(*map(Text, cells))
    return table


VIEW = View(
    ask=ask,
    shows={Readings: _answer},
    examples=(
        "blocs read article.txt --date 2024-11-05",
        "blocs read article.html -o ledger.jsonl",
        "blocs read article.txt -o ledger.html",
        "blocs read articles/ --json",
        "blocs read article.txt --actors my-actors.txt --csv",
        "blocs read article.txt --reader llm --endpoint http://localhost:8000/v1 --model NAME",
    ),
    endings=(".jsonl",),
)
