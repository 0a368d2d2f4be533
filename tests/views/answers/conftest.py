"""Running commands as a user does, and tiny files in publishers' formats."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from blocs.views.cli import main

VOTES = """rcid,ccode,vote,date,member,me
1,2,1,1991-10-01,1,1
1,365,3,1991-10-01,1,1
1,710,8,1991-10-01,1,1
2,2,1,1992-11-02,1,0
2,365,1,1992-11-02,1,0
2,710,7,1992-11-02,1,0
2,2xx,1,1992-11-02,1,0
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command line inside this process."""

    def _run(*words: object) -> Ran:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        shown = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, shown.out, shown.err)

    return _run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Folder of the project that commands use by default."""
    return tmp_path / "home-project"


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """Three states, two roll calls, one bad vote, one bad code."""
    path = tmp_path / "UNVotes.csv"
    path.write_text(VOTES, "utf-8")
    return path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A publisher on this machine: its folder and its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
