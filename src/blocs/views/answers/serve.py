"""The explorer: states, groups, pairs and years as pages, on this machine alone."""

from __future__ import annotations

import msgspec

from blocs.contracts import Answer, Evidence, View
from blocs.views.progress import announce


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``serve``, once it was stopped."""

    schema: str = "blocs.serve/1"
    address: str


def ask(*, port: int = 8816, host: str = "127.0.0.1", evidence: Evidence = Evidence()) -> Answer:
    """Serve the explorer to your browser until Ctrl-C stops it.

    It is read-only, answers this machine alone unless --host says otherwise, and asks
    no network. Every page is also data: add .json or .csv to its address.

    Parameters
    ----------
    port
        Port to listen on; 0 takes any that is free.
    host
        Address to listen on; 0.0.0.0 lets other machines read everything that is shown.
    """
    from blocs.evidence.holdings import hold
    from blocs.views.serving import serve

    hold(data=evidence.data, project=evidence.project, use=evidence.use, only=())  # is it there?
    at: list[str] = []

    def ready(address: str) -> None:
        at.append(address)
        announce(f"The explorer is at {address} - Ctrl-C stops it")

    serve(evidence, host=host, port=port, ready=ready)
    return Answer(facts=Served(address=at[0]), text="Stopped.")


VIEW = View(
    ask=ask,
    examples=(
        "blocs serve",
        "blocs serve --port 0",
        "blocs serve --project ukraine --data UNVotes.csv",
    ),
)
