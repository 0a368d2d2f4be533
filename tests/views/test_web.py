"""The explorer as people and programs use it: pages, data, errors, attacks, a browser."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl
import pytest
from tests import world
from tests.killed import entry

from blocs import project as projects
from blocs.alignment.vote_sums import vote_sums
from blocs.almanac.tables import dyad_votes
from blocs.contracts import Answer, Evidence
from blocs.dates import Period
from blocs.errors import BadInput, MissingExtra, StorageError
from blocs.registry import LAYERS
from blocs.views import serving, web
from blocs.views.answers import almanac, serve, ties, who
from blocs.views.brief.methods import METHODS
from blocs.views.explorer import state
from blocs.views.explorer.home import search
from blocs.views.explorer.state import voted_like
from blocs.views.explorer.visit import Screen, Visit, link
from blocs.views.formats import json_text

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
with warnings.catch_warnings():  # it would like a client that is not on the index yet
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parents[2]

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture
def client() -> TestClient:
    made = web.application(Evidence())
    return TestClient(made, base_url="http://127.0.0.1", raise_server_exceptions=False)


def _error(client: TestClient, address: str, code: int) -> str:
    """Message of an error, which a page and its data tell alike."""
    page = client.get(address)
    path, _, query = address.partition("?")
    told = client.get(f"{path}.json?{query}")
    assert (page.status_code, told.status_code) == (code, code)
    assert set(told.json()) == {"error"}
    assert set(told.json()["error"]) == {"kind", "message"}
    message = str(told.json()["error"]["message"])
    assert "\n" not in message
    assert "Traceback" not in page.text
    assert page.headers["content-type"].startswith("text/html")
    return message


# -- what a search finds


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("China", "CHN"),
        ("Россия", "RUS"),
        ("côte d'ivoire", "CIV"),
        ("中国", "CHN"),
        ("PRK", "PRK"),
        ("Warsaw Pact", "warsaw_pact"),
        ("brics", "brics"),
    ],
)
def test_a_name_in_any_language_is_found_first(text: str, first: str) -> None:
    assert search(text)[0].id == first


def test_a_name_of_several_lists_them_all() -> None:
    assert {"KOR", "PRK"} <= {hit.id for hit in search("Korea")}
    assert {"COD", "COG"} <= {hit.id for hit in search("Congo")}


def test_what_nothing_is_called_has_near_names(client: TestClient) -> None:
    assert search("") == search("...") == ()
    found = client.get("/home.json?q=Noth Korea").json()
    assert found["hits"] == []
    assert "North Korea" in found["nearest"]
    assert "did you mean" in client.get("/?q=Noth Korea").text


def test_several_states_lead_to_their_group_and_pairs(client: TestClient) -> None:
    found = client.get("/home.json", params={"q": "Russia, North Korea, Iran"}).json()
    pages = [hit["page"] for hit in found["together"]]
    assert pages[0] == "/group?members=RUS%2CPRK%2CIRN"
    assert len(pages) == 4
    assert "/dyad?a=RUS&b=PRK" in pages


def test_home_lists_every_group_with_its_page(client: TestClient) -> None:
    groups = client.get("/home.json").json()["groups"]
    assert {"NATO", "BRICS", "Warsaw Pact"} <= {g["name"] for g in groups}
    pact = next(g for g in groups if g["name"] == "Warsaw Pact")
    assert pact["page"].endswith("to=1990")


# -- pages, and the same as data


def test_a_dyad_says_what_the_command_says(client: TestClient) -> None:
    expected = ties.ask(between=("RUS", "PRK"))
    assert client.get("/dyad.json?a=RUS&b=PRK").text == json_text(expected.facts)
    assert expected.table is not None
    rows = client.get("/dyad.csv?a=Russia&b=Korea, North")
    assert rows.text == expected.table.write_csv()
    assert rows.headers["content-disposition"] == 'attachment; filename="blocs-dyad.csv"'
    page = client.get("/dyad?a=RUS&b=PRK").text
    assert "blocs ties --between PRK RUS" in page
    assert "<svg" in page
    assert '<a href="/state?name=PRK">North Korea</a>' in page
    assert isinstance(expected.facts, ties.TieHistory)
    for dark in expected.facts.dark:
        assert LAYERS.get(dark).title.lower() in page.lower()


@pytest.mark.shared
def test_a_dyad_says_who_to_whom_and_either_way(shared: Path) -> None:
    gsdb = str(shared / "data" / "gsdb" / "GSDB_V4.csv")
    made = web.application(Evidence(data=(gsdb,)))
    page = TestClient(made, base_url="http://127.0.0.1").get("/dyad?a=RUS&b=UKR").text
    assert "Russia to Ukraine −0.17 in 2014" in page
    assert "Ukraine to Russia −0.67 in 2023" in page


def test_a_state_says_what_the_command_says(client: TestClient) -> None:
    told = client.get("/state.json?name=Yugoslavia&at=1970").json()
    assert told["who"] == json.loads(json_text(who.who("Yugoslavia", at="1970")))
    page = client.get("/state", params={"name": "Yugoslavia", "at": "1970"}).text
    assert "Yugoslavia (YUG)" in page
    assert "Not known: the almanac counts none of its votes in 2022" in page


def test_who_votes_alike_is_counted_as_the_brief_counts() -> None:
    among = ("CHN", "RUS", "USA")
    rows = dyad_votes().filter(pl.col("year").is_between(2022, 2024))
    pooled = vote_sums(rows, actors=among).pooled()
    ranked = voted_like("CHN", Period(2022, 2024))
    near = {n.actor: n for n in ranked}
    assert near["RUS"].likeness == pytest.approx(pooled.likeness()[0, 1])
    assert near["USA"].agreement == pytest.approx(pooled.agreement()[0, 2])
    assert near["RUS"].n == pooled.counts[0, 0, 1]
    values = [n.likeness for n in ranked]
    assert values == sorted(values, reverse=True)
    assert voted_like("CHN", Period(1816, 1820)) == ()
    # A state that voted thrice is in the data, and not among the nearest on the page.
    assert near["STP"].n == 3
    page = state.SCREEN.show(Visit(page="state", values={"name": "CHN", "to": "2024"})).page
    assert page is not None
    assert "dyad?a=CHN&amp;b=IRN" in page()
    assert "dyad?a=CHN&amp;b=STP" not in page()


def test_a_year_lists_what_stood_on_its_last_day(client: TestClient) -> None:
    told = client.get("/year.json?year=1956").json()
    groups = {g["group"]: g["members"] for g in told["groups"]}
    assert "HUN" in groups["warsaw_pact"]
    assert "brics" not in groups
    assert "DEU" in groups["nato"]
    assert any("Hungar" in war["name"] for war in told["wars"])
    rows = list(csv.DictReader(io.StringIO(client.get("/year.csv?year=1956").text)))
    assert sorted(r["actor"] for r in rows if r["group"] == "nato") == groups["nato"]
    page = client.get("/year?year=1956").text
    assert 'href="/year?year=1955"' in page
    assert 'href="/year?year=1957"' in page


def test_data_shows_every_layer_lit_or_dark(client: TestClient) -> None:
    told = client.get("/data.json").json()
    assert {span["layer"] for span in told["layers"]} == set(LAYERS.names())
    page = client.get("/data").text
    assert all(layer.title in page for layer in LAYERS.all().values())
    assert "blocs data get" in page


def test_the_almanac_is_turned_and_searched(client: TestClient) -> None:
    rows = client.get("/almanac.json?table=treaties&q=warsaw").json()
    assert 0 < rows["n"] == len(rows["rows"])
    assert all("warsaw" in json.dumps(r).lower() for r in rows["rows"])
    expected = almanac.show("wars").table
    assert expected is not None
    assert client.get("/almanac.csv?table=wars").text == expected.write_csv()
    first = client.get("/almanac?table=treaty_members").text
    assert 'href="/almanac?table=treaty_members&amp;page=2"' in first
    assert "Previous rows" in client.get("/almanac?table=treaty_members&page=2").text
    assert "there are" in _error(client, "/almanac?table=wars&page=999", 400)
    assert client.get("/almanac?table=wars&q=(").status_code == 200


def test_methods_have_their_sources(client: TestClient) -> None:
    parts = client.get("/method.json").json()["parts"]
    assert {p["id"] for p in parts} >= set(LAYERS.names())
    assert all(p["citation"] for p in parts)


def test_each_method_leads_to_its_code(client: TestClient) -> None:
    page = client.get("/method").text
    links = re.findall(r'href="(/code[?]file=[^"]+)"', page)
    assert len(links) > len(METHODS)
    for address in dict.fromkeys(links):
        found = client.get(address.replace("/code?", "/code.json?"))
        assert found.status_code == 200, address
        assert (ROOT / found.json()["file"]).read_text("utf-8") == found.json()["text"]
    shown = client.get(f"/code?file={METHODS[0].code}").text
    assert "&lt;" in shown
    assert "-&gt;" in shown


@pytest.mark.parametrize(
    "file", ["src/blocs/errors.py", "../../../etc/passwd", "/etc/passwd", "src/blocs/../x.py", ""]
)
def test_no_other_file_is_shown(client: TestClient, file: str) -> None:
    found = client.get("/code.json", params={"file": file})
    assert found.status_code == 400
    assert "root:" not in found.text


def test_a_group_is_the_brief(client: TestClient) -> None:
    address = "/group?members=Korea, North;Russia&from=2022&to=2023"
    page = client.get(address).text
    assert "<h1" in page
    assert 'value="Korea, North;Russia"' in page
    assert 'href="/dyad?a=PRK&amp;b=RUS"' in page
    told = client.get(address.replace("?", ".json?")).json()
    assert [m["id"] for m in told["group"]["members"]] == ["PRK", "RUS"]
    assert (told["period"]["from"], told["period"]["to"]) == (2022, 2023)
    assert told["command"].startswith("blocs brief 'Korea, North' Russia --reference USA")


# -- errors and attacks


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/state?name=Chyna", "did you mean China"),
        ("/state", "/state needs name"),
        ("/dyad?a=RUS&b=USSR", "are the same state"),
        ("/dyad?a=RUS&b=PRK&at=yesterday", "is not a date"),
        ("/dyad?a=RUS&b=PRK&layer=alliance", "did you mean alliances"),
        ("/group?members=CHN", "at least two"),
        ("/group?members=CHN,RUS&from=soon", "write a whole number"),
        ("/group?members=CHN,RUS&reference=RUS", "is a member of the group"),
        ("/group?members=CHN,RUS&from=2024&to=1900", "the first must not be after the last"),
        ("/group?members=BRICKS,Atlantis", "unknown state or group"),
        ("/year?year=3000", "the almanac knows 1816 to 2024"),
        ("/year?year=0", "the almanac knows 1816 to 2024"),
        ("/year?year=-5", "write a whole number"),
        ("/year?year=1914&year=1915", "asked twice"),
        ("/year?yeer=1914", "did you mean year"),
        ("/data?project=/etc", "This page is asked nothing"),
        ("/almanac?table=../../etc/passwd", "unknown almanac table"),
        ("/state?name=a%00b", "cannot be shown"),
        ("/state?name=CHN%0d%0aSet-Cookie:x=1", "cannot be shown"),
        ("/state?name=" + "x" * 1001, "too long"),
        ("/state?name=" + "%F0%9F%92%A9" * 1200, "too much"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_line(
    client: TestClient, address: str, says: str
) -> None:
    message = _error(client, address, 400)
    assert says in message
    assert len(message) <= 600


@pytest.mark.parametrize(
    "path", ["/dyads", "/..%2f..%2fetc%2fpasswd", "/data/../../etc/passwd", "/%00", "/a/b/c"]
)
def test_a_page_that_is_none_is_not_found(client: TestClient, path: str) -> None:
    assert "unknown page" in _error(client, path, 404)
    assert "root:x:" not in client.get(path).text


def test_a_script_in_the_address_stays_text(client: TestClient) -> None:
    bad = "<script>alert(1)</script>\"'"
    for page, name in (("home", "q"), ("state", "name"), ("group", "members"), ("year", "year")):
        text = client.get(link(page, **{name: bad})).text
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_nothing_can_be_written(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/data").status_code == 405
    assert client.head("/data").status_code == 200


def test_every_answer_is_fenced(client: TestClient) -> None:
    for address, code in (("/data", 200), ("/data.json", 200), ("/nope", 404), ("/state", 400)):
        answer = client.get(address)
        assert answer.status_code == code
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_another_host_name_is_refused(client: TestClient) -> None:
    """A page elsewhere whose name points here (DNS rebinding) reads nothing."""
    assert client.get("/data.json", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/data.json", headers={"host": "localhost:1"}).status_code == 200


# -- what is kept, and what fails


def _only(monkeypatch: pytest.MonkeyPatch, show: object) -> None:
    screen = Screen(title="Tried", show=show)  # type: ignore[arg-type]
    monkeypatch.setattr(web, "SCREENS", {**web.SCREENS, "tried": screen})


def test_a_page_is_computed_once_until_the_project_changes(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def show(visit: Visit) -> Answer:
        seen.append(visit.page)
        return Answer(facts={"n": len(seen)}, text="", table=None)

    _only(monkeypatch, show)
    assert [client.get("/tried.json").json()["n"] for _ in range(3)] == [1, 1, 1]
    home = projects.default_path()
    projects.record_checksum(home, "https://a.example/x", "0" * 64)
    assert client.get("/tried.json").json()["n"] == 2
    assert client.get("/tried.csv").status_code == 400


def test_several_who_ask_at_once_wait_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    once = web.Once(lambda: made.append(1) or b"body")  # type: ignore[func-returns-value]
    got: list[bytes] = []
    askers = [threading.Thread(target=lambda: got.append(once.get())) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert got == [b"body"] * 8
    assert made == [1]


@pytest.mark.parametrize(
    ("fault", "code", "kind"),
    [(ZeroDivisionError("secret"), 500, "Fault"), (StorageError("disk full"), 503, "StorageError")],
)
def test_a_fault_shows_no_traceback(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, code: int, kind: str
) -> None:
    def show(visit: Visit) -> Answer:
        raise fault

    _only(monkeypatch, show)
    assert client.get("/tried.json").json()["error"]["kind"] == kind
    assert "secret" not in _error(client, "/tried", code)


def test_without_starlette_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(MissingExtra, match=r"install blocs\[web\]"):
        web.application(Evidence())


def test_evidence_that_is_not_there_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no project yet"):
        serve.ask(port=0, evidence=Evidence(project=tmp_path / "none"))
    with pytest.raises(BadInput, match=r"none\.csv"):
        serve.ask(port=0, evidence=Evidence(data=(str(tmp_path / "none.csv"),)))


def test_a_port_that_is_no_port_is_refused() -> None:
    with pytest.raises(BadInput, match="--port 70000"):
        serving.serve(Evidence(), host="127.0.0.1", port=70000, ready=print)


def test_what_is_opened_first_is_computed_before_it_is_asked(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that cannot be filled stops nothing; it tells its reader."""
    seen: list[str] = []

    def show(visit: Visit) -> Answer:
        seen.append(visit.page)
        return Answer(facts={}, text="", table=None, page=lambda: "<h1>warm</h1>")

    def fail(visit: Visit) -> Answer:
        raise StorageError("disk full")

    screens = {p: Screen(title="Tried", show=show) for p in web.SCREENS}
    monkeypatch.setattr(web, "SCREENS", {**screens, "year": Screen(title="Dark", show=fail)})
    web.warm(Evidence())
    asked = len(seen)
    assert {"home", "data", "dyad", "state"} <= set(seen)
    assert client.get("/data").text == "<h1>warm</h1>"
    assert len(seen) == asked
    assert client.get("/year.json").status_code == 503


def test_a_page_is_of_one_state_of_evidence_that_is_rewritten(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What two readings of a changing project gave together is thrown away, errors too."""
    home = projects.default_path()
    seen: list[str] = []

    def count() -> int:
        return len(projects.read_manifest(home).checksums)

    def change() -> None:
        projects.record_checksum(home, f"https://a.example/{count()}", "0" * 64)

    def show(visit: Visit) -> Answer:
        seen.append(visit.page)
        before = count()
        if len(seen) <= disturbed:
            change()
        if fails and count() != before:
            raise BadInput("half")
        return Answer(facts={"seen": [before, count()]}, text="", table=None)

    _only(monkeypatch, show)
    for fails in (False, True):  # `show` reads both
        disturbed = 1 + fails
        seen.clear()
        first, last = client.get("/tried.json").json()["seen"]
        assert first == last
        assert len(seen) == disturbed + 1
        change()
    disturbed = 99
    answer = client.get("/tried.json")
    assert answer.status_code == 503
    assert "being rewritten; ask again" in answer.json()["error"]["message"]


def test_a_table_rewritten_while_it_serves_is_never_seen_half(tmp_path: Path) -> None:
    """Every answer is one of two whole projects, which a writer swaps while readers ask."""
    home = tmp_path / "project"
    made = web.application(Evidence(project=home))
    app = TestClient(made, base_url="http://127.0.0.1")
    address = "/dyad.json?a=USA&b=IRN&layer=sanctions"
    all_of_it = world.facts("gsdb")
    fewer = replace(all_of_it, spells=all_of_it.spells.filter(pl.col("type") != "arms"))
    both = (all_of_it, fewer)

    def put(turn: int) -> None:
        projects.add(home, both[turn % 2], entry("same", dataset="gsdb", version=str(turn % 2)))

    whole = []
    for turn in (0, 1):
        put(turn)
        whole.append(app.get(address).text)
    assert whole[0] != whole[1]
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.wait(0.05):
            put(turn := turn + 1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answers = [app.get(address) for _ in range(30)]
    finally:
        stop.set()
        writer.join()
    answers.append(app.get(address))
    assert answers[-1].status_code == 200
    for answer in answers:
        assert answer.text in whole if answer.status_code == 200 else answer.status_code == 503


# -- a real server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of ``blocs serve``, started as a user starts it."""
    home = tmp_path_factory.mktemp("served") / "project"
    run = subprocess.Popen(
        [sys.executable, "-m", "blocs", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "BLOCS_PROJECT": str(home)},
        cwd=Path(__file__).parent,
    )
    assert run.stderr is not None
    told = run.stderr.readline()
    assert "The explorer is at http://127.0.0.1:" in told
    yield told.split()[4].replace("127.0.0.1", "localhost")
    run.terminate()
    run.wait(timeout=60)
    run.stderr.close()


_LONG = b"x" * 200_000


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET //etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET file:///etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil.example/data HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /almanac?table=..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /state?name=CHN%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /no%0d%0aSet-Cookie:%20a=b.csv HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /state?name=%ff%fe%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /state?name=\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /year?%00=%00&&&==&year HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /year?year=" + b"9" * 900 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /?q=" + _LONG + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + _LONG + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /nope HTTP/1.1\r\nHost: localhost\r\nX: " + _LONG + b"\r\n\r\n",
        b"GET /data HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"POST /data HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b",
        b"BREW /data HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_hostile_request_gets_nothing_and_breaks_nothing(served: str, sent: bytes) -> None:
    """Sent as it stands, since a client of one's own would tidy it first."""
    answer = _sent_as_it_stands(served, sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1[.]1 4\d\d ", head), answer[:200]
    assert b"set-cookie" not in head.lower()
    assert b"root:x:" not in body
    assert b"Traceback" not in body
    after = _sent_as_it_stands(served, b"GET /data.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert after.startswith(b"HTTP/1.1 200 ")


def _sent_as_it_stands(served: str, sent: bytes) -> bytes:
    """Send bytes to the server; what it says until it is silent or hangs up."""
    port = int(served.rstrip("/").rsplit(":", 1)[1])
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line, suppress(OSError):
        line.sendall(sent.replace(b"\r\nHost", b"\r\nConnection: close\r\nHost", 1))
        while got := line.recv(65536):
            said += got
    return said


def test_a_port_in_use_is_told(served: str) -> None:
    port = served.rstrip("/").rsplit(":", 1)[1]
    with pytest.raises(BadInput, match=f"port {port} .*--port, or 0"):
        serving.serve(Evidence(), host="127.0.0.1", port=int(port), ready=print)


def _arrived(browser: Chrome, at: str) -> None:
    """Wait until the address matches `at` and the page is whole: a form is sent after its click."""
    from selenium.webdriver.support.ui import WebDriverWait

    def there(driver: Chrome) -> bool:
        whole = driver.execute_script("return document.readyState") == "complete"
        return re.search(at, driver.current_url) is not None and whole

    WebDriverWait(browser, 30).until(there, f"never arrived at {at}")


def test_a_reader_searches_follows_a_link_and_goes_back(browser: Chrome, served: str) -> None:
    browser.get_log("browser")
    browser.get(served)
    assert "Who stands with whom?" in browser.find_element("tag name", "h1").text
    box = browser.find_element("id", "site-q")
    box.send_keys("Россия, North Korea")
    box.submit()
    _arrived(browser, quote("Россия"))
    browser.find_element("link text", "Russia–North Korea").click()
    _arrived(browser, r"dyad\?a=RUS&b=PRK$")
    assert "Russia" in browser.find_element("tag name", "h1").text
    assert browser.find_element("css selector", "figure svg").is_displayed()
    browser.find_element("name", "at").send_keys("2024")
    browser.find_element("css selector", ".asked button").click()
    _arrived(browser, "at=2024")
    browser.back()
    _arrived(browser, r"dyad\?a=RUS&b=PRK$")
    browser.back()
    _arrived(browser, quote("Россия"))
    assert browser.find_element("id", "site-q").get_attribute("value") == "Россия, North Korea"
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("page", ["", "dyad?a=RUS&b=PRK", "data", "year?year=1914"])
def test_nothing_sticks_out_of_a_small_screen(browser: Chrome, served: str, page: str) -> None:
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(served + page)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= 360
