"""A few kills of each command at changes drawn by lot; the campaign of many is by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kind", ["add", "almanac", "compete", "events", "fit", "review"])
def test_a_killed_command_leaves_the_old_or_the_new_and_is_run_again(kind: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.robust.kills", kind, "--moments", "2", "--seed", "9"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = msgspec.json.decode(ran.stdout)
    assert told.pop("kind") == kind
    assert sum(told.values()) == 2
