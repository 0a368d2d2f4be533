"""`blocs read`: articles into items, as a user runs it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import blocs

Run = Callable[..., Any]
STORY = (
    "Warsaw revealed that Minsk sent, in October, up to 9,000 soldiers, including 400 officers, "
    "to attack Lithuania.\n\nLast January, Polish Foreign Minister Radoslaw Sikorski warned that "
    "Moscow could strike NATO within four to six years."
)
FIELDS = [
    "id",
    "article",
    "kind",
    "start",
    "end",
    "quote",
    "statement",
    "subject",
    "object",
    "speakers",
    "certainty",
    "hedges",
    "event",
    "sign",
    "quantity",
    "when",
    "horizon",
    "repairs",
]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, "utf-8")
    return path


def test_json_is_one_object_a_line_with_the_promised_fields(run: Run, article: Path) -> None:
    ran = run("read", str(article), "--date", "2024-11-05", "--json")
    items = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert all(list(item) == FIELDS for item in items)
    assert all(STORY[i["start"] : i["end"]] == i["quote"] for i in items)
    assert {i["kind"] for i in items} >= {"claim", "event", "quantity", "forecast"}
    [forecast] = [i for i in items if i["kind"] == "forecast"]
    assert forecast["horizon"] == {"low": 4.0, "high": 6.0, "unit": "year", "from": "2024-01-01"}


def test_a_pipe_is_read_like_its_file(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run("read", str(article), "--date", "2024-11-05", "--json").out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(article.read_bytes())))
    ran = run("read", "-", "--date", "2024-11-05", "--json")
    assert (ran.code, ran.out) == (0, told)


def test_every_format_holds_the_same_items(run: Run, article: Path, tmp_path: Path) -> None:
    told = run("read", str(article), "--json").out
    for ending in (".jsonl", ".json", ".csv", ".parquet"):
        assert run("read", str(article), "-o", str(tmp_path / f"ledger{ending}")).code == 0
    ids = [json.loads(line)["id"] for line in told.splitlines()]
    assert (tmp_path / "ledger.jsonl").read_text("utf-8") == told
    facts = json.loads((tmp_path / "ledger.json").read_text("utf-8"))
    assert [i["id"] for i in facts["items"]] == ids
    assert facts["articles"][0]["text"] == STORY
    assert pl.read_csv(tmp_path / "ledger.csv")["id"].to_list() == ids
    assert pl.read_parquet(tmp_path / "ledger.parquet")["id"].to_list() == ids
    assert pl.read_csv(io.StringIO(run("read", str(article), "--csv").out))["id"].to_list() == ids


def test_a_folder_is_read_in_order_and_the_same_article_once(
    run: Run, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text("<p>Norway issued an ultimatum to Chile on Monday.</p>")
    (tmp_path / "z.txt").write_text(STORY, "utf-8")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.4")
    items = [json.loads(x) for x in run("read", str(tmp_path), "--json").out.splitlines()]
    assert len({i["article"] for i in items}) == 2
    assert any(i["event"] and i["event"]["plover"] == "THREATEN" for i in items)


def test_the_same_command_gives_the_same_bytes(run: Run, article: Path) -> None:
    one, two = (run("read", str(article), "--json").out for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["read"], "no article given"),
        (["read", "nosuch.txt"], "nosuch.txt"),
        (["read", "{file}", "--date", "2024-13-01"], "calendar"),
        (["read", "{file}", "--date", "2024-11"], "whole day"),
        (["read", "{file}", "--agents", "{file}"], "--actors"),
        (["read", "{file}", "--actors", "{file}"], "PETRARCH"),
        (["read", "{file}", "--model", "no_such_model"], "no_such_model"),
        (["read", "{folder}"], "no article"),
    ],
)
def test_bad_input_says_what_and_where(
    run: Run, article: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(*(w.format(file=article, folder=tmp_path / "empty") for w in words))
    assert ran.code == 2
    assert told in ran.err


def test_python_reads_a_text_a_file_and_bytes_alike(article: Path) -> None:
    text = blocs.read(STORY, date="2024-11-05")
    file = blocs.read(article, date="2024-11-05")
    named = blocs.read(str(article), date="2024-11-05")
    raw = blocs.read(STORY.encode(), date="2024-11-05")
    assert text.items == file.items == named.items == raw.items
    assert (text.articles[0].name, file.articles[0].name) == (None, str(article))


@pytest.mark.parametrize(
    ("raw", "code", "told"),
    [
        (b"", 2, "no text"),
        (b" \n\t", 2, "no text"),
        (bytes(range(256)) * 20, 2, "binary"),
        (b"%PDF-1.4 x", 2, "export it as text"),
        ("Россия и Китай подписали договор. ".encode() * 20, 0, "English only"),
        ("Russia attacked Ukraine \ud800.".encode("utf-8", "surrogatepass"), 0, "surrogates"),
        ("Köln “spoke”. ".encode() + "Zürich replied.".encode("latin-1"), 0, "mixed encodings"),
        ("Zürich replied.".encode("latin-1"), 0, "cp1252"),
        (b"Russia attacked Ukraine on Monday.", 0, "no date known"),
    ],
)
def test_odd_bytes_are_refused_or_read_aloud(
    run: Run, tmp_path: Path, raw: bytes, code: int, told: str
) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(raw)
    ran = run("read", str(path), "--json")
    assert ran.code == code
    assert told in ran.err
    assert "odd.txt" in ran.err
    assert code or all(json.loads(line)["quote"] for line in ran.out.splitlines())


def test_a_huge_file_is_read_in_part_and_says_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.write_text("Seoul protested. " + "\n" * 1_100_000 + "Tokyo agreed.", "utf-8")
    ran = run("read", str(path), "--json")
    assert ran.code == 0
    assert "only the first 1,000,000 of 1,100,030 characters were read" in ran.err


def test_hostile_html_is_read_as_text_and_never_as_markup(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(
        "<html><head><script>var x='Chad attacked Togo.'</script></head><body onload='x()'>"
        "<p>Russia attacked Ukraine on Monday, <b>Kyiv</b> said &lt;script&gt;alert(1)"
        "&lt;/script&gt; again.</p></body></html>",
        "utf-8",
    )
    assert run("read", str(path), "-o", str(tmp_path / "page.html")).code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "Chad" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_article_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(
        f"Russia accused \x1b]0;owned\x07 Ukraine of \u202eshelling.\r\n{STORY}", "utf-8"
    )
    out = run("read", str(path), "--date", "2024-11-05").out
    assert "\ufffd" in out
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(out)


def test_a_screen_shows_the_first_items_of_many_and_where_the_others_are(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "story.txt"
    path.write_text("\n".join(f"Russia sent {n} tanks to Syria." for n in range(101, 231)), "utf-8")
    n = len(run("read", str(path), "--json").out.splitlines())
    shown = run("read", str(path)).out
    assert n > 200
    assert f"{n - 200} more items; --csv, --json or -o FILE has all" in shown
    assert "Russia sent 110 tanks" in shown
    assert "Russia sent 229 tanks" not in shown
