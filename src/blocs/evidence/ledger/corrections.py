"""What an analyst decides of items: kept apart, found again after re-reading, scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec
import polars as pl

from blocs import project as projects
from blocs.errors import BadFile, BadInput, UnknownName
from blocs.evidence.reading.items import Item, Kind
from blocs.files import read_bytes
from blocs.registry import nearest
from blocs.runs import run_of
from blocs.schemas import Corrections, dtypes

Json = None | bool | int | float | str | list[Any] | dict[str, Any]
Verdict = Literal["accept", "reject", "correct"]
_KEPT: Final = ("id", "article", "start", "end", "quote")
_SHORT: Final = {
    **{n: f"quantity.{n}" for n in ("low", "high", "value", "unit", "of", "per", "part_of")},
    **{n: f"event.{n}" for n in ("plover", "mode", "cameo")},
    **{f"when_{n}": f"when.{n}" for n in ("start", "end", "precision", "text")},
    **{f"horizon_{n}": f"horizon.{n}" for n in ("low", "high", "unit", "from")},
}
_OVERLAP: Final = 0.5


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision about one item.

    Attributes
    ----------
    article, kind, start, end : str, str, int, int
        The key: where the item stands and of which kind it is.
    quote : str
        Its words, to find the place again and for people to read.
    verdict : {"accept", "reject", "correct"}
        The decision.
    fields : dict of str to any JSON value
        For ``correct``: path to new value, for example ``{"quantity.high": 10000}``; ``high``,
        ``plover`` or ``when_start`` do as well.
    machine : dict of str to any JSON value, or None
        The item as the machine gave it when it was judged.
    reader, by, note : str or None
        Which reader, who decided, why.
    """

    article: str
    kind: str
    start: int
    end: int
    quote: str
    verdict: Verdict
    fields: dict[str, Json] = {}
    machine: dict[str, Json] | None = None
    reader: str | None = None
    by: str | None = None
    note: str | None = None


class _Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One decision as a page exports it."""

    article: str
    kind: str
    start: int
    end: int
    quote: str
    verdict: Verdict
    fields: dict[str, Json] = {}
    by: str | None = None
    note: str | None = None


class _Export(msgspec.Struct, frozen=True, kw_only=True):
    """What a page exports."""

    corrections: tuple[_Exported, ...]
    schema: Literal["blocs.corrections/1"] = "blocs.corrections/1"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Items after an analyst's corrections.

    Attributes
    ----------
    items : tuple of Item
        Corrected ones changed, rejected ones left out, lost ones put back.
    verdicts : mapping of str to str
        Item id to verdict.
    found : tuple of (Correction, Item)
        Corrections that found their item in the machine's output.
    lost : tuple of Correction
        Corrections whose item the machine no longer gives.
    """

    items: tuple[Item, ...]
    verdicts: dict[str, str]
    found: tuple[tuple[Correction, Item], ...]
    lost: tuple[Correction, ...]


def apply_corrections(items: Sequence[Item], corrections: Iterable[Correction]) -> Reviewed:
    """Apply an analyst's decisions to the machine's items.

    Parameters
    ----------
    items : sequence of Item
        The machine's output.
    corrections : iterable of Correction
        Decisions, from this or an earlier reading.

    Returns
    -------
    Reviewed
        Every correction finds at most one item: of its article and kind, with the greatest
        overlap (intersection over union of the spans, at least one half).

    Examples
    --------
    >>> apply_corrections([], []).items
    ()
    """
    known = (c for c in corrections if c.kind in get_args(Kind))
    chosen = sorted(known, key=lambda c: (c.article, c.start, c.end, c.kind))
    by_item = anchor(items, chosen)
    out: list[Item] = []
    for item in items:
        decision = by_item.get(item.id)
        if decision is None or decision.verdict == "accept":
            out.append(item)
        elif decision.verdict == "correct":
            out.append(changed(item, decision.fields))
    lost = tuple(c for c in chosen if not any(c is hit for hit in by_item.values()))
    out += [back for c in lost if (back := _restored(c)) is not None]
    given = {i.id: i for i in items}
    return Reviewed(
        items=tuple(sorted(out, key=lambda i: (i.article, i.start, i.end, i.kind, i.id))),
        verdicts={id_: c.verdict for id_, c in by_item.items()},
        found=tuple((c, given[id_]) for id_, c in by_item.items()),
        lost=lost,
    )


def anchor(items: Sequence[Item], corrections: Sequence[Correction]) -> dict[str, Correction]:
    """Find the item that each correction is about, the greatest overlap first.

    Returns
    -------
    dict of str to Correction
        By item id; a correction without an item is left out.
    """
    places: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        places.setdefault((item.article, item.kind), []).append(item)
    hits = [
        (-_overlap(c, item), not _was(c, item), c.start, c.end, item.id, k)
        for k, c in enumerate(corrections)
        for item in places.get((c.article, c.kind), ())
        if _overlap(c, item) >= _OVERLAP
    ]
    out: dict[str, Correction] = {}
    used: set[int] = set()
    for *_, id_, k in sorted(hits):
        if k not in used and id_ not in out:
            used.add(k)
            out[id_] = corrections[k]
    return out


def _overlap(c: Correction, item: Item) -> float:
    shared = min(c.end, item.end) - max(c.start, item.start)
    return max(0, shared) / (max(c.end, item.end) - min(c.start, item.start))


def _was(c: Correction, item: Item) -> bool:
    return c.machine is not None and c.machine.get("id") == item.id


def _restored(c: Correction) -> Item | None:
    """Return the analyst's version of an item that the machine no longer gives."""
    if c.verdict == "reject" or c.machine is None:
        return None
    item = msgspec.convert(c.machine, Item)
    return changed(item, c.fields) if c.verdict == "correct" else item


def changed(item: Item, fields: Mapping[str, Json]) -> Item:
    """Return an item with other values; paths name inner fields (``quantity.high``).

    Raises
    ------
    UnknownName
        A path that no item has.
    BadInput
        A value that does not fit, or a field that places the item (id, span, quote).

    Examples
    --------
    >>> item = Item(id="x", article="a", kind="claim", start=0, end=2, quote="no", statement="no")
    >>> changed(item, {"certainty": "hedged", "event.plover": "AID", "event.cameo": "070"}).event
    Event(plover='AID', mode=None, cameo='070')
    """
    tree: dict[str, Any] = msgspec.to_builtins(item)
    for path, value in fields.items():
        _put(tree, _SHORT.get(path, path), value)
    try:
        return msgspec.convert(tree, Item)
    except msgspec.ValidationError as error:
        raise BadInput(
            f"item {item.id}: {error}; correct it with --correct {item.id} field=value"
        ) from None


def _put(tree: dict[str, Any], path: str, value: Json) -> None:
    if path not in _paths():
        raise UnknownName("field", path, nearest(path, _paths()), "Write field=value.")
    if path in _KEPT:
        raise BadInput(f"field {path} places the item and cannot be corrected; reject the item")
    *outer, last = path.split(".")
    for name in outer:
        tree[name] = tree.get(name) or _blank(name)
        tree = tree[name]
    tree[last] = value


def _blank(name: str) -> dict[str, Any]:
    """Return an inner record without values, for a field that the machine left null."""
    empty: dict[str, dict[str, Any]] = {
        "event": {"plover": "", "mode": None, "cameo": ""},
        "quantity": {},
        "when": {"start": None, "end": None, "precision": "day", "text": ""},
        "horizon": {"low": None, "high": None, "unit": "year"},
    }
    return empty[name]


def _paths() -> list[str]:
    """Return every path that an item has."""
    out = []
    for field in msgspec.structs.fields(Item):
        inner = [
            t for t in get_args(field.type) if isinstance(t, type) and issubclass(t, msgspec.Struct)
        ]
        simple = not (inner and field.name in ("event", "quantity", "when", "horizon"))
        if simple:
            out.append(field.encode_name)
            continue
        out += [f"{field.encode_name}.{f.encode_name}" for f in msgspec.structs.fields(inner[0])]
    return out


def parse_field(text: str) -> tuple[str, Json]:
    """Read ``field=value``; a value is JSON, else text; ``subject`` and ``object`` take a list.

    Examples
    --------
    >>> parse_field("quantity.high=10000"), parse_field("subject=PRKGOV,RUS")
    (('quantity.high', 10000), ('subject', ['PRKGOV', 'RUS']))
    """
    path, mark, value = text.partition("=")
    if not mark or not path.strip():
        raise BadInput(f"{text!r}: write field=value, for example quantity.high=10000")
    path = path.strip()
    if path in ("subject", "object", "hedges") and not value.startswith("["):
        return path, [part.strip() for part in value.split(",") if part.strip()]
    try:
        return path, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return path, value


def correction_of(
    item: Item,
    verdict: Verdict,
    *,
    fields: Mapping[str, Json] | None = None,
    reader: str | None = None,
    by: str | None = None,
    note: str | None = None,
) -> Correction:
    """Write a decision about an item down; fields are tried on it first.

    Parameters
    ----------
    item : Item
        As the machine gave it.
    verdict : {"accept", "reject", "correct"}
        The decision.
    fields : mapping, optional
        For ``correct``: path to new value.
    reader, by, note : str, optional
        Which reader made the item, who decides, why.
    """
    if verdict == "correct":
        changed(item, fields or {})
    return Correction(
        article=item.article,
        kind=item.kind,
        start=item.start,
        end=item.end,
        quote=item.quote,
        verdict=verdict,
        fields=dict(fields or {}),
        machine=msgspec.to_builtins(item),
        reader=reader,
        by=by,
        note=note,
    )


def read_file(path: Path) -> tuple[Correction, ...]:
    """Read corrections that a page exported.

    Raises
    ------
    BadFile
        Not a file of corrections; says where it is wrong.
    """
    try:
        told = msgspec.json.decode(read_bytes(path), type=_Export).corrections
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(
            f"{path}: not a file of corrections ({error}); save it from the page again"
        ) from None
    return tuple(Correction(**msgspec.structs.asdict(c)) for c in told)


def beside(corrections: Sequence[Correction], items: Sequence[Item]) -> list[Correction]:
    """Put beside each correction the item of the machine that it is about, and try its fields.

    Raises
    ------
    UnknownName, BadInput
        A field that no item has, or a value that does not fit.
    """
    by_id = {i.id: i for i in items}
    found = {id(c): by_id[item] for item, c in anchor(items, corrections).items()}
    out = []
    for c in corrections:
        item = found.get(id(c))
        if item is None:
            out.append(c)
            continue
        if c.verdict == "correct" and c.kind in get_args(Kind):
            changed(item, c.fields)
        out.append(msgspec.structs.replace(c, machine=msgspec.to_builtins(item)))
    return out


def keep_corrections(home: Path, new: Sequence[Correction]) -> None:
    """Add decisions to a project; a later one about the same item replaces the earlier."""
    about = sorted({c.article for c in new})
    run = run_of("ledger review", {"decisions": str(len(new))}, about)
    projects.put_corrections(home, lambda before: _merged(before, new), run=run)


def kept_corrections(home: Path) -> tuple[Correction, ...]:
    """Return the decisions of a project."""
    frame = projects.read_corrections(home)
    return () if frame is None else tuple(_correction(r) for r in frame.iter_rows(named=True))


def _merged(before: pl.DataFrame | None, new: Sequence[Correction]) -> pl.DataFrame:
    old = [] if before is None else [_correction(r) for r in before.iter_rows(named=True)]
    by_key = {(c.article, c.kind, c.start, c.end): c for c in [*old, *new]}
    rows = [_row(by_key[key]) for key in sorted(by_key)]
    return Corrections.validate(pl.DataFrame(rows, schema=dtypes(Corrections)), cast=True)


def _row(c: Correction) -> dict[str, object]:
    told: dict[str, object] = {
        n: getattr(c, n) for n in ("article", "kind", "quote", "verdict", "reader", "by", "note")
    }
    told |= {"span_start": c.start, "span_end": c.end}
    told["fields"] = msgspec.json.encode(c.fields, order="sorted").decode() if c.fields else None
    told["machine"] = msgspec.json.encode(c.machine).decode() if c.machine else None
    return told


def _correction(r: Mapping[str, Any]) -> Correction:
    return Correction(
        start=r["span_start"],
        end=r["span_end"],
        fields=msgspec.json.decode(r["fields"]) if r["fields"] else {},
        machine=msgspec.json.decode(r["machine"]) if r["machine"] else None,
        **{n: r[n] for n in ("article", "kind", "quote", "verdict", "reader", "by", "note")},
    )
