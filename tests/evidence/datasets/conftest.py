"""Reading one file as the intake would, without a project around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blocs.contracts import Facts
from blocs.evidence.intake import recognise

TINY = Path(__file__).parents[2] / "data" / "datasets"


@pytest.fixture
def read() -> Callable[..., Facts]:
    """Read one file of a data set: a tiny one by name, or any by its path."""

    def _read(dataset: str, file: str | Path) -> Facts:
        path = file if isinstance(file, Path) else TINY / dataset.replace("-", "_") / file
        found, unknown = recognise([path])
        assert not unknown, f"{path} is not recognised"
        assert [f.dataset for f in found] == [dataset]
        return found[0].release.read(found[0].file, "s")

    return _read


@pytest.fixture
def tiny() -> Path:
    """Folder of the files written for the tests, one subfolder per data set."""
    return TINY
