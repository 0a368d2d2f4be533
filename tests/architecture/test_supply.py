"""What blocs is made of: every requirement pinned by hash, every licence known, none of it GPL."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("licences", ROOT / "docs/reference/licences.py")
assert SPEC
assert SPEC.loader
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)
PROJECT, EXTRAS, TEXT, PINS = made.PROJECT, made.EXTRAS, made.TEXT, made.PINS
GPL, CHOICE = made.GPL, made.CHOICE
needed, closure, licence = made.needed, made.closure, made.licence


@pytest.mark.parametrize("extra", ["core", *sorted(EXTRAS)])
def test_every_requirement_resolves_in_the_constraints(extra: str) -> None:
    asked = PROJECT["dependencies"] if extra == "core" else EXTRAS[extra]
    for one in needed(asked):
        pinned = PINS.get(canonicalize_name(one.name))
        assert pinned is not None, f"{one.name} is not pinned; run make constraints"
        assert one.specifier.contains(pinned), f"{one} is not met by {pinned}"


@pytest.mark.parametrize("extra", ["core", *sorted(EXTRAS)])
def test_what_they_draw_in_is_pinned_too(extra: str) -> None:
    drawn = closure(PROJECT["dependencies"] if extra == "core" else EXTRAS[extra])
    lacking = {name: by for name, by in drawn.items() if name not in PINS}
    assert lacking == {}, "not pinned, and what needs them; run make constraints"


def test_every_pin_has_hashes_and_no_index_is_named() -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", TEXT, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PINS)
    without = [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
    assert without == []
    assert not re.search(r"index-url|://|find-links|@ file", TEXT)


def test_the_core_draws_in_no_gpl() -> None:
    """Installed without extras, blocs and all that it needs is free of the GPL."""
    bad = []
    for name in closure(PROJECT["dependencies"]):
        told = licence(name)
        assert told, f"{name} says no licence"
        if all(GPL.search(one) and "LGPL" not in one for one in CHOICE.split(told)):
            bad.append((name, told))
    assert bad == []


def test_the_extras_can_be_had_without_the_gpl() -> None:
    """Where a package leaves the choice, it is not the GPL that is taken."""
    for name in closure(EXTRAS["all"]):
        options = CHOICE.split(licence(name))
        assert any(not GPL.search(one) or "LGPL" in one or "Lesser" in one for one in options), name


def test_what_is_shipped_says_its_own_licence() -> None:
    assert PROJECT["license"] == "MIT"
    for name in PROJECT["license-files"]:
        assert (ROOT / name).read_text("utf-8").strip()
    notice = ROOT / "src" / "blocs" / "evidence" / "syntax" / "model" / "NOTICE"
    assert "CC BY-SA" in notice.read_text("utf-8"), "treebanks the pipeline was trained on"


def test_the_page_lists_what_the_core_needs() -> None:
    page = made.page()
    assert "| polars |" in page
    assert "not installed" not in page.partition("## formats")[0]
