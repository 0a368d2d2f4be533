"""Every parser of what a user or a stranger hands to blocs, under one contract.

A parser is given a file (for the explorer: an address) and answers, or refuses in one line of
a `BlocsError`; nothing else may come out of it, whatever the bytes are.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blocs.contracts import TABLES, Evidence
from blocs.errors import BlocsError
from blocs.registry import DATASETS

SEEDS = Path(__file__).parent / "seeds"
"""A folder a parser: files to begin from, and those that once brought it down."""
DATA = Path(__file__).resolve().parents[1] / "data" / "datasets"


@dataclass(frozen=True)
class Parser:
    """One parser: files that are in order, and what reads one."""

    bases: Mapping[str, bytes]
    read: Callable[[Path], object]


def parse(parser: Parser, path: Path) -> bool:
    """Read a file; whether it was accepted."""
    try:
        parser.read(path)
    except BlocsError as error:
        said = str(error).strip()
    else:
        return True
    assert said, "an error without words"
    assert "\n" not in said, "an error of several lines"
    return False


def parsers() -> dict[str, Parser]:
    """Name every parser, each with the seeds that are kept for it."""
    every = _DOCUMENTS | {f"dataset-{name}": _dataset(name) for name in DATASETS.names()}
    return {
        name: Parser({**parser.bases, **seeds(name)}, parser.read) for name, parser in every.items()
    }


def seeds(name: str) -> dict[str, bytes]:
    """Return the seeds kept for a parser."""
    return {p.name: p.read_bytes() for p in sorted((SEEDS / name).glob("*"))}


ARTICLE = b"""Seoul said on Friday, 18 October 2024, that Pyongyang sent up to 12,000 soldiers
to Russia. "We will not stand by," President Zelensky told reporters in Kyiv. Minsk protested.
China's exports of $1.2 billion to Iran fell by 3.5% between 2021 and 2023 (Reuters).
"""
PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Troops</title>
<meta property="article:published_time" content="2024-10-18T09:00:00Z"><style>p{}</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Troops</h1><p>Seoul said on Friday that
Pyongyang sent <b>10,000</b> soldiers to Russia&nbsp;&mdash; &quot;a red line&quot;.</p>
<ul><li>Minsk protested.</li></ul><table><tr><td>Iran<td>Tehran denied it.</table>
<script>var a = "<p>Russia attacked Ukraine.</p>"</script></article></body></html>
"""
VOTES = b"""rcid,ccode,vote,date,member,me,nu,di,hr,co,ec,descr,session
1,2,1,1991-10-01,1,0,0,0,0,0,0,Question 1,46
1,365,3,1991-10-01,1,0,0,0,0,0,0,Question 1,46
2,710,2,1991-11-05,1,1,0,0,1,0,0,"Question, 2",46
2,200,8,1991-11-05,1,1,0,0,1,0,0,"Question, 2",46
"""
ACTORS = b"""; people and places
RUSSIA_ [RUS]
+RUSSIAN_FEDERATION
KIM_JONG_UN [PRKGOV 20111217-20251231] [PRKELI <20111217]
+SUPREME_LEADER ; comment
<!-- not
this -->
GONDOR [GON >20100101]
"""
VERBS = b"""--- ATTACK [190] ---
BOMB [195] ; pilots
- * NEAR + [190]
- {AIR DROP} * $ [0233]
&SOLDIER
+TROOPS
+TROOP_
"""
EVENTS = b"""date,sender,receiver,code
2018-01-05,USA,CHN,036
2018-02-06,CHN,USA,112
2018-02-07,RUS,UKR,190
"""
QUADRUPLES = b"""0\t3\t1\t0
1\t2\t0\t24
3\t1\t2\t48
"""
PAIRS = b"""a,b,sign,weight,window
USA,RUS,-1,0.5,1950
USA,GBR,1,1.0,1950
RUS,CHN,1,NA,1951
"""
CORRECTIONS = json.dumps(
    {
        "schema": "blocs.corrections/1",
        "corrections": [
            {
                "article": "a" * 64,
                "kind": "event",
                "start": 0,
                "end": 5,
                "quote": "Seoul",
                "verdict": "reject",
                "fields": {"type": "AID", "low": 1.5, "date": None},
                "by": "me",
                "note": None,
            }
        ],
    }
).encode()
MANIFEST = b"""{"format": 2, "sources": [{"source_id": "a", "dataset": "unga", "version": "1",
"file": "a.csv", "sha256": "aa", "added": "2024-01-01", "rows": 1, "rejected": 0,
"tables": {"spells": "tables/spells-a.parquet"}}], "checksums": {}, "articles": [],
"corrections": "", "run": 3}"""
LOG = b"""{"number":1,"started":"2024-06-04T12:00:00+00:00","command":"data add",\
"params":{},"inputs":[],"version":"0","status":"begun","why":""}
{"number":1,"status":"done","why":""}
"""
ADDRESSES = {
    "group": b"/group?members=CHN,RUS,IRN,PRK&from=2022&to=2024&reference=USA&seed=0",
    "dyad": b"/dyad.json?a=CHN&b=RUS&layer=alliances&from=1950&to=2024",
    "state": b"/state?name=Russia&at=1990-05-01&from=1990&to=1991",
    "year": b"/year?year=1914",
    "ledger": b"/ledger?kind=event&actor=PRK&certainty=asserted&page=2&q=troops",
    "facts": b"/facts.csv?about=PRK",
    "outlook": b"/outlook?act=weapons&conflict=UKR&state=PRK&before=2024",
    "data": b"/data",
    "almanac": b"/almanac?table=wars&q=Korea&page=1",
    "method": b"/method.json",
    "home": b"/?q=%E5%8C%97%E6%9C%9D%E9%B2%9C+axis",
}


def _article(path: Path) -> object:
    from blocs.evidence.readings import read

    found = read(path)
    for item in found.items:
        (article,) = (a for a in found.articles if a.sha256 == item.article)
        assert article.text[item.start : item.end] == item.quote, "the words stand elsewhere"
    return found


def _scenario(path: Path) -> object:
    from blocs.outlook.simulation.scenario_file import read_scenario

    return read_scenario(path)


def _statements(path: Path) -> object:
    from blocs.outlook.statements import read_statements

    return read_statements(path)


def _actors(path: Path) -> object:
    from blocs.evidence.reading.petrarch import open_dictionaries

    return open_dictionaries(path)


def _verbs(path: Path) -> object:
    from blocs.evidence.reading.petrarch import open_dictionaries

    actors = path.with_name("actors")
    actors.write_bytes(ACTORS)
    return open_dictionaries(actors, verbs=path, agents=path)


def _corrections(path: Path) -> object:
    from blocs.evidence.ledger.corrections import read_file

    return read_file(path)


def _edges(path: Path) -> object:
    from blocs.evidence.edge_list import read_edge_list

    return read_edge_list(path)


def _quadruples(path: Path) -> object:
    from blocs.evidence.quadruples import is_quadruples, read_quadruples

    is_quadruples(path)
    return read_quadruples(path)


def _events(path: Path) -> object:
    from blocs.ties.event_sums.whole import sum_files

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        return sum_files(
            [path],
            period="month",
            by="root",
            engine_name="duckdb",
            memory="256MB",
            folder=Path(folder),
            watch=lambda *_: None,
        )


def _manifest(path: Path) -> object:
    from blocs.manifest import MANIFEST as NAME
    from blocs.manifest import read_manifest

    path.with_name(NAME).write_bytes(path.read_bytes())
    return read_manifest(path.parent)


def _runs(path: Path) -> object:
    from blocs.runs import LOG as NAME
    from blocs.runs import runs

    path.with_name(NAME).write_bytes(path.read_bytes())
    return runs(path.parent)


@cache
def _explorer(home: Path) -> object:
    from blocs.views.web import application

    return application(Evidence(project=home))


def _address(path: Path) -> object:
    """Ask the explorer as a browser does: past the router of the client, byte by byte."""
    raw = path.read_bytes().replace(b"\n", b" ")
    where, _, query = raw.partition(b"?")
    said: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": where.decode("utf-8", "replace") or "/",
        "raw_path": where,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(_explorer(path.parent / "none")(scope, receive, send))  # type: ignore[operator]
    status = said[0]["status"]
    assert status in {200, 400, 404, 405, 503}, f"status {status}"
    return status


def _dataset(name: str) -> Parser:
    folder = DATA / name.replace("-", "_")
    files = {p.name: p.read_bytes() for p in sorted(folder.glob("*"))} if folder.is_dir() else {}
    return Parser(files or {"votes.csv": VOTES}, _read_dataset)


def _read_dataset(path: Path) -> object:
    from blocs.evidence.intake import read_source, recognise

    found, _ = recognise([path])
    for one in found:
        facts = read_source(one)
        for table, schema in TABLES.items():
            assert schema.is_valid(getattr(facts, table)), f"{table} is not what it promises"
    return found


_DOCUMENTS: dict[str, Parser] = {
    "article": Parser({"paper.txt": ARTICLE}, _article),
    "html": Parser({"paper.html": PAGE}, _article),
    "scenario": Parser({}, _scenario),
    "statements": Parser({}, _statements),
    "actors": Parser({"actors.txt": ACTORS}, _actors),
    "verbs": Parser({"verbs.txt": VERBS}, _verbs),
    "corrections": Parser({"c.json": CORRECTIONS}, _corrections),
    "edges": Parser({"edges.csv": PAIRS}, _edges),
    "quadruples": Parser({"q.txt": QUADRUPLES}, _quadruples),
    "events": Parser({"e.csv": EVENTS}, _events),
    "manifest": Parser({"m": MANIFEST}, _manifest),
    "runs": Parser({"r": LOG}, _runs),
    "packed": Parser({"votes.csv.gz": gzip.compress(VOTES, mtime=0)}, _read_dataset),
    "address": Parser(ADDRESSES, _address),
}
