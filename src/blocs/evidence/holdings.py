"""The evidence a command works on: the almanac, a project, files named for once.

``--data`` replaces the project for one command; the almanac fills what neither
covers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blocs import project as projects
from blocs.contracts import Facts
from blocs.errors import BadInput, UnknownName
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.intake import by_dataset, take_in
from blocs.registry import DATASETS, nearest


@dataclass(frozen=True, slots=True)
class Holdings:
    """Facts by data set, and what a user should know about the choice.

    Attributes
    ----------
    by_dataset : mapping of str to Facts
        Data sets the user brought, without the almanac.
    project : Path or None
        The project read, if any.
    notes : tuple of str
        Versions chosen, files not recognised, rows refused.
    """

    by_dataset: Mapping[str, Facts]
    project: Path | None
    notes: tuple[str, ...]

    def with_almanac(self) -> dict[str, Facts]:
        """Facts by data set, the almanac among them."""
        return {**self.by_dataset, "almanac": almanac_facts()}


def hold(
    *,
    data: Sequence[str] = (),
    project: Path | None = None,
    use: Sequence[str] = (),
    only: Collection[str] | None = None,
) -> Holdings:
    """Gather the evidence a command was given.

    Parameters
    ----------
    data : sequence of str
        Files or folders in publishers' formats, or ids of data sets of the project.
    project : Path, optional
        Project folder; the default project if it exists.
    use : sequence of str
        ``ID:VERSION`` choices.
    only : collection of str, optional
        Data sets that can matter; files of others are not read.
    """
    choice = choices(use)
    home = projects.home(project)
    if project is not None and not projects.exists(project):
        raise BadInput(f"{project} is no project yet; `blocs data add ID PATH --project {project}`")
    if choice and not any(Path(word).exists() for word in data):
        raise BadInput(
            f"--use {use[0]}: it chooses among the files of --data PATH, and no path is given"
        )
    if not data:
        facts = projects.read_facts(home) if projects.exists(home) else Facts()
        return Holdings(by_dataset(facts), home if projects.exists(home) else None, ())
    paths = [Path(word) for word in data if Path(word).exists()]
    named = [word for word in data if not Path(word).exists()]
    parts: dict[str, Facts] = {}
    notes: list[str] = []
    if named:
        parts |= _named(named, home)
    if paths:
        intake = take_in(paths, use=choice, only=only)
        parts |= by_dataset(intake.facts)
        notes += intake.notes
        refused = intake.facts.rejects.height
        if refused:
            notes.append(f"{refused} refusals of rows; `blocs data check PATH` lists them")
    return Holdings(parts, None, tuple(notes))


def stamp(*, data: Sequence[str] = (), project: Path | None = None) -> tuple[object, ...]:
    """Say which state the evidence is in, cheaply: it is another after every change of it.

    Parameters
    ----------
    data : sequence of str
        Files and folders that replace the project.
    project : Path, optional
        Project folder; the default one by default.
    """
    home = projects.home(project)
    named = [Path(word) for word in data if Path(word).exists()]
    files = sorted(f for path in named for f in (path, *path.rglob("*")))
    stats = []
    for file in files:
        with suppress(OSError):  # taken away meanwhile
            s = file.stat()
            stats.append((str(file), s.st_ino, s.st_mtime_ns, s.st_size))
    return (str(home), projects.stamp(home), *stats)


def original_files(data: Sequence[str], project: Path | None) -> list[Path]:
    """Files in publishers' formats that a command was given: ``--data``, or the project's."""
    if data:
        return [Path(word) for word in data]
    return projects.originals_at(projects.home(project))


def choices(use: Sequence[str]) -> dict[str, str]:
    """Read ``--use ID:VERSION`` words: data set to version.

    Raises
    ------
    BadInput
        If a word is not of that form.
    UnknownName
        If there is no such data set.
    """
    made = dict(_choice(word) for word in use)
    for name in made:
        if name not in DATASETS.names():
            raise UnknownName("data set", name, nearest(name, DATASETS.names()), "Check --use.")
    return made


def _choice(word: str) -> tuple[str, str]:
    name, mark, version = word.partition(":")
    if not mark or not version:
        raise BadInput(f"--use {word}: write ID:VERSION, for example unga:long")
    return name, version


def _named(words: Sequence[str], home: Path) -> dict[str, Facts]:
    have = by_dataset(projects.read_facts(home)) if projects.exists(home) else {}
    for word in words:
        if word not in have:
            if word in DATASETS.names():
                raise BadInput(
                    f"{word} is not in the project {home}; `blocs data add {word} PATH` adds it"
                )
            raise UnknownName(
                "file, folder or data set",
                word,
                nearest(word, DATASETS.names()),
                "Check the path.",
            )
    return {word: have[word] for word in words}
