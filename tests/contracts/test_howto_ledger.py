"""The code of the page on ledgers is true: its blocks run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "keep-a-ledger.md"


def test_the_code_of_the_page_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 6
    space: dict[str, object] = {"__name__": "keep_a_ledger"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)


def test_every_command_of_the_page_is_one_that_parses() -> None:
    from blocs.views.cli import _app

    text = PAGE.read_text(encoding="utf-8")
    lines = [line.split("#")[0].split() for line in text.splitlines() if line.startswith("blocs ")]
    assert len(lines) > 8
    for words in lines:
        _app(words[1:]).parse_args(words[1:], exit_on_error=False, print_error=False)
