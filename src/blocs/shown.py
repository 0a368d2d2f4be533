"""Answers that a notebook shows."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import msgspec


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a public function found; a notebook shows it as the command would print it."""

    shown_by: ClassVar[str]
    """The command."""

    def _repr_html_(self) -> str:
        # by name, since records know of no views: whoever holds one in a notebook wants it shown
        return str(import_module("blocs.views.notebook").html(self))
