"""Damage files that are in order in every way at hand, and hold what reads them to its word.

``python -m tests.robust.fuzz [--seconds 540] [--seed N] [PARSER ...]`` goes round the parsers of
`tests.robust.parsers` until its CPU seconds are used, and prints one JSON object a parser: how
many files were tried, how many of them accepted, and what came out that is no `BlocsError`.
Each fault is made as small as Hypothesis can make it and kept in ``seeds/PARSER``, from where
the suite tries it for good. It ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import tempfile
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.robust.parsers import SEEDS, Parser, parse, parsers

_CELL = re.compile(rb"[^\s,;\t=&?\"\[\]{}<>:|]+")
FAULT = "fault-"
"""What the name of a kept fault begins with."""
NASTY = (
    *(b"", b"0", b"-1", b"-9", b"1e400", b"nan", b"inf", b"-inf", b"NA", b"null", b"true", b"3.5"),
    *(b"99999999999999999999", b"-9223372036854775809", b"2147483648", b"0x10", b"1_0", b"+5"),
    *(b"1816", b"2024-02-30", b"0000-00-00", b"9999-12-31", b"20240230", b"-0", b"1.", b".", b"-"),
    *(b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\x1a", b"\\", b"%", b"%00"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\xe2\x80\xae", b"\xc2\xa0"),
    *("İ".encode(), "ß".encode(), "²".encode(), "٣".encode(), "\u0661\u0662".encode()),
    *("\U0001f680".encode(), "e\u0301".encode(), "\u2028".encode(), "\ufeff".encode()),
    *(b"[", b"]", b"{", b"}", b"[[", b"<", b">", b"<!--", b"-->", b"]]>", b"&#0;", b"&#x110000;"),
    *(
        b"<p>",
        b"</p>",
        b"<table>",
        b"<svg>",
        b"<plaintext>",
        b"(",
        b"*",
        b"+",
        b"USA",
        b"2",
        b"365",
    ),
    *(b"a" * 5000, b"9" * 400, b"(" * 300, b"<b>" * 300, b"[" * 300, b"[" * 5000, b"\n" * 200),
)
"""Cells and marks that have broken parsers before."""


@dataclass
class Told:
    """What came of one parser."""

    tried: int = 0
    accepted: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0


@st.composite
def damaged(draw: st.DrawFn, bases: dict[str, bytes]) -> tuple[str, bytes]:
    """Draw a file in order, and damage it in up to six places; mostly below its header."""
    name = draw(st.sampled_from(sorted(bases)))
    data = bases[name]
    whole = draw(st.integers(0, 4)) == 0
    first = 0 if whole else data.find(b"\n") + 1
    for _ in range(draw(st.integers(1, 6))):
        data = draw(_edited(data, min(first, max(len(data) - 1, 0))))
    return name, data


@st.composite
def _edited(draw: st.DrawFn, data: bytes, first: int) -> bytes:
    """Draw one change of some bytes, at or after a place."""
    cells = [m.span() for m in _CELL.finditer(data, first)] or [(first, len(data))]
    start, end = draw(st.sampled_from(cells))
    how = draw(st.integers(0, 8))
    if how <= 2:
        return data[:start] + draw(st.sampled_from(NASTY)) + data[end:]
    if how == 3:
        other = draw(st.sampled_from(cells))
        return data[:start] + data[other[0] : other[1]] + data[end:]
    if how == 4:
        return data[:start] + draw(st.sampled_from(NASTY)) + data[start:]
    if how == 5:
        return data[:start] + draw(st.binary(min_size=1, max_size=4)) + data[end:]
    low, high = sorted((start, draw(st.sampled_from(cells))[1]))
    part = data[low:high]
    return data[:low] + (b"", part + part, part[::-1])[how - 6] + data[high:]


def attack(name: str, parser: Parser, told: Told, *, examples: int, number: int) -> None:
    """Try damaged files on a parser; write down what came of it, each new fault once.

    Parameters
    ----------
    name : str
        The parser, as its folder of seeds is called.
    parser : Parser
        What is tried.
    told : Told
        Where it is written down.
    examples : int
        How many files.
    number : int
        Seed of the draws.
    """
    last: list[tuple[str, str, bytes]] = []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(case=damaged(dict(parser.bases)))
    def try_one(case: tuple[str, bytes]) -> None:
        fault = attempt(parser, *case, told)
        if fault and fault not in told.faults:
            last.append((fault, *case))
            raise AssertionError(fault)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try_one()
    except AssertionError:
        fault, base, data = last[-1]
        told.faults[fault] = _keep(name, Path(base).suffix, data)


def attempt(parser: Parser, name: str, data: bytes, told: Told) -> str:
    """Give one file to a parser; the fault that came out, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        began = time.process_time()
        try:
            told.accepted += parse(parser, path)
        except Exception as error:  # whatever it is, it is a fault
            return _signature(error)
        finally:
            told.tried += 1
            told.slowest = max(told.slowest, time.process_time() - began)
    return ""


def _signature(error: Exception) -> str:
    """Say what a fault is and where in blocs it came out, so that it is told once."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/blocs/" in f.filename]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "tests"
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__} at {where}: {lines[0][:120]}"


def _keep(name: str, ending: str, data: bytes) -> str:
    (SEEDS / name).mkdir(parents=True, exist_ok=True)
    file = SEEDS / name / f"{FAULT}{hashlib.sha256(data).hexdigest()[:12]}{ending}"
    file.write_bytes(data)
    return str(file.relative_to(SEEDS))


def main() -> None:
    """Go round the parsers until the time is used."""
    known = parsers()
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="PARSER", help=", ".join(known))
    options.add_argument("--seconds", type=float, default=540.0, help="CPU seconds in all")
    options.add_argument("--seed", type=int, default=None, help="by default another each time")
    given_ = options.parse_args()
    number = given_.seed if given_.seed is not None else random.SystemRandom().randrange(1 << 30)
    names = given_.names or list(known)
    if unknown := [name for name in names if name not in known]:
        options.error(f"no parser {unknown[0]!r}; there are {', '.join(known)}")
    told = {name: Told() for name in names}
    used: Counter[str] = Counter()
    began = _cpu()
    while _cpu() - began < given_.seconds:
        name = min(names, key=lambda one: used[one])
        before = _cpu()
        number += 1
        attack(name, known[name], told[name], examples=60, number=number)
        used[name] += _cpu() - before
    for name in names:
        print(json.dumps({"parser": name, "seconds": round(used[name], 1), **vars(told[name])}))
    raise SystemExit(any(one.faults for one in told.values()))


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    main()
