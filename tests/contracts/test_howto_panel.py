"""The code of the page on panels is true: its blocks run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

from blocs.registry import COLUMNS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "build-a-panel.md"


def test_the_code_of_the_page_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 2
    space: dict[str, object] = {"__name__": "build_a_panel"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)


def test_the_page_names_every_column_group_and_its_years() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, part in COLUMNS.all().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        if part.absent == 0 and name != "rivalry":
            assert f"0, {part.years[0]}-{part.years[1]}" in row, name
        elif part.absent is None:
            assert "not known" in row, name
