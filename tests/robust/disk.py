"""Refuse commands the disk, and hold what they say and leave against the state before.

``python -m tests.robust.disk [KIND ...]`` prints one JSON object a kind of `tests.robust.kills`:
what each command said where no file may grow past a few bytes (a full disk), where nothing may be
written (a read-only file system), and what two of them at once have left. In each case

- the command ends with 1 and one line that names what cannot be written;
- every table is the old one, and the same command again completes once the disk lets it.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.robust.kills import KINDS, Kind, command, done, import_all, on_change, tree

FEW = 64
"""Bytes that a file may grow to."""


def refused(kind: Kind, work: Path, hinder: Callable[[Path], None]) -> str:
    """Run a command whose disk is hindered; what it said."""
    end, start = os.pipe()  # a file could not grow
    child = os.fork()
    if child == 0:
        os.dup2(start, 2)
        hinder(work)
        command(kind.new, work)
    os.close(start)
    with os.fdopen(end, "rb") as stream:
        text = stream.read().decode("utf-8", "replace").strip()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 1, f"{status}: {text}"
    return text.splitlines()[-1]


def full(_: Path) -> None:
    """Let no file grow: what a write gets then is what a full disk gives."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FEW, FEW))


def read_only(work: Path) -> None:
    """Refuse every change of a file under a folder."""

    def refuse() -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    on_change(work, refuse)


def campaign(name: str) -> dict[str, str]:
    """Hinder one command in every way; what it said."""
    kind, told = KINDS[name], {}
    with tempfile.TemporaryDirectory(prefix=f"disk-{name}-") as base:
        first, work = Path(base, "first"), Path(base, "work")
        first.mkdir()
        kind.inputs(first)
        for words in kind.old:
            done(words, first)
        old = kind.state(first)
        for why, hinder in (("full", full), ("read-only", read_only)):
            shutil.copytree(first, work)
            told[why] = refused(kind, work, hinder).replace(base, "")
            assert kind.state(work) == old, f"{name}, {why}: something was changed"
            left = [one for one in tree(work).keys() - tree(first).keys() if ".part" in one]
            assert why == "read-only" or not left, f"{name}, {why}: left behind {left}"
            done(kind.new, work)
            new = kind.state(work)
            assert new != old, f"{name}, {why}: the rerun changed nothing"
            shutil.rmtree(work)
        shutil.copytree(first, work)
        both(kind, work)
        assert kind.state(work) == new, f"{name}: two at once left something else"
        told["two at once"] = "both"
    return told


def both(kind: Kind, work: Path) -> None:
    """Run a command twice at once: one waits for the other."""
    children = []
    for _ in range(2):
        children.append(os.fork())
        if children[-1] == 0:
            command(kind.new, work)
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0, f"one of two at once ended with {status}"


if __name__ == "__main__":
    import_all()
    for one in sys.argv[1:] or KINDS:
        print(json.dumps({"kind": one, **campaign(one)}), flush=True)
