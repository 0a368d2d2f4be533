"""Write the reference from the code: names, commands, records, parts, tables, methods.

What is written here cannot grow old: each page is made from what the program holds at the
moment the site is built. ``write(folder)`` is called by ``docs/conf.py``.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import licences
from records import page_of_records
from rich.console import Console

import blocs
from blocs import registry, schemas
from blocs.contracts import Citation
from blocs.registry import VIEWS, Catalogue
from blocs.views.brief.methods import METHODS
from blocs.views.cli import _app, titles

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 88


def write(folder: Path) -> None:
    """Write every page of the reference into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "python.md": python(),
        "commands.md": commands(),
        "records.md": page_of_records(),
        "parts.md": parts(),
        "tables.md": tables(),
        "methods.md": methods(),
        "licences.md": licences.page(),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text("utf-8"),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


def python() -> str:
    """Every public name, with its documentation."""
    out = [
        "# From Python",
        "",
        "Each command is a function of the same word; what it returns is in the "
        "[records](records.md). `import blocs` is quick: a name is loaded when it is first used.",
        "",
    ]
    for name in blocs.__all__:
        found = getattr(blocs, name)
        if name == "__version__":
            continue
        out += [f"## blocs.{name}", ""]
        if inspect.ismodule(found):
            out += [*rst(f".. automodule:: {found.__name__}", ":no-index:"), ""]
            for member in members(found):
                out += rst(f".. autofunction:: {found.__name__}.{member}", ":no-index:")
        else:
            kind = "autoclass" if inspect.isclass(found) else "autofunction"
            out += rst(f".. {kind}:: {found.__module__}.{found.__qualname__}", ":no-index:")
    return "\n".join(out)


def members(module: object) -> list[str]:
    """Public functions of a public module, in the order of the alphabet."""
    named = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
    own = {n: getattr(module, n) for n in named}
    return sorted(
        n
        for n, f in own.items()
        if inspect.isfunction(f) and f.__module__.startswith("blocs.views.") and f.__doc__
    )


def rst(*lines: str) -> list[str]:
    """Directives that Sphinx knows, inside Markdown."""
    head, *options = lines
    return ["```{eval-rst}", head, *(f"   {o}" for o in options), "```", ""]


def commands() -> str:
    """Every command and its help, as the program prints it."""
    out = [
        "# Commands",
        "",
        "What `blocs COMMAND --help` prints. The data that `--json` writes are in the "
        "[records](records.md).",
        "",
        "| command | answers |",
        "|---|---|",
    ]
    out += [f"| [{name}](#blocs-{name}) | {title} |" for name, title in titles().items()]
    for name in VIEWS.names():
        out += ["", f"## blocs {name}", "", *screen(name)]
        for verb in VIEWS.get(name).verbs:
            out += ["", f"### blocs {name} {verb}", "", *screen(name, verb)]
    return "\n".join(out) + "\n"


def screen(*words: str) -> list[str]:
    """The help of one command as a block of text."""
    return ["```text", help_of(*words), "```"]


def help_of(*words: str) -> str:
    """What ``blocs WORDS --help`` prints on a terminal of 88 columns."""
    seen = StringIO()
    console = Console(file=seen, width=WIDTH, color_system=None, force_terminal=False)
    _app(words).help_print(list(words), console=console)
    lines = (line.rstrip() for line in seen.getvalue().splitlines())
    return "\n".join(lines).strip("\n")


def parts() -> str:
    """Every part of every kind: data sets, layers, measures, and whom to cite."""
    out = [
        "# Parts and whom to cite",
        "",
        "A part is one file. `blocs cite` gives the same references as text, BibTeX or JSON.",
    ]
    for catalogue in catalogues():
        out += ["", f"## {plural(catalogue.kind).capitalize()}", "", "| name | what | cite |"]
        out.append("|---|---|---|")
        for name, part in sorted(catalogue.all().items()):
            out.append(f"| `{name}` | {cell(about(part))} | {cell(cited(part.citation))} |")
    return "\n".join(out) + "\n"


def plural(kind: str) -> str:
    """The kind in the plural."""
    return {"index": "indices"}.get(kind, f"{kind}s")


def catalogues() -> Iterable[Catalogue]:
    """All kinds of part but commands, which have a page of their own."""
    found = (c for c in vars(registry).values() if isinstance(c, Catalogue))
    return (c for c in found if c.constant != "VIEW")


def about(part: object) -> str:
    """Title, and what else the part says of itself."""
    more = [getattr(part, key, "") for key in ("rule", "unit", "years", "licence")]
    return "; ".join(str(x) for x in (getattr(part, "title", ""), *more) if x)


def cited(citation: Citation) -> str:
    """The reference, with a link where there is a DOI."""
    doi = f" [doi:{citation.doi}](https://doi.org/{citation.doi})" if citation.doi else ""
    return f"{citation.text}.{doi}"


def tables() -> str:
    """The tables of a project, column by column."""
    out = [
        "# Tables",
        "",
        "Every table is declared once; rows that break a rule are refused and kept, with the "
        "rule's name. `blocs sql` reads all of them.",
    ]
    for name, schema in vars(schemas).items():
        if not is_table(schema):
            continue
        out += ["", f"## {name}", "", cell(inspect.getdoc(schema) or ""), ""]
        out += ["| column | type | may be null |", "|---|---|---|"]
        key = set(schema.primary_key())
        for column, kind in schema.columns().items():
            mark = " (key)" if column in key else ""
            null = "yes" if kind.nullable else "no"
            out.append(f"| `{column}`{mark} | {cell(str(kind.dtype))} | {null} |")
    return "\n".join(out) + "\n"


def is_table(found: object) -> bool:
    """Whether this is a table that `blocs.schemas` declares."""
    return (
        inspect.isclass(found)
        and issubclass(found, schemas.Schema)
        and found.__module__ == schemas.__name__
        and found.__name__ != "Fact"
    )


def methods() -> str:
    """How each number of a brief is computed."""
    out = ["# How each number is computed", "", "The same notes stand at the end of every brief."]
    for m in METHODS:
        out += ["", f"## {m.title}", "", literal(m.text), "", f"Code: `{m.code}`"]
    return "\n".join(out) + "\n"


def literal(text: str) -> str:
    """Text that Markdown leaves as it is, apart from code marks."""
    for mark in ("*", "_", "|", "<", "["):
        text = text.replace(mark, "\\" + mark)
    return text


def cell(text: str) -> str:
    """Text on one line that does not end a cell."""
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())
