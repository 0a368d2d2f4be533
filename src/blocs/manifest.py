"""The manifest of a project: what it holds, in a format that has a number.

``project.json`` alone says which tables a project has. A project of an older blocs is read step
by step up to the format of this one; that of a newer blocs is left alone.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from blocs.errors import BadFile, BadInput, StorageError
from blocs.files import write_atomic

FORMAT = 2
"""Of the manifest. 1: no number of the last run. A step of `_STEPS` leads from each to the next."""
MANIFEST = "project.json"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source in a project: where it came from and which table files hold it."""

    source_id: str
    dataset: str
    version: str
    file: str
    sha256: str
    added: str
    rows: int
    rejected: int
    tables: dict[str, str]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a project holds.

    ``checksums`` are those recorded at first download; ``articles`` are the articles read into
    its ledger, one entry each; ``corrections`` names the table of what an analyst decided;
    ``run`` is the number of the last run that changed any of it (`blocs.runs`).
    """

    format: int = FORMAT
    sources: tuple[Entry, ...] = ()
    checksums: dict[str, str] = {}
    articles: tuple[Entry, ...] = ()
    corrections: str = ""
    run: int = 0


def exists(path: Path) -> bool:
    """Tell whether a folder is a project."""
    return (path / MANIFEST).is_file()


def read_manifest(path: Path) -> Manifest:
    """Read what a project holds; a folder without a manifest holds nothing.

    The manifest of an older blocs is read as this one would have written it; the next change
    of the project writes it so.

    Raises
    ------
    BadFile
        If the manifest is damaged, or was written by a newer blocs.
    """
    file = path / MANIFEST
    if not file.is_file():
        if path.is_file():
            raise BadInput(f"{path} is a file; a project is a folder")
        return Manifest()
    try:
        told = msgspec.json.decode(file.read_bytes(), type=dict[str, msgspec.Raw])
        number = msgspec.json.decode(told.get("format", b"1"), type=int)
        if number > FORMAT:
            raise BadFile(f"{file}: format {number} is newer than this blocs ({FORMAT}); update it")
        for step in range(number, FORMAT):
            told = _STEPS[step](told)
        return msgspec.json.decode(msgspec.json.encode(told), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as error:
        raise BadFile(
            f"{file}: not a project manifest ({error}); restore it or start anew"
        ) from None
    except OSError as error:
        raise StorageError(f"{file}: cannot be read ({error.strerror})") from None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write what a project holds, in this blocs's format."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_atomic(path / MANIFEST, lambda stream: stream.write(text))


def _number_runs(told: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """From format 1 to 2: no run had a number."""
    return told | {"format": msgspec.Raw(b"2"), "run": msgspec.Raw(b"0")}


_STEPS = {1: _number_runs}
