"""The notebook of the tutorial runs from top to bottom, and shows what its text promises."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "in-a-notebook.ipynb"


@pytest.fixture(scope="module")
def cells() -> list[nbformat.NotebookNode]:
    """Code cells with their outputs."""
    book = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(book, timeout=600, kernel_name="python3").execute()
    return [cell for cell in book.cells if cell.cell_type == "code"]


def shown(cell: nbformat.NotebookNode) -> dict[str, str]:
    """Kinds of output that a cell ends with."""
    return next(dict(o.data) for o in cell.outputs if o.output_type == "execute_result")


def test_every_cell_but_the_first_shows_something(cells: list[nbformat.NotebookNode]) -> None:
    assert all(shown(cell) for cell in cells[1:])


def test_answers_are_shown_as_html_and_charts_as_svg(cells: list[nbformat.NotebookNode]) -> None:
    for cell in cells[1:]:
        last = cell.source.splitlines()[-1]
        kinds = shown(cell)
        if last.startswith("blocs.plot"):
            assert kinds["image/svg+xml"].startswith("<svg"), last
            assert "http" not in kinds.get("text/html", "")
        elif not last.startswith("["):
            assert "<" in kinds["text/html"], last


def test_nothing_but_answers_is_kept_in_the_file() -> None:
    book = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in book.cells)
