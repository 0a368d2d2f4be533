"""The page on reading articles: its code runs, its commands parse."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from blocs.views.cli import _app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "read-an-article.md"


def test_the_code_of_the_page_runs() -> None:
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), {})


def test_the_commands_of_the_page_parse() -> None:
    lines = re.findall(r"^blocs read .*$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line, comments=True)
        _app(words[1:]).parse_args(words[1:], exit_on_error=False, print_error=False)
