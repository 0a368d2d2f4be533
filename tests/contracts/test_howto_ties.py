"""The code of the page on ties is true, and its commands are what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

from blocs.registry import LAYERS
from blocs.schemas import Ties, dtypes

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "howto" / "read-ties.md").read_text("utf-8")


def test_the_code_of_the_page_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    exec(compile(block, "read-ties.md", "exec"), {"__name__": "read_ties"})


def test_the_page_names_every_layer_and_column() -> None:
    for name in LAYERS.names():
        assert name in TEXT.partition("\n\n")[2].partition("\n\n")[0], name
    for column in dtypes(Ties):
        assert f"`{column}`" in TEXT, column
