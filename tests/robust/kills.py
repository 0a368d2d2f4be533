"""Kill commands at many moments and hold what they leave against the state before and after.

``python -m tests.robust.kills [--moments 200] [--seed 1945] [KIND ...]`` prints one JSON object
a kind: how many kills left the old state and how many the new. Every trial begins from the same
old state, starts the command in a process group of its own, and kills the group (SIGKILL): every
other time at a random moment of its run, else at one of its changes of a file (a rename, a file
opened for writing, a removal), which Python tells before it happens. Then

- every table is that of the old state or that of the new one, bit for bit, and readable;
- the log of runs (for figures: the record beside them) tells which;
- the same command again completes, and leaves what a run without a kill leaves.

One process forks every command, so that imports are paid for once. It does no work in Polars
itself: its threads would not outlive the fork.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import msgspec

from blocs.outlook.forecasting import Fitted
from blocs.project import read_manifest
from blocs.runs import runs

State = dict[str, str]
HEADER = "rcid,ccode,vote,date,member,me,nu,di,hr,co,ec,descr,session\n"
ARTICLES = (
    "Seoul said on Friday that Pyongyang sent 10,000 soldiers to Russia. Minsk protested.",
    "Kyiv revealed that Pyongyang sent, in October, up to 12,000 soldiers to fight Ukraine.",
    "For Beijing, lethal aid to Moscow is a red line not to be crossed. Tehran denied it.",
)
DATES = ("2018-01-05", "2018-02-06", "2018-02-07")


@dataclass(frozen=True)
class Kind:
    """One command: what lies there, what makes the old state, what makes the new one, its state."""

    inputs: Callable[[Path], None]
    old: tuple[tuple[str, ...], ...]
    new: tuple[str, ...]
    state: Callable[[Path], State]
    told: Callable[[Path, bool], None]


def _votes(folder: Path, name: str, turn: int) -> None:
    rows = [
        f"{100 * turn + call},{code},{1 + (call * code + turn) % 3},199{turn}-10-01,1,0,0,0,0,0,0,"
        f"Question {call},{45 + turn}"
        for call in range(12)
        for code in (2, 365, 710, 200, 220)
    ]
    (folder / name).write_text(HEADER + "\n".join(rows) + "\n", "utf-8")


def votes(folder: Path) -> None:
    """Two files of UN votes, of two years."""
    for turn, place in enumerate(("a", "b")):
        (folder / place).mkdir()
        _votes(folder / place, "UNVotes.csv", turn)


def articles(folder: Path) -> None:
    """Three articles, and two that come later."""
    for place, texts in (("a", ARTICLES[:1]), ("b", ARTICLES)):
        (folder / place).mkdir()
        for n, text in enumerate(texts):
            (folder / place / f"2024-10-2{n}-paper.txt").write_text(text, "utf-8")


def events(folder: Path) -> None:
    """Two sets of event files."""
    for place, turn in (("a", 1), ("b", 2)):
        (folder / place).mkdir()
        for n, day in enumerate(DATES):
            lines = [f"{day},USA,CHN,{code}" for code in ("036", "112", "190")[: turn + n % 2]]
            table = "\n".join(["date,sender,receiver,code", *lines]) + "\n"
            (folder / place / f"{n}.csv").write_text(table, "utf-8")


def habits(folder: Path) -> None:
    """Events of weeks, to learn from."""
    lines = []
    for week in range(6):
        for n, pair in enumerate(("USA,CHN", "CHN,USA", "RUS,UKR", "UKR,RUS", "IND,PAK")):
            for code in ("036", "112", "190")[: 1 + (week * n) % 3]:
                lines.append(f"{pair.replace(',', f',{code},')},2018-02-{1 + 4 * week + n % 4:02}")
    (folder / "events.csv").write_text("\n".join(lines) + "\n")


def file_state(folder: Path) -> State:
    """The file that a command writes, if it is there."""
    return {p.name: _sha(p) for p in folder.glob("out.*")}


def project_state(folder: Path) -> State:
    """What a project holds by its manifest: every table and file it names, and when added."""
    home = folder / "p"
    manifest = read_manifest(home)
    entries = (*manifest.sources, *manifest.articles)
    tables = [name for entry in entries for name in entry.tables.values()]
    state = {name: _sha(home / name) for name in (*tables, *filter(None, [manifest.corrections]))}
    for entry in entries:
        state[entry.source_id] = f"{entry.version} {entry.rows} {entry.rejected}"
    for entry in manifest.sources:
        state[entry.file] = _sha(home / "files" / f"{entry.source_id}-{entry.file}")
    return state


def learnt_state(folder: Path) -> State:
    """What forecasters learnt; not how long it took."""
    found = {}
    for path in (folder / "p" / "models").glob("[!.]*"):
        fitted = msgspec.msgpack.decode(path.read_bytes(), type=Fitted)
        found[path.name] = hashlib.sha256(fitted.learnt).hexdigest()
        if fitted.chances is not None:
            found[f"{path.name} chances"] = repr(fitted.chances)
    return found


def figures_state(folder: Path) -> State:
    """The figures of an almanac."""
    return {p.name: _sha(p) for p in (folder / "out").glob("*.parquet")}


def log_tells(folder: Path, new: bool) -> None:
    """Hold the log of runs against what is there: the last run changed it, or did not."""
    before, *since = runs(folder / "p")
    committed = read_manifest(folder / "p").run
    assert before.status == "done"
    assert new == any(run.number == committed for run in since), (since, committed)


def record_tells(folder: Path, new: bool) -> None:
    """Each figure is the one its record tells, or the one that it replaces."""
    path = folder / "out" / "inputs.toml"
    record = tomllib.loads(path.read_text("utf-8"))
    for name, told in record.items():
        here = _sha(folder / "out" / f"{name}.parquet")
        assert here in {told["sha256"], told.get("replaces")}, f"{name} is not of its record"


def nothing_tells(folder: Path, new: bool) -> None:
    """A file that is replaced whole tells by itself."""


P = ("--project", "{}/p", "-q")
KINDS = {
    "add": Kind(
        votes,
        (("data", "add", "unga", "{}/a", *P),),
        ("data", "add", "unga", "{}/b", *P),
        project_state,
        log_tells,
    ),
    "read": Kind(
        articles,
        (("read", "{}/a", "-o", "{}/out.jsonl", "-q"),),
        ("read", "{}/b", "-o", "{}/out.jsonl", "-q"),
        file_state,
        nothing_tells,
    ),
    "ledger": Kind(
        articles, (("ledger", "{}/a", *P),), ("ledger", "{}/b", *P), project_state, log_tells
    ),
    "review": Kind(
        articles,
        (("ledger", "{}/b", *P),),
        ("ledger", "review", "--accept", "{id}", *P),
        project_state,
        log_tells,
    ),
    "almanac": Kind(
        votes,
        (("almanac", "build", "--data", "{}/a", "--into", "{}/out", "-q"),),
        ("almanac", "build", "--data", "{}/b", "--into", "{}/out", "-q"),
        figures_state,
        record_tells,
    ),
    "events": Kind(
        events,
        (("events", "{}/a/*.csv", "-o", "{}/out.csv", *P),),
        ("events", "{}/b/*.csv", "-o", "{}/out.csv", *P),
        file_state,
        nothing_tells,
    ),
    "fit": Kind(
        habits,
        (),
        ("forecast", "fit", "--method", "evidence", "--data", "{}/events.csv", *P),
        learnt_state,
        nothing_tells,
    ),
    "compete": Kind(
        lambda folder: None,
        (),
        ("compete", "--histories", "20", "-o", "{}/out.json", *P),
        file_state,
        nothing_tells,
    ),
}
IN_PARTS = {"almanac", "fit"}
"""Commands that leave what they have done so far: some of it of the old state, some of the new."""


def campaign(name: str, moments: int, seed: int) -> dict[str, int]:
    """Kill one command at many moments; how many kills left what.

    Raises
    ------
    SystemExit
        If any of them left a state that is neither, or that a rerun does not complete.
    """
    kind, draw = KINDS[name], random.Random(f"{seed} {name}")
    with tempfile.TemporaryDirectory(prefix=f"kills-{name}-") as base:
        first, work = Path(base, "first"), Path(base, "work")
        first.mkdir()
        kind.inputs(first)
        for words in kind.old:
            done(words, first)
        shutil.copytree(first, work)
        old, untouched = kind.state(work), tree(work)
        began = time.monotonic()
        changes = _changes(kind.new, work)
        lasts = time.monotonic() - began
        new, whole = kind.state(work), tree(work).keys()
        assert old != new, "the command changed nothing"
        seen: Counter[str] = Counter()
        for n in range(moments):
            shutil.rmtree(work)
            shutil.copytree(first, work)
            at = draw.uniform(0.0, lasts) if n % 2 else draw.randint(1, changes)
            finished = _killed(kind.new, work, at)
            left = kind.state(work)
            where = f"{name}, kill {n} at {at}"
            tables = {k: v for k, v in left.items() if v not in {old.get(k), new.get(k)}}
            assert not tables, f"{where}: neither old nor new: {sorted(tables)}"
            assert name in IN_PARTS or left in (old, new), f"{where}: a mixture"
            kind.told(work, left == new)
            seen["finished" if finished else "new" if left == new else "old"] += 1
            if tree(work) == untouched:
                continue  # the rerun is the run
            done(kind.new, work)
            assert kind.state(work) == new, f"{where}: the rerun ended otherwise"
            extra = {name for name in tree(work).keys() - whole if not name.endswith(".part")}
            assert not extra, f"{where}: left behind {sorted(extra)}"
            _settled(work / "p")
    return dict(seen)


def _settled(home: Path) -> None:
    """After the rerun no run is open, and each that was killed says what came of it."""
    assert all(run.status != "begun" for run in runs(home)), "a run is still open"


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree(folder: Path) -> State:
    return {str(p.relative_to(folder)): _sha(p) for p in folder.rglob("*") if p.is_file()}


def _changes(words: tuple[str, ...], folder: Path) -> int:
    """Run a command whole; how often it changes a file."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        count = itertools.count(1)
        on_change(folder, lambda: os.pwrite(handle, str(next(count)).ljust(9).encode(), 0))
        handle = os.open(folder.parent / "changes", os.O_RDWR | os.O_CREAT)
        command(words, folder)
    os.close(start)
    os.close(end)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{words} failed"
    return int((folder.parent / "changes").read_text())


def _killed(words: tuple[str, ...], folder: Path, at: float) -> bool:
    """Kill a command at its n-th change (int) or after so many seconds; whether it was over."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if isinstance(at, int):
            left = iter(range(at - 1, -1, -1))
            on_change(folder, lambda: next(left, 1) or os.killpg(0, signal.SIGKILL))
        command(words, folder)
    if isinstance(at, float):
        time.sleep(at)
        for send in (os.killpg, os.kill):  # the group is not there at once
            try:
                send(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
            break
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), f"{words} failed by itself ({status})"
    return status == 0


def done(words: tuple[str, ...], folder: Path) -> None:
    child = os.fork()
    if child == 0:
        command(words, folder)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{words} failed ({status})"


def command(words: tuple[str, ...], folder: Path) -> NoReturn:
    """Be a command in a fork."""
    from blocs.views.cli import main

    code: object = 1
    try:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        main([w.replace("{}", str(folder)).replace("{id}", _first_id(folder, w)) for w in words])
    except SystemExit as error:
        code = error.code
    except BaseException:
        traceback.print_exc()
    os._exit(code if isinstance(code, int) else 1)


def _first_id(folder: Path, word: str) -> str:
    """Id of an item of the ledger of the old state."""
    if "{id}" not in word:
        return ""
    from blocs.evidence.ledger.tables import kept

    return kept(folder / "p").items[0].id


_CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
_FOR_WRITING = os.O_WRONLY | os.O_RDWR


def on_change(folder: Path, do: Callable[[], object]) -> None:
    """Do something before each change of a file under a folder."""
    under, busy = str(folder), []

    def hook(event: str, told: tuple[object, ...]) -> None:
        changing = event in _CHANGING or (
            event == "open" and isinstance(told[2], int) and bool(told[2] & _FOR_WRITING)
        )
        if changing and str(told[0]).startswith(under) and not busy:
            busy.append(1)
            try:
                do()
            finally:
                busy.clear()

    sys.addaudithook(hook)


def main() -> None:
    """Run the campaign."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    options.add_argument("--moments", type=int, default=200)
    options.add_argument("--seed", type=int, default=1945)
    given = options.parse_args()
    import_all()
    for name in given.kinds or KINDS:
        print(json.dumps({"kind": name, **campaign(name, given.moments, given.seed)}), flush=True)


def import_all() -> None:
    """Import what the commands import, before any of them is forked."""
    from blocs.registry import VIEWS

    for name in ("data", "read", "ledger", "almanac", "events", "forecast", "compete"):
        VIEWS.get(name)


if __name__ == "__main__":
    main()
