"""The code of the pages on experts' statements and on precedents is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "howto"


@pytest.mark.parametrize("name", ["weigh-experts-statements", "look-for-a-precedent"])
def test_the_code_of_the_page_runs(name: str) -> None:
    page = FOLDER / f"{name}.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, str(page), "exec"), {})
