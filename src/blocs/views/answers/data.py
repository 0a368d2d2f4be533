"""The data sets of a project: what there is, add, get, check, remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from blocs import project as projects
from blocs.contracts import TABLES, Answer, Dataset, View
from blocs.dates import Partial
from blocs.errors import BadFile, BadInput, UnknownName
from blocs.evidence.additions import (
    Addition,
    add_dataset,
    downloads_folder,
    entry_of,
    get_dataset,
    years_told,
)
from blocs.evidence.almanac_facts import almanac_facts, known_through
from blocs.evidence.intake import Found, choose, nearest_form, read_source, recognise
from blocs.files import sha256
from blocs.registry import DATASETS, nearest
from blocs.runs import run_of
from blocs.schemas import Rejects, together
from blocs.ties.lighting import Span, lighting
from blocs.views.progress import announce, progress
from blocs.views.records.data import (
    Added,
    Checked,
    File,
    Known,
    List,
    Source,
    Status,
    as_frame,
    covered_years,
    file_lines,
    file_record,
    light,
    refusal_lines,
    refused_by_rule,
    span_line,
    years_text,
)


def listing(*, project: Path | None = None) -> Answer:
    """List the data sets blocs can read, and which of them the project holds.

    Parameters
    ----------
    project
        Project folder.
    """
    home = projects.home(project)
    held: dict[str, list[str]] = {}
    for entry in projects.read_manifest(home).sources:
        held.setdefault(entry.dataset, []).append(entry.version)
    known = tuple(
        _known(name, part, tuple(sorted(set(held.get(name, ())))))
        for name, part in DATASETS.all().items()
    )
    facts = List(project=str(home) if projects.exists(home) else None, datasets=known)
    table = Table.grid("id", Column(max_width=11), "what", padding=(0, 2, 0, 0))
    for row in known:
        held_here = f"  [here: {', '.join(row.in_project)}]" if row.in_project else ""
        how = "blocs data get" if row.get else f"by hand: {row.page}"
        lights = f"lights {', '.join(row.lights)}; " if row.lights else ""
        what = f"{row.title}{held_here}\n{row.unit}\n{lights}{row.licence}; {how}"
        table.add_row(Text(row.id, style="bold"), Text(row.years), Text(what))
    end = Text("blocs data get ID fetches one; blocs data add ID PATH takes a file you have.")
    return Answer(facts=facts, text=Group(table, end), table=as_frame(known))


def add(
    dataset: str, path: Path, /, *, use: tuple[str, ...] = (), project: Path | None = None
) -> Answer:
    """Add a data set from a file or folder in its publisher's format.

    Parameters
    ----------
    dataset
        Id of the data set (`blocs data list`).
    path
        The file, or a folder that holds it.
    use
        ID:VERSION, where a folder holds several versions.
    project
        Project folder; made if missing.
    """
    home = projects.home(project)
    with progress() as step:
        done = add_dataset(home, dataset, [path], use=_choices(use), step=step)
    return _added(home, done)


def get(dataset: str, /, *, renew: bool = False, project: Path | None = None) -> Answer:
    """Download a data set from its publisher, verify and add it.

    Parameters
    ----------
    dataset
        Id of the data set (`blocs data list`).
    renew
        Take what the publisher gives today, even if it is not what was fetched before.
    project
        Project folder; made if missing.
    """
    home, part = projects.home(project), DATASETS.get(dataset)
    if part.downloads:
        announce(f"{part.title}\nLicence: {part.licence}\nCite: {part.citation}")
    with progress() as step:
        fetched = get_dataset(home, dataset, renew=renew, step=step)
        done = add_dataset(home, dataset, [f.path for f in fetched], step=step)
    return _added(home, done)


def status(*, project: Path | None = None) -> Answer:
    """Show what the project holds, and which layers are lit or dark when and why.

    Parameters
    ----------
    project
        Project folder.
    """
    return _status(projects.home(project), "")


def check(path: Path | None = None, /, *, project: Path | None = None) -> Answer:
    """Read a file or folder again, or the whole project, and list what is wrong.

    Parameters
    ----------
    path
        File or folder to try; the project if none is given.
    project
        Project folder.
    """
    home = projects.home(project)
    if path is None:
        return _check_project(home)
    found, unknown = recognise([path])
    kept, notes = choose(found)
    notes += [f"not recognised: {p}" for p in unknown]
    if not kept:
        raise BadFile(
            f"{path}: no file in a known format; `blocs data list` names the data sets"
            f"{nearest_form(unknown)}"
        )
    held = {e.sha256 for e in projects.read_manifest(home).sources}
    files, rejects = [], []
    with progress() as step:
        for item in kept:
            step(f"reading {item.file.name}")
            file, refused = _try_file(item, held)
            files.append(file)
            rejects.append(refused)
    return _checked(str(path), files, together(Rejects, rejects), notes)


def remove(dataset: str, /, *, project: Path | None = None) -> Answer:
    """Take a data set out of the project; downloaded files stay.

    Parameters
    ----------
    dataset
        Id of the data set.
    project
        Project folder.
    """
    home, key = projects.home(project), dataset.strip().lower().replace("_", "-")
    there = sorted({e.dataset for e in projects.read_manifest(home).sources})
    if key not in there:
        held = f"It holds {', '.join(there)}." if there else "It holds no data set."
        raise UnknownName(f"data set in the project {home}", dataset, nearest(key, there), held)
    projects.remove(home, key, run=run_of("data remove", {"dataset": key}, []))
    return _status(home, f"{key} is out of the project.")


def _choices(use: Sequence[str]) -> dict[str, str]:
    pairs = [word.partition(":") for word in use]
    wrong = [word for word, (_, _, version) in zip(use, pairs, strict=True) if not version]
    if wrong:
        raise BadInput(f"--use {wrong[0]}: write ID:VERSION, for example unga:long")
    return {name: version for name, _, version in pairs}


def _known(name: str, part: Dataset, held: tuple[str, ...]) -> Known:
    return Known(
        id=name,
        title=part.title,
        years=part.years,
        unit=part.unit,
        licence=part.licence,
        lights=part.lights,
        get=bool(part.downloads),
        page=part.page,
        in_project=held,
    )


def _added(home: Path, done: Addition) -> Answer:
    part = DATASETS.get(done.dataset)
    lights = [s for s in _lights(home) if s.layer in part.lights]
    facts = Added(
        project=str(home),
        dataset=done.dataset,
        files=tuple(file_record(f.entry, told=f.told, in_project=f.again) for f in done.files),
        refused=refused_by_rule(done.rejects),
        coverage=covered_years(done.coverage),
        layers=tuple(map(light, lights)),
        citation=str(part.citation),
        licence=part.licence,
        notes=done.notes,
    )
    lines = [Text(f"{part.title}, in {home}", style="bold")]
    lines += file_lines(facts.files, "was there before")
    lines += refusal_lines(facts.refused)
    lines += [Text(f"covers {c.topic} {c.first}-{c.last}") for c in facts.coverage]
    lines += [Text(span_line(s)) for s in lights if s.lit]
    lines += [Text(note, style="dim") for note in done.notes]
    lines.append(Text(f"Licence: {part.licence}. Cite: {part.citation}", style="dim"))
    return Answer(facts=facts, text=Group(*lines), table=done.rejects)


def _status(home: Path, said: str) -> Answer:
    manifest, spans = projects.read_manifest(home), _lights(home)
    facts = Status(
        project=str(home),
        exists=projects.exists(home),
        sources=tuple(
            Source(
                dataset=e.dataset,
                version=e.version,
                file=e.file,
                sha256=e.sha256,
                added=e.added,
                rows=e.rows,
                rejected=e.rejected,
            )
            for e in manifest.sources
        ),
        layers=tuple(map(light, spans)),
    )
    parts: list[Text | Table] = [Text(said)] if said else []
    if facts.sources:
        table = Table("data set", "version", "file", "rows", "refused", title=f"Project {home}")
        for s in facts.sources:
            cells = (s.dataset, s.version, s.file, f"{s.rows:,}", f"{s.rejected:,}")
            table.add_row(*map(Text, cells))
        parts.append(table)
    else:
        parts.append(Text(f"The project {home} holds no data set; the almanac stands alone."))
    lit = Table("layer", "years", "", title="Layers")
    for span in spans:
        state = f"lit by {span.dataset}" if span.lit else f"dark: {span.why}"
        lit.add_row(span.layer, years_text(span), Text(state, style="" if span.lit else "dim"))
    return Answer(facts=facts, text=Group(*parts, lit), table=as_frame(facts.layers))


def _check_project(home: Path) -> Answer:
    if not projects.exists(home):
        raise BadInput(f"{home} is no project yet; `blocs data add ID PATH` makes one")
    manifest = projects.read_manifest(home)
    problems = [*_unsound_tables(home), *_unsound_downloads(home, manifest)]
    if problems:
        raise BadFile(f"{home} is damaged:\n  " + "\n  ".join(problems))
    rejects = projects.read_facts(home, tables=("rejects",)).rejects
    files = [file_record(e, told=None, in_project=True) for e in manifest.sources]
    return _checked(str(home), files, rejects, ["every table and kept download is sound"])


def _unsound_tables(home: Path) -> list[str]:
    problems = []
    for name, schema in TABLES.items():
        try:
            table: pl.DataFrame = getattr(projects.read_facts(home, tables=(name,)), name)
        except BadFile as error:
            problems.append(str(error))
            continue
        if not schema.is_valid(table):
            problems.append(f"table {name}: rows break its rules; add its sources again")
    return problems


def _unsound_downloads(home: Path, manifest: projects.Manifest) -> list[str]:
    problems = []
    for name, part in DATASETS.all().items():
        for item in part.downloads:
            kept = downloads_folder(home, name) / item.file
            expected = item.sha256 or manifest.checksums.get(item.url, "")
            if kept.is_file() and expected and sha256(kept) != expected:
                problems.append(f"{kept}: not the file that was fetched; `blocs data get {name}`")
    return problems


def _try_file(item: Found, held: set[str]) -> tuple[File, pl.DataFrame]:
    facts = read_source(item)
    entry = entry_of(item, facts)
    record = file_record(entry, told=years_told(facts), in_project=entry.sha256 in held)
    return record, facts.rejects


def _checked(
    what: str, files: Sequence[File], rejects: pl.DataFrame, notes: Sequence[str]
) -> Answer:
    facts = Checked(
        what=what, files=tuple(files), refused=refused_by_rule(rejects), notes=tuple(notes)
    )
    lines = [
        *file_lines(facts.files, "in the project"),
        *refusal_lines(facts.refused),
        *(Text(note, style="dim") for note in notes),
    ]
    return Answer(facts=facts, text=Group(*lines), table=rejects)


def _lights(home: Path) -> tuple[Span, ...]:
    coverage = {"almanac": almanac_facts().coverage}
    if projects.exists(home):
        facts = projects.read_facts(home, tables=("coverage",))
        manifest = projects.read_manifest(home)
        for name in sorted({e.dataset for e in manifest.sources}):
            ids = pl.Series([e.source_id for e in manifest.sources if e.dataset == name])
            mine = pl.col("source_id").is_in(ids.implode())
            coverage[name] = facts.coverage.filter(mine)
    return lighting(coverage, last=Partial.parse(known_through()).first.year)


VIEW = View(
    verbs={
        "list": listing,
        "add": add,
        "get": get,
        "status": status,
        "check": check,
        "remove": remove,
    },
    examples=(
        "blocs data list",
        "blocs data get unga",
        "blocs data add atop ~/Downloads/atop4_01m.csv",
        "blocs data check UNVotes.csv --csv",
    ),
)
