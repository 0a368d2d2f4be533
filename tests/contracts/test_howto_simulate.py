"""The page on what-ifs: its code runs, its commands parse."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from blocs.views.cli import _app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "simulate-a-what-if.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_code_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    alone = [block for block in BLOCKS if "dask" not in block]
    assert len(alone) == 1
    exec(compile(alone[0], str(PAGE), "exec"), {})
    assert "last rung of CHN in UKR" in capsys.readouterr().out


def test_the_code_for_a_cluster_can_be_read() -> None:
    compile(next(block for block in BLOCKS if "dask" in block), str(PAGE), "exec")


def test_the_commands_of_the_page_parse() -> None:
    lines = re.findall(r"^blocs simulate .*$", TEXT, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line, comments=True)
        _app(words[1:]).parse_args(words[1:], exit_on_error=False, print_error=False)
