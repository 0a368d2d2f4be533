"""Imports go down only; the outside world comes in through few doors.

The order is that of the design: errors, dates, files < records, schemas <
contracts, registry, actors, project, almanac < evidence < ties < alignment <
outlook < views. Every ``import`` counts, also the lazy ones inside functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "blocs"

LEVELS = (
    {"errors"},
    {"dates", "files", "locks", "threads"},
    {"records", "schemas", "shown"},
    {"contracts", "registry", "actors", "project", "manifest", "runs", "steps", "almanac"},
    {"evidence"},
    {"ties"},
    {"alignment"},
    {"outlook"},
    {"views"},
    {"__init__", "__main__"},
)
"""From the bottom up: a module imports from its own level or from below."""

PARTS = (
    "evidence.datasets",
    "ties.layers",
    "alignment.similarity",
    "alignment.partitions",
    "alignment.indices",
    "outlook.columns",
    "outlook.forecasters",
    "views.answers",
)
"""Packages whose modules are parts: one does not know of another."""

DOORS = {
    "cyclopts": {"views.cli"},
    "starlette": {"views.web"},
    "uvicorn": {"views.serving"},
    "jinja2": {"views.templating"},
    "dataframely": {"schemas"},
    "duckdb": {
        "views.answers.sql",
        *(f"ties.event_sums.{m}" for m in ("on_duckdb", "dictionaries")),
    },
    "filelock": {"locks"},
    "httpx": {"evidence.reading.endpoint"},
    "platformdirs": {"project"},
    "rapidfuzz": {"registry"},
}
"""Libraries that one module may import, so that one change replaces them."""

NOT_AT_START = {"altair", "scipy.stats", "httpx", "jinja2", "starlette", "duckdb", "vl_convert"}
"""Heavy libraries that a module imports when it needs them, not when it is imported."""

OPENERS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "fdopen", "mkstemp"),
    *("read_csv", "read_parquet", "read_json", "read_ndjson", "read_ipc", "read_excel"),
    *("scan_csv", "scan_parquet", "scan_ndjson", "sink_csv", "sink_parquet", "sink_ndjson"),
    *("write_parquet", "write_ndjson", "write_ipc", "write_excel", "savez", "loadtxt", "savetxt"),
}
"""Calls that open a file, whoever they belong to."""

OWN_DATA = "reads data that blocs ships with itself"
OPENING = {
    "files": "the door to the disk",
    "locks": "names who holds a lock beside it",
    "manifest": "reads which tables a project has",
    "project": "the storage: its tables",
    "runs": "appends to the log of a project",
    "evidence.download": "a download that is resumed needs its partial file open at an offset",
    "evidence.spreadsheet": "reads a workbook that files.read_bytes has put into memory",
    "views.formats": "Stata's writer wants a path: a temporary file, read back at once",
    "ties.event_sums.on_duckdb": "an engine opens what is larger than memory by itself",
    "ties.event_sums.lines": "maps a file that memory may not hold",
    "ties.event_sums.on_polars": "an engine opens what is larger than memory by itself",
    "ties.event_sums.on_spark": "reads what the engine has written, which memory may not hold",
    "ties.event_sums.unpacked": "unpacks in a stream what memory may not hold",
    "ties.event_sums.whole": "reads back the Parquet parts that it keeps",
    "views.cli": "reads the first line of each view's own source; opens the null device",
    "views.explorer.code": "shows the source of blocs itself",
    "almanac.shapes": OWN_DATA,
    "almanac.tables": OWN_DATA,
    "evidence.reading.weights": OWN_DATA,
    "evidence.reading.lexicon": OWN_DATA,
    "evidence.reading.names": OWN_DATA,
    "evidence.syntax.lemmas": OWN_DATA,
}
"""Modules that may open a file themselves, and why."""


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


FILES = {_name(path): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in FILES.items()}


def _imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every module imported; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from ((f"{dots}{node.module or ''}.{a.name}", node) for a in node.names)


IMPORTS = {name: list(_imports(tree)) for name, tree in TREES.items()}


def _own(name: str) -> Iterator[tuple[str, str]]:
    """Modules of blocs that a module imports, and what it takes from them."""
    for target, _ in IMPORTS[name]:
        if target == "blocs" or target.startswith("blocs."):
            words = target.split(".")[1:]
            ends = (i for i in range(len(words), 0, -1) if ".".join(words[:i]) in FILES)
            end = next(ends, 0)
            yield ".".join(words[:end]) or "__init__", ".".join(words[end:])


def _level(name: str) -> int:
    stage = name.split(".", maxsplit=1)[0]
    return next(i for i, stages in enumerate(LEVELS) if stage in stages)


def test_imports_go_down() -> None:
    up = [
        f"{name} imports {target}"
        for name in FILES
        for target, what in _own(name)
        if _level(target) > _level(name) and (target, what) != ("__init__", "__version__")
    ]
    assert up == []


def test_every_module_has_its_level() -> None:
    assert all(_level(name) >= 0 for name in FILES)


def test_no_module_needs_itself() -> None:
    """Not even over others, not even lazily: what is drawn as a tree is one."""
    graph = {
        name: {target for target, what in _own(name) if target not in {name, "__init__"}}
        for name in FILES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


@pytest.mark.parametrize("package", PARTS)
def test_parts_do_not_know_their_siblings(package: str) -> None:
    mine = {name for name in FILES if name.startswith(f"{package}.")}
    assert [(a, b) for a in mine for b, _ in _own(a) if b in mine] == []


def test_nobody_takes_what_another_keeps_private() -> None:
    private = [
        f"{name} takes {target}.{what}"
        for name in FILES
        for target, what in _own(name)
        if what.startswith("_") and not what.startswith("__")
    ]
    assert private == []


def test_imports_are_absolute() -> None:
    every = [(name, target) for name, imported in IMPORTS.items() for target, _ in imported]
    assert [(name, target) for name, target in every if target.startswith(".")] == []


@pytest.mark.parametrize("library", DOORS)
def test_a_library_comes_in_through_its_door(library: str) -> None:
    users = {
        name
        for name, imported in IMPORTS.items()
        for target, _ in imported
        if target.split(".")[0] == library
    }
    assert users <= DOORS[library]


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    early = [
        (name, target)
        for name, imported in IMPORTS.items()
        for target, node in imported
        if node in TREES[name].body
        and any(target == heavy or target.startswith(f"{heavy}.") for heavy in NOT_AT_START)
    ]
    assert early == []


def _opening(tree: ast.AST) -> set[str]:
    calls = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {f.attr for f in calls if isinstance(f, ast.Attribute) and not _is_door(f.value)}
    return OPENERS & (names | {f.id for f in calls if isinstance(f, ast.Name)})


def _is_door(owner: ast.expr) -> bool:
    """Whether a call is of the module `files` itself: ``files.write_text(...)``."""
    return isinstance(owner, ast.Name) and owner.id == "files"


def test_files_are_opened_at_the_door() -> None:
    """Read and write through blocs.files, or say in OPENING why not."""
    around = {}
    for name, tree in TREES.items():
        taken = {what for target, what in _own(name) if target == "files"}
        if name not in OPENING and (calls := _opening(tree) - taken):
            around[name] = sorted(calls)
    assert around == {}


def test_every_exception_is_still_needed() -> None:
    assert [name for name in OPENING if name not in FILES or not _opening(TREES[name])] == []
