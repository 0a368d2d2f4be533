"""Fixtures every test may use: the public data sets, and a quiet, private home."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A property fails for what it found, never for a slow machine, and finds the same each time.
settings.register_profile(
    "blocs", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("blocs")

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with the public data sets; the test is skipped where it is missing."""
    folder = Path(os.environ.get("BLOCS_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        message = "the public data sets are not here; set BLOCS_SHARED to their folder"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(autouse=True)
def _private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the user's own project."""
    monkeypatch.setenv("BLOCS_PROJECT", str(tmp_path / "home-project"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that is not to this machine itself."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
