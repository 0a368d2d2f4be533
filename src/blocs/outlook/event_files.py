"""From files or a project to a chronicle: benchmark quadruples, event data sets, own ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from blocs import project as projects
from blocs.contracts import Evidence, Facts
from blocs.errors import BadInput, MissingData
from blocs.evidence.holdings import hold
from blocs.evidence.intake import take_in
from blocs.evidence.quadruples import QuadrupleFile, is_quadruples, read_quadruples
from blocs.outlook.chronicle import Chronicle, chronicle


@dataclass(frozen=True, slots=True)
class Split:
    """A chronicle cut in three by time: days before `valid`, before `test`, and from `test` on."""

    chronicle: Chronicle
    valid: int
    test: int


def read_chronicle(evidence: Evidence, *, today: date) -> Chronicle:
    """Read the events a command was given: files, or those of the project.

    Parameters
    ----------
    evidence : Evidence
        Where they are.
    today : date
        Events dated later are left out.

    Raises
    ------
    MissingData
        If there is no event between two actors.
    """
    paths = [Path(word) for word in evidence.data]
    if paths and all(path.is_file() and is_quadruples(path) for path in paths):
        return _together([read_quadruples(path) for path in paths], today=today)
    home = evidence.project
    if evidence.data and home is not None and not projects.exists(home):
        home = None  # it will be made to keep the forecasts; the events come from the files
    held = hold(data=evidence.data, project=home, use=evidence.use)
    parts = [_of_facts(facts, name) for name, facts in sorted(held.by_dataset.items())]
    events = pl.concat([part[0] for part in parts]) if parts else pl.DataFrame()
    if events.is_empty():
        raise MissingData(
            "no event between two actors; add an event data set (`blocs data add icews PATH`), "
            "keep a ledger of articles, or name a file with --data"
        )
    notes = [note for part in parts for note in part[1]]
    return chronicle(events, dated=True, today=today, notes=(*held.notes, *notes))


def read_split(train: Path, valid: Path, test: Path, *, today: date) -> Split:
    """Read three files that follow each other in time.

    Raises
    ------
    BadInput
        If they overlap or come in another order, number their actors differently
        (versions of one benchmark must not be mixed), or share events.
    """
    paths = {"train": train, "valid": valid, "test": test}
    files = {name: _file(path) for name, path in paths.items()}
    _check_numbering(files, paths)
    spans = {name: (f.events["time"].min(), f.events["time"].max()) for name, f in files.items()}
    for earlier, later in (("train", "valid"), ("valid", "test")):
        last, first = spans[earlier][1], spans[later][0]
        if not isinstance(last, int) or not isinstance(first, int) or last >= first:
            raise BadInput(
                f"{later} ({paths[later]}) begins at time {_time(files[later], first)}, not after "
                f"the end of {earlier} ({paths[earlier]}) at {_time(files[earlier], last)}; "
                "history must come before what is forecast, and versions of a benchmark must not "
                "be mixed"
            )
    whole = _together(list(files.values()), today=today)
    starts = [spans[name][0] for name in ("valid", "test")]
    cuts = [(int(str(start)) - whole.first) // whole.step for start in starts]
    return Split(whole, *cuts)


def _file(path: Path) -> QuadrupleFile:
    """Read one file of a split in any known form."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file; check the path")
    if is_quadruples(path):
        return read_quadruples(path)
    intake = take_in([path])
    events, _ = _of_facts(intake.facts, path.name)
    if events.is_empty():
        raise BadInput(f"{path}: no event between two actors in it")
    return QuadrupleFile(events, (), (), True, intake.facts.rejects)


def _of_facts(facts: Facts, name: str) -> tuple[pl.DataFrame, list[str]]:
    """Take the events that name both ends; say how many do not."""
    events = facts.events.filter(pl.col("kind") != "gdelt_mention")
    whole = events.filter(pl.col("sender").is_not_null() & pl.col("receiver").is_not_null()).select(
        event_id="fact_id",
        sender="sender",
        relation=pl.coalesce("type", "kind"),
        receiver="receiver",
        time=pl.col("start").to_physical().cast(pl.Int64) + date(1970, 1, 1).toordinal(),
    )
    left = events.height - whole.height
    note = f"{name}: {left} events name only one actor and are left out"
    return whole, [note] if left else []


def _check_numbering(files: dict[str, QuadrupleFile], paths: dict[str, Path]) -> None:
    first = files["train"]
    for name, file in files.items():
        same = (file.actors, file.relations) == (first.actors, first.relations)
        if not same or file.dated != first.dated:
            raise BadInput(
                f"{paths[name]} numbers its actors otherwise than {paths['train']}: they are of "
                "two versions of a benchmark, which must not be mixed; take all three files, and "
                "the lists of names beside them, from one version"
            )


def _together(files: Sequence[QuadrupleFile], *, today: date) -> Chronicle:
    if len({file.dated for file in files}) > 1:
        raise BadInput("some files have dates and some numbers for times; give files of one form")
    notes = []
    for file in files:
        if file.rejects.height:
            first = file.rejects.row(0, named=True)
            where = f"{first['file']}, row {first['row']}, {first['column']} = {first['value']!r}"
            notes.append(f"{file.rejects.height} rows refused, first {where}: {first['rule']}")
    return chronicle(
        pl.concat([file.events for file in files]),
        dated=files[0].dated,
        actors=[name for file in files for name in file.actors],
        relations=[name for file in files for name in file.relations],
        today=today,
        notes=notes,
    )


def _time(file: QuadrupleFile, time: object) -> str:
    if file.dated and isinstance(time, int):
        return str(date.fromordinal(time))
    return str(time)
