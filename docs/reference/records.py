"""Write down every record that ``--json`` writes: its keys, their types, what they mean."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from importlib import import_module

import msgspec

DESCRIBED = {
    "almanac build": "blocs.views.answers.almanac:Build",
    "almanac check": "blocs.views.answers.almanac:Check",
    "almanac show": "blocs.views.answers.almanac:Overview blocs.views.answers.almanac:Rows",
    "axis": "blocs:assess_axis",
    "brief": "blocs:brief",
    "brokers": "blocs:brokers",
    "cite": "blocs.views.answers.cite:Citations",
    "compete": "blocs:compete",
    "data add": "blocs.views.records.data:Added",
    "data check": "blocs.views.records.data:Checked",
    "data get": "blocs.views.records.data:Added",
    "data list": "blocs.views.records.data:List",
    "data remove": "blocs.views.records.data:Status",
    "data status": "blocs.views.records.data:Status",
    "experts": "blocs:experts",
    "forecast evaluate": "blocs.views.forecasts.calls:evaluate",
    "forecast fit": "blocs.views.forecasts.calls:fit",
    "forecast list": "blocs.views.forecasts.calls:kept",
    "forecast next": "blocs.views.forecasts.calls:next_events",
    "forecast resolve": "blocs.views.forecasts.calls:resolve",
    "ideal-points": "blocs.views.answers.ideal_points:PointFacts",
    "ledger": "blocs:ledger",
    "ledger drawn-in": "blocs:drawn_in",
    "ledger review": "blocs.views.ledger.review:Review",
    "likeness": "blocs:likeness",
    "motives": "blocs:motives",
    "order": "blocs:order",
    "panel": "blocs.views.answers.panel:PanelFacts",
    "partition": "blocs.views.answers.partition:PartitionFacts",
    "polarization": "blocs.views.answers.polarization:PolarizationFacts",
    "precedent": "blocs:precedent",
    "react": "blocs:react",
    "simulate": "blocs:simulate",
    "simulate hindcast": "blocs.outlook.hindcast:hindcast",
    "sql": "blocs.views.answers.sql:Selected",
    "ties": "blocs.views.answers.ties:TieHistory",
    "who": "blocs.views.answers.who:Who",
}
"""Where the record of each command is: a class, or a function that returns one."""


def page_of_records() -> str:
    """One section per command: its record, and every record inside it."""
    out = [
        "# Records",
        "",
        "What `--json` writes, key by key, in the order of the file. `?` after a type means "
        "that the value may be null, which is *not known*, never zero. `blocs read --json` "
        "writes one item a line; its fields are on [its page](../howto/read-an-article.md).",
    ]
    told: dict[type, str] = {}
    for command, places in DESCRIBED.items():
        out += ["", f"## {command}", ""]
        for place in places.split():
            for record in reached(record_at(place)):
                if record in told:
                    out += [f"`{record.__name__}` is described under *{told[record]}*.", ""]
                else:
                    told[record] = command
                    out += section(record)
    return "\n".join(out) + "\n"


def record_at(place: str) -> type:
    """The class at `place`, or the class that the function there returns."""
    module, _, name = place.partition(":")
    found = getattr(import_module(module), name)
    if inspect.isclass(found):
        return found
    space = vars(inspect.getmodule(found))
    returned = eval(found.__annotations__["return"], dict(space))
    return next(iter(records_in(returned)))


def reached(record: type) -> list[type]:
    """The record and all records its fields lead to, each once, nearest first."""
    seen: list[type] = [record]
    for one in seen:
        for kind in typing.get_type_hints(one).values():
            seen += [r for r in records_in(kind) if r not in seen]
    return seen


def records_in(kind: object) -> list[type]:
    """Records that a type names, however deep."""
    inside = typing.get_args(kind)
    if inside:
        return list(dict.fromkeys(r for k in inside for r in records_in(k)))
    return [kind] if is_record(kind) else []


def is_record(kind: object) -> bool:
    """Whether this is a class whose fields become keys."""
    if not inspect.isclass(kind):
        return False
    return issubclass(kind, msgspec.Struct) or dataclasses.is_dataclass(kind)


def section(record: type) -> list[str]:
    """One record: what it is, and a table of its keys."""
    text = inspect.getdoc(record) or ""
    about, _, listed = text.partition("\n\nAttributes\n")
    meant = meanings(listed)
    out = [f"**{record.__name__}.** {prose(about)}", ""]
    out += ["| key | type | |", "|---|---|---|"] if meant else ["| key | type |", "|---|---|"]
    for name, kind in keys(record).items():
        row = f"| `{name}` | {spelt(kind)} |"
        out.append(f"{row} {prose(meant.get(name, ''))} |" if meant else row)
    return [*out, ""]


def keys(record: type) -> dict[str, object]:
    """Keys as they are written, with their types."""
    hints = typing.get_type_hints(record)
    if issubclass(record, msgspec.Struct):
        return {f.encode_name: hints[f.name] for f in msgspec.structs.fields(record)}
    return {f.name: hints[f.name] for f in dataclasses.fields(record)}


def meanings(listed: str) -> dict[str, str]:
    """Read the entries of a NumPy section, by name."""
    out: dict[str, str] = {}
    name = ""
    for line in listed.splitlines():
        entry = re.match(r"(\w[\w, ]*?) ?(:|$)", line)
        if entry and not line.startswith((" ", "-")):
            name = entry[1]
            out[name] = ""
        elif name and line.startswith(" "):
            out[name] = f"{out[name]} {line.strip()}".strip()
    return {n.strip(): text for names, text in out.items() for n in names.split(",")}


def spelt(kind: object) -> str:
    """A type in the words of JSON."""
    inside = [k for k in typing.get_args(kind) if k is not Ellipsis]
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return " / ".join(f"`{k}`" for k in inside)
    if origin in {tuple, list, frozenset, set} or getattr(origin, "__name__", "") == "Sequence":
        return f"list of {', '.join(dict.fromkeys(spelt(k) for k in inside))}"
    if origin is dict or getattr(origin, "__name__", "") == "Mapping":
        return f"object: {spelt(inside[0])} to {spelt(inside[1])}"
    if inside:
        some = [spelt(k) for k in inside if k is not type(None)]
        return " or ".join(some) + ("?" if type(None) in inside else "")
    words = {str: "text", int: "integer", float: "number", bool: "true / false"}
    return words.get(kind) or getattr(kind, "__name__", str(kind))  # type: ignore[call-overload]


def prose(text: str) -> str:
    """A docstring as one line of Markdown."""
    line = " ".join(text.replace("``", "`").split())
    parts = re.split(r"(`[^`]*`)", line)
    plain = [p if i % 2 else re.sub(r"([*_|<\[])", r"\\\1", p) for i, p in enumerate(parts)]
    return "".join(plain)
