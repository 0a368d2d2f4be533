"""The code of the page on forecasts is true: its blocks run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

from blocs.registry import FORECASTERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "forecast-events.md"


def test_the_code_of_the_page_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 2
    space: dict[str, object] = {"__name__": "forecast_events"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)


def test_the_page_names_every_method() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{name}`" in text for name in FORECASTERS.names())
