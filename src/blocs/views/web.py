"""The explorer's server: local, read-only, every page also as data, every error one shape.

An address is ``/PAGE``, ``/PAGE.json`` or ``/PAGE.csv`` with the page's questions behind
it; it says all there is to say, so that links, history and bookmarks work without any
script. Nothing in an address can name a file, and no page makes a request elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from threading import RLock
from typing import TYPE_CHECKING, Final

from blocs.contracts import Answer, Evidence
from blocs.errors import BadInput, BlocsError, MissingExtra, StorageError, UnknownName
from blocs.evidence.holdings import stamp
from blocs.registry import nearest
from blocs.views.answer_page import Page, write_page
from blocs.views.explorer import (
    almanac,
    code,
    data,
    dyad,
    facts,
    group,
    home,
    ledger,
    method,
    outlook,
    state,
    year,
)
from blocs.views.explorer.pictures import as_png, numbers, picture
from blocs.views.explorer.visit import Screen, Visit
from blocs.views.formats import json_text
from blocs.views.progress import hushed
from blocs.views.templating import inlined, styles

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

SCREENS: Final[Mapping[str, Screen]] = {
    "home": home.SCREEN,
    "group": group.SCREEN,
    "state": state.SCREEN,
    "dyad": dyad.SCREEN,
    "year": year.SCREEN,
    "ledger": ledger.SCREEN,
    "facts": facts.SCREEN,
    "outlook": outlook.SCREEN,
    "data": data.SCREEN,
    "method": method.SCREEN,
    "code": code.SCREEN,
    "almanac": almanac.SCREEN,
}
ENDINGS: Final = {
    "": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_PICTURES: Final = (".svg", ".png")
_LONGEST_QUERY: Final = 4000
_LONGEST_VALUE: Final = 1000
_LONGEST_MESSAGE: Final = 600
_KEPT: Final = 256
_TRIES: Final = 3
"""Times that a page is computed before evidence that keeps changing is told."""
_FIRST: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("home", {}),
    ("year", {}),
    ("outlook", {}),
    ("data", {}),
    ("ledger", {}),
    ("almanac", {}),
    ("method", {}),
    ("state", {"name": "RUS"}),
    ("dyad", {"a": "RUS", "b": "USA"}),
)
"""What readers open first; between them they start the kernels and the drawing engine."""
_WORK = RLock()
"""One answer is computed at a time; the numba kernels do not bear two. A picture needs its page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, its ending and its questions; the key under which the body is kept."""

    page: str
    ending: str
    said: tuple[tuple[str, str], ...]
    evidence: Evidence
    state: object

    def visit(self) -> Visit:
        """Return the same as the pages want it."""
        screen = SCREENS[self.page]
        return Visit(
            page=self.page,
            values=dict(self.said),
            evidence=self.evidence,
            fields=screen.fields,
            csv=screen.csv,
        )


@dataclass(slots=True)
class Once:
    """What is computed when it is first wanted, and kept; a failure is not."""

    make: Callable[[], bytes]
    body: bytes | None = None

    def get(self) -> bytes:
        """Return it; whoever asks meanwhile waits for the first."""
        with _WORK, hushed(True):
            if self.body is None:
                self.body = self.make()
            return self.body


def application(evidence: Evidence, *, hosts: tuple[str, ...] = ()) -> Starlette:
    """Make the explorer as an ASGI application.

    Parameters
    ----------
    evidence : Evidence
        Where the evidence comes from; no address can change it.
    hosts : tuple of str
        Names under which it answers besides those of this machine itself; ``"*"``
        for any. A page elsewhere that has its own name point here is refused.

    Raises
    ------
    MissingExtra
        If starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError:
        raise MissingExtra("the explorer needs starlette; install blocs[web]") from None
    allowed = {"localhost", "127.0.0.1", "::1", *hosts}

    async def endpoint(request: Request) -> Response:
        return await _respond(request, evidence, allowed)

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=methods)])


def warm(evidence: Evidence) -> None:
    """Compute the pages that readers open first, so that the first reader need not wait.

    Parameters
    ----------
    evidence : Evidence
        Where the evidence comes from; a page that it cannot fill is left to its reader.
    """
    for page, said in _FIRST:
        with suppress(BlocsError):
            _once(Asked(page, "", tuple(said.items()), evidence, _state(evidence))).get()


async def _respond(request: Request, evidence: Evidence, allowed: set[str]) -> Response:
    page, ending = _address(request.path_params["path"])
    try:
        _check_text(request)
        if "*" not in allowed and request.url.hostname not in allowed:
            return _failed(page, ending, 400, "BadInput", "this server does not go by that name")
        if request.method not in {"GET", "HEAD"}:
            return _failed(page, ending, 405, "BadInput", "the explorer is read-only; use GET")
        if page not in SCREENS or (
            ending == ".csv" and not SCREENS[page].csv and "figure" not in request.query_params
        ):
            return _failed("", ending, 404, "NotFound", _no_page(page, ending))
        said = _said(SCREENS[page], request, ending)
        body = await _settled(page, ending, said, evidence)
    except BlocsError as error:
        code = 400 if isinstance(error, BadInput) else 503
        return _failed(page, ending, code, type(error).__name__, str(error), request)
    except Exception as error:
        logging.getLogger("uvicorn.error").exception("a fault in blocs")
        kind = f"a fault in blocs ({type(error).__name__}); the server's terminal shows where"
        return _failed(page, ending, 500, "Fault", kind)
    return _sent(body, ending, page=page)


async def _settled(
    page: str, ending: str, said: tuple[tuple[str, str], ...], evidence: Evidence
) -> bytes:
    """Answer from one state of the evidence: anew if it was rewritten meanwhile."""
    from starlette.concurrency import run_in_threadpool

    for _ in range(_TRIES):
        state = _state(evidence)
        once = _once(Asked(page, ending, said, evidence, state))
        if once.body is not None:
            return once.body
        try:  # only what is not yet known leaves the loop that answers everybody
            body = await run_in_threadpool(once.get)
        except BlocsError:
            if _state(evidence) == state:
                raise
            continue
        if _state(evidence) == state:
            return body
    raise StorageError("the evidence is being rewritten; ask again in a moment")


def _check_text(request: Request) -> None:
    try:
        request.scope["query_string"].decode("ascii")
    except UnicodeDecodeError:
        raise BadInput("the address holds bytes that are no text; write them as %XX") from None


def _address(path: str) -> tuple[str, str]:
    """Split an address into its page and its ending; a page that is none stays what it is."""
    for ending in filter(None, ENDINGS):
        if path.endswith(ending):
            return path.removesuffix(ending), ending
    return path or "home", ""


def _no_page(page: str, ending: str) -> str:
    if page in SCREENS:
        return f"/{page} has no table; there are /{page} and /{page}.json"
    short = page[:80]
    return str(UnknownName("page", f"/{short}{ending}", nearest(short, list(SCREENS))))


def _said(screen: Screen, request: Request, ending: str) -> tuple[tuple[str, str], ...]:
    """Check what the address asks: known names, once each, not too long, no control codes."""
    if len(request.url.query) > 3 * _LONGEST_QUERY:
        raise BadInput(f"the address asks too much: at most {_LONGEST_QUERY:,} characters")
    names = [f.name for f in screen.fields]
    names += ["figure"] if ending in {".csv", *_PICTURES} else []
    said: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        text = value.strip()
        if name not in names:
            raise UnknownName("question", name[:80], nearest(name[:80], names), _known(names))
        if name in said:
            raise BadInput(f"{name} is asked twice; give it once")
        if len(text) > _LONGEST_VALUE:
            raise BadInput(f"{name} is too long: at most {_LONGEST_VALUE:,} characters")
        if not text.isprintable():
            raise BadInput(f"{name} holds characters that cannot be shown")
        if text:
            said[name] = text
    return tuple(sorted(said.items()))


def _known(names: list[str]) -> str:
    return f"This page may be asked {', '.join(names)}." if names else "This page is asked nothing."


def _state(evidence: Evidence) -> object:
    """What the answers depend on: the state of the project and the files named with --data."""
    return stamp(data=evidence.data, project=evidence.project)


@lru_cache(maxsize=_KEPT)
def _once(asked: Asked) -> Once:
    return Once(lambda: _body(asked))


def _body(asked: Asked) -> bytes:
    said = tuple(pair for pair in asked.said if pair[0] != "figure")
    answer = _answer(asked.page, said, asked.evidence, asked.state)
    figure = dict(asked.said).get("figure")
    if (figure or asked.ending in _PICTURES) and answer.page is not None:
        html = _once(replace(asked, ending="", said=said)).get().decode()
        if asked.ending == ".csv":
            return numbers(html, figure or "").encode()
        drawn = picture(html, figure)
        return as_png(drawn) if asked.ending == ".png" else drawn.encode()
    if asked.ending == ".json":
        return json_text(answer.facts).encode()
    if asked.ending == ".csv":
        if answer.table is None:
            raise BadInput("this page has no table; use .json")
        return answer.table.write_csv().encode()
    if answer.page is None:
        raise BadInput("this page is data only; use .json")
    return answer.page().encode()


@lru_cache(maxsize=_KEPT // 4)
def _answer(
    page: str, said: tuple[tuple[str, str], ...], evidence: Evidence, state: object
) -> Answer:
    return SCREENS[page].show(Asked(page, "", said, evidence, state).visit())


def _failed(
    page: str, ending: str, code: int, kind: str, message: str, request: Request | None = None
) -> Response:
    """Tell an error in one line: a page to a reader, one JSON shape to a program."""
    line = " ".join(message.split())
    line = line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"
    if ending:
        body = json_text({"error": {"kind": kind, "message": line}}).encode()
        return _sent(body, ".json", code=code)
    screen = SCREENS.get(page)
    names = {f.name for f in screen.fields} if screen else set()
    typed = request.query_params.items() if request is not None else ()
    visit = Visit(
        page=page if screen else "home",
        values={k: v[:_LONGEST_VALUE] for k, v in typed if k in names},
        fields=screen.fields if screen else (),
    )
    made = Page(
        title="Not found" if code == 404 else "Not answered",
        question="This page could not be answered.",
        headline=line,
        sentences=("Change what is asked above, or search for a state or a group.",),
        sections=(),
        sources=(),
        command="",
    )
    return _sent(write_page(made, visit).encode(), "", code=code)


def _sent(body: bytes, ending: str, *, code: int = 200, page: str = "") -> Response:
    from starlette.responses import Response

    headers = {
        "Content-Security-Policy": f"default-src 'none'; {'' if ending else _allowed(page)}"
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }
    if ending in {".csv", *_PICTURES}:
        headers["Content-Disposition"] = f'attachment; filename="blocs-{page}{ending}"'
    return Response(body, status_code=code, headers=headers, media_type=ENDINGS[ending])


@cache
def _allowed(page: str) -> str:
    """Say which styles and scripts a page holds, by their digests; it may hold no other."""
    looks, scripts = [styles(explorer=True)[1]], []
    if page in SCREENS and SCREENS[page].looks:
        looks.append(inlined(*SCREENS[page].looks)[1])
    if page in SCREENS and SCREENS[page].scripts:
        scripts.append(inlined(*SCREENS[page].scripts)[1])
    lists = [
        f"{kind} " + " ".join(f"'sha256-{digest}'" for digest in digests)
        for kind, digests in (("style-src", looks), ("script-src", scripts))
        if digests
    ]
    asks = ["connect-src 'self'"] if scripts else []
    return "; ".join([*lists, *asks, "img-src data:", "form-action 'self'", ""])
