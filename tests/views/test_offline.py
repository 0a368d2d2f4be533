"""No command reaches for the network unless it says so: sockets are forbidden, the answers come."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FORBIDDEN = """
import json, sys
REACHING = {f"socket.{x}" for x in ("connect", "getaddrinfo", "gethostbyname", "sendto", "sendmsg")}
def no_sockets(event, told):
    if event in REACHING:
        raise SystemExit(f"{event} {told}")
sys.addaudithook(no_sockets)
from blocs.views.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main(words)
    except SystemExit as end:
        if end.code:
            raise SystemExit(f"{words}: {end.code}")
print("all answered")
"""


def test_the_main_commands_open_no_socket(tmp_path: Path) -> None:
    import json

    (tmp_path / "2024-10-20-a.txt").write_text("Seoul said Pyongyang sent 12,000 soldiers.")
    (tmp_path / "e.csv").write_text("date,sender,receiver,code\n2018-01-05,USA,CHN,036\n")
    article, project = str(tmp_path / "2024-10-20-a.txt"), str(tmp_path / "p")
    commands = [
        ["who", "North Korea"],
        ["data", "list"],
        ["cite"],
        ["read", article],
        ["ledger", article, "--project", project],
        ["ties", "--between", "CHN", "RUS"],
        ["events", str(tmp_path / "e.csv"), "-o", str(tmp_path / "ties.csv")],
        ["almanac", "show", "wars"],
        ["axis", "CHN", "RUS", "--from", "2023", "--to", "2023", "--json"],
    ]
    ran = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, json.dumps(commands)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BLOCS_PROJECT": project},
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout.endswith("all answered\n")
