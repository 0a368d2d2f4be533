"""Who stands with whom, on what, how firmly, since when, on whose word."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

__version__ = version("blocs")

_WHERE = {
    "Evidence": "blocs.contracts",
    "actor": "blocs.actors",
    "brief": "blocs.views.answers.brief",
    "drawn_in": "blocs.views.answers.ledger",
    "forecast": "blocs.views.answers",
    "ideal_points": "blocs.views.answers.ideal_points",
    "ledger": "blocs.views.answers.ledger",
    "likeness": "blocs.views.answers.likeness",
    "panel": "blocs.views.answers.panel",
    "polarization": "blocs.views.answers.polarization",
    "read": "blocs.evidence.readings",
    "resolve": "blocs.actors",
    "tie_history": "blocs.views.answers.ties",
}

__all__ = [
    "Evidence",
    "__version__",
    "actor",
    "brief",
    "drawn_in",
    "forecast",
    "ideal_points",
    "ledger",
    "likeness",
    "panel",
    "polarization",
    "read",
    "resolve",
    "tie_history",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        owner = import_module(_WHERE[name])
        return getattr(owner, name, None) or import_module(f"{_WHERE[name]}.{name}")
    raise AttributeError(f"module 'blocs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from blocs.actors import actor as actor
    from blocs.actors import resolve as resolve
    from blocs.contracts import Evidence as Evidence
    from blocs.evidence.readings import read as read
    from blocs.views.answers import forecast as forecast
    from blocs.views.answers.brief import brief as brief
    from blocs.views.answers.ideal_points import ideal_points as ideal_points
    from blocs.views.answers.ledger import drawn_in as drawn_in
    from blocs.views.answers.ledger import ledger as ledger
    from blocs.views.answers.likeness import likeness as likeness
    from blocs.views.answers.panel import panel as panel
    from blocs.views.answers.polarization import polarization as polarization
    from blocs.views.answers.ties import tie_history as tie_history
