"""The pages' code is true: the tutorial and the how-to on measures run block by block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def run(page: str, code: list[str], space: dict[str, object]) -> None:
    for block in code:
        exec(compile(block, page, "exec"), space)


@pytest.mark.shared
def test_the_tutorial_runs_from_evidence_to_verdict(shared: Path) -> None:
    page = "tutorial/from-evidence-to-a-verdict.md"
    code = blocks(page)
    assert len(code) == 7
    code[0] = code[0].replace('Path("shared/data")', f"Path({str(shared / 'data')!r})")
    run(page, code, {"__name__": "from_evidence_to_a_verdict"})


def test_the_measure_of_the_page_is_one() -> None:
    page = "howto/add-a-measure.md"
    code = blocks(page)
    assert len(code) == 2
    run(page, code, {"__name__": "add_a_measure"})
