"""Who stands with whom, on what, how firmly, since when, on whose word."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

__version__ = version("blocs")

_WHERE = {
    "Evidence": "blocs.contracts",
    "actor": "blocs.actors",
    "assess_axis": "blocs.views.answers.axis",
    "brief": "blocs.views.answers.brief",
    "brokers": "blocs.views.answers.brokers",
    "compete": "blocs.views.answers.compete",
    "drawn_in": "blocs.views.answers.ledger",
    "experts": "blocs.views.answers.experts",
    "forecast": "blocs.views.answers",
    "hindcast": "blocs.outlook.hindcast",
    "ideal_points": "blocs.views.answers.ideal_points",
    "ledger": "blocs.views.answers.ledger",
    "likeness": "blocs.views.answers.likeness",
    "likeness_years": "blocs.views.records.likeness",
    "motives": "blocs.views.answers.motives",
    "order": "blocs.views.answers.order",
    "panel": "blocs.views.answers.panel",
    "partition": "blocs.views.answers.partition",
    "plot": "blocs.views",
    "polarization": "blocs.views.answers.polarization",
    "precedent": "blocs.views.answers.precedent",
    "react": "blocs.views.answers.react",
    "read": "blocs.evidence.readings",
    "resolve": "blocs.actors",
    "simulate": "blocs.outlook.simulate",
    "tie_history": "blocs.views.answers.ties",
}

__all__ = [
    "Evidence",
    "__version__",
    "actor",
    "assess_axis",
    "brief",
    "brokers",
    "compete",
    "drawn_in",
    "experts",
    "forecast",
    "hindcast",
    "ideal_points",
    "ledger",
    "likeness",
    "likeness_years",
    "motives",
    "order",
    "panel",
    "partition",
    "plot",
    "polarization",
    "precedent",
    "react",
    "read",
    "resolve",
    "simulate",
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
    from blocs.outlook.hindcast import hindcast as hindcast
    from blocs.outlook.simulate import simulate as simulate
    from blocs.views import plot as plot
    from blocs.views.answers import forecast as forecast
    from blocs.views.answers.axis import assess_axis as assess_axis
    from blocs.views.answers.brief import brief as brief
    from blocs.views.answers.brokers import brokers as brokers
    from blocs.views.answers.compete import compete as compete
    from blocs.views.answers.experts import experts as experts
    from blocs.views.answers.ideal_points import ideal_points as ideal_points
    from blocs.views.answers.ledger import drawn_in as drawn_in
    from blocs.views.answers.ledger import ledger as ledger
    from blocs.views.answers.likeness import likeness as likeness
    from blocs.views.answers.motives import motives as motives
    from blocs.views.answers.order import order as order
    from blocs.views.answers.panel import panel as panel
    from blocs.views.answers.partition import partition as partition
    from blocs.views.answers.polarization import polarization as polarization
    from blocs.views.answers.precedent import precedent as precedent
    from blocs.views.answers.react import react as react
    from blocs.views.answers.ties import tie_history as tie_history
    from blocs.views.records.likeness import likeness_years as likeness_years
