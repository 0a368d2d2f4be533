"""Who stands with whom, on what, how firmly, since when, on whose word."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

__version__ = version("blocs")

_WHERE = {
    "resolve": "blocs.actors",
    "actor": "blocs.actors",
    "likeness": "blocs.views.answers.likeness",
}

__all__ = sorted([*_WHERE, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'blocs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from blocs.actors import actor, resolve
