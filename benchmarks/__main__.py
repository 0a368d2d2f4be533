"""Run every benchmark at every size, hold it against the stored ratios, write JSON and table.

``python -m benchmarks [NAME ...] [--size toy|usual|large] [--store] [-o FILE]``. Each benchmark
runs in a process of its own, so that its memory and its compiled kernels are its own. What moved
by more than a tenth against its peer since it was stored is told, and the run then ends with 1, as
it does where a benchmark fails; ``--store`` makes this run the one that later ones are held
against, and writes its table to the documentation.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.contract import LEFT_OUT, SIZES, Figure, Size, shared_folder
from benchmarks.table import PAGE, STORED, Results, Row, changes, page, read_stored, together

HERE = Path(__file__).parent


class Failed(Exception):
    """A benchmark ended before its time."""


def names() -> list[str]:
    """Name every benchmark: speed.partitions, quality.reading, ..."""
    files = sorted(HERE.glob("*/bench_*.py"))
    return [f"{f.parent.name}.{f.stem.removeprefix('bench_')}" for f in files]


def measured(name: str, size: Size, shared: Path) -> Iterator[Row]:
    """Run one benchmark in a process of its own.

    Raises
    ------
    Failed
        If it ended before its time; one that lacks data is left out aloud.
    """
    kind, _, what = name.partition(".")
    words = ["-m", f"benchmarks.{kind}.bench_{what}", "--size", size, "--shared", str(shared)]
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            try:
                figure = msgspec.json.decode(line, type=Figure)
            except msgspec.DecodeError:
                print(f"{name}: no figure: {line.strip()[:100]}", file=sys.stderr)
                continue
            yield Row(benchmark=name, size=size, figure=figure)
    if run.returncode not in (0, LEFT_OUT):
        raise Failed(f"{name} at size {size} ended with {run.returncode}")


def machine() -> str:
    """Say what the machine is, without its name."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    for line in info.read_text().splitlines() if info.is_file() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"


def main() -> None:
    """Run what was asked for."""
    from blocs import __version__

    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}")
    options.add_argument("--size", choices=SIZES, action="append", help="all three by default")
    options.add_argument("--shared", type=Path, default=shared_folder())
    options.add_argument("--store", action="store_true", help="hold later runs against this one")
    options.add_argument("-o", type=Path, metavar="FILE", help="write the figures as JSON")
    given = options.parse_args()
    if unknown := set(given.names) - set(names()):
        options.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    old, new = read_stored(), Results(machine=machine(), date=today, version=__version__, rows=())
    _write(new, old, given.o, store=False)
    failed: list[str] = []
    for name in given.names or names():
        for size in given.size or SIZES:
            try:
                for row in measured(name, size, given.shared.resolve()):
                    new = msgspec.structs.replace(new, rows=(*new.rows, row))
                    print(_told(row), flush=True)
            except Failed as error:
                failed.append(str(error))
                print(error, file=sys.stderr)
            _write(new, old, given.o, store=given.store)  # a run that is cut short has been of use
    moved = changes(old, new)
    print("\n".join(["", *moved] if moved else ["", "no ratio moved by more than a tenth"]))
    if failed:
        raise SystemExit("\n".join(failed))
    raise SystemExit(bool(moved) and not given.store)


def _write(new: Results, old: Results | None, file: Path | None, *, store: bool) -> None:
    if file:
        file.write_bytes(_json(new))
    if store:
        kept = together(old, new)
        STORED.write_bytes(_json(kept))
        PAGE.write_text(page(kept), "utf-8")


def _told(row: Row) -> str:
    one = row.figure
    peer = "" if one.peer is None else f"; {one.peer_is} {one.peer:.4g}"
    times = "" if one.ratio is None else f"; {one.ratio:.3g} times better"
    return f"{row.benchmark} / {row.size} / {one.name}: {one.value:.4g} {one.unit}{peer}{times}"


def _json(results: Results) -> bytes:
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


if __name__ == "__main__":
    main()
