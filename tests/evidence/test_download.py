"""Downloads from a server on this machine that misbehaves in every way we know of."""

from __future__ import annotations

import errno
import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blocs.contracts import Download
from blocs.errors import BadFile, DownloadError, StorageError
from blocs.evidence import download as module
from blocs.evidence.download import Patience, fetch, unpacked

BODY = bytes(range(256)) * 2000
DIGEST = hashlib.sha256(BODY).hexdigest()
QUICK = Patience(tries=3, pause=0.001, timeout=5.0)


@dataclass
class Behaviour:
    """What the server does; ``seen`` keeps the Range header of each request."""

    body: bytes = BODY
    etag: str = '"one"'
    break_after: int = 0
    breaks: int = 0
    add_to_length: int = 0
    trailing: bytes = b""
    kind: str = "text/csv"
    ranges: bool = True
    wrong_range: bool = False
    statuses: list[int] = field(default_factory=list)
    wait: float = 0.0
    chunked: bool = False
    redirect: str = ""
    no_length: bool = False
    seen: list[str | None] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        how: Behaviour = self.server.how  # type: ignore[attr-defined]
        asked = self.headers.get("Range")
        how.seen.append(asked)
        status = how.statuses.pop(0) if how.statuses else 200
        if how.redirect:
            return self._head(302, {"Location": how.redirect, "Content-Length": "0"})
        if status != 200:
            return self._head(status, {"Content-Length": "0"})
        body, headers = how.body, {"Content-Type": how.kind}
        if how.etag:
            headers["ETag"] = how.etag
        if asked and how.ranges and self.headers.get("If-Range") == how.etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            status, body = 206, how.body[start:]
            shown = 0 if how.wrong_range else start
            headers["Content-Range"] = f"bytes {shown}-{len(how.body) - 1}/{len(how.body)}"
        if how.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif not how.no_length:
            headers["Content-Length"] = str(len(body) + how.add_to_length)
        self._head(status, headers)
        self._send(how, body)
        return None

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, how: Behaviour, body: bytes) -> None:
        time.sleep(how.wait)
        if how.breaks:
            how.breaks -= 1
            body = body[: how.break_after]
        if how.chunked:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
            if len(body) == len(how.body):
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body + how.trailing)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def how() -> Behaviour:
    return Behaviour()


@pytest.fixture
def url(how: Behaviour) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.how = how  # type: ignore[attr-defined]
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/file.csv"
    server.shutdown()
    thread.join()
    server.server_close()


def get(url: str, folder: Path, **options: object) -> module.Fetched:
    known = str(options.pop("sha256", ""))
    wanted = Download(url=url, file="file.csv", sha256=known)
    return fetch(wanted, folder, **{"patience": QUICK} | options)  # type: ignore[arg-type]


def files(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if not p.name.startswith(".")}


def test_a_plain_download_is_whole_and_verified(url: str, tmp_path: Path) -> None:
    watched: list[tuple[int, int | None]] = []
    got = get(url, tmp_path, sha256=DIGEST, watch=lambda *args: watched.append(args))
    assert got == module.Fetched(tmp_path / "file.csv", DIGEST, len(BODY), fresh=True)
    assert got.path.read_bytes() == BODY
    assert watched[0] == (0, len(BODY))
    assert watched[-1] == (len(BODY), len(BODY))
    assert files(tmp_path) == {"file.csv"}


def test_a_file_already_there_is_not_fetched_again(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    get(url, tmp_path)
    assert not get(url, tmp_path, recorded=DIGEST).fresh
    assert len(how.seen) == 1


def test_a_damaged_file_is_fetched_again(url: str, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(b"damaged")
    assert get(url, tmp_path, recorded=DIGEST).fresh
    assert (tmp_path / "file.csv").read_bytes() == BODY


def test_it_resumes_where_the_connection_broke(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.breaks, how.break_after = 2, 100_000
    assert get(url, tmp_path).sha256 == DIGEST
    assert how.seen == [None, "bytes=100000-", "bytes=200000-"]


def test_it_resumes_in_a_later_run(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.breaks, how.break_after = 1, 100_000
    with pytest.raises(DownloadError, match=r"100,000 bytes are kept and the next try goes on"):
        get(url, tmp_path, patience=Patience(tries=1))
    assert files(tmp_path) == {"file.csv.part", "file.csv.part.tag"}
    assert get(url, tmp_path).sha256 == DIGEST
    assert how.seen[-1] == "bytes=100000-"


def test_a_file_changed_between_runs_is_fetched_from_the_start(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    how.breaks, how.break_after = 1, 100_000
    with pytest.raises(DownloadError):
        get(url, tmp_path, patience=Patience(tries=1))
    how.body, how.etag = BODY[::-1], '"two"'
    assert get(url, tmp_path).path.read_bytes() == BODY[::-1]


def test_a_changed_mark_in_a_partial_answer_starts_anew(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    (tmp_path / "file.csv.part").write_bytes(b"x" * 1000)
    (tmp_path / "file.csv.part.tag").write_text('"one"')
    how.wrong_range = True
    assert get(url, tmp_path).sha256 == DIGEST
    assert how.seen == ["bytes=1000-", None]


def test_a_server_that_ignores_range_is_read_from_the_start(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    how.breaks, how.break_after, how.ranges = 1, 100_000, False
    assert get(url, tmp_path).sha256 == DIGEST


def test_without_a_mark_nothing_is_continued(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.breaks, how.break_after, how.etag = 1, 100_000, ""
    assert get(url, tmp_path).sha256 == DIGEST
    assert how.seen == [None, None]


def test_a_range_that_cannot_be_had_starts_anew(url: str, how: Behaviour, tmp_path: Path) -> None:
    (tmp_path / "file.csv.part").write_bytes(b"x" * 1000)
    (tmp_path / "file.csv.part.tag").write_text('"one"')
    how.statuses = [416]
    assert get(url, tmp_path).sha256 == DIGEST


def test_a_body_that_is_too_short_is_an_error(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.add_to_length, how.etag = 10, ""
    with pytest.raises(DownloadError, match=r"broke off after 512,000 of 512,010 bytes"):
        get(url, tmp_path)
    assert "file.csv" not in files(tmp_path)


def test_a_body_that_is_too_long_is_an_error(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.trailing = b"more than was promised"
    with pytest.raises(DownloadError, match=r"announced 512,000 bytes and sent more"):
        get(url, tmp_path)
    assert files(tmp_path) == set()


def test_a_chunked_body_is_read_and_a_cut_one_noticed(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    how.chunked, how.etag = True, ""
    assert get(url, tmp_path).sha256 == DIGEST
    how.breaks, how.break_after = 3, 1000
    with pytest.raises(DownloadError, match="broke off"):
        get(url, tmp_path, recorded="0" * 64)


def test_a_body_without_a_length_is_read_to_its_end(
    url: str, how: Behaviour, tmp_path: Path
) -> None:
    how.no_length = True
    assert get(url, tmp_path).sha256 == DIGEST


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=utf-8", BODY),
        ("text/csv", b"<!DOCTYPE html><title>Log in</title>"),
        ("application/octet-stream", b"\xef\xbb\xbf\r\n <HTML><body>Not found</body></html>"),
        ("text/plain", b"<!-- a remark --> <html lang=en>"),
    ],
)
def test_a_web_page_is_not_data(
    url: str, how: Behaviour, tmp_path: Path, kind: str, body: bytes
) -> None:
    how.kind, how.body = kind, body
    with pytest.raises(DownloadError, match="gave a web page, not the data file"):
        get(url, tmp_path)
    assert "file.csv" not in files(tmp_path)


def test_errors_that_pass_are_tried_again(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.statuses = [500, 503]
    assert get(url, tmp_path).sha256 == DIGEST


def test_errors_that_stay_are_told(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.statuses = [500] * 3
    with pytest.raises(DownloadError, match=r"answered 500 .*3 times.*Try again later"):
        get(url, tmp_path)
    how.statuses = [404]
    with pytest.raises(DownloadError, match=r"is not there \(the server answered 404"):
        get(url, tmp_path)
    how.statuses = [403]
    with pytest.raises(DownloadError, match="is refused"):
        get(url, tmp_path)
    assert len(how.seen) == 5


def test_an_empty_file_is_an_error(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.body = b""
    with pytest.raises(DownloadError, match="empty file"):
        get(url, tmp_path)


def test_a_slow_server_is_given_up_in_time(url: str, how: Behaviour, tmp_path: Path) -> None:
    how.wait = 0.6
    with pytest.raises(DownloadError, match="did not answer in time"):
        get(url, tmp_path, patience=Patience(tries=1, timeout=0.2))


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="connection refused"):
        get("http://127.0.0.1:9/file.csv", tmp_path)


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://127.0.0.1/x"])
def test_redirects_to_another_scheme_are_refused(
    url: str, how: Behaviour, tmp_path: Path, target: str
) -> None:
    how.redirect = target
    with pytest.raises(DownloadError, match=r"is not followed|is not allowed"):
        get(url, tmp_path)


def test_redirects_never_leave_https() -> None:
    import http.client
    from urllib.request import Request

    follow = module._SameScheme().redirect_request
    none = (io.BytesIO(), 302, "Found", http.client.HTTPMessage())
    with pytest.raises(DownloadError, match="out of https; this is not followed"):
        follow(Request("https://a.org/x"), *none, "http://a.org/x")
    safer = follow(Request("http://a.org/x"), *none, "https://a.org/x")
    assert safer is not None


@pytest.mark.parametrize("bad", ["file:///etc/hosts", "ftp://x.org/a", "data.csv", "http://"])
def test_only_http_addresses_are_fetched(tmp_path: Path, bad: str) -> None:
    with pytest.raises(DownloadError, match="no http or https address"):
        get(bad, tmp_path)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "..", "a\\b"])
def test_a_file_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(DownloadError, match="is no file name"):
        fetch(Download(url="http://127.0.0.1/x", file=name), tmp_path)


def test_another_checksum_is_refused_and_nothing_placed(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="its known checksum is 00000000"):
        get(url, tmp_path, sha256="0" * 64)
    with pytest.raises(DownloadError, match="recorded at its first use"):
        get(url, tmp_path, recorded="0" * 64)
    assert files(tmp_path) == set()


def test_a_full_disk_is_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.FileIO):
        def write(self, data: object, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "FileIO", Full)
    with pytest.raises(StorageError, match="the disk is full"):
        get(url, tmp_path)
    assert "file.csv" not in files(tmp_path)


def test_a_read_only_folder_is_told(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, mode: str) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(module, "FileIO", refuse)
    with pytest.raises(StorageError, match="cannot be written"):
        get(url, tmp_path)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_an_archive_of_several_files_is_unpacked_inside_its_folder(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip",
        {"one.csv": b"a,b\n1,2\n", "sub/two.csv": b"c\n", "../../out.csv": b"bad"},
    )
    folder = unpacked(path)
    inside = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert inside == ["one.csv", "out.csv", "sub/two.csv"]
    assert unpacked(path) == folder
    assert not (tmp_path.parent / "out.csv").exists()


def test_other_files_stay_as_they_are(tmp_path: Path) -> None:
    single = zipped(tmp_path / "one.zip", {"one.csv": b"a\n"})
    assert unpacked(single) == single
    plain = tmp_path / "x.csv"
    plain.write_bytes(BODY)
    assert unpacked(plain) == plain


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"one.csv": b"a,b\n" * 99, "two.csv": b"c\n"})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadFile, match="damaged"):
        unpacked(path)
    assert not list(tmp_path.glob("*.unpacked"))
