"""Every row of every public file is a fact, a reject, or left out for a documented reason.

The page `docs/explanation/rows-in-and-out.md` is held against the files. Those over
`FEW` rows take minutes in all; they were counted when the page was written.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from blocs.evidence.intake import read_source, recognise

FEW = 22_000
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "rows-in-and-out.md"
TEXT = PAGE.read_text(encoding="utf-8")
LEFT_OUT = {
    name: (int(rows), int(left))
    for name, rows, left in re.findall(r"^\| `([^`]+)` \| (\d+) \| (\d+) \|", TEXT, flags=re.M)
}
TABLES = ("ballots", "spells", "flows", "events", "attributes")


@pytest.fixture(scope="module")
def sizes(shared: Path) -> dict[str, int | None]:
    """Rows of each public file as its maker counted them."""
    told = json.loads((shared / "data" / "MANIFEST.json").read_text(encoding="utf-8"))
    return {file["path"]: file.get("rows") for part in told for file in part["files"]}


@pytest.mark.shared
def test_every_file_is_read_or_said_not_to_be(sizes: dict[str, int | None], shared: Path) -> None:
    found, _ = recognise([shared / "data"])
    known = {str(f.file.path.relative_to(shared / "data")) for f in found}
    spoken = TEXT.partition("## Files that are read with")[2]
    said: list[str] = []
    for names in re.findall(r"^\| (`.+?) \|", spoken, flags=re.M):
        first, *others = re.findall(r"`([^`]+)`", names)
        folder = first.rpartition("/")[0]
        said += [first, *(o if "/" in o else f"{folder}/{o}" for o in others)]
    silent = {p for p in set(sizes) - known if not any(fnmatch(p, pattern) for pattern in said)}
    assert silent == set()


@pytest.mark.shared
def test_small_files_lose_no_row(sizes: dict[str, int | None], shared: Path) -> None:
    seen = 0
    for item in recognise([shared / "data"])[0]:
        name = str(item.file.path.relative_to(shared / "data"))
        rows = sizes[name]
        if rows is None or rows > FEW or item.dataset == "icews14" or "roll_call" in name:
            continue
        facts = read_source(item)
        told = {row for table in TABLES for row in getattr(facts, table)["row"]}
        refused = set(facts.rejects["row"])
        left = rows - len(told | refused)
        assert (rows, left) == LEFT_OUT.get(name, (rows, 0)), name
        seen += 1
    assert seen > 40


@pytest.mark.shared
def test_the_page_names_files_with_their_rows(sizes: dict[str, int | None]) -> None:
    assert LEFT_OUT
    assert {name: sizes[name] for name in LEFT_OUT} == {
        n: rows for n, (rows, _) in LEFT_OUT.items()
    }
