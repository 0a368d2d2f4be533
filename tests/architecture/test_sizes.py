"""Modules stay small, are named for their one idea, and say what their functions do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "blocs"

LINES = 400
"""Lines, documentation included; about 350 is meant, and a section more is no crime."""

LARGER: dict[str, int] = {
    "actors.py": 430,
    "contracts.py": 510,
    "evidence/download.py": 480,
    "evidence/reading/actors.py": 420,
    "files.py": 426,
    "records.py": 480,
    "schemas.py": 460,
}
"""Modules that may be larger, and the size they must not outgrow; to be split."""

NAMES = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|misc|stuff)(_|\.py$)")
FUNCTION_LINES = 60
"""Lines of one function without its docstring."""
WHOLE = {"find_cycles", "move_actors"}
"""Iteration loops that stay whole, since Numba compiles them as one."""

FILES = {
    p.relative_to(ROOT).as_posix(): p
    for p in sorted(ROOT.rglob("*.py"))
    if "__pycache__" not in p.parts
}
TEXTS = {name: path.read_text("utf-8") for name, path in FILES.items()}
TREES = {name: ast.parse(text) for name, text in TEXTS.items()}

CARRIED = {"evidence", "source_id", "file", "step", "rng"}
"""Parameters that mean the same everywhere; `blocs.contracts` and `blocs.files` say what."""
KERNELS = (
    "alignment/signed/compiled/",
    "alignment/irt/",
    "outlook/compiled/",
    "outlook/simulation/compiled/",
)
"""Folders of compiled kernels: their modules say once what all their functions take."""
MANY = 4
"""More parameters than this want a section that says what each is."""

OWED = {
    "alignment/irt/centre.py:posterior_centre",
    "alignment/irt/laplace.py:fit_items",
    "alignment/irt/laplace.py:fit_mode",
    "alignment/irt/posterior.py:looseness",
    "evidence/additions.py:get_dataset",
    "evidence/checking/comparison.py:Against.differ",
    "evidence/checking/comparison.py:last_year",
    "evidence/reading/hedges.py:certainty_of",
    "evidence/reading/items.py:item_id",
    "evidence/syntax/__init__.py:load_pipeline",
}
"""Functions that still owe words or a star; nothing may be added here."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _public(tree: ast.Module) -> Iterator[tuple[str, Function, bool]]:
    """Public functions of a module, and methods of its public classes."""
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node, False
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for inner in node.body:
                if isinstance(inner, Function) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner, True


def _settled(name: str) -> list[tuple[str, Function, bool]]:
    """Public functions of a module that owe nothing."""
    every = _public(TREES[name])
    return [found for found in every if f"{name}:{found[0]}" not in OWED]


def test_a_module_is_no_larger_than_a_reader_can_hold() -> None:
    sizes = {name: len(text.splitlines()) for name, text in TEXTS.items()}
    large = {name: n for name, n in sizes.items() if n > LARGER.get(name, LINES)}
    assert large == {}, "split them"


def test_no_module_is_named_for_nothing() -> None:
    assert [name for name in FILES if NAMES.search(name) and name != "ties/common_votes.py"] == []


def test_a_module_says_what_it_is() -> None:
    docs = {name: ast.get_docstring(tree) or "" for name, tree in TREES.items()}
    assert [
        name for name, doc in docs.items() if not re.match(r".{5,99}\.\n|.{5,99}\.$", doc)
    ] == []


def test_a_public_function_says_what_it_does() -> None:
    silent = [
        f"{name}:{where}"
        for name in FILES
        for where, node, _ in _settled(name)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_a_function_of_many_parameters_says_what_each_is() -> None:
    """Once a section Parameters is there, it is complete."""
    faults = []
    for name in (n for n in FILES if not n.startswith(KERNELS)):
        for where, node, method in _settled(name):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs][method:]
            asked = [a.arg for a in every if a.arg not in CARRIED]
            _, section, rest = (ast.get_docstring(node) or "").partition("Parameters\n-----")
            if section:
                told = set(re.findall(r"\w+", rest))
                faults += [f"{name}:{where}: {arg}?" for arg in asked if arg not in told]
            elif len(asked) > MANY:
                faults.append(f"{name}:{where}: {len(asked)} parameters and no section")
    assert faults == []


def _length(node: Function) -> int:
    """Lines of a function without its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_a_function_is_no_longer_than_a_screen() -> None:
    long = [
        f"{name}:{node.name}: {_length(node)} lines"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, Function) and node.name not in WHOLE and _length(node) > FUNCTION_LINES
    ]
    assert long == []


def test_defaults_are_given_by_name() -> None:
    """What has a default comes after the star; "none given" may be left out by place."""
    by_place = [
        f"{name}:{where}"
        for name in FILES
        if not name.startswith("views/answers/")
        for where, node, _ in _settled(name)
        if any(not _is_none(default) for default in node.args.defaults)
    ]
    assert by_place == []


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
