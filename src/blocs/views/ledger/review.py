"""Review of the ledger: decisions by id or one by one, kept apart, scored."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import polars as pl
from rich.console import Group
from rich.text import Text

from blocs import project as projects
from blocs.contracts import Answer
from blocs.errors import BadInput, UnknownName
from blocs.evidence.ledger.build import Ledger, changed_row, open_ledger, reviewable, row_item
from blocs.evidence.ledger.corrections import (
    Correction,
    Json,
    Verdict,
    beside,
    correction_of,
    keep_corrections,
    read_file,
)
from blocs.evidence.ledger.red_lines import RedLine
from blocs.evidence.ledger.scores import Score
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.tables import kept
from blocs.evidence.reading.items import Item
from blocs.registry import nearest
from blocs.views.ledger import text as ledger_text
from blocs.views.ledger.gathering import read_into
from blocs.views.ledger.judging import fields_of, judge
from blocs.views.reading.options import ReaderOptions


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``ledger review``: decisions kept, scores, and what waits to be judged."""

    schema: str = "blocs.review/1"
    project: str
    kept: int
    accepted: int
    rejected: int
    corrected: int
    scores: tuple[Score, ...]
    waiting: tuple[Item, ...]


def review(
    *files: Path,
    accept: tuple[str, ...] = (),
    reject: tuple[str, ...] = (),
    correct: tuple[tuple[str, str], ...] = (),
    import_: Path | None = None,
    by: str | None = None,
    note: str | None = None,
    date: str | None = None,
    project: Path | None = None,
    options: ReaderOptions = ReaderOptions(),
) -> Answer:
    """Accept, reject or correct what the machine read; decisions survive re-reading.

    On a terminal without options, every item that waits is shown in turn. Decisions are kept in
    the project apart from the machine's output, and score it.

    Parameters
    ----------
    files
        Articles or folders whose items are judged; all of the project's ledger without.
    accept
        Id of an item that is right (its first letters will do); again for more.
    reject
        Id of an item that is wrong; again for more.
    correct
        Id and field=value: --correct 4f69 quantity.high=10000; again for more.
    import_
        A file of corrections that the page exported.
    by
        Who decides.
    note
        Why.
    date
        Day of publication, if the files are read for the first time.
    project
        Project folder; made if missing.
    options
        Which reader reads the files.
    """
    home = projects.home(project)
    found = read_into(files, date, home, options=options)
    items = _judgeable(found, home, files)
    named = _Named({i.id: i for i in items}, found)
    new = [named.decide(id_, "accept", by=by, note=note) for id_ in accept]
    new += [named.decide(id_, "reject", by=by, note=note) for id_ in reject]
    new += named.correct(correct, by=by, note=note)
    if import_ is not None:
        new += beside(read_file(import_), items)
    if new:
        keep_corrections(home, new)
    elif sys.stdin.isatty():
        new = _interactive(home, reviewable(found, items), by)
    if new:
        found = open_ledger(project=home)
    return _reviewed(home, found, items, new)


def _try(row: SupportRow | RedLine, fields: Mapping[str, Json]) -> None:
    """Refuse values that do not fit a row."""
    if isinstance(row, SupportRow):
        changed_row(row, fields)
    else:
        changed_row(row, fields)


class _Named:
    """Items and rows of the ladder by the first letters of their ids."""

    def __init__(self, items: dict[str, Item], found: Ledger) -> None:
        self.items = items
        self.rows: dict[str, SupportRow | RedLine] = {r.id: r for r in found.support}
        self.rows |= {r.id: r for r in found.red_lines}
        self.readers = {a.sha256: a.reader for a in found.articles}

    def find(self, word: str) -> Item:
        """Return the item that an id or its first letters name."""
        hits = [id_ for id_ in self.items if id_.startswith(word.strip().lower())] if word else []
        if len(hits) == 1 or word in self.items:
            return self.items[word if word in self.items else hits[0]]
        if hits:
            raise BadInput(f"id {word} fits {len(hits)} items ({', '.join(hits[:5])}); write more")
        near = nearest(word, list(self.items))
        raise UnknownName("item", word, near, "`blocs ledger review --json` lists them.")

    def decide(
        self, word: str, verdict: Verdict, *, by: str | None, note: str | None
    ) -> Correction:
        """Return a decision without fields."""
        item = self.find(word)
        return correction_of(item, verdict, by=by, note=note, reader=self.readers.get(item.article))

    def correct(
        self, pairs: Sequence[tuple[str, str]], *, by: str | None, note: str | None
    ) -> list[Correction]:
        """Return corrections; several fields of one item are one."""
        words: dict[str, list[str]] = {}
        for id_, field in pairs:
            words.setdefault(self.find(id_).id, []).append(field)
        out = []
        for id_, told in words.items():
            fields, item = fields_of(told), self.items[id_]
            if id_ in self.rows:
                _try(self.rows[id_], fields)
                plain = self.decide(id_, "accept", by=by, note=note)
                out.append(msgspec.structs.replace(plain, verdict="correct", fields=fields))
            else:
                reader = self.readers.get(item.article)
                out.append(
                    correction_of(item, "correct", fields=fields, by=by, note=note, reader=reader)
                )
        return out


def _judgeable(found: Ledger, home: Path, files: Sequence[Path]) -> list[Item]:
    """Return every item and row of the ladder; with files, theirs alone."""
    held = kept(home)
    names = {str(f) for f in files}
    inside = {str(p) for f in files if Path(f).is_dir() for p in Path(f).iterdir()}
    chosen = {a.sha256 for a in held.articles if not files or a.name in names | inside}
    rows = [*map(row_item, found.support), *map(row_item, found.red_lines)]
    return [i for i in [*held.items, *rows] if i.article in chosen]


def _interactive(home: Path, items: Sequence[Item], by: str | None) -> list[Correction]:
    """Show items in turn; each decision is kept at once."""
    texts = {a.sha256: a.text for a in kept(home).articles}
    who = by or os.environ.get("USER")
    made = []
    for decision in judge(items, texts, ask=input, say=print, by=who):
        keep_corrections(home, [decision])
        made.append(decision)
    return made


def _reviewed(
    home: Path, found: Ledger, items: Sequence[Item], new: Sequence[Correction]
) -> Answer:
    counts = Counter(found.verdicts.values())
    waiting = tuple(reviewable(found, items))
    facts = Review(
        project=str(home),
        kept=len(new),
        accepted=counts["accept"],
        rejected=counts["reject"],
        corrected=counts["correct"],
        scores=found.scores,
        waiting=waiting,
    )
    lines = [
        Text(f"{len(new)} decisions kept; {len(waiting)} items wait"),
        *(Text(f"- {ledger_text.score_line(s)}") for s in found.scores),
        *(Text(f"  {i.id}  {i.kind}: {i.quote[:80]!r}", style="dim") for i in waiting[:20]),
    ]
    table = pl.DataFrame(
        [{"id": i.id, "article": i.article, "kind": i.kind, "quote": i.quote} for i in waiting],
        schema=dict.fromkeys(("id", "article", "kind", "quote"), pl.String),
    )
    return Answer(facts=facts, text=Group(*lines), table=table)
