"""Fetches a publisher's file: resumes, verifies, and never leaves half of it behind.

The bytes go into ``NAME.part`` beside the final name and are moved there once
they are complete and what was promised. A download that broke off is taken up
where it stopped, as long as the server says that the file has not changed.
"""

from __future__ import annotations

import errno
import http.client
import os
import re
import shutil
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO, TypeAlias
from urllib.parse import urlsplit

from blocs.contracts import Download
from blocs.errors import BadFile, DownloadError, StorageError
from blocs.files import locked, sha256

Watch: TypeAlias = Callable[[int, int | None], None]

_CHUNK = 1 << 16
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAGE = re.compile(rb"^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a server and how often to come back.

    Attributes
    ----------
    tries : int
        Attempts in all, at least 1.
    pause : float
        Seconds before the second attempt; doubled for each further one.
    timeout : float
        Seconds without a byte after which an attempt is given up.
    """

    tries: int = 5
    pause: float = 1.0
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is complete and verified.

    Attributes
    ----------
    path : Path
        Where it lies.
    sha256 : str
        Its checksum, hexadecimal.
    size : int
        Bytes.
    fresh : bool
        Whether bytes were fetched; false if it was already there.
    """

    path: Path
    sha256: str
    size: int
    fresh: bool


def fetch(
    download: Download,
    folder: Path,
    *,
    recorded: str = "",
    renew: bool = False,
    watch: Watch | None = None,
    patience: Patience = Patience(),
) -> Fetched:
    """Bring one file of a publisher into a folder, or find it there.

    Parameters
    ----------
    download : Download
        What to fetch; its ``sha256`` wins over `recorded`.
    folder : Path
        Where to keep it; made if missing.
    recorded : str
        The checksum seen when it was first fetched; empty if it never was.
    renew : bool
        Fetch it even if it is there; the old one stays until the new one is whole.
    watch : callable, optional
        Called with the bytes so far and the size in all (None = not told).
    patience : Patience
        Retries, pauses, timeout.

    Raises
    ------
    DownloadError
        If the server does not give the file promised: an error, a web page,
        another length, another checksum, an address that is not http(s).
    StorageError
        If the disk is full or the folder cannot be written.

    Notes
    -----
    A body without a declared length that ends early cannot be told from a whole
    one here; the checksum of the next time, or the reader, tells.
    """
    expected = (download.sha256 or recorded).lower()
    name = _plain(download.file)
    _scheme(download.url)
    with locked(folder / f".{name}.lock"):
        final = folder / name
        if not renew and final.is_file() and (here := _found(final, expected)):
            return here
        part = _Part(folder / f"{name}.part")
        _try_often(download.url, part, watch or _unwatched, patience)
        _refuse_page(part.path, name, download.url)
        digest = sha256(part.path)
        if expected and digest != expected:
            part.discard()
            raise DownloadError(_changed(download, digest, expected))
        _place(part, final)
        return Fetched(final, digest, final.stat().st_size, fresh=True)


def unpacked(path: Path) -> Path:
    """Unpack a zip archive of several files into a folder beside it.

    Returns
    -------
    Path
        The folder; `path` itself if it is no archive or holds one file, which
        readers open as it is.

    Raises
    ------
    BadFile
        If the archive is damaged.
    StorageError
        If the disk has no room for it.
    """
    if not zipfile.is_zipfile(path):
        return path
    folder = path.with_name(f"{path.stem}.unpacked")
    with locked(folder.with_name(f".{folder.name}.lock")), _archive(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) == 1:
            return path
        _room(folder.parent, sum(m.file_size for m in members))
        for left in folder.parent.glob(f".{folder.name}.*/"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            archive.extractall(fresh)  # drops drives, roots and ".." of member names
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(fresh, folder)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise BadFile(f"{path}: the zip archive is damaged ({error}); fetch it again") from None
        except OSError as error:
            raise _disk(folder, error) from None
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


class _Passing(Exception):
    """An attempt failed in a way that may pass: try again."""


class _Restart(_Passing):
    """What is there cannot be continued: try again from the first byte, at once."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A download under way: its bytes, and beside them what the server called them."""

    path: Path

    @property
    def tag_path(self) -> Path:
        return self.path.with_name(self.path.name + ".tag")

    def offset(self) -> int:
        """Bytes that can be continued: none without a mark that tells a change."""
        if self.path.is_file() and self.tag():
            return self.path.stat().st_size
        return 0

    def tag(self) -> str:
        return self.tag_path.read_text("latin-1") if self.tag_path.is_file() else ""

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.tag_path.unlink(missing_ok=True)


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never out of https and never to files."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme.lower()
        if new != old and (old, new) != ("http", "https"):
            raise DownloadError(
                f"{req.full_url} leads to {newurl}, out of {old}; this is not followed. "
                "Fetch the file by hand from the publisher's page"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _try_often(url: str, part: _Part, watch: Watch, patience: Patience) -> None:
    pause, last = patience.pause, ""
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(pause)
            pause *= 2
        try:
            try:
                return _attempt(url, part, watch, patience.timeout)
            except _Restart:
                part.discard()
                return _attempt(url, part, watch, patience.timeout)
        except _Passing as error:
            last = str(error)
        except OSError as error:
            if isinstance(error, StorageError):
                raise
            last = _reason(error)
    kept = part.offset()
    raise DownloadError(
        f"{url}: {last}, {patience.tries} times"
        + (f"; {kept:,} bytes are kept and the next try goes on from there" if kept else "")
        + ". Try again later"
    )


def _attempt(url: str, part: _Part, watch: Watch, timeout: float) -> None:
    offset, tag = part.offset(), part.tag()
    headers = {"User-Agent": _agent(), "Accept-Encoding": "identity", "Accept": "*/*"}
    if offset:
        headers |= {"Range": f"bytes={offset}-", "If-Range": tag}
    opener = urllib.request.build_opener(_SameScheme)
    try:
        response = opener.open(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        raise _status(url, error) from None
    except http.client.HTTPException as error:
        raise _Passing(_reason(error)) from None
    with response:
        _no_page_type(response.headers, url)
        start = _starts_at(response, offset, tag)
        if not start:
            part.discard()
            _tag(part, response.headers)
        _receive(response, part, start, watch)


def _receive(response: http.client.HTTPResponse, part: _Part, start: int, watch: Watch) -> None:
    declared = _length(response.headers)
    total = None if declared is None else start + declared
    if declared is not None:
        response.length = None  # read to the end, so that a body that is too long shows
    done = start
    with _opened(part.path, "a" if start else "w") as stream:
        watch(done, total)
        while data := _more(response, whole=done == total):
            _store(stream, data, part.path)
            done += len(data)
            watch(done, total)
            if total is not None and done > total:
                break
        _settle(stream, part.path)
    if total is not None and done > total:
        part.discard()
        raise DownloadError(
            f"{response.url}: the server announced {total:,} bytes and sent more; "
            "fetch the file by hand from the publisher's page"
        )
    if total is not None and done < total:
        raise _Passing(f"the connection broke off after {done:,} of {total:,} bytes")
    if done == 0:
        raise _Passing("the server sent an empty file")


def _more(response: http.client.HTTPResponse, *, whole: bool) -> bytes:
    try:
        return response.read1(_CHUNK)
    except TimeoutError:
        if whole:  # all announced bytes are there; the server only forgot to hang up
            return b""
        raise
    except http.client.HTTPException as error:
        raise _Passing(f"the connection broke off ({_reason(error)})") from None


def _starts_at(response: http.client.HTTPResponse, offset: int, tag: str) -> int:
    """Byte at which the body starts; raises if it does not continue what is there."""
    if not offset or response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0
    told = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    mark = _mark(response.headers)
    if told is None or int(told[1]) != offset or (mark and mark != tag):
        raise _Restart("the file changed on the server")
    return offset


def _status(url: str, error: urllib.error.HTTPError) -> Exception:
    if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return _Restart("the server cannot continue the download")
    if error.code in _PASSING:
        return _Passing(f"the server answered {error.code} {error.reason}")
    what = "is not there" if error.code in {404, 410} else "is refused"
    return DownloadError(f"{url} {what} (the server answered {error.code} {error.reason})")


def _no_page_type(headers: http.client.HTTPMessage, url: str) -> None:
    if headers.get_content_type() in {"text/html", "application/xhtml+xml"}:
        raise DownloadError(_page(url))


def _refuse_page(path: Path, name: str, url: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(4096).removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(head) and not name.lower().endswith((".html", ".htm")):
        _Part(path).discard()
        raise DownloadError(_page(url))


def _page(url: str) -> str:
    return (
        f"{url} gave a web page, not the data file: the publisher may ask for a form or a "
        "login first, or have moved it"
    )


def _changed(download: Download, digest: str, expected: str) -> str:
    when = "its known checksum" if download.sha256 else "the checksum recorded at its first use"
    return (
        f"{download.url}: the file has SHA-256 {digest[:16]}... and {when} is {expected[:16]}...; "
        "it was damaged on the way or the publisher changed it. Nothing was changed here"
    )


def _found(path: Path, expected: str) -> Fetched | None:
    digest = sha256(path)
    if expected and digest != expected:
        return None
    return Fetched(path, digest, path.stat().st_size, fresh=False)


def _place(part: _Part, final: Path) -> None:
    try:
        os.replace(part.path, final)
        part.tag_path.unlink(missing_ok=True)
    except OSError as error:
        raise _disk(final, error) from None


def _tag(part: _Part, headers: http.client.HTTPMessage) -> None:
    try:
        part.tag_path.write_text(_mark(headers), "latin-1")
    except OSError as error:
        raise _disk(part.path, error) from None


def _mark(headers: http.client.HTTPMessage) -> str:
    """What tells one state of the file from another: a strong ETag, else its date."""
    tag = " ".join(str(headers.get("ETag", "")).split())
    mark = tag if tag and not tag.startswith("W/") else str(headers.get("Last-Modified", ""))
    return mark if mark.isascii() and mark.isprintable() else ""


def _length(headers: http.client.HTTPMessage) -> int | None:
    text = str(headers.get("Content-Length", "")).strip()
    chunked = "chunked" in str(headers.get("Transfer-Encoding", "")).lower()
    return int(text) if text.isdigit() and not chunked else None


def _opened(path: Path, mode: str) -> FileIO:
    try:
        return FileIO(path, mode)  # unbuffered: a full disk shows at the write, not at the end
    except OSError as error:
        raise _disk(path, error) from None


def _store(stream: FileIO, data: bytes, path: Path) -> None:
    left = memoryview(data)
    try:
        while left:
            left = left[stream.write(left) :]
    except OSError as error:
        raise _disk(path, error) from None


def _settle(stream: FileIO, path: Path) -> None:
    try:
        os.fsync(stream.fileno())
    except OSError as error:
        raise _disk(path, error) from None


def _disk(path: Path, error: OSError) -> StorageError:
    if error.errno == errno.ENOSPC:
        return StorageError(f"{path.parent}: the disk is full; free some space and try again")
    return StorageError(f"{path}: cannot be written ({error.strerror or error})")


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StorageError(
            f"{folder}: unpacking needs {needed:,} bytes and the disk has {free:,} left"
        )


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BadFile(f"{path}: the zip archive is damaged ({error}); fetch it again") from None


def _scheme(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DownloadError(f"{url!r} is no http or https address; downloads come from those only")


def _plain(name: str) -> str:
    if name in {"", ".", ".."} or Path(name).name != name or "\\" in name:
        raise DownloadError(f"{name!r} is no file name; a download is kept under a plain name")
    return name


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "the server did not answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return str(cause.strerror).lower()
    return str(cause) or type(error).__name__


def _agent() -> str:
    from blocs import __version__

    return f"blocs/{__version__}"


def _unwatched(done: int, total: int | None) -> None:
    """Watch nothing."""
