"""What the pages show is true: their Python runs, block by block, and so do their commands.

A page is found by itself; nobody has to register it. Its blocks run in a folder that holds
what a reader of the page has: articles, publishers' files, the folder `shared`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocs.views.cli import _app, main

ROOT = Path(__file__).resolve().parents[2]
MADE = {"made", "_site"}
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(p for p in sorted((ROOT / "docs").rglob("*.md")) if not MADE & set(p.parts)),
]

NOT_RUN = {
    "blocs serve": "answers until it is stopped; tests/views/test_web.py drives it",
    "--reader llm": "needs an endpoint; tests/evidence/reading drives one",
    "--model my-model/": "needs a model that nobody but the user has",
    "blocs ledger review": "names items of the reader's own ledger",
    "blocs data get": "makes a connection",
    "blocs compete --data": "takes a minute; benchmarks/quality/bench_competition.py asks it",
    "hindcast --from 1950 --to 2010 --every 5": "takes minutes; the page gives what came out",
    "blocs order": "takes half a minute; the tutorial asks the same in Python",
}
"""What is parsed and no more, and why."""

LESS = {
    "blocs compete": "--histories 20",
    "blocs simulate hindcast": "--runs 8 --every 30 --years 5",
    "blocs simulate troops": "--runs 20 --sensitivity 0",
    "blocs polarization": "--to 1822",
    "blocs ideal-points": "--from 2018",
}
"""The same command with less to do."""

ARTICLES = {
    "articles/2024-10-19-seoul.txt": "Seoul said on Friday that Pyongyang sent 10,000 soldiers to "
    "Russia. Kyiv could fall within two years, warned Boris Pistorius.",
    "articles/2024-10-24-kyiv.txt": "Kyiv revealed that Pyongyang sent up to 12,000 soldiers to "
    "fight Ukraine, revelations weakly confirmed by Vladimir Putin.",
    "article.txt": "Kyiv said that Pyongyang sent up to 12,000 soldiers to Russia.",
    "actors.txt": "RUSSIA_ [RUS]\n+RUSSIAN_FEDERATION_\n",
    "agents.txt": "SPY_ [~SPY]\n",
}
FILES = {
    "FOLDER": "",
    "UNVotes.csv": "un_votes_voeten/UNVotes.csv.zst",
    "dyadic_mid_4.02.csv": "cow_mids/dyadic_mid_4.02.csv.gz",
    "events.2019.tab": "icews_events/events.2018.sample.tab.gz",
    "trade-register.csv": "sipri_arms_transfers/trade_2023.csv.gz",
    "tkg_icews14": "tkg_icews14",
    "ucdp_acd.csv": "ucdp/ucdp_acd.csv.gz",
    "train.txt": "tkg_icews14/train.txt.gz",
    "valid.txt": "tkg_icews14/valid.txt",
    "test.txt": "tkg_icews14/test.txt",
}
"""Names of files on the pages, and the data set that each stands for."""
BEFORE = (
    "data add icews events.2019.tab",
    "experts new -o statements.toml",
    "read articles -o forecasts.jsonl",
)
"""What a reader of the pages has done already."""


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def python(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)


def commands(page: Path) -> Iterator[list[str]]:
    """Words of each `blocs ...` line of the page's blocks, without the program's name."""
    for block in re.findall(r"```(?:console|sh)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["blocs"]:
                yield words[1:]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("page", [p for p in PAGES if python(p)], ids=name)
def test_the_python_of_the_page_runs(
    page: Path, desk: Path, request: pytest.FixtureRequest
) -> None:
    blocks = python(page)
    if any("shared/" in block for block in blocks):
        (desk / "shared").symlink_to(request.getfixturevalue("shared"))
    space: dict[str, object] = {"__name__": page.stem.replace("-", "_")}
    for block in blocks:
        exec(compile(block, name(page), "exec"), space)


@pytest.mark.shared
@pytest.mark.parametrize("page", [p for p in PAGES if any(commands(p))], ids=name)
def test_the_commands_of_the_page_run(
    page: Path, desk: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for there, text in ARTICLES.items():
        (desk / there).parent.mkdir(exist_ok=True)
        (desk / there).write_text(text)
    for there, what in FILES.items():
        (desk / there).symlink_to(shared / "data" / what)
    for words in [*(shlex.split(line) for line in BEFORE), *commands(page)]:
        line = shlex.join(["blocs", *words])
        if any(part in line for part in NOT_RUN):
            _app(words).parse_args(words, exit_on_error=False, print_error=False)
            continue
        more = next((less for part, less in LESS.items() if line.startswith(part)), "")
        with pytest.raises(SystemExit) as left:
            main([*words, *shlex.split(more)])
        assert left.value.code == 0, f"{line}\n{capsys.readouterr().err}"


def test_what_is_not_run_stands_on_a_page() -> None:
    lines = [shlex.join(["blocs", *words]) for page in PAGES for words in commands(page)]
    for part in [*NOT_RUN, *LESS]:
        assert any(part in line for line in lines) or part == "blocs data get", part
