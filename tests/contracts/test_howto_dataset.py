"""The how-to's code is true: its blocks run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "add-a-dataset.md"


def test_the_code_of_the_page_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 2
    space: dict[str, object] = {"__name__": "add_a_dataset"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)
