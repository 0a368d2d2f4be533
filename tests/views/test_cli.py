"""The command line as a user meets it: codes, streams, files, and how fast it helps."""

from __future__ import annotations

import ast
import errno
import inspect
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
from cyclopts import App

from blocs import registry
from blocs.contracts import Answer, View
from blocs.errors import BadFile, BlocsError, MissingData, StorageError, UnknownName
from blocs.registry import VIEWS
from blocs.views.cli import _app, main, titles

ROOT = Path(__file__).parents[2]
TABLE = pl.DataFrame({"state": ["CHN", "RUS"], "n": [1, None]})
Ran = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command line inside this process."""

    def _run(*words: object) -> Ran:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        shown = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, shown.out, shown.err

    return _run


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Add the command ``tried``, as a third party would, with this answer or error."""

    def _add(outcome: Answer | BaseException) -> None:
        def ask(word: str = "", *, from_: int | None = None) -> Answer:
            """Try something.

            Parameters
            ----------
            word
                Any word.
            from_
                First year.
            """
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        module = types.ModuleType("tried_view")
        module.VIEW = View(ask=ask, examples=("blocs tried it",))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "tried_view", module)
        told = {"blocs.views.answers": {"tried": "tried_view"}}
        monkeypatch.setattr(registry, "_entry_points", lambda group: told.get(group, {}))

    return _add


ANSWER = Answer(facts={"a": "CHN", "n": None}, text="China, as it were", table=TABLE)
PAGE = Answer(facts={}, text="seen", page=lambda: "<!doctype html><p>ü</p>", writes="page.html")


def test_a_command_answers_in_words_json_or_csv(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(ANSWER)
    assert run("tried") == (0, "China, as it were\n", "")
    code, out, err = run("tried", "it", "--from", "1991", "--json")
    assert (code, json.loads(out), err) == (0, {"a": "CHN", "n": None}, "")
    assert run("tried", "--csv") == (0, "state,n\nCHN,1\nRUS,\n", "")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnknownName("state", "Rusia", ["Russia"]), 2),
        (BadFile("votes.csv: cut off; fetch it again"), 2),
        (MissingData("no votes; `blocs data add unga PATH`"), 1),
        (StorageError("no space left on device"), 1),
        (BlocsError("broken"), 1),
    ],
)
def test_an_error_is_one_message_and_a_code(
    run: Callable[..., Ran], tried: Callable[..., None], error: BlocsError, code: int
) -> None:
    tried(error)
    assert run("tried") == (code, "", f"error: {error}\n")
    left, out, err = run("tried", "--json")
    assert (left, out) == (code, "")
    body = {"kind": type(error).__name__, "message": str(error)}
    assert json.loads(err) == {"error": body}


def test_what_is_no_command_line_has_the_same_shape(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(ANSWER)
    for words in (["tried", "--bogus"], ["tried", "--from", "early"], ["nosuch"]):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
        assert err.strip()
        code, out, err = run(*words, "--json")
        assert (code, out) == (2, "")
        told = json.loads(err)["error"]
        assert told["kind"] == "BadInput"
        assert told["message"]


def test_a_fault_is_owned_up_to_and_shown_on_demand(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(ZeroDivisionError("division by zero\nmore"))
    code, out, err = run("tried")
    assert (code, out) == (1, "")
    assert err == (
        "error: a fault in blocs (ZeroDivisionError: division by zero); --debug shows where\n"
    )
    assert json.loads(run("tried", "--json")[2])["error"]["kind"] == "Fault"
    with pytest.raises(ZeroDivisionError):
        main(["tried", "--debug"])


def test_debug_shows_where_an_error_comes_from(
    tried: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    tried(BadFile("cut off"))
    with pytest.raises(RuntimeError) as seen:
        main(["tried", "--debug"])
    assert isinstance(seen.value.__cause__, BadFile)


def test_an_interrupted_command_leaves_with_130(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(KeyboardInterrupt())
    assert run("tried") == (130, "", "stopped; nothing half-written\n")


@pytest.mark.parametrize(
    ("ending", "first"),
    [(".json", b'{\n  "a"'), (".csv", b"state,n\n"), (".parquet", b"PAR1"), (".JSON", b"{")],
)
def test_the_ending_of_a_file_is_its_format(
    run: Callable[..., Ran], tried: Callable[..., None], tmp_path: Path, ending: str, first: bytes
) -> None:
    tried(ANSWER)
    path = tmp_path / "new" / f"answer{ending}"
    code, out, _ = run("tried", "-o", path)
    assert code == 0
    assert "China, as it were" in out
    assert "Written to" in out
    assert path.read_bytes().startswith(first)
    assert run("tried", "-o", path, "--quiet")[1] == ""
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("answer.xyz", "the ending .xyz is not known; use .json, .csv, .parquet"),
        ("answer", r"the ending (none) is not known"),
        ("answer.html", "this answer has no page"),
    ],
)
def test_a_wrong_ending_is_told_and_nothing_is_said_or_written(
    run: Callable[..., Ran], tried: Callable[..., None], tmp_path: Path, name: str, said: str
) -> None:
    tried(ANSWER)
    for more in ([], ["--json"], ["--csv"]):
        code, out, err = run("tried", "-o", tmp_path / name, *more)
        assert (code, out) == (2, "")
        assert said in err
    assert [p for p in tmp_path.iterdir() if p.name.startswith("answer")] == []


def test_a_wrong_ending_is_refused_before_anything_is_computed(
    run: Callable[..., Ran], tried: Callable[..., None], tmp_path: Path
) -> None:
    tried(RuntimeError("it was computed"))
    code, out, err = run("tried", "-o", tmp_path / "answer.xyz")
    assert (code, out) == (2, "")
    assert "the ending .xyz is not known" in err


def test_a_view_declares_the_further_endings_its_answers_write() -> None:
    for name, view in registry.VIEWS.all().items():
        asks = [*view.verbs.values(), *([view.ask] if view.ask else [])]
        text = Path(inspect.getfile(asks[0])).read_text("utf-8")
        writes = " formats=" in text or " lines=" in text
        assert bool(view.endings) == writes, name


def test_the_screen_has_room_for_one_format(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(ANSWER)
    code, out, err = run("tried", "--json", "--csv")
    assert (code, out) == (2, "")
    assert "give one" in err


def test_a_table_that_is_not_there_is_told(
    run: Callable[..., Ran], tried: Callable[..., None], tmp_path: Path
) -> None:
    tried(PAGE)
    for words in (["--csv"], ["-o", tmp_path / "a.csv"], ["-o", tmp_path / "a.parquet"]):
        code, out, err = run("tried", *words)
        assert (code, out) == (2, "")
        assert "has no table" in err


def test_a_page_is_written_unless_data_are_asked_for(
    run: Callable[..., Ran],
    tried: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    tried(PAGE)
    run("tried", "--json")
    assert not (tmp_path / "page.html").exists()
    assert run("tried") == (0, "seen\nWritten to page.html\n", "")
    assert (tmp_path / "page.html").read_text("utf-8").endswith("<p>ü</p>")


def test_a_full_disk_is_a_failure_and_the_old_file_stays(
    run: Callable[..., Ran],
    tried: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried(ANSWER)
    path = tmp_path / "a.json"
    path.write_text("old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = run("tried", "-o", path, "--json")
    assert (code, out) == (1, "")
    assert "No space left on device" in json.loads(err)["error"]["message"]
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_help_names_options_and_examples(
    run: Callable[..., Ran], tried: Callable[..., None]
) -> None:
    tried(ANSWER)
    code, out, _ = run("tried", "--help")
    assert code == 0
    for word in ("--from", "First year", "--json", "--csv", "-o", "blocs tried it"):
        assert word in out
    assert "--from-" not in out


def test_every_command_is_listed_with_the_first_line_of_its_file(run: Callable[..., Ran]) -> None:
    code, out, _ = run("--help")
    flat = " ".join(out.replace("│", " ").split())
    assert code == 0
    for name, title in titles().items():
        assert name in flat
        assert title.split()[0] in flat
        assert title.endswith(".")
    assert set(titles()) == set(VIEWS.names())


def test_the_version_is_told(run: Callable[..., Ran]) -> None:
    from blocs import __version__

    assert run("--version")[1].strip() == __version__


def _program(*words: str, stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "blocs", *words],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("words", [["who", "CHN"], ["who", "CHN", "--json"]])
def test_a_closed_pipe_ends_it_quietly(words: Sequence[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        ran = _program(*words, stdout=stream)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_help_imports_no_data_frames() -> None:
    code = (
        "import sys\n"
        "from blocs.views.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    heavy = {"polars", "numpy", "scipy", "dataframely", "numba", "duckdb", "altair", "pandas"}
    loaded: list[str] = ast.literal_eval(ran.stderr.strip().splitlines()[-1])
    assert heavy & set(loaded) == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ties", "CHN", "RUS"], "blocs ties does not take CHN RUS; `blocs ties --help`"),
        (["react", "RUS"], "blocs react needs B, and it is missing; `blocs react --help`"),
        (["ties", "--betwen", "CHN"], "--betwen. Did you mean --between? `blocs ties --help`"),
        (
            ["likeness", "CHN", "RUS", "--from", "abc"],
            "--from abc: give a whole number; `blocs likeness",
        ),
        (["data", "ad"], '"ad". Did you mean "add"?'),
    ],
)
def test_a_misspelt_command_line_is_told_in_one_line_with_the_way_on(
    run: Callable[..., Ran], words: list[str], said: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert said in json.loads(run(*words, "--json")[2])["error"]["message"]


@pytest.mark.parametrize("command", ["brief CHN RUS", "compete", "react RUS UKR", "forecast fit"])
def test_a_seed_below_zero_is_refused(run: Callable[..., Ran], command: str) -> None:
    code, out, err = run(*command.split(), "--seed", "-1")
    assert (code, out) == (2, "")
    assert err == "error: --seed -1: a whole number, 0 or more\n"


def _commands(app: App, *chain: str) -> Iterator[tuple[App, tuple[str, ...]]]:
    """A command and the verbs below it, each with the words that call it."""
    if app.default_command is not None:
        yield app, chain
    for verb in app:
        if not verb.startswith("-"):
            yield from _commands(app[verb], *chain, verb)


def _numbered() -> Iterator[tuple[str, ...]]:
    """What to type up to the value, for every option of any command that takes a whole number."""
    for name in VIEWS.names():
        for app, chain in _commands(_app([name])[name], name):
            takes = app.assemble_argument_collection()
            needed = (argument for argument in takes if argument.required)
            needs = [
                word
                for argument in needed
                for word in ([argument.name, "X"] if argument.index is None else ["X"])
            ]
            for argument in takes:
                if int in (argument.hint, *get_args(argument.hint)):
                    yield (*chain, *needs, argument.name)


@pytest.mark.parametrize("words", list(_numbered()), ids=" ".join)
def test_where_a_whole_number_is_asked_a_fraction_is_refused(
    run: Callable[..., Ran], words: tuple[str, ...]
) -> None:
    for value in ("1.5", "1950.0", "1e3", "[red]"):
        for given in ((*words, value), (*words[:-1], f"{words[-1]}={value}")):
            code, out, err = run(*given)
            assert (code, out) == (2, "")
            assert f"{words[-1]} {value}: give a whole number" in err


def test_every_command_is_asked_for_its_whole_numbers() -> None:
    asked = {words[0] for words in _numbered()}
    assert {"brief", "simulate", "forecast", "ledger", "serve", "polarization"} <= asked


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("who Germany 1950", "--at 1950"),
        ("who Germany 1950-60", "--at 1950"),
        ("who Germany 1950-06-25", "--at 1950-06-25"),
        ("brief CHN RUS 2022-24", "--from 2022 --to 2024"),
        ("axis CHN RUS 2022", "--from 2022 --to 2022"),
        ("order IRN 1998..2003", "--from 1998 --to 2003"),
        ("brokers CHN RUS 2020", "--from 2020 --to 2020"),
        ("likeness CHN RUS 2020", "--from 2020 --to 2020"),
        ("react CHN RUS 1990-2000", "--from 1990 --to 2000"),
        ("ties 1950", "--at 1950"),
        ("ties 1950-55", "--from 1950 --to 1955"),
        ("panel 1950", "--from 1950 --to 1950"),
        ("precedent weapons 1950", "--before 1950"),
        ("partition 1950-1960", "--years 1950-1960"),
        ("ledger drawn-in UKR 2022", "--from 2022 --to 2022"),
        ("simulate hindcast 1950", "--from 1950 --to 1950"),
    ],
)
def test_a_year_among_the_words_is_told_its_option(
    run: Callable[..., Ran], command: str, option: str
) -> None:
    code, out, err = run(*command.split())
    assert (code, out) == (2, "")
    assert f"A year goes into an option: {option}" in err
    assert len(err.splitlines()) == 1


def test_what_is_near_a_name_is_told_and_nothing_is_near_a_year(run: Callable[..., Ran]) -> None:
    _, _, err = run("who", "Germny", "1950")
    assert "did you mean Germany?" in err
    _, _, err = run("brief", "CHN", "RUS", "2022-24")
    assert "did you mean" not in err


@pytest.mark.parametrize(
    "command", ["brief CHN Ruritania", "compete 1950", "cite 1950", "who 12345"]
)
def test_no_option_is_told_where_no_word_is_a_year_or_none_takes_it(
    run: Callable[..., Ran], command: str
) -> None:
    code, _, err = run(*command.split())
    assert code == 2
    assert "A year" not in err
