"""The explorer's server, started as a user starts it: a socket, the application, warm pages."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Thread

from blocs.contracts import Evidence
from blocs.errors import BadInput, MissingExtra
from blocs.views.web import application, warm


def serve(evidence: Evidence, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the explorer until it is stopped.

    Parameters
    ----------
    evidence : Evidence
        Where the evidence comes from.
    host : str
        Address to listen on.
    port : int
        Port; 0 for any that is free.
    ready : callable
        ``ready(url)`` is called once it listens.

    Raises
    ------
    BadInput
        If it cannot listen there.
    MissingExtra
        If starlette or uvicorn is not installed.
    """
    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("the explorer needs uvicorn; install blocs[web]") from None
    everywhere = host in {"0.0.0.0", "::"}
    app = application(evidence, hosts=("*",) if everywhere else (host,))
    with _listen(host, port) as listening:
        name = f"[{host}]" if ":" in host else host
        ready(f"http://{name}:{listening.getsockname()[1]}/")
        Thread(target=warm, args=(evidence,), name="warm", daemon=True).start()
        settings = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, lifespan="off"
        )
        try:
            uvicorn.Server(settings).run(sockets=[listening])
        except KeyboardInterrupt:
            return


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise BadInput(f"--port {port}: ports are 0 (any that is free) to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
        # Without it a body waits 40 ms for the reader to acknowledge its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise BadInput(
            f"cannot listen on {host} port {port} ({error.strerror or error}); name another "
            "--port, or 0 for any that is free"
        ) from None
    return listening
