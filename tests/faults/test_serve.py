"""`manage.py serve`: both processes come up, Ctrl-C takes both down."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from urllib.error import URLError

import pytest

from tests.faults.conftest import ROOT, Installation

pytestmark = pytest.mark.broker


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    """Whether the sign-in page comes up."""
    try:
        with urllib.request.urlopen(f"http://{address}/login/", timeout=5) as answer:
            return answer.status == 200 and b"Sign in" in answer.read()
    except (URLError, ConnectionError, TimeoutError):
        return False


def test_ctrl_c_stops_the_site_and_the_worker(installation: Installation) -> None:
    installation.manage("migrate", "--verbosity", "0")
    address = f"127.0.0.1:{free_port()}"
    with installation.log.open("wb") as log:
        serve = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", address],
            cwd=ROOT,
            env=installation.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    installation.workers.append(serve)
    installation.wait(lambda: answers(address), 120, "the sign-in page")
    children = subprocess.run(
        ["pgrep", "-P", str(serve.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(children) == 3
    assert serve.poll() is None, installation.log.read_text()
    os.kill(serve.pid, signal.SIGINT)
    assert serve.wait(timeout=60) == 0, installation.log.read_text()
    assert "Traceback" not in installation.log.read_text()
    assert not answers(address)
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)
