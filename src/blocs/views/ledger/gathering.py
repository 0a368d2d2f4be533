"""Reading articles into a project's ledger from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs.evidence.ledger.build import Ledger, open_ledger
from blocs.evidence.readings import Readings, read
from blocs.views.progress import announce, progress
from blocs.views.reading.options import ReaderOptions, told


def read_into(
    files: Sequence[Path],
    date: str | None,
    home: Path | None,
    *,
    options: ReaderOptions = ReaderOptions(),
) -> Ledger:
    """Read the files, keep them in the project and open its ledger."""
    if not files:
        return open_ledger(project=home)
    found = read_files(files, date, options=options)
    return open_ledger(found, project=home)


def read_files(
    files: Sequence[str | Path],
    date: str | Date | None,
    *,
    options: ReaderOptions = ReaderOptions(),
) -> Readings:
    """Read articles, with progress shown."""
    with progress() as step:
        found = read(
            *files,
            date=date,
            model=options.model,
            reader=options.chosen(),
            watch=step("reading"),
        )
    for note in told(found, options.price):
        announce(note)
    return found
