"""A full disk, one that may only be read, two commands at once; the others are for the night."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kind", ["add", "events"])
def test_a_hindered_command_says_so_and_leaves_the_old_state(kind: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.robust.disk", kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = msgspec.json.decode(ran.stdout)
    assert "cannot be written" in told["full"]
    assert "Read-only file system" in told["read-only"]
    assert told["two at once"] == "both"
